//! The gaps: what is asked and not answered, and what is offered and not used, where and of which kind.

use std::collections::BTreeMap;

use super::{Cell, Facts, PostFact};
use crate::phase::Phase;
use crate::region::Region;
use crate::support::Support;
use crate::theme::Theme;

pub(super) const COLUMNS: &[&str] = &[
    "region",
    "region_name",
    "theme",
    "phase",
    "support",
    "unanswered_requests",
    "unused_offers",
];

/// Where a post stands in the report. `None` is what the poster left out: not known, or any.
type Place = (Region, Option<Theme>, Option<Phase>, Option<Support>);

/// A row for each place where somebody asks or offers in vain. A post with two themes stands in two places, so the rows
/// do not add up to the number of posts.
pub(super) fn rows(facts: &Facts, name: impl Fn(Region) -> String) -> Vec<Vec<Cell>> {
    let mut found: BTreeMap<Place, [usize; 2]> = BTreeMap::new();
    for request in facts.requests.iter().filter(|post| post.is_unmet()) {
        for place in places(request) {
            let [unanswered, _] = found.entry(place).or_default();
            *unanswered += 1;
        }
    }
    for offer in facts.offers.iter().filter(|post| post.is_unmet()) {
        for place in places(offer) {
            let [_, unused] = found.entry(place).or_default();
            *unused += 1;
        }
    }
    found
        .into_iter()
        .map(|((region, theme, phase, support), [unanswered, unused])| {
            vec![
                Cell::text(region),
                Cell::Text(name(region)),
                code(theme),
                code(phase),
                code(support),
                Cell::count(unanswered),
                Cell::count(unused),
            ]
        })
        .collect()
}

/// Every place a post stands in.
fn places(post: &PostFact) -> Vec<Place> {
    let mut places = Vec::new();
    for region in &post.regions {
        for theme in or_none(&post.themes) {
            for phase in or_none(&post.phases) {
                for support in or_none(&post.support) {
                    places.push((*region, theme, phase, support));
                }
            }
        }
    }
    places
}

/// Each of some codes, or once that there is none.
fn or_none<T: Copy>(codes: &[T]) -> Vec<Option<T>> {
    if codes.is_empty() {
        vec![None]
    } else {
        codes.iter().copied().map(Some).collect()
    }
}

fn code<T: ToString>(code: Option<T>) -> Cell {
    Cell::Text(code.map(|code| code.to_string()).unwrap_or_default())
}
