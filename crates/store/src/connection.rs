//! One connection type over both databases, and where a database is.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::{ManageConnection, R2D2Connection};
use diesel::result::Error;
use domain::dutch::storage;

use crate::error::StoreError;

/// A connection to either database; outside this crate it is only passed on.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// The shared database.
    #[cfg(feature = "postgres")]
    Pg(PgConnection),
    /// The embedded database.
    Sqlite(SqliteConnection),
}

/// Where a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A file of the embedded database.
    Sqlite(PathBuf),
    /// The address of a PostgreSQL database.
    Postgres(String),
}

impl FromStr for Location {
    type Err = StoreError;

    /// Reads `postgres://…`, `sqlite:PATH` or a path.
    fn from_str(text: &str) -> Result<Self, StoreError> {
        let text = text.trim();
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        let path = match text.split_once("://") {
            Some(("sqlite", path)) => path,
            Some((scheme, _)) => {
                return Err(StoreError::Unreachable(storage::unknown_scheme(scheme)));
            }
            None => text.strip_prefix("sqlite:").unwrap_or(text),
        };
        if path.is_empty() {
            return Err(StoreError::Unreachable(storage::nameless()));
        }
        Ok(Self::Sqlite(path.into()))
    }
}

impl std::fmt::Display for Location {
    /// The location without a password, for messages and logs.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(out, "{}", path.display()),
            Self::Postgres(url) => write!(out, "postgres://{}", without_secrets(url)),
        }
    }
}

/// Host, port and database of an address: a password can stand before the last `@`, and after a question mark.
fn without_secrets(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let before_question = |text: &str| text.split('?').next().unwrap_or_default().to_owned();
    let address = format!("{authority}/{}", before_question(path));
    match address.rsplit_once('@') {
        Some((_, place)) => format!("…@{}", before_question(place)),
        None => before_question(&address),
    }
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    Write,
}

/// Makes connections for a pool, and says plainly what went wrong with one.
#[derive(Debug)]
pub(crate) struct Opener {
    pub(crate) location: Location,
    pub(crate) access: Access,
}

impl ManageConnection for Opener {
    type Connection = Conn;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Conn, Self::Error> {
        open(&self.location, self.access).map_err(Self::Error::ConnectionError)
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), Self::Error> {
        conn.ping().map_err(Self::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        std::thread::panicking() || conn.is_broken()
    }
}

/// Makes settings, again and again while another program has the file locked: SQLite does not wait for its time-out
/// where two change to the write-ahead log at once (sqlite.org/wal.html, "Sometimes Queries Return `SQLITE_BUSY`").
fn set_up(conn: &mut SqliteConnection, settings: &str) -> ConnectionResult<()> {
    const PAUSE: Duration = Duration::from_millis(50);
    let mut tries_left = 100;
    loop {
        match conn.batch_execute(settings) {
            Err(Error::DatabaseError(_, about))
                if about.message().contains("locked") && tries_left > 0 =>
            {
                tries_left -= 1;
                std::thread::sleep(PAUSE);
            }
            other => return other.map_err(ConnectionError::CouldntSetupConfiguration),
        }
    }
}

/// Without these bounds a program that is frozen in the middle of a write would hold its rows, and everybody who wants
/// them, until it wakes: who waits is told that the database is busy, as on SQLite, and a transaction in which nothing
/// is asked any more is undone. Our transactions only compute between two statements.
#[cfg(feature = "postgres")]
const POSTGRES_SETTINGS: &str = "SET TIME ZONE 'UTC'; SET lock_timeout = '5s';
     SET idle_in_transaction_session_timeout = '15s'";

/// Opens one connection. The order of the settings matters: the time-out must be there before the first lock is asked.
pub(crate) fn open(location: &Location, access: Access) -> ConnectionResult<Conn> {
    match location {
        Location::Sqlite(path) => {
            let mut conn = SqliteConnection::establish(&path.to_string_lossy())?;
            let settings =
                "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
                 PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;";
            let only_reads = match access {
                Access::Read => "PRAGMA query_only=1;",
                Access::Write => "",
            };
            set_up(&mut conn, &format!("{settings}{only_reads}"))?;
            Ok(Conn::Sqlite(conn))
        }
        #[cfg(feature = "postgres")]
        Location::Postgres(url) => {
            let mut conn = PgConnection::establish(url)?;
            conn.batch_execute(POSTGRES_SETTINGS)
                .map_err(ConnectionError::CouldntSetupConfiguration)?;
            Ok(Conn::Pg(conn))
        }
        #[cfg(not(feature = "postgres"))]
        Location::Postgres(_) => Err(ConnectionError::BadConnection(
            storage::without_postgres().to_owned(),
        )),
    }
}

/// Lets a connection to SQLite answer before a commit is on the disk; PostgreSQL has settings of its own for it.
pub(crate) fn sync_less(conn: &mut Conn) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(conn) => Ok(conn.batch_execute("PRAGMA synchronous=NORMAL")?),
        #[cfg(feature = "postgres")]
        Conn::Pg(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::fresh::on_each;

    /// Takes the row, and keeps it when the answer is `Ok`.
    fn touch(conn: &mut Conn) -> Result<(), StoreError> {
        Ok(conn.batch_execute("UPDATE touched SET times = times + 1")?)
    }

    #[test]
    fn who_waits_for_one_that_stands_still_is_told_that_the_database_is_busy() {
        on_each(|fresh| {
            let location = fresh.url.parse().unwrap();
            let mut frozen = open(&location, Access::Write).unwrap();
            let mut other = open(&location, Access::Write).unwrap();
            frozen
                .batch_execute(
                    "CREATE TABLE touched (times INTEGER); INSERT INTO touched VALUES (0)",
                )
                .unwrap();
            frozen.batch_execute("BEGIN").unwrap();
            touch(&mut frozen).unwrap();

            let refused = touch(&mut other);
            assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
            if let Conn::Sqlite(conn) = &mut frozen {
                // Only its end frees SQLite.
                conn.batch_execute("ROLLBACK").unwrap();
            }
            let patience = Instant::now() + Duration::from_secs(60);
            while touch(&mut other).is_err() {
                assert!(Instant::now() < patience, "the row was never given back");
            }
        });
    }

    #[test]
    fn an_unknown_scheme_is_refused() {
        assert!("mysql://localhost/x".parse::<Location>().is_err());
        assert!("sqlite:".parse::<Location>().is_err());
    }

    #[test]
    fn a_password_is_not_shown() {
        let shown = |url: &str| url.parse::<Location>().unwrap().to_string();
        assert_eq!(
            shown("postgres://ria:geheim@db/samenspel"),
            "postgres://…@db/samenspel"
        );
        assert_eq!(
            shown("postgres://db/samenspel?password=geh/e@im"),
            "postgres://db/samenspel"
        );
        assert_eq!(shown("postgres://db?password=geheim"), "postgres://db");
        for odd in ["geh?eim", "geh/eim", "geh@eim"] {
            let said = shown(&format!(
                "postgres://ria:{odd}@db:5432/samenspel?sslmode=prefer"
            ));
            assert_eq!(said, "postgres://…@db:5432/samenspel", "{odd}");
        }
    }
}
