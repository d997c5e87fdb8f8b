//! What differs between the two databases; no other module asks which one it is.

use chrono::NaiveDateTime;
#[cfg(feature = "postgres")]
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Timestamp};
use diesel::sqlite::Sqlite;

use crate::connection::{Conn, MultiBackend};
use crate::schema::market_changes;
#[cfg(feature = "postgres")]
use crate::schema::{letters, organisations, posts};

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

/// Holds a post, so that what is decided about its matches is decided one by one.
pub(crate) fn hold_post(conn: &mut Conn, id: &str) -> QueryResult<()> {
    hold!(posts, conn, id)
}

/// Holds a letter, so that of two deliveries that end at once the last sees that it is the last.
pub(crate) fn hold_letter(conn: &mut Conn, id: &str) -> QueryResult<()> {
    hold!(letters, conn, id)
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
