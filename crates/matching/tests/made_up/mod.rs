//! Random posts; shared by the tests that try things on many.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use domain::phase::Phase;
use domain::support::Support;
use domain::theme::Theme;
use matching::{Demand, Neighbours, Standing, Supply};

const WORDS: [&str; 16] = [
    "tuin",
    "schuur",
    "zaal",
    "koken",
    "buren",
    "subsidie",
    "jurist",
    "bestuur",
    "café",
    "de",
    "een",
    "muziek",
    "tuin tuin",
    "buurthuis",
    "🌱",
    "ĳsbaan",
];
/// Apeldoorn, Voorst, Deventer, Utrecht, and a municipality that does not exist.
const PLACES: [&str; 5] = ["GM0200", "GM0285", "GM0150", "GM0344", "GM9999"];
const AREAS: [&str; 12] = [
    "NL", "NL", "PV25", "PV23", "PV26", "CR13", "GM0200", "GM0285", "GM0150", "GM0344", "GM0203",
    "GM9999",
];

pub(crate) fn now() -> DateTime<Utc> {
    "2026-06-01T12:00:00Z".parse().unwrap()
}

/// What people write of which the engine makes out themes, help and phases beside what is filled in.
const SENTENCES: [&str; 8] = [
    "Wij zoeken een zaaltje en iemand die de boekhouding doet.",
    "Onze kas is leeg, we hebben al een ruimte.",
    "We zijn net begonnen met een moestuin en een weggeefwinkel.",
    "Hulp bij statuten, rechtsvorm en subsidieaanvraag.",
    "Wij bieden coaching, een netwerk en gereedschap.",
    "Voor elke fase, van idee tot groei.",
    "Zonnepanelen op het dorpshuis, samen eten met de buren.",
    "Geen geld nodig, wel vrijwilligers voor de voedselbank?",
];

/// Words that many posts use, and some that few do; now and then a sentence.
pub(crate) fn words(most: usize) -> impl Strategy<Value = String> {
    let word = prop_oneof![
        3 => select(&WORDS[..]).prop_map(str::to_owned),
        1 => (0..200_u8).prop_map(|number| format!("woord{number}")),
        1 => select(&SENTENCES[..]).prop_map(str::to_owned),
    ];
    prop::collection::vec(word, 0..most).prop_map(|words| words.join(" "))
}

pub(crate) fn some_of<T: Clone + std::fmt::Debug + 'static>(
    all: Vec<T>,
    most: usize,
) -> impl Strategy<Value = Vec<T>> {
    let most = most.min(all.len());
    prop_oneof![
        9 => subsequence(all.clone(), 0..=3.min(most)),
        1 => subsequence(all, 0..=most),
    ]
}

/// Few themes, so that posts meet, and now and then any.
fn themes() -> impl Strategy<Value = Vec<Theme>> {
    let all: Vec<Theme> = Theme::all().collect();
    prop_oneof![4 => some_of(all[..8].to_vec(), 8), 1 => some_of(all, 63)]
}

fn standing() -> impl Strategy<Value = Standing> {
    prop_oneof![
        12 => Just(Standing::Live),
        1 => Just(Standing::NotOpen),
        1 => Just(Standing::NotVerified),
    ]
}

fn organisation() -> impl Strategy<Value = String> {
    select(vec!["", "", "Stimenz", "Dock", "LSA"]).prop_map(str::to_owned)
}

prop_compose! {
    pub(crate) fn demand()(
        organisation in organisation(),
        texts in (words(4), words(12)),
        place in prop::option::weighted(0.9, select(&PLACES[..])),
        themes in themes(),
        phase in prop::option::of(select(Phase::all().collect::<Vec<_>>())),
        support in some_of(Support::all().collect(), 9),
        waited in prop::option::of(-5..200_i64),
        standing in standing(),
    ) -> Demand {
        Demand {
            key: String::new(),
            organisation,
            title: texts.0,
            body: texts.1,
            municipality: place.map(|code| code.parse().unwrap()),
            themes,
            phase,
            support,
            opened_at: waited.map(|days| now() - TimeDelta::days(days)),
            standing,
        }
    }
}

prop_compose! {
    pub(crate) fn supply()(
        organisation in organisation(),
        texts in (words(4), words(12)),
        reach in subsequence(AREAS.to_vec(), 1..=4),
        neighbours in select(vec![Neighbours::Included, Neighbours::Excluded]),
        themes in themes(),
        phases in some_of(Phase::all().collect(), 5),
        support in some_of(Support::all().collect(), 9),
        capacity_left in prop_oneof![1 => Just(0), 9 => 1..4_u32],
        introduced_lately in prop_oneof![Just(0), 0..20_u32],
        standing in standing(),
    ) -> Supply {
        Supply {
            key: String::new(),
            organisation,
            title: texts.0,
            body: texts.1,
            reach: reach.into_iter().map(|code| code.parse().unwrap()).collect(),
            neighbours,
            themes,
            phases,
            support,
            capacity_left,
            introduced_lately,
            standing,
        }
    }
}
