//! Breaks every write of the program in turn, one a run, in three ways, and looks whether the next start ends where a
//! run without a fault ends.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::database::Postgres;
use crate::ledger::Ledger;
use crate::market::{self, Market};
use crate::program::{Ground, Program};
use crate::relay::{Act, Moment, Relay, Script, When};

/// The ways to break a write, as the program knows them.
const FAULTS: [&str; 3] = ["error", "crash_before", "crash_after"];

/// What the program says when it broke a write.
const SAID: &str = "on purpose";

/// More writes than any of the scenes has.
const MAX_WRITES: usize = 500;

/// A command whose writes are broken, on a database prepared for it, at a time.
struct Scene {
    name: &'static str,
    command: &'static [&'static str],
    hours_later: i64,
}

/// Introductions are made; letters go, after a worker died; and a week later everybody is asked how it went.
const SCENES: [Scene; 3] = [
    Scene {
        name: "introductions are made",
        command: &["rematch"],
        hours_later: 0,
    },
    Scene {
        name: "letters go",
        command: &["outbox", "deliver", "--once"],
        hours_later: 3,
    },
    Scene {
        name: "a week later",
        command: &["run", "--once"],
        hours_later: 24 * 8,
    },
];

/// What came of one scene with one fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swept {
    /// The scene.
    pub scene: &'static str,
    /// The fault.
    pub fault: &'static str,
    /// Writes that were broken, one a run.
    pub writes: usize,
    /// What did not end as it should; empty when all is well.
    pub wrong: Vec<String>,
}

/// Sweeps every scene with every fault, on SQLite or on a PostgreSQL server; breaks one write in `stride`, 1 for all.
///
/// # Errors
/// When the program does not do its work without a fault.
pub fn run(program: &Program, postgres: Option<&str>, stride: usize) -> Result<Vec<Swept>> {
    let folder = tempfile::tempdir()?;
    let clock = folder.path().join("clock");
    let site = Site::prepare(program, postgres, &clock)?;
    let mut found = Vec::new();
    for scene in &SCENES {
        site.move_clock(scene.hours_later)?;
        // What a run without a fault ends with.
        let good = site.copy()?;
        good.ground.run(scene.command)?;
        good.repair()?;
        let expected = good.letters()?;
        for fault in FAULTS {
            found.push(site.sweep(scene, fault, stride, &expected)?);
        }
        site.ground.run(scene.command)?;
        if scene.command == ["rematch"] {
            site.leave_a_dead_worker()?;
        } else {
            // A letter that was uncertain twice waits for a person; here each run has one fault.
            site.repair()?;
        }
    }
    Ok(found)
}

/// A ground with its database, its relay and its clock.
struct Site<'a> {
    ground: Ground,
    database: Option<Postgres>,
    relay: Relay,
    clock: &'a Path,
    start: chrono::DateTime<chrono::Utc>,
    program: Program,
}

impl<'a> Site<'a> {
    /// Three requests and an offer that fit, of which nothing came yet.
    fn prepare(program: &Program, postgres: Option<&str>, clock: &'a Path) -> Result<Self> {
        let database = postgres.map(Postgres::make).transpose()?;
        let relay = Relay::start(Script::new())?;
        let start = chrono::Utc::now();
        std::fs::write(clock, start.to_rfc3339())?;
        let told = clock.display().to_string();
        let mut own = own(&told);
        // Nothing is good enough to be proposed.
        own.push(("SAMENSPEL_MATCHING__WEIGHTS__PROPOSAL_THRESHOLD", "1.0"));
        let ground = market::ground(program, &relay, database.as_ref(), &own)?;
        let market = Market::open(&ground)?;
        let server = ground.serve(&[])?;
        market.use_servers(vec![server.base().to_owned()]);
        // One offer, so that each request has one pair and a second rematch finds nothing new.
        market.offer(0)?;
        for number in 0..3 {
            market.ask(number)?;
        }
        server.stop()?;
        let ground = ground.copy(&settings(&relay, database.as_ref(), clock))?;
        Ok(Self {
            ground,
            database,
            relay,
            clock,
            start,
            program: program.clone(),
        })
    }

    fn move_clock(&self, hours: i64) -> Result<()> {
        let time = self.start + chrono::TimeDelta::hours(hours);
        Ok(std::fs::write(self.clock, time.to_rfc3339())?)
    }

    /// The same database once more, with a relay of its own that has what the first one has.
    fn copy(&self) -> Result<Self> {
        let database = self.database.as_ref().map(Postgres::copy).transpose()?;
        let relay = Relay::start(Script::new())?;
        let ground = self
            .ground
            .copy(&settings(&relay, database.as_ref(), self.clock))?;
        Ok(Self {
            ground,
            database,
            relay,
            clock: self.clock,
            start: self.start,
            program: self.program.clone(),
        })
    }

    /// Breaks the first write, then the second, and so on until there is none left.
    fn sweep(
        &self,
        scene: &Scene,
        fault: &'static str,
        stride: usize,
        expected: &BTreeMap<String, usize>,
    ) -> Result<Swept> {
        let mut swept = Swept {
            scene: scene.name,
            fault,
            writes: 0,
            wrong: Vec::new(),
        };
        for number in (1..=MAX_WRITES).step_by(stride) {
            let copy = self.copy()?;
            let broken = copy
                .ground
                .command(&[], scene.command)
                .env("SAMENSPEL_FAULT", format!("{number}:{fault}"))
                .output()?;
            if !String::from_utf8_lossy(&broken.stderr).contains(SAID) {
                return Ok(swept);
            }
            swept.writes += 1;
            copy.repair()?;
            let ended = copy.letters()?;
            if ended != *expected {
                swept
                    .wrong
                    .push(format!("write {number}: {ended:?} instead of {expected:?}"));
            }
            let mut ledger = Ledger::of(&copy.ground, &copy.relay)?;
            // What went in an earlier scene is known to the relay of that scene.
            let before = self.sent()?;
            ledger.lost = ledger.lost.saturating_sub(before);
            ledger.sent_in_name_only = ledger.sent_in_name_only.saturating_sub(before);
            let wrong = ledger.wrong().into_iter();
            swept
                .wrong
                .extend(wrong.map(|wrong| format!("write {number}: {wrong}")));
        }
        bail!("{} never ends", scene.name)
    }

    /// What the next start and the two hours after it do by themselves.
    fn repair(&self) -> Result<()> {
        let now = std::fs::read_to_string(self.clock)?;
        let now: chrono::DateTime<chrono::Utc> = now.trim().parse()?;
        let later = tempfile::NamedTempFile::new()?;
        let clock = later.path().display().to_string();
        let settings = [("SAMENSPEL_CLOCK_FILE", clock.as_str())];
        let steps: [(i64, &[&str]); 3] = [
            (0, &["rematch"]),
            (0, &["run", "--once"]),
            (2, &["run", "--once"]),
        ];
        for (hours, command) in steps {
            let time = now + chrono::TimeDelta::hours(hours);
            std::fs::write(later.path(), time.to_rfc3339())?;
            self.ground.run_with(&settings, command)?;
        }
        Ok(())
    }

    /// How many deliveries there are of each kind to each address, all sent.
    fn letters(&self) -> Result<BTreeMap<String, usize>> {
        let mut counts = BTreeMap::new();
        for delivery in self.ground.outbox()? {
            let text = |name: &str| {
                let found = delivery.get(name).and_then(Value::as_str);
                found.with_context(|| format!("a delivery without {name}"))
            };
            let what = format!(
                "{} {} {}",
                text("kind")?,
                text("recipient")?,
                text("state")?
            );
            *counts.entry(what).or_default() += 1;
        }
        Ok(counts)
    }

    fn sent(&self) -> Result<usize> {
        let outbox = self.ground.outbox()?;
        let sent = outbox
            .iter()
            .filter(|each| each.get("state").and_then(Value::as_str) == Some("sent"));
        Ok(sent.count())
    }

    /// Before the letters go, a worker dies while the relay has the content of one.
    fn leave_a_dead_worker(&self) -> Result<()> {
        let hush = Script::new().rule(Moment::Content, When::Always, Act::Hush);
        let silent = Relay::start(hush)?;
        let mut worker = self
            .ground
            .command(&[], &["outbox", "deliver", "--once"])
            .envs(silent.settings())
            .spawn()?;
        let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
        while !silent.seen().commands.iter().any(|said| said == "DATA") {
            if std::time::Instant::now() > until {
                bail!("the worker never came to its content");
            }
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        worker.kill()?;
        worker.wait()?;
        Ok(())
    }
}

fn settings(relay: &Relay, database: Option<&Postgres>, clock: &Path) -> Vec<(String, String)> {
    market::settings(relay, database, &own(&clock.display().to_string()))
}

/// What the program is told beside the usual.
fn own(clock: &str) -> Vec<(&str, &str)> {
    let mut own = market::QUIET.to_vec();
    own.push(("SAMENSPEL_CLOCK_FILE", clock));
    // One after the other, so that the n-th write is the same in each run.
    own.push(("SAMENSPEL_OUTBOX__WORKERS", "1"));
    own
}
