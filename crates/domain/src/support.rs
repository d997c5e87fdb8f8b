//! The nine kinds of help that are asked for and offered. The codes and labels are data.

use crate::vocabulary::shipped_codes;

shipped_codes!(
    /// A kind of help, such as `geld` or `ruimte`.
    Support,
    "../data/support.csv",
    "support",
    "De soort hulp",
    "/v1/vocabularies/support-kinds"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_list_has_nine_kinds() {
        let codes: Vec<_> = Support::all().map(Support::code).collect();
        assert_eq!(codes.len(), 9);
        assert!(codes.contains(&"mensen"));
    }
}
