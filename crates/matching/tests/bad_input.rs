//! What people and programs may send: any Unicode, endless words, nothing at all, the same ten thousand times.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed step should fail the test"
)]

use chrono::{DateTime, Utc};
use proptest::prelude::*;

use domain::theme::Theme;
use matching::{Demand, Index, Neighbours, Proposal, Ranked, Standing, Supply, Weights, rank};

fn now() -> DateTime<Utc> {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

fn demand(key: &str, title: &str, body: &str) -> Demand {
    Demand {
        key: key.to_owned(),
        organisation: String::new(),
        title: title.to_owned(),
        body: body.to_owned(),
        municipality: Some("GM0200".parse().unwrap()),
        themes: vec!["eenzaamheid".parse().unwrap()],
        phase: None,
        support: vec![],
        opened_at: None,
        standing: Standing::Live,
    }
}

fn supply(key: &str, title: &str, body: &str) -> Supply {
    Supply {
        key: key.to_owned(),
        organisation: String::new(),
        title: title.to_owned(),
        body: body.to_owned(),
        reach: vec!["NL".parse().unwrap()],
        neighbours: Neighbours::Excluded,
        themes: vec!["eenzaamheid".parse().unwrap()],
        phases: vec![],
        support: vec![],
        capacity_left: 1,
        introduced_lately: 0,
        standing: Standing::Live,
    }
}

/// The index and the plain definition say the same of one request and one offer, and so does the offer.
#[track_caller]
fn check_pair(demand: Demand, supply: Supply) {
    let weights = Weights::default();
    let plain: Vec<Ranked> = rank(&demand, std::slice::from_ref(&supply), &weights, now());
    let mut index = Index::new(weights);
    index.put_demand(demand.clone());
    index.put_supply(supply.clone());
    let found = index.offers_for(&demand.key, now(), 10);
    let explained = |found: &[Proposal]| -> Vec<_> {
        found
            .iter()
            .map(|found| found.explanation.clone())
            .collect()
    };
    let plain: Vec<_> = plain.into_iter().map(|found| found.explanation).collect();
    assert_eq!(explained(&found), plain);
    assert_eq!(
        explained(&index.requests_for(&supply.key, now(), 10)),
        plain
    );
    assert_eq!(plain.len(), 1);
    assert!((0.0..=1.0).contains(&plain[0].score));
}

fn keys(found: &[Proposal]) -> Vec<&str> {
    found.iter().map(|found| &*found.supply).collect()
}

#[test]
fn endless_words_and_empty_texts_are_posts_like_any_other() {
    let texts = [
        String::new(),
        " \n\t".to_owned(),
        "a".repeat(5_000),
        "tuin ".repeat(1_000),
        "é".repeat(5_000),
        (0..5_000).map(|number| format!("woord{number} ")).collect(),
        "😀\u{200d}👩🏽\u{0}\u{feff}ﬁ İ ß ǅ".repeat(200),
    ];
    for asked in &texts {
        for given in &texts {
            check_pair(demand("r", asked, given), supply("o", given, asked));
        }
    }
}

#[test]
fn of_ten_thousand_equal_offers_the_first_by_key_are_the_best() {
    let equal = |number: usize| supply(&format!("off_{number:05}"), "Zaal", "Vrij op donderdag.");
    let mut index = Index::new(Weights::default());
    index.put_demand(demand("r", "Zaal gezocht", "Voor elke donderdag."));
    index.fill([], (0..10_000).rev().map(equal), 2);
    let found = index.offers_for("r", now(), 3);
    assert_eq!(keys(&found), ["off_00000", "off_00001", "off_00002"]);
    // Also when the first ones leave, and when what comes back is a little better.
    index.remove_supply("off_00000");
    index.decline("r", "off_00001");
    let mut better = equal(9_999);
    better.reach.push("GM0200".parse().unwrap());
    index.put_supply(better);
    let found = index.offers_for("r", now(), 3);
    assert_eq!(keys(&found), ["off_09999", "off_00002", "off_00003"]);
}

#[test]
fn an_offer_that_names_everything_is_found_everywhere() {
    let regions = regions::Regions::shipped();
    let everything = Supply {
        reach: regions.regions().map(|(region, _)| region).collect(),
        neighbours: Neighbours::Included,
        themes: Theme::all().collect(),
        ..supply("o", "Alles", "Voor iedereen.")
    };
    let municipalities_only = Supply {
        reach: regions
            .municipalities()
            .iter()
            .map(|facts| domain::region::Region::Municipality(facts.code))
            .collect(),
        ..everything.clone()
    };
    check_pair(demand("r", "Hulp", "Voor iedereen."), everything);
    check_pair(demand("r", "Hulp", "Voor iedereen."), municipalities_only);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_is_read_the_same_by_both(
        texts in ("\\PC*", any::<String>(), "\\PC*", any::<String>()),
        keys in ("\\PC*", any::<String>()),
        shared in "\\PC{0,12}",
    ) {
        let asked = format!("{} {shared} {}", texts.0, texts.1);
        let given = format!("{} {shared} {}", texts.2, texts.3);
        check_pair(demand(&keys.0, &shared, &asked), supply(&keys.1, &given, &shared));
    }
}

#[test]
fn offers_that_repeat_a_request_are_found_though_their_bounds_cannot_be_counted() {
    let mut weights = Weights::default();
    weights.text.full_at = 0.05;
    let said = "tuin schuur zaal koken buren subsidie jurist bestuur";
    let supplies: Vec<Supply> = (0..300)
        .map(|number| {
            // Words that more than a few say are not followed.
            let body = if number % 10 == 0 { said } else { "muziek" };
            supply(&format!("off_{number:03}"), body, body)
        })
        .collect();
    let demand = demand("req", "", said);
    let plain = rank(&demand, &supplies, &weights, now());
    let mut index = Index::new(weights);
    index.fill([], supplies.clone(), 1);
    let found = index.offers_for_draft(&demand, now(), 10);
    let keys: Vec<&str> = found.iter().map(|found| &*found.supply).collect();
    let expected: Vec<&str> = plain[..10]
        .iter()
        .map(|found| &*supplies[found.supply].key)
        .collect();
    assert_eq!(keys, expected);
}
