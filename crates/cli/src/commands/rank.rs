//! `samenspel rank`: the engine alone, from two files to one, without a database.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::mem;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;
use std::time::Instant;

use app::{Clock, OnInvalid, RefusedRow};
use domain::dutch::commands::{self as words, help};
use matching::{Index, MAX_MATCHES, Proposal, Weights};

use crate::commands::import::note_ignored;
use crate::posts::{self, Files};
use crate::tables::{self, Lines, Table};
use crate::{rows, screen};

/// The columns of the answer.
const COLUMNS: [&str; 11] = [
    "request_id",
    "offer_id",
    "rank",
    "score",
    "proposed",
    "region",
    "theme",
    "phase",
    "support",
    "text",
    "reasons",
];

/// Requests a thread ranks at a time: enough that some are of one area, few enough that all threads end together.
const BATCH: usize = 2_048;

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[arg(long, value_name = "BESTAND", help = help::RANK_REQUESTS)]
    requests: PathBuf,
    #[arg(long, value_name = "BESTAND", help = help::RANK_OFFERS)]
    offers: PathBuf,
    #[arg(long, value_name = "AANTAL", default_value_t = 10, help = help::RANK_TOP)]
    #[arg(value_parser = clap::value_parser!(u8).range(1..=100))]
    top: u8,
    #[arg(long, value_name = "BESTAND", help = help::OUTPUT)]
    output: Option<PathBuf>,
    #[arg(long, value_name = "BESTAND", help = help::RANK_WEIGHTS)]
    weights: Option<PathBuf>,
    #[arg(long, help = help::SKIP_INVALID)]
    skip_invalid: bool,
}

/// Reads both files, ranks, and writes the matches in the order of the requests.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let started = Instant::now();
    let weights = args
        .weights
        .as_deref()
        .map_or_else(|| Ok(Weights::default()), app::config::weights)?;
    let on_invalid = if args.skip_invalid {
        OnInvalid::Skip
    } else {
        OnInvalid::Refuse
    };
    let bar = screen::busy(words::reading());
    let read = posts::read(&args.requests, &args.offers);
    bar.finish_and_clear();
    let files = read?;
    let refused = complain(&files.requests, &files.demands.refused)
        + complain(&files.offers, &files.supplies.refused);
    if refused > 0 && on_invalid == OnInvalid::Refuse {
        anyhow::bail!(words::rank_refused(refused));
    }
    note_unknown(&files);
    let keys: Vec<String> = (files.demands.good.iter())
        .map(|(_, demand)| demand.key.clone())
        .collect();
    let (asked, given) = (keys.len(), files.supplies.good.len());
    let index = filled(weights, files);
    let (mut found, mut proposed) = (0, 0);
    let top = usize::from(args.top).min(MAX_MATCHES);
    ranked(&index, &keys, top, |answers| {
        let lines = answers.map(|answer| {
            found += answer.matches;
            proposed += answer.proposed;
            answer.lines
        });
        tables::write(args.output.as_deref(), &COLUMNS, lines)
    })?;
    // The program ends here. To take a large index apart first would only make people wait.
    mem::forget(index);
    screen::note(&words::ranked(
        [asked, given, found, proposed],
        started.elapsed().as_secs_f64(),
    ));
    Ok(())
}

/// Says what was wrong with the rows of a file; answers how many problems there were.
fn complain(table: &Table, refused: &[RefusedRow]) -> usize {
    note_ignored(table);
    for refused in refused {
        screen::note(&table.said(refused));
    }
    refused.len()
}

/// Names the requests without a municipality and the offers without a reach: they are ranked, but hardly match.
fn note_unknown(files: &Files) {
    let nowhere: Vec<String> = (files.demands.good.iter())
        .filter(|(_, demand)| demand.municipality.is_none())
        .map(|(line, demand)| words::place_of(&demand.key, files.requests.cell(*line, "place")))
        .collect();
    if !nowhere.is_empty() {
        screen::note(&words::places_unknown(&nowhere));
    }
    let idle: Vec<String> = (files.supplies.good.iter())
        .filter(|(_, supply)| supply.reach.is_empty())
        .map(|(_, supply)| supply.key.clone())
        .collect();
    if !idle.is_empty() {
        screen::note(&words::reach_unknown(&idle));
    }
}

/// The index with every good post.
fn filled(weights: Weights, files: Files) -> Index {
    let Files {
        requests,
        offers,
        demands,
        supplies,
    } = files;
    // What the files say is in the posts; with many posts it is better not kept twice.
    drop((requests, offers));
    let bar = screen::progress(words::preparing(), demands.good.len() + supplies.good.len());
    let mut index = Index::new(weights);
    index.fill(
        bar.wrap_iter(demands.good.into_iter().map(|(_, demand)| demand)),
        bar.wrap_iter(supplies.good.into_iter().map(|(_, supply)| supply)),
        threads(),
    );
    bar.finish_and_clear();
    index
}

/// What was found for a request.
struct Found {
    matches: usize,
    /// How many of those are proposals.
    proposed: usize,
    lines: anyhow::Result<Lines>,
}

impl Found {
    /// Puts the answer for a request in text.
    fn of(list: Vec<Proposal>) -> Self {
        Self {
            matches: list.len(),
            proposed: list.iter().filter(|each| each.proposed).count(),
            lines: Lines::of(records(list)),
        }
    }
}

/// Asks the index on every core and hands on what was found in the order of `keys`, while the next is being found.
fn ranked<T>(
    index: &Index,
    keys: &[String],
    top: usize,
    take: impl FnOnce(&mut dyn Iterator<Item = Found>) -> T,
) -> T {
    let bar = screen::progress(words::matching(), keys.len());
    let now = Clock::System.now();
    let next = AtomicUsize::new(0);
    let (done, ready) = mpsc::sync_channel(threads());
    let work = |done: SyncSender<(usize, Vec<Found>)>| {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(keys) = keys.chunks(BATCH).nth(number) else {
                return;
            };
            let batch = index.for_each(keys, |key| Found::of(index.offers_for(key, now, top)));
            bar.inc(screen::counted(keys.len()));
            // Nobody listens any more when the file could not be written.
            if done.send((number, batch)).is_err() {
                return;
            }
        }
    };
    let taken = thread::scope(|scope| {
        for _ in 0..threads() {
            let done = done.clone();
            scope.spawn(|| work(done));
        }
        drop(done);
        take(&mut in_order(ready).flatten())
    });
    bar.finish_and_clear();
    taken
}

/// Batches in the order of their numbers, from 0, in whatever order they come in.
fn in_order<T>(batches: Receiver<(usize, T)>) -> impl Iterator<Item = T> {
    let mut early = BTreeMap::new();
    (0_usize..).map_while(move |wanted| {
        loop {
            if let Some(batch) = early.remove(&wanted) {
                return Some(batch);
            }
            let (number, batch) = batches.recv().ok()?;
            early.insert(number, batch);
        }
    })
}

/// The rows of one request.
fn records(list: Vec<Proposal>) -> impl Iterator<Item = [Cow<'static, str>; COLUMNS.len()]> {
    (1_usize..).zip(list).map(|(rank, found)| {
        let [region, theme, phase, support, text] = rows::signals(&found.explanation);
        [
            found.demand.into(),
            found.supply.into(),
            rank.to_string().into(),
            rows::decimals(found.explanation.score).into(),
            if found.proposed { "true" } else { "false" }.into(),
            region.into(),
            theme.into(),
            phase.into(),
            support.into(),
            text.into(),
            rows::why(&found.explanation).into(),
        ]
    })
}

fn threads() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}
