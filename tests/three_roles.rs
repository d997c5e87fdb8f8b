//! A script of three roles: initiatives, partners and a coordinator do everything from registering to the outcome, over
//! HTTP and by mailed links only. The server looks after its letters and deadlines by itself; nobody touches the
//! database or the command line. At the end every figure of every report is what was done.

mod asked;
mod compare;
mod figures;
mod posts;
mod scene;
mod tally;

use std::collections::BTreeMap;

use domain::reports::ReportKind;
use serde_json::{Value, json};

use self::asked::Asked;
use self::compare::{compare, is_the_same};
use self::figures::Counter;
use self::posts::{
    ATTIC, BAND, CHOIR, COFFEE, DRIVERS, ENERGY, FUND, GARDEN, HALL, Kind, LAWYERS, LOAN, MEAL,
    MINIBUS, NURSERY, STATUTES, TABLETS,
};
use self::scene::{Newcomer, Scene, Side};
use self::tally::{Moment, Tally};
use crate::support::folder::rows;
use crate::support::market::{ASKER, GIVER};
use crate::support::{Client, on_each, until};

const SOUTH: Newcomer = ["Zuid Doet Samen", "initiative", "Ria de Vries", ASKER];
const WEST: Newcomer = [
    "Westenwind",
    "initiative",
    "Truus Peel",
    "truus@westenwind.example",
];
const HOUSE: Newcomer = ["Stimenz", "partner", "Jan Jansen", GIVER];
const GREEN: Newcomer = [
    "Groene Vingers",
    "partner",
    "Guus Groen",
    "guus@groenevingers.example",
];
const RIDES: Newcomer = [
    "Limburg Rijdt",
    "partner",
    "Lies Last",
    "lies@limburgrijdt.example",
];
const LENDER: Newcomer = ["Snel Geld", "partner", "Sam Snel", "sam@snelgeld.example"];

// The pairs of the script: what is asked, and what is offered.
const MEAL_HALL: [&str; 2] = [MEAL.title, HALL.title];
const MEAL_ATTIC: [&str; 2] = [MEAL.title, ATTIC.title];
const CHOIR_HALL: [&str; 2] = [CHOIR.title, HALL.title];
const CHOIR_ATTIC: [&str; 2] = [CHOIR.title, ATTIC.title];
const GARDEN_NURSERY: [&str; 2] = [GARDEN.title, NURSERY.title];
const GARDEN_FUND: [&str; 2] = [GARDEN.title, FUND.title];
const STATUTES_LAWYERS: [&str; 2] = [STATUTES.title, LAWYERS.title];
const DRIVERS_MINIBUS: [&str; 2] = [DRIVERS.title, MINIBUS.title];
const COFFEE_FUND: [&str; 2] = [COFFEE.title, FUND.title];

/// A moment, and the day it is then in the Netherlands.
fn moment(at: &str, day: &'static str) -> Moment {
    let at = at.parse().unwrap();
    Moment { at, day }
}

#[test]
fn three_roles_do_everything_and_every_figure_tells_it() {
    on_each(|database| {
        let mut scene = Scene::open(database, moment("2027-03-01T09:00:00Z", "2027-03-01"));
        they_come_in_and_post(&mut scene);
        proposals_are_reviewed(&mut scene);
        introductions_are_made(&mut scene);
        outcomes_are_told(&mut scene);
        let coordinator = scene.coordinator();
        every_figure_is_what_was_done(&coordinator, &scene.tally);
        a_run_looks_at_what_is_open(&coordinator, &scene.tally);
    });
}

fn they_come_in_and_post(scene: &mut Scene) {
    for newcomer in [SOUTH, WEST, HOUSE, GREEN, RIDES, LENDER] {
        scene.comes_in(newcomer);
    }
    for organisation in [SOUTH, HOUSE, GREEN, RIDES] {
        scene.is_verified(organisation[0], "approve", &[]);
    }
    scene.places(WEST[0], &COFFEE, &[]);
    scene.places(LENDER[0], &LOAN, &[]);
    scene.places(HOUSE[0], &HALL, &[]);

    scene.go_to(moment("2027-03-02T10:00:00Z", "2027-03-02"));
    scene.is_verified(WEST[0], "approve", &[]);
    scene.places(WEST[0], &ENERGY, &[]);
    scene.is_verified(LENDER[0], "reject", &[]);
    scene.places(SOUTH[0], &MEAL, &[MEAL_HALL]);

    // After midnight in the Netherlands.
    scene.go_to(moment("2027-03-03T23:30:00Z", "2027-03-04"));
    scene.places(HOUSE[0], &ATTIC, &[MEAL_ATTIC]);
    scene.places(HOUSE[0], &FUND, &[COFFEE_FUND]);
}

fn proposals_are_reviewed(scene: &mut Scene) {
    scene.go_to(moment("2027-03-04T15:00:00Z", "2027-03-04"));
    scene.is_reviewed(MEAL_HALL, "good_fit");
    scene.is_reviewed(MEAL_ATTIC, "wrong_support");
    scene.is_reviewed(COFFEE_FUND, "good_fit");
    scene.places(SOUTH[0], &CHOIR, &[CHOIR_HALL, CHOIR_ATTIC]);

    // The hall carries one introduction: the choir's chance goes by.
    scene.go_to(moment("2027-03-05T09:00:00Z", "2027-03-05"));
    scene.both_agree(MEAL_HALL, &[CHOIR_HALL]);
    scene.agrees(COFFEE_FUND, Side::Asker);

    scene.go_to(moment("2027-03-08T09:00:00Z", "2027-03-08"));
    scene.agrees(COFFEE_FUND, Side::Giver);
    scene.is_reviewed(CHOIR_ATTIC, "good_fit");
    scene.places(SOUTH[0], &GARDEN, &[]);
    scene.places(GREEN[0], &LAWYERS, &[]);
    scene.places(RIDES[0], &MINIBUS, &[]);

    scene.go_to(moment("2027-03-09T07:20:00Z", "2027-03-09"));
    scene.places(GREEN[0], &NURSERY, &[GARDEN_NURSERY]);
    scene.places(SOUTH[0], &STATUTES, &[STATUTES_LAWYERS]);
    scene.places(WEST[0], &DRIVERS, &[DRIVERS_MINIBUS]);
}

fn introductions_are_made(scene: &mut Scene) {
    scene.go_to(moment("2027-03-09T12:00:00Z", "2027-03-09"));
    for pair in [GARDEN_NURSERY, STATUTES_LAWYERS, DRIVERS_MINIBUS] {
        scene.is_reviewed(pair, "good_fit");
    }
    scene.closes(CHOIR.title, "fulfilled_elsewhere", &[CHOIR_ATTIC]);

    scene.go_to(moment("2027-03-10T10:00:00Z", "2027-03-10"));
    scene.declines(GARDEN_NURSERY, Side::Giver, "not_now");
    scene.both_agree(STATUTES_LAWYERS, &[]);

    scene.go_to(moment("2027-03-12T10:00:00Z", "2027-03-12"));
    scene.tells(MEAL_HALL, Side::Asker, "succeeded", "succeeded");
}

fn outcomes_are_told(scene: &mut Scene) {
    scene.go_to(moment("2027-03-17T11:00:00Z", "2027-03-17"));
    scene.tells(STATUTES_LAWYERS, Side::Asker, "failed", "introduced");
    scene.tells(STATUTES_LAWYERS, Side::Giver, "failed", "failed");
    scene.is_made_by_hand(GARDEN_FUND);

    scene.go_to(moment("2027-03-18T08:30:00Z", "2027-03-18"));
    scene.both_agree(GARDEN_FUND, &[]);

    scene.go_to(moment("2027-03-20T09:00:00Z", "2027-03-20"));
    scene.ends_by_itself(DRIVERS_MINIBUS, "expired");

    // April begins in the Netherlands, where summer time began a few days ago.
    scene.go_to(moment("2027-03-31T22:30:00Z", "2027-04-01"));
    scene.places(WEST[0], &BAND, &[]);
    scene.places(WEST[0], &TABLETS, &[]);
    scene.tells(GARDEN_FUND, Side::Asker, "busy", "introduced");
    scene.closes(TABLETS.title, "no_response", &[]);

    scene.go_to(moment("2027-04-21T10:00:00Z", "2027-04-21"));
    scene.ends_by_itself(COFFEE_FUND, "unknown");
}

fn every_figure_is_what_was_done(coordinator: &Client, tally: &Tally) {
    let mut told = BTreeMap::<(ReportKind, String), f64>::new();
    for asked in Asked::all() {
        for kind in ReportKind::ALL.iter().copied() {
            let figures = Counter::new(tally, asked).count(kind);
            let path = format!("/v1/reports/{kind}?{}", asked.query());
            let found = coordinator.get(&path).expect(200).json();
            compare(&found, &figures, &path);
            let headers = [("accept", "text/csv")];
            let file = coordinator.send("GET", &path, &headers, b"").expect(200);
            is_the_same(&rows(&file.text), &found["items"], &path);
            for ((_, field), figure) in figures {
                *told.entry((kind, field)).or_default() += figure.unwrap_or_default();
            }
        }
    }
    let empty: Vec<_> = told.iter().filter(|(_, figure)| **figure == 0.0).collect();
    assert!(empty.is_empty(), "the script never did {empty:?}");
}

/// A full rematch compares what is open, proposes nothing twice, and says which gate refused how many pairs.
fn a_run_looks_at_what_is_open(coordinator: &Client, tally: &Tally) {
    let [requests, offers] = [Kind::Request, Kind::Offer].map(|kind| tally.open(kind));
    let mut refused = BTreeMap::<&str, usize>::new();
    let mut passed = 0;
    for request in &requests {
        for offer in &offers {
            match tally.gate(request, offer) {
                Some(gate) => *refused.entry(gate).or_default() += 1,
                None => passed += 1,
            }
        }
    }
    let begun = coordinator.post("/v1/match-runs", &json!({})).expect(202);
    let run = until("the run is finished", || {
        let run = coordinator.get(begun.header("location")).expect(200).json();
        (run["state"] == "finished").then_some(run)
    });
    for (field, figure) in [
        ("requests", json!(requests.len())),
        ("offers", json!(offers.len())),
        ("passed", json!(passed)),
        ("refused", json!(refused)),
        ("proposed", json!(0)),
        ("kept", json!(0)),
        ("proposals", json!([])),
        ("matches", json!([])),
    ] {
        assert_eq!(run[field], figure, "{field}: {run:#}");
    }
    assert!(refused.len() == 3 && passed > 0, "{refused:?}");
    assert_eq!(run["begunBy"].as_str().map(|by| &by[..4]), Some("mem_"));
    assert_eq!(run["signedBy"], Value::Null);
}
