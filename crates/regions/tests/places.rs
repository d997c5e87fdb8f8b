//! Places as people write them, and the tables as a whole, through the public face of the crate.

use domain::region::{Municipality, Region};
use proptest::prelude::{ProptestConfig, any, prop, proptest};
use regions::{Candidate, PlaceKind, Regions, Resolution};

fn found(text: &str) -> Candidate {
    match Regions::shipped().resolve(text) {
        Resolution::Found(candidate) => candidate,
        other => panic!("{text}: {other:?}"),
    }
}

/// Checks that each text is one place, in the municipality with the code beside it.
fn check(cases: &[(&str, &str)]) {
    for (text, code) in cases {
        assert_eq!(found(text).region.to_string(), *code, "{text}");
    }
}

/// The municipalities a text may mean.
fn choices(text: &str) -> Vec<String> {
    match Regions::shipped().resolve(text) {
        Resolution::Ambiguous(candidates) => candidates
            .iter()
            .map(|candidate| candidate.region.to_string())
            .collect(),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn well_known_towns_are_found_though_small_places_share_their_name() {
    check(&[
        ("Apeldoorn", "GM0200"),
        ("Zwolle", "GM0193"),
        ("Ede", "GM0228"),
        ("Vlissingen", "GM0718"),
        ("Utrecht", "GM0344"),
        ("Groningen", "GM0014"),
        ("Hoorn", "GM0405"),
        ("Horst", "GM1507"),
        ("Drachten", "GM0090"),
        ("Overvecht", "GM0344"),
    ]);
}

#[test]
fn other_spellings_of_a_name_are_understood() {
    check(&[
        ("'s-Gravenhage", "GM0518"),
        ("s Gravenhage", "GM0518"),
        ("‘s-Gravenhage", "GM0518"),
        ("Den Haag", "GM0518"),
        ("den  bosch", "GM0796"),
        ("DEN BOSCH", "GM0796"),
        ("Ljouwert", "GM0080"),
        ("Leeuwarden / Ljouwert", "GM0080"),
        ("sudwest fryslan", "GM1900"),
        ("Het Harde", "GM0230"),
        ("gem. Alphen a/d Rijn", "GM0484"),
        ("Ysselstein", "GM0353"),
        ("Nuenen c.a.", "GM0820"),
        ("Helder", "GM0400"),
    ]);
}

#[test]
fn what_it_lies_in_may_stand_before_or_behind_the_place() {
    check(&[
        ("De Heeze, Apeldoorn", "GM0200"),
        ("Apeldoorn, De Heeze", "GM0200"),
        ("Apeldoorn - De Heeze", "GM0200"),
        ("Apeldoorn De Heeze", "GM0200"),
        ("De Wiken (Drachten)", "GM0090"),
        ("Utrecht, wijk Zuilen", "GM0344"),
        ("wijk Zuilen in Utrecht", "GM0344"),
        ("Beltrum, gem. Berkelland", "GM1859"),
        ("dorpje Beltrum bij Groenlo", "GM1859"),
        ("Wij zitten in het dorpje Beltrum bij Groenlo", "GM1859"),
        ("Apeldoorn (Nederland)", "GM0200"),
        ("Wageningen centrum", "GM0289"),
        ("Rotterdam Zuid", "GM0599"),
        ("Oud-West, Amsterdam, Noord-Holland", "GM0363"),
    ]);
    assert_eq!(found("Apeldoorn, De Heeze").name, "De Heeze");
    assert_eq!(found("De Wiken (Drachten)").kind, PlaceKind::District);
}

#[test]
fn a_qualifier_decides_between_places_of_one_name() {
    check(&[
        ("Hengelo (Gld)", "GM1876"),
        ("Hengelo gld", "GM1876"),
        ("Hengelo (O.)", "GM0164"),
        ("Hengelo, Overijssel", "GM0164"),
        ("Bergen NH", "GM0373"),
        ("Bergen (L.)", "GM0893"),
        ("Zuidwolde, Drenthe", "GM1690"),
        ("gem. Voorst", "GM0285"),
        ("Voorst (gemeente)", "GM0285"),
        ("De Wijk, Drenthe", "GM1690"),
        ("Een (Noordenveld)", "GM1699"),
    ]);
}

#[test]
fn an_ambiguous_name_gives_choices() {
    assert_eq!(choices("Hengelo"), ["GM0164", "GM1876"]);
    assert_eq!(choices("Bergen"), ["GM0373", "GM0893"]);
    assert_eq!(choices("Zuidwolde"), ["GM1690", "GM1966"]);
    assert_eq!(choices("Oosterwolde"), ["GM0085", "GM0269"]);
    assert_eq!(choices("Zevenhuizen"), ["GM1892", "GM1969"]);
    assert_eq!(
        choices("Den Haag/Rijswijk").first().map(String::as_str),
        Some("GM0518")
    );
    assert!(choices("Centrum").len() > 5);
}

#[test]
fn postcodes_are_understood_and_contradictions_asked() {
    check(&[
        ("7311", "GM0200"),
        ("7311 AB", "GM0200"),
        ("7311ab", "GM0200"),
        ("7311 AB Apeldoorn", "GM0200"),
        ("Stationsstraat 12, 7311 AB Apeldoorn", "GM0200"),
    ]);
    assert_eq!(choices("7311 AB Zwolle"), ["GM0200", "GM0193"]);
    assert_eq!(
        Regions::shipped().resolve("0123"),
        Resolution::Unknown(Vec::new())
    );
}

#[test]
fn areas_wider_than_a_municipality_have_no_municipality() {
    for (text, code) in [
        ("Gelderland", "PV25"),
        ("provincie Utrecht", "PV26"),
        ("Friesland", "PV21"),
        ("Veluwe", "CR13"),
        ("regio Utrecht", "CR17"),
        ("regio Arnhem/Nijmegen", "CR15"),
        ("heel Nederland", "NL"),
        ("Nederland, Gelderland", "PV25"),
    ] {
        let candidate = found(text);
        assert_eq!(candidate.region.to_string(), code, "{text}");
        assert_eq!(candidate.municipality, None, "{text}");
    }
    assert!(found("Betuwe").confidence < 1.0);
}

#[test]
fn a_former_municipality_leads_to_its_successor() {
    check(&[
        ("Skarsterlân", "GM1940"),
        ("De Marne", "GM1966"),
        ("Bergambacht", "GM1931"),
    ]);
    assert_eq!(found("Skarsterlân").kind, PlaceKind::FormerMunicipality);
}

#[test]
fn a_slip_is_forgiven_but_not_taken_for_certain() {
    for (text, code) in [
        ("Appeldoorn", "GM0200"),
        ("Wagenigen", "GM0289"),
        ("Leeuwaarden", "GM0080"),
        ("Hoek van Hollland", "GM0599"),
        ("Appeldoorn, De Heeze", "GM0200"),
        ("De Heze, Apeldoorn", "GM0200"),
    ] {
        let candidate = found(text);
        assert_eq!(candidate.region.to_string(), code, "{text}");
        assert!((0.5..1.0).contains(&candidate.confidence), "{text}");
    }
}

#[test]
fn a_part_that_is_not_listed_leaves_the_town_with_less_certainty() {
    for text in [
        "Foobarbuurt, Apeldoorn",
        "Kerkstraat 5, Apeldoorn",
        "Apeldoorn Foobar",
        "omgeving Apeldoorn",
    ] {
        let candidate = found(text);
        assert_eq!(candidate.region.to_string(), "GM0200", "{text}");
        assert!(candidate.confidence < 0.9, "{text}");
    }
}

#[test]
fn what_means_nothing_is_never_guessed() {
    for text in [
        "",
        " ",
        "(",
        "gemeente",
        "wijk",
        "de",
        "bij",
        "straat",
        "huis",
        "hier",
        "Brussel",
        "Foobar bij Apeldoorn",
        "Bergen op Foobar",
    ] {
        let resolution = Regions::shipped().resolve(text);
        assert!(
            matches!(resolution, Resolution::Unknown(_)),
            "{text}: {resolution:?}"
        );
    }
}

#[test]
fn every_municipality_is_found_by_its_name_or_is_among_the_choices() {
    let regions = Regions::shipped();
    let mut asked = 0;
    for facts in regions.municipalities() {
        match regions.resolve(facts.name) {
            Resolution::Found(candidate) => {
                assert_eq!(candidate.municipality, Some(facts.code), "{}", facts.name);
            }
            Resolution::Ambiguous(candidates) => {
                asked += 1;
                assert!(
                    candidates
                        .iter()
                        .any(|candidate| candidate.municipality == Some(facts.code)),
                    "{}",
                    facts.name
                );
            }
            Resolution::Unknown(_) => panic!("{} is unknown", facts.name),
        }
    }
    assert!(asked < 10, "{asked} municipalities are ambiguous");
}

#[test]
fn every_postcode_resolves() {
    let rows = include_str!("../data/postcodes.csv").lines().skip(1);
    for row in rows {
        let mut fields = row.split(',');
        let digits = fields.next().unwrap_or_default();
        let code: Option<Municipality> = fields.next().and_then(|code| code.parse().ok());
        let candidate = found(&format!("{digits} XY"));
        assert!(code.is_some() && candidate.municipality == code, "{row}");
    }
}

#[test]
fn every_label_that_is_shown_is_understood() {
    let regions = Regions::shipped();
    let rows = include_str!("../data/places.csv")
        .lines()
        .skip(1)
        .step_by(3);
    let mut shown = 0;
    for name in rows.filter_map(|row| row.split(',').next()) {
        let candidates = match regions.resolve(name) {
            Resolution::Found(candidate) => vec![candidate],
            Resolution::Ambiguous(candidates) | Resolution::Unknown(candidates) => candidates,
        };
        for candidate in candidates {
            shown += 1;
            assert_eq!(
                found(&candidate.label).region,
                candidate.region,
                "{}",
                candidate.label
            );
        }
    }
    for (region, _) in regions.regions() {
        let resolution = regions.resolve(&regions.label(region));
        if matches!(region, Region::Municipality(_)) {
            continue;
        }
        assert!(
            matches!(resolution, Resolution::Found(found) if found.region == region),
            "{region}"
        );
    }
    assert!(shown > 2_000, "{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever is typed, nothing panics and every confidence is a share.
    #[test]
    fn any_text_is_answered(text in any::<String>(), limit in 0_usize..100) {
        answers(&text, limit);
    }

    /// Words that mean something, in any order and with any punctuation.
    #[test]
    fn any_order_of_known_words_is_answered(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "Utrecht", "Hengelo", "gem.", "wijk", "bij", "in", "(", ")", ",", " - ", "/", "7311", "AB", "NH", "'s",
                "Centrum", "Zuid", "e.o.", "De", "Bergen", "Appeldoorn", "Gelderland", "regio", "ĳ", "\u{301}", "x",
            ]),
            0..60,
        ),
        limit in 0_usize..100,
    ) {
        answers(&words.join(" "), limit);
    }
}

fn answers(text: &str, limit: usize) {
    let regions = Regions::shipped();
    let share = |candidate: &Candidate| (0.0..=1.0).contains(&candidate.confidence);
    match regions.resolve(text) {
        Resolution::Found(candidate) => assert!(share(&candidate)),
        Resolution::Ambiguous(candidates) => {
            assert!(
                candidates.len() > 1 && candidates.iter().all(share),
                "{text}: {candidates:?}"
            );
        }
        Resolution::Unknown(candidates) => assert!(candidates.iter().all(share)),
    }
    let suggested = regions.search(text, limit);
    assert!(suggested.len() <= limit && suggested.iter().all(share));
    if let Err(problem) = regions.resolve_reach(text) {
        assert_eq!(problem.field, "reach");
    }
}

#[test]
fn a_text_of_any_length_is_bounded_work() {
    for text in [
        "é ".repeat(5_000),
        "Centrum, ".repeat(5_000),
        "a".repeat(50_000),
        "(".repeat(5_000),
    ] {
        answers(&text, 10);
    }
}
