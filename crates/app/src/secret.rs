//! The secret that signs bearer tokens: from the settings, or from a file beside the embedded database.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use anyhow::bail;
use secrecy::ExposeSecret;
use store::{Location, Opening};

use crate::config::Auth;
use crate::tokens::{Keys, random_text};

/// The keys of the secret in the settings; else of the one in `<database>.secret`, which is made when the database is.
pub(crate) fn find(auth: &Auth, location: &Location, opening: Opening) -> anyhow::Result<Keys> {
    let keys = |text: &str| Keys::new(text, &auth.previous_secrets);
    if !auth.secret.expose_secret().is_empty() {
        return Ok(keys(auth.secret.expose_secret()));
    }
    let Location::Sqlite(database) = location else {
        bail!(domain::dutch::settings::secret_missing());
    };
    let mut path = database.clone().into_os_string();
    path.push(".secret");
    let path = Path::new(&path);
    let folder = database
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let has_folder = folder.is_none_or(Path::is_dir);
    if !database.exists() && (opening == Opening::Existing || !has_folder) {
        // The database cannot be opened either, and that says so better.
        return Ok(keys(&random_text()));
    }
    let readable = || -> std::io::Result<String> {
        if !path.exists() {
            write_private(path, &random_text())?;
        }
        fs::read_to_string(path)
    };
    let text = readable().map_err(|cause| {
        anyhow::anyhow!(domain::dutch::settings::secret_unreadable(
            &path.display().to_string(),
            &cause.to_string(),
        ))
    })?;
    Ok(keys(text.trim()))
}

/// Writes a file only its owner can read.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
