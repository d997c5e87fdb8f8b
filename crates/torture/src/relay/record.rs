//! What a relay remembers: what it heard, and the letters it took responsibility for.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

use super::script::{Contents, Script};

/// What reached a relay.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// How often somebody connected.
    pub connections: u64,
    /// How often MAIL was said.
    pub letters: u64,
    /// Every command, in the order it came.
    pub commands: Vec<String>,
    /// Every content up to its final dot, without the doubled dots; only when the script says so.
    pub contents: Vec<Vec<u8>>,
}

/// A letter for one recipient that a relay took, perhaps more than once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Its Message-ID without the brackets; empty when it has none.
    pub message_id: String,
    /// The address in the envelope.
    pub recipient: String,
    /// The SHA-256 of each copy's bytes, in hexadecimal, in the order they came.
    pub sha256: Vec<String>,
}

impl Taken {
    /// How often it was taken.
    pub fn copies(&self) -> usize {
        self.sha256.len()
    }

    /// Whether all copies are the same to the byte.
    pub fn is_identical(&self) -> bool {
        self.sha256
            .windows(2)
            .all(|pair| pair.first() == pair.last())
    }
}

/// How often each letter was taken, by Message-ID and recipient, as a log of a relay tells.
///
/// A line is `accepted`, the Message-ID without brackets and the recipient, with a space between.
///
/// # Errors
/// When the file cannot be read or has another line.
pub fn read_log(file: &Path) -> Result<BTreeMap<(String, String), usize>> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("{} cannot be read", file.display()))?;
    let mut counts = BTreeMap::new();
    for line in text.lines() {
        let mut words = line.splitn(3, ' ');
        let (Some("accepted"), Some(id), Some(recipient)) =
            (words.next(), words.next(), words.next())
        else {
            anyhow::bail!("no line of a relay's log: {line:?}");
        };
        *counts
            .entry((id.to_owned(), recipient.to_owned()))
            .or_default() += 1;
    }
    Ok(counts)
}

/// The memory of a relay.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) seen: Seen,
    taken: BTreeMap<(String, String), Vec<String>>,
    contents: Contents,
    log: Option<File>,
}

impl Record {
    pub(super) fn new(script: &Script) -> Result<Self> {
        let open = |file: &std::path::PathBuf| {
            OpenOptions::new()
                .create(true)
                .append(true)
                .open(file)
                .with_context(|| format!("{} cannot be opened", file.display()))
        };
        Ok(Self {
            seen: Seen::default(),
            taken: BTreeMap::new(),
            contents: script.contents,
            log: script.log.as_ref().map(open).transpose()?,
        })
    }

    /// Somebody connected; the number of the connection.
    pub(super) fn connected(&mut self) -> u64 {
        self.seen.connections += 1;
        self.seen.connections
    }

    /// A content came whole.
    pub(super) fn heard(&mut self, content: &[u8]) {
        if self.contents == Contents::Kept {
            self.seen.contents.push(content.to_vec());
        }
    }

    /// The relay takes responsibility for a letter. In the log it is one write, so that no reader sees half a line.
    pub(super) fn take(&mut self, content: &[u8], recipients: &[String]) -> std::io::Result<()> {
        let id = message_id(content);
        let digest = Sha256::digest(content);
        let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        for recipient in recipients {
            let key = (id.clone(), recipient.clone());
            self.taken.entry(key).or_default().push(digest.clone());
            if let Some(log) = &mut self.log {
                log.write_all(format!("accepted {id} {recipient}\n").as_bytes())?;
            }
        }
        Ok(())
    }

    pub(super) fn taken(&self) -> Vec<Taken> {
        self.taken
            .iter()
            .map(|((message_id, recipient), sha256)| Taken {
                message_id: message_id.clone(),
                recipient: recipient.clone(),
                sha256: sha256.clone(),
            })
            .collect()
    }
}

/// The Message-ID of a letter without its brackets; it may stand on the line after its name (RFC 5322 §2.2.3).
fn message_id(content: &[u8]) -> String {
    let text = String::from_utf8_lossy(content);
    let head = text.split("\r\n\r\n").next().unwrap_or_default();
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let value = unfolded.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("message-id").then_some(value)
    });
    value
        .unwrap_or_default()
        .trim()
        .trim_matches(['<', '>'])
        .to_owned()
}

#[test]
fn a_message_id_is_found_wherever_it_stands() {
    assert_eq!(message_id(b"A: b\r\nMessage-ID: <1@x>\r\n\r\nhi"), "1@x");
    assert_eq!(message_id(b"message-id:\r\n <2@x>\r\nA: b\r\n\r\n"), "2@x");
    assert_eq!(message_id(b"A: b\r\n\r\nMessage-ID: <3@x>\r\n"), "");
}
