//! What differs between the two databases; no other module asks which one it is.

#[cfg(feature = "postgres")]
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sqlite::Sqlite;

use crate::connection::{Conn, MultiBackend};
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
