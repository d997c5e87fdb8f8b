//! Who works on this database now: each worker holds a lock that ends with it, so that nobody needs a clock to see that
//! it is gone.
//!
//! On SQLite the lock is on a file beside the database, on PostgreSQL it is an advisory lock of a session of its own.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use domain::dutch::storage;

use crate::connection::Location;
#[cfg(feature = "postgres")]
use crate::connection::{Access, Conn, open};
use crate::db::{Db, blocking};
use crate::error::StoreError;

/// A worker that is there as long as this is; clones are the same worker.
#[derive(Clone)]
pub struct Presence(Arc<Inner>);

struct Inner {
    owner: String,
    lock: Mutex<Lock>,
}

enum Lock {
    File(FileLock),
    /// A session that may have been lost; it is opened again at the next look.
    #[cfg(feature = "postgres")]
    Session {
        location: Location,
        number: i64,
        conn: Option<Conn>,
    },
}

/// A file that is locked, and removed at the end.
struct FileLock {
    #[expect(dead_code, reason = "the lock ends when the file is closed")]
    file: File,
    path: PathBuf,
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // Who finds it after all finds it unlocked, which means the same.
        drop(fs::remove_file(&self.path));
    }
}

impl Db {
    /// Begins to work under a name that nobody had or will have.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] when the lock cannot be had.
    pub async fn enter(&self) -> Result<Presence, StoreError> {
        let location = self.location().clone();
        blocking(move || {
            let number = new_number();
            let owner = number.to_string();
            let lock = match &location {
                Location::Sqlite(path) => Lock::File(lock_file(path, &owner)?),
                #[cfg(feature = "postgres")]
                Location::Postgres(_) => Lock::Session {
                    conn: Some(session(&location, number)?),
                    number,
                    location,
                },
                #[cfg(not(feature = "postgres"))]
                Location::Postgres(_) => {
                    return Err(StoreError::Unreachable(
                        storage::without_postgres().to_owned(),
                    ));
                }
            };
            Ok(Presence(Arc::new(Inner {
                owner,
                lock: Mutex::new(lock),
            })))
        })
        .await
    }
}

impl Presence {
    /// The name of this worker in its claims.
    pub fn owner(&self) -> &str {
        &self.0.owner
    }

    /// Which of these workers are gone; none of them ever comes back under that name. Sees to it that this worker is
    /// there, when the database lost sight of it.
    ///
    /// # Errors
    /// [`StoreError::Unreachable`] when the locks cannot be looked at.
    pub async fn gone(&self, owners: Vec<String>) -> Result<Vec<String>, StoreError> {
        let inner = Arc::clone(&self.0);
        blocking(move || {
            let mut lock = inner.lock.lock().unwrap_or_else(PoisonError::into_inner);
            let mut gone = Vec::new();
            for owner in owners {
                if owner != inner.owner && lock.is_gone(&owner)? {
                    gone.push(owner);
                }
            }
            Ok(gone)
        })
        .await
    }
}

impl Lock {
    fn is_gone(&mut self, owner: &str) -> Result<bool, StoreError> {
        // A name that is not a number is of a program before there were locks.
        let Ok(number) = owner.parse::<i64>() else {
            return Ok(true);
        };
        match self {
            Self::File(lock) => {
                let path = lock.path.with_file_name(number.to_string());
                let file = match File::open(&path) {
                    Ok(file) => file,
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(true),
                    Err(error) => return Err(no_lock(&path, &error)),
                };
                match file.try_lock() {
                    Ok(()) => {
                        drop(fs::remove_file(&path));
                        Ok(true)
                    }
                    Err(TryLockError::WouldBlock) => Ok(false),
                    Err(TryLockError::Error(error)) => Err(no_lock(&path, &error)),
                }
            }
            #[cfg(feature = "postgres")]
            Self::Session {
                location,
                number: mine,
                conn,
            } => {
                use crate::dialect::{try_lock, unlock};
                let held = conn.take();
                let mut present = match held {
                    Some(present) => present,
                    None => session(location, *mine)?,
                };
                let is_free = try_lock(&mut present, number)?;
                if is_free {
                    unlock(&mut present, number)?;
                }
                // A session that failed on the way here is not put back.
                *conn = Some(present);
                Ok(is_free)
            }
        }
    }
}

/// A number that nobody else draws, of some nine million million million.
fn new_number() -> i64 {
    rand::random_range(1..i64::MAX)
}

fn lock_file(database: &Path, owner: &str) -> Result<FileLock, StoreError> {
    let mut folder = database.as_os_str().to_owned();
    folder.push("-workers");
    let path = Path::new(&folder).join(owner);
    let locked = fs::create_dir_all(&folder)
        .and_then(|()| File::create_new(&path))
        .and_then(|file| file.lock().map(|()| file));
    match locked {
        Ok(file) => Ok(FileLock { file, path }),
        Err(error) => Err(no_lock(&path, &error)),
    }
}

fn no_lock(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Unreachable(storage::no_lock(path.display(), error))
}

#[cfg(feature = "postgres")]
fn session(location: &Location, number: i64) -> Result<Conn, StoreError> {
    let mut conn =
        open(location, Access::Write).map_err(|error| crate::db::unreachable(location, &error))?;
    if crate::dialect::try_lock(&mut conn, number)? {
        Ok(conn)
    } else {
        // The server has not noticed yet that an earlier session of ours ended.
        Err(StoreError::Busy)
    }
}
