//! The letters a town got: read back from the files they were written to.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use domain::letters::LetterKind;
use mail_parser::{Address, MessageParser};

/// A folder of letters, and which of them were taken out.
pub(crate) struct PostBox {
    folder: PathBuf,
    taken: Mutex<BTreeSet<String>>,
}

/// One letter as its reader sees it.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) kind: LetterKind,
    pub(crate) to: Vec<String>,
    pub(crate) reply_to: Vec<String>,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
    pub(crate) message_id: String,
    pub(crate) answers: Option<String>,
}

impl PostBox {
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            taken: Mutex::default(),
        }
    }

    /// The letters that came since the last time, the earliest first.
    pub(crate) fn take(&self) -> Vec<Received> {
        let Ok(files) = fs::read_dir(&self.folder) else {
            return Vec::new();
        };
        let names: BTreeSet<String> = files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".eml"))
            .collect();
        let mut taken = self.taken.lock().unwrap();
        let new: Vec<String> = names.difference(&taken).cloned().collect();
        taken.extend(new.iter().cloned());
        new.iter().map(|name| read(&self.folder, name)).collect()
    }
}

impl Received {
    /// The token of the link in the letter that leads to this page.
    pub(crate) fn token(&self, page: &str) -> String {
        let (_, rest) = self
            .text
            .split_once(&format!("{page}/"))
            .unwrap_or_else(|| {
                panic!("no link to {page} in: {}", self.text);
            });
        rest.split_whitespace().next().unwrap().to_owned()
    }

    /// Whether somebody is among the readers.
    pub(crate) fn is_to(&self, address: &str) -> bool {
        self.to.iter().any(|reader| reader == address)
    }
}

/// The only letter of a kind to somebody.
pub(crate) fn only<'a>(letters: &'a [Received], kind: LetterKind, address: &str) -> &'a Received {
    let found: Vec<&Received> = of(letters, kind, address);
    assert_eq!(
        found.len(),
        1,
        "letters {kind} to {address} among {:?}",
        summary(letters)
    );
    found[0]
}

/// The letters of a kind to somebody.
pub(crate) fn of<'a>(
    letters: &'a [Received],
    kind: LetterKind,
    address: &str,
) -> Vec<&'a Received> {
    letters
        .iter()
        .filter(|letter| letter.kind == kind && letter.is_to(address))
        .collect()
}

/// Kinds and readers of letters, sorted: what a test compares.
pub(crate) fn summary(letters: &[Received]) -> Vec<String> {
    let mut lines: Vec<String> = letters
        .iter()
        .map(|letter| format!("{} to {}", letter.kind, letter.to.join(" and ")))
        .collect();
    lines.sort();
    lines
}

fn read(folder: &Path, name: &str) -> Received {
    let bytes = fs::read(folder.join(name)).unwrap();
    let message = MessageParser::default().parse(&bytes).unwrap();
    let kind = name.split('-').nth(1).unwrap();
    Received {
        kind: kind.parse().unwrap(),
        to: addresses(message.to()),
        reply_to: addresses(message.reply_to()),
        subject: message.subject().unwrap().to_owned(),
        text: message.body_text(0).unwrap().replace("\r\n", "\n"),
        html: message.body_html(0).unwrap().into_owned(),
        message_id: message.message_id().unwrap().to_owned(),
        answers: message.in_reply_to().as_text().map(str::to_owned),
    }
}

fn addresses(found: Option<&Address<'_>>) -> Vec<String> {
    found
        .map(|list| {
            list.iter()
                .map(|each| each.address().unwrap().to_owned())
                .collect()
        })
        .unwrap_or_default()
}
