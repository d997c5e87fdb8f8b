//! Writes the figures of a run into `docs/reliability.md`: one section for each kind of torture, the rest left alone.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

/// What was measured.
#[derive(Debug)]
pub struct Figures<'a> {
    /// The name of the kind, as typed: `smtp`.
    pub kind: &'a str,
    /// What it is, for people.
    pub title: &'a str,
    /// How anybody gets the same figures.
    pub command: &'a str,
    /// What was found, in Markdown.
    pub found: &'a str,
}

impl Figures<'_> {
    /// Puts them where those of the last run of this kind stand, or at the end of the file.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn record(&self, file: &Path) -> Result<()> {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("{} cannot be read", file.display()))?;
        let today = Command::new("date").arg("+%Y-%m-%d").output()?;
        let today = String::from_utf8(today.stdout)?;
        let section = self.section(today.trim());
        std::fs::write(file, replaced(&text, self.kind, &section))
            .with_context(|| format!("{} cannot be written", file.display()))
    }

    fn section(&self, day: &str) -> String {
        format!(
            "## {}\n\n`{}`, {day}.\n\n{}\n",
            self.title,
            self.command,
            self.found.trim()
        )
    }
}

/// The text with this section between its two marks.
fn replaced(text: &str, kind: &str, section: &str) -> String {
    let (begin, end) = (
        format!("<!-- torture {kind} -->"),
        format!("<!-- end of torture {kind} -->"),
    );
    let marked = format!("{begin}\n{section}{end}");
    let around = text.split_once(&begin).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(&end)?;
        Some((before, after))
    });
    match around {
        Some((before, after)) => format!("{before}{marked}{after}"),
        None => format!("{}\n\n{marked}\n", text.trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Figures, replaced};

    #[test]
    fn a_section_takes_the_place_of_the_last_one_of_its_kind() {
        let first = replaced("# Title\n", "smtp", "one\n");
        assert_eq!(
            first,
            "# Title\n\n<!-- torture smtp -->\none\n<!-- end of torture smtp -->\n"
        );
        let both = replaced(&first, "power", "two\n");
        let again = replaced(&both, "smtp", "three\n");
        assert_eq!(again, both.replace("one\n", "three\n"));
    }

    #[test]
    fn a_section_says_how_it_was_made() {
        let figures = Figures {
            kind: "smtp",
            title: "A relay that misbehaves",
            command: "cargo xtask torture smtp",
            found: "| a |\n",
        };
        assert_eq!(
            figures.section("2026-11-22"),
            "## A relay that misbehaves\n\n`cargo xtask torture smtp`, 2026-11-22.\n\n| a |\n"
        );
    }
}
