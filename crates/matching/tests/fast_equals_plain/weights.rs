//! Random weights.

use proptest::prelude::*;

use matching::{
    MAX_NEAR_TIE, PhaseValues, ReadingValues, RegionValues, Shares, SupportValues, TextValues,
    ThemeValues, Weights,
};

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
