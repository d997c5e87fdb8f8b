//! Copies of the whole database, made while others write, and databases made from them; used by `app`.
//!
//! A copy is what was committed at one moment. It is opened, checked and counted before anybody relies on it.

#[cfg(feature = "postgres")]
mod postgres;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text};
use domain::dutch::backups as words;

use crate::connection::{Access, Conn, Location, open};
use crate::db::unreachable;
use crate::error::StoreError;
use crate::parts::Part;
use crate::{dialect, migrate, pauses, recovery, sessions};

/// The table of the steps that brought a database to where it is; it is the library's own.
const STEPS: &str = "__diesel_schema_migrations";

/// What a copy holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// The last step its tables went through.
    pub migration: String,
    /// How many rows each table has.
    pub rows: BTreeMap<String, u64>,
}

/// How a database begins that was made from a copy.
#[derive(Debug, Clone)]
pub struct Restart {
    /// When the copy was made: everything may have happened since.
    pub made_at: DateTime<Utc>,
    /// Now.
    pub now: DateTime<Utc>,
    /// Why no letter goes, in Dutch.
    pub reason: String,
}

/// Copies the database to `file`, which is there and empty; what the copy holds, after it was checked.
///
/// # Errors
/// [`StoreError::Unreachable`] with what to do when the database, the file, or a program of PostgreSQL fails, or when
/// the copy does not hold together.
pub fn write(location: &Location, file: &Path) -> Result<Contents, StoreError> {
    match location {
        Location::Sqlite(_) => {
            let mut conn = existing(location)?;
            sql_query("VACUUM INTO ?")
                .bind::<Text, _>(file.to_string_lossy())
                .execute(&mut conn)
                .map_err(|cause| failed(words::file_failed(file.display(), cause)))?;
            check_file(file)
        }
        #[cfg(feature = "postgres")]
        Location::Postgres(_) => postgres::dump(&mut existing(location)?, location, file),
        #[cfg(not(feature = "postgres"))]
        Location::Postgres(_) => Err(failed(
            domain::dutch::storage::without_postgres().to_owned(),
        )),
    }
}

/// Makes a new database from a copy that holds `contents`. It starts without sending anything: the outbox is paused,
/// and every delivery that was open is held, because it may have gone after the copy was made. Gives how many are held.
///
/// # Errors
/// [`StoreError::Unreachable`] with what to do when there is a database already, when the copy is of a newer program,
/// does not hold what it should, or cannot be put back; then there is no new database.
pub fn restore(
    file: &Path,
    to: &Location,
    contents: &Contents,
    restart: &Restart,
) -> Result<usize, StoreError> {
    if migrate::latest().is_none_or(|latest| contents.migration > latest) {
        return Err(failed(words::newer(&contents.migration)));
    }
    match to {
        Location::Sqlite(path) => restore_file(file, path, contents, restart),
        #[cfg(feature = "postgres")]
        Location::Postgres(_) => postgres::restore(file, to, contents, restart),
        #[cfg(not(feature = "postgres"))]
        Location::Postgres(_) => Err(failed(
            domain::dutch::storage::without_postgres().to_owned(),
        )),
    }
}

/// Refuses a database into which a copy was put back half: it would send what was sent before.
pub(crate) fn refuse_unfinished(conn: &mut Conn) -> Result<(), StoreError> {
    match conn {
        // A file appears when it is finished.
        Conn::Sqlite(_) => Ok(()),
        #[cfg(feature = "postgres")]
        Conn::Pg(_) => postgres::refuse_unfinished(conn),
    }
}

fn restore_file(
    file: &Path,
    to: &Path,
    contents: &Contents,
    restart: &Restart,
) -> Result<usize, StoreError> {
    // A log that was left behind would be played over the new file.
    for taken in ["", "-wal", "-shm", "-journal"].map(|end| with_end(to, end)) {
        if taken.exists() {
            return Err(failed(words::target_taken(taken.display())));
        }
    }
    let of_file = |cause: std::io::Error| failed(words::file_failed(to.display(), cause));
    let part = Part::beside(to).map_err(of_file)?;
    fs::copy(file, part.path()).map_err(of_file)?;
    same_rows(contents, &check_file(part.path())?)?;
    let location = Location::Sqlite(part.path().to_owned());
    let mut conn = existing(&location)?;
    migrate::up(&mut conn)?;
    let held = conn.transaction(|conn| start_still(conn, restart))?;
    // The file alone must be the database, without a log beside it.
    conn.batch_execute("PRAGMA journal_mode=DELETE")?;
    drop(conn);
    part.keep().map_err(of_file)?;
    Ok(held)
}

/// Stops the post, holds what waits, and signs everybody out: the backup does not know who logged out since.
fn start_still(conn: &mut Conn, restart: &Restart) -> Result<usize, StoreError> {
    sessions::end_all(conn, restart.now)?;
    pauses::end(conn)?;
    pauses::begin(conn, &restart.reason, restart.now)?;
    recovery::hold_open(conn, restart.made_at)
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// A connection to a database that must be there; nothing is changed in it.
fn existing(location: &Location) -> Result<Conn, StoreError> {
    if let Location::Sqlite(path) = location
        && !path.exists()
    {
        return Err(failed(domain::dutch::storage::missing(path.display())));
    }
    open(location, Access::Write).map_err(|error| unreachable(location, &error))
}

/// Checks a file of SQLite from its first page to its last, without changing a byte of it.
fn check_file(file: &Path) -> Result<Contents, StoreError> {
    let not_whole = |cause: &dyn std::fmt::Display| failed(words::not_whole(file.display(), cause));
    let address = format!("file:{}?mode=ro&immutable=1", in_uri(file));
    let sqlite = SqliteConnection::establish(&address).map_err(|cause| not_whole(&cause))?;
    let mut conn = Conn::Sqlite(sqlite);
    let found: Vec<Said> = sql_query("SELECT integrity_check AS said FROM pragma_integrity_check")
        .load(&mut conn)
        .map_err(|cause| not_whole(&cause))?;
    if let Some(wrong) = found.iter().find(|line| line.said != "ok") {
        return Err(not_whole(&wrong.said));
    }
    let question = "SELECT \"table\" AS said FROM pragma_foreign_key_check";
    let lost: Vec<Said> = sql_query(question)
        .load(&mut conn)
        .map_err(|cause| not_whole(&cause))?;
    match lost.first() {
        Some(table) => Err(not_whole(&table.said)),
        None => contents(&mut conn),
    }
}

/// A path as it stands in an address (sqlite.org/uri.html).
fn in_uri(path: &Path) -> String {
    path.to_string_lossy()
        .replace('%', "%25")
        .replace('?', "%3f")
        .replace('#', "%23")
}

/// What a database holds now, or in the snapshot of this transaction.
fn contents(conn: &mut Conn) -> Result<Contents, StoreError> {
    let tables = dialect::table_names(conn)?;
    if !tables.iter().any(|table| table == STEPS) {
        return Err(failed(words::not_ours().to_owned()));
    }
    let question = format!("SELECT max(version) AS version FROM {STEPS}");
    let last: Last = sql_query(question).get_result(conn)?;
    let mut rows = BTreeMap::new();
    for table in tables {
        let question = format!(
            "SELECT count(*) AS counted FROM \"{}\"",
            table.replace('"', "\"\"")
        );
        let found: Counted = sql_query(question).get_result(conn)?;
        rows.insert(table, u64::try_from(found.counted).unwrap_or_default());
    }
    Ok(Contents {
        migration: last.version.unwrap_or_default(),
        rows,
    })
}

fn same_rows(wanted: &Contents, found: &Contents) -> Result<(), StoreError> {
    for (table, wanted) in &wanted.rows {
        let found = found.rows.get(table).copied().unwrap_or_default();
        if found != *wanted {
            return Err(failed(words::other_rows(table, *wanted, found)));
        }
    }
    Ok(())
}

fn failed(said: String) -> StoreError {
    StoreError::Unreachable(said)
}

#[derive(QueryableByName)]
struct Said {
    #[diesel(sql_type = Text)]
    said: String,
}

#[derive(QueryableByName)]
struct Last {
    #[diesel(sql_type = Nullable<Text>)]
    version: Option<String>,
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    counted: i64,
}

#[cfg(test)]
mod tests;
