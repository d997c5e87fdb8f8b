//! A Maildir that a mail server on this machine fills.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::incoming::MAX_INCOMING;

/// The most messages taken at a time, so that they fit in memory.
const MAX_BATCH: usize = 20;

/// Where what is too long to read goes, beside `new` and `cur`.
const ASIDE: &str = "too-large";

/// A Maildir: `new`, where messages come in, and `cur`, where they go when they are done.
#[derive(Debug, Clone)]
pub struct Maildir(PathBuf);

/// A message that waits in a Maildir.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaildirMessage {
    name: OsString,
    /// The message as it came.
    pub bytes: Vec<u8>,
}

impl Maildir {
    /// The Maildir at this path.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The first messages of `new` by name, which is the order they came in; at most twenty, so ask again until there
    /// are none.
    ///
    /// One of over [`MAX_INCOMING`] bytes is moved to `too-large` unread. What is no plain file is left alone.
    ///
    /// # Errors
    /// `new` cannot be listed, a file cannot be read, or one that is too large cannot be moved.
    pub async fn waiting(&self) -> io::Result<Vec<MaildirMessage>> {
        let maildir = self.clone();
        let read = tokio::task::spawn_blocking(move || {
            let names = maildir.names()?.into_iter();
            let messages = names.map(|name| maildir.read(name));
            messages.filter_map(Result::transpose).collect()
        });
        read.await?
    }

    /// Moves a message to `cur`, marked as seen, after what it says was stored.
    ///
    /// # Errors
    /// It cannot be moved; one that is no longer there was moved by another instance.
    pub async fn done(&self, message: &MaildirMessage) -> io::Result<()> {
        let maildir = self.clone();
        let name = message.name.clone();
        let moved = tokio::task::spawn_blocking(move || {
            let mut seen = name.clone();
            seen.push(":2,S");
            maildir.put(&name, &maildir.0.join("cur"), &seen)
        });
        moved.await?
    }

    /// The first names in `new`, in order.
    fn names(&self) -> io::Result<BTreeSet<OsString>> {
        let folder = self.0.join("new");
        let listed = fs::read_dir(&folder).map_err(|error| {
            let folder = folder.display();
            io::Error::new(error.kind(), format!("{folder} cannot be listed: {error}"))
        })?;
        let mut names = BTreeSet::new();
        for entry in listed {
            let entry = entry?;
            if entry.file_type().is_ok_and(|kind| kind.is_file()) {
                names.insert(entry.file_name());
            }
            if names.len() > MAX_BATCH {
                names.pop_last();
            }
        }
        Ok(names)
    }

    /// The message; `None` when it was moved meanwhile, or is too large and was moved now.
    fn read(&self, name: OsString) -> io::Result<Option<MaildirMessage>> {
        let Some(file) = unless_gone(File::open(self.0.join("new").join(&name)))? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        let limit = u64::try_from(MAX_INCOMING).unwrap_or(u64::MAX);
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() > MAX_INCOMING {
            self.put(&name, &self.0.join(ASIDE), &name)?;
            return Ok(None);
        }
        Ok(Some(MaildirMessage { name, bytes }))
    }

    fn put(&self, name: &OsString, folder: &Path, new_name: &OsString) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        let moved = fs::rename(self.0.join("new").join(name), folder.join(new_name));
        unless_gone(moved).map(drop)
    }
}

fn unless_gone<T>(outcome: io::Result<T>) -> io::Result<Option<T>> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
