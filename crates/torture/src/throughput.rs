//! How fast introductions are taken in and letters go, each beside the least that could be done: a bare loop of inserts
//! into the same database, and the load generator of a mail server to the same relay.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection, SqliteConnection};

use crate::database::Postgres;
use crate::market::{self, Market};
use crate::program::{Ground, Program};
use crate::relay::{Relay, Script};

/// Clients that post at once, and writers of the bare loop.
const CLIENTS: usize = 16;

/// Bytes of a letter of the load generator: about those of an introduction.
const LETTER_BYTES: &str = "6000";

/// What is done.
#[derive(Debug, Clone)]
pub struct Plan<'a> {
    /// Introductions, each a letter to two.
    pub introductions: usize,
    /// A PostgreSQL server; otherwise SQLite.
    pub postgres: Option<String>,
    /// The load generator of Postfix.
    pub smtp_source: &'a Path,
    /// Letters handed over at once by either.
    pub workers: usize,
}

/// What came of it, all per second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Report {
    /// Introductions taken in over HTTP: each a request, a match and a letter to two, durable before the answer.
    pub introductions: f64,
    /// Rows of a bare loop of inserts, each durable by itself.
    pub inserts: f64,
    /// Letters that the program delivered.
    pub deliveries: f64,
    /// Letters that the load generator delivered.
    pub source: f64,
}

impl Report {
    /// Introductions for each bare insert.
    pub fn of_inserts(&self) -> f64 {
        self.introductions / self.inserts
    }

    /// Deliveries for each letter of the load generator.
    pub fn of_source(&self) -> f64 {
        self.deliveries / self.source
    }
}

/// Measures all four, one after the other.
///
/// # Errors
/// When one of them does not do its work.
pub fn run(program: &Program, plan: &Plan<'_>) -> Result<Report> {
    let relay = Relay::start(Script::new())?;
    let database = plan.postgres.as_deref().map(Postgres::make).transpose()?;
    let ground = ground(program, &relay, database.as_ref(), plan.workers)?;
    let market = Market::open(&ground)?;
    let server = ground.serve(&[])?;
    market.use_servers(vec![server.base().to_owned()]);
    market.offer(plan.introductions)?;
    let took = post(&market, plan.introductions)?;
    let introductions = rate(plan.introductions, took);
    server.stop()?;

    let began = Instant::now();
    ground.run(&["outbox", "deliver", "--once"])?;
    let deliveries = rate(relay.taken().len(), began.elapsed());
    let began = Instant::now();
    let letters = 2 * plan.introductions;
    source(plan, &relay, letters)?;
    Ok(Report {
        introductions,
        inserts: inserts(&ground, database.as_ref(), plan.introductions)?,
        deliveries,
        source: rate(letters, began.elapsed()),
    })
}

fn rate(count: usize, took: Duration) -> f64 {
    let count = u32::try_from(count).map_or(f64::INFINITY, f64::from);
    count / took.as_secs_f64().max(f64::MIN_POSITIVE)
}

fn ground(
    program: &Program,
    relay: &Relay,
    database: Option<&Postgres>,
    workers: usize,
) -> Result<Ground> {
    let workers = workers.to_string();
    let own = [("SAMENSPEL_OUTBOX__WORKERS", workers.as_str())];
    let settings = [&market::QUIET[..], &own].concat();
    market::ground(program, relay, database, &settings)
}

/// Posts so many requests by several clients; how long that took.
fn post(market: &Market, introductions: usize) -> Result<Duration> {
    let (next, failed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let began = Instant::now();
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= introductions {
                        return;
                    }
                    if market.ask(number).is_err() {
                        failed.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    match failed.into_inner() {
        0 => Ok(began.elapsed()),
        some => bail!("{some} requests were not taken"),
    }
}

/// Sends so many letters with the load generator, each on a connection that is kept.
fn source(plan: &Plan<'_>, relay: &Relay, letters: usize) -> Result<()> {
    // Where it was only unpacked, its libraries are beside it and not where the system looks.
    let prefix = plan.smtp_source.ancestors().nth(2);
    let libraries = prefix.unwrap_or(Path::new("/usr")).join("lib/postfix");
    let status = Command::new(plan.smtp_source)
        .env("LD_LIBRARY_PATH", libraries)
        .args(["-d", "-s", &plan.workers.to_string()])
        .args(["-m", &letters.to_string(), "-l", LETTER_BYTES])
        .args(["-f", "bron@nieuw.example", "-t", "doel@nieuw.example"])
        .arg(format!("inet:127.0.0.1:{}", relay.port()))
        .stdout(Stdio::null())
        .status()
        .with_context(|| format!("{} cannot be run", plan.smtp_source.display()))?;
    if !status.success() {
        bail!("the load generator ended with {status}");
    }
    Ok(())
}

/// Bare inserts into a table of the same database, one a transaction and one after the other; rows per second.
fn inserts(ground: &Ground, database: Option<&Postgres>, count: usize) -> Result<f64> {
    const TABLE: &str = "CREATE TABLE bare (id TEXT PRIMARY KEY NOT NULL, body TEXT NOT NULL)";
    let row = |number: usize| {
        format!(
            "INSERT INTO bare (id, body) VALUES ('row{number}', '{}')",
            "x".repeat(500)
        )
    };
    match database {
        Some(database) => {
            let mut conn = PgConnection::establish(&database.url())?;
            conn.batch_execute(TABLE)?;
            let began = Instant::now();
            for number in 0..count {
                conn.batch_execute(&row(number))?;
            }
            Ok(rate(count, began.elapsed()))
        }
        None => {
            let file = ground.database().display().to_string();
            let mut conn = SqliteConnection::establish(&file)?;
            conn.batch_execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")?;
            conn.batch_execute(TABLE)?;
            let began = Instant::now();
            for number in 0..count {
                conn.batch_execute(&row(number))?;
            }
            Ok(rate(count, began.elapsed()))
        }
    }
}
