//! The engine on small markets: what a coordinator would expect, case by case. What holds for every market is in
//! `tests/properties.rs`.

use chrono::{DateTime, Utc};

use domain::explanation::{Explanation, Reason, Signal, Source};

use crate::*;

fn now() -> DateTime<Utc> {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

fn list<T: std::str::FromStr<Err: std::fmt::Debug>>(codes: &str) -> Vec<T> {
    codes
        .split_whitespace()
        .map(|code| code.parse().unwrap())
        .collect()
}

/// A starting group in Apeldoorn that looks for a room to meet.
fn demand() -> Demand {
    Demand {
        key: "req".to_owned(),
        organisation: "Zuid Doet Samen".to_owned(),
        title: "Zaal gezocht voor de buurtmaaltijd".to_owned(),
        body: "Wij koken elke donderdag voor veertig buren.".to_owned(),
        municipality: Some("GM0200".parse().unwrap()),
        themes: list("eenzaamheid"),
        phase: Some("start".parse().unwrap()),
        support: list("ruimte geld"),
        opened_at: None,
        standing: Standing::Live,
    }
}

/// An offer that fits the request in all but the money.
fn supply() -> Supply {
    Supply {
        key: "off".to_owned(),
        organisation: "Stimenz".to_owned(),
        title: "Zaal met keuken".to_owned(),
        body: "Vrij op donderdag, voor wie samen kookt.".to_owned(),
        reach: list("GM0200"),
        neighbours: Neighbours::Excluded,
        themes: list("eenzaamheid"),
        phases: list("idee start"),
        support: list("ruimte"),
        capacity_left: 1,
        introduced_lately: 0,
        standing: Standing::Live,
    }
}

fn ranked(demand: &Demand, supplies: &[Supply]) -> Vec<Ranked> {
    rank(demand, supplies, &Weights::default(), now())
}

fn explain(demand: &Demand, supply: &Supply) -> Explanation {
    ranked(demand, std::slice::from_ref(supply))[0]
        .explanation
        .clone()
}

#[track_caller]
fn check_reason(demand: &Demand, supply: &Supply, signal: Signal, expected: &Reason) {
    let explanation = explain(demand, supply);
    assert_eq!(&explanation.part(signal).unwrap().reason, expected);
}

#[track_caller]
fn check_refused(demand: &Demand, supply: &Supply, expected: Refusal) {
    assert_eq!(gate(demand, supply, History::Open), Err(expected));
    assert!(ranked(demand, std::slice::from_ref(supply)).is_empty());
}

#[test]
fn each_gate_says_why_it_refuses() {
    let (d, s) = (demand(), supply());
    assert_eq!(gate(&d, &s, History::Open), Ok(()));
    assert_eq!(
        gate(&d, &s, History::Declined),
        Err(Refusal::DeclinedBefore)
    );
    let with = |standing| Demand {
        standing,
        ..demand()
    };
    check_refused(&with(Standing::NotOpen), &s, Refusal::DemandNotOpen);
    check_refused(&with(Standing::NotVerified), &s, Refusal::NotVerified);
    let with = |standing| Supply {
        standing,
        ..supply()
    };
    check_refused(&d, &with(Standing::NotOpen), Refusal::SupplyNotOpen);
    check_refused(&d, &with(Standing::NotVerified), Refusal::NotVerified);
    let own = Supply {
        organisation: demand().organisation,
        ..supply()
    };
    check_refused(&d, &own, Refusal::SameOrganisation);
    let full = Supply {
        capacity_left: 0,
        ..supply()
    };
    check_refused(&d, &full, Refusal::NoCapacity);
    for reach in ["GM0344", "PV26", "CR01", "GM0285", ""] {
        let far = Supply {
            reach: list(reach),
            ..supply()
        };
        check_refused(&d, &far, Refusal::OutOfReach);
    }
}

#[test]
fn codes_of_refusals_are_what_json_writes() {
    for refusal in Refusal::ALL {
        let json = serde_json::to_value(refusal).unwrap();
        assert_eq!(json, refusal.code());
    }
}

#[test]
fn organisations_without_a_name_are_not_the_same() {
    let nameless = |name: &str| {
        (
            Demand {
                organisation: name.to_owned(),
                ..demand()
            },
            Supply {
                organisation: name.to_owned(),
                ..supply()
            },
        )
    };
    let (d, s) = nameless("");
    assert_eq!(gate(&d, &s, History::Open), Ok(()));
}

#[test]
fn without_a_place_only_the_whole_country_passes() {
    let nowhere = Demand {
        municipality: None,
        ..demand()
    };
    check_refused(&nowhere, &supply(), Refusal::OutOfReach);
    let national = Supply {
        reach: list("GM0344 NL"),
        ..supply()
    };
    check_reason(&nowhere, &national, Signal::Region, &Reason::PlaceUnknown);
}

#[test]
fn neighbours_pass_when_the_offer_says_so() {
    let beside = Supply {
        reach: list("GM0344 GM0285"),
        neighbours: Neighbours::Included,
        ..supply()
    };
    let expected = Reason::NeighbourCovers {
        neighbour: "GM0285".parse().unwrap(),
        municipality: "GM0200".parse().unwrap(),
    };
    check_reason(&demand(), &beside, Signal::Region, &expected);
    assert!(explain(&demand(), &beside).score < explain(&demand(), &supply()).score);
}

#[test]
fn each_signal_says_why() {
    let source = Source::Filled;
    let (d, s) = (demand(), supply());
    let municipality = "GM0200".parse().unwrap();
    check_reason(
        &d,
        &s,
        Signal::Region,
        &Reason::SameMunicipality { municipality },
    );
    let themes = list("eenzaamheid");
    check_reason(
        &d,
        &s,
        Signal::Theme,
        &Reason::SameThemes { themes, source },
    );
    let phase = "start".parse().unwrap();
    check_reason(&d, &s, Signal::Phase, &Reason::SamePhase { phase, source });
    let (support, missing) = (list("ruimte"), list("geld"));
    check_reason(
        &d,
        &s,
        Signal::Support,
        &Reason::SameSupport {
            support,
            missing,
            source: Source::Filled,
        },
    );
    // Both say "donderdag" too, which is no reason.
    let words = vec!["zaal".to_owned()];
    check_reason(&d, &s, Signal::Text, &Reason::SharedWords { words });
    check_reason(&d, &s, Signal::Freshness, &Reason::Waiting { days: 0 });
    check_reason(
        &d,
        &s,
        Signal::Fairness,
        &Reason::IntroducedLately { times: 0 },
    );
}

#[test]
fn what_does_not_fit_is_said_too() {
    let (d, mut s) = (demand(), supply());
    s.reach = list("NL PV25");
    s.themes = list("dagbesteding");
    s.phases = list("bestendig vernieuwing");
    s.support = list("juridisch");
    s.title = String::new();
    s.body = String::new();
    s.introduced_lately = 4;
    let expected = Reason::RegionCovers {
        region: "PV25".parse().unwrap(),
        municipality: "GM0200".parse().unwrap(),
    };
    check_reason(&d, &s, Signal::Region, &expected);
    let themes = list("zorg-en-welzijn");
    check_reason(
        &d,
        &s,
        Signal::Theme,
        &Reason::RelatedThemes {
            themes,
            source: Source::Filled,
        },
    );
    let expected = Reason::OtherPhase {
        phase: "start".parse().unwrap(),
        offered: "bestendig".parse().unwrap(),
    };
    check_reason(&d, &s, Signal::Phase, &expected);
    let expected = Reason::OtherSupport {
        asked: list("ruimte geld"),
        given: list("juridisch"),
    };
    check_reason(&d, &s, Signal::Support, &expected);
    check_reason(&d, &s, Signal::Text, &Reason::NoSharedWords);
    check_reason(
        &d,
        &s,
        Signal::Fairness,
        &Reason::IntroducedLately { times: 4 },
    );
    s.themes = list("wonen");
    check_reason(&d, &s, Signal::Theme, &Reason::OtherThemes);
}

#[test]
fn what_is_left_open_is_said_too() {
    let (mut d, mut s) = (demand(), supply());
    s.phases = list("groei idee");
    let expected = Reason::NearPhase {
        phase: "start".parse().unwrap(),
        offered: "idee".parse().unwrap(),
        source: Source::Filled,
    };
    check_reason(&d, &s, Signal::Phase, &expected);
    d.themes.clear();
    d.phase = None;
    d.support.clear();
    for text in [&mut d.title, &mut d.body, &mut s.title, &mut s.body] {
        text.clear();
    }
    check_reason(&d, &s, Signal::Theme, &Reason::ThemeUnknown);
    check_reason(&d, &s, Signal::Phase, &Reason::PhaseUnknown);
    check_reason(&d, &s, Signal::Support, &Reason::SupportUnknown);
    s.themes.clear();
    s.phases.clear();
    check_reason(&d, &s, Signal::Theme, &Reason::AnyTheme);
    check_reason(&d, &s, Signal::Phase, &Reason::AnyPhase);
}

#[test]
fn what_only_the_text_says_is_a_reason_that_says_so() {
    let mut d = demand();
    let s = supply();
    d.themes.clear();
    d.support.clear();
    d.body = "Ouderen in onze flat zijn eenzaam en komen de deur niet uit.".to_owned();
    let (themes, support) = (list("eenzaamheid"), list("ruimte"));
    let source = Source::Text;
    check_reason(
        &d,
        &s,
        Signal::Theme,
        &Reason::SameThemes { themes, source },
    );
    let found = explain(&d, &s);
    let reason = &found.part(Signal::Support).unwrap().reason;
    assert!(
        matches!(reason, Reason::SameSupport { support: found, source: Source::Text, .. } if *found == support),
        "{reason:?}"
    );
}

#[test]
fn kin_of_a_theme_is_worth_less_the_further_it_is() {
    let values = ["eenzaamheid", "zorg-en-welzijn", "dagbesteding", "wonen"].map(|theme| {
        let other = Supply {
            themes: list(theme),
            ..supply()
        };
        explain(&demand(), &other)
            .part(Signal::Theme)
            .unwrap()
            .value
    });
    assert!(values.windows(2).all(|two| two[0] > two[1]), "{values:?}");
}

#[test]
fn half_of_what_is_asked_is_worth_less_than_all() {
    let give = |kinds: &str| {
        let other = Supply {
            support: list(kinds),
            ..supply()
        };
        explain(&demand(), &other).score
    };
    assert!(give("ruimte geld") > give("ruimte"));
    assert!(give("ruimte") > give("juridisch"));
    assert!(give("geld ruimte") <= give("ruimte geld") && give("ruimte") >= give("geld"));
}

#[test]
fn equal_offers_stand_in_the_order_of_their_keys() {
    let twins = ["off_b", "off_a"].map(|key| Supply {
        key: key.to_owned(),
        ..supply()
    });
    let ranked = ranked(&demand(), &twins);
    assert_eq!(ranked.iter().map(|r| r.supply).collect::<Vec<_>>(), [1, 0]);
    assert!((ranked[0].explanation.score - ranked[1].explanation.score).abs() < f64::EPSILON);
}

#[test]
fn one_question_has_at_most_a_hundred_answers() {
    let mut index = Index::new(Weights::default());
    for number in 0..=MAX_MATCHES {
        index.put_supply(Supply {
            key: format!("off_{number:03}"),
            ..supply()
        });
    }
    assert_eq!(index.supplies().len(), MAX_MATCHES + 1);
    let all = index.offers_for_draft(&demand(), now(), usize::MAX);
    assert_eq!(all.len(), MAX_MATCHES);
    assert_eq!(index.offers_for_draft(&demand(), now(), 3), all[..3]);
}

#[test]
fn a_proposal_begins_at_the_threshold() {
    let score = explain(&demand(), &supply()).score;
    for (threshold, proposed) in [(score, true), (score + 1e-9, false)] {
        let mut index = Index::new(Weights {
            proposal_threshold: threshold,
            ..Weights::default()
        });
        index.put_supply(supply());
        let found = index.offers_for_draft(&demand(), now(), 1);
        assert_eq!(found[0].proposed, proposed);
    }
}

#[test]
fn a_key_that_is_not_there_has_no_answers() {
    let mut index = Index::new(Weights::default());
    index.put_demand(demand());
    index.put_supply(supply());
    assert_eq!(index.offers_for("req", now(), 10).len(), 1);
    assert_eq!(index.demands().collect::<Vec<_>>(), ["req"]);
    index.remove_demand("req");
    index.remove_supply("no such offer");
    assert!(index.offers_for("req", now(), 10).is_empty());
    assert!(index.requests_for("off", now(), 10).is_empty());
    assert!(index.requests_for("no such offer", now(), 10).is_empty());
}

#[test]
fn threads_may_share_an_index() {
    fn shared<T: Sync + Send>() {}
    shared::<Index>();
}
