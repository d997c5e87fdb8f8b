//! What a message says when something a person filled in cannot be accepted: the reason, then what to do.

use crate::invalid::Invalid;

/// A code that is not in a shipped vocabulary; `noun` is "Het thema", `list` where the codes can be read.
pub fn unknown_code(field: &str, noun: &str, typed: &str, list: &str) -> Invalid {
    Invalid::new(
        field,
        format!("{noun} '{typed}' bestaat niet."),
        format!("Kies een code uit {list}."),
    )
}

/// A text that is not an id of the kind that starts with `prefix`.
pub fn malformed_id(typed: &str, prefix: &str) -> Invalid {
    Invalid::new(
        "id",
        format!("'{typed}' is geen geldig kenmerk."),
        format!("Een kenmerk van deze soort begint met {prefix} en telt daarna 32 tekens."),
    )
}

/// A text that is not a code of an area.
pub fn malformed_region(typed: &str) -> Invalid {
    Invalid::new(
        "reach",
        format!("'{typed}' is geen gebiedscode."),
        "Gebruik NL, een provincie (PV26), een COROP-gebied (CR17) of een gemeente (GM0344).",
    )
}
