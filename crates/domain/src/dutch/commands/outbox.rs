//! What `samenspel outbox` says of the pause, and of addresses that get nothing any more.

use std::fmt::Display;

use crate::letters::SuppressionReason;

use super::counted;

/// Why the post stands still when nobody said.
pub fn paused_by_hand() -> &'static str {
    "Stilgezet vanaf de opdrachtregel"
}

/// The post stands still.
pub fn paused() -> &'static str {
    "De post staat stil. Laat de post weer gaan met: samenspel outbox resume"
}

/// The post goes again; `was` is why it did not, `going` letters go now, `held` are held since a backup was put back.
pub fn resumed(was: Option<&str>, going: i64, held: i64) -> String {
    let mut said = match was {
        Some(reason) => format!("De post gaat weer. Die stond stil: {reason}."),
        None => "De post stond niet stil.".to_owned(),
    };
    said.push_str(&format!(
        "\n{} nu.",
        counted(going, "brief gaat", "brieven gaan")
    ));
    if held > 0 {
        said.push_str(&format!(
            "\n{} vastgehouden: die kunnen al verstuurd zijn. Verstuur ze toch met: samenspel outbox resume --resend, of één met: samenspel outbox retry KENMERK",
            counted(held, "zending wordt", "zendingen worden")
        ));
    }
    said
}

/// Nothing goes to an address any more.
pub fn blocked(address: impl Display) -> String {
    format!("Naar {address} gaat niets meer.")
}

/// Letters go to an address again.
pub fn unblocked(address: impl Display) -> String {
    format!("Naar {address} gaat weer post.")
}

/// An address that was not blocked.
pub fn not_blocked(address: impl Display) -> String {
    format!("{address} is niet geblokkeerd. Bekijk de adressen met: samenspel outbox blocked")
}

/// There are no addresses to show.
pub fn none_blocked() -> &'static str {
    "Er zijn geen geblokkeerde adressen."
}

/// The heads of the table of addresses.
pub fn blocked_columns() -> &'static [&'static str] {
    &["Adres", "Waarom", "Sinds"]
}

/// Why nothing goes to an address.
pub fn blocked_because(reason: SuppressionReason) -> &'static str {
    match reason {
        SuppressionReason::Bounce => "onbestelbaar",
        SuppressionReason::Complaint => "klacht",
        SuppressionReason::ByHand => "met de hand",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_lets_the_post_go_reads_what_goes_and_what_stays() {
        let said = resumed(Some("Teruggezet"), 1, 50);
        for part in [
            "Teruggezet",
            "1 brief gaat nu",
            "50 zendingen worden",
            "--resend",
        ] {
            assert!(said.contains(part), "{said}");
        }
        let said = resumed(None, 0, 0);
        assert!(
            said.contains("niet stil") && said.contains("0 brieven gaan nu"),
            "{said}"
        );
        assert!(!said.contains("--resend"), "{said}");
    }
}
