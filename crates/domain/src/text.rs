//! Texts people write, with their bounds.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::dutch::problems;
use crate::invalid::Invalid;

/// A text of `MIN` to `MAX` characters, without control characters or invisible changes of direction.
///
/// White space at both ends is dropped; line breaks inside stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Text<const MIN: usize, const MAX: usize>(String);

/// The title of a post.
pub type Title = Text<5, 120>;

/// The body of a post.
pub type Body = Text<20, 5_000>;

/// What a coordinator or member adds in their own words.
pub type Note = Text<0, 1_000>;

impl<const MIN: usize, const MAX: usize> Text<MIN, MAX> {
    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MIN: usize, const MAX: usize> FromStr for Text<MIN, MAX> {
    type Err = Invalid;

    /// Reads a text; refuses one outside the bounds, under the field `text`.
    fn from_str(typed: &str) -> Result<Self, Invalid> {
        let kept = visible(typed);
        let length = kept.chars().count();
        if length < MIN {
            return Err(problems::too_short(length, MIN));
        }
        if length > MAX {
            return Err(problems::too_long(length, MAX));
        }
        Ok(Self(kept))
    }
}

impl<const MIN: usize, const MAX: usize> TryFrom<String> for Text<MIN, MAX> {
    type Error = Invalid;

    fn try_from(typed: String) -> Result<Self, Invalid> {
        typed.parse()
    }
}

impl<const MIN: usize, const MAX: usize> From<Text<MIN, MAX>> for String {
    fn from(text: Text<MIN, MAX>) -> Self {
        text.0
    }
}

impl<const MIN: usize, const MAX: usize> fmt::Display for Text<MIN, MAX> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The text without what cannot be seen and could mislead: control characters but line breaks and tabs, and the marks
/// that turn the direction of writing.
pub fn visible(typed: &str) -> String {
    typed
        .replace("\r\n", "\n")
        .chars()
        .filter(|letter| matches!(letter, '\n' | '\t') || !letter.is_control())
        .filter(|letter| !turns_direction(*letter))
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Whether a character changes the direction of the text around it (Unicode UAX #9, explicit formatting characters).
pub fn turns_direction(letter: char) -> bool {
    matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_count_characters_not_bytes() {
        assert!("éééé".parse::<Title>().is_err());
        assert!("ééééé".parse::<Title>().is_ok());
        assert!("é".repeat(121).parse::<Title>().is_err());
    }

    #[test]
    fn what_cannot_be_seen_is_dropped() {
        let title: Title = "  Ruimte\u{0} ge\u{202E}zocht\r\n ".parse().unwrap();
        assert_eq!(title.as_str(), "Ruimte gezocht");
    }
}
