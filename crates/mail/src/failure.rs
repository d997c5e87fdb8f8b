//! How a transmission can fail, in which phase, and what that means for the letter.

use domain::person_name::one_line;
use thiserror::Error;

use crate::words::shortened;

/// The most characters kept of what a relay says.
const MAX_TEXT: usize = 500;

/// The step of a transmission, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Finding and reaching the relay; with TLS from the first byte also its handshake, greeting and EHLO.
    Connect,
    /// The relay's first line.
    Greeting,
    /// EHLO.
    Hello,
    /// STARTTLS and the handshake after it.
    StartTls,
    /// AUTH.
    Login,
    /// MAIL FROM.
    Sender,
    /// RCPT TO.
    Recipient,
    /// DATA, up to the relay's 354.
    Data,
    /// The content and the reply to it.
    Content,
}

/// What a failure means for the delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Not taken; try again later. Uses up an attempt.
    Retry,
    /// Not taken, through no fault of letter or recipient; the whole queue waits. Uses up no attempt.
    RelayDown,
    /// Not taken; the relay refuses this recipient for good.
    RefusedRecipient,
    /// Not taken; the relay refuses this letter for good.
    RefusedMessage,
    /// Taken or not, nobody can know.
    Ambiguous,
}

/// A transmission that did not end in the relay's 250.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{phase:?}: {verdict:?} ({text})")]
pub struct Failure {
    /// Where it went wrong.
    pub phase: Phase,
    /// What that means.
    pub verdict: Verdict,
    /// The relay's reply code, when it gave one.
    pub code: Option<u16>,
    /// What the relay or the network said, on one line, without addresses.
    pub text: String,
}

impl Failure {
    /// The failure that a reply (or none: `code` is `None`) in this phase stands for.
    pub(crate) fn new(phase: Phase, code: Option<u16>, text: &str) -> Self {
        Self {
            phase,
            verdict: verdict(phase, code),
            code,
            text: without_addresses(text),
        }
    }
}

/// What a relay said, on one line of at most 500 characters, each word with an @ made `***`, so that it can be logged.
pub(crate) fn without_addresses(text: &str) -> String {
    let words: Vec<&str> = text
        .split_whitespace()
        .map(|word| if word.contains('@') { "***" } else { word })
        .collect();
    shortened(one_line(&words.join(" ")), MAX_TEXT)
}

/// What a reply other than the expected one means (codes: RFC 5321 §4.2.3).
///
/// Until the recipient is named it is the relay or our settings, whatever the code; after the content only a 4xx or
/// 5xx says for certain that the letter was not taken.
fn verdict(phase: Phase, code: Option<u16>) -> Verdict {
    match (phase, code) {
        (
            Phase::Connect
            | Phase::Greeting
            | Phase::Hello
            | Phase::StartTls
            | Phase::Login
            | Phase::Sender,
            _,
        )
        // The relay closes, does not know the command, or wants a login first.
        | (Phase::Recipient | Phase::Data, Some(421 | 500 | 502 | 503 | 504 | 530 | 535 | 538)) => {
            Verdict::RelayDown
        }
        (Phase::Recipient, Some(500..=599)) => Verdict::RefusedRecipient,
        (Phase::Data | Phase::Content, Some(500..=599)) => Verdict::RefusedMessage,
        (Phase::Recipient | Phase::Data, _) | (Phase::Content, Some(400..=499)) => Verdict::Retry,
        (Phase::Content, _) => Verdict::Ambiguous,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_and_the_phase_decide() {
        for (phase, code, expected) in [
            (Phase::Connect, None, Verdict::RelayDown),
            (Phase::Greeting, Some(554), Verdict::RelayDown),
            (Phase::Hello, Some(421), Verdict::RelayDown),
            (Phase::StartTls, Some(454), Verdict::RelayDown),
            (Phase::Login, Some(535), Verdict::RelayDown),
            (Phase::Sender, Some(550), Verdict::RelayDown),
            (Phase::Sender, Some(451), Verdict::RelayDown),
            (Phase::Recipient, Some(450), Verdict::Retry),
            (Phase::Recipient, Some(452), Verdict::Retry),
            (Phase::Recipient, Some(421), Verdict::RelayDown),
            (Phase::Recipient, Some(530), Verdict::RelayDown),
            (Phase::Recipient, Some(550), Verdict::RefusedRecipient),
            (Phase::Recipient, Some(551), Verdict::RefusedRecipient),
            (Phase::Recipient, Some(553), Verdict::RefusedRecipient),
            (Phase::Recipient, Some(354), Verdict::Retry),
            (Phase::Recipient, None, Verdict::Retry),
            (Phase::Data, Some(451), Verdict::Retry),
            (Phase::Data, Some(554), Verdict::RefusedMessage),
            (Phase::Data, Some(250), Verdict::Retry),
            (Phase::Data, None, Verdict::Retry),
            (Phase::Content, Some(421), Verdict::Retry),
            (Phase::Content, Some(451), Verdict::Retry),
            (Phase::Content, Some(550), Verdict::RefusedMessage),
            (Phase::Content, Some(251), Verdict::Ambiguous),
            (Phase::Content, Some(354), Verdict::Ambiguous),
            (Phase::Content, None, Verdict::Ambiguous),
        ] {
            assert_eq!(verdict(phase, code), expected, "{phase:?} {code:?}");
        }
    }

    #[test]
    fn what_a_relay_says_is_one_bounded_line() {
        let failure = Failure::new(Phase::Data, Some(554), &"no\r\n\u{1b}".repeat(1_000));
        assert_eq!(failure.text.chars().count(), MAX_TEXT);
        assert!(!failure.text.contains(char::is_control));
        let named = Failure::new(
            Phase::Recipient,
            Some(550),
            "5.1.1 <ria@heeze.example>: unknown",
        );
        assert_eq!(named.text, "5.1.1 *** unknown");
    }
}
