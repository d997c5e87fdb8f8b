//! Power cuts: the program answers and sends letters while `strace` writes down what reaches the disk; afterwards the
//! power fails at any moment, as often as wanted, and each time the database is rebuilt as the disk may then hold it.
//!
//! What was answered must be there, and a letter whose content went out must be known to be on its way. The control
//! runs with `database.durability = "normal"`, which must lose answers: else the test could not see a loss.

mod disk;
mod open;
mod trace;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

use crate::program::{Ground, Program, Serving};
use crate::relay::{Relay, Script};
use disk::{Disk, Style};
use trace::Event;

/// How many clients write at once.
pub const CLIENTS: usize = 8;

/// How long the letters and the log may take after the last answer.
const PATIENCE: Duration = Duration::from_secs(300);

/// Between two looks at what is waited for.
const PAUSE: Duration = Duration::from_millis(50);

/// One rebuilt database of so many is also opened with the program itself.
const CHECKED: usize = 50;

/// How much is tried.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Writes that are answered, and as many letters.
    pub writes: usize,
    /// Power cuts with each setting.
    pub cuts: usize,
    /// Where chance begins.
    pub seed: u64,
}

/// What came of the cuts with one setting.
#[derive(Debug, Default, Clone)]
pub struct Outcome {
    /// Answers the clients got.
    pub answers: usize,
    /// Letters that went out.
    pub letters: usize,
    /// Writes to the files of the database.
    pub disk_writes: usize,
    /// Power cuts.
    pub cuts: usize,
    /// Cuts after which an answered write was not there.
    pub losing_cuts: usize,
    /// The most answered writes that one cut lost.
    pub most_lost: usize,
    /// Cuts after which a letter that went out is not known to have gone, so that it would go twice unmarked.
    pub doubling_cuts: usize,
    /// Cuts after which the database was damaged or the program did not open it; the first ones, with why.
    pub damaged: Vec<String>,
}

/// What came of a run.
#[derive(Debug)]
pub struct Report {
    /// With the settings of the product.
    pub full: Outcome,
    /// With the control.
    pub normal: Outcome,
}

/// Runs the program with each setting, and cuts the power of each.
///
/// # Errors
/// When the program or `strace` cannot be run, or the log is not understood; what is lost is in the report.
pub fn run(program: &Program, plan: &Plan) -> Result<Report> {
    Ok(Report {
        full: with_durability(program, plan, "full")?,
        normal: with_durability(program, plan, "normal")?,
    })
}

fn with_durability(program: &Program, plan: &Plan, durability: &str) -> Result<Outcome> {
    let relay = Relay::start(
        Script::new()
            .seed(plan.seed)
            .ack_delay(Duration::ZERO..=Duration::from_millis(4)),
    )?;
    let mut settings = relay.settings();
    for (name, value) in [
        ("DATABASE__DURABILITY", durability),
        ("OUTBOX__POLL_SECONDS", "1"),
        ("JOBS__EVERY_SECONDS", "86400"),
    ] {
        settings.push((format!("SAMENSPEL_{name}"), value.to_owned()));
    }
    let ground = program.ground(&[])?.copy(&settings)?;
    let before = files_of(&ground)?;
    let log = ground.folder().join("strace.log");
    record(&ground, &relay, plan.writes, &log)?;
    let events = trace::read(&log, &ground.database())?;
    cut_everywhere(program, before, &events, &ground.database(), plan)
}

/// The files of a database that nobody has open.
fn files_of(ground: &Ground) -> Result<BTreeMap<String, Vec<u8>>> {
    let database = ground.database().display().to_string();
    let mut files = BTreeMap::new();
    for end in ["", "-wal", "-journal"] {
        let file = format!("{database}{end}");
        if Path::new(&file).exists() {
            files.insert(file.clone(), std::fs::read(&file)?);
        }
    }
    Ok(files)
}

/// Lets clients write and letters go while everything is written down.
fn record(ground: &Ground, relay: &Relay, writes: usize, log: &Path) -> Result<()> {
    let log_name = log.display().to_string();
    let calls = format!("trace={}", trace::CALLS);
    // With -D the program is our own child, and strace ends after it.
    let wrapped = [
        "strace",
        "-D",
        "-f",
        "-y",
        "-xx",
        "-s",
        "1000000",
        "-e",
        &calls,
        "-e",
        "signal=none",
        "-o",
        &log_name,
    ];
    let mut serving = ground.serve(&wrapped)?;
    write_at_once(&serving, writes)?;
    wait_until("every letter went", || Ok(relay.taken().len() >= writes))?;
    let process = serving.process().id();
    serving.stop()?;
    wait_until("strace wrote its last line", || {
        let text = std::fs::read_to_string(log)?;
        Ok(text.lines().rev().take(100).any(|line| {
            line.starts_with(&format!("{process} ")) && line.contains("+++ exited with")
        }))
    })
}

fn write_at_once(serving: &Serving, writes: usize) -> Result<()> {
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                scope.spawn(move || -> Result<()> {
                    for number in (client..writes).step_by(CLIENTS) {
                        serving.register(&format!("nel{number}@nieuw.example"))?;
                    }
                    Ok(())
                })
            })
            .collect();
        for client in clients {
            match client.join() {
                Ok(outcome) => outcome?,
                Err(_panic) => bail!("a client panicked"),
            }
        }
        Ok(())
    })
}

fn wait_until(what: &str, mut look: impl FnMut() -> Result<bool>) -> Result<()> {
    let began = Instant::now();
    while !look()? {
        if began.elapsed() > PATIENCE {
            bail!("waited too long until {what}");
        }
        thread::sleep(PAUSE);
    }
    Ok(())
}

/// Cuts the power at random moments, in the order of time, so that the log is gone through once.
fn cut_everywhere(
    program: &Program,
    before: BTreeMap<String, Vec<u8>>,
    events: &[Event],
    database: &Path,
    plan: &Plan,
) -> Result<Outcome> {
    let mut chance = StdRng::seed_from_u64(plan.seed);
    let mut moments: Vec<usize> = (0..plan.cuts)
        .map(|_| chance.random_range(0..=events.len()))
        .collect();
    moments.sort_unstable();
    let mut moments = moments.into_iter().enumerate().peekable();
    let mut disk = Disk::new(before);
    let mut promised = Promised::default();
    let mut outcome = Outcome::default();
    for place in 0..=events.len() {
        while let Some((number, _)) = moments.next_if(|(_, moment)| *moment == place) {
            let style = Style::ALL.get(number % Style::ALL.len());
            let style = *style.context("there are styles")?;
            let folder = tempfile::tempdir()?;
            disk.cut(style, &mut chance, folder.path())?;
            let name = database.file_name().context("the database has a name")?;
            let found = folder.path().join(name);
            outcome.judge(program, &found, &promised, number)?;
        }
        if let Some(event) = events.get(place) {
            disk.happens(event);
            promised.hear(event);
            if matches!(event, Event::Write { .. }) {
                outcome.disk_writes += 1;
            }
        }
    }
    outcome.answers = promised.answered.len();
    outcome.letters = promised.gone.len();
    Ok(outcome)
}

/// What the world was told before a moment.
#[derive(Debug, Default)]
struct Promised {
    /// Organisations of which a client was told that they are registered.
    answered: BTreeSet<String>,
    /// Letters whose content went out.
    gone: BTreeSet<String>,
}

impl Promised {
    fn hear(&mut self, event: &Event) {
        let Event::Said(bytes) = event else { return };
        let text = String::from_utf8_lossy(bytes);
        if text.starts_with("HTTP/1.1 201") {
            self.answered
                .extend(id_after(&text, "/v1/organisations/", '\r'));
        }
        self.gone.extend(id_after(&text, "Message-ID: <", '@'));
    }
}

fn id_after(text: &str, mark: &str, end: char) -> Option<String> {
    let (_, rest) = text.split_once(mark)?;
    rest.split(end).next().map(str::to_owned)
}

impl Outcome {
    /// Looks at what one cut left.
    fn judge(
        &mut self,
        program: &Program,
        database: &Path,
        promised: &Promised,
        number: usize,
    ) -> Result<()> {
        self.cuts += 1;
        // Before the library, because whoever opens it first repairs it.
        if number.is_multiple_of(CHECKED) {
            let checked = Command::new(program.path())
                .args(["check", "--json"])
                .env("SAMENSPEL_DATABASE", database)
                .env("RUST_LOG", "error")
                .output()?;
            if !checked.status.success() {
                let said = String::from_utf8_lossy(&checked.stderr).into_owned();
                self.damaged.push(format!("cut {number}: {said}"));
                return Ok(());
            }
        }
        let holds = match open::open(database) {
            Ok(holds) => holds,
            Err(cause) => {
                self.damaged.push(format!("cut {number}: {cause:#}"));
                return Ok(());
            }
        };
        let held: BTreeSet<String> = holds.organisations.into_iter().collect();
        let lost = promised.answered.difference(&held).count();
        self.losing_cuts += usize::from(lost > 0);
        self.most_lost = self.most_lost.max(lost);
        let is_marked = |letter: &String| {
            let state = holds.letters.get(letter).map(String::as_str);
            !matches!(state, None | Some("ready" | "leased"))
        };
        let doubles = !promised.gone.iter().all(is_marked);
        self.doubling_cuts += usize::from(doubles);
        Ok(())
    }
}

impl Report {
    /// What should not be; empty when all is well.
    pub fn wrong(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        if self.full.losing_cuts > 0 {
            wrong.push(format!(
                "{} cuts lost what was answered",
                self.full.losing_cuts
            ));
        }
        if self.full.doubling_cuts > 0 {
            wrong.push(format!(
                "{} cuts forgot a letter that went",
                self.full.doubling_cuts
            ));
        }
        if self.normal.losing_cuts == 0 {
            wrong.push("the control lost nothing, so the test sees nothing".to_owned());
        }
        for outcome in [&self.full, &self.normal] {
            wrong.extend(outcome.damaged.iter().take(5).cloned());
            if outcome.answers == 0 || outcome.letters == 0 {
                wrong.push("no answer or no letter was seen going out".to_owned());
            }
        }
        wrong
    }

    /// Both outcomes beside each other.
    pub fn table(&self) -> String {
        let mut text = String::from(
            "| durability | answers | letters | writes to the disk | cuts | cuts that lost an answer | answers lost at most | cuts that forgot a letter that went | damaged |\n|---|---|---|---|---|---|---|---|---|\n",
        );
        for (name, outcome) in [("full", &self.full), ("normal (control)", &self.normal)] {
            text.push_str(&format!(
                "| {name} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
                outcome.answers,
                outcome.letters,
                outcome.disk_writes,
                outcome.cuts,
                outcome.losing_cuts,
                outcome.most_lost,
                outcome.doubling_cuts,
                outcome.damaged.len()
            ));
        }
        text
    }
}
