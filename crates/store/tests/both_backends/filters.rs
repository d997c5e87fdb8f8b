//! How lists of requests and offers are narrowed.

use domain::members::Viewer;
use domain::posts::{PostFilter, PostState};
use domain::region::{Municipality, Region};
use domain::theme::Theme;
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
    two.content.body = "Een tuin aan de\n\nrand van het dorp, cafe\u{301} erbij."
        .parse()
        .unwrap();
    two.content.themes = vec!["wonen".parse().unwrap()];
    two.content.municipality = Municipality::from_number(344);
    two.content.phase = Some("groei".parse().unwrap());
    two.life = in_state(&two.life, PostState::Closed);
    let jan = party(db, "jan").await;
    let mut three = request(&jan, 3);
    three.content.place = "three".to_owned();
    three.content.body = r"Met een \ erin, en verder niets dat opvalt."
        .parse()
        .unwrap();
    for asked in [one, two, three] {
        keep(db, &asked).await;
    }
    ria
}

/// Nothing is found.
const NOTHING: [&str; 0] = [];

/// The places of the requests a coordinator finds, the oldest first.
async fn asked(db: &Db, eye: &Party, narrow: impl FnOnce(&mut PostFilter)) -> Vec<String> {
    let (mut filter, viewer) = (PostFilter::default(), eye.viewer());
    narrow(&mut filter);
    let page = read(db, move |conn| {
        requests::page(conn, &filter, &viewer, &Slice::first(50))
    })
    .await;
    page.items
        .into_iter()
        .rev()
        .map(|found| found.post.content.place)
        .collect()
}

/// The references of the offers anyone finds, the oldest first.
async fn offered(db: &Db, narrow: impl FnOnce(&mut PostFilter)) -> Vec<String> {
    let mut filter = PostFilter::default();
    narrow(&mut filter);
    let page = read(db, move |conn| {
        offers::page(conn, &filter, &Viewer::Anyone, &Slice::first(50))
    })
    .await;
    page.items
        .into_iter()
        .rev()
        .filter_map(|found| found.post.reference)
        .collect()
}

fn themes(codes: &[&str]) -> Vec<Theme> {
    codes.iter().map(|code| code.parse().unwrap()).collect()
}

fn areas(codes: &[&str]) -> Vec<Region> {
    codes.iter().map(|code| code.parse().unwrap()).collect()
}

/// More municipalities than there are.
fn everywhere() -> Vec<Region> {
    (1..=400)
        .map(|number| Region::Municipality(Municipality::from_number(number)))
        .collect()
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
            let found = asked(&db, &eye, |to| to.words = words.to_owned()).await;
            assert_eq!(found, expected, "{words:?}");
        }
    });
}

#[test]
fn a_search_with_very_many_words_is_answered() {
    on_both(async |db| {
        ask(&db).await;
        let eye = coordinator(&db).await;
        let many = |word: &str| word.repeat(3_000);
        assert_eq!(
            asked(&db, &eye, |to| to.words = many("zaal ")).await,
            ["one"]
        );
        assert_eq!(
            asked(&db, &eye, |to| to.words = many("onvindbaar ")).await,
            NOTHING
        );
    });
}

#[test]
fn requests_are_found_by_theme_support_and_phase() {
    on_both(async |db| {
        ask(&db).await;
        let eye = coordinator(&db).await;
        let either = themes(&["dorpshuis", "dieren"]);
        assert_eq!(
            asked(&db, &eye, |to| to.themes = themes(&["wonen"])).await,
            ["one", "two"]
        );
        assert_eq!(asked(&db, &eye, |to| to.themes = either).await, ["one"]);
        assert_eq!(
            asked(&db, &eye, |to| to.themes = themes(&["dieren"])).await,
            NOTHING
        );
        assert_eq!(
            asked(&db, &eye, |to| to.support = "geld".parse().ok()).await,
            ["one"]
        );
        assert_eq!(
            asked(&db, &eye, |to| to.support = "mensen".parse().ok()).await,
            NOTHING
        );
        assert_eq!(
            asked(&db, &eye, |to| to.phase = "groei".parse().ok()).await,
            ["two"]
        );
        assert_eq!(
            asked(&db, &eye, |to| to.phase = "start".parse().ok()).await,
            NOTHING
        );
    });
}

#[test]
fn requests_are_found_by_place_state_and_owner() {
    on_both(async |db| {
        let ria = ask(&db).await;
        let eye = coordinator(&db).await;
        let all = ["one", "two", "three"];
        let both = vec![PostState::Open, PostState::Closed];
        assert_eq!(
            asked(&db, &eye, |to| to.areas = areas(&["GM0344"])).await,
            ["two"]
        );
        assert_eq!(
            asked(&db, &eye, |to| to.areas = areas(&["NL"])).await,
            NOTHING
        );
        assert_eq!(asked(&db, &eye, |to| to.areas = everywhere()).await, all);
        assert_eq!(
            asked(&db, &eye, |to| to.states = vec![PostState::Closed]).await,
            ["two"]
        );
        assert_eq!(asked(&db, &eye, |to| to.states = both).await, all);
        assert_eq!(
            asked(&db, &eye, |to| to.states = vec![PostState::Draft]).await,
            NOTHING
        );
        let owner = Some(ria.organisation.id);
        assert_eq!(
            asked(&db, &eye, |to| to.organisation = owner).await,
            ["one", "two"]
        );
        let everything = asked(&db, &eye, |to| {
            to.words = "zaal".to_owned();
            to.themes = themes(&["wonen"]);
            to.states = vec![PostState::Open];
            to.organisation = owner;
        });
        assert_eq!(everything.await, ["one"]);
    });
}

#[test]
fn offers_are_found_by_what_they_say() {
    on_both(async |db| {
        let ria = party(&db, "ria").await;
        let mut wide = offer(&ria, 1);
        wide.reference = Some("wide".to_owned());
        wide.content.themes = themes(&["wonen"]);
        let mut narrow = offer(&ria, 2);
        narrow.reference = Some("narrow".to_owned());
        narrow.content.reach = areas(&["GM0200", "GM0344"]);
        narrow.content.phases = ["start", "groei"]
            .map(|code| code.parse().unwrap())
            .to_vec();
        narrow.content.support = vec!["mensen".parse().unwrap()];
        keep(&db, &wide).await;
        keep(&db, &narrow).await;

        let both = ["wide", "narrow"];
        assert_eq!(offered(&db, |_| ()).await, both);
        assert_eq!(
            offered(&db, |to| to.words = "dorpshuis".to_owned()).await,
            both
        );
        assert_eq!(
            offered(&db, |to| to.areas = areas(&["GM0344"])).await,
            ["narrow"]
        );
        assert_eq!(offered(&db, |to| to.areas = areas(&["NL"])).await, ["wide"]);
        assert_eq!(
            offered(&db, |to| to.areas = areas(&["GM0344", "NL"])).await,
            both
        );
        assert_eq!(
            offered(&db, |to| to.areas = areas(&["GM0034"])).await,
            NOTHING
        );
        assert_eq!(offered(&db, |to| to.areas = everywhere()).await, ["narrow"]);
        // An offer that names no phase is for any.
        assert_eq!(
            offered(&db, |to| to.phase = "groei".parse().ok()).await,
            both
        );
        assert_eq!(
            offered(&db, |to| to.phase = "idee".parse().ok()).await,
            ["wide"]
        );
        assert_eq!(
            offered(&db, |to| to.themes = themes(&["wonen"])).await,
            ["wide"]
        );
        assert_eq!(
            offered(&db, |to| to.support = "mensen".parse().ok()).await,
            ["narrow"]
        );
    });
}
