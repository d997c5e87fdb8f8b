//! Every moment of SMTP × every fault, through the real program: is each letter classified right, and does the next go?
//!
//! Each cell has a copy of a database with two letters and a relay of its own. The first to come at the moment meets
//! the fault, once; afterwards the relay is well again, and both letters must come to what is right for them.

mod cells;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::program::{Ground, Program};
use crate::relay::{Relay, Script, When};
use cells::{Cell, FAULTS, Fault, Outcome, rows};

/// The deadline, in seconds, of a command or a content that is not answered; whole, as the settings want it.
const DEADLINE: &str = "2";

/// Later than two of those: with TLS from the first byte, connecting and greeting share theirs.
const LATE: Duration = Duration::from_millis(4500);

/// How long a relay that is well again may take to get what waits.
const PATIENCE: Duration = Duration::from_secs(60);

/// Between two looks at an outbox that still waits.
const PAUSE: Duration = Duration::from_millis(200);

/// How much later the program thinks it is when the relay is well again.
const AFTERWARDS: Duration = Duration::from_secs(600);

/// Cells that are tried at once; most of their time is waiting.
const LANES: usize = 6;

/// Whether a run is whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// Every cell.
    All,
    /// One cell of this many; which ones depends on the seed.
    OneIn(usize),
}

/// What came of a run.
#[derive(Debug)]
pub struct Report {
    /// By row and column: empty when it was right, else what was wrong.
    found: BTreeMap<(usize, usize), String>,
    /// How long it took.
    took: Duration,
}

/// Tries the cells.
///
/// # Errors
/// When the program cannot be run at all; what it does wrong in a cell is in the report.
pub fn run(program: &Program, share: Share, seed: u64) -> Result<Report> {
    let began = Instant::now();
    let ground = with_two_letters(program)?;
    let mut cells: Vec<((usize, usize), Cell)> = Vec::new();
    for (row, (protection, moment, _)) in rows().into_iter().enumerate() {
        for (column, (fault, _)) in FAULTS.into_iter().enumerate() {
            let cell = Cell {
                protection,
                moment,
                fault,
            };
            if cell.exists() {
                cells.push(((row, column), cell));
            }
        }
    }
    if let Share::OneIn(many) = share {
        let many = many.max(1);
        let offset = usize::try_from(seed % u64::try_from(many)?)?;
        cells = cells.into_iter().skip(offset).step_by(many).collect();
    }
    let waiting = Mutex::new(cells.into_iter());
    let found = Mutex::new(BTreeMap::new());
    let next = || {
        waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .next()
    };
    thread::scope(|scope| {
        for _lane in 0..LANES {
            scope.spawn(|| {
                while let Some((place, cell)) = next() {
                    let wrong = match try_cell(&ground, &cell) {
                        Ok(()) => String::new(),
                        Err(cause) => format!("{cause:#}"),
                    };
                    let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
                    found.insert(place, wrong);
                }
            });
        }
    });
    Ok(Report {
        found: found.into_inner().unwrap_or_else(PoisonError::into_inner),
        took: began.elapsed(),
    })
}

/// A database in which two letters wait; nobody has it open.
fn with_two_letters(program: &Program) -> Result<Ground> {
    let ground = program.ground(&[
        ("SAMENSPEL_OUTBOX__POLL_SECONDS", "86400"),
        ("SAMENSPEL_JOBS__EVERY_SECONDS", "86400"),
    ])?;
    let serving = ground.serve(&[])?;
    serving.register("ria@heeze.example")?;
    serving.register("jan@orden.example")?;
    serving.stop()?;
    let waiting = ground.outbox()?;
    if waiting.len() != 2 || waiting.iter().any(|each| each["state"] != "ready") {
        bail!("two letters should wait: {waiting:?}");
    }
    Ok(ground)
}

/// What `outbox list` says of both letters, in the order of their states: `sent`, `ready 1`.
fn states(listed: &[Value]) -> Vec<String> {
    let mut states: Vec<String> = listed
        .iter()
        .map(|each| {
            let state = each["state"].as_str().unwrap_or("?");
            match state {
                "ready" => format!("ready {}", each["attempts"]),
                other => other.to_owned(),
            }
        })
        .collect();
    states.sort();
    states
}

/// Lets one cell happen.
///
/// # Errors
/// What was not as it should be.
fn try_cell(template: &Ground, cell: &Cell) -> Result<()> {
    let relay = Relay::start(Script::new().protection(cell.protection).rule(
        cell.moment,
        When::Times(1),
        cell.act(LATE),
    ))?;
    let mut settings = relay.settings();
    for (name, value) in [
        ("MAIL__USER", "samenspel"),
        ("MAIL__PASSWORD", "geheim"),
        ("OUTBOX__RETRY_SECONDS", "[1, 1, 1]"),
        // What nobody knows the end of stays so, to be seen.
        ("OUTBOX__HOLD_MINUTES", "100000"),
        ("OUTBOX__RELAY_DOWN_SECONDS", "1"),
    ] {
        settings.push((format!("SAMENSPEL_{name}"), value.to_owned()));
    }
    let ground = template.copy(&settings)?;
    ground.run_with(deadlines(cell), &["outbox", "deliver", "--once", "--json"])?;
    let listed = ground.outbox()?;
    judge_at_once(cell, &states(&listed))?;
    let wanted = match cell.expected() {
        Outcome::Failed => ["failed", "sent"],
        Outcome::Ambiguous => ["ambiguous", "sent"],
        Outcome::Sent | Outcome::Waits | Outcome::Retried => ["sent", "sent"],
    };
    ground.later(AFTERWARDS)?;
    let began = Instant::now();
    let listed = loop {
        ground.run(&["outbox", "deliver", "--once", "--json"])?;
        let listed = ground.outbox()?;
        let ended = states(&listed);
        if ended == wanted || (may_be_uncertain(cell) && ended == ["ambiguous", "sent"]) {
            break listed;
        }
        if began.elapsed() > PATIENCE {
            bail!("in the end {:?}", states(&listed));
        }
        // A release build has no clock to move: what waits is due after a second.
        thread::sleep(PAUSE);
    };
    for each in &listed {
        let recipient = each["recipient"].as_str().context("no recipient")?;
        let expected = match each["state"].as_str() {
            Some("sent") => 1,
            // It was taken, whatever was said after that.
            _ if may_be_uncertain(cell) => 1,
            _ => cell.copies(),
        };
        let copies = relay.copies_for(recipient);
        if copies != expected {
            bail!("{copies} copies of what is {}", each["state"]);
        }
    }
    Ok(())
}

/// Short deadlines where a client may wait in vain; the others are so long that a busy machine changes nothing.
fn deadlines(cell: &Cell) -> &'static [(&'static str, &'static str)] {
    use crate::relay::Moment::{Content, Midway};
    if cell.fault == Fault::ByteByByte {
        return &[];
    }
    if matches!(cell.moment, Midway | Content) {
        return &[("SAMENSPEL_MAIL__CONTENT_SECONDS", DEADLINE)];
    }
    &[
        ("SAMENSPEL_MAIL__COMMAND_SECONDS", DEADLINE),
        ("SAMENSPEL_MAIL__CONNECT_SECONDS", DEADLINE),
    ]
}

/// What a relay says unasked right after it took a letter may come together with that answer, and then the two cannot
/// be told apart: nobody knows which of them counts.
fn may_be_uncertain(cell: &Cell) -> bool {
    cell.moment == crate::relay::Moment::Between
}

/// Whether both letters are as they should be right after the fault.
fn judge_at_once(cell: &Cell, states: &[String]) -> Result<()> {
    let allowed: &[&[&str]] = match cell.expected() {
        Outcome::Sent => &[&["sent", "sent"]],
        // The queue waits, so the other letter may wait too; it may also have gone.
        Outcome::Waits => &[&["ready 0", "ready 0"], &["ready 0", "sent"]],
        Outcome::Retried => &[&["ready 1", "sent"]],
        Outcome::Failed => &[&["failed", "sent"]],
        // A relay that goes away after a content is left alone for a moment too.
        Outcome::Ambiguous => &[&["ambiguous", "ready 0"], &["ambiguous", "sent"]],
    };
    let uncertain = states == ["ambiguous", "ready 0"] || states == ["ambiguous", "sent"];
    let is_allowed = allowed.iter().any(|each| states == *each);
    if is_allowed || (uncertain && may_be_uncertain(cell)) {
        return Ok(());
    }
    bail!("got {}", states.join(" + "))
}

impl Report {
    /// How many cells were tried.
    pub fn tried(&self) -> usize {
        self.found.len()
    }

    /// What was wrong, cell by cell.
    pub fn wrong(&self) -> Vec<String> {
        let rows = rows();
        self.found
            .iter()
            .filter(|(_, wrong)| !wrong.is_empty())
            .map(|((row, column), wrong)| {
                let row = rows.get(*row).map_or("?", |(_, _, name)| name);
                let column = FAULTS.get(*column).map_or("?", |(_, name)| name);
                format!("{row}, {column}: {wrong}")
            })
            .collect()
    }

    /// The matrix as a table: ✓ for what was right, ✗ for what was not, nothing for what does not exist or was not
    /// tried.
    pub fn table(&self) -> String {
        let mut text = String::from("| moment |");
        let mut line = String::from("|---|");
        for (_, name) in FAULTS {
            text.push_str(&format!(" {name} |"));
            line.push_str("---|");
        }
        text.push_str(&format!("\n{line}\n"));
        for (row, (_, _, name)) in rows().iter().enumerate() {
            text.push_str(&format!("| {name} |"));
            for column in 0..FAULTS.len() {
                let mark = match self.found.get(&(row, column)).map(String::as_str) {
                    None => "",
                    Some("") => "✓",
                    Some(_) => "✗",
                };
                text.push_str(&format!(" {mark} |"));
            }
            text.push('\n');
        }
        text
    }

    /// The outcome in one line.
    pub fn summary(&self) -> String {
        let right = self.tried() - self.wrong().len();
        format!(
            "{right} of {} cells classified right, in {} s.",
            self.tried(),
            self.took.as_secs()
        )
    }
}
