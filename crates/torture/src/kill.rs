//! Kills the program again and again while it makes introductions and sends them, and looks afterwards whether every
//! letter arrived, and whether each second copy was known to be possible beforehand.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::database::Postgres;
use crate::ledger::Ledger;
use crate::market::{self, Market};
use crate::program::{Ground, Program, Serving};
use crate::relay::{Relay, Script};

/// Those who post at the same time.
const POSTERS: usize = 4;

/// What is done.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Introductions, each a letter to two.
    pub introductions: usize,
    /// Times that a server is killed.
    pub kills: usize,
    /// Workers of a server.
    pub workers: usize,
    /// A PostgreSQL server, on which two of our servers run; otherwise one of ours runs on SQLite.
    pub postgres: Option<String>,
    /// Whether the relay can be asked which letters it has.
    pub askable: Askable,
    /// Where chance begins.
    pub seed: u64,
}

/// Whether the relay can be asked which letters it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Askable {
    /// It has a log that a command looks in.
    Yes,
    /// Nobody can know.
    No,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Introductions that the program said it has.
    pub acknowledged: usize,
    /// Kills that were done.
    pub kills: usize,
    /// What the letters and the relay say.
    pub ledger: Ledger,
    /// Requests that were acknowledged and are gone.
    pub lost_requests: usize,
    /// Seconds it took.
    pub seconds: u64,
}

impl Report {
    /// What should not be; empty when all is well.
    pub fn wrong(&self, plan: &Plan) -> Vec<String> {
        let bound = plan.kills * plan.workers;
        let ledger = &self.ledger;
        let mut wrong = ledger.wrong();
        let must_be_none = [(self.lost_requests, "acknowledged requests are gone")];
        for (count, what) in must_be_none {
            if count > 0 {
                wrong.push(format!("{count} {what}"));
            }
        }
        if ledger.uncertain > bound {
            wrong.push(format!(
                "{} uncertain deliveries, more than {bound}",
                ledger.uncertain
            ));
        }
        if plan.askable == Askable::Yes && ledger.copies > 0 {
            wrong.push(format!(
                "{} second copies although the relay was asked",
                ledger.copies
            ));
        }
        if ledger.letters < 2 * self.acknowledged {
            wrong.push(format!(
                "{} letters for {} introductions",
                ledger.letters, self.acknowledged
            ));
        }
        wrong
    }
}

/// Does what the plan says.
///
/// # Errors
/// When the program does not start, or the plan cannot be finished; what the program did wrong is in the report.
pub fn run(program: &Program, plan: &Plan) -> Result<Report> {
    let began = Instant::now();
    let folder = tempfile::tempdir()?;
    let log = folder.path().join("relay.log");
    let script = Script::new()
        .seed(plan.seed)
        .ack_delay(Duration::ZERO..=Duration::from_millis(4))
        .log_to(&log);
    let relay = Relay::start(script)?;
    let postgres = plan.postgres.as_deref().map(Postgres::make).transpose()?;
    let ground = ground(program, plan, &relay, postgres.as_ref(), folder.path())?;
    let market = Market::open(&ground)?;
    let instances = if postgres.is_some() { 2 } else { 1 };
    let mut servers: Vec<Serving> = Vec::new();
    for _ in 0..instances {
        servers.push(ground.serve(&[])?);
    }
    market.use_servers(bases(&servers));
    market.offer(plan.introductions)?;

    let shared = Shared {
        market,
        acknowledged: Mutex::new(BTreeSet::new()),
        begun: AtomicUsize::new(0),
        is_over: AtomicBool::new(false),
        wanted: plan.introductions,
    };
    let kills = thread::scope(|scope| {
        let posters: Vec<_> = (0..POSTERS)
            .map(|_| scope.spawn(|| shared.post()))
            .collect();
        let kills = kill(&ground, plan, &log, &mut servers, &shared);
        if kills.is_err() {
            shared.is_over.store(true, Ordering::Relaxed);
        }
        for poster in posters {
            drop(poster.join());
        }
        kills
    })?;
    for server in servers {
        server.stop()?;
    }
    drain(&ground, plan, folder.path())?;

    let acknowledged = shared.acknowledged.into_inner().unwrap_or_default();
    let kept = kept_requests(&ground)?;
    Ok(Report {
        acknowledged: acknowledged.len(),
        kills,
        ledger: Ledger::of(&ground, &relay)?,
        lost_requests: acknowledged.difference(&kept).count(),
        seconds: began.elapsed().as_secs(),
    })
}

fn ground(
    program: &Program,
    plan: &Plan,
    relay: &Relay,
    postgres: Option<&Postgres>,
    folder: &Path,
) -> Result<Ground> {
    let workers = plan.workers.to_string();
    let mut own = vec![
        ("SAMENSPEL_OUTBOX__WORKERS", workers.as_str()),
        ("SAMENSPEL_OUTBOX__POLL_SECONDS", "1"),
    ];
    let script = ask_script(folder)?;
    let command = format!("[\"sh\",\"{}\"]", script.display());
    if plan.askable == Askable::Yes {
        own.push(("SAMENSPEL_OUTBOX__ASK_COMMAND", &command));
        own.push(("SAMENSPEL_OUTBOX__ASK_SECONDS", "1"));
    }
    market::ground(program, relay, postgres, &own)
}

/// The command that asks the relay: looks in its log, and is certain either way.
fn ask_script(folder: &Path) -> Result<PathBuf> {
    let file = folder.join("ask.sh");
    let log = folder.join("relay.log");
    let script = format!(
        "id=${{1#<}}\ngrep -qxF \"accepted ${{id%>}} $2\" '{}' && exit 0\nexit 100\n",
        log.display()
    );
    std::fs::write(&file, script)?;
    Ok(file)
}

/// What the posters and the killer share.
struct Shared {
    market: Market,
    acknowledged: Mutex<BTreeSet<String>>,
    begun: AtomicUsize,
    is_over: AtomicBool,
    wanted: usize,
}

impl Shared {
    /// Posts until enough requests were acknowledged.
    fn post(&self) {
        while !self.is_over.load(Ordering::Relaxed) && self.count() < self.wanted {
            let number = self.begun.fetch_add(1, Ordering::Relaxed);
            match self.market.ask(number) {
                Ok(id) => {
                    let mut acknowledged = self
                        .acknowledged
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner);
                    acknowledged.insert(id);
                }
                // Its server was killed a moment ago.
                Err(_no_answer) => thread::sleep(Duration::from_millis(5)),
            }
        }
    }

    fn count(&self) -> usize {
        self.acknowledged
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .len()
    }
}

fn bases(servers: &[Serving]) -> Vec<String> {
    servers.iter().map(|each| each.base().to_owned()).collect()
}

/// Kills a server each time some letters more were taken, at a moment by chance, and starts it again.
fn kill(
    ground: &Ground,
    plan: &Plan,
    log: &Path,
    servers: &mut [Serving],
    shared: &Shared,
) -> Result<usize> {
    let mut chance = StdRng::seed_from_u64(plan.seed);
    let whole = 2 * plan.introductions;
    // A line of the log has a bit more bytes; the exact number does not matter, only that kills are spread.
    let line = 70;
    for number in 1..=plan.kills {
        let mark = u64::try_from(whole * line * number / (plan.kills + 1))?;
        let patience = Instant::now() + Duration::from_secs(10);
        while length(log) < mark && Instant::now() < patience {
            thread::sleep(Duration::from_millis(2));
        }
        thread::sleep(Duration::from_micros(chance.random_range(0..20_000)));
        let chosen = chance.random_range(0..servers.len());
        let Some(server) = servers.get_mut(chosen) else {
            bail!("no server to kill");
        };
        server.process().kill()?;
        server.process().wait()?;
        *server = ground.serve(&[])?;
        shared.market.use_servers(bases(servers));
    }
    Ok(plan.kills)
}

fn length(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(0, |found| found.len())
}

/// Two hours later, whatever was held goes once more, or is asked about; until nothing waits.
fn drain(ground: &Ground, plan: &Plan, folder: &Path) -> Result<()> {
    let clock = folder.join("clock");
    let clock_name = clock.display().to_string();
    let mut later = chrono::Utc::now() + chrono::TimeDelta::hours(2);
    for _round in 0..30 {
        later += chrono::TimeDelta::minutes(if plan.askable == Askable::Yes { 1 } else { 61 });
        std::fs::write(&clock, later.to_rfc3339())?;
        ground.run_with(
            &[("SAMENSPEL_CLOCK_FILE", &clock_name)],
            &["outbox", "deliver", "--once"],
        )?;
        let waits = ground.outbox()?.iter().any(|each| {
            let state = each.get("state").and_then(serde_json::Value::as_str);
            matches!(state, Some("ready" | "leased" | "in_data" | "ambiguous"))
        });
        if !waits {
            return Ok(());
        }
    }
    Ok(())
}

/// The ids of all requests that the database has.
fn kept_requests(ground: &Ground) -> Result<BTreeSet<String>> {
    let exported = ground.run(&["export", "requests"])?;
    let mut lines = exported.lines();
    lines.next().context("an export without a head")?;
    Ok(lines
        .filter_map(|line| line.split(',').next())
        .map(str::to_owned)
        .collect())
}
