//! The lexicon's data files and how their lines are cut; what the lines say is read in `lexicon.rs`.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::entries::Side;
use super::stems::plain;

/// What the sections of a file are codes of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Themes,
    Support,
    Phases,
    Cues,
}

/// A file of sections, each with forms by strength.
#[derive(Debug)]
pub(super) struct Sectioned {
    pub(super) list: List,
    /// The side whose words these are; `None` is both.
    pub(super) side: Option<Side>,
    pub(super) text: &'static str,
}

/// Reads a data file into the program.
macro_rules! shipped {
    ($list:ident, $side:expr, $file:literal) => {
        Sectioned {
            list: List::$list,
            side: $side,
            text: include_str!(concat!("../../data/lexicon/", $file)),
        }
    };
}

/// Every file of sections.
pub(super) const SECTIONED: [Sectioned; 20] = [
    shipped!(Themes, None, "themes/circulair.txt"),
    shipped!(Themes, None, "themes/digitaal.txt"),
    shipped!(Themes, None, "themes/energie-en-klimaat.txt"),
    shipped!(Themes, None, "themes/gezondheid-en-sport.txt"),
    shipped!(Themes, None, "themes/groen-en-voedsel.txt"),
    shipped!(Themes, None, "themes/jeugd-en-onderwijs.txt"),
    shipped!(Themes, None, "themes/kunst-en-cultuur.txt"),
    shipped!(Themes, None, "themes/mobiliteit-en-openbare-ruimte.txt"),
    shipped!(Themes, None, "themes/ontmoeten.txt"),
    shipped!(Themes, None, "themes/samenleven.txt"),
    shipped!(Themes, None, "themes/werk-en-meedoen.txt"),
    shipped!(Themes, None, "themes/wonen.txt"),
    shipped!(Themes, None, "themes/zeggenschap.txt"),
    shipped!(Themes, None, "themes/zorg-en-welzijn.txt"),
    shipped!(Support, None, "support/both.txt"),
    shipped!(Support, Some(Side::Request), "support/request.txt"),
    shipped!(Support, Some(Side::Offer), "support/offer.txt"),
    shipped!(Phases, Some(Side::Request), "phases/request.txt"),
    shipped!(Phases, Some(Side::Offer), "phases/offer.txt"),
    shipped!(Cues, None, "cues.txt"),
];

/// Words that long words are made of, one a line.
pub(super) const PARTS: &str = include_str!("../../data/lexicon/parts.txt");
/// Short forms and what they stand for, one a line.
pub(super) const ABBREVIATIONS: &str = include_str!("../../data/lexicon/abbreviations.txt");

/// Words too general to say what a post is about.
static BLAND: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    lines(include_str!("../../data/lexicon/bland.txt"))
        .map(plain)
        .collect()
});

/// Whether a word is too general to say what a post is about.
pub(crate) fn is_bland(written: &str) -> bool {
    BLAND.contains(&plain(written))
}

/// The lines of a file that say something.
pub(super) fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && (!line.starts_with('#')))
}
