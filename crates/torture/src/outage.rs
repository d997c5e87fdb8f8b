//! A relay that is gone for a day of virtual time while letters wait: none is lost, no attempt is used, what came too
//! late is not sent, and the rest goes at the rate that was set.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::ledger::Ledger;
use crate::market::{self, Market};
use crate::program::{Ground, Program};
use crate::relay::{Relay, Script};

/// Hours the relay is gone.
const HOURS: i64 = 24;

/// How long before that the letters were written that are too late after it: a confirmation is of use for seven days.
const TOO_LATE: TimeDelta = TimeDelta::hours(7 * 24 - 12);

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Letters that waited for the relay.
    pub waiting: usize,
    /// Looks at the outbox while the relay was gone.
    pub looks: usize,
    /// Attempts that were used; should be none.
    pub attempts: usize,
    /// Letters that should go in a minute.
    pub rate: usize,
    /// Letters that went in each full minute after the relay came back.
    pub in_each_minute: Vec<usize>,
    /// Letters that were too late.
    pub expired: usize,
    /// Letters that were too late and were sent nevertheless; should be none.
    pub sent_too_late: usize,
    /// What the letters and the relay say in the end.
    pub ledger: Ledger,
}

impl Report {
    /// What should not be; empty when all is well.
    pub fn wrong(&self) -> Vec<String> {
        let mut ledger = self.ledger.clone();
        ledger.lost = ledger.lost.saturating_sub(self.expired);
        ledger.unfinished = ledger.unfinished.saturating_sub(self.expired);
        let mut wrong = ledger.wrong();
        let none = [
            (self.attempts, "attempts were used"),
            (self.sent_too_late, "letters were sent too late"),
        ];
        for (count, what) in none.into_iter().filter(|(count, _)| *count > 0) {
            wrong.push(format!("{count} {what}"));
        }
        // The last minute may be part of one.
        let full = self
            .in_each_minute
            .split_last()
            .map_or(&[][..], |(_, full)| full);
        if full
            .iter()
            .any(|sent| sent.abs_diff(self.rate) * 20 > self.rate)
        {
            wrong.push(format!("not at the rate of {}: {full:?}", self.rate));
        }
        wrong
    }
}

/// So many letters wait for a day, of which one in ten is too late then.
///
/// # Errors
/// When the program does not do its work.
pub fn run(program: &Program, letters: usize, rate: usize) -> Result<Report> {
    let folder = tempfile::tempdir()?;
    let clock = Calendar {
        file: folder.path().join("clock"),
        start: Utc::now(),
    };
    clock.set(TimeDelta::zero() - TOO_LATE)?;
    let relay = Relay::start(Script::new())?;
    relay.go_down();
    let ground = ground(program, &relay, &clock.file, rate)?;
    let server = ground.serve(&[])?;
    let late = letters / 10;
    for number in 0..late {
        server.register(&format!("nel{number}@nieuw.example"))?;
    }
    clock.set(TimeDelta::zero())?;
    let market = Market::open(&ground)?;
    market.use_servers(vec![server.base().to_owned()]);
    market.offer(letters / 2)?;
    for number in 0..(letters - late) / 2 {
        market.ask(number)?;
    }
    server.stop()?;

    let mut report = Report {
        waiting: ground.outbox()?.len(),
        rate,
        ..Report::default()
    };
    for minutes in (0..HOURS * 60).step_by(15) {
        clock.set(TimeDelta::minutes(minutes))?;
        deliver(&ground)?;
        report.looks += 1;
    }
    report.attempts = ground.outbox()?.iter().map(attempts).sum();
    relay.come_back();
    for minute in 1.. {
        clock.set(TimeDelta::hours(HOURS) + TimeDelta::minutes(minute))?;
        let done = deliver(&ground)?;
        let number = |name: &str| {
            let found = done.get(name).and_then(Value::as_u64);
            usize::try_from(found.unwrap_or(0)).unwrap_or(usize::MAX)
        };
        if number("sent") + number("expired") == 0 {
            break;
        }
        report.in_each_minute.push(number("sent"));
    }
    let outbox = ground.outbox()?;
    let has = |each: &&Value, name: &str, value: &str| {
        each.get(name).and_then(Value::as_str) == Some(value)
    };
    report.expired = outbox
        .iter()
        .filter(|each| has(each, "state", "expired"))
        .count();
    report.sent_too_late = outbox
        .iter()
        .filter(|each| has(each, "kind", "confirmation") && has(each, "state", "sent"))
        .count();
    report.ledger = Ledger::of(&ground, &relay)?;
    Ok(report)
}

/// The time that the program is told.
struct Calendar {
    file: PathBuf,
    start: DateTime<Utc>,
}

impl Calendar {
    fn set(&self, since_start: TimeDelta) -> Result<()> {
        Ok(std::fs::write(
            &self.file,
            (self.start + since_start).to_rfc3339(),
        )?)
    }
}

fn ground(program: &Program, relay: &Relay, clock: &Path, rate: usize) -> Result<Ground> {
    let (clock, rate) = (clock.display().to_string(), rate.to_string());
    let own = [
        ("SAMENSPEL_CLOCK_FILE", clock.as_str()),
        ("SAMENSPEL_OUTBOX__PER_MINUTE", rate.as_str()),
    ];
    market::ground(program, relay, None, &[&market::QUIET[..], &own].concat())
}

fn deliver(ground: &Ground) -> Result<Value> {
    let said = ground.run(&["outbox", "deliver", "--once", "--json"])?;
    serde_json::from_str(&said).context("the program did not count its letters")
}

fn attempts(delivery: &Value) -> usize {
    let found = delivery.get("attempts").and_then(Value::as_u64);
    usize::try_from(found.unwrap_or(0)).unwrap_or(usize::MAX)
}
