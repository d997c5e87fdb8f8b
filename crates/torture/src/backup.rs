//! Backups while clients write as fast as they can: each is put back into a new database, in which everything must be
//! that was answered before the backup began.
//!
//! The control copies the file of the running database, as one would without `samenspel backup`; it must miss answers,
//! else the test could not see that any are missing.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::program::{Ground, Program, Serving};

/// How many clients write at once.
pub const CLIENTS: usize = 4;

/// Backups of one market, before it gets so large that the time goes into it.
const OF_ONE_MARKET: usize = 10;

/// Copies by the control of which some must miss answers.
const ENOUGH: usize = 20;

/// Answers that are waited for between two backups.
const BETWEEN: usize = 20;

/// How long those may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// Between two looks at what is waited for.
const PAUSE: Duration = Duration::from_millis(5);

/// What came of the backups of one database.
#[derive(Debug, Default, Clone)]
pub struct Outcome {
    /// What kind of database it is.
    pub database: &'static str,
    /// Backups that were made and put back.
    pub rounds: usize,
    /// Answers that clients had when the last backup of each market began.
    pub answers: usize,
    /// Answers that came while backups were made.
    pub meanwhile: usize,
    /// Backups in which an answer from before was missing, or which could not be made or put back; with why.
    pub failed: Vec<String>,
    /// Copies of the file, and how many of them missed answers or could not be read.
    pub control: Option<(usize, usize)>,
    /// The longest that one backup took.
    pub longest: Duration,
}

/// Makes so many backups of a market on SQLite, and of one on the PostgreSQL server at `postgres` when there is one;
/// `told` hears of each database now and then how many there are.
///
/// # Errors
/// When the program or the server cannot be used; what is missing is in the outcomes.
pub fn run(
    program: &Program,
    rounds: usize,
    postgres: Option<&str>,
    mut told: impl FnMut(&'static str, usize),
) -> Result<Report> {
    let mut places = vec![Place::Files];
    places.extend(postgres.map(Place::Server));
    let mut outcomes = Vec::new();
    for place in &places {
        let mut all = Outcome::default();
        for begun in (0..rounds).step_by(OF_ONE_MARKET) {
            all.add(of(program, OF_ONE_MARKET.min(rounds - begun), place)?);
            told(all.database, all.rounds);
        }
        outcomes.push(all);
    }
    Ok(Report { outcomes })
}

impl Outcome {
    /// Adds those of another market.
    fn add(&mut self, other: Self) {
        self.database = other.database;
        self.rounds += other.rounds;
        self.answers += other.answers;
        self.meanwhile += other.meanwhile;
        self.failed.extend(other.failed);
        self.longest = self.longest.max(other.longest);
        if let Some((copies, missed)) = other.control {
            let (before, missed_before) = self.control.unwrap_or_default();
            self.control = Some((before + copies, missed_before + missed));
        }
    }
}

/// Where databases are.
enum Place<'a> {
    /// In the folder of the ground.
    Files,
    /// On this server of PostgreSQL.
    Server(&'a str),
}

impl Place<'_> {
    /// A new database that is made, but for its tables; its address.
    fn make(&self, ground: &Path, name: &str) -> Result<String> {
        match self {
            Self::Files => Ok(ground.join(name).display().to_string()),
            Self::Server(server) => {
                psql(server, &format!("CREATE DATABASE {name}"))?;
                let (before, _) = server
                    .rsplit_once('/')
                    .context("the server has a database")?;
                Ok(format!("{before}/{name}"))
            }
        }
    }

    fn remove(&self, ground: &Path, name: &str) -> Result<()> {
        match self {
            Self::Files => {
                for entry in std::fs::read_dir(ground)? {
                    let entry = entry?;
                    let is_its = entry.file_name().to_string_lossy().starts_with(name);
                    if is_its && entry.path().is_file() {
                        std::fs::remove_file(entry.path())?;
                    }
                }
                Ok(())
            }
            Self::Server(server) => psql(
                server,
                &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            ),
        }
    }
}

fn psql(server: &str, statement: &str) -> Result<()> {
    let output = Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "--command", statement, server])
        .output()
        .context("`psql` cannot be run; install the Debian package `postgresql-client`")?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

fn of(program: &Program, rounds: usize, place: &Place<'_>) -> Result<Outcome> {
    let plain = program.ground(&[])?;
    let market = format!("torture_backup_{}", std::process::id());
    let settings = [
        (
            "SAMENSPEL_DATABASE".to_owned(),
            place.make(plain.folder(), &market)?,
        ),
        // The letters stay where they are: this is about what was answered.
        (
            "SAMENSPEL_OUTBOX__POLL_SECONDS".to_owned(),
            "86400".to_owned(),
        ),
        (
            "SAMENSPEL_JOBS__EVERY_SECONDS".to_owned(),
            "86400".to_owned(),
        ),
    ];
    let ground = plain.copy(&settings)?;
    ground.run(&["migrate"])?;
    let found = while_clients_write(&ground, rounds, place);
    place.remove(plain.folder(), &market)?;
    found
}

/// What clients were told.
#[derive(Default)]
struct Told {
    /// Organisations that were registered.
    organisations: Mutex<BTreeSet<String>>,
    count: AtomicUsize,
    over: AtomicBool,
}

impl Told {
    fn until_now(&self) -> BTreeSet<String> {
        let organisations = self.organisations.lock();
        organisations
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

fn while_clients_write(ground: &Ground, rounds: usize, place: &Place<'_>) -> Result<Outcome> {
    let serving = ground.serve(&[])?;
    let told = Told::default();
    let outcome = thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let (serving, told) = (&serving, &told);
                scope.spawn(move || write(serving, client, told))
            })
            .collect();
        let outcome = rounds_of(ground, rounds, place, &told);
        told.over.store(true, Ordering::Relaxed);
        for client in clients {
            match client.join() {
                Ok(written) => written?,
                Err(_panic) => bail!("a client panicked"),
            }
        }
        outcome
    })?;
    serving.stop()?;
    Ok(outcome)
}

fn write(serving: &Serving, client: usize, told: &Told) -> Result<()> {
    for number in 0.. {
        if told.over.load(Ordering::Relaxed) {
            break;
        }
        let answer = serving.register(&format!("nel{number}@buurt{client}.example"))?;
        let id = answer.pointer("/organisation/id").and_then(Value::as_str);
        let id = id.context("the answer names the organisation")?.to_owned();
        let organisations = told.organisations.lock();
        organisations
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id);
        told.count.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

fn rounds_of(ground: &Ground, rounds: usize, place: &Place<'_>, told: &Told) -> Result<Outcome> {
    let mut outcome = Outcome {
        database: match place {
            Place::Files => "SQLite",
            Place::Server(_) => "PostgreSQL",
        },
        ..Outcome::default()
    };
    let mut control = (0, 0);
    for round in 0..rounds {
        wait_for_more(told)?;
        let known = told.until_now();
        let began = Instant::now();
        let made = back_up_and_restore(ground, place, round);
        let (held, took) = match made {
            Ok(found) => found,
            Err(cause) => {
                outcome.failed.push(format!("round {round}: {cause:#}"));
                continue;
            }
        };
        outcome.rounds += 1;
        outcome.answers = known.len();
        outcome.longest = outcome.longest.max(took.min(began.elapsed()));
        outcome.meanwhile += told.count.load(Ordering::Relaxed) - known.len();
        let missing = known.difference(&held).count();
        if missing > 0 {
            let answers = known.len();
            outcome.failed.push(format!(
                "round {round}: {missing} of {answers} answers are missing"
            ));
        }
        if matches!(place, Place::Files) {
            control.0 += 1;
            control.1 += usize::from(plain_copy_misses(ground, told)?);
            outcome.control = Some(control);
        }
    }
    Ok(outcome)
}

fn wait_for_more(told: &Told) -> Result<()> {
    let (before, began) = (told.count.load(Ordering::Relaxed), Instant::now());
    while told.count.load(Ordering::Relaxed) < before + BETWEEN {
        if began.elapsed() > PATIENCE {
            bail!("the clients do not get on");
        }
        thread::sleep(PAUSE);
    }
    Ok(())
}

/// The organisations in a new database made from a new backup, and how long the backup took.
fn back_up_and_restore(
    ground: &Ground,
    place: &Place<'_>,
    round: usize,
) -> Result<(BTreeSet<String>, Duration)> {
    let file = ground.folder().join(format!("round{round}.backup"));
    let file_name = file.display().to_string();
    let began = Instant::now();
    ground.run(&["backup", &file_name])?;
    let took = began.elapsed();
    let name = format!("torture_restored_{}_{round}", std::process::id());
    let address = place.make(ground.folder(), &name)?;
    let found = ground
        .run(&["restore", &file_name, "--database", &address])
        .and_then(|_said| organisations(ground, &address));
    place.remove(ground.folder(), &name)?;
    std::fs::remove_file(&file)?;
    std::fs::remove_file(format!("{file_name}.json"))?;
    Ok((found?, took))
}

/// Whether a copy of the file of the running database misses what was answered before, or cannot be read.
fn plain_copy_misses(ground: &Ground, told: &Told) -> Result<bool> {
    let file = database(ground)?;
    let folder = tempfile::tempdir()?;
    let copy = folder.path().join("copy.sqlite");
    let known = told.until_now();
    std::fs::copy(file, &copy)?;
    let held = organisations(ground, &copy.display().to_string());
    Ok(held.map_or(true, |held| !known.is_subset(&held)))
}

/// The file of the database that the settings of the ground lead to.
fn database(ground: &Ground) -> Result<String> {
    let checked: Value = serde_json::from_str(&ground.run(&["check", "--json"])?)?;
    let file = checked.pointer("/database").and_then(Value::as_str);
    Ok(file.context("`check` names the database")?.to_owned())
}

fn organisations(ground: &Ground, database: &str) -> Result<BTreeSet<String>> {
    let exported = ground.run(&["export", "organisations", "--database", database])?;
    let cells = exported.split(|letter: char| letter == ',' || letter.is_whitespace());
    let ids = cells.filter(|cell| cell.starts_with("org_"));
    Ok(ids.map(str::to_owned).collect())
}

/// What came of a run.
#[derive(Debug)]
pub struct Report {
    /// For each database.
    pub outcomes: Vec<Outcome>,
}

impl Report {
    /// What should not be; empty when all is well.
    pub fn wrong(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for outcome in &self.outcomes {
            wrong.extend(
                outcome
                    .failed
                    .iter()
                    .take(5)
                    .map(|why| format!("{}: {why}", outcome.database)),
            );
            if outcome.rounds == 0 || outcome.meanwhile == 0 {
                wrong.push(format!(
                    "{}: nothing was written meanwhile",
                    outcome.database
                ));
            }
            // The log is moved into the file now and then, so a copy or two can be whole by chance.
            if outcome
                .control
                .is_some_and(|(copies, missed)| copies >= ENOUGH && missed == 0)
            {
                wrong.push("the control missed nothing, so the test sees nothing".to_owned());
            }
        }
        wrong
    }

    /// The outcomes under each other.
    pub fn table(&self) -> String {
        let mut table = "| | backups put back | answers that must be there | written meanwhile | incomplete or not whole | longest | plain copies that missed answers |\n\
             |---|---|---|---|---|---|---|"
            .to_owned();
        for outcome in &self.outcomes {
            let control = outcome.control.map_or_else(
                || "–".to_owned(),
                |(copies, missed)| format!("{missed} of {copies}"),
            );
            table.push_str(&format!(
                "\n| {} | {} | {} | {} | {} | {} ms | {control} |",
                outcome.database,
                outcome.rounds,
                outcome.answers,
                outcome.meanwhile,
                outcome.failed.len(),
                outcome.longest.as_millis(),
            ));
        }
        table
    }
}
