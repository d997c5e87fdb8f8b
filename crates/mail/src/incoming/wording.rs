//! What free text of mail servers says: phrases, codes and addresses, found without minding case and punctuation.

use domain::email_address::EmailAddress;

/// The most addresses that are taken from one text.
const MAX_ADDRESSES: usize = 10;

/// A text as words of letters and digits in lower case with one space around each, without addresses.
pub(super) struct Wording(String);

impl Wording {
    pub(super) fn new(text: &str) -> Self {
        let mut plain = String::with_capacity(text.len() + 2);
        plain.push(' ');
        for word in text.split_whitespace().filter(|word| !word.contains('@')) {
            for letter in word.chars().flat_map(char::to_lowercase) {
                if letter.is_alphanumeric() {
                    plain.push(letter);
                } else if !plain.ends_with(' ') {
                    plain.push(' ');
                }
            }
            if !plain.ends_with(' ') {
                plain.push(' ');
            }
        }
        Self(plain)
    }

    /// Whether it has one of these phrases, as whole words; phrases are in lower case without punctuation.
    pub(super) fn has(&self, phrases: &[&str]) -> bool {
        phrases
            .iter()
            .any(|phrase| self.0.contains(&format!(" {phrase} ")))
    }

    /// Whether it starts with one of these phrases.
    pub(super) fn starts_with(&self, phrases: &[&str]) -> bool {
        phrases
            .iter()
            .any(|phrase| self.0.starts_with(&format!(" {phrase} ")))
    }
}

/// The first reply code of an SMTP server that says no: three digits that start with 4 or 5, on their own.
pub(super) fn reply_code(text: &str) -> Option<u16> {
    text.split(|c: char| c.is_whitespace() || ";:,()<>\"'".contains(c))
        .map(|word| word.split_once('-').map_or(word, |(code, _)| code))
        .filter(|word| word.len() == 3)
        .filter_map(|word| word.parse().ok())
        .find(|code| (400..600).contains(code))
}

/// The addresses in a text, in lower case, at most ten of them, without what stands around them.
pub(super) fn addresses(text: &str) -> Vec<String> {
    const AROUND: [char; 14] = [
        '<', '>', '(', ')', '[', ']', '"', '\'', ',', ';', ':', '.', '=', '`',
    ];
    text.split(|c: char| c.is_whitespace() || "<>,;:\"()".contains(c))
        .filter(|word| word.contains('@'))
        .filter_map(|word| word.trim_matches(AROUND).parse::<EmailAddress>().ok())
        .map(|address| address.key())
        .take(MAX_ADDRESSES)
        .collect()
}
