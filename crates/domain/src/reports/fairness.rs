//! The fairness: who was proposed and introduced how often, and how much of it went to the few.

use std::collections::BTreeMap;

use super::{Cell, Facts, MatchFact};
use crate::region::Region;

pub(super) const COLUMNS: &[&str] = &[
    "group",
    "code",
    "name",
    "proposed",
    "introduced",
    "share_of_introduced",
];

/// The groups of which outsiders see nothing, because a row is about one organisation.
pub(super) const ABOUT_ONE: [&str; 2] = ["offering_organisation", "asking_organisation"];

/// How often somebody or something was proposed and introduced.
type Exposure = [usize; 2];

/// A row for each organisation that offers or asks, each province and each phase, and one for the tenth of the offering
/// organisations that was introduced most. Organisations that offered and were never proposed count as well.
pub(super) fn rows(facts: &Facts, name: impl Fn(Region) -> String) -> Vec<Vec<Cell>> {
    let total = introduced(&facts.matches);
    let named = |id: &_| facts.organisations.get(id).cloned().unwrap_or_default();
    let mut givers = by(facts, |found| Some(found.giver));
    let mut askers = by(facts, |found| Some(found.asker));
    for (posts, found) in [(&facts.offers, &mut givers), (&facts.requests, &mut askers)] {
        for post in posts {
            found.entry(post.organisation).or_default();
        }
    }
    let mut rows = vec![top_tenth(&givers, total)];
    for (region, exposure) in by(facts, |found| found.region) {
        rows.push(row("region", &region, name(region), exposure, total));
    }
    for (phase, exposure) in by(facts, |found| found.phase) {
        rows.push(row(
            "phase",
            &phase,
            phase.label().to_owned(),
            exposure,
            total,
        ));
    }
    for (group, organisations) in ABOUT_ONE.iter().zip([givers, askers]) {
        for (id, exposure) in organisations {
            rows.push(row(group, &id, named(&id), exposure, total));
        }
    }
    rows
}

/// The share of the tenth that was introduced most, rounded up to whole organisations.
fn top_tenth<K>(givers: &BTreeMap<K, Exposure>, total: usize) -> Vec<Cell> {
    let mut exposures: Vec<Exposure> = givers.values().copied().collect();
    exposures.sort_by_key(|[_, introduced]| std::cmp::Reverse(*introduced));
    exposures.truncate(exposures.len().div_ceil(10));
    let organisations = exposures.len();
    let [proposed, introduced] = exposures
        .into_iter()
        .fold([0, 0], |[all, met], [proposed, introduced]| {
            [all + proposed, met + introduced]
        });
    row(
        "top_ten_percent",
        &organisations,
        String::new(),
        [proposed, introduced],
        total,
    )
}

/// The exposure of each value that a match has.
fn by<K: Ord>(facts: &Facts, key: impl Fn(&MatchFact) -> Option<K>) -> BTreeMap<K, Exposure> {
    let mut found: BTreeMap<K, Exposure> = BTreeMap::new();
    for each in &facts.matches {
        if let Some(key) = key(each) {
            let [proposed, introduced] = found.entry(key).or_default();
            *proposed += 1;
            *introduced += usize::from(each.was_introduced());
        }
    }
    found
}

fn introduced(matches: &[MatchFact]) -> usize {
    matches
        .iter()
        .filter(|found| found.was_introduced())
        .count()
}

fn row(
    group: &str,
    code: &dyn ToString,
    name: String,
    [proposed, introduced]: Exposure,
    total: usize,
) -> Vec<Cell> {
    vec![
        Cell::text(group),
        Cell::Text(code.to_string()),
        Cell::Text(name),
        Cell::count(proposed),
        Cell::count(introduced),
        Cell::share(introduced, total),
    ]
}
