//! Runs a test on both databases, and stores and reads in few words; used by every test here.

use std::sync::Arc;

use domain::links::Link;
use domain::matches::Match;
use domain::members::Member;
use domain::offers::Offer;
use domain::organisations::Organisation;
use domain::requests::Request;
use store::history::Event;
use store::{Conn, Db, Opening, StoreError};
use store::{history, links, matches, members, offers, organisations, requests};

use super::fresh::{Fresh, on_each};

/// Runs a test on each backend, on an empty market; the backend stands in the failure.
pub(crate) fn on_both(body: impl AsyncFn(Db)) {
    on_each(|fresh| {
        let db = open(fresh);
        runtime().block_on(body(db));
    });
}

/// Opens the database, which makes its tables.
pub(crate) fn open(fresh: &Fresh) -> Db {
    Db::open(&fresh.url.parse().unwrap(), Opening::MayCreate).unwrap()
}

/// Threads for a test that waits.
pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

/// What a transaction that must be kept answers.
pub(crate) async fn write<T: Send + 'static>(
    db: &Db,
    work: impl FnOnce(&mut Conn) -> Result<T, StoreError> + Send + 'static,
) -> T {
    db.write(work).await.unwrap()
}

/// Why a transaction was refused.
pub(crate) async fn refused(
    db: &Db,
    work: impl FnOnce(&mut Conn) -> Result<(), StoreError> + Send + 'static,
) -> StoreError {
    db.write(work).await.unwrap_err()
}

/// What a query that must be answered answers.
pub(crate) async fn read<T: Send + 'static>(
    db: &Db,
    work: impl FnOnce(&mut Conn) -> Result<T, StoreError> + Send + 'static,
) -> T {
    db.read(work).await.unwrap()
}

/// Whether a query answers that there is no such row.
pub(crate) async fn is_absent<T: Send + 'static>(
    db: &Db,
    work: impl FnOnce(&mut Conn) -> Result<T, StoreError> + Send + 'static,
) -> bool {
    matches!(db.read(work).await, Err(StoreError::NotFound))
}

/// Runs `work` many times at once, each in its own transaction; gives all answers.
pub(crate) async fn at_once<T: Send + 'static>(
    db: &Db,
    times: usize,
    work: impl Fn(&mut Conn, usize) -> Result<T, StoreError> + Send + Sync + 'static,
) -> Vec<Result<T, StoreError>> {
    let work = Arc::new(work);
    let tasks: Vec<_> = (0..times)
        .map(|number| {
            let (db, work) = (db.clone(), Arc::clone(&work));
            tokio::spawn(async move { db.write(move |conn| work(conn, number)).await })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}

/// What can be stored as it is.
pub(crate) trait Keep: Clone + Send + 'static {
    /// Stores it.
    fn insert(&self, conn: &mut Conn) -> Result<(), StoreError>;
}

/// Stores something in a transaction of its own.
pub(crate) async fn keep(db: &Db, thing: &impl Keep) {
    let thing = thing.clone();
    write(db, move |conn| thing.insert(conn)).await;
}

/// Why something could not be stored.
pub(crate) async fn keep_refused(db: &Db, thing: &impl Keep) -> StoreError {
    let thing = thing.clone();
    refused(db, move |conn| thing.insert(conn)).await
}

impl Keep for Organisation {
    fn insert(&self, conn: &mut Conn) -> Result<(), StoreError> {
        organisations::insert(conn, self)
    }
}

impl Keep for Member {
    fn insert(&self, conn: &mut Conn) -> Result<(), StoreError> {
        members::insert(conn, self)
    }
}

impl Keep for Request {
    fn insert(&self, conn: &mut Conn) -> Result<(), StoreError> {
        requests::insert(conn, self)
    }
}

impl Keep for Offer {
    fn insert(&self, conn: &mut Conn) -> Result<(), StoreError> {
        offers::insert(conn, self)
    }
}

impl Keep for Match {
    fn insert(&self, conn: &mut Conn) -> Result<(), StoreError> {
        assert_eq!(matches::insert(conn, self)?, matches::Inserted::Yes);
        Ok(())
    }
}

impl Keep for Link {
    fn insert(&self, conn: &mut Conn) -> Result<(), StoreError> {
        links::insert(conn, self)
    }
}

impl Keep for Event {
    fn insert(&self, conn: &mut Conn) -> Result<(), StoreError> {
        history::add(conn, self)
    }
}
