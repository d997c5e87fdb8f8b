//! What differs between the two databases; no other module asks which one it is.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
#[cfg(feature = "postgres")]
use diesel::pg::Pg;
use diesel::sqlite::Sqlite;

use crate::connection::{Conn, MultiBackend};
use crate::schema::offers;

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

/// Holds an offer until the transaction ends, so that what is decided about its matches is decided one by one.
/// SQLite has one writer, which holds everything already.
pub(crate) fn hold_offer(conn: &mut Conn, id: &str) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(_) => Ok(()),
        #[cfg(feature = "postgres")]
        Conn::Pg(pg) => offers::table
            .find(id)
            .select(offers::id)
            .for_update()
            .get_result::<String>(pg)
            .optional()
            .map(drop),
    }
}
