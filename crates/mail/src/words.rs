//! Words that came from people, made safe to stand between ours; every field of a letter is one of these.

use std::fmt;

use domain::person_name::one_line;
use domain::text::visible;

/// One line: no line breaks, no hidden characters, at most [`Line::MAX_LENGTH`] characters.
///
/// A line cannot break out of the sentence it stands in, so a name cannot add a paragraph to a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line(String);

impl Line {
    /// Longer texts end in an ellipsis here.
    pub const MAX_LENGTH: usize = 300;

    /// The words.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T: AsRef<str>> From<T> for Line {
    fn from(text: T) -> Self {
        Self(shortened(one_line(text.as_ref()), Self::MAX_LENGTH))
    }
}

impl fmt::Display for Line {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A text of several lines, such as the body of a post: no hidden characters, at most [`Passage::MAX_LENGTH`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage(String);

impl Passage {
    /// Longer texts end in an ellipsis here.
    pub const MAX_LENGTH: usize = 6_000;

    /// The text as a quotation in plain text: `> ` before each line, so that it cannot pass for our own words.
    pub fn quoted(&self) -> String {
        let lines: Vec<String> = self
            .0
            .lines()
            .map(|line| format!("> {line}").trim_end().to_owned())
            .collect();
        lines.join("\n")
    }

    /// The paragraphs, which blank lines divide, and the lines of each.
    pub fn paragraphs(&self) -> Vec<Vec<&str>> {
        let mut paragraphs = vec![Vec::new()];
        for line in self.0.lines().map(str::trim) {
            match paragraphs.last_mut() {
                Some(open) if !line.is_empty() => open.push(line),
                _ => paragraphs.push(Vec::new()),
            }
        }
        paragraphs.retain(|lines| !lines.is_empty());
        paragraphs
    }
}

impl<T: AsRef<str>> From<T> for Passage {
    fn from(text: T) -> Self {
        Self(shortened(visible(text.as_ref()), Self::MAX_LENGTH))
    }
}

/// The text, or its first `most` characters of which the last is an ellipsis.
pub(crate) fn shortened(text: String, most: usize) -> String {
    if text.chars().count() <= most {
        return text;
    }
    let mut kept: String = text.chars().take(most.saturating_sub(1)).collect();
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stays_one_line_of_bounded_length() {
        assert_eq!(
            Line::from(" Eve\r\nKlik\u{202e} hier ").as_str(),
            "Eve Klik hier"
        );
        let long = Line::from("é".repeat(10_000));
        assert_eq!(long.as_str().chars().count(), Line::MAX_LENGTH);
        assert!(long.as_str().ends_with('…'));
    }

    #[test]
    fn a_passage_is_quoted_line_by_line() {
        let passage = Passage::from("een\r\ntwee\n\n drie \u{202e}\n\n\n\nvier");
        assert_eq!(
            passage.quoted(),
            "> een\n> twee\n>\n>  drie\n>\n>\n>\n> vier"
        );
        assert_eq!(
            passage.paragraphs(),
            [vec!["een", "twee"], vec!["drie"], vec!["vier"]]
        );
        assert!(Passage::from("").paragraphs().is_empty());
    }
}
