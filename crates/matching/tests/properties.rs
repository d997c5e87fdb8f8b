//! What holds for every market, tried on made-up ones: determinism, bounds, fairness to short lists, index equals rank.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a failed step should fail the test"
)]

mod made_up;

use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::sample::select;

use domain::phase::Phase;
use domain::region::Region;
use domain::support::Support;
use domain::theme::Theme;
use matching::{
    Demand, History, Index, MAX_MATCHES, MAX_NEAR_TIE, Neighbours, Proposal, Ranked, Standing,
    Supply, Weights, gate, rank,
};
use regions::Regions;

use made_up::{now, some_of, supply};

/// A request with a key.
fn demand() -> impl Strategy<Value = Demand> {
    made_up::demand().prop_map(|demand| Demand {
        key: "req".to_owned(),
        ..demand
    })
}

/// Up to 30 offers, each with a key of its own.
fn supplies() -> impl Strategy<Value = Vec<Supply>> {
    prop::collection::vec(supply(), 0..30).prop_map(|mut supplies| {
        for (number, supply) in supplies.iter_mut().enumerate() {
            supply.key = format!("off_{number:02}");
        }
        supplies
    })
}

/// A request and an offer that may be matched: live, with room, covering the country.
fn pair() -> impl Strategy<Value = (Demand, Supply)> {
    (demand(), supply()).prop_map(|(mut demand, mut supply)| {
        demand.standing = Standing::Live;
        demand.municipality = Some("GM0200".parse().unwrap());
        supply.key = "off".to_owned();
        supply.standing = Standing::Live;
        supply.organisation = "VNG".to_owned();
        supply.capacity_left = 1;
        supply.reach = vec![Region::Netherlands];
        (demand, supply)
    })
}

/// The pair without texts, so that only what is filled in says what they are about.
fn wordless(mut demand: Demand, mut supply: Supply) -> (Demand, Supply) {
    for text in [
        &mut demand.title,
        &mut demand.body,
        &mut supply.title,
        &mut supply.body,
    ] {
        text.clear();
    }
    (demand, supply)
}

/// What rounding may make of two equal scores: worths are kept as `f32`.
const LAST_DIGIT: f64 = 1e-6;

fn score(demand: &Demand, supply: &Supply) -> f64 {
    rank(
        demand,
        std::slice::from_ref(supply),
        &Weights::default(),
        now(),
    )[0]
    .explanation
    .score
}

/// The ranking as keys with what was found, so that rankings over differently ordered slices can be compared.
fn keyed(
    supplies: &[Supply],
    ranked: Vec<Ranked>,
) -> Vec<(String, domain::explanation::Explanation)> {
    ranked
        .into_iter()
        .map(|found| (supplies[found.supply].key.clone(), found.explanation))
        .collect()
}

fn keyed_proposals(proposals: Vec<Proposal>) -> Vec<(String, domain::explanation::Explanation)> {
    proposals
        .into_iter()
        .map(|found| (found.supply, found.explanation))
        .collect()
}

proptest! {
    #[test]
    fn the_same_input_gives_the_same_output_in_any_order(
        demand in demand(),
        (supplies, shuffled) in supplies().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
    ) {
        let weights = Weights::default();
        let once = keyed(&supplies, rank(&demand, &supplies, &weights, now()));
        let again = keyed(&supplies, rank(&demand, &supplies, &weights, now()));
        let otherwise = keyed(&shuffled, rank(&demand, &shuffled, &weights, now()));
        prop_assert_eq!(&once, &again);
        prop_assert_eq!(&once, &otherwise);
    }

    #[test]
    fn a_score_is_in_range_sorted_and_the_sum_of_its_parts(demand in demand(), supplies in supplies()) {
        let ranked = rank(&demand, &supplies, &Weights::default(), now());
        prop_assert!(ranked.len() <= MAX_MATCHES);
        for found in &ranked {
            let explanation = &found.explanation;
            prop_assert!((0.0..=1.0).contains(&explanation.score));
            let sum: f64 = explanation.parts.iter().map(|part| part.contribution).sum();
            prop_assert!((sum - explanation.score).abs() < 1e-9);
            for part in &explanation.parts {
                prop_assert!((0.0..=1.0).contains(&part.value), "{part:?}");
            }
        }
        for two in ranked.windows(2) {
            prop_assert!(two[0].explanation.score >= two[1].explanation.score);
        }
    }

    #[test]
    fn what_is_ranked_passed_the_gates_and_the_rest_did_not(demand in demand(), supplies in supplies()) {
        let ranked = rank(&demand, &supplies, &Weights::default(), now());
        for (place, supply) in supplies.iter().enumerate() {
            let passes = gate(&demand, supply, History::Open).is_ok();
            prop_assert_eq!(passes, ranked.iter().any(|found| found.supply == place));
        }
    }

    #[test]
    fn the_index_answers_what_rank_answers(
        demand in demand(),
        (supplies, shuffled) in supplies().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        gone in supply(),
    ) {
        let weights = Weights::default();
        let mut index = Index::new(weights.clone());
        index.put_supply(Supply { key: "gone".to_owned(), ..gone.clone() });
        for supply in &shuffled {
            // Comes in as something else first, and is then replaced.
            index.put_supply(Supply { key: supply.key.clone(), ..gone.clone() });
            index.put_supply(supply.clone());
        }
        index.remove_supply("gone");
        index.put_demand(demand.clone());
        let plain = keyed(&supplies, rank(&demand, &supplies, &weights, now()));
        prop_assert_eq!(&plain, &keyed_proposals(index.offers_for("req", now(), MAX_MATCHES)));
        prop_assert_eq!(&plain, &keyed_proposals(index.offers_for_draft(&demand, now(), MAX_MATCHES)));
        // Seen from the offer, the pair is the same.
        for (key, explanation) in &plain {
            let from_offer = index.requests_for(key, now(), MAX_MATCHES);
            prop_assert_eq!(from_offer.len(), 1);
            prop_assert_eq!(&from_offer[0].explanation, explanation);
        }
    }

    #[test]
    fn nearer_never_lowers((demand, supply) in pair()) {
        let at = |reach: &str, neighbours| {
            let supply = Supply { reach: vec![reach.parse().unwrap()], neighbours, ..supply.clone() };
            score(&demand, &supply)
        };
        // Apeldoorn itself, its COROP region, its province, the country, then Voorst beside it.
        let nearest_first = [
            at("GM0200", Neighbours::Excluded),
            at("CR13", Neighbours::Excluded),
            at("PV25", Neighbours::Excluded),
            at("NL", Neighbours::Excluded),
            at("GM0285", Neighbours::Included),
        ];
        prop_assert!(nearest_first.windows(2).all(|two| two[0] >= two[1]), "{nearest_first:?}");
    }

    #[test]
    fn a_nearer_neighbour_is_never_worth_less(
        (demand, supply) in pair(),
        places in (0..100_usize, 0..100_usize),
    ) {
        let regions = Regions::shipped();
        let place = "GM0200".parse().unwrap();
        let all: Vec<_> = regions.neighbours(place).to_vec();
        let (one, other) = (all[places.0 % all.len()], all[places.1 % all.len()]);
        let from = |code| {
            let supply = Supply {
                reach: vec![Region::Municipality(code)],
                neighbours: Neighbours::Included,
                ..supply.clone()
            };
            score(&demand, &supply)
        };
        let nearer = regions.distance_km(one, place) <= regions.distance_km(other, place);
        let (near, far) = if nearer { (one, other) } else { (other, one) };
        prop_assert!(from(near) >= from(far));
    }

    #[test]
    fn unknown_never_disqualifies((demand, supply) in pair()) {
        let empty_demand = Demand {
            title: String::new(),
            body: String::new(),
            municipality: None,
            themes: vec![],
            phase: None,
            support: vec![],
            opened_at: None,
            ..demand
        };
        let empty_supply = Supply {
            title: String::new(),
            body: String::new(),
            themes: vec![],
            phases: vec![],
            support: vec![],
            ..supply
        };
        prop_assert!(gate(&empty_demand, &empty_supply, History::Open).is_ok());
        prop_assert!(score(&empty_demand, &empty_supply) > 0.0);
    }

    #[test]
    fn unknown_weighs_less_than_a_known_fit((demand, supply) in pair(), theme in select(Theme::all().collect::<Vec<_>>())) {
        let support: Support = "ruimte".parse().unwrap();
        let phase: Phase = "start".parse().unwrap();
        let demand = Demand { themes: vec![theme], support: vec![support], phase: Some(phase), ..demand };
        let supply = Supply { themes: vec![theme], support: vec![support], phases: vec![phase], ..supply };
        let known = score(&demand, &supply);
        for unknown in [
            Demand { themes: vec![], ..demand.clone() },
            Demand { support: vec![], ..demand.clone() },
            Demand { phase: None, ..demand.clone() },
        ] {
            prop_assert!(score(&unknown, &supply) < known);
        }
        for unknown in [
            Supply { themes: vec![], ..supply.clone() },
            Supply { support: vec![], ..supply.clone() },
            Supply { phases: vec![], ..supply.clone() },
        ] {
            prop_assert!(score(&demand, &unknown) < known);
        }
    }

    #[test]
    fn a_theme_nobody_asked_for_never_raises_the_score((demand, supply) in pair(), extra in select(Theme::all().collect::<Vec<_>>())) {
        prop_assume!(!supply.themes.is_empty());
        prop_assume!(demand.themes.iter().all(|asked| asked.main() != extra.main()));
        let (demand, supply) = wordless(demand, supply);
        let mut longer = supply.clone();
        longer.themes.push(extra);
        prop_assert!(score(&demand, &longer) <= score(&demand, &supply));
    }

    #[test]
    fn no_list_of_themes_beats_exactly_what_is_asked((demand, supply) in pair(), themes in some_of(Theme::all().collect(), 63)) {
        prop_assume!(!demand.themes.is_empty());
        let (demand, supply) = wordless(demand, supply);
        let exact = Supply { themes: demand.themes.clone(), ..supply.clone() };
        let other = Supply { themes, ..supply };
        // Who asks for a main theme and for some below it is answered as well by the main theme alone as by all of them,
        // since `broader` is 1 - `focus`; the two sums may then differ in their last digit.
        prop_assert!(score(&demand, &other) <= score(&demand, &exact) + LAST_DIGIT);
    }

    #[test]
    fn waiting_and_yielding_only_break_near_ties((demand, supply) in pair(), days in 0..400_i64, times in 0..1_000_u32) {
        let plain = score(&Demand { opened_at: None, ..demand.clone() }, &Supply { introduced_lately: 0, ..supply.clone() });
        let moved = score(
            &Demand { opened_at: Some(now() - TimeDelta::days(days)), ..demand },
            &Supply { introduced_lately: times, ..supply },
        );
        prop_assert!((plain - moved).abs() <= MAX_NEAR_TIE, "{plain} {moved}");
    }

    #[test]
    fn what_was_declined_is_never_proposed_again(demand in demand(), supplies in supplies()) {
        let mut index = Index::new(Weights::default());
        supplies.iter().for_each(|supply| index.put_supply(supply.clone()));
        index.put_demand(demand.clone());
        let before = index.offers_for("req", now(), MAX_MATCHES);
        for declined in &before {
            index.decline("req", &declined.supply);
        }
        // Also when the post leaves and comes back.
        index.remove_demand("req");
        index.put_demand(demand);
        prop_assert_eq!(index.offers_for("req", now(), MAX_MATCHES), vec![]);
        for declined in &before {
            prop_assert_eq!(index.requests_for(&declined.supply, now(), MAX_MATCHES), vec![]);
        }
    }
}
