//! What areas and places are called, and what a message says about a place that cannot be used as it was typed.

use crate::invalid::Invalid;

/// How much of a typed text a message repeats, in characters.
const MAX_QUOTED: usize = 60;

/// "provincie Utrecht".
pub fn province(name: &str) -> String {
    format!("provincie {name}")
}

/// "regio Veluwe", a COROP region.
pub fn corop(name: &str) -> String {
    format!("regio {name}")
}

/// "gemeente Utrecht".
pub fn municipality(name: &str) -> String {
    format!("gemeente {name}")
}

/// "gemeente Hengelo (Overijssel)".
pub fn municipality_in(name: &str, province: &str) -> String {
    format!("gemeente {name} ({province})")
}

/// "Hengelo (gemeente Bronckhorst, Gelderland)".
pub fn place_in(name: &str, municipality: &str, province: &str) -> String {
    format!("{name} (gemeente {municipality}, {province})")
}

/// "7311 (Apeldoorn, gemeente Apeldoorn)"; `town` is empty where it is not known.
pub fn postcode_in(digits: &str, town: &str, municipality: &str) -> String {
    if town.is_empty() {
        format!("{digits} (gemeente {municipality})")
    } else {
        format!("{digits} ({town}, gemeente {municipality})")
    }
}

/// No place was filled in where one is needed.
pub fn missing(field: &str) -> Invalid {
    Invalid::new(
        field,
        "Hier staat nog geen plaats.",
        "Vul een gemeente, dorp, wijk of postcode in, bijvoorbeeld Apeldoorn of 7311 AB.",
    )
}

/// A name that several places have.
pub fn ambiguous(field: &str, typed: &str, choices: Vec<String>) -> Invalid {
    Invalid::new(
        field,
        format!("{} kan meer dan één plaats zijn.", quoted(typed)),
        "Kies de plaats die u bedoelt.",
    )
    .with_choices(choices)
}

/// A name that no known place has; `choices` are places with a name like it.
pub fn unknown(field: &str, typed: &str, choices: Vec<String>) -> Invalid {
    let remedy = if choices.is_empty() {
        "Vul een gemeente, dorp, wijk of postcode in, bijvoorbeeld Apeldoorn of 7311 AB."
    } else {
        "Kies een plaats die erop lijkt, of vul de gemeente of een postcode in."
    };
    Invalid::new(
        field,
        format!("We kennen geen plaats {}.", quoted(typed)),
        remedy,
    )
    .with_choices(choices)
}

/// A text that does not name exactly one area an offer can reach; `choices` are areas it may mean.
pub fn unknown_area(field: &str, typed: &str, choices: Vec<String>) -> Invalid {
    let remedy = if choices.is_empty() {
        "Vul Nederland, een provincie, een COROP-regio of een gemeente in, als naam of als code."
    } else {
        "Kies een van deze gebieden."
    };
    Invalid::new(
        field,
        format!("{} is niet de naam of code van één gebied.", quoted(typed)),
        remedy,
    )
    .with_choices(choices)
}

/// The text between quotes, cut where it is too long to repeat.
fn quoted(typed: &str) -> String {
    let typed = typed.trim();
    let mut shown: String = typed.chars().take(MAX_QUOTED).collect();
    if shown.len() < typed.len() {
        shown.push('…');
    }
    format!("'{shown}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_repeats_only_the_start_of_a_long_text() {
        let problem = unknown("place", &"é".repeat(5_000), Vec::new());
        assert!(problem.reason.chars().count() < 100, "{}", problem.reason);
        assert!(problem.reason.ends_with("é…'."));
    }

    #[test]
    fn the_remedy_speaks_of_choices_only_where_there_are() {
        let some = unknown("place", "Appeldorn", vec!["Apeldoorn".to_owned()]);
        assert_eq!(some.reason, "We kennen geen plaats 'Appeldorn'.");
        assert_eq!(some.choices, ["Apeldoorn"]);
        assert!(some.remedy.starts_with("Kies"));
        assert!(unknown("place", "x", Vec::new()).remedy.starts_with("Vul"));
    }

    #[test]
    fn a_postcode_without_a_known_town_names_its_municipality() {
        assert_eq!(postcode_in("8269", "", "Kampen"), "8269 (gemeente Kampen)");
    }
}
