//! Lists of codes in one column, and the words a search looks in.

use std::fmt::Display;
use std::str::FromStr;

use chrono::{DateTime, NaiveDateTime, SubsecRound, Utc};

use crate::error::StoreError;

/// `;a;b;`, or nothing for an empty list, so that `%;a;%` finds whole codes only.
pub(crate) fn joined<T: Display>(codes: &[T]) -> String {
    if codes.is_empty() {
        return String::new();
    }
    codes
        .iter()
        .fold(";".to_owned(), |text, code| format!("{text}{code};"))
}

/// The codes of [`joined`].
pub(crate) fn split<T: FromStr>(text: &str) -> Result<Vec<T>, StoreError> {
    text.split(';')
        .filter(|code| !code.is_empty())
        .map(value)
        .collect()
}

/// One value from its column.
pub(crate) fn value<T: FromStr>(text: &str) -> Result<T, StoreError> {
    text.parse()
        .map_err(|_unreadable| StoreError::Corrupt(format!("'{text}' in a column of codes")))
}

/// One value from a column that may be empty.
pub(crate) fn optional<T: FromStr>(text: Option<&str>) -> Result<Option<T>, StoreError> {
    text.map(value).transpose()
}

/// The pattern for `LIKE` that finds `code` in a column of [`joined`].
pub(crate) fn holding(code: impl Display) -> String {
    format!("%;{code};%")
}

/// Words of a search that count.
const MAX_WORDS: usize = 20;

/// The patterns for `LIKE` that find each of `words` anywhere in a folded text; their own wildcards count as letters.
pub(crate) fn containing(words: &str) -> Vec<String> {
    let escaped = |word: &str| {
        word.replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_")
    };
    folded(words)
        .split_whitespace()
        .take(MAX_WORDS)
        .map(|word| format!("%{}%", escaped(word)))
        .collect()
}

/// Lower case, without the accents Dutch and Frisian use, white space folded: what equality and search go by.
/// Accents that are characters of their own, as some keyboards and files write them, go too.
pub(crate) fn folded(text: &str) -> String {
    let plain = |letter: char| match letter {
        'à' | 'á' | 'â' | 'ä' | 'ã' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'ö' | 'õ' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    };
    let is_accent = |letter: &char| ('\u{300}'..='\u{36F}').contains(letter);
    let lower: String = text
        .to_lowercase()
        .chars()
        .filter(|letter| !is_accent(letter))
        .map(plain)
        .collect();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A time as a row holds it: UTC, in whole microseconds, as both databases keep them.
pub(crate) fn stored(time: DateTime<Utc>) -> NaiveDateTime {
    time.naive_utc().trunc_subsecs(6)
}

/// A time from a row.
pub(crate) fn instant(time: NaiveDateTime) -> DateTime<Utc> {
    time.and_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_back_and_hold_whole_codes() {
        assert_eq!(joined(&["a", "b"]), ";a;b;");
        assert_eq!(split::<String>(";a;b;").unwrap(), ["a", "b"]);
        assert_eq!(joined::<String>(&[]), "");
        assert_eq!(holding("a"), "%;a;%");
    }

    #[test]
    fn wildcards_in_a_search_are_letters() {
        assert_eq!(
            containing(" 100%_Één\\\ta\u{308}"),
            ["%100\\%\\_een\\\\%", "%a%"]
        );
        assert!(containing(" \n").is_empty());
    }
}
