//! One question told twice is seen, however it is told; two questions of one theme and place are not taken for one.
//!
//! `pairs.tsv` has pairs of posts that people wrote: `same` for one question told by two people, with slips, in another
//! order, with words left out; `other` for questions that only look like each other.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed step should fail the test"
)]

use std::fs;
use std::path::Path;
use std::slice::from_ref;

use domain::region::{Municipality, Region};
use matching::{Demand, Index, MAX_ALIKE, Neighbours, Standing, Supply, Weights};

const APELDOORN: &str = "GM0200";

/// A title and a body.
type Text = (String, String);

fn here() -> Municipality {
    APELDOORN.parse().unwrap()
}

fn demand(key: &str, (title, body): &Text, municipality: &str) -> Demand {
    Demand {
        key: key.to_owned(),
        organisation: key.to_owned(),
        title: title.clone(),
        body: body.clone(),
        municipality: Some(municipality.parse().unwrap()),
        themes: vec![],
        phase: None,
        support: vec![],
        opened_at: None,
        standing: Standing::Live,
    }
}

fn supply(key: &str, (title, body): &Text, reach: &[&str]) -> Supply {
    Supply {
        key: key.to_owned(),
        organisation: key.to_owned(),
        title: title.clone(),
        body: body.clone(),
        reach: areas(reach),
        neighbours: Neighbours::Excluded,
        themes: vec![],
        phases: vec![],
        support: vec![],
        capacity_left: 1,
        introduced_lately: 0,
        standing: Standing::Live,
    }
}

fn areas(codes: &[&str]) -> Vec<Region> {
    codes.iter().map(|code| code.parse().unwrap()).collect()
}

/// The requests of the benchmark: different questions in many voices.
fn different() -> Vec<(String, Text)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../benches/quality/dev");
    let lines = ["a", "f"].map(|set| fs::read_to_string(folder.join(set).join("requests.jsonl")));
    let lines = lines.map(Result::unwrap).concat();
    lines
        .lines()
        .map(|line| {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = |field: &str| row[field].as_str().unwrap().to_owned();
            (text("id"), (text("title"), text("body")))
        })
        .collect()
}

/// The pairs: whether they are one question, and both texts.
fn pairs() -> Vec<(bool, Text, Text)> {
    let lines = include_str!("pairs.tsv").lines().skip(1);
    lines
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let text = |place: usize| (fields[place].to_owned(), fields[place + 1].to_owned());
            let is_same = match fields[0] {
                "same" => true,
                "other" => false,
                strange => panic!("{strange}"),
            };
            (is_same, text(1), text(3))
        })
        .collect()
}

/// A market of all those different questions, on both sides, in one place.
fn market() -> Index {
    let mut market = Index::new(Weights::default());
    for (key, text) in different() {
        market.put_demand(demand(&key, &text, APELDOORN));
        market.put_supply(supply(&key, &text, &[APELDOORN]));
    }
    market
}

#[test]
fn one_question_told_twice_is_seen_and_two_questions_are_not_one() {
    let mut market = market();
    let (mut same, mut other) = (0, 0);
    for (is_same, first, second) in pairs() {
        let expected: &[&str] = if is_same { &["first"] } else { &[] };
        for (told, (title, body)) in [(&first, &second), (&second, &first)] {
            market.put_demand(demand("first", told, APELDOORN));
            let requests = market.requests_like(title, body, here());
            assert_eq!(requests, expected, "{title} beside {}", told.0);
            market.remove_demand("first");

            market.put_supply(supply("first", told, &[APELDOORN]));
            let offers = market.offers_like(title, body, &areas(&[APELDOORN]));
            assert_eq!(offers, expected, "{title} beside {}", told.0);
            market.remove_supply("first");
        }
        *if is_same { &mut same } else { &mut other } += 1;
    }
    assert!(same >= 10 && other >= 10, "{same} {other}");
}

#[test]
fn different_questions_are_like_themselves_only() {
    let market = market();
    for (key, (title, body)) in different() {
        assert_eq!(market.requests_like(&title, &body, here()), from_ref(&key));
        assert_eq!(
            market.offers_like(&title, &body, &areas(&["NL"])),
            from_ref(&key)
        );
    }
}

#[test]
fn only_the_same_place_counts_and_what_left_is_not_named() {
    let text = (
        "Zaal gezocht voor het koor".to_owned(),
        "Wij zingen op maandag en zoeken een zaal met piano.".to_owned(),
    );
    let mut market = Index::new(Weights::default());
    market.put_demand(demand("here", &text, APELDOORN));
    market.put_demand(demand("elsewhere", &text, "GM0344"));
    for (key, reach) in [
        ("country", &["NL"][..]),
        ("province", &["PV25"]),
        ("town", &[APELDOORN, "GM0344"]),
        ("elsewhere", &["GM0344", "PV31"]),
    ] {
        market.put_supply(supply(key, &text, reach));
    }
    let requests = |market: &Index| market.requests_like(&text.0, &text.1, here());
    let offers =
        |market: &Index, reach: &[&str]| market.offers_like(&text.0, &text.1, &areas(reach));
    assert_eq!(requests(&market), ["here"]);
    let near = ["country", "province", "town"];
    assert_eq!(offers(&market, &[APELDOORN]), near);
    assert_eq!(offers(&market, &["CR13"]), near);
    assert_eq!(offers(&market, &["PV31"]), ["country", "elsewhere"]);
    assert_eq!(offers(&market, &["NL"]).len(), 4);
    assert!(offers(&market, &[]).is_empty());
    market.remove_demand("here");
    market.remove_supply("town");
    assert!(requests(&market).is_empty());
    assert_eq!(offers(&market, &[APELDOORN]), ["country", "province"]);
}

#[test]
fn a_market_of_equal_posts_answers_a_few() {
    let text = (
        "Zaal gezocht".to_owned(),
        "Voor het koor op maandag.".to_owned(),
    );
    let mut market = Index::new(Weights::default());
    for number in 0..50 {
        market.put_demand(demand(&format!("{number:02}"), &text, APELDOORN));
    }
    let found = market.requests_like(&text.0, &text.1, here());
    let first: Vec<String> = (0..MAX_ALIKE)
        .map(|number| format!("{number:02}"))
        .collect();
    assert_eq!(found, first, "equal ones in the order of their keys");
    assert!(market.requests_like("", "", here()).is_empty());
}
