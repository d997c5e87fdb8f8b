//! What is asked of somebody who places a post that is nearly the same as an open one.

use crate::posts::PostKind;

/// Whose the open post is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose<'a> {
    /// Of the organisation of who places the new one.
    Own,
    /// Of the organisation of this name.
    Of(&'a str),
}

/// Whether the open post with this title is the same one; the answer blocks nothing.
pub fn is_it_the_same(kind: PostKind, title: &str, whose: Whose<'_>) -> String {
    let same = match kind {
        PostKind::Request => "dezelfde vraag",
        PostKind::Offer => "hetzelfde aanbod",
    };
    match whose {
        Whose::Own => format!("Is dit {same}? U plaatste eerder: '{title}'."),
        Whose::Of(organisation) => {
            format!("Is dit {same}? Van {organisation} staat al open: '{title}'.")
        }
    }
}
