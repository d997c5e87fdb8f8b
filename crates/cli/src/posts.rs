//! Rows of a file as the engine wants them, checked cell by cell; used by the commands that need no database.

use std::collections::HashMap;
use std::panic::resume_unwind;
use std::path::Path;
use std::thread;

use app::RefusedRow;
use domain::fields::{Gather, one_of, some_of};
use domain::invalid::Invalid;
use domain::offers::capacity;
use matching::{Demand, Neighbours, Standing, Supply};
use regions::Regions;

use crate::rows;
use crate::tables::{self, Kind, Row, Table};

/// The rows of a file as the engine wants them, and what was wrong with the others.
pub(crate) struct Posts<T> {
    /// Each with its line.
    pub(crate) good: Vec<(u64, T)>,
    /// In the order of the file.
    pub(crate) refused: Vec<RefusedRow>,
}

/// Files of requests and offers, as they were written and as the engine wants them.
pub(crate) struct Files {
    pub(crate) requests: Table,
    pub(crate) offers: Table,
    pub(crate) demands: Posts<Demand>,
    pub(crate) supplies: Posts<Supply>,
}

/// Reads both files, at the same time.
///
/// # Errors
/// As [`tables::read`], of the requests if both are wrong; what is wrong with a row stands with its posts.
pub(crate) fn read(requests: &Path, offers: &Path) -> anyhow::Result<Files> {
    let (requests, offers) = thread::scope(|scope| {
        let offers = scope.spawn(|| of_file(offers, Kind::Offers, supply));
        let requests = of_file(requests, Kind::Requests, demand);
        (
            requests,
            offers.join().unwrap_or_else(|panic| resume_unwind(panic)),
        )
    });
    let (requests, demands) = requests?;
    let (offers, supplies) = offers?;
    Ok(Files {
        requests,
        offers,
        demands,
        supplies,
    })
}

fn of_file<T>(
    path: &Path,
    kind: Kind,
    read: impl Fn(&Row) -> Result<T, Vec<Invalid>>,
) -> anyhow::Result<(Table, Posts<T>)> {
    let table = tables::read(path, kind)?;
    let posts = posts(&table, read);
    Ok((table, posts))
}

/// Reads each row of a file; an id may stand in it once.
fn posts<T>(table: &Table, read: impl Fn(&Row) -> Result<T, Vec<Invalid>>) -> Posts<T> {
    let mut posts = Posts {
        good: Vec::with_capacity(table.rows.len()),
        refused: table.broken.clone(),
    };
    let mut lines = HashMap::with_capacity(table.rows.len());
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

/// The request of a row.
///
/// # Errors
/// What is wrong with each of its cells.
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

/// The offer of a row.
///
/// # Errors
/// What is wrong with each of its cells.
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
