//! Backups: a copy of the database with a description beside it, and a database made from one.
//!
//! They need no running product, and change nothing in the database that is copied: not even its tables are brought up
//! to date, so that a backup can be made before a new version is.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};
use chrono::{DateTime, Utc};
use domain::dutch::{backups as words, dates};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::backups::{Contents, Restart};
use store::{Location, Part};

/// Bytes that are read at once.
const PIECE: usize = 1 << 16;

/// What stands in the file beside a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Manifest {
    /// The kind of database: `sqlite` or `postgresql`.
    pub database: String,
    /// The version of the program that made it.
    pub program: String,
    /// When it was begun: everything that was answered before is in it.
    pub made_at: DateTime<Utc>,
    /// The last step the tables went through.
    pub migration: String,
    /// Rows in each table.
    pub rows: BTreeMap<String, u64>,
    /// Bytes of the backup.
    pub size: u64,
    /// The SHA-256 of those bytes, in hexadecimal digits.
    pub sha256: String,
}

impl Manifest {
    /// The rows of all tables.
    pub fn all_rows(&self) -> u64 {
        self.rows.values().sum()
    }
}

/// Whether a backup may replace an earlier one of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and nothing is made.
    Stays,
    /// It is replaced when the new one is whole.
    MayGo,
}

/// What goes on, for who waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The database is copied and the copy checked.
    Copying,
    /// The checksum is worked out.
    Summing,
    /// A database is made from the backup.
    Restoring,
}

/// What was put back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The description of the backup.
    pub manifest: Manifest,
    /// Deliveries that are held, because they may have gone after the backup was made.
    pub held: usize,
}

/// Makes a backup of `location` in `file`, with `file.json` beside it, while others write.
///
/// # Errors
/// A Dutch sentence that says what to do; then no file is made or changed.
pub fn back_up(
    location: &Location,
    file: &Path,
    existing: Existing,
    now: DateTime<Utc>,
    tell: impl Fn(Step),
) -> anyhow::Result<Manifest> {
    let beside = description_of(file);
    if existing == Existing::Stays
        && let Some(taken) = [file, &beside].into_iter().find(|path| path.exists())
    {
        bail!(words::exists(taken.display()));
    }
    let part = Part::beside(file).map_err(|cause| failed(file, &cause))?;
    tell(Step::Copying);
    let contents = store::backups::write(location, part.path())?;
    tell(Step::Summing);
    let (size, sha256) = sum(part.path()).map_err(|cause| failed(part.path(), &cause))?;
    let manifest = Manifest {
        database: kind(location).to_owned(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: now,
        migration: contents.migration,
        rows: contents.rows,
        size,
        sha256,
    };
    // First the description, so that a backup that is there can always be checked.
    let described = serde_json::to_vec_pretty(&manifest)?;
    let keep_description = || -> io::Result<()> {
        let part = Part::beside(&beside)?;
        File::create(part.path())?.write_all(&described)?;
        part.keep()
    };
    keep_description().map_err(|cause| failed(&beside, &cause))?;
    part.keep().map_err(|cause| failed(file, &cause))?;
    Ok(manifest)
}

/// Makes the new database `to` from a backup. It starts without sending anything.
///
/// # Errors
/// A Dutch sentence that says what to do, when the backup is not what its description says, or when there is a
/// database already; then there is no new database.
pub fn restore(
    file: &Path,
    to: &Location,
    now: DateTime<Utc>,
    tell: impl Fn(Step),
) -> anyhow::Result<Restored> {
    let beside = description_of(file);
    let manifest: Manifest = fs::read(&beside)
        .map_err(anyhow::Error::from)
        .and_then(|text| Ok(serde_json::from_slice(&text)?))
        .map_err(|cause| anyhow!(words::no_manifest(beside.display(), cause)))?;
    if manifest.database != kind(to) {
        bail!(words::other_kind(&manifest.database, kind(to)));
    }
    tell(Step::Summing);
    let (_size, found) = sum(file).map_err(|cause| failed(file, &cause))?;
    if found != manifest.sha256 {
        bail!(words::damaged(file.display(), &manifest.sha256, &found));
    }
    tell(Step::Restoring);
    let contents = Contents {
        migration: manifest.migration.clone(),
        rows: manifest.rows.clone(),
    };
    let restart = Restart {
        made_at: manifest.made_at,
        now,
        reason: words::why_paused(dates::moment(manifest.made_at)),
    };
    let held = store::backups::restore(file, to, &contents, &restart)?;
    Ok(Restored { manifest, held })
}

/// The file that describes a backup.
fn description_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".json");
    name.into()
}

fn kind(location: &Location) -> &'static str {
    match location {
        Location::Sqlite(_) => "sqlite",
        Location::Postgres(_) => "postgresql",
    }
}

/// How many bytes a file has, and their SHA-256.
fn sum(file: &Path) -> io::Result<(u64, String)> {
    let mut opened = File::open(file)?;
    let (mut digest, mut piece) = (Sha256::new(), vec![0; PIECE]);
    let mut size = 0;
    loop {
        let read = opened.read(&mut piece)?;
        let bytes = piece.get(..read).unwrap_or_default();
        if bytes.is_empty() {
            break;
        }
        digest.update(bytes);
        size += u64::try_from(read).unwrap_or_default();
    }
    let digits = digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok((size, digits))
}

fn failed(file: &Path, cause: &io::Error) -> anyhow::Error {
    anyhow!(words::file_failed(file.display(), cause))
}
