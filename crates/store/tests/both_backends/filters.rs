//! How lists of requests and offers are narrowed.

use domain::posts::{PostFilter, PostState};
use domain::region::{Municipality, Region};
use store::{Db, Slice, offers, requests};

use super::kept::{keep, on_both, read};
use super::market::{Party, coordinator, in_state, offer, party, request};

/// Stores three requests, known by their places.
async fn ask(db: &Db) -> Party {
    let ria = party(db, "ria").await;
    let mut one = request(&ria, 1);
    one.content.place = "one".to_owned();
    one.content.title = "Één zaal, 100% gratis".parse().unwrap();
    one.content.themes = vec!["dorpshuis".parse().unwrap(), "wonen".parse().unwrap()];
    one.content.support = vec!["ruimte".parse().unwrap(), "geld".parse().unwrap()];
    one.content.phase = Some("idee".parse().unwrap());
    let mut two = request(&ria, 2);
    two.content.place = "two".to_owned();
    two.content.title = "Hulp voor naam_met_streep".parse().unwrap();
    two.content.body = "Een tuin aan de\n\nrand van het dorp, cafe\u{301} erbij.".parse().unwrap();
    two.content.themes = vec!["wonen".parse().unwrap()];
    two.content.municipality = Municipality::from_number(344);
    two.content.phase = Some("groei".parse().unwrap());
    two.life = in_state(&two.life, PostState::Closed);
    let jan = party(db, "jan").await;
    let mut three = request(&jan, 3);
    three.content.place = "three".to_owned();
    three.content.body = r"Met een \ erin, en verder niets dat opvalt.".parse().unwrap();
    for asked in [one, two, three] {
        keep(db, &asked).await;
    }
    ria
}

/// The places of the requests a coordinator finds, the oldest first.
async fn asked(db: &Db, eye: &Party, filter: PostFilter) -> Vec<String> {
    let viewer = eye.viewer();
    let page = read(db, move |conn| requests::page(conn, &filter, &viewer, &Slice::first(50))).await;
    page.items.into_iter().rev().map(|found| found.post.content.place).collect()
}

#[test]
fn requests_are_found_by_their_words() {
    on_both(async |db| {
        ask(&db).await;
        let eye = coordinator(&db).await;
        let cases: [(&str, &[&str]); 16] = [
            ("", &["one", "two", "three"]),
            (" \t", &["one", "two", "three"]),
            ("EEN ZAAL", &["one"]),
            ("één", &["one", "two", "three"]),
            ("gratis zaal", &["one"]),
            ("zaal dorp", &[]),
            ("tuin rand", &["two"]),
            ("aan de rand", &["two"]),
            ("café", &["two"]),
            ("cafe", &["two"]),
            ("100%", &["one"]),
            ("%", &["one"]),
            ("_", &["two"]),
            ("naam_met", &["two"]),
            ("\\", &["three"]),
            ("'; DROP TABLE posts; --", &[]),
        ];
        for (words, expected) in cases {
            let filter = PostFilter {
                words: words.to_owned(),
                ..PostFilter::default()
            };
            assert_eq!(asked(&db, &eye, filter).await, expected, "{words:?}");
        }
    });
}

#[test]
fn a_search_with_very_many_words_is_answered() {
    on_both(async |db| {
        ask(&db).await;
        let eye = coordinator(&db).await;
        for (word, expected) in [("zaal ", &["one", "three"][..]), ("onvindbaar ", &[])] {
            let filter = PostFilter {
                words: word.repeat(3_000),
                ..PostFilter::default()
            };
            assert_eq!(asked(&db, &eye, filter).await, expected, "{word}");
        }
    });
}

#[test]
fn requests_are_found_by_what_they_say() {
    on_both(async |db| {
        let ria = ask(&db).await;
        let eye = coordinator(&db).await;
        let all = PostFilter::default;
        let themes = |codes: &[&str]| codes.iter().map(|code| code.parse().unwrap()).collect();
        let everywhere: Vec<Region> =
            (1..=400).map(|number| Region::Municipality(Municipality::from_number(number))).collect();
        let cases: Vec<(PostFilter, &[&str])> = vec![
            (PostFilter { themes: themes(&["wonen"]), ..all() }, &["one", "two"]),
            (PostFilter { themes: themes(&["dorpshuis", "dieren"]), ..all() }, &["one"]),
            (PostFilter { themes: themes(&["dieren"]), ..all() }, &[]),
            (PostFilter { support: Some("geld".parse().unwrap()), ..all() }, &["one"]),
            (PostFilter { support: Some("mensen".parse().unwrap()), ..all() }, &[]),
            (PostFilter { phase: Some("groei".parse().unwrap()), ..all() }, &["two"]),
            (PostFilter { phase: Some("start".parse().unwrap()), ..all() }, &[]),
            (PostFilter { areas: vec!["GM0344".parse().unwrap()], ..all() }, &["two"]),
            (PostFilter { areas: vec!["NL".parse().unwrap()], ..all() }, &[]),
            (PostFilter { areas: everywhere, ..all() }, &["one", "two", "three"]),
            (PostFilter { states: vec![PostState::Closed], ..all() }, &["two"]),
            (PostFilter { states: vec![PostState::Open, PostState::Closed], ..all() }, &["one", "two", "three"]),
            (PostFilter { states: vec![PostState::Draft], ..all() }, &[]),
            (PostFilter { organisation: Some(ria.organisation.id), ..all() }, &["one", "two"]),
            (
                PostFilter {
                    words: "zaal".to_owned(),
                    themes: themes(&["wonen"]),
                    states: vec![PostState::Open],
                    ..all()
                },
                &["one"],
            ),
        ];
        for (filter, expected) in cases {
            assert_eq!(asked(&db, &eye, filter.clone()).await, expected, "{filter:?}");
        }
    });
}

/// The references of the offers anyone finds, the oldest first.
async fn offered(db: &Db, filter: PostFilter) -> Vec<String> {
    let viewer = domain::members::Viewer::Anyone;
    let page = read(db, move |conn| offers::page(conn, &filter, &viewer, &Slice::first(50))).await;
    page.items.into_iter().rev().filter_map(|found| found.post.reference).collect()
}

#[test]
fn offers_are_found_by_what_they_say() {
    on_both(async |db| {
        let ria = party(&db, "ria").await;
        let mut wide = offer(&ria, 1);
        wide.reference = Some("wide".to_owned());
        wide.content.themes = vec!["wonen".parse().unwrap()];
        let mut narrow = offer(&ria, 2);
        narrow.reference = Some("narrow".to_owned());
        narrow.content.reach = ["GM0200", "GM0344"].map(|code| code.parse().unwrap()).to_vec();
        narrow.content.phases = ["start", "groei"].map(|code| code.parse().unwrap()).to_vec();
        narrow.content.support = vec!["mensen".parse().unwrap()];
        keep(&db, &wide).await;
        keep(&db, &narrow).await;

        let all = PostFilter::default;
        let areas = |codes: &[&str]| codes.iter().map(|code| code.parse().unwrap()).collect();
        let everywhere: Vec<Region> =
            (1..=400).map(|number| Region::Municipality(Municipality::from_number(number))).collect();
        let cases: Vec<(PostFilter, &[&str])> = vec![
            (all(), &["wide", "narrow"]),
            (PostFilter { words: "dorpshuis".to_owned(), ..all() }, &["wide", "narrow"]),
            (PostFilter { areas: areas(&["GM0344"]), ..all() }, &["narrow"]),
            (PostFilter { areas: areas(&["NL"]), ..all() }, &["wide"]),
            (PostFilter { areas: areas(&["GM0344", "NL"]), ..all() }, &["wide", "narrow"]),
            (PostFilter { areas: areas(&["GM0034"]), ..all() }, &[]),
            (PostFilter { areas: everywhere, ..all() }, &["narrow"]),
            // An offer that names no phase is for any.
            (PostFilter { phase: Some("groei".parse().unwrap()), ..all() }, &["wide", "narrow"]),
            (PostFilter { phase: Some("idee".parse().unwrap()), ..all() }, &["wide"]),
            (PostFilter { themes: vec!["wonen".parse().unwrap()], ..all() }, &["wide"]),
            (PostFilter { support: Some("mensen".parse().unwrap()), ..all() }, &["narrow"]),
        ];
        for (filter, expected) in cases {
            assert_eq!(offered(&db, filter.clone()).await, expected, "{filter:?}");
        }
    });
}
