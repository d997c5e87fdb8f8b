//! Writes letters to a folder, one `.eml` file each; for the demonstration, for trying out and for tests.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::failure::{Failure, Phase, Verdict};
use crate::transport::{Parcel, Receipt};

/// A folder of letters.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder at this path; made when the first letter comes.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Writes `<YYYYMMDDTHHMMSS>-<kind>-<letter id>.eml`, whole or not at all.
    ///
    /// A second recipient of the same letter gives the same file with the same bytes.
    ///
    /// # Errors
    /// [`Verdict::RelayDown`]: the disk is full or the folder may not be written to.
    pub(crate) async fn write(&self, parcel: &Parcel) -> Result<Receipt, Failure> {
        let path = self.0.join(file_name(parcel));
        let (target, mime) = (path.clone(), parcel.mime.clone());
        tokio::task::spawn_blocking(move || write_whole(&target, &mime))
            .await
            .map_err(io::Error::from)
            .flatten()
            .map_err(|error| Failure {
                verdict: Verdict::RelayDown,
                ..Failure::new(Phase::Content, None, &error.to_string())
            })?;
        Ok(Receipt {
            text: path.display().to_string(),
        })
    }
}

fn file_name(parcel: &Parcel) -> String {
    format!(
        "{}-{}-{}.eml",
        parcel.written_at.format("%Y%m%dT%H%M%S"),
        parcel.kind,
        parcel.letter
    )
}

/// Writes beside the target, syncs and renames, so that a crash leaves no half letter under its name.
fn write_whole(target: &Path, mime: &[u8]) -> io::Result<()> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let folder = target.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let draft = folder.join(format!(".{}-{number}.part", process::id()));
    let written = File::create(&draft)
        .and_then(|mut file| {
            file.write_all(mime)?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&draft, target));
    if written.is_err() {
        drop(fs::remove_file(&draft));
        return written;
    }
    File::open(folder)?.sync_all()
}
