//! What the command line says of files: that they cannot be read or written, and what is wrong with their rows.

use std::fmt::Display;

use super::{counted, number};
use crate::invalid::Invalid;

/// How much of a cell a message repeats, in characters.
const MAX_QUOTED: usize = 60;

/// A row of a file that cannot be accepted: where it is, what is wrong, and what to do.
pub fn row_problem(file: &str, line: u64, value: &str, problem: &Invalid) -> String {
    if problem.field.is_empty() {
        return format!("{file}:{line}: {}", advice(problem));
    }
    format!(
        "{file}:{line} kolom {}, waarde \"{}\": {}",
        problem.field,
        quoted(value),
        advice(problem)
    )
}

/// A file that cannot be opened; the cause follows it.
pub fn file_unreadable(file: impl Display) -> String {
    format!("Het bestand {file} is niet te lezen. Controleer het pad en de rechten")
}

/// A file that cannot be written; the cause follows it.
pub fn file_unwritable(file: impl Display) -> String {
    format!("Het bestand {file} is niet te schrijven. Controleer de map en de rechten")
}

/// A file larger than is read.
pub fn file_too_large(file: impl Display, most: u64) -> String {
    format!("Het bestand {file} is groter dan {most} MB. Splits het in kleinere bestanden.")
}

/// A workbook of a program of before 2007.
pub fn file_old_excel(file: &str) -> String {
    format!(
        "Het bestand {file} is een oud Excel-bestand (.xls). Sla het op als .xlsx of als CSV UTF-8."
    )
}

/// A workbook that cannot be read; the cause follows it.
pub fn workbook_unreadable(file: &str) -> String {
    format!(
        "Het Excel-bestand {file} is niet te lezen. Open het in Excel en sla het opnieuw op als .xlsx"
    )
}

/// A text file in another encoding, seen first on `line`.
pub fn file_not_utf8(file: &str, line: u64) -> String {
    format!(
        "Het bestand {file} is geen UTF-8: op regel {line} staat een teken dat niet te lezen is. Sla het op als UTF-8; in Excel heet dat 'CSV UTF-8'."
    )
}

/// A file without any line.
pub fn file_empty(file: &str) -> String {
    format!("Het bestand {file} is leeg. De eerste regel moet de namen van de kolommen bevatten.")
}

/// A file to write with a name that says another kind.
pub fn file_kind_unknown(file: impl Display) -> String {
    format!(
        "Het bestand {file} kan niet gemaakt worden: kies een naam die eindigt op .csv of .xlsx."
    )
}

/// A file without a column it needs.
pub fn column_missing(file: &str, column: &str, all: &[&str]) -> String {
    format!(
        "In {file} ontbreekt de kolom '{column}'. Zet op de eerste regel de namen van de kolommen: {}.",
        all.join(", ")
    )
}

/// A file that has a column twice.
pub fn column_twice(file: &str, column: &str) -> String {
    format!("In {file} staat de kolom '{column}' twee keer. Haal er een weg.")
}

/// Columns of a file that nobody reads.
pub fn columns_ignored(file: &str, columns: &[String]) -> String {
    format!(
        "Let op: in {file} worden deze kolommen niet gelezen: {}.",
        columns.join(", ")
    )
}

/// A row that does not have as many cells as there are columns.
pub fn row_misshapen(cells: usize, columns: usize) -> Invalid {
    Invalid::new(
        "",
        format!(
            "Deze regel heeft {}, de eerste regel heeft er {columns}.",
            counted(number(cells), "cel", "cellen")
        ),
        "Zet een tekst met een komma, puntkomma of nieuwe regel erin tussen aanhalingstekens.",
    )
}

/// What is wrong and what to do, with the values that would do.
pub(super) fn advice(problem: &Invalid) -> String {
    let Invalid {
        reason,
        remedy,
        choices,
        ..
    } = problem;
    // Some remedies name every choice themselves.
    if choices.iter().all(|choice| remedy.contains(choice)) {
        format!("{reason} {remedy}")
    } else {
        format!("{reason} {remedy} (keuzes: {})", choices.join(", "))
    }
}

/// The text on one line, cut where it is too long to repeat.
pub(super) fn quoted(value: &str) -> String {
    let line = value.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut shown: String = line.chars().take(MAX_QUOTED).collect();
    if shown.len() < line.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_row_names_file_line_column_value_and_remedy() {
        let problem = Invalid::new(
            "themes",
            "Het thema 'dorphuis' bestaat niet.",
            "Kies een code.",
        )
        .with_choices(vec!["dorpshuis".to_owned(), "ontmoeten".to_owned()]);
        assert_eq!(
            row_problem("vragen.csv", 3, "dorphuis\nen meer", &problem),
            "vragen.csv:3 kolom themes, waarde \"dorphuis en meer\": Het thema 'dorphuis' bestaat niet. Kies een code. (keuzes: dorpshuis, ontmoeten)"
        );
        assert!(
            row_problem("v.csv", 7, "", &row_misshapen(1, 9))
                .starts_with("v.csv:7: Deze regel heeft 1 cel,")
        );
    }
}
