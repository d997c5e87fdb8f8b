//! What is said when a database does not open or does not keep what it was given.

use std::fmt::Display;

const REMEDY: &str = "Gebruik een pad naar een SQLite-bestand of postgres://…";

/// There is no database at this path, and none may be made.
pub fn missing(path: impl Display) -> String {
    format!(
        "Database {path} bestaat niet. Controleer het pad, of maak hem met: samenspel migrate --database {path}"
    )
}

/// The folder the database should be in is not there.
pub fn folder_missing(path: impl Display) -> String {
    format!("De map van database {path} bestaat niet. Maak eerst de map.")
}

/// The database is there or may be made, but does not open; `location` shows no password.
pub fn unreachable(location: impl Display, cause: impl Display) -> String {
    format!("Database {location} is niet te openen: {cause}. Controleer het adres en de rechten.")
}

/// An address of a kind of database we do not know, such as `mysql`.
pub fn unknown_scheme(scheme: &str) -> String {
    format!("'{scheme}://' is geen database die Samenspel kent. {REMEDY}")
}

/// The address or path is empty.
pub fn nameless() -> String {
    format!("De naam van de database is leeg. {REMEDY}")
}

/// The program was built for SQLite only.
pub fn without_postgres() -> &'static str {
    "Dit programma is gebouwd zonder PostgreSQL. Bouw het met de feature 'postgres'."
}

/// The thread that writes did not start.
pub fn writer_did_not_start(cause: impl Display) -> String {
    format!("De schrijver van de database start niet: {cause}. Start het programma opnieuw.")
}

/// The lock that shows that somebody works on the outbox cannot be had.
pub fn no_lock(path: impl Display, cause: impl Display) -> String {
    format!(
        "Het slot {path} voor het versturen van post lukt niet: {cause}. Zorg dat het programma in de map van de database mag schrijven."
    )
}

/// A change was not kept, although nothing was wrong with the change itself.
pub fn not_kept(cause: impl Display) -> String {
    format!(
        "De database heeft de wijziging niet bewaard: {cause}. Controleer of er ruimte is op de schijf."
    )
}

/// The tables could not be brought up to date.
pub fn tables_not_updated(cause: impl Display) -> String {
    format!(
        "De tabellen zijn niet bijgewerkt: {cause}. Controleer of de database bij dit programma hoort."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_path_is_answered_with_the_command_that_makes_it() {
        let said = missing("/data/markt.db");
        assert!(
            said.ends_with("samenspel migrate --database /data/markt.db"),
            "{said}"
        );
    }
}
