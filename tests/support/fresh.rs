//! A new, empty database on each backend, dropped at the end; used by the tests of `store` and `app`.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Where PostgreSQL is: a server where databases may be made.
#[cfg(feature = "postgres")]
const SERVER: &str = "TEST_POSTGRES_URL";

/// Runs `body` on an empty database of each backend, and says on which it failed.
pub(crate) fn on_each(body: impl Fn(&Fresh)) {
    let failed: Vec<&str> = makers()
        .into_iter()
        .filter_map(|make| {
            let fresh = make();
            catch_unwind(AssertUnwindSafe(|| body(&fresh)))
                .err()
                .map(|_said_before| fresh.backend)
        })
        .collect();
    assert!(
        failed.is_empty(),
        "failed on {}; why stands above",
        failed.join(" and on ")
    );
}

/// A database that nobody else has.
pub(crate) struct Fresh {
    /// The name of the backend, for people.
    pub(crate) backend: &'static str,
    /// What the database is opened with.
    pub(crate) url: String,
    _kept: Kept,
}

/// What goes when the database goes.
enum Kept {
    Folder(#[expect(dead_code, reason = "dropping it removes the folder")] tempfile::TempDir),
    #[cfg(feature = "postgres")]
    Database(#[expect(dead_code, reason = "dropping it drops the database")] postgres::Database),
}

/// How the databases that are to be tested are made.
fn makers() -> Vec<fn() -> Fresh> {
    #[cfg(feature = "postgres")]
    if postgres::server().is_some() {
        return vec![on_sqlite, postgres::fresh];
    }
    vec![on_sqlite]
}

fn on_sqlite() -> Fresh {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("market.db");
    Fresh {
        backend: "SQLite",
        url: file.to_str().unwrap().to_owned(),
        _kept: Kept::Folder(folder),
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use std::env;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::{SystemTime, UNIX_EPOCH};

    use diesel::connection::SimpleConnection;
    use diesel::{Connection, PgConnection};

    use super::{Fresh, Kept, SERVER};

    /// Counts the databases of this process, so that no two have one name.
    static MADE: AtomicUsize = AtomicUsize::new(0);

    /// A database that is dropped with this value.
    pub(super) struct Database {
        server: String,
        name: String,
    }

    impl Drop for Database {
        fn drop(&mut self) {
            run(
                &self.server,
                &format!("DROP DATABASE {} WITH (FORCE)", self.name),
            );
        }
    }

    /// The server to test on, where one was named.
    pub(super) fn server() -> Option<String> {
        env::var(SERVER).ok().filter(|url| !url.is_empty())
    }

    /// A new database on that server.
    pub(super) fn fresh() -> Fresh {
        let server = server().unwrap();
        let started = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_micros();
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("samenspel_test_{}_{started}_{number}", std::process::id());
        run(&server, &format!("CREATE DATABASE {name}"));
        Fresh {
            backend: "PostgreSQL",
            url: with_database(&server, &name),
            _kept: Kept::Database(Database { server, name }),
        }
    }

    fn run(server: &str, statement: &str) {
        PgConnection::establish(server)
            .unwrap()
            .batch_execute(statement)
            .unwrap();
    }

    /// The address of another database on the same server.
    fn with_database(server: &str, name: &str) -> String {
        let (address, settings) = match server.split_once('?') {
            Some((address, settings)) => (address, format!("?{settings}")),
            None => (server, String::new()),
        };
        let (scheme, rest) = address.split_once("://").unwrap();
        let host = rest.split('/').next().unwrap();
        format!("{scheme}://{host}/{name}{settings}")
    }

    #[test]
    fn postgresql_is_tested_where_it_must_be() {
        let must = ["CI", "SAMENSPEL_REQUIRE_POSTGRES"]
            .into_iter()
            .find(|name| env::var_os(name).is_some());
        assert!(
            must.is_none() || server().is_some(),
            "{} is set, so PostgreSQL must be tested too: set {SERVER} to postgres://user:password@host:port/database \
             of a server where databases may be made",
            must.unwrap_or_default(),
        );
    }
}
