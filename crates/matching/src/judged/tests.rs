//! Tuning on small judged markets: it finds what decides there, and leaves alone what does not help.

use std::cell::RefCell;

use proptest::prelude::*;

use super::{Judged, Quality, moves, tune};
use crate::{Demand, Neighbours, Shares, Standing, Supply, Weights};

/// Grades by the places of a request and an offer.
type Grade = fn(usize, usize) -> Option<u8>;

fn demand(number: usize, phase: &str) -> Demand {
    Demand {
        key: format!("req_{number:02}"),
        organisation: String::new(),
        title: String::new(),
        body: String::new(),
        municipality: Some("GM0200".parse().unwrap()),
        themes: vec!["eenzaamheid".parse().unwrap()],
        phase: Some(phase.parse().unwrap()),
        support: vec!["ruimte".parse().unwrap()],
        opened_at: None,
        standing: Standing::Live,
    }
}

fn supply(number: usize, theme: &str, phase: &str) -> Supply {
    Supply {
        key: format!("off_{number:02}"),
        organisation: String::new(),
        title: String::new(),
        body: String::new(),
        reach: vec!["GM0200".parse().unwrap()],
        neighbours: Neighbours::Excluded,
        themes: vec![theme.parse().unwrap()],
        phases: vec![phase.parse().unwrap()],
        support: vec!["ruimte".parse().unwrap()],
        capacity_left: 1,
        introduced_lately: 0,
        standing: Standing::Live,
    }
}

/// Ten requests in two phases, and four offers: the first two have the theme, the others one beside it; the even ones
/// are for the first phase.
fn market(grade: Grade) -> Judged {
    let phase = |number: usize| ["idee", "bestendig"][number % 2];
    let demands = (0..10).map(|number| demand(number, phase(number)));
    let supplies = (0..4).map(|number| {
        let theme = ["eenzaamheid", "dagbesteding"][number / 2];
        supply(number, theme, phase(number))
    });
    judged(demands.collect(), supplies.collect(), grade)
}

/// The number in a key.
fn place(key: &str) -> usize {
    key.split_once('_').unwrap().1.parse().unwrap()
}

fn judged(demands: Vec<Demand>, supplies: Vec<Supply>, grade: Grade) -> Judged {
    let grade = |asks: &str, gives: &str| grade(place(asks), place(gives));
    Judged::new(demands, supplies, grade, &[], chrono::DateTime::UNIX_EPOCH)
}

/// Any offer of the phase is excellent, whatever its theme.
fn by_phase(asks: usize, gives: usize) -> Option<u8> {
    (asks % 2 == gives % 2).then_some(3)
}

#[test]
fn the_signal_that_decides_gets_a_larger_share() {
    let judged = market(by_phase);
    let start = Weights::default();
    let tuned = tune(&judged, &start, |_, _| {});
    let share = |weights: &Weights| weights.shares.phase / weights.shares.total();
    let moved = moves(&start, &tuned.weights);
    assert!(share(&tuned.weights) > share(&start), "{moved:?}");
    assert!(tuned.fitted.aim() > tuned.before.aim());
    assert!(
        tuned.unseen.aim() > tuned.before_by_fold.aim(),
        "what was learned holds for requests it did not see: {tuned:?}"
    );
}

#[test]
fn nothing_moves_when_nothing_helps() {
    let start = Weights::default();
    let nobody_judged = market(|_, _| None);
    let all_alike = market(|_, _| Some(2)).among_graded();
    let all_right = Weights {
        proposal_threshold: 0.0,
        ..start.clone()
    };
    for (judged, start) in [(nobody_judged, &start), (all_alike, &all_right)] {
        let tuned = tune(&judged, start, |_, _| {});
        assert_eq!(moves(start, &tuned.weights), []);
        assert_eq!(tuned.before, tuned.fitted);
        assert_eq!(tuned.unseen, tuned.before_by_fold);
    }
}

#[test]
fn the_same_judgments_give_the_same_weights() {
    let once = tune(&market(by_phase), &Weights::default(), |_, _| {});
    let again = tune(&market(by_phase), &Weights::default(), |_, _| {});
    assert_eq!(once, again);
}

#[test]
fn the_threshold_parts_good_pairs_from_others() {
    let judged = market(by_phase);
    let weights = Weights {
        shares: Shares {
            theme: 0.0,
            ..Shares::default()
        },
        interaction: 0.0,
        ..Weights::default()
    };
    let rankings = judged.rankings(&weights, |_| true);
    let threshold = judged.best_threshold(&rankings).unwrap();
    let quality = judged.quality(&rankings, threshold);
    assert!(
        (quality.f1() - 1.0).abs() < 1e-9,
        "{quality:?} at {threshold}"
    );
    let nobody_judged = market(|_, _| None);
    assert_eq!(nobody_judged.best_threshold(&rankings), None);
}

#[test]
fn progress_is_told_up_to_the_end() {
    let heard = RefCell::new(Vec::new());
    tune(&market(by_phase), &Weights::default(), |done, of| {
        heard.borrow_mut().push((done, of));
    });
    let heard = heard.into_inner();
    assert!(heard.is_sorted(), "{heard:?}");
    assert_eq!(heard.first(), Some(&(0, 6)));
    assert_eq!(heard.last(), Some(&(6, 6)));
}

#[test]
fn weights_that_differ_are_named_with_what_they_were() {
    let from = Weights::default();
    let mut to = from.clone();
    to.theme.any += 0.1;
    to.freshness = 0.0;
    let named: Vec<_> = moves(&from, &to)
        .iter()
        .map(|one| (one.field, one.was, one.becomes))
        .collect();
    let expected = [
        ("theme.any", from.theme.any, to.theme.any),
        ("freshness", from.freshness, 0.0),
    ];
    assert_eq!(named, expected);
}

#[test]
fn what_nobody_looked_at_counts_only_where_all_was_looked_at() {
    // The offers with the theme come first; only those of the other theme have a grade.
    let grade: Grade = |_, gives| (gives >= 2).then_some(3);
    let first_good = |judged: &Judged| {
        let found: Quality = judged.measure(&Weights::default(), |_| true);
        found.first_good
    };
    assert!(first_good(&market(grade)).abs() < 1e-9);
    assert!((first_good(&market(grade).among_graded()) - 1.0).abs() < 1e-9);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn what_comes_out_can_always_be_used(grades in prop::collection::vec(prop::option::of(0..4_u8), 40)) {
        let phases = ["idee", "start", "groei", "bestendig", "vernieuwing"];
        let demands: Vec<_> = (0..10).map(|number| demand(number, phases[number % 5])).collect();
        let supplies: Vec<_> = (0..4)
            .map(|number| supply(number, ["ontmoeten", "eenzaamheid"][number % 2], phases[number]))
            .collect();
        let grade = |asks: &str, gives: &str| {
            grades[place(asks) * 4 + place(gives)]
        };
        let judged = Judged::new(demands, supplies, grade, &[], chrono::DateTime::UNIX_EPOCH);
        let tuned = tune(&judged, &Weights::default(), |_, _| {});
        prop_assert_eq!(tuned.weights.check(), Ok(()));
        prop_assert!(tuned.fitted.aim() >= tuned.before.aim());
    }
}
