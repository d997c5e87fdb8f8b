//! The name of a person or an organisation as it may stand in a page, a mail header and a sentence.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::dutch::mail;
use crate::ids::as_text;
use crate::invalid::Invalid;
use crate::text::turns_direction;

/// A name of 1 to 120 characters on one line, without characters nobody can see.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DisplayName(String);

impl DisplayName {
    /// The most characters a name may have.
    pub const MAX_LENGTH: usize = 120;

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DisplayName {
    type Err = Invalid;

    fn from_str(typed: &str) -> Result<Self, Invalid> {
        let name = one_line(typed);
        if name.is_empty() {
            return Err(mail::name_missing());
        }
        if name.chars().count() > Self::MAX_LENGTH {
            return Err(mail::name_too_long(Self::MAX_LENGTH));
        }
        Ok(Self(name))
    }
}

as_text!(DisplayName, |this| this.0);

/// The text on one line: trimmed, each run of white space and line breaks one space, what cannot be seen gone.
pub fn one_line(text: &str) -> String {
    let visible: String = text
        .chars()
        .filter(|c| c.is_whitespace() || !(c.is_control() || turns_direction(*c) || is_empty(*c)))
        .collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a character takes no room at all; the joiners do not count, because they shape letters and emoji.
fn is_empty(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_readable_line() {
        for (typed, kept) in [
            ("Ria", "Ria"),
            ("  Ria   de \t Vries ", "Ria de Vries"),
            ("Eve\r\nBcc: x@voorbeeld.nl", "Eve Bcc: x@voorbeeld.nl"),
            ("Eve\u{2028}X\u{85}Y", "Eve X Y"),
            ("a\u{0}b\u{7f}c\u{1b}d", "abcd"),
            ("\u{202e}live\u{202c}\u{2066}\u{200f}\u{61c}", "live"),
            ("\u{feff}Ria\u{200b}", "Ria"),
            (
                "Buurtcoöperatie 't Hof \"De Kas\"",
                "Buurtcoöperatie 't Hof \"De Kas\"",
            ),
            ("Zoë 👩‍🌾", "Zoë 👩‍🌾"),
        ] {
            assert_eq!(
                typed.parse::<DisplayName>().unwrap().as_str(),
                kept,
                "{typed:?}"
            );
        }
    }

    #[test]
    fn a_name_is_never_empty_nor_longer_than_120() {
        for typed in ["", "   ", "\r\n", "\u{200b}", "\u{202e}\u{0}"] {
            let problem = typed.parse::<DisplayName>().unwrap_err();
            assert_eq!(problem.field, "name");
            assert_eq!(problem.reason, "De naam ontbreekt.", "{typed:?}");
        }
        assert!("é".repeat(120).parse::<DisplayName>().is_ok());
        let problem = "é".repeat(121).parse::<DisplayName>().unwrap_err();
        assert_eq!(problem.remedy, "Gebruik hooguit 120 tekens.");
    }
}
