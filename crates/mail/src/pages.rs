//! Renders a letter's three pages: its subject, its text and its HTML. The frame and the words are templates.

use askama::Template;
use domain::dutch::{mail, sessions, subscriptions};
use domain::matches::Side;
use domain::person_name::one_line;
use domain::posts::ExpiryStage;

use crate::letters::{Letter, Round};
use crate::words::shortened;

/// A subject is cut here, so that it fits the list of a mail program and one header.
const MAX_SUBJECT: usize = 150;

/// A letter in words.
pub(crate) struct Pages {
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
}

/// Puts the letter into words; `settings_link` stands under it.
pub(crate) fn write(letter: &Letter, settings_link: &str) -> askama::Result<Pages> {
    let subject = shortened(one_line(&Subject { letter }.render()?), MAX_SUBJECT);
    let text = Text {
        letter,
        settings_link,
    }
    .render()?;
    let html = Html {
        letter,
        settings_link,
        subject: &subject,
    }
    .render()?;
    Ok(Pages {
        text: tidy(&text),
        html: tidy(&html),
        subject,
    })
}

#[derive(Template)]
#[template(path = "nl/subject.txt")]
struct Subject<'a> {
    letter: &'a Letter,
}

#[derive(Template)]
#[template(path = "nl/letter.txt")]
struct Text<'a> {
    letter: &'a Letter,
    settings_link: &'a str,
}

#[derive(Template)]
#[template(path = "nl/letter.html")]
struct Html<'a> {
    letter: &'a Letter,
    settings_link: &'a str,
    subject: &'a str,
}

/// Takes out what the tags of a template leave behind: white space at the end of lines and double blank lines.
fn tidy(page: &str) -> String {
    let mut kept = String::with_capacity(page.len());
    let mut blank = true;
    for line in page.lines().map(str::trim_end) {
        if !(blank && line.is_empty()) {
            kept.push_str(line);
            kept.push('\n');
        }
        blank = line.is_empty();
    }
    kept.truncate(kept.trim_end().len());
    kept.push('\n');
    kept
}
