//! Which themes are kin, by their columns.

use std::sync::LazyLock;

use domain::theme::Theme;

use crate::profile::{Column, THEMES};
use crate::signals::theme::main_theme;

/// How far to look around a theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Circle {
    /// The theme itself; of a main theme what belongs to it.
    Own,
    /// All that belongs to its main theme.
    Family,
}

/// What is within each circle around a theme.
#[derive(Debug, Clone, Default)]
struct Kin {
    own: Vec<usize>,
    family: Vec<usize>,
}

/// The kin of each theme, by its column.
static KIN: LazyLock<Vec<Kin>> = LazyLock::new(|| {
    let mut all = vec![Kin::default(); THEMES];
    for theme in Theme::all() {
        let related: Vec<Theme> = Theme::all()
            .filter(|other| main_theme(*other) == main_theme(theme))
            .collect();
        // A main theme is the sum of its sub-themes, where it has them.
        let is_leaf = |theme: &Theme| related.len() == 1 || main_theme(*theme) != *theme;
        let leaves = related.iter().copied().filter(is_leaf);
        let family: Vec<usize> = leaves.map(Column::column).collect();
        let own = if is_leaf(&theme) {
            vec![theme.column()]
        } else {
            family.clone()
        };
        if let Some(kin) = all.get_mut(theme.column()) {
            *kin = Kin { own, family };
        }
    }
    all
});

/// The themes without sub-themes within a circle around a theme, all by their columns; none for what is no theme.
pub(super) fn around(theme: usize, circle: Circle) -> &'static [usize] {
    let kin = KIN.get(theme);
    kin.map_or(&[], |kin| match circle {
        Circle::Own => &kin.own,
        Circle::Family => &kin.family,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(codes: &[&str]) -> Vec<usize> {
        let theme = |code: &&str| code.parse::<Theme>().unwrap().column();
        codes.iter().map(theme).collect()
    }

    #[test]
    fn a_main_theme_is_its_sub_themes_and_they_are_kin() {
        let all = columns(&[
            "wooncooperatie",
            "gemeenschappelijk-wonen",
            "woningverbetering",
        ]);
        let [main, own] = columns(&["wonen", "wooncooperatie"])[..] else {
            panic!("two themes");
        };
        assert_eq!(around(main, Circle::Own), all);
        assert_eq!(around(main, Circle::Family), all);
        assert_eq!(around(own, Circle::Own), [own]);
        assert_eq!(around(own, Circle::Family), all);
        assert!(around(crate::profile::UNKNOWN, Circle::Family).is_empty());
    }
}
