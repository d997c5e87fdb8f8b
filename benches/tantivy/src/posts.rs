//! The posts of the generated CSV files as they are written there; used by `main` and `search`.

use std::error::Error;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// A line of `requests.csv`; cells with more than one code have `;` between them.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    /// Its key.
    pub(crate) id: String,
    /// What it is about, in some words.
    pub(crate) title: String,
    /// What is asked, in sentences.
    pub(crate) body: String,
    /// The code of its municipality.
    pub(crate) municipality: String,
    /// Codes of themes.
    pub(crate) themes: String,
    /// The code of one phase.
    pub(crate) phase: String,
    /// Codes of kinds of support.
    pub(crate) support: String,
}

/// A line of `offers.csv`; cells with more than one code have `;` between them.
#[derive(Debug, Deserialize)]
pub(crate) struct Offer {
    /// Its key.
    pub(crate) id: String,
    /// What it is about, in some words.
    pub(crate) title: String,
    /// What is given, in sentences.
    pub(crate) body: String,
    /// Codes of municipalities, COROP regions, provinces or the country.
    pub(crate) reach: String,
    /// Codes of themes.
    pub(crate) themes: String,
    /// Codes of phases.
    pub(crate) phases: String,
    /// Codes of kinds of support.
    pub(crate) support: String,
}

/// The codes in one cell.
pub(crate) fn codes(cell: &str) -> impl Iterator<Item = &str> {
    cell.split(';').filter(|code| !code.is_empty())
}

/// All lines of a file.
///
/// # Errors
/// When the file cannot be read or misses a column.
pub(crate) fn read<Post: DeserializeOwned>(file: &Path) -> Result<Vec<Post>, Box<dyn Error>> {
    let opened = File::open(file).map_err(|cause| format!("{}: {cause}", file.display()))?;
    let mut reader = csv::Reader::from_reader(BufReader::new(opened));
    Ok(reader.deserialize().collect::<Result<_, _>>()?)
}
