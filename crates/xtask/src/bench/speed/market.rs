//! Generated posts of one size on the disk, made once and kept; used by `programs`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::debian;
use crate::process::{output, root, target_folder};

/// The words that the generator writes with.
const DICTIONARY: &str = "/usr/share/dict/dutch";

/// The Debian package that has them.
const DICTIONARY_PACKAGE: &str = "wdutch";

/// What decides what is generated, from the root of the repository; a change in one of them makes the files anew.
const INGREDIENTS: [&str; 7] = [
    "benches/peers/generate.py",
    "benches/peers/vocabulary.py",
    "benches/peers/stopwords_nl.txt",
    "crates/regions/data/municipalities.csv",
    "crates/domain/data/themes.csv",
    "crates/domain/data/phases.csv",
    "crates/domain/data/support.csv",
];

/// As many requests as offers, in two CSV files.
pub(super) struct Market {
    size: usize,
    folder: PathBuf,
}

impl Market {
    /// Finds the files of an earlier run, or generates them.
    ///
    /// # Errors
    /// When the words cannot be installed or the generator fails.
    pub(super) fn prepare(size: usize, python: &Path) -> Result<Self> {
        let folder = target_folder().join("bench").join(format!("market-{size}"));
        let recipe = recipe()?;
        // Written last, so that half-made files are made anew.
        let mark = folder.join("recipe");
        if !fs::read_to_string(&mark).is_ok_and(|made| made == recipe) {
            generate(size, python, &folder)?;
            fs::write(&mark, recipe)?;
        }
        Ok(Self { size, folder })
    }

    /// How many requests, and as many offers.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// The folder of both files.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The file of requests.
    pub(super) fn requests(&self) -> PathBuf {
        self.folder.join("requests.csv")
    }

    /// The file of offers.
    pub(super) fn offers(&self) -> PathBuf {
        self.folder.join("offers.csv")
    }
}

fn recipe() -> Result<String> {
    let mut recipe = String::new();
    for ingredient in INGREDIENTS {
        let file = root().join(ingredient);
        recipe += &fs::read_to_string(&file)
            .with_context(|| format!("{} cannot be read", file.display()))?;
    }
    Ok(recipe)
}

fn generate(size: usize, python: &Path, folder: &Path) -> Result<()> {
    if !Path::new(DICTIONARY).exists() {
        debian::install(&[DICTIONARY_PACKAGE]).with_context(|| {
            format!(
                "no Dutch words to write posts with.\n\
                 Install the Debian package `{DICTIONARY_PACKAGE}`, which has {DICTIONARY}"
            )
        })?;
    }
    println!("Generating {size} requests and {size} offers.");
    let posts = size.to_string();
    let mut command = Command::new(python);
    command
        .arg(root().join("benches/peers/generate.py"))
        .args(["--requests", &posts, "--offers", &posts])
        .arg("--out")
        .arg(folder)
        .env("PYTHONDONTWRITEBYTECODE", "1");
    output(&mut command)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::recipe;

    #[test]
    fn every_ingredient_is_in_the_repository() {
        let recipe = recipe().expect("all ingredients can be read");
        assert!(recipe.contains("DICTIONARY = pathlib.Path(\"/usr/share/dict/dutch\")"));
    }
}
