//! The secret that signs bearer tokens: from the settings, or from a file beside the embedded database.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail};
use secrecy::ExposeSecret;
use store::{Location, Opening};

use crate::config::Auth;
use crate::tokens::{Secret, random_text};

/// The secret in the settings; else the one in `<database>.secret`, which is made when the database is.
pub(crate) fn find(auth: &Auth, location: &Location, opening: Opening) -> anyhow::Result<Secret> {
    if !auth.secret.expose_secret().is_empty() {
        return Ok(Secret::new(auth.secret.expose_secret()));
    }
    let Location::Sqlite(database) = location else {
        bail!(domain::dutch::settings::secret_missing());
    };
    let mut path = database.clone().into_os_string();
    path.push(".secret");
    let path = Path::new(&path);
    let readable = || -> std::io::Result<String> {
        if !path.exists() && (database.exists() || opening == Opening::MayCreate) {
            write_private(path, &random_text())?;
        }
        fs::read_to_string(path)
    };
    let text = if database.exists() || opening == Opening::MayCreate {
        readable().with_context(|| {
            domain::dutch::settings::secret_unreadable(&path.display().to_string(), "")
        })?
    } else {
        // The database is not there either; opening it says so better.
        random_text()
    };
    Ok(Secret::new(text.trim()))
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
