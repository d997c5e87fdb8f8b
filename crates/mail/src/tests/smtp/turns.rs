//! Relays that do not keep to their turn.

use torture::relay::{Act, Moment};

use super::{PATIENT, scripted, transport, with_login};
use crate::tests::sample::parcel;
use crate::{Phase, Security, Verdict};

#[tokio::test]
async fn a_relay_that_talks_without_end_is_cut_off() {
    for (moment, expected) in [
        (Moment::Connected, (Phase::Hello, Verdict::RelayDown)),
        (Moment::Hello, (Phase::Hello, Verdict::RelayDown)),
        (Moment::Mail, (Phase::Sender, Verdict::RelayDown)),
        (Moment::Rcpt, (Phase::Recipient, Verdict::Retry)),
        (Moment::Data, (Phase::Data, Verdict::Retry)),
        (Moment::Content, (Phase::Content, Verdict::Ambiguous)),
    ] {
        for (start, again) in [
            ("250-", "x"),
            ("250 ", "\0"),
            ("250-a\r\n", "250-b\r\n"),
            ("250-a\r\n", "\r\n"),
            ("2", "\n"),
        ] {
            let relay = scripted(&[(moment, Act::babble(start, again))]);
            let failure = transport(relay.port(), PATIENT)
                .transmit(&parcel("ria@heeze.example"))
                .await
                .unwrap_err();
            let found = (failure.phase, failure.verdict);
            assert_eq!(found, expected, "{moment:?} {start:?}: {failure}");
            // Not our deadline but a bound, long before it.
            assert_ne!(failure.text, "no answer in time", "{moment:?} {start:?}");
            assert_eq!(failure.code, None, "{moment:?} {start:?}");
        }
    }
}

#[tokio::test]
async fn what_is_said_before_tls_does_not_count_after_it() {
    let early = "220 start\r\n250-relay.example\r\n250 AUTH PLAIN\r\n235 welcome";
    let relay = scripted(&[
        (Moment::Hello, Act::say("250-relay.example\r\n250 STARTTLS")),
        (Moment::StartTls, Act::say(early)),
    ]);
    let failure = with_login(relay.port(), Security::StartTls)
        .transmit(&parcel("ria@heeze.example"))
        .await
        .unwrap_err();
    let found = (failure.phase, failure.verdict);
    assert_eq!(found, (Phase::StartTls, Verdict::RelayDown), "{failure}");
    assert!(failure.text.contains("nobody asked"), "{failure}");
    let seen = relay.seen().commands;
    assert!(
        !seen.iter().any(|command| command.starts_with("AUTH")),
        "{seen:?}"
    );
}
