//! `samenspel rank`: the engine alone, from two files to one, without a database.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;
use std::time::Instant;

use app::{Clock, OnInvalid};
use domain::dutch::commands::{self as words, help};
use matching::{Demand, Index, MAX_MATCHES, Proposal, Supply, Weights};

use crate::commands::import::note_ignored;
use crate::posts::{Posts, demand, posts, supply};
use crate::tables::{self, Kind, Table};
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

/// Where `proposed` stands in [`COLUMNS`].
const PROPOSED: usize = 4;

/// Requests a thread ranks at a time.
const BATCH: usize = 64;

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
    let requests = tables::read(&args.requests, Kind::Requests)?;
    let offers = tables::read(&args.offers, Kind::Offers)?;
    let (demands, supplies) = (posts(&requests, demand), posts(&offers, supply));
    let refused = complain(&requests, &demands) + complain(&offers, &supplies);
    if refused > 0 && on_invalid == OnInvalid::Refuse {
        anyhow::bail!(words::rank_refused(refused));
    }
    note_unknown(&requests, &demands.good, &supplies.good);
    let keys: Vec<String> = demands
        .good
        .iter()
        .map(|(_, demand)| demand.key.clone())
        .collect();
    let (asked, given) = (keys.len(), supplies.good.len());
    // What the files say is in the posts now; with many posts it is better not kept twice.
    drop((requests, offers));
    let mut index = Index::new(weights);
    index.fill(
        demands.good.into_iter().map(|(_, demand)| demand),
        supplies.good.into_iter().map(|(_, supply)| supply),
        thread::available_parallelism().map_or(1, usize::from),
    );
    let (mut found, mut proposed) = (0, 0);
    ranked(
        &index,
        &keys,
        usize::from(args.top).min(MAX_MATCHES),
        |rows| {
            let counted = rows.inspect(|row| {
                found += 1;
                proposed += usize::from(row.get(PROPOSED).is_some_and(|cell| cell == "true"));
            });
            tables::write(args.output.as_deref(), &COLUMNS, counted)
        },
    )?;
    screen::note(&words::ranked(
        [asked, given, found, proposed],
        started.elapsed().as_secs_f64(),
    ));
    Ok(())
}

/// Says what was wrong with the rows of a file; answers how many problems there were.
fn complain<T>(table: &Table, posts: &Posts<T>) -> usize {
    note_ignored(table);
    for refused in &posts.refused {
        screen::note(&table.said(refused));
    }
    posts.refused.len()
}

/// Names the requests without a municipality and the offers without a reach: they are ranked, but hardly match.
fn note_unknown(requests: &Table, demands: &[(u64, Demand)], supplies: &[(u64, Supply)]) {
    let nowhere: Vec<String> = demands
        .iter()
        .filter(|(_, demand)| demand.municipality.is_none())
        .map(|(line, demand)| words::place_of(&demand.key, requests.cell(*line, "place")))
        .collect();
    if !nowhere.is_empty() {
        screen::note(&words::places_unknown(&nowhere));
    }
    let idle: Vec<String> = supplies
        .iter()
        .filter(|(_, supply)| supply.reach.is_empty())
        .map(|(_, supply)| supply.key.clone())
        .collect();
    if !idle.is_empty() {
        screen::note(&words::reach_unknown(&idle));
    }
}

/// Asks the index on every core and hands on the rows in the order of `keys`, while the next are being found.
fn ranked<T>(
    index: &Index,
    keys: &[String],
    top: usize,
    take: impl FnOnce(&mut dyn Iterator<Item = Vec<String>>) -> T,
) -> T {
    let bar = screen::progress(words::matching(), keys.len());
    let now = Clock::System.now();
    let next = AtomicUsize::new(0);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let (done, ready) = mpsc::sync_channel(threads);
    let work = |done: SyncSender<(usize, Vec<Vec<String>>)>| {
        loop {
            let batch = next.fetch_add(1, Ordering::Relaxed);
            let Some(keys) = keys.chunks(BATCH).nth(batch) else {
                return;
            };
            let rows = keys
                .iter()
                .flat_map(|key| records(index.offers_for(key, now, top)))
                .collect();
            bar.inc(len(keys));
            // Nobody listens any more when the file could not be written.
            if done.send((batch, rows)).is_err() {
                return;
            }
        }
    };
    let taken = thread::scope(|scope| {
        for _ in 0..threads {
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

fn records(list: Vec<Proposal>) -> impl Iterator<Item = Vec<String>> {
    (1_usize..).zip(list).map(|(rank, found)| {
        let mut record = vec![
            found.demand,
            found.supply,
            rank.to_string(),
            format!("{:.4}", found.explanation.score),
            found.proposed.to_string(),
        ];
        record.extend(rows::signals(&found.explanation));
        record.push(rows::why(&found.explanation));
        record
    })
}

fn len(keys: &[String]) -> u64 {
    u64::try_from(keys.len()).unwrap_or_default()
}
