//! What running texts say about places, through the public face of the crate.

use proptest::prelude::{ProptestConfig, any, prop, proptest};
use regions::{Mention, Regions, Resolution};

/// The names found in a text.
fn named(text: &str) -> Vec<String> {
    let places = Regions::shipped().places_in(text);
    places.into_iter().map(|place| place.written).collect()
}

/// The code of the place that is meant beside a text, if one is.
fn beside(place: &str, text: &str) -> Option<String> {
    match Regions::shipped().resolve_beside(place, &[text]) {
        Resolution::Found(candidate) => Some(candidate.region.to_string()),
        Resolution::Ambiguous(candidates) => {
            assert!(candidates.len() > 1);
            None
        }
        Resolution::Unknown(_) => panic!("{place} is unknown"),
    }
}

#[test]
fn places_are_found_where_a_text_says_that_something_is_there() {
    for (text, names) in [
        ("Wij zoeken een zaal in Apeldoorn.", vec!["Apeldoorn"]),
        ("Onze koks komen ook uit Ede zelf.", vec!["Ede"]),
        (
            "Rijders gezocht rond Oosterwolde en Donkerbroek",
            vec!["Oosterwolde", "Donkerbroek"],
        ),
        (
            "Wij rijden in Ede, Best en Veenendaal.",
            vec!["Ede", "Best", "Veenendaal"],
        ),
        (
            "De gemeente Ooststellingwerf betaalt de helft.",
            vec!["Ooststellingwerf"],
        ),
        ("Het dorp Beek heeft geen winkel meer.", vec!["Beek"]),
        ("Zwolle heeft nog geen repaircafé.", vec!["Zwolle"]),
        (
            "Wij zitten in Wijk bij Duurstede, op de Veluwe en in 's-Hertogenbosch.",
            vec!["Wijk bij Duurstede", "de Veluwe", "'s-Hertogenbosch"],
        ),
        (
            "De speeltuin ligt in Zwolle-Zuid, vlak bij Alphen a/d Rijn.",
            vec!["Zwolle-Zuid", "Alphen a/d Rijn"],
        ),
        (
            "Wij wonen in de Bilt en in Den Haag-Zuid",
            vec!["de Bilt", "Den Haag-Zuid"],
        ),
        ("De feesten in Beek & Donk", vec!["Beek & Donk"]),
        (
            "Kom naar Hengelo (Gld) of Zutphen",
            vec!["Hengelo", "Gld", "Zutphen"],
        ),
        ("VRIJWILLIGERS GEZOCHT IN APELDOORN", vec!["APELDOORN"]),
        ("Plaatselijk Belang Bergen zoekt leden.", vec!["Bergen"]),
        (
            "De bewoners van Donkerbroek helpen elkaar.",
            vec!["Donkerbroek"],
        ),
        ("Samen met Dorpshuis Donkerbroek", vec!["Donkerbroek"]),
    ] {
        assert_eq!(named(text), names, "{text}");
    }
}

#[test]
fn words_people_and_organisations_are_not_taken_for_places() {
    for text in [
        "Best een mooi idee.",
        "Nieuwe leden gezocht. Beste buren, wij groeien!",
        "Lies Jansen kookt elke dinsdag. Lies vraagt hulp.",
        "Vraag naar Lies of bel met Joppe.",
        "Ook bij Erica thuis kunt u terecht.",
        "Jan van Hengelo en mevrouw Van Beek helpen mee.",
        "De heer van Doorn en familie Zwolle doen mee.",
        "Onze penningmeester Piet Utrecht stopt.",
        "Het project Utrecht Deelt Samen is klaar.",
        "Stichting Best wil groeien.",
        "Buurthuis De Haven en speeltuin De Horst doen mee.",
        "Elke week in De Haven.",
        "Wij komen niet in Zwolle.",
        "HULP GEZOCHT IN BEST",
        "Samen Eten In De Buurt Met Elkaar",
        "Kijk op www.Zwolle.nl of mail info@Zwolle.nl",
        "Land en Tuin zoekt een Winkel in de wijk Noord of het Centrum.",
        "Wij zijn van heel Nederland.",
        "wij wonen in apeldoorn",
        "",
    ] {
        assert_eq!(named(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_text_tells_where_something_is_from_what_it_only_names() {
    let places = Regions::shipped()
        .places_in("Naar Zwolle gaan wij niet. Wij koken in Zwolle, niet naar Kampen.");
    let told: Vec<(&str, Mention)> = places
        .iter()
        .map(|place| (place.written.as_str(), place.mention))
        .collect();
    assert_eq!(told, [("Zwolle", Mention::Located)]);
    let places = Regions::shipped().places_in("Wij fietsen naar Kampen en wonen in Beek.");
    assert_eq!(places[0].mention, Mention::Named);
    assert_eq!(places[0].candidates.len(), 1);
    assert!(places[1].candidates.len() > 1);
}

#[test]
fn other_places_in_the_text_decide_which_place_is_meant() {
    for (place, text, code) in [
        (
            "Oosterwolde",
            "Wij rijden rond Oosterwolde en Donkerbroek.",
            "GM0085",
        ),
        (
            "Oosterwolde",
            "Mensen uit Haulerwijk en Appelscha zijn welkom.",
            "GM0085",
        ),
        (
            "Oosterwolde",
            "De kerk staat tussen Elburg en 't Harde.",
            "GM0269",
        ),
        ("Oosterwolde", "Wij werken in heel Fryslân.", "GM0085"),
        ("Oosterwolde", "De gemeente Oldebroek denkt mee.", "GM0269"),
        (
            "Hengelo",
            "Met de fiets bent u zo in Vorden of Zelhem.",
            "GM1876",
        ),
        (
            "Hengelo",
            "De groep komt uit Borne en Delden, midden in Twente.",
            "GM0164",
        ),
        (
            "Hengelo",
            "Ons clubhuis in Hengelo (Gld) is te klein.",
            "GM1876",
        ),
        ("Zuidwolde", "Ook leden uit Hoogeveen en De Wijk.", "GM1690"),
        (
            "Zuidwolde",
            "Ons dorp ligt tussen Bedum en Groningen.",
            "GM1966",
        ),
        (
            "Veldhuizen",
            "De bewoners komen ook uit Ede zelf.",
            "GM0228",
        ),
        (
            "Bergen",
            "Tussen Alkmaar en Schoorl is geen zaal te vinden.",
            "GM0373",
        ),
    ] {
        assert_eq!(
            beside(place, text).as_deref(),
            Some(code),
            "{place}: {text}"
        );
    }
}

#[test]
fn a_text_that_does_not_tell_clearly_leaves_the_choice_to_the_person() {
    for (place, text) in [
        ("Oosterwolde", "Wij zoeken een zaal in Oosterwolde."),
        ("Oosterwolde", "Wij zoeken een zaal."),
        (
            "Oosterwolde",
            "Onze vrijwilligers komen uit Maastricht en Breda.",
        ),
        ("Oosterwolde", "Wij rijden tussen Donkerbroek en Elburg."),
        ("Hengelo", "In Hengelo is alles te vinden."),
        ("Hengelo", "Een keer per jaar gaan wij naar Zutphen."),
        ("Bergen", "Jan van Alkmaar helpt mee."),
        ("Veldhuizen", "Niet in Ede, maar wel dichtbij."),
    ] {
        assert_eq!(beside(place, text), None, "{place}: {text}");
    }
}

#[test]
fn a_place_that_is_clear_by_itself_does_not_listen_to_the_text() {
    let regions = Regions::shipped();
    for place in ["Apeldoorn", "Hengelo, Gelderland", "xqzzzz", ""] {
        let beside = regions.resolve_beside(place, &["Wij koken in Zwolle en Kampen."]);
        assert_eq!(beside, regions.resolve(place), "{place}");
    }
}

#[test]
fn without_a_place_the_text_tells_where_the_post_is() {
    let regions = Regions::shipped();
    let located = regions.locate(
        "",
        &[
            "Zaal gezocht",
            "Wij koken in Apeldoorn, met hulp van een groep uit Ugchelen.",
        ],
    );
    assert_eq!(located.resolution.municipality(), "GM0200".parse().ok());
    assert_eq!(located.words, ["Apeldoorn", "Ugchelen"]);
    let between = regions.locate(" ", &["Wij rijden in Ede en Wageningen."]);
    assert!(matches!(between.resolution, Resolution::Ambiguous(choices) if choices.len() == 2));
    let one_of_two = regions.locate("", &["Wij wonen in Hengelo."]);
    assert!(matches!(one_of_two.resolution, Resolution::Ambiguous(choices) if choices.len() == 2));
    let told = regions.locate("", &["Wij wonen in Hengelo, in Gelderland."]);
    assert_eq!(told.resolution.municipality(), "GM1876".parse().ok());
    let nothing = regions.locate("", &["Wij koken voor de buurt."]);
    assert_eq!(nothing.resolution, Resolution::Unknown(Vec::new()));
    let decided = regions.locate("Oosterwolde", &["Ook in Donkerbroek."]);
    assert_eq!(decided.words, ["Donkerbroek"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever is written, nothing panics and the same text gives the same answer.
    #[test]
    fn any_text_is_read(text in any::<String>(), place in any::<String>()) {
        reads(&text, &place);
    }

    /// Words that mean something, in any order and with any signs.
    #[test]
    fn any_order_of_telling_words_is_read(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "in", "Van", "van", "gemeente", "De", "Wijk", "bij", "Duurstede", ",", ".", "(", "Gld", ")", "'s", "-",
                "Hengelo", "Best", "Oosterwolde", "Zwolle-Zuid", "en", "niet", "heer", "Jan", "ĳ", "\u{301}", "’t", "Harde",
                "St.", "a/d", "7311", "\n", "Stichting", "Utrecht",
            ]),
            0..80,
        ),
        glue in prop::sample::select(vec!["", " "]),
    ) {
        reads(&words.join(glue), "Oosterwolde");
    }
}

fn reads(text: &str, place: &str) {
    let regions = Regions::shipped();
    let places = regions.places_in(text);
    assert_eq!(places, regions.places_in(text));
    for found in &places {
        assert!(
            text.contains(&found.written) && !found.candidates.is_empty(),
            "{found:?}"
        );
    }
    let located = regions.locate(place, &[text]);
    assert_eq!(located, regions.locate(place, &[text]));
    if let Resolution::Found(candidate) = located.resolution {
        assert!((0.0..=1.0).contains(&candidate.confidence));
    }
}

#[test]
fn a_text_of_any_length_is_bounded_work() {
    for text in [
        "Zwolle ".repeat(50_000),
        "in Best en ".repeat(50_000),
        "A".repeat(500_000),
        "'s-".repeat(100_000),
        "De Wijk bij ".repeat(50_000),
    ] {
        reads(&text, "Hengelo");
    }
}
