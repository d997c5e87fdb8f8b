//! Random posts and weights.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use domain::phase::Phase;
use domain::support::Support;
use domain::theme::Theme;
use matching::{
    Demand, MAX_NEAR_TIE, Neighbours, PhaseValues, ReadingValues, RegionValues, Shares, Standing,
    Supply, SupportValues, TextValues, ThemeValues, Weights,
};

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

/// Words that many posts use, and some that few do.
pub(crate) fn words(most: usize) -> impl Strategy<Value = String> {
    let word = prop_oneof![
        3 => select(&WORDS[..]).prop_map(str::to_owned),
        1 => (0..200_u8).prop_map(|number| format!("woord{number}")),
    ];
    prop::collection::vec(word, 0..most).prop_map(|words| words.join(" "))
}

fn some_of<T: Clone + std::fmt::Debug + 'static>(
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

/// Numbers from 0 to 1, often the ends, the largest first.
fn falling<const N: usize>() -> impl Strategy<Value = [f64; N]> {
    let number = prop_oneof![1 => Just(0.0), 1 => Just(1.0), 8 => 0.0..=1.0];
    prop::collection::vec(number, N).prop_map(|mut numbers: Vec<f64>| {
        numbers.sort_by(|a, b| b.total_cmp(a));
        numbers.try_into().unwrap()
    })
}

prop_compose! {
    /// Any weights that can be used.
    fn any_weights()(
        shares in prop::collection::vec(prop_oneof![1 => Just(0.0_f64), 4 => 0.0..=1.0], 5),
        interaction in falling::<1>(),
        region in falling::<4>(),
        theme in falling::<5>(),
        focus in falling::<1>(),
        phase in falling::<3>(),
        phase_unknown in falling::<2>(),
        support in falling::<2>(),
        reading in prop::collection::vec(0.0..=1.0_f64, 7),
        full_at in 0.01..=1.0,
        near_tie in (0.0..=MAX_NEAR_TIE, 0.0..=MAX_NEAR_TIE),
    ) -> Weights {
        Weights {
            shares: Shares {
                region: shares[0].max(0.01),
                theme: shares[1],
                phase: shares[2],
                support: shares[3],
                text: shares[4],
            },
            interaction: interaction[0],
            region: RegionValues {
                corop: region[0],
                province: region[1],
                country: region[2],
                neighbour: region[3],
            },
            theme: ThemeValues {
                broader: theme[0],
                narrower: theme[1],
                any: theme[2],
                sibling: theme[3],
                unknown: theme[4],
                focus: focus[0],
            },
            phase: PhaseValues {
                next: phase[0],
                previous: phase[1],
                two_steps: phase[2],
                any: phase_unknown[0],
                unknown: phase_unknown[1],
            },
            support: SupportValues { some: support[0], unknown: support[1] },
            text: TextValues { full_at },
            reading: ReadingValues {
                even: reading[0].max(0.01),
                main: reading[1],
                scatter: reading[2],
                trust: reading[3],
                stress: reading[4],
                beside: reading[5],
                besides: reading[6],
            },
            freshness: near_tie.0,
            fairness: near_tie.1,
            ..Weights::default()
        }
    }
}

pub(crate) fn weights() -> impl Strategy<Value = Weights> {
    prop_oneof![Just(Weights::default()), any_weights()]
}
