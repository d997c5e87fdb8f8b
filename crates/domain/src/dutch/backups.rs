//! What is said of backups: made, refused, and put back.

use std::fmt::Display;

/// What is said while the database is copied and the copy checked.
pub fn copying() -> &'static str {
    "Kopie maken en controleren…"
}

/// What is said while the checksum of a file is worked out.
pub fn summing() -> &'static str {
    "Controlegetal berekenen…"
}

/// What is said while a database is made from a backup.
pub fn restoring() -> &'static str {
    "Back-up terugzetten en controleren…"
}

/// A backup that was made; `rows` are of all tables together.
pub fn made(file: impl Display, rows: u64, size: u64) -> String {
    format!("Back-up gemaakt: {file} ({rows} rijen, {size} bytes, gecontroleerd).")
}

/// There is a file already, and it stays.
pub fn exists(file: impl Display) -> String {
    format!("{file} bestaat al. Kies een andere naam, of vervang de back-up met --force.")
}

/// A file of a backup cannot be made, read or kept.
pub fn file_failed(file: impl Display, cause: impl Display) -> String {
    format!(
        "Met {file} ging het mis: {cause}. Controleer de map, de rechten en de ruimte op de schijf."
    )
}

/// The file that describes a backup is not there or not readable.
pub fn no_manifest(manifest: impl Display, cause: impl Display) -> String {
    format!(
        "De beschrijving {manifest} is niet te lezen: {cause}. Zet de back-up en zijn .json bij elkaar in één map."
    )
}

/// A backup is not what its description says.
pub fn damaged(file: impl Display, wanted: &str, found: &str) -> String {
    format!(
        "{file} is beschadigd: het controlegetal is {found}, en hoort {wanted} te zijn. Er is niets teruggezet. Gebruik een andere back-up."
    )
}

/// A copy of the database does not hold together.
pub fn not_whole(file: impl Display, cause: impl Display) -> String {
    format!("De kopie {file} is niet heel: {cause}. Controleer de schijf en de database.")
}

/// A database has other rows than the backup it was made from.
pub fn other_rows(table: &str, wanted: u64, found: u64) -> String {
    format!(
        "Tabel {table} heeft {found} rijen, en dat horen er {wanted} te zijn. Gebruik een andere back-up."
    )
}

/// A backup of a newer program.
pub fn newer(migration: &str) -> String {
    format!(
        "Deze back-up is gemaakt met een nieuwere versie van Samenspel (stap {migration}). Gebruik die versie."
    )
}

/// A database without our tables.
pub fn not_ours() -> &'static str {
    "Dit is geen database van Samenspel: de lijst van stappen ontbreekt. Controleer het adres."
}

/// A backup of one kind of database cannot become the other.
pub fn other_kind(made_of: &str, wanted: &str) -> String {
    format!(
        "Deze back-up is van {made_of} en past niet in {wanted}. Kies met --database een nieuwe {made_of}-database."
    )
}

/// What a backup is put back into must be new.
pub fn target_taken(target: impl Display) -> String {
    format!("{target} is er al. Zet een back-up terug in een nieuwe database.")
}

/// A program of PostgreSQL is not installed.
pub fn tool_missing(tool: &str, major: u32) -> String {
    format!(
        "Het programma {tool} ontbreekt. Installeer de programma's van PostgreSQL {major} of nieuwer, zoals met: apt install postgresql-client-{major}"
    )
}

/// A program of PostgreSQL is older than the server.
pub fn tool_too_old(tool: &str, found: u32, major: u32) -> String {
    format!(
        "Het programma {tool} is van versie {found}, en de server van versie {major}. Installeer een nieuwer programma, zoals met: apt install postgresql-client-{major}"
    )
}

/// A program of PostgreSQL did not do its work.
pub fn tool_failed(tool: &str, said: &str) -> String {
    format!("Het programma {tool} is niet gelukt: {said}")
}

/// A table that should be in a backup is not.
pub fn table_missing(table: &str) -> String {
    format!("de gegevens van tabel {table} ontbreken")
}

/// A database into which a backup was put back half.
pub fn unfinished() -> &'static str {
    "In deze database is een back-up niet helemaal teruggezet. Maak een nieuwe database en zet de back-up daarin terug."
}

/// Why no letter goes after a backup was put back.
pub fn why_paused(made_at: impl Display) -> String {
    format!("Teruggezet uit de back-up van {made_at}")
}

/// How held letters are seen.
const LOOK: &str = "\nBekijk ze met: samenspel outbox list --state ambiguous";

/// A backup that was put back; `held` letters may have gone since it was made.
pub fn restored(target: impl Display, rows: u64, held: usize) -> String {
    let held = match held {
        0 => "Er wachtte geen post.".to_owned(),
        1 => format!("1 zending die wachtte, wordt vastgehouden: die kan al verstuurd zijn.{LOOK}"),
        _ => format!(
            "{held} zendingen die wachtten, worden vastgehouden: die kunnen al verstuurd zijn.{LOOK}"
        ),
    };
    format!(
        "Teruggezet in {target}: {rows} rijen, gecontroleerd.\nDe post staat stil. {held}\nLaat nieuwe post gaan met: samenspel outbox resume"
    )
}
