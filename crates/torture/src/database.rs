//! The databases that are tortured: SQLite in the folder of the ground, or one of our own on a PostgreSQL server.

use anyhow::{Context as _, Result};
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection};

/// The environment variable with a server where databases may be made.
pub const SERVER: &str = "TEST_POSTGRES_URL";

/// A database on a PostgreSQL server; dropped with this value.
pub struct Postgres {
    server: String,
    name: String,
}

impl Postgres {
    /// A new empty database on this server.
    ///
    /// # Errors
    /// When the server does not let us make one.
    pub fn make(server: &str) -> Result<Self> {
        let name = format!("torture_{:016x}", rand::random::<u64>());
        run(server, &format!("CREATE DATABASE {name}"))?;
        Ok(Self {
            server: server.to_owned(),
            name,
        })
    }

    /// A new database that holds what this one holds; nobody may use this one meanwhile.
    ///
    /// # Errors
    /// When the server does not let us make one.
    pub fn copy(&self) -> Result<Self> {
        let name = format!("torture_{:016x}", rand::random::<u64>());
        let statement = format!("CREATE DATABASE {name} TEMPLATE {}", self.name);
        run(&self.server, &statement)?;
        Ok(Self {
            server: self.server.clone(),
            name,
        })
    }

    /// What `--database` takes.
    pub fn url(&self) -> String {
        let (before, query) = match self.server.split_once('?') {
            Some((before, query)) => (before, format!("?{query}")),
            None => (self.server.as_str(), String::new()),
        };
        let authority_ends = "postgres://".len();
        let slash = before.rfind('/').filter(|at| *at > authority_ends);
        let address = slash.and_then(|at| before.get(..at)).unwrap_or(before);
        format!("{address}/{}{query}", self.name)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        drop(run(&self.server, &statement));
    }
}

fn run(server: &str, statement: &str) -> Result<()> {
    PgConnection::establish(server)
        .context("the PostgreSQL server does not answer")?
        .batch_execute(statement)
        .with_context(|| format!("PostgreSQL does not take: {statement}"))
}
