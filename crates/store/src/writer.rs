//! The one thread that writes to SQLite.
//!
//! It takes the writes that wait, up to [`MAX_GROUP`], runs each in a savepoint of one transaction, and answers them
//! after that transaction is durable. So each writer gets a durable commit, and many writers share the cost of one.

use std::num::NonZeroU32;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use diesel::connection::{
    AnsiTransactionManager, SimpleConnection, TransactionManager, TransactionManagerStatus,
};
use diesel::{Connection, QueryResult};
use domain::dutch::storage;
use tokio::sync::{mpsc, oneshot};

use crate::connection::Conn;
use crate::error::StoreError;

/// Writes that share one commit at most.
const MAX_GROUP: usize = 64;

/// Writes that may wait; past that, senders wait for room.
const MAX_QUEUE: usize = 1_024;

type Transactions = <Conn as Connection>::TransactionManager;

/// The sending end of the queue; clones share the thread.
#[derive(Clone)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Box<dyn Job>>,
}

impl Writer {
    /// Starts the thread on its connection; it ends when the last clone is dropped.
    pub(crate) fn start(mut conn: Conn) -> Result<Self, StoreError> {
        let (queue, mut jobs) = mpsc::channel::<Box<dyn Job>>(MAX_QUEUE);
        thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || {
                let mut group = Vec::with_capacity(MAX_GROUP);
                while jobs.blocking_recv_many(&mut group, MAX_GROUP) > 0 {
                    run_group(&mut conn, &mut group);
                }
            })
            .map_err(|error| StoreError::Unreachable(storage::writer_did_not_start(error)))?;
        Ok(Self { queue })
    }

    /// Queues a transaction and waits until it is durable or undone.
    pub(crate) async fn write<T, E>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Write {
            work: Some(work),
            outcome: None,
            reply,
        });
        self.queue
            .send(job)
            .await
            .map_err(|_closed| StoreError::Busy)?;
        answer
            .await
            .unwrap_or_else(|_dropped| Err(StoreError::Busy.into()))
    }
}

/// A write of any type, so that different ones can share a queue.
trait Job: Send {
    /// Does the work inside a savepoint; the outcome is kept until the group is durable.
    fn run(&mut self, conn: &mut Conn) -> Keep;
    /// Answers whoever waits: with the outcome, or with why the group was lost.
    fn answer(self: Box<Self>, commit: Result<(), StoreError>);
}

#[derive(PartialEq, Eq)]
enum Keep {
    Yes,
    No,
}

struct Write<F, T, E> {
    work: Option<F>,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Job for Write<F, T, E>
where
    F: FnOnce(&mut Conn) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, conn: &mut Conn) -> Keep {
        let Some(work) = self.work.take() else {
            return Keep::No;
        };
        let outcome = catch_unwind(AssertUnwindSafe(|| work(conn))).unwrap_or_else(|_panic| {
            Err(StoreError::Corrupt("a write panicked".to_owned()).into())
        });
        let keep = if outcome.is_ok() { Keep::Yes } else { Keep::No };
        self.outcome = Some(outcome);
        keep
    }

    fn answer(self: Box<Self>, commit: Result<(), StoreError>) {
        let answer = match (commit, self.outcome) {
            (Ok(()), Some(outcome)) => outcome,
            (_, Some(Err(refused))) => Err(refused),
            (Err(lost), _) => Err(lost.into()),
            (Ok(()), None) => Err(StoreError::Busy.into()),
        };
        // Whoever asked may have gone away; then nobody needs the answer.
        drop(self.reply.send(answer));
    }
}

fn run_group(conn: &mut Conn, group: &mut Vec<Box<dyn Job>>) {
    let commit = write_group(conn, group);
    if let Err(error) = &commit {
        tracing::error!(%error, writes = group.len(), "a group of writes was undone");
    }
    for job in group.drain(..) {
        job.answer(match &commit {
            Ok(()) => Ok(()),
            Err(error) => Err(lost(error)),
        });
    }
}

fn write_group(conn: &mut Conn, group: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
    let outcome = begin(conn)
        .and_then(|()| {
            group
                .iter_mut()
                .try_for_each(|job| run_job(conn, job.as_mut()))
        })
        .and_then(|()| Transactions::commit_transaction(conn));
    if outcome.is_err() {
        // What failed may have left the transaction open, or have ended it behind diesel's back, as a full disk does;
        // the next group needs a clean start.
        drop(conn.batch_execute("ROLLBACK"));
        *Transactions::transaction_manager_status_mut(conn) = TransactionManagerStatus::default();
    }
    Ok(outcome?)
}

fn run_job(conn: &mut Conn, job: &mut dyn Job) -> QueryResult<()> {
    Transactions::begin_transaction(conn)?;
    let savepoint = depth(conn)?;
    let keep = job.run(conn);
    // A job that panicked inside a transaction of its own left that one open.
    while depth(conn)? > savepoint {
        Transactions::rollback_transaction(conn)?;
    }
    match keep {
        Keep::Yes => Transactions::commit_transaction(conn),
        Keep::No => Transactions::rollback_transaction(conn),
    }
}

fn depth(conn: &mut Conn) -> QueryResult<Option<NonZeroU32>> {
    Transactions::transaction_manager_status_mut(conn).transaction_depth()
}

/// Takes the write lock at once: a transaction that reads first and writes later can be refused half-way.
fn begin(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Sqlite(sqlite) => {
            AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE")
        }
        #[cfg(feature = "postgres")]
        Conn::Pg(pg) => AnsiTransactionManager::begin_transaction(pg),
    }
}

/// The same failure, once for each job of the group.
fn lost(error: &StoreError) -> StoreError {
    match error {
        StoreError::Busy => StoreError::Busy,
        other => StoreError::Unreachable(storage::not_kept(other)),
    }
}
