//! What a message says when something a person filled in cannot be accepted: the reason, then what to do.

use chrono::NaiveDate;

use crate::invalid::Invalid;

/// A code that is not in a shipped vocabulary; `noun` is "Het thema", `list` where the codes can be read.
pub fn unknown_code(field: &str, noun: &str, typed: &str, list: &str) -> Invalid {
    Invalid::new(
        field,
        format!("{noun} '{typed}' bestaat niet."),
        format!("Kies een code uit {list}."),
    )
}

/// A parameter that the address does not have; `known` are those it has.
pub fn unknown_parameter<'a>(name: &str, known: impl Iterator<Item = &'a String>) -> Invalid {
    let known: Vec<String> = known.cloned().collect();
    let remedy = if known.is_empty() {
        "Laat het weg.".to_owned()
    } else {
        format!("Laat het weg, of kies uit: {}.", known.join(", "))
    };
    Invalid::new(
        format!("?{name}"),
        format!("De parameter {name} kennen wij hier niet."),
        remedy,
    )
    .with_choices(known)
}

/// A text that is not an id of the kind that starts with `prefix`.
pub fn malformed_id(typed: &str, prefix: &str) -> Invalid {
    Invalid::new(
        "id",
        format!("'{typed}' is geen geldig kenmerk."),
        format!("Een kenmerk van deze soort begint met {prefix} en telt daarna 32 tekens."),
    )
}

/// A text that is not a code of an area.
pub fn malformed_region(typed: &str) -> Invalid {
    Invalid::new(
        "reach",
        format!("'{typed}' is geen gebiedscode."),
        "Gebruik NL, een provincie (PV26), een COROP-gebied (CR17) of een gemeente (GM0344).",
    )
}

/// A value that is not one of the few it may be.
pub fn unknown_choice(field: &str, typed: &str, choices: &[&str]) -> Invalid {
    Invalid::new(
        field,
        format!("'{typed}' kan hier niet staan."),
        format!("Kies uit: {}.", choices.join(", ")),
    )
    .with_choices(choices.iter().map(|&choice| choice.to_owned()).collect())
}

/// A text with fewer than `least` characters.
pub fn too_short(length: usize, least: usize) -> Invalid {
    Invalid::new(
        "text",
        format!("Deze tekst heeft {length} tekens."),
        format!("Schrijf er minstens {least}."),
    )
}

/// A text with more than `most` characters.
pub fn too_long(length: usize, most: usize) -> Invalid {
    Invalid::new(
        "text",
        format!("Deze tekst heeft {length} tekens."),
        format!("Gebruik er hoogstens {most}."),
    )
}

/// A list with more than `most` values.
pub fn too_many(field: &str, count: usize, most: usize) -> Invalid {
    Invalid::new(
        field,
        format!("Er staan {count} waarden."),
        format!("Kies er hoogstens {most}."),
    )
}

/// A number outside its bounds, or no number at all.
pub fn not_in_range(field: &str, typed: &str, least: u32, most: u32) -> Invalid {
    Invalid::new(
        field,
        format!("'{typed}' is geen getal van {least} tot en met {most}."),
        format!("Vul een heel getal in van {least} tot en met {most}."),
    )
}

/// A place in a list that we did not give.
pub fn not_a_cursor(field: &str, typed: &str) -> Invalid {
    Invalid::new(
        field,
        format!("'{typed}' is geen plaats in een lijst."),
        "Neem de waarde van 'next' uit het vorige antwoord, of laat het veld weg voor het begin van de lijst.",
    )
}

/// A text that is not a day.
pub fn not_a_day(field: &str, typed: &str) -> Invalid {
    Invalid::new(
        field,
        format!("'{typed}' is geen datum."),
        "Schrijf de datum als 2026-04-14.",
    )
}

/// A last day before the first one.
pub fn ends_before(field: &str, from: NaiveDate) -> Invalid {
    Invalid::new(
        field,
        "De laatste dag ligt voor de eerste.",
        format!("Kies {from} of later."),
    )
}

/// A period that is no whole months, of who sees rounded figures only.
pub fn no_whole_months(field: &str) -> Invalid {
    Invalid::new(
        field,
        "U kunt alleen hele maanden opvragen.",
        "Begin op de eerste dag van een maand en eindig op de laatste.",
    )
}

/// An area smaller than a province, of who sees rounded figures only.
pub fn area_too_small(field: &str) -> Invalid {
    Invalid::new(
        field,
        "Dit gebied is te klein: cijfers zouden over enkele mensen gaan.",
        "Kies een provincie, of NL.",
    )
}

/// A request without a place.
pub fn place_missing() -> Invalid {
    Invalid::new(
        "place",
        "De plaats ontbreekt.",
        "Vul een plaats, wijk of postcode in, of kies een gemeente.",
    )
}

/// An offer without a reach.
pub fn reach_missing() -> Invalid {
    Invalid::new(
        "reach",
        "Het werkgebied ontbreekt.",
        "Vul NL in, of een of meer provincies, regio's of gemeenten.",
    )
}

/// A field that must be filled in.
pub fn required(field: &str) -> Invalid {
    Invalid::new(field, "Dit veld is leeg.", "Vul het in.")
}

/// A capacity under the number of introductions that are going on.
pub fn capacity_in_use(carried: u32) -> Invalid {
    Invalid::new(
        "capacity",
        format!("Er lopen nu {carried} kennismakingen op dit aanbod."),
        format!("Kies {carried} of meer, of wacht tot er een is afgerond."),
    )
}

/// A text that is not the address of a site.
pub fn not_a_website(typed: &str) -> Invalid {
    Invalid::new(
        "website",
        format!("'{typed}' is geen webadres."),
        "Schrijf het hele adres, zoals https://voorbeeld.nl.",
    )
}

/// A code of a municipality that is not in the register.
pub fn unknown_municipality(typed: &str) -> Invalid {
    Invalid::new(
        "municipality",
        format!("Gemeente '{typed}' bestaat niet."),
        "Kies een gemeente uit /v1/vocabularies/regions.",
    )
}

/// A place that is wider than one municipality.
pub fn not_a_municipality(typed: &str) -> Invalid {
    Invalid::new(
        "place",
        format!("'{typed}' is groter dan een gemeente."),
        "Vul een plaats, wijk, postcode of gemeente in.",
    )
}

/// Two rows of a file have the same id.
pub fn row_twice(id: &str, before: u64) -> Invalid {
    Invalid::new(
        "id",
        format!("'{id}' staat ook al op regel {before}."),
        "Geef elke regel een eigen id.",
    )
}

/// A row of an organisation nobody knows.
pub fn unknown_organisation(name: &str) -> Invalid {
    Invalid::new(
        "organisation",
        format!("Organisatie '{name}' is niet bekend."),
        "Controleer de naam, of voeg de organisatie eerst toe met: samenspel import organisations.",
    )
}

/// A row of an organisation nobody speaks for.
pub fn organisation_without_member(name: &str) -> Invalid {
    Invalid::new(
        "organisation",
        format!("Organisatie '{name}' heeft nog niemand die namens haar spreekt."),
        "Voeg eerst iemand toe met: samenspel member add.",
    )
}

/// An address that another member has.
pub fn address_taken(field: &str) -> Invalid {
    Invalid::new(
        field,
        "Iemand anders gebruikt dit e-mailadres al.",
        "Gebruik een ander adres.",
    )
}
