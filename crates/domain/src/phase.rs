//! How far an initiative has come: five phases in order. The codes and labels are data.

use crate::vocabulary::shipped_codes;

shipped_codes!(
    /// A development phase, from `idee` to `vernieuwing`; phases compare in the order an initiative goes through them.
    Phase,
    "../data/phases.csv",
    "phase",
    "De fase",
    "/v1/vocabularies/phases"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_are_ordered() {
        let codes: Vec<_> = Phase::all().map(Phase::code).collect();
        assert_eq!(
            codes,
            ["idee", "start", "groei", "bestendig", "vernieuwing"]
        );
    }
}
