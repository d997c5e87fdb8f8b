//! Files that appear whole or not at all: made beside where they are to stand, and moved there when they are on the disk.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// A file that is not finished; it is removed unless it is kept.
#[derive(Debug)]
pub struct Part {
    path: PathBuf,
    target: PathBuf,
}

impl Part {
    /// Makes an empty file beside `target` that only its owner can read.
    ///
    /// # Errors
    /// What the system says when it cannot be made.
    pub fn beside(target: &Path) -> io::Result<Self> {
        let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?;
        let mut own = std::ffi::OsString::from(".");
        own.push(name);
        own.push(format!(".part-{:016x}", rand::random::<u64>()));
        let path = target.with_file_name(own);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&path)?;
        Ok(Self {
            path,
            target: target.to_owned(),
        })
    }

    /// Where it is while it is not finished.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts it on the disk and then in its place, over what stood there.
    ///
    /// # Errors
    /// What the system says; then nothing stands there that did not before.
    pub fn keep(self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()?;
        fs::rename(&self.path, &self.target)?;
        let folder = self.target.parent().unwrap_or(Path::new(""));
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        File::open(folder)?.sync_all()
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // Once it is in its place there is nothing here any more.
        drop(fs::remove_file(&self.path));
    }
}
