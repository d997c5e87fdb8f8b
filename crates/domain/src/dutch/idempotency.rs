//! What is said of a key under which a request may be sent twice.

use super::answers::Answer;
use crate::invalid::Invalid;

/// A key that cannot be one.
pub fn not_a_key() -> Invalid {
    Invalid::new(
        "Idempotency-Key",
        "Deze kop is leeg, te lang of heeft vreemde tekens.",
        "Kies een sleutel van 1 tot en met 255 gewone tekens, zoals een UUID.",
    )
}

/// The key was used for another request.
pub fn other_request() -> Answer {
    (
        "Sleutel al gebruikt",
        "Deze Idempotency-Key hoort bij een andere opdracht. Kies een nieuwe sleutel.".to_owned(),
    )
}

/// The request is being done.
pub fn in_flight() -> Answer {
    (
        "Opdracht loopt nog",
        "Wij zijn nog bezig met deze opdracht. Probeer het zo nog eens met dezelfde sleutel."
            .to_owned(),
    )
}

/// The request was done and its answer is lost.
pub fn answer_lost() -> Answer {
    (
        "Antwoord verloren",
        "Deze opdracht is uitgevoerd, maar ons antwoord ging verloren. Zoek het resultaat op in de lijst.".to_owned(),
    )
}
