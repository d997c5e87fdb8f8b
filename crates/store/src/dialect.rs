//! What differs between the two databases; no other module asks which one it is.

use chrono::NaiveDateTime;
#[cfg(feature = "postgres")]
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Text, Timestamp};
use diesel::sqlite::Sqlite;
use domain::letters::DeliveryState;

use crate::connection::{Conn, MultiBackend};
use crate::digests::Told;
use crate::schema::{deliveries, market_changes, told_items};
#[cfg(feature = "postgres")]
use crate::schema::{letters, members, organisations, posts};

/// A statement that is the same on both databases although diesel's shared backend does not know it, such as
/// `ON CONFLICT DO NOTHING`.
pub(crate) struct Portable<Q>(pub(crate) Q);

#[cfg(feature = "postgres")]
impl<Q: QueryFragment<Pg> + QueryFragment<Sqlite>> QueryFragment<MultiBackend> for Portable<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(&self.0, pass)
    }
}

#[cfg(not(feature = "postgres"))]
impl<Q: QueryFragment<Sqlite>> QueryFragment<MultiBackend> for Portable<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        MultiBackend::walk_variant_ast(&self.0, pass)
    }
}

impl<Q: QueryId> QueryId for Portable<Q> {
    type QueryId = Q::QueryId;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}

impl<Q: Query> Query for Portable<Q> {
    type SqlType = Q::SqlType;
}

impl<Q> RunQueryDsl<Conn> for Portable<Q> {}

/// Holds the row with this id until the transaction ends.
macro_rules! hold {
    ($table:ident, $conn:expr, $id:expr) => {
        match $conn {
            Conn::Sqlite(_) => held_already($id),
            #[cfg(feature = "postgres")]
            Conn::Pg(pg) => $table::table
                .find($id)
                .select($table::id)
                .for_update()
                .get_result::<String>(pg)
                .optional()
                .map(drop),
        }
    };
}

/// SQLite has one writer, which holds every row.
fn held_already(_id: &str) -> QueryResult<()> {
    Ok(())
}

/// Holds an organisation, so that a post that is placed while it is verified is not left waiting.
pub(crate) fn hold_organisation(conn: &mut Conn, id: &str) -> QueryResult<()> {
    hold!(organisations, conn, id)
}

/// Holds a member, so that what they are told is told by one letter after the other.
pub(crate) fn hold_member(conn: &mut Conn, id: &str) -> QueryResult<()> {
    hold!(members, conn, id)
}

/// Holds a post, so that what is decided about its matches is decided one by one.
pub(crate) fn hold_post(conn: &mut Conn, id: &str) -> QueryResult<()> {
    hold!(posts, conn, id)
}

/// Holds a letter, so that of two deliveries that end at once the last sees that it is the last.
pub(crate) fn hold_letter(conn: &mut Conn, id: &str) -> QueryResult<()> {
    hold!(letters, conn, id)
}

/// Stores what a member was told, as one statement; diesel's shared backend has none for several rows.
pub(crate) fn insert_told(conn: &mut Conn, rows: Vec<Told>) -> QueryResult<()> {
    let all = diesel::insert_into(told_items::table).values(rows);
    match conn {
        Conn::Sqlite(sqlite) => all.execute(sqlite).map(drop),
        #[cfg(feature = "postgres")]
        Conn::Pg(pg) => all.execute(pg).map(drop),
    }
}

/// The id of the delivery that waits longest for a moment that has come, but for some sites; held until the
/// transaction ends, so that nobody else gets it. SQLite's one writer holds it anyhow.
pub(crate) fn due_delivery(
    conn: &mut Conn,
    now: NaiveDateTime,
    but_for_sites: &[String],
) -> QueryResult<Option<String>> {
    let due = deliveries::table
        .filter(deliveries::state.eq(DeliveryState::Ready.code()))
        .filter(deliveries::due_at.le(now))
        .filter(deliveries::site.ne_all(but_for_sites.to_vec()))
        .order((deliveries::due_at, deliveries::id))
        .select(deliveries::id)
        .limit(1);
    match conn {
        Conn::Sqlite(sqlite) => due.get_result(sqlite).optional(),
        #[cfg(feature = "postgres")]
        Conn::Pg(pg) => due.for_update().skip_locked().get_result(pg).optional(),
    }
}

/// The end of what is certain to be visible in the feed of changes, and when that was asked, by the clock of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub(crate) struct Horizon {
    /// Everything below it is committed and visible, or will never be. It stands for an id on SQLite, where writes are
    /// committed in the order of their ids, and for a transaction on PostgreSQL, where they are not.
    #[diesel(sql_type = BigInt)]
    pub(crate) position: i64,
    #[diesel(sql_type = Timestamp)]
    pub(crate) asked_at: NaiveDateTime,
}

/// The horizon of the feed of changes now.
pub(crate) fn horizon(conn: &mut Conn) -> QueryResult<Horizon> {
    let question = match conn {
        Conn::Sqlite(_) => {
            "SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'market_changes'), 0) + 1 AS position,
                    CURRENT_TIMESTAMP AS asked_at"
        }
        #[cfg(feature = "postgres")]
        Conn::Pg(_) => {
            "SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT) AS position,
                    CURRENT_TIMESTAMP AT TIME ZONE 'UTC' AS asked_at"
        }
    };
    diesel::sql_query(question).get_result(conn)
}

/// The lines of the feed of changes from a horizon on, the oldest first: their ids and what they name.
pub(crate) fn changes_from(conn: &mut Conn, position: i64) -> QueryResult<Vec<(i64, String)>> {
    let lines = market_changes::table
        .select((market_changes::id, market_changes::subject))
        .order(market_changes::id);
    match conn {
        Conn::Sqlite(sqlite) => lines.filter(market_changes::id.ge(position)).load(sqlite),
        #[cfg(feature = "postgres")]
        Conn::Pg(pg) => lines
            .filter(market_changes::transaction_id.ge(position))
            .load(pg),
    }
}

/// The names of all tables, but for those of the database itself.
pub(crate) fn table_names(conn: &mut Conn) -> QueryResult<Vec<String>> {
    let question = match conn {
        Conn::Sqlite(_) => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name"
        }
        #[cfg(feature = "postgres")]
        Conn::Pg(_) => {
            "SELECT CAST(tablename AS TEXT) AS name FROM pg_catalog.pg_tables
             WHERE schemaname = current_schema() ORDER BY tablename"
        }
    };
    let named: Vec<Named> = diesel::sql_query(question).load(conn)?;
    Ok(named.into_iter().map(|table| table.name).collect())
}

/// An expression that makes one JSON object of some columns of a row; the bytes of a letter as text.
pub(crate) fn json_of(conn: &Conn, columns: &[&str]) -> String {
    let (make, bytes) = match conn {
        Conn::Sqlite(_) => ("json_object", "CAST(mime AS TEXT)"),
        #[cfg(feature = "postgres")]
        Conn::Pg(_) => ("json_build_object", "convert_from(mime, 'UTF8')"),
    };
    let named: Vec<String> = columns
        .iter()
        .map(|column| match *column {
            "mime" => format!("'mime', {bytes}"),
            column => format!("'{column}', {column}"),
        })
        .collect();
    format!("CAST({make}({}) AS TEXT)", named.join(", "))
}

/// A statement in which `X''` stands for no bytes.
pub(crate) fn with_bytes(conn: &Conn, statement: &str) -> String {
    match conn {
        Conn::Sqlite(_) => statement.to_owned(),
        #[cfg(feature = "postgres")]
        Conn::Pg(_) => statement.replace("X''", "''"),
    }
}

/// A table.
#[derive(QueryableByName)]
struct Named {
    #[diesel(sql_type = Text)]
    name: String,
}

/// What a lock answered.
#[cfg(feature = "postgres")]
#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = diesel::sql_types::Bool)]
    locked: bool,
}

/// Takes the lock of a number for this session, unless another session has it.
#[cfg(feature = "postgres")]
pub(crate) fn try_lock(conn: &mut Conn, number: i64) -> QueryResult<bool> {
    let question = diesel::sql_query("SELECT pg_try_advisory_lock($1) AS locked");
    let answer: Locked = question.bind::<BigInt, _>(number).get_result(conn)?;
    Ok(answer.locked)
}

/// Gives the lock of a number back.
#[cfg(feature = "postgres")]
pub(crate) fn unlock(conn: &mut Conn, number: i64) -> QueryResult<()> {
    let question = diesel::sql_query("SELECT pg_advisory_unlock($1) AS locked");
    question
        .bind::<BigInt, _>(number)
        .get_result::<Locked>(conn)
        .map(drop)
}
