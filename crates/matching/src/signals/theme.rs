//! What both are about, in the two-level tree of themes: how much of what is asked the offer covers.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use domain::explanation::Reason;
use domain::theme::Theme;

use super::{Pair, mean};
use crate::weights::ThemeValues;

/// The main theme of each theme, by its index: the vocabulary looks it up by text, which is too slow for every pair.
static MAIN_THEMES: LazyLock<Vec<Theme>> =
    LazyLock::new(|| Theme::all().map(Theme::main).collect());

fn main_theme(theme: Theme) -> Theme {
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

/// The best kinship of each asked theme with an offered one, averaged: the share of what is asked that is covered.
/// Of that, at most `focus` is lost as the offer names themes that nobody asked for.
pub(super) fn value(pair: Pair<'_>, values: &ThemeValues) -> f64 {
    let (asked, offered) = (&pair.demand.themes, &pair.supply.themes);
    if offered.is_empty() {
        return values.any;
    }
    let best = |kin: &mut dyn Iterator<Item = f64>| kin.fold(0.0, f64::max);
    let coverage = mean(
        asked
            .iter()
            .map(|ask| best(&mut offered.iter().map(|give| kinship(*ask, *give, values)))),
    );
    let focus = mean(
        offered
            .iter()
            .map(|give| best(&mut asked.iter().map(|ask| kinship(*ask, *give, values)))),
    );
    match (coverage, focus) {
        (Some(coverage), Some(focus)) => coverage * (1.0 - values.focus * (1.0 - focus)),
        _ => values.unknown,
    }
}

/// The themes both name, or else the main themes they share.
pub(crate) fn reason(pair: Pair<'_>) -> Reason {
    let (asked, offered) = (&pair.demand.themes, &pair.supply.themes);
    if offered.is_empty() {
        return Reason::AnyTheme;
    }
    if asked.is_empty() {
        return Reason::ThemeUnknown;
    }
    let same: BTreeSet<Theme> = asked
        .iter()
        .copied()
        .filter(|ask| offered.contains(ask))
        .collect();
    if !same.is_empty() {
        return Reason::SameThemes {
            themes: same.into_iter().collect(),
        };
    }
    let offered_mains: BTreeSet<Theme> = offered.iter().copied().map(main_theme).collect();
    let related: BTreeSet<Theme> = asked
        .iter()
        .copied()
        .map(main_theme)
        .filter(|main| offered_mains.contains(main))
        .collect();
    if related.is_empty() {
        return Reason::OtherThemes;
    }
    Reason::RelatedThemes {
        themes: related.into_iter().collect(),
    }
}
