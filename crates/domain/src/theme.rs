//! What a post is about: twelve themes, each with its sub-themes. The codes and labels are data.

use crate::vocabulary::shipped_codes;

shipped_codes!(
    /// A theme or sub-theme of the coalition's list, such as `ontmoeten` or `dorpshuis`; a parent stands before its children.
    Theme,
    "../data/themes.csv",
    "themes",
    "Het thema",
    "/v1/vocabularies/themes"
);

impl Theme {
    /// The theme this one belongs to; `None` for a main theme.
    pub fn parent(self) -> Option<Self> {
        let parent = self.entry()?.parent;
        Self::all().find(|theme| theme.code() == parent)
    }

    /// The main theme: the parent, or the theme itself.
    #[must_use]
    pub fn main(self) -> Self {
        self.parent().unwrap_or(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_list_has_two_levels() {
        assert!(Theme::all().count() > 40);
        for theme in Theme::all() {
            assert!(!theme.label().is_empty());
            assert_eq!(theme.main().parent(), None);
        }
        let hall: Theme = "dorpshuis".parse().unwrap();
        assert_eq!(hall.main().code(), "ontmoeten");
    }

    #[test]
    fn an_unknown_theme_names_the_nearest() {
        let refused = "dorphuis".parse::<Theme>().unwrap_err();
        assert_eq!(refused.choices[0], "dorpshuis");
    }
}
