//! What is said about match runs.

use std::fmt::Display;

use super::answers::Answer;

/// A run is going on.
pub fn going() -> Answer {
    (
        "Er loopt al een ronde",
        "Wacht tot de ronde die nu loopt klaar is, en probeer het dan opnieuw.".to_owned(),
    )
}

/// The run is not finished.
pub fn unfinished() -> Answer {
    (
        "De ronde is niet klaar",
        "Wacht tot de ronde klaar is. Is hij afgebroken? Start dan een nieuwe.".to_owned(),
    )
}

/// The run was signed off.
pub fn signed() -> Answer {
    (
        "De ronde is al goedgekeurd",
        "Een ronde wordt één keer goedgekeurd. U hoeft niets te doen.".to_owned(),
    )
}

/// `rematch --replay`.
pub const REPLAY: &str =
    "Doe een eerdere ronde (run_…) opnieuw en vergelijk de uitkomst; er verandert niets";

/// A run gave the same again.
pub fn same(proposals: usize, matches: usize) -> String {
    format!(
        "De ronde geeft precies hetzelfde: {proposals} voorstellen en {matches} koppelingen zijn tot op de letter gelijk."
    )
}

/// The proposals that are stored are not what comes of the inputs.
pub const PROPOSALS_DIFFER: &str = "De bewaarde voorstellen zijn niet wat uit de gegevens van deze ronde komt. Vertrouw deze ronde niet.";

/// What is stored about the gates is not what comes of the inputs.
pub const GATES_DIFFER: &str = "De bewaarde weigeringen zijn niet wat uit de gegevens van deze ronde komt. Vertrouw deze ronde niet.";

/// The inputs are not those of the run.
pub const INPUTS_DIFFER: &str =
    "De bewaarde gegevens horen niet bij deze ronde. Vertrouw deze ronde niet.";

/// A match that came of the run is gone or says something else.
pub const MATCHES_DIFFER: &str =
    "Een koppeling uit deze ronde is weg of veranderd. Kijk welke, voordat u de ronde vertrouwt.";

/// Another version of the engine made the run.
pub fn other_algorithm(made_by: impl Display, ours: impl Display) -> String {
    format!(
        "Deze ronde is gemaakt met rekenregel {made_by}, en dit programma rekent met {ours}. Gebruik de versie van toen om te vergelijken."
    )
}
