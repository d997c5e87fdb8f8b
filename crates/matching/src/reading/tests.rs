//! What a careful person reads in a post, case by case; the sentences are made up for these tests.

use super::*;

/// The code the reading finds first in one list.
#[track_caller]
fn check_first(found: &[&str], expected: &str, text: &str) {
    assert_eq!(found.first().copied(), Some(expected), "{text}: {found:?}");
}

fn request(text: &str) -> Reading {
    Reading::of("", text, Side::Request)
}

fn support(reading: &Reading) -> Vec<&'static str> {
    reading
        .support
        .iter()
        .map(|found| found.code.code())
        .collect()
}

fn themes(reading: &Reading) -> Vec<&'static str> {
    reading
        .themes
        .iter()
        .map(|found| found.code.code())
        .collect()
}

fn phases(reading: &Reading) -> Vec<&'static str> {
    reading
        .phases
        .iter()
        .map(|found| found.code.code())
        .collect()
}

#[test]
fn a_theme_is_read_from_words_their_forms_and_their_parts() {
    for (text, theme) in [
        ("In onze moestuin groeien bonen.", "buurttuin"),
        ("Wij onderhouden een buurtmoestuintje.", "buurttuin"),
        (
            "Elke zaterdag repareren we kapotte spullen in het repaircafé.",
            "reparatie-en-hergebruik",
        ),
        (
            "De zonnepanelen van onze energiecoöperatie.",
            "energiecooperatie",
        ),
        (
            "Wij halen met grijpers het zwerfafval uit de sloot.",
            "zwerfafval",
        ),
        ("Ouderen in de flat zijn eenzaam.", "eenzaamheid"),
        ("De speeltoestellen in de speeltuin.", "speeltuin"),
        (
            "Taalles voor statushouders en vluchtelingen.",
            "nieuwkomers",
        ),
        (
            "Er komt geen bus meer; wij rijden met een buurtbus.",
            "dorpsvervoer",
        ),
    ] {
        check_first(&themes(&request(text)), theme, text);
    }
}

#[test]
fn what_is_asked_counts_and_what_is_there_does_not() {
    for (text, kind) in [
        ("We hebben al een ruimte, maar zoeken geld.", "geld"),
        (
            "Geld is er genoeg, maar we hebben nergens een zaal.",
            "ruimte",
        ),
        (
            "Dankzij een subsidie is het geld geregeld. Wie weet een loods?",
            "ruimte",
        ),
        (
            "Vrijwilligers hebben we genoeg. Gezocht: een aanhanger.",
            "materiaal",
        ),
        (
            "Welke rechtsvorm past bij ons, een stichting of een vereniging?",
            "juridisch",
        ),
        (
            "Niemand kent ons. Wie maakt er een website en een flyer?",
            "communicatie",
        ),
    ] {
        check_first(&support(&request(text)), kind, text);
    }
}

#[test]
fn an_offer_says_what_it_gives_and_what_it_does_not() {
    let read = |text| Reading::of("", text, Side::Offer);
    let lends = "Wij lenen gereedschap uit. Subsidie geven wij niet.";
    check_first(&support(&read(lends)), "materiaal", lends);
    let advises = "Onze juristen denken mee over statuten en vergunningen.";
    check_first(&support(&read(advises)), "juridisch", advises);
}

#[test]
fn how_far_an_initiative_is_can_be_read() {
    for (text, phase) in [
        (
            "Het is nog maar een plan, we lopen rond met het idee.",
            "idee",
        ),
        (
            "We zijn net begonnen en hielden onze eerste bijeenkomst.",
            "start",
        ),
        ("We groeien uit ons jasje en er is een wachtlijst.", "groei"),
        ("Wij bestaan al vijfentwintig jaar.", "bestendig"),
        (
            "Het bestuur wil stoppen en alles overdragen aan een nieuwe generatie.",
            "vernieuwing",
        ),
    ] {
        check_first(&phases(&request(text)), phase, text);
    }
    let any = Reading::of("", "Wij helpen initiatieven in elke fase.", Side::Offer);
    assert!(any.any_phase > 0.5, "{any:?}");
}

#[test]
fn slips_are_seen_through() {
    let text = "Wij zoeken vrijwiligers voor onze vergaderng.";
    check_first(&support(&request(text)), "mensen", text);
}

#[test]
fn short_words_are_not_other_words() {
    // "zal" is no "zaal", "keer" no "kers", "rest" no energy strategy.
    let reading = request("Het zal een keer de rest zijn.");
    assert!(
        reading.themes.is_empty() && reading.support.is_empty(),
        "{reading:?}"
    );
}

#[test]
fn the_words_that_led_to_a_code_are_told() {
    let reading = request("Wij zoeken een Zaaltje voor onze moestuinvereniging.");
    let room = reading.support.first().unwrap();
    assert!(
        room.words.iter().any(|word| word.contains("zaaltje")),
        "{room:?}"
    );
}

#[test]
fn title_and_repetition_say_more() {
    let evidence = |title, body| {
        Reading::of(title, body, Side::Request)
            .themes
            .iter()
            .find(|found| found.code.code() == "buurttuin")
            .map(|found| found.evidence)
            .unwrap()
    };
    let once = evidence("", "Onze moestuin.");
    assert!(evidence("Onze moestuin", "") > once);
    assert!(evidence("", "Onze moestuin. Een moestuin.") > once);
    assert!(evidence("", &"Onze moestuin. ".repeat(200)) < 2.0 * once);
}

#[test]
fn any_text_can_be_read() {
    for text in [
        "",
        "\u{0}\u{feff}🙂🙃",
        "ŽŽ ﷽ 漢字 ١٢٣ e\u{301}\u{301}\u{301}",
        &"x".repeat(5_000),
        &"we ".repeat(1_700),
        &"geen zaal? ".repeat(450),
        "'-'-'-' '' -- ' - +",
    ] {
        for side in [Side::Request, Side::Offer] {
            let reading = Reading::of(text, text, side);
            assert!(
                reading
                    .themes
                    .iter()
                    .all(|found| found.evidence.is_finite())
            );
        }
    }
}

#[test]
fn every_step_can_be_left_out() {
    let text = "We hebben al gecomposteerd in een zaaltje. Wij zoeken vrijwilligrs. Wie repareert onze buurtmoestuinschuur met vrijwiligers?";
    let whole = request(text);
    for step in Step::ALL {
        assert_ne!(
            Reading::without(&[step], "", text, Side::Request),
            whole,
            "{step:?}"
        );
    }
}
