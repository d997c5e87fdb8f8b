//! What both are about, in the two-level tree of themes: how much of what is asked the offer covers.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use domain::explanation::Reason;
use domain::theme::Theme;

use super::Pair;
use crate::profile::{self, THEMES, both, named};
use crate::weights::ThemeValues;

/// The main theme of each theme, by its index: the vocabulary looks it up by text, which is too slow for every pair.
static MAIN_THEMES: LazyLock<Vec<Theme>> =
    LazyLock::new(|| Theme::all().map(Theme::main).collect());

/// The main theme of a theme, or the theme itself.
pub(crate) fn main_theme(theme: Theme) -> Theme {
    MAIN_THEMES.get(theme.index()).copied().unwrap_or(theme)
}

/// What an offered theme is worth to one who asks for `asked`.
fn kinship(asked: Theme, offered: Theme, values: &ThemeValues) -> f64 {
    if asked == offered {
        return 1.0;
    }
    if main_theme(asked) != main_theme(offered) {
        return 0.0;
    }
    if main_theme(asked) == offered {
        values.broader
    } else if main_theme(offered) == asked {
        values.narrower
    } else {
        values.sibling
    }
}

/// What an offer for these themes is worth for each theme that can be asked: the best kinship with one of them.
///
/// Each theme it names besides takes a little, up to `focus` of the worth: a longer list does not win by being longer.
pub(crate) fn worths(offered: &[Theme], values: &ThemeValues) -> [f32; THEMES] {
    if offered.is_empty() {
        return profile::worths(values.any, Theme::all(), |_| values.any);
    }
    let named: BTreeSet<Theme> = offered.iter().copied().collect();
    let others = 1.0 - 1.0 / named.iter().fold(0.0, |sum, _| sum + 1.0);
    let focused = 1.0 - values.focus * others;
    profile::worths(values.unknown, Theme::all(), |asked| {
        let best = named
            .iter()
            .map(|give| kinship(asked, *give, values))
            .fold(0.0, f64::max);
        best * focused
    })
}

/// How much of what is asked the offer answers.
pub(super) fn value(pair: Pair<'_>) -> f64 {
    pair.wants.themes.answered(&pair.gives.themes)
}

/// The themes both name, or else the main themes they share.
pub(crate) fn reason(pair: Pair<'_>) -> Reason {
    let (asked, asked_by) = named(&pair.demand.themes, &pair.wants.spoken.themes);
    let (offered, offered_by) = named(&pair.supply.themes, &pair.gives.spoken.themes);
    let source = both(asked_by, offered_by);
    if offered.is_empty() {
        return Reason::AnyTheme;
    }
    if asked.is_empty() {
        return Reason::ThemeUnknown;
    }
    let shared = |as_is: fn(Theme) -> Theme| -> Vec<Theme> {
        let offered: BTreeSet<Theme> = offered.iter().copied().map(as_is).collect();
        let asked: BTreeSet<Theme> = asked.iter().copied().map(as_is).collect();
        asked.intersection(&offered).copied().collect()
    };
    let same = shared(|theme| theme);
    if !same.is_empty() {
        return Reason::SameThemes {
            themes: same,
            source,
        };
    }
    let related = shared(main_theme);
    if !related.is_empty() {
        return Reason::RelatedThemes {
            themes: related,
            source,
        };
    }
    // What an offer's text speaks of does not bind it: it may still be for any theme.
    if pair.supply.themes.is_empty() {
        Reason::AnyTheme
    } else {
        Reason::OtherThemes
    }
}
