//! What is found in a database after the power failed.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
// The library itself is compiled in with this crate.
use libsqlite3_sys as _;

/// What a database holds.
#[derive(Debug)]
pub(super) struct Holds {
    /// The ids of the organisations.
    pub(super) organisations: Vec<String>,
    /// The state of the delivery of each letter.
    pub(super) letters: BTreeMap<String, String>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    state: String,
}

#[derive(QueryableByName)]
struct Integrity {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

/// Opens a database as the program would, checks that it is whole, and reads what is in it.
///
/// # Errors
/// When it does not open, or SQLite finds it damaged.
pub(super) fn open(database: &Path) -> Result<Holds> {
    let mut conn = SqliteConnection::establish(&database.to_string_lossy())
        .context("the database does not open")?;
    let found: Vec<Integrity> = sql_query("PRAGMA integrity_check").load(&mut conn)?;
    if let Some(first) = found.first()
        && first.integrity_check != "ok"
    {
        anyhow::bail!("damaged: {}", first.integrity_check);
    }
    let organisations: Vec<Row> =
        sql_query("SELECT id, state FROM organisations").load(&mut conn)?;
    let letters: Vec<Row> =
        sql_query("SELECT letter_id AS id, state FROM deliveries").load(&mut conn)?;
    Ok(Holds {
        organisations: organisations.into_iter().map(|row| row.id).collect(),
        letters: letters.into_iter().map(|row| (row.id, row.state)).collect(),
    })
}
