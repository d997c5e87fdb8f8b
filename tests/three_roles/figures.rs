//! The figures of the reports, counted from the tally of the script of the three roles by other means than the program
//! counts them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::reports::ReportKind;

use super::asked::{Asked, province};
use super::compare::{Figures, row};
use super::posts::{AREA_NAMES, Kind};
use super::tally::{Origin, Pair, Post, Tally};

/// Counts what a question about a report is answered with.
pub(super) struct Counter<'a> {
    tally: &'a Tally,
    asked: Asked,
    requests: Vec<&'a Post>,
    offers: Vec<&'a Post>,
    pairs: Vec<&'a Pair>,
    /// The fields of a row that say what it is about.
    texts: &'static [&'static str],
    figures: Figures,
}

impl<'a> Counter<'a> {
    pub(super) fn new(tally: &'a Tally, asked: Asked) -> Self {
        let of = |kind| {
            let own = tally.posts.iter().filter(|post| post.draft.kind == kind);
            let placed = own.filter(|post| asked.is_about(post) && asked.holds(post.placed.day));
            placed.collect()
        };
        let pairs = tally
            .pairs
            .iter()
            .filter(|pair| asked.is_about(tally.post(pair.request)) && asked.holds(pair.made.day));
        Self {
            requests: of(Kind::Request),
            offers: of(Kind::Offer),
            pairs: pairs.collect(),
            texts: &[],
            figures: Figures::new(),
            tally,
            asked,
        }
    }

    /// Every figure of a report.
    pub(super) fn count(mut self, report: ReportKind) -> Figures {
        self.texts = match report {
            ReportKind::Overview => &[],
            ReportKind::Gaps => &["region", "regionName", "theme", "phase", "support"],
            ReportKind::Outcomes => &["outcome", "reason"],
            ReportKind::Fairness => &["group", "code", "name"],
        };
        match report {
            ReportKind::Overview => self.overview(),
            ReportKind::Gaps => self.gaps(),
            ReportKind::Outcomes => self.outcomes(),
            ReportKind::Fairness => self.fairness(),
        }
        self.figures
    }

    fn put(&mut self, about: &[&str], field: &str, figure: Option<f64>) {
        let about = row(self.texts.iter().copied().zip(about.iter().copied()));
        let before = self.figures.insert((about, field.to_owned()), figure);
        assert_eq!(before, None, "{field} is counted twice");
    }

    fn many(&mut self, row: &[&str], field: &str, many: usize) {
        self.put(row, field, Some(real(many)));
    }

    fn overview(&mut self) {
        let (requests, offers) = (self.requests.len(), self.offers.len());
        self.many(&[], "requests", requests);
        self.many(&[], "offers", offers);
        let pairs = self.pairs.clone();
        self.many(&[], "proposed", pairs.len());
        let asked = pairs.iter().filter(|pair| pair.invited.is_some()).count();
        // Who is approved is asked at once.
        self.many(&[], "approved", asked);
        self.many(&[], "invited", asked);
        let met = |pair: &&&Pair| pair.introduced.is_some();
        self.many(&[], "introduced", pairs.iter().filter(met).count());
        for state in [
            "succeeded",
            "failed",
            "unknown",
            "rejected",
            "declined",
            "expired",
            "lapsed",
        ] {
            let ended = pairs.iter().filter(|pair| pair.state == state).count();
            self.many(&[], state, ended);
        }
        let first = |pair: &Pair| {
            let mut of_request = self.tally.pairs.iter();
            let first = of_request.find(|other| other.request == pair.request);
            first.is_some_and(|first| first.titles() == pair.titles())
        };
        let since = |pair: &Pair| self.tally.post(pair.request).opened;
        let firsts = pairs.iter().filter(|pair| first(pair));
        let proposed = median(firsts.map(|pair| (since(pair), Some(pair.made.at))));
        let engine = pairs.iter().filter(|pair| pair.origin == Origin::Engine);
        let reviewed = median(engine.map(|pair| (Some(pair.made.at), pair.reviewed)));
        let introduced = median(pairs.iter().map(|pair| (pair.invited, pair.introduced)));
        self.put(&[], "hoursToProposal", proposed);
        self.put(&[], "hoursToReview", reviewed);
        self.put(&[], "hoursToIntroduction", introduced);
    }

    fn gaps(&mut self) {
        let mut cells = BTreeMap::<[&str; 5], [usize; 2]>::new();
        let posts = [self.requests.clone(), self.offers.clone()];
        for (side, posts) in posts.iter().enumerate() {
            let unmet = posts.iter().filter(|post| {
                let is_wanted = post.closed.is_none_or(|reason| reason == "no_response");
                is_wanted && !self.tally.was_introduced(post)
            });
            for cell in unmet.flat_map(|post| self.cells(post)) {
                cells.entry(cell).or_default()[side] += 1;
            }
        }
        for (row, [asked, given]) in cells {
            self.many(&row, "unansweredRequests", asked);
            self.many(&row, "unusedOffers", given);
        }
    }

    /// The rows of the gaps that a post stands in.
    fn cells(&self, post: &Post) -> Vec<[&'static str; 5]> {
        let only = |codes: &[&'static str], asked: &str| -> Vec<&'static str> {
            let kept = codes.iter().copied();
            let kept: Vec<_> = kept
                .filter(|code| asked.is_empty() || *code == asked)
                .collect();
            if kept.is_empty() { vec![""] } else { kept }
        };
        let mut cells = Vec::new();
        for area in self.asked.provinces(post) {
            for theme in self.asked.themes(post) {
                for phase in only(post.draft.phases, self.asked.phase) {
                    for support in only(post.draft.support, self.asked.support) {
                        cells.push([area, area_name(area), theme, phase, support]);
                    }
                }
            }
        }
        cells
    }

    fn outcomes(&mut self) {
        let pairs = self.pairs.clone();
        let in_one_of = |states: &[&str]| {
            let own = pairs.iter().filter(|pair| states.contains(&pair.state));
            own.count()
        };
        let ended = in_one_of(&["succeeded", "failed", "unknown"]);
        let missed = in_one_of(&["rejected", "declined", "expired", "lapsed"]);
        for (row, state) in [
            ("realised", "succeeded"),
            ("succeeded", "succeeded"),
            ("failed", "failed"),
            ("unknown", "unknown"),
        ] {
            let many = in_one_of(&[state]);
            self.part(&[row, ""], ["matches", "share"], many, ended);
        }
        let mut reasons = BTreeMap::<[&str; 2], usize>::new();
        for pair in pairs {
            if ["rejected", "declined", "expired", "lapsed"].contains(&pair.state) {
                *reasons.entry([pair.state, pair.reason]).or_default() += 1;
            }
        }
        for (row, many) in reasons {
            self.part(&row, ["matches", "share"], many, missed);
        }
    }

    fn part(&mut self, row: &[&str], fields: [&str; 2], part: usize, whole: usize) {
        self.many(row, fields[0], part);
        let share = (whole > 0).then(|| rounded(real(part) / real(whole), 10_000.0));
        self.put(row, fields[1], share);
    }

    fn fairness(&mut self) {
        let tally = self.tally;
        let owner = |title: &str| tally.post(title).owner;
        let place = |pair: &Pair| province(tally.post(pair.request).draft.place.holds[0]);
        let phase = |pair: &Pair| tally.post(pair.request).draft.phases.first().copied();
        for (group, of) in [
            (
                "region",
                &(|pair: &Pair| Some(place(pair))) as &dyn Fn(&Pair) -> Option<&'static str>,
            ),
            ("phase", &phase),
        ] {
            for (code, exposure) in self.exposures(of, []) {
                let name = if group == "phase" {
                    phase_name(code)
                } else {
                    area_name(code)
                };
                self.exposed(&[group, code, name], exposure);
            }
        }
        let owners = |posts: &[&Post]| posts.iter().map(|post| post.owner).collect::<Vec<_>>();
        let offering = self.exposures(&|pair| Some(owner(pair.offer)), owners(&self.offers));
        let asking = self.exposures(&|pair| Some(owner(pair.request)), owners(&self.requests));
        let mut best: Vec<_> = offering.iter().collect();
        best.sort_by_key(|(name, [_, met])| (Reverse(*met), &tally.organisations[**name]));
        best.truncate(best.len().div_ceil(10));
        let many = best.len().to_string();
        let sum = |side: usize| best.iter().map(|(_, exposure)| exposure[side]).sum();
        self.exposed(&["top_ten_percent", &many, ""], [sum(0), sum(1)]);
        for (group, found) in [
            ("offering_organisation", offering),
            ("asking_organisation", asking),
        ] {
            for (name, exposure) in found {
                self.exposed(&[group, &tally.organisations[name], name], exposure);
            }
        }
    }

    /// How often each value was proposed and introduced; those of `also` count when they never were.
    fn exposures(
        &self,
        of: &dyn Fn(&Pair) -> Option<&'static str>,
        also: impl IntoIterator<Item = &'static str>,
    ) -> BTreeMap<&'static str, [usize; 2]> {
        let mut found: BTreeMap<_, [usize; 2]> =
            also.into_iter().map(|one| (one, [0, 0])).collect();
        for pair in &self.pairs {
            if let Some(value) = of(pair) {
                let [proposed, met] = found.entry(value).or_default();
                *proposed += 1;
                *met += usize::from(pair.introduced.is_some());
            }
        }
        found
    }

    fn exposed(&mut self, row: &[&str], [proposed, met]: [usize; 2]) {
        let all = self
            .pairs
            .iter()
            .filter(|pair| pair.introduced.is_some())
            .count();
        self.many(row, "proposed", proposed);
        self.part(row, ["introduced", "shareOfIntroduced"], met, all);
    }
}

fn area_name(code: &str) -> &'static str {
    AREA_NAMES.iter().find(|(area, _)| *area == code).unwrap().1
}

fn phase_name(code: &str) -> &'static str {
    let names = [
        ("idee", "Idee"),
        ("start", "Start"),
        ("groei", "Groei"),
        ("bestendig", "Bestendig"),
        ("vernieuwing", "Vernieuwing"),
    ];
    names.iter().find(|(phase, _)| *phase == code).unwrap().1
}

/// The median of the waits that have a beginning and an end, in hours.
fn median(
    waits: impl Iterator<Item = (Option<DateTime<Utc>>, Option<DateTime<Utc>>)>,
) -> Option<f64> {
    let mut minutes: Vec<i64> = waits
        .filter_map(|(from, to)| Some((to? - from?).num_minutes()))
        .collect();
    minutes.sort_unstable();
    let (last, middle) = (minutes.len().checked_sub(1)?, minutes.len() / 2);
    let twice = minutes[last / 2] + minutes[middle];
    let hours = f64::from(i32::try_from(twice).unwrap()) / 120.0;
    Some(rounded(hours, 10.0))
}

fn rounded(figure: f64, parts: f64) -> f64 {
    (figure * parts).round() / parts
}

fn real(many: usize) -> f64 {
    f64::from(u32::try_from(many).unwrap())
}
