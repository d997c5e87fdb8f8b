//! Brings the tables up to date; the steps are compiled in.

use diesel::migration::MigrationSource;
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use domain::dutch::storage;

use crate::connection::Conn;
use crate::error::StoreError;

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
#[cfg(feature = "postgres")]
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Any number, as long as every instance uses the same: instances that start together migrate one after the other.
#[cfg(feature = "postgres")]
const MIGRATION_LOCK: i64 = 7_400_342;

/// Runs the steps that have not run. Programs that start together do so one after the other.
pub(crate) fn up(conn: &mut Conn) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(sqlite) => {
            if !sqlite.has_pending_migration(SQLITE).map_err(failed)? {
                return Ok(());
            }
            sqlite.immediate_transaction(|sqlite| {
                sqlite
                    .run_pending_migrations(SQLITE)
                    .map(drop)
                    .map_err(failed)
            })
        }
        #[cfg(feature = "postgres")]
        Conn::Pg(pg) => {
            use diesel::connection::SimpleConnection;
            // Another may be at it for as long as its tables are large.
            pg.batch_execute(&format!(
                "SET lock_timeout = 0; SELECT pg_advisory_lock({MIGRATION_LOCK})"
            ))?;
            let outcome = pg
                .run_pending_migrations(POSTGRES)
                .map(drop)
                .map_err(failed);
            pg.batch_execute(&format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})"))?;
            outcome
        }
    }
}

/// The last step this program knows.
pub(crate) fn latest() -> Option<String> {
    let steps = MigrationSource::<Sqlite>::migrations(&SQLITE).ok()?;
    let versions = steps.iter().map(|step| step.name().version().to_string());
    versions.max()
}

/// Undoes every step: for the test that each step can be undone.
///
/// # Errors
/// [`StoreError::Unreachable`] with the step that failed.
#[cfg(test)]
pub(crate) fn down(conn: &mut Conn) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(sqlite) => sqlite
            .revert_all_migrations(SQLITE)
            .map(drop)
            .map_err(failed),
        #[cfg(feature = "postgres")]
        Conn::Pg(pg) => pg.revert_all_migrations(POSTGRES).map(drop).map_err(failed),
    }
}

fn failed(error: Box<dyn std::error::Error + Send + Sync>) -> StoreError {
    StoreError::Unreachable(storage::tables_not_updated(error))
}

#[cfg(test)]
mod tests {
    use diesel::connection::SimpleConnection;

    use super::*;
    use crate::connection::{Access, open};
    use crate::fresh::on_each;

    #[test]
    fn every_step_can_be_undone_and_done_again() {
        on_each(|fresh| {
            let mut conn = open(&fresh.url.parse().unwrap(), Access::Write).unwrap();
            let has_tables =
                |conn: &mut Conn| conn.batch_execute("SELECT id FROM deliveries").is_ok();
            for _ in 0..2 {
                up(&mut conn).unwrap();
                up(&mut conn).unwrap();
                assert!(has_tables(&mut conn));
                down(&mut conn).unwrap();
                assert!(!has_tables(&mut conn));
            }
        });
    }
}
