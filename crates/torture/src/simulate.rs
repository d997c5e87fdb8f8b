//! Many small histories by chance, in virtual time: letters, a relay that misbehaves, a clock that jumps, writes that
//! fail and programs that end, in an order that a seed decides; the same seed is the same history.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};
use chrono::{DateTime, TimeDelta, Utc};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::Value;

use crate::ledger::Ledger;
use crate::market::{self, Market};
use crate::program::{Ground, Program};
use crate::relay::{Act, Moment, Relay, Script, When};

/// Steps of a history.
const STEPS: usize = 24;

/// Introductions of a history, each a letter to two.
const INTRODUCTIONS: usize = 6;

/// States in which a delivery may stay for good.
const ENDS: [&str; 6] = [
    "sent",
    "failed",
    "dead",
    "expired",
    "withdrawn",
    "ambiguous",
];

/// What came of some histories.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Histories.
    pub seeds: usize,
    /// Deliveries in all of them.
    pub letters: usize,
    /// Programs that ended in the middle of a write.
    pub broken: usize,
    /// Times that nobody knew whether the relay had a letter.
    pub uncertain: usize,
    /// Copies more than one.
    pub copies: usize,
    /// What should not be, with its seed; empty when all is well.
    pub wrong: Vec<String>,
}

/// Plays the histories of so many seeds from `first` on.
///
/// # Errors
/// When the program does not do its work where nothing is broken.
pub fn run(program: &Program, first: u64, seeds: usize) -> Result<Report> {
    let mut report = Report::default();
    for seed in (first..).take(seeds) {
        let mut history = History::begin(program, seed)?;
        for _ in 0..STEPS {
            history.step()?;
        }
        history.end(&mut report)?;
        report.seeds += 1;
    }
    Ok(report)
}

/// One history.
struct History {
    seed: u64,
    chance: StdRng,
    ground: Ground,
    relay: Relay,
    clock: PathBuf,
    now: DateTime<Utc>,
    broken: usize,
    _folder: tempfile::TempDir,
}

impl History {
    fn begin(program: &Program, seed: u64) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let clock = folder.path().join("clock");
        let now = Utc::now();
        std::fs::write(&clock, now.to_rfc3339())?;
        let relay = Relay::start(Script::new().seed(seed))?;
        let ground = ground(program, &relay, &clock)?;
        let market = Market::open(&ground)?;
        let server = ground.serve(&[])?;
        market.use_servers(vec![server.base().to_owned()]);
        market.offer(INTRODUCTIONS)?;
        for number in 0..INTRODUCTIONS {
            market.ask(number)?;
        }
        server.stop()?;
        Ok(Self {
            seed,
            chance: StdRng::seed_from_u64(seed),
            ground,
            relay,
            clock,
            now,
            broken: 0,
            _folder: folder,
        })
    }

    /// One thing that happens, by chance.
    fn step(&mut self) -> Result<()> {
        match self.chance.random_range(0..10) {
            0 => self.relay.go_down(),
            1 => self.relay.come_back(),
            2 | 3 => {
                let script = misbehaving(&mut self.chance);
                self.relay.follow(script);
            }
            4 | 5 => {
                // A clock that is set right may also go back.
                let minutes = self.chance.random_range(-30..600);
                self.now += TimeDelta::minutes(minutes);
                std::fs::write(&self.clock, self.now.to_rfc3339())?;
            }
            _ => self.deliver()?,
        }
        Ok(())
    }

    /// Delivers what is due; sometimes a write fails or the program ends in it.
    fn deliver(&mut self) -> Result<()> {
        let mut command = self.ground.command(&[], &["outbox", "deliver", "--once"]);
        if self.chance.random_bool(0.5) {
            let faults = ["error", "crash_before", "crash_after"];
            let fault = faults.choose(&mut self.chance).copied().unwrap_or("error");
            let number = self.chance.random_range(1..20);
            command.env("SAMENSPEL_FAULT", format!("{number}:{fault}"));
        }
        let output = command.output()?;
        self.broken += usize::from(!output.status.success());
        Ok(())
    }

    /// The relay works, days go by, and everything must be at an end that agrees with what the relay took.
    fn end(mut self, report: &mut Report) -> Result<()> {
        self.relay.come_back();
        self.relay.follow(Script::new());
        for _day in 0..8 {
            self.now += TimeDelta::hours(24);
            std::fs::write(&self.clock, self.now.to_rfc3339())?;
            self.ground.run(&["outbox", "deliver", "--once"])?;
        }
        let mut wrong = Vec::new();
        for delivery in self.ground.outbox()? {
            let state = delivery.get("state").and_then(Value::as_str);
            let state = state.context("a delivery without state")?;
            if !ENDS.contains(&state) {
                wrong.push(format!("a delivery stays {state}"));
            }
        }
        let ledger = Ledger::of(&self.ground, &self.relay)?;
        let none = [
            (
                ledger.sent_in_name_only,
                "are marked sent and never arrived",
            ),
            (ledger.unannounced, "copies were not known to be possible"),
            (ledger.different, "have copies that differ"),
            (ledger.unknown, "are not known to the program"),
        ];
        let found = none.into_iter().filter(|(count, _)| *count > 0);
        wrong.extend(found.map(|(count, what)| format!("{count} letters {what}")));
        report.letters += ledger.letters;
        report.uncertain += ledger.uncertain;
        report.copies += ledger.copies;
        report.broken += self.broken;
        let seed = self.seed;
        report
            .wrong
            .extend(wrong.into_iter().map(|what| format!("seed {seed}: {what}")));
        Ok(())
    }
}

/// A relay that does some wrong things, each with some probability.
fn misbehaving(chance: &mut StdRng) -> Script {
    let moments = [
        Moment::Connected,
        Moment::Hello,
        Moment::Mail,
        Moment::Rcpt,
        Moment::Data,
        Moment::Midway,
        Moment::Content,
        Moment::Between,
    ];
    let mut script = Script::new();
    for _ in 0..chance.random_range(0..4) {
        let act = match chance.random_range(0..7) {
            0 => Act::say("451 4.3.0 later"),
            1 => Act::say("550 5.7.1 no"),
            2 => Act::Close("421 4.3.2 busy".to_owned()),
            3 => Act::Drop,
            4 => Act::Bytes(vec![0, 159, 146, 150, 13, 10]),
            5 => Act::accepted(Act::Drop),
            _ => Act::Slowly(Duration::from_millis(1)),
        };
        let mut moment = moments.choose(chance).copied().unwrap_or(Moment::Content);
        if moment == Moment::Midway && matches!(act, Act::Slowly(_)) {
            // A relay that slowly says 250 while it has half of a letter, and keeps nothing, lies: by the time the last
            // digit comes it has been sent all of it, and no client can see the difference.
            moment = Moment::Content;
        }
        let often = When::Chance(chance.random_range(0.1..0.9));
        script = script.rule(moment, often, act);
    }
    script
}

fn ground(program: &Program, relay: &Relay, clock: &Path) -> Result<Ground> {
    let clock = clock.display().to_string();
    let own = [
        ("SAMENSPEL_CLOCK_FILE", clock.as_str()),
        // One after the other, so that a seed is one history.
        ("SAMENSPEL_OUTBOX__WORKERS", "1"),
        ("SAMENSPEL_MAIL__COMMAND_SECONDS", "5"),
        ("SAMENSPEL_MAIL__CONTENT_SECONDS", "5"),
    ];
    market::ground(program, relay, None, &[&market::QUIET[..], &own].concat())
}
