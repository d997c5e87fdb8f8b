//! The folder of the demo: emptied only when an earlier demo made it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use app::config::Config;
use domain::dutch::commands::demo as said;

/// Tells that everything in a folder was made by a demo and may go.
const MARK: &str = ".samenspel-demo";

/// The folder of a demo.
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Makes the folder, or empties the one of an earlier demo.
    ///
    /// # Errors
    /// A Dutch sentence when something else is in it, or it cannot be made.
    pub(super) fn make_empty(path: &Path) -> anyhow::Result<Self> {
        let path = std::path::absolute(path)?;
        fs::create_dir_all(&path).with_context(|| said::folder_unusable(path.display()))?;
        let mark = path.join(MARK);
        let is_empty = fs::read_dir(&path)?.next().is_none();
        if !is_empty && !mark.is_file() {
            bail!(said::folder_of_others(path.display()));
        }
        // The mark stays while the rest goes, so that a demo that was broken off is still known as one.
        fs::write(&mark, said::mark()).with_context(|| said::folder_unusable(path.display()))?;
        for entry in fs::read_dir(&path)? {
            let entry = entry?;
            if entry.file_name() == MARK {
                continue;
            }
            if entry.file_type()?.is_dir() {
                fs::remove_dir_all(entry.path())?;
            } else {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(Self(path))
    }

    /// The database.
    pub(super) fn database(&self) -> PathBuf {
        self.0.join("samenspel.sqlite")
    }

    /// The folder of the letters.
    pub(super) fn mail(&self) -> PathBuf {
        self.0.join("mail")
    }

    /// The settings with which other commands work on this demo.
    pub(super) fn settings(&self) -> PathBuf {
        self.0.join("samenspel.toml")
    }

    /// Writes what differs from the defaults.
    pub(super) fn write_settings(&self, config: &Config) -> anyhow::Result<()> {
        // A JSON string is a TOML string as well.
        let text = |value: String| serde_json::Value::from(value).to_string();
        let settings = format!(
            "[http]\nlisten = {}\npublic_url = {}\n\n[database]\nurl = {}\n\n[mail]\nfolder = {}\n",
            text(config.http.listen.to_string()),
            text(config.http.public_url.clone()),
            text(config.database.url.clone()),
            text(self.mail().display().to_string()),
        );
        fs::write(self.settings(), settings)
            .with_context(|| said::folder_unusable(self.0.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_folder_of_an_earlier_demo_is_emptied() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::make_empty(&place.path().join("demo")).unwrap();
        fs::create_dir_all(folder.mail()).unwrap();
        fs::write(folder.mail().join("een.eml"), "brief").unwrap();
        let again = Folder::make_empty(&place.path().join("demo")).unwrap();
        assert!(!again.mail().exists());

        let own = place.path().join("eigen");
        fs::create_dir_all(&own).unwrap();
        fs::write(own.join("werk.txt"), "belangrijk").unwrap();
        assert!(Folder::make_empty(&own).is_err());
        assert_eq!(
            fs::read_to_string(own.join("werk.txt")).unwrap(),
            "belangrijk"
        );
    }

    #[test]
    fn the_settings_it_leaves_can_be_used() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::make_empty(&place.path().join("de 'proef' \"map\"")).unwrap();
        let mut config = Config::load(None).unwrap();
        config.database.url = folder.database().display().to_string();
        folder.write_settings(&config).unwrap();
        let read = Config::load(Some(&folder.settings())).unwrap();
        assert_eq!(read.database.url, config.database.url);
        assert_eq!(read.mail.folder, folder.mail());
    }
}
