//! A disk that promises only what was synced: what may be on it when the power fails.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use rand::RngExt as _;
use rand::rngs::StdRng;

use super::trace::Event;

/// What a disk writes at once, or not at all, in bytes.
const SECTOR: usize = 512;

/// What becomes of the writes that were not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// None is there.
    Nothing,
    /// Those before a moment are there.
    Prefix,
    /// Any of them is there or not.
    Subset,
    /// Any sector of them is there or not.
    Torn,
}

impl Style {
    /// All of them.
    pub(super) const ALL: [Self; 4] = [Self::Nothing, Self::Prefix, Self::Subset, Self::Torn];
}

/// Files as they are certain to be after a cut, and the writes that may be there as well, in order.
#[derive(Debug, Default, Clone)]
pub(super) struct Disk {
    certain: BTreeMap<String, Vec<u8>>,
    pending: Vec<Pending>,
    /// The number of the next write.
    next: u64,
    /// For each file that is being synced, the number of the first write that is no part of it.
    syncing: BTreeMap<String, u64>,
}

/// A write that was not synced.
#[derive(Debug, Clone)]
struct Pending {
    number: u64,
    file: String,
    change: Change,
}

#[derive(Debug, Clone)]
enum Change {
    Bytes(usize, Vec<u8>),
    Length(usize),
    Gone,
}

impl Change {
    fn apply(&self, content: &mut Vec<u8>) {
        match self {
            Self::Bytes(offset, bytes) => {
                let end = offset + bytes.len();
                if content.len() < end {
                    content.resize(end, 0);
                }
                if let Some(place) = content.get_mut(*offset..end) {
                    place.copy_from_slice(bytes);
                }
            }
            Self::Length(length) => content.resize(*length, 0),
            Self::Gone => content.clear(),
        }
    }

    /// The same change cut into sectors, each of which the disk writes or not.
    fn sectors(&self) -> Vec<Self> {
        let Self::Bytes(offset, bytes) = self else {
            return vec![self.clone()];
        };
        let first = (SECTOR - offset % SECTOR).min(bytes.len());
        let (head, rest) = bytes.split_at(first);
        let mut at = *offset;
        std::iter::once(head)
            .chain(rest.chunks(SECTOR))
            .map(|part| {
                let sector = Self::Bytes(at, part.to_vec());
                at += part.len();
                sector
            })
            .collect()
    }
}

impl Disk {
    /// A disk with these files, all synced.
    pub(super) fn new(files: BTreeMap<String, Vec<u8>>) -> Self {
        Self {
            certain: files,
            ..Self::default()
        }
    }

    /// Lets something happen to it.
    pub(super) fn happens(&mut self, event: &Event) {
        match event {
            Event::Write {
                file,
                offset,
                bytes,
            } => self.pend(file, Change::Bytes(*offset, bytes.clone())),
            Event::Truncate { file, length } => self.pend(file, Change::Length(*length)),
            Event::Remove { file } => self.pend(file, Change::Gone),
            Event::SyncBegins { file } => {
                self.syncing.insert(file.clone(), self.next);
            }
            Event::SyncEnds { file } => {
                if let Some(until) = self.syncing.remove(file) {
                    self.keep(file, until);
                }
            }
            Event::Said(_) => {}
        }
    }

    fn pend(&mut self, file: &str, change: Change) {
        self.pending.push(Pending {
            number: self.next,
            file: file.to_owned(),
            change,
        });
        self.next += 1;
    }

    /// What was written to a file before the write with this number is certain now.
    fn keep(&mut self, file: &str, until: u64) {
        let content = self.certain.entry(file.to_owned()).or_default();
        self.pending.retain(|write| {
            let is_certain = write.file == file && write.number < until;
            if is_certain {
                write.change.apply(content);
            }
            !is_certain
        });
    }

    /// Cuts the power, and writes the files as they are found afterwards into a folder.
    pub(super) fn cut(&self, style: Style, chance: &mut StdRng, folder: &Path) -> Result<()> {
        let mut files = self.certain.clone();
        let some = match style {
            Style::Nothing => 0,
            Style::Prefix => chance.random_range(0..=self.pending.len()),
            Style::Subset | Style::Torn => self.pending.len(),
        };
        for Pending { file, change, .. } in self.pending.iter().take(some) {
            let content = files.entry(file.clone()).or_default();
            match style {
                Style::Nothing | Style::Prefix => change.apply(content),
                Style::Subset => {
                    if chance.random_bool(0.5) {
                        change.apply(content);
                    }
                }
                Style::Torn => {
                    for sector in change.sectors() {
                        if chance.random_bool(0.5) {
                            sector.apply(content);
                        }
                    }
                }
            }
        }
        for (file, content) in files {
            let name = Path::new(&file).file_name().unwrap_or_default();
            // A log without a byte and no log are the same to SQLite.
            if content.is_empty() {
                continue;
            }
            std::fs::write(folder.join(name), content)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng as _;

    fn write(offset: usize, bytes: &[u8]) -> Event {
        Event::Write {
            file: "/m".to_owned(),
            offset,
            bytes: bytes.to_vec(),
        }
    }

    fn found(disk: &Disk, style: Style, seed: u64) -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let mut chance = StdRng::seed_from_u64(seed);
        disk.cut(style, &mut chance, folder.path()).unwrap();
        std::fs::read(folder.path().join("m")).unwrap_or_default()
    }

    #[test]
    fn what_was_synced_is_always_there_and_the_rest_perhaps() {
        let mut disk = Disk::default();
        let file = || "/m".to_owned();
        disk.happens(&write(0, b"one"));
        disk.happens(&Event::SyncBegins { file: file() });
        // This came after the sync was asked for, so it is no part of it.
        disk.happens(&write(3, b"two"));
        disk.happens(&Event::SyncEnds { file: file() });
        disk.happens(&write(6, b"six"));
        assert_eq!(disk.pending.len(), 2);
        for style in Style::ALL {
            for seed in 0..20 {
                assert!(found(&disk, style, seed).starts_with(b"one"), "{style:?}");
            }
        }
        assert_eq!(found(&disk, Style::Nothing, 1), b"one");
        let prefixes: Vec<Vec<u8>> = (0..30)
            .map(|seed| found(&disk, Style::Prefix, seed))
            .collect();
        for expected in ["one", "onetwo", "onetwosix"] {
            assert!(prefixes.iter().any(|found| found == expected.as_bytes()));
        }
        let subsets: Vec<Vec<u8>> = (0..30)
            .map(|seed| found(&disk, Style::Subset, seed))
            .collect();
        assert!(subsets.iter().any(|found| found == b"one\0\0\0six"));
    }

    #[test]
    fn a_torn_write_is_there_sector_by_sector() {
        let mut disk = Disk::default();
        disk.happens(&write(100, &[7; 2 * SECTOR]));
        let torn: Vec<Vec<u8>> = (0..30)
            .map(|seed| found(&disk, Style::Torn, seed))
            .collect();
        let without_the_first = torn
            .iter()
            .any(|found| found.get(100) == Some(&0) && found.get(600) == Some(&7));
        assert!(without_the_first);
        for found in torn.iter().filter(|found| found.len() > 600) {
            let second: Vec<u8> = found.get(512..1024.min(found.len())).unwrap().to_vec();
            assert!(
                second.windows(2).all(|pair| pair[0] == pair[1]),
                "whole sectors"
            );
        }
    }
}
