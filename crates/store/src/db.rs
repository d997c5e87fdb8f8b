//! The way in: lends connections to closures, on threads where waiting is allowed.

use std::sync::Arc;

use diesel::prelude::*;
use diesel::r2d2::Pool;
use domain::dutch::storage;
use tokio::task::spawn_blocking;

use crate::connection::{Access, Conn, Location, Opener, open, sync_less};
use crate::error::StoreError;
use crate::writer::Writer;
use crate::{backups, faults, idempotency, migrate};

/// Connections that read at once on SQLite, and that read or write at once on PostgreSQL.
const READERS: u32 = 4;
const POSTGRES_CONNECTIONS: u32 = 16;

/// Whether opening a database may make a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// The database must be there: a mistyped path is an error, never a new empty database.
    Existing,
    /// A file that is not there is made.
    MayCreate,
}

/// What a commit is worth when the power fails; PostgreSQL decides that by its own settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// It is on the disk.
    Full,
    /// SQLite may lose the last ones, and damages nothing.
    Normal,
}

/// A database that is open; clones share it.
#[derive(Clone)]
pub struct Db {
    readers: Pool<Opener>,
    writer: Writing,
    location: Arc<Location>,
}

/// SQLite takes one writer at a time, so its writes queue for one thread; PostgreSQL sorts writers out itself.
#[derive(Clone)]
enum Writing {
    OneThread(Writer),
    Pool(Pool<Opener>),
}

impl Db {
    /// Opens a database and brings its tables up to date.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] with what to do, when it is not there or cannot be opened.
    pub fn open(location: &Location, opening: Opening) -> Result<Self, StoreError> {
        Self::open_with(location, opening, Durability::Full)
    }

    /// The same, with commits that are worth this much.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(
        location: &Location,
        opening: Opening,
        durability: Durability,
    ) -> Result<Self, StoreError> {
        if let Location::Sqlite(path) = location {
            if opening == Opening::Existing && !path.exists() {
                return Err(StoreError::Unreachable(storage::missing(path.display())));
            }
            let folder = path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty());
            if folder.is_some_and(|folder| !folder.is_dir()) {
                return Err(StoreError::Unreachable(storage::folder_missing(
                    path.display(),
                )));
            }
        }
        let mut first =
            open(location, Access::Write).map_err(|error| unreachable(location, &error))?;
        backups::refuse_unfinished(&mut first)?;
        migrate::up(&mut first)?;
        if durability == Durability::Normal {
            sync_less(&mut first)?;
        }
        let writer = match location {
            Location::Sqlite(_) => Writing::OneThread(Writer::start(first)?),
            Location::Postgres(_) => {
                Writing::Pool(pool(location, Access::Write, POSTGRES_CONNECTIONS))
            }
        };
        let readers = match &writer {
            Writing::Pool(pool) => pool.clone(),
            Writing::OneThread(_) => pool(location, Access::Read, READERS),
        };
        Ok(Self {
            readers,
            writer,
            location: Arc::new(location.clone()),
        })
    }

    /// Where the database is.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Runs queries that change nothing.
    ///
    /// # Errors
    /// What the closure answers, or [`StoreError`] when there is no connection to be had.
    pub async fn read<T, E>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let readers = self.readers.clone();
        blocking(move || work(&mut *readers.get().map_err(|error| busy(&error))?)).await
    }

    /// Runs a transaction: everything the closure wrote is kept when it answers `Ok`, and nothing when it does not.
    /// `Ok` comes back only after the database made it durable.
    ///
    /// # Errors
    /// What the closure answers, or [`StoreError`] when the transaction could not be kept.
    pub async fn write<T, E>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let fault = faults::of_this_write();
        let key = idempotency::of_this_write();
        let claim = key.clone();
        let work = move |conn: &mut Conn| {
            claim.take(conn)?;
            let done = work(conn)?;
            fault.before_commit()?;
            Ok(done)
        };
        let answer = match &self.writer {
            Writing::OneThread(writer) => writer.write(work).await,
            Writing::Pool(pool) => {
                let pool = pool.clone();
                blocking(move || transaction(&mut *pool.get().map_err(|error| busy(&error))?, work))
                    .await
            }
        };
        fault.after_commit();
        if answer.is_ok() {
            key.committed();
        }
        answer
    }

    /// Answers whether the database can be read now.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.read(|conn| Ok(diesel::sql_query("SELECT 1").execute(conn).map(drop)?))
            .await
    }
}

/// Diesel's own transaction wants an error made from diesel's; ours carries the closure's error past it.
fn transaction<T, E: From<StoreError>>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    enum Outcome<E> {
        Refused(E),
        Failed(diesel::result::Error),
    }
    impl<E> From<diesel::result::Error> for Outcome<E> {
        fn from(error: diesel::result::Error) -> Self {
            Self::Failed(error)
        }
    }
    conn.transaction(|conn| work(conn).map_err(Outcome::Refused))
        .map_err(|outcome| match outcome {
            Outcome::Refused(error) => error,
            Outcome::Failed(error) => StoreError::from(error).into(),
        })
}

pub(crate) async fn blocking<T, E>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    spawn_blocking(work).await.unwrap_or_else(|error| {
        Err(StoreError::Corrupt(format!("a query panicked: {error}")).into())
    })
}

fn pool(location: &Location, access: Access, size: u32) -> Pool<Opener> {
    Pool::builder()
        .max_size(size)
        .min_idle(Some(1))
        .connection_timeout(std::time::Duration::from_secs(10))
        .build_unchecked(Opener {
            location: location.clone(),
            access,
        })
}

fn busy(error: &diesel::r2d2::PoolError) -> StoreError {
    tracing::warn!(%error, "no database connection to be had");
    StoreError::Busy
}

pub(crate) fn unreachable(location: &Location, error: &ConnectionError) -> StoreError {
    StoreError::Unreachable(storage::unreachable(location, error))
}
