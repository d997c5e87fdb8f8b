//! What is said about logging in.

use crate::dutch::answers::Answer;

/// A link to log in, or a refresh token, that does not work; the same sentence whatever the cause.
pub fn refused() -> Answer {
    (
        "Inloggen lukt niet",
        "Dit werkt niet meer. Vraag een nieuwe link om in te loggen.".to_owned(),
    )
}

/// Somebody asks too often; `seconds` is how long to wait.
pub fn too_often(seconds: u64) -> Answer {
    let wait = minutes(seconds.div_ceil(60).max(1));
    (
        "Te vaak gevraagd",
        format!("U vraagt dit te vaak. Probeer het over {wait} opnieuw."),
    )
}

/// Somebody asked for a link to log in; the same sentence whether or not the address is known.
pub fn link_asked() -> &'static str {
    "Kennen wij dit adres? Dan krijgt u een mail met een link om in te loggen."
}

/// Somebody was invited to an organisation; the same sentence whether or not the address is known.
pub fn member_invited() -> &'static str {
    "Wij sturen een mail. Na het bevestigen staat deze persoon bij uw organisatie, als het adres nog niet bij ons bekend was."
}

/// `15 minuten`.
pub fn minutes(count: u64) -> String {
    match count {
        1 => "1 minuut".to_owned(),
        more => format!("{more} minuten"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_to_wait_is_said_in_whole_minutes() {
        assert!(too_often(5).1.contains("over 1 minuut "));
        assert!(too_often(60).1.contains("over 1 minuut "));
        assert!(too_often(61).1.contains("over 2 minuten "));
        assert_eq!(
            (minutes(1), minutes(15)),
            ("1 minuut".to_owned(), "15 minuten".to_owned())
        );
    }
}
