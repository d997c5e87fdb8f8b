//! What a log of `strace` says happened to the files of a database and on the sockets, in order.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Event {
    /// Bytes were written to a file at a place.
    Write {
        file: String,
        offset: usize,
        bytes: Vec<u8>,
    },
    /// A file got this length.
    Truncate { file: String, length: usize },
    /// A file was removed.
    Remove { file: String },
    /// The program asks that what was written to a file so far be on the disk.
    SyncBegins { file: String },
    /// The disk has what was written before the last [`Event::SyncBegins`] of this file.
    SyncEnds { file: String },
    /// Bytes went out on a connection.
    Said(Vec<u8>),
}

/// The calls that change a file or speak to somebody.
pub(super) const CALLS: &str =
    "pwrite64,write,writev,sendto,sendmsg,fsync,fdatasync,ftruncate,unlink,rename";

/// Reads a log that was made with `strace -f -y -xx`; `database` is the file whose name the others begin with.
///
/// # Errors
/// When the log cannot be read, or has a call on the database that is not understood.
pub(super) fn read(log: &Path, database: &Path) -> Result<Vec<Event>> {
    let text = std::fs::read_to_string(log)?;
    let database = database.display().to_string();
    let mut events = Vec::new();
    // What a thread began and did not finish yet.
    let mut begun: BTreeMap<&str, String> = BTreeMap::new();
    for line in text.lines() {
        let Some((thread, rest)) = line.split_once(' ') else {
            continue;
        };
        let rest = rest.trim_start();
        if let Some(resumed) = rest.strip_prefix("<... ") {
            // What was written counts from when it was begun; only a sync counts when it is done.
            if let Some(file) = begun.remove(thread)
                && resumed.contains("sync resumed")
                && rest.ends_with("= 0")
            {
                events.push(Event::SyncEnds { file });
            }
            continue;
        }
        let Some(call) = Call::read(rest) else {
            continue;
        };
        let began = events.len();
        call.events(&database, &mut events)
            .with_context(|| format!("in the log of strace: {}", start(line)))?;
        let file = match events.get(began) {
            Some(Event::SyncBegins { file }) => file.clone(),
            _ => continue,
        };
        if rest.ends_with("<unfinished ...>") {
            begun.insert(thread, file);
        } else if rest.ends_with("= 0") {
            events.push(Event::SyncEnds { file });
        }
    }
    Ok(events)
}

/// One call: its name, the file it is about, and its other arguments.
struct Call<'a> {
    name: &'a str,
    arguments: &'a str,
}

impl<'a> Call<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (name, arguments) = text.split_once('(')?;
        let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        is_name.then_some(Self { name, arguments })
    }

    /// The path or socket in the brackets after the file descriptor.
    fn target(&self) -> String {
        let inside = self.arguments.split_once('<').map_or("", |(_, rest)| rest);
        let inside = inside.split('>').next().unwrap_or_default();
        String::from_utf8_lossy(&unescaped(inside)).into_owned()
    }

    /// The bytes in quotation marks, all of them after each other.
    fn bytes(&self) -> Vec<u8> {
        let mut parts = self.arguments.split('"');
        let mut bytes = Vec::new();
        parts.next();
        while let Some(part) = parts.next() {
            bytes.extend(unescaped(part));
            parts.next();
        }
        bytes
    }

    /// The last argument, as a number.
    fn last_number(&self) -> Result<usize> {
        let end = self
            .arguments
            .rfind(')')
            .or_else(|| self.arguments.rfind(" <unfinished"));
        let arguments = end.and_then(|end| self.arguments.get(..end));
        let last = arguments
            .and_then(|arguments| arguments.rsplit(", ").next())
            .unwrap_or_default();
        last.trim()
            .parse()
            .with_context(|| format!("no number: {}", start(last)))
    }

    fn events(&self, database: &str, events: &mut Vec<Event>) -> Result<()> {
        if matches!(self.name, "unlink" | "rename") {
            let file = String::from_utf8_lossy(&self.bytes()).into_owned();
            if is_kept(&file, database) {
                anyhow::ensure!(self.name == "unlink", "a file of the database was renamed");
                events.push(Event::Remove { file });
            }
            return Ok(());
        }
        let file = self.target();
        let is_ours = is_kept(&file, database);
        match self.name {
            "sendto" | "sendmsg" => events.push(Event::Said(self.bytes())),
            "write" | "writev" if is_socket(&file) => events.push(Event::Said(self.bytes())),
            _ if !is_ours => {}
            "pwrite64" => events.push(Event::Write {
                offset: self.last_number()?,
                bytes: self.bytes(),
                file,
            }),
            "ftruncate" => events.push(Event::Truncate {
                length: self.last_number()?,
                file,
            }),
            "fsync" | "fdatasync" => events.push(Event::SyncBegins { file }),
            other => anyhow::bail!("{other} on {file}"),
        }
        Ok(())
    }
}

/// Whether a file outlives a power cut: all of the database but the index it shares in memory.
fn is_kept(file: &str, database: &str) -> bool {
    let rest = file.strip_prefix(database);
    rest.is_some_and(|rest| matches!(rest, "" | "-wal" | "-journal"))
}

fn is_socket(target: &str) -> bool {
    target.starts_with("TCP") || target.starts_with("socket")
}

/// `\x41\x42` as bytes; what is not written so stands for itself.
fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() / 4);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let number = rest.strip_prefix("\\x").and_then(|after| after.get(..2));
        match number.and_then(|number| u8::from_str_radix(number, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = rest.get(4..).unwrap_or_default();
            }
            None => {
                let length = first.len_utf8();
                bytes.extend_from_slice(rest.get(..length).unwrap_or_default().as_bytes());
                rest = rest.get(length..).unwrap_or_default();
            }
        }
    }
    bytes
}

fn start(line: &str) -> String {
    line.chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_read_in_order_also_where_threads_interrupt_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        // The paths are /m, /m-wal and /m-shm.
        let lines = [
            r#"7 pwrite64(3<\x2f\x6d\x2d\x77\x61\x6c>, "\x41\x42", 2, 4096) = 2"#,
            r#"7 pwrite64(4<\x2f\x6d\x2d\x73\x68\x6d>, "\x41", 1, 0) = 1"#,
            r"7 fdatasync(3<\x2f\x6d\x2d\x77\x61\x6c> <unfinished ...>",
            r#"8 sendto(9<TCP:[1]>, "\x48\x69", 2, MSG_NOSIGNAL, NULL, 0) = 2"#,
            r"7 <... fdatasync resumed>) = 0",
            r#"7 write(1<\x70\x69\x70\x65>, "\x41", 1) = 1"#,
            r"7 ftruncate(3<\x2f\x6d>, 8192) = 0",
            r#"7 unlink("\x2f\x6d\x2d\x77\x61\x6c") = 0"#,
            r"7 fsync(3<\x2f\x6d>) = 0",
            r"7 +++ exited with 0 +++",
        ];
        std::fs::write(&log, lines.join("\n")).unwrap();
        let wal = || "/m-wal".to_owned();
        let main = || "/m".to_owned();
        let expected = [
            Event::Write {
                file: wal(),
                offset: 4096,
                bytes: b"AB".to_vec(),
            },
            Event::SyncBegins { file: wal() },
            Event::Said(b"Hi".to_vec()),
            Event::SyncEnds { file: wal() },
            Event::Truncate {
                file: main(),
                length: 8192,
            },
            Event::Remove { file: wal() },
            Event::SyncBegins { file: main() },
            Event::SyncEnds { file: main() },
        ];
        assert_eq!(read(&log, Path::new("/m")).unwrap(), expected);
    }

    #[test]
    fn a_call_that_would_be_missed_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        std::fs::write(&log, r#"7 write(3<\x2f\x6d>, "\x41", 1) = 1"#).unwrap();
        assert!(read(&log, Path::new("/m")).is_err());
    }
}
