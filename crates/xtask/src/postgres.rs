//! A PostgreSQL server for the tests: the one we are given, or a throw-away one of our own; used by `test` and `bench`.

mod binaries;
mod server;

use std::process::Command;

use anyhow::{Context as _, Result};

use crate::arguments::Databases;
use binaries::Binaries;
pub(crate) use server::Server;

/// The environment variable that tells the tests where PostgreSQL is.
const URL: &str = "TEST_POSTGRES_URL";

/// What PostgreSQL the tests have.
pub(crate) enum Postgres {
    /// None, because the developer said so.
    LeftOut,
    /// The server that the environment names.
    Given,
    /// A server of our own; it ends when this is dropped.
    Own(Server),
}

impl Postgres {
    /// Finds or starts a server, installing it when it is missing.
    ///
    /// # Errors
    /// With what to do about it when no server could be had.
    pub(crate) fn prepare(databases: Databases) -> Result<Self> {
        if databases == Databases::SqliteOnly {
            return Ok(Self::LeftOut);
        }
        if std::env::var_os(URL).is_some_and(|url| !url.is_empty()) {
            println!("PostgreSQL: the server that {URL} names.");
            return Ok(Self::Given);
        }
        own_server(&[]).map(Self::Own).context(
            "no PostgreSQL for the tests.\n\
             Install the Debian package `postgresql`, or set TEST_POSTGRES_URL=postgres://user:password@host:port/database \
             to a server where the tests may create databases, or leave it out with --sqlite-only",
        )
    }

    /// Tells a program that runs tests where the server is, or that there is none.
    pub(crate) fn hand_to(&self, command: &mut Command) {
        match self {
            Self::LeftOut => command.env_remove(URL),
            Self::Given => command,
            Self::Own(server) => command.env(URL, server.url()),
        };
    }

    /// How many databases the tests made; nothing when the server is not ours to ask.
    ///
    /// # Errors
    /// When the server's log cannot be read.
    pub(crate) fn databases_made(&self) -> Result<Option<usize>> {
        match self {
            Self::LeftOut | Self::Given => Ok(None),
            Self::Own(server) => server.databases_made().map(Some),
        }
    }

    /// The databases of this run in words, for the summary.
    pub(crate) fn in_words(&self) -> String {
        match self {
            Self::LeftOut => "SQLite (PostgreSQL left out with --sqlite-only)".to_owned(),
            Self::Given => format!("SQLite; PostgreSQL, the server that {URL} names"),
            Self::Own(server) => format!("SQLite; {}, a server of our own", server.version()),
        }
    }
}

/// Starts a throw-away server, installing it when it is missing; `settings` such as `work_mem=64MB` go before its own.
///
/// # Errors
/// When it cannot be installed or does not start.
pub(crate) fn own_server(settings: &[&str]) -> Result<Server> {
    let binaries = Binaries::find_or_install()?;
    println!(
        "PostgreSQL: {} in {}.",
        binaries.version,
        binaries.directory.display()
    );
    let server = Server::start(&binaries, settings)?;
    println!("PostgreSQL: throw-away server at {}.", server.url());
    Ok(server)
}
