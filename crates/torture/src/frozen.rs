//! Freezes a worker at some moment, lets another finish its work, wakes the first, and looks whether it still writes.

use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::Value;

use crate::database::Postgres;
use crate::ledger::Ledger;
use crate::market::{self, Market};
use crate::program::{Ground, Program, signal};
use crate::relay::{Relay, Script};

/// Introductions a round, each a letter to two.
const EACH: usize = 3;

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Whether it was on PostgreSQL, where nobody can stand in the way for long.
    pub on_postgres: bool,
    /// Workers that were frozen and woken.
    pub frozen: usize,
    /// Those that had claims when they were frozen.
    pub with_claims: usize,
    /// Those that were frozen in the middle of a write, so that nobody could take over before they woke; on SQLite only.
    pub while_writing: usize,
    /// Deliveries that changed after a worker was woken whose claims had gone to another.
    pub late_writes: usize,
    /// What the letters and the relay say in the end.
    pub ledger: Ledger,
}

impl Report {
    /// What should not be; empty when all is well.
    pub fn wrong(&self) -> Vec<String> {
        let mut wrong = self.ledger.wrong();
        if self.late_writes > 0 {
            wrong.push(format!("{} late writes", self.late_writes));
        }
        let could_not = if self.on_postgres { 0 } else { self.frozen / 2 };
        if self.while_writing > could_not {
            wrong.push(format!("{} could not be taken over", self.while_writing));
        }
        if self.with_claims == 0 {
            wrong.push("no worker was frozen while it had a letter".to_owned());
        }
        wrong
    }
}

/// Freezes and wakes so many workers, on SQLite or on a PostgreSQL server.
///
/// # Errors
/// When the program does not do its work.
pub fn run(program: &Program, postgres: Option<&str>, rounds: usize, seed: u64) -> Result<Report> {
    let folder = tempfile::tempdir()?;
    let (clock, later) = (folder.path().join("clock"), folder.path().join("later"));
    let slow = Duration::ZERO..=Duration::from_millis(20);
    let relay = Relay::start(Script::new().seed(seed).ack_delay(slow))?;
    let database = postgres.map(Postgres::make).transpose()?;
    let now = chrono::Utc::now();
    std::fs::write(&clock, now.to_rfc3339())?;
    let told = clock.display().to_string();
    let own = [
        ("SAMENSPEL_CLOCK_FILE", told.as_str()),
        ("SAMENSPEL_OUTBOX__WORKERS", "2"),
    ];
    let settings = [&market::QUIET[..], &own].concat();
    let ground = market::ground(program, &relay, database.as_ref(), &settings)?;
    let market = Market::open(&ground)?;
    let server = ground.serve(&[])?;
    market.use_servers(vec![server.base().to_owned()]);
    market.offer(rounds * EACH)?;

    let mut report = Report {
        on_postgres: database.is_some(),
        ..Report::default()
    };
    let mut chance = StdRng::seed_from_u64(seed);
    for round in 0..rounds {
        for number in 0..EACH {
            market.ask(round * EACH + number)?;
        }
        // For the other, the lease of the frozen one is over.
        std::fs::write(&later, (now + chrono::TimeDelta::minutes(30)).to_rfc3339())?;
        let other_clock = later.display().to_string();
        freeze(&ground, &relay, &mut chance, &other_clock, &mut report)?;
    }
    server.stop()?;
    for hours in [2, 4] {
        std::fs::write(&clock, (now + chrono::TimeDelta::hours(hours)).to_rfc3339())?;
        ground.run(&["outbox", "deliver", "--once"])?;
    }
    report.ledger = Ledger::of(&ground, &relay)?;
    Ok(report)
}

fn freeze(
    ground: &Ground,
    relay: &Relay,
    chance: &mut StdRng,
    other_clock: &str,
    report: &mut Report,
) -> Result<()> {
    let connections = relay.seen().connections;
    let mut worker = ground
        .command(&[], &["outbox", "deliver", "--once"])
        .stdout(Stdio::null())
        .spawn()?;
    let patience = Instant::now() + Duration::from_secs(30);
    while relay.seen().connections == connections {
        if worker.try_wait()?.is_some() || Instant::now() > patience {
            bail!("a worker never came to the relay");
        }
        thread::sleep(Duration::from_millis(1));
    }
    thread::sleep(Duration::from_micros(chance.random_range(0..40_000)));
    signal(worker.id(), "STOP")?;
    let held = count(&ground.outbox()?, &["leased", "in_data"]);
    report.frozen += 1;
    report.with_claims += usize::from(held > 0);
    let before = taken_over(ground, other_clock, report.on_postgres)?;
    signal(worker.id(), "CONT")?;
    worker.wait()?;
    let Some(before) = before else {
        report.while_writing += 1;
        return Ok(());
    };
    let after = ground.outbox()?;
    report.late_writes += before
        .iter()
        .zip(&after)
        .filter(|(one, other)| one != other)
        .count();
    Ok(())
}

/// The deliveries when another has done the work of the frozen one; nothing when that was frozen in the middle of a write
/// and holds the database until it wakes. PostgreSQL undoes such a write after a while.
fn taken_over(ground: &Ground, other_clock: &str, is_postgres: bool) -> Result<Option<Vec<Value>>> {
    let patience = Instant::now() + Duration::from_secs(60);
    loop {
        let worked = ground.run_with(
            &[("SAMENSPEL_CLOCK_FILE", other_clock)],
            &["outbox", "deliver", "--once"],
        );
        let outbox = ground.outbox()?;
        if worked.is_ok() && count(&outbox, &["leased", "in_data", "ready"]) == 0 {
            return Ok(Some(outbox));
        }
        if !is_postgres || Instant::now() > patience {
            return Ok(None);
        }
    }
}

fn count(outbox: &[Value], states: &[&str]) -> usize {
    let is_one = |each: &&Value| {
        let state = each.get("state").and_then(Value::as_str);
        state.is_some_and(|state| states.contains(&state))
    };
    outbox.iter().filter(is_one).count()
}
