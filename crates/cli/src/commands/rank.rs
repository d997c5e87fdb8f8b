//! `samenspel rank`: the engine alone, from two files to one, without a database.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use app::{Clock, OnInvalid, RefusedRow};
use domain::dutch::commands::{self as words, help};
use domain::fields::{Gather, one_of, some_of};
use domain::invalid::Invalid;
use domain::offers::capacity;
use matching::{Demand, Index, MAX_MATCHES, Neighbours, Proposal, Standing, Supply, Weights};
use regions::Regions;

use crate::commands::import::note_ignored;
use crate::tables::{self, Kind, Row, Table};
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
    let mut index = Index::new(weights);
    demands
        .good
        .into_iter()
        .for_each(|(_, demand)| index.put_demand(demand));
    supplies
        .good
        .into_iter()
        .for_each(|(_, supply)| index.put_supply(supply));
    let ranked = rank(&index, &keys, usize::from(args.top).min(MAX_MATCHES));
    let found = ranked.iter().map(Vec::len).sum();
    let proposed = ranked
        .iter()
        .flatten()
        .filter(|proposal| proposal.proposed)
        .count();
    tables::write(
        args.output.as_deref(),
        &COLUMNS,
        ranked.iter().flat_map(|list| records(list)),
    )?;
    screen::note(&words::ranked(
        [asked, given, found, proposed],
        started.elapsed().as_secs_f64(),
    ));
    Ok(())
}

/// The rows of a file as the engine wants them, each with its line, and what was wrong with the others.
struct Posts<T> {
    good: Vec<(u64, T)>,
    refused: Vec<RefusedRow>,
}

fn posts<T>(table: &Table, read: impl Fn(&Row) -> Result<T, Vec<Invalid>>) -> Posts<T> {
    let mut posts = Posts {
        good: Vec::with_capacity(table.rows.len()),
        refused: table.broken.clone(),
    };
    let mut lines = std::collections::BTreeMap::new();
    for row in &table.rows {
        let once = match lines.insert(row.get("id"), row.line) {
            Some(before) => Err(vec![domain::dutch::problems::row_twice(
                row.get("id"),
                before,
            )]),
            None => Ok(()),
        };
        match once.and_then(|()| read(row)) {
            Ok(post) => posts.good.push((row.line, post)),
            Err(problems) => posts
                .refused
                .extend(problems.into_iter().map(|problem| RefusedRow {
                    line: row.line,
                    problem,
                })),
        }
    }
    posts.refused.sort_by_key(|refused| refused.line);
    posts
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

fn demand(row: &Row) -> Result<Demand, Vec<Invalid>> {
    let mut problems = Gather::default();
    let key = problems.keep(key(row));
    let municipality = problems.keep(match row.get("municipality") {
        // A place that may mean several or nothing we know is named in a notice; the request is ranked without it.
        "" => {
            let texts = [row.get("title"), row.get("body")];
            let place = Regions::shipped().resolve_beside(row.get("place"), &texts);
            Ok(place.municipality())
        }
        typed => app::municipality("municipality", typed).map(Some),
    });
    let themes = problems.keep(some_of("themes", &row.list("themes"), usize::MAX));
    let phase = problems.keep(one_of(row.get("phase")));
    let support = problems.keep(some_of("support", &row.list("support"), usize::MAX));
    problems.done(|| {
        Some(Demand {
            key: key?,
            organisation: row.get("organisation").to_owned(),
            title: row.get("title").to_owned(),
            body: row.get("body").to_owned(),
            municipality: municipality?,
            themes: themes?,
            phase: phase?,
            support: support?,
            // A file does not say when a request opened, and the answer must not depend on the day.
            opened_at: None,
            standing: Standing::Live,
        })
    })
}

fn supply(row: &Row) -> Result<Supply, Vec<Invalid>> {
    let mut problems = Gather::default();
    let key = problems.keep(key(row));
    let reach: Result<Vec<_>, Invalid> = row
        .list("reach")
        .iter()
        .map(|area| Regions::shipped().resolve_reach(area))
        .collect();
    let reach = problems.at("reach", reach);
    let neighbours = problems.keep(rows::yes(row, "neighbours"));
    let themes = problems.keep(some_of("themes", &row.list("themes"), usize::MAX));
    let phases = problems.keep(some_of("phases", &row.list("phases"), usize::MAX));
    let support = problems.keep(some_of("support", &row.list("support"), usize::MAX));
    let capacity = problems.keep(capacity(row.get("capacity")));
    problems.done(|| {
        Some(Supply {
            key: key?,
            organisation: row.get("organisation").to_owned(),
            title: row.get("title").to_owned(),
            body: row.get("body").to_owned(),
            reach: reach?,
            neighbours: if neighbours? {
                Neighbours::Included
            } else {
                Neighbours::Excluded
            },
            themes: themes?,
            phases: phases?,
            support: support?,
            capacity_left: capacity?,
            introduced_lately: 0,
            standing: Standing::Live,
        })
    })
}

fn key(row: &Row) -> Result<String, Invalid> {
    match row.get("id") {
        "" => Err(domain::dutch::problems::required("id")),
        id => Ok(id.to_owned()),
    }
}

/// Asks the index on every core; the answers are in the order of `keys`, whichever thread found them.
fn rank(index: &Index, keys: &[String], top: usize) -> Vec<Vec<Proposal>> {
    let bar = screen::progress(words::matching(), keys.len());
    let now = Clock::System.now();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut found = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(key) = keys.get(place) else {
                return found;
            };
            found.push((place, index.offers_for(key, now, top)));
            bar.inc(1);
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut found: Vec<(usize, Vec<Proposal>)> = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut found = work();
        for other in others {
            match other.join() {
                Ok(more) => found.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        found
    });
    bar.finish_and_clear();
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, proposals)| proposals).collect()
}

fn records(list: &[Proposal]) -> impl Iterator<Item = Vec<String>> {
    (1_usize..).zip(list).map(|(rank, found)| {
        let mut record = vec![
            found.demand.clone(),
            found.supply.clone(),
            rank.to_string(),
            format!("{:.4}", found.explanation.score),
            found.proposed.to_string(),
        ];
        record.extend(rows::signals(&found.explanation));
        record.push(rows::why(&found.explanation));
        record
    })
}
