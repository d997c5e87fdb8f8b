//! What pages say that a template cannot: sentences made from lists and names, and answers that were not given.

use crate::dutch::places;
use crate::invalid::Invalid;

/// Where a post is about: what its writer typed, with the municipality where that does not already say it.
///
/// "De Heeze, Apeldoorn" stays as it is; "Zuilen" becomes "Zuilen, gemeente Utrecht"; nothing typed is the municipality.
pub fn place(typed: &str, municipality: &str) -> String {
    let typed = typed.trim();
    let whole = places::municipality(municipality);
    if typed.is_empty() {
        whole
    } else if typed.to_lowercase().contains(&municipality.to_lowercase()) {
        typed.to_owned()
    } else {
        format!("{typed}, {whole}")
    }
}

/// The areas an offer serves, at most `most` by name: "gemeente Ede, gemeente Voorst en nog 3 gebieden".
pub fn reach(areas: &[String], most: usize) -> String {
    let named = areas
        .iter()
        .take(most)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    match areas.len().saturating_sub(most) {
        0 => named,
        1 => format!("{named} en nog 1 gebied"),
        more => format!("{named} en nog {more} gebieden"),
    }
}

/// The same areas for an offer that also serves the municipalities around them.
pub fn and_neighbors(areas: &str) -> String {
    format!("{areas}, en de gemeenten daaromheen")
}

/// A form that was sent without the choice it is about, under the name of that choice.
pub fn nothing_chosen(field: &str) -> Invalid {
    Invalid::new(
        field,
        "U heeft nog niets gekozen.",
        "Kies een van de antwoorden.",
    )
}

/// A choice that is not on its list, which only an address or form changed by hand can send.
pub fn no_such_choice(field: &str) -> Invalid {
    Invalid::new(field, "Deze keuze bestaat niet.", "Kies iets uit de lijst.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_names_its_municipality_once() {
        assert_eq!(
            place(" De Heeze, Apeldoorn", "Apeldoorn"),
            "De Heeze, Apeldoorn"
        );
        assert_eq!(place("Zuilen", "Utrecht"), "Zuilen, gemeente Utrecht");
        assert_eq!(place(" ", "Utrecht"), "gemeente Utrecht");
    }

    #[test]
    fn a_long_reach_is_counted() {
        let areas = ["Ede", "Voorst", "Epe"].map(str::to_owned);
        assert_eq!(reach(&areas, 3), "Ede, Voorst, Epe");
        assert_eq!(reach(&areas, 2), "Ede, Voorst en nog 1 gebied");
        assert_eq!(reach(&areas, 1), "Ede en nog 2 gebieden");
    }
}
