//! What coordinators read about letters on their way.

use super::answers::Answer;

/// The delivery cannot go again.
pub fn gone() -> Answer {
    (
        "Gaat niet nog eens",
        "Deze mail is al verstuurd, wordt nu verstuurd of hoeft niet meer. Of de tekst is al weggegooid.".to_owned(),
    )
}
