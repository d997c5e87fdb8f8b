//! A fresh database for a test, on SQLite and on PostgreSQL.

use diesel::{Connection, PgConnection, RunQueryDsl, SqliteConnection, sql_query};
use tempfile::TempDir;

/// A database of one test's own; removed when dropped.
pub(crate) enum Database {
    /// A file in a folder of its own.
    Sqlite(TempDir),
    /// A database on the server of `TEST_POSTGRES_URL`.
    Postgres { server: String, name: String },
}

/// Runs a test on SQLite, and on PostgreSQL when `TEST_POSTGRES_URL` names a server. In CI it must.
pub(crate) fn on_each(test: impl Fn(&Database)) {
    test(&Database::sqlite());
    match std::env::var("TEST_POSTGRES_URL") {
        Ok(server) => test(&Database::postgres(&server)),
        Err(_) => assert!(
            std::env::var("CI").is_err(),
            "TEST_POSTGRES_URL is not set; run the tests with: cargo xtask test"
        ),
    }
}

/// Runs a test on PostgreSQL only: what needs several servers on one database.
pub(crate) fn on_postgres(test: impl Fn(&Database)) {
    on_each(|database| {
        if matches!(database, Database::Postgres { .. }) {
            test(database);
        }
    });
}

/// Runs a test that makes its own databases, without a server and on the one of `TEST_POSTGRES_URL`. In CI that must be
/// there.
pub(crate) fn on_each_server(test: impl Fn(Option<String>)) {
    on_each(|database| match database {
        Database::Sqlite(_) => test(None),
        Database::Postgres { server, .. } => test(Some(server.clone())),
    });
}

impl Database {
    pub(crate) fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    fn postgres(server: &str) -> Self {
        let name = format!("e2e_{}", uuid::Uuid::now_v7().simple());
        execute(server, &format!("CREATE DATABASE {name}"));
        Self::Postgres {
            server: server.to_owned(),
            name,
        }
    }

    /// Another of the same kind, in which nothing is yet.
    pub(crate) fn another(&self) -> Self {
        match self {
            Self::Sqlite(_) => Self::sqlite(),
            Self::Postgres { server, .. } => Self::postgres(server),
        }
    }

    /// Changes what is stored behind the back of the program; answers how many rows.
    pub(crate) fn execute(&self, statement: &str) -> usize {
        let changed = match self {
            Self::Sqlite(_) => {
                let mut conn = SqliteConnection::establish(&self.url()).unwrap();
                sql_query("PRAGMA busy_timeout = 10000")
                    .execute(&mut conn)
                    .unwrap();
                sql_query(statement).execute(&mut conn)
            }
            Self::Postgres { .. } => {
                sql_query(statement).execute(&mut PgConnection::establish(&self.url()).unwrap())
            }
        };
        changed.unwrap()
    }

    /// What `--database` takes.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => folder.path().join("market.sqlite").display().to_string(),
            Self::Postgres { server, name } => {
                let (before, query) = match server.split_once('?') {
                    Some((before, query)) => (before, format!("?{query}")),
                    None => (server.as_str(), String::new()),
                };
                let slash = before.rfind('/').filter(|at| *at > "postgres://".len());
                format!("{}/{name}{query}", slash.map_or(before, |at| &before[..at]))
            }
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Self::Postgres { server, name } = self {
            execute(
                server,
                &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            );
        }
    }
}

fn execute(server: &str, statement: &str) {
    let mut conn =
        PgConnection::establish(server).expect("the server of TEST_POSTGRES_URL answers");
    sql_query(statement)
        .execute(&mut conn)
        .expect("the server lets tests make databases");
}
