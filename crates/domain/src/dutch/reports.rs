//! The words of reports on a screen.

use std::fmt::Display;

/// The heading of a column of a report; a name nobody knows stands for itself.
pub fn column(name: &str) -> &str {
    match name {
        "requests" => "vragen",
        "offers" => "aanbiedingen",
        "proposed" => "voorgesteld",
        "approved" => "goedgekeurd",
        "invited" => "voorgelegd aan beide kanten",
        "introduced" => "kennisgemaakt",
        "succeeded" => "gelukt",
        "failed" => "niet gelukt",
        "unknown" => "afgerond zonder bericht",
        "rejected" => "afgekeurd",
        "declined" => "afgewezen",
        "expired" => "verlopen",
        "lapsed" => "vervallen",
        "hours_to_proposal" => "uren van vraag tot voorstel (mediaan)",
        "hours_to_review" => "uren van voorstel tot oordeel (mediaan)",
        "hours_to_introduction" => "uren van voorleggen tot kennismaking (mediaan)",
        "region" => "gebied",
        "region_name" => "naam",
        "theme" => "thema",
        "phase" => "fase",
        "support" => "hulp",
        "unanswered_requests" => "vragen zonder antwoord",
        "unused_offers" => "aanbod zonder gebruik",
        "outcome" => "afloop",
        "reason" => "reden",
        "matches" => "koppelingen",
        "share" => "deel",
        "group" => "groep",
        "name" => "naam",
        "share_of_introduced" => "deel van de kennismakingen",
        other => other,
    }
}

/// A report was written to a file.
pub fn written(rows: usize, file: impl Display) -> String {
    let rows = match rows {
        1 => "1 regel".to_owned(),
        rows => format!("{rows} regels"),
    };
    format!("{rows} geschreven naar {file}.")
}

/// A workbook cannot be shown on a screen.
pub const WORKBOOK_NEEDS_FILE: &str =
    "Een werkmap past niet op het scherm. Noem een bestand met --output.";

/// `report`.
pub const REPORT: &str = "Toon cijfers: van vraag tot kennismaking, wat ontbreekt, wat ervan kwam";
/// Which report.
pub const REPORT_WHAT: &str = "Welk rapport";
/// `report --from`.
pub const REPORT_FROM: &str = "Eerste dag, zoals 2026-01-01";
/// `report --to`.
pub const REPORT_TO: &str = "Laatste dag, die meetelt";
/// `report --region`.
pub const REPORT_REGION: &str = "Alleen dit gebied, als naam of code";
/// `report --theme`.
pub const REPORT_THEME: &str = "Alleen dit thema, met alles eronder";
/// `report --phase`.
pub const REPORT_PHASE: &str = "Alleen deze fase";
/// `report --support`.
pub const REPORT_SUPPORT: &str = "Alleen deze soort hulp";
/// `report --format`.
pub const REPORT_FORMAT: &str = "Vorm van het rapport";
/// `report --output`.
pub const REPORT_OUTPUT: &str = "Schrijf naar dit bestand in plaats van naar het scherm";
