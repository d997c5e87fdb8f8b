//! What `samenspel tune` says: what is wrong with judgments, which weights moved, and what that is worth.

use std::fmt::Display;

use super::{counted, number};
use crate::invalid::Invalid;

/// What a bar says while weights are fitted.
pub fn fitting() -> &'static str {
    "Afstellen"
}

/// Judgments in a file, without the files of their posts.
pub fn files_missing() -> &'static str {
    "Zeg ook in welke bestanden de vragen en het aanbod staan, met --requests en --offers. Of gebruik de oordelen uit de database, met --judged market."
}

/// The judgments of the database, with files of posts.
pub fn files_not_used() -> &'static str {
    "Bij --judged market komt alles uit de database. Laat --requests, --offers en andere bestanden weg."
}

/// Files of posts in which something was wrong.
pub fn posts_refused(problems: usize) -> String {
    format!(
        "Er is niets afgesteld: {} in de bestanden. Verbeter ze en probeer het opnieuw.",
        counted(number(problems), "fout", "fouten")
    )
}

/// A line of judgments that has not the three cells it needs.
pub fn misshapen(cells: usize) -> Invalid {
    Invalid::new(
        "",
        format!(
            "Deze regel heeft {}, en het moeten er drie zijn.",
            counted(number(cells), "cel", "cellen")
        ),
        "Schrijf op elke regel het id van de vraag, het id van het aanbod en een cijfer, met een tab ertussen.",
    )
}

/// An id that is not in the file of requests, or of offers.
pub fn unknown_id(field: &str, id: &str, file: impl Display) -> Invalid {
    Invalid::new(
        field,
        format!("Het id '{id}' staat niet in {file}."),
        "Verbeter het id, of haal de regel weg.",
    )
}

/// A grade that is none.
pub fn grade_unknown(typed: &str, most: u8) -> Invalid {
    Invalid::new(
        "grade",
        format!("'{typed}' is geen cijfer van 0 tot en met {most}."),
        "Kies 0 (past niet), 1 (matig), 2 (goed) of 3 (uitstekend).",
    )
}

/// A pair that was judged before.
pub fn pair_twice(file: impl Display, line: u64) -> Invalid {
    Invalid::new(
        "",
        format!("Dit paar staat ook al in {file} op regel {line}."),
        "Haal een van beide regels weg.",
    )
}

/// Too few judgments to learn from.
pub fn too_few(pairs: usize, least: usize) -> String {
    let verb = if pairs == 1 { "is" } else { "zijn" };
    format!(
        "Er {verb} maar {}. Met minder dan {least} is er te weinig om van te leren: beoordeel er meer.",
        counted(number(pairs), "beoordeeld paar", "beoordeelde paren")
    )
}

/// What was fitted on.
pub fn fitted_on(requests: usize, pairs: usize) -> String {
    format!(
        "Afgesteld op {} bij {}.",
        counted(number(pairs), "beoordeeld paar", "beoordeelde paren"),
        counted(number(requests), "vraag", "vragen")
    )
}

/// The columns of the weights that moved.
pub fn weight_columns() -> [&'static str; 3] {
    ["gewicht", "was", "wordt"]
}

/// No weight moved.
pub fn nothing_moved() -> &'static str {
    "Geen enkel ander gewicht helpt genoeg: laat ze zoals ze zijn."
}

/// The columns of the measures: before and after on everything, then on requests that were left out of fitting.
pub fn measure_columns() -> [&'static str; 5] {
    [
        "maat",
        "nu",
        "na afstellen",
        "nu, per deel",
        "na afstellen, ongezien",
    ]
}

/// The measures in the order of the table.
pub fn measures() -> [&'static str; 7] {
    [
        "volgorde (nDCG@10)",
        "eerste aanbod is goed",
        "eerste goede plaats (MRR)",
        "goede in de eerste 5",
        "voorgesteld en goed",
        "goed en voorgesteld",
        "voorstellen samen (F1)",
    ]
}

/// A measure or a weight as it is shown.
pub fn shown(value: f64) -> String {
    format!("{value:.3}").replace('.', ",")
}

/// What the last two columns are.
pub fn about_unseen() -> &'static str {
    "Ongezien: elk deel van de vragen, gemeten met gewichten die zonder dat deel zijn afgesteld. Zoveel mag u verwachten."
}

/// Weights that only help the requests they were fitted on.
pub fn not_better() -> &'static str {
    "Let op: op vragen die niet meededen helpt dit niet. Neem deze gewichten niet over."
}

/// Nothing was written.
pub fn nothing_changed() -> &'static str {
    "Er is niets veranderd. Wilt u deze gewichten gebruiken? Schrijf ze dan naar een bestand, met --output gewichten.toml."
}

/// The weights were written.
pub fn written(file: impl Display) -> String {
    format!(
        "De gewichten staan in {file}. Ze gaan pas gelden als u ze in uw instellingen zet en de server opnieuw start."
    )
}

/// The first line of the file with weights.
pub fn head_of_file() -> &'static str {
    "# Gewichten van samenspel tune. Zet ze in uw instellingen; wat hier niet staat, houdt zijn gewone waarde."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_few_judgments_are_counted() {
        assert!(too_few(1, 20).starts_with("Er is maar 1 beoordeeld paar. Met minder dan 20"));
        assert!(too_few(7, 20).starts_with("Er zijn maar 7 beoordeelde paren. Met"));
        assert!(too_few(0, 20).starts_with("Er zijn maar 0 beoordeelde paren. Met"));
    }

    #[test]
    fn numbers_have_a_comma() {
        assert_eq!(shown(0.8854), "0,885");
    }
}
