//! What we conclude from each way a relay can behave.

mod certificates;
mod turns;

use std::time::Duration;

use tokio::net::TcpListener;
use torture::relay::{Act, Moment, Relay, Script, When};

use super::sample::parcel;
use crate::{Deadlines, Login, Phase, Security, SmtpRelay, SmtpSettings, Transport, Verdict};

const SHORT: Duration = Duration::from_millis(200);
const LONG: Duration = Duration::from_secs(30);

/// Patient everywhere, so that a busy machine changes no verdict.
const PATIENT: Deadlines = Deadlines {
    connect: LONG,
    command: LONG,
    content: LONG,
};

fn settings(port: u16) -> SmtpSettings {
    SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::Plain,
        root: None,
        login: None,
        hello: "samenspel.example".to_owned(),
    }
}

/// A relay that does each of these once, in the order given for its moment.
fn scripted(script: &[(Moment, Act)]) -> Relay {
    let once = script
        .iter()
        .fold(Script::new().keep_contents(), |script, (moment, act)| {
            script.rule(*moment, When::Times(1), act.clone())
        });
    Relay::start(once).unwrap()
}

fn transport(port: u16, deadlines: Deadlines) -> Transport {
    Transport::Smtp(SmtpRelay::new(settings(port)).with_deadlines(deadlines))
}

fn with_login(port: u16, security: Security) -> Transport {
    let settings = SmtpSettings {
        security,
        login: Some(Login {
            user: "samenspel".to_owned(),
            password: "geheim".into(),
        }),
        ..settings(port)
    };
    Transport::Smtp(SmtpRelay::new(settings).with_deadlines(PATIENT))
}

#[tokio::test]
async fn a_relay_that_takes_the_letter_gets_it_whole() {
    let relay = scripted(&[]);
    let sent = parcel("ria@bücher.example");
    let receipt = transport(relay.port(), PATIENT)
        .transmit(&sent)
        .await
        .unwrap();
    assert_eq!(receipt.text, "2.0.0 taken 2.0.0 as 4711");
    let seen = relay.seen();
    assert_eq!(
        seen.commands,
        [
            "EHLO samenspel.example",
            "MAIL FROM:<b+t0ken@samenspel.example>",
            "RCPT TO:<ria@xn--bcher-kva.example>",
            "DATA",
            "QUIT"
        ]
    );
    let content = str::from_utf8(&seen.contents[0]).unwrap();
    assert_eq!(
        content.trim_end_matches("\r\n"),
        str::from_utf8(&sent.mime).unwrap().trim_end_matches("\r\n")
    );
}

/// The moment, what the relay says (nothing: it closes), and our phase, verdict and code.
const FAULTS: [(Moment, &str, &str); 32] = [
    (Moment::Connected, "421 busy", "Greeting RelayDown 421"),
    (Moment::Connected, "554 go away", "Greeting RelayDown 554"),
    (Moment::Connected, "SSH-2.0-OpenSSH", "Greeting RelayDown -"),
    (Moment::Connected, "", "Greeting RelayDown -"),
    (Moment::Hello, "550 no", "Hello RelayDown 550"),
    (Moment::Hello, "", "Hello RelayDown -"),
    (Moment::Mail, "550 not you", "Sender RelayDown 550"),
    (Moment::Mail, "451 later", "Sender RelayDown 451"),
    (Moment::Mail, "", "Sender RelayDown -"),
    (
        Moment::Rcpt,
        "550 5.1.1 who",
        "Recipient RefusedRecipient 550",
    ),
    (Moment::Rcpt, "450 4.2.0 greylisted", "Recipient Retry 450"),
    (Moment::Rcpt, "452 too many", "Recipient Retry 452"),
    (Moment::Rcpt, "421 closing", "Recipient RelayDown 421"),
    (Moment::Rcpt, "354 what", "Recipient Retry 354"),
    (Moment::Rcpt, "", "Recipient Retry -"),
    (Moment::Data, "554 no", "Data RefusedMessage 554"),
    (Moment::Data, "451 later", "Data Retry 451"),
    (Moment::Data, "250 already", "Data Retry 250"),
    (Moment::Data, "", "Data Retry -"),
    (Moment::Content, "451 4.3.0 later", "Content Retry 451"),
    (
        Moment::Content,
        "550 5.7.1 spam",
        "Content RefusedMessage 550",
    ),
    (Moment::Content, "354 go on", "Content Ambiguous 354"),
    (Moment::Content, "251 elsewhere", "Content Ambiguous 251"),
    (Moment::Content, "\u{1}\u{2}what?", "Content Ambiguous -"),
    (
        Moment::Content,
        "250-half\r\n550 other",
        "Content Ambiguous -",
    ),
    (Moment::Content, "", "Content Ambiguous -"),
    // Replies in advance, which would make a refused letter look taken.
    (
        Moment::Connected,
        "220 hi\r\n250 hi\r\n250 ok\r\n250 ok\r\n354 go on\r\n250 taken",
        "Hello RelayDown -",
    ),
    (
        Moment::Hello,
        "250-hi\r\n250 hi\r\n250 ok\r\n250 ok\r\n354 go on\r\n250 taken",
        "Hello RelayDown -",
    ),
    (Moment::Mail, "250 ok\r\n250 ok", "Sender RelayDown -"),
    (
        Moment::Rcpt,
        "250 ok\r\n354 go on\r\n250 taken",
        "Recipient Retry -",
    ),
    (Moment::Data, "354 go on\r\n250 taken", "Data Retry -"),
    (
        Moment::Content,
        "250 taken\r\n550 or not",
        "Content Ambiguous -",
    ),
];

#[tokio::test]
async fn every_fault_has_its_phase_and_verdict() {
    for (moment, said, expected) in FAULTS {
        let act = if said.is_empty() {
            Act::Drop
        } else {
            Act::say(said)
        };
        let relay = scripted(&[(moment, act)]);
        let failure = transport(relay.port(), PATIENT)
            .transmit(&parcel("ria@heeze.example"))
            .await
            .unwrap_err();
        let code = failure.code.map_or("-".to_owned(), |code| code.to_string());
        let found = format!("{:?} {:?} {code}", failure.phase, failure.verdict);
        assert_eq!(found, expected, "{moment:?} {said:?}: {failure}");
        let taken = usize::from(moment == Moment::Content);
        assert_eq!(relay.seen().contents.len(), taken, "{moment:?} {said:?}");
    }
}

#[tokio::test]
async fn silence_ends_at_the_deadline_of_its_phase() {
    let impatient = Deadlines {
        command: SHORT,
        ..PATIENT
    };
    let impatient_after_content = Deadlines {
        content: SHORT,
        ..PATIENT
    };
    for (moment, deadlines, phase, verdict) in [
        (
            Moment::Connected,
            impatient,
            Phase::Greeting,
            Verdict::RelayDown,
        ),
        (
            Moment::Content,
            impatient_after_content,
            Phase::Content,
            Verdict::Ambiguous,
        ),
    ] {
        let relay = scripted(&[(moment, Act::Hush)]);
        let failure = transport(relay.port(), deadlines)
            .transmit(&parcel("ria@heeze.example"))
            .await
            .unwrap_err();
        assert_eq!((failure.phase, failure.verdict), (phase, verdict));
        assert_eq!(failure.text, "no answer in time");
    }
}

#[tokio::test]
async fn a_relay_that_is_not_there_is_down() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    for security in [Security::Plain, Security::StartTls, Security::Tls] {
        let failure = with_login(port, security)
            .transmit(&parcel("ria@heeze.example"))
            .await
            .unwrap_err();
        let found = (failure.phase, failure.verdict);
        assert_eq!(found, (Phase::Connect, Verdict::RelayDown), "{security:?}");
    }
}

#[tokio::test]
async fn a_login_is_sent_once_and_its_refusal_is_ours_to_mend() {
    let relay = scripted(&[]);
    let transport = with_login(relay.port(), Security::Plain);
    transport
        .transmit(&parcel("ria@heeze.example"))
        .await
        .unwrap();
    // NUL samenspel NUL geheim, in base64 (RFC 4616 §2).
    assert_eq!(
        relay.seen().commands[1],
        "AUTH PLAIN AHNhbWVuc3BlbABnZWhlaW0="
    );

    let relay = scripted(&[(Moment::Auth, Act::say("535 5.7.8 wrong"))]);
    let failure = with_login(relay.port(), Security::Plain)
        .transmit(&parcel("ria@heeze.example"))
        .await
        .unwrap_err();
    assert_eq!(
        (failure.phase, failure.verdict),
        (Phase::Login, Verdict::RelayDown)
    );
    assert_eq!(failure.code, Some(535));
    assert!(!format!("{transport:?}").contains("geheim"));
}

#[tokio::test]
async fn without_starttls_neither_login_nor_letter_goes_out() {
    let relay = scripted(&[]);
    let failure = with_login(relay.port(), Security::StartTls)
        .transmit(&parcel("ria@heeze.example"))
        .await
        .unwrap_err();
    assert_eq!(
        (failure.phase, failure.verdict),
        (Phase::StartTls, Verdict::RelayDown)
    );
    let seen = relay.seen();
    assert!(
        seen.commands
            .iter()
            .all(|command| !command.starts_with("AUTH"))
    );
    assert!(seen.contents.is_empty());
}

#[tokio::test]
async fn a_session_carries_the_next_letter_only_after_a_clean_end() {
    let refusal = (Moment::Rcpt, Act::say("452 4.5.3 enough"));
    let relay = scripted(&[
        (Moment::Rcpt, Act::say("250 ok")),
        (Moment::Rcpt, Act::say("250 ok")),
        refusal,
    ]);
    let transport = transport(relay.port(), PATIENT);
    let (first, second) = (parcel("ria@heeze.example"), parcel("jan@orden.example"));
    let session = transport.open_session().await.unwrap();
    let (_, session) = session
        .offer(&first)
        .await
        .unwrap()
        .content()
        .await
        .unwrap();
    let (_, session) = session
        .offer(&second)
        .await
        .unwrap()
        .content()
        .await
        .unwrap();
    assert!(!session.is_spent());
    let Err(failure) = session.offer(&first).await else {
        panic!("the relay said 452");
    };
    // It tired of the connection, not of the recipient.
    assert_eq!(
        (failure.phase, failure.verdict),
        (Phase::Recipient, Verdict::RelayDown)
    );
    let seen = relay.seen();
    assert_eq!((seen.connections, seen.contents.len()), (1, 2));
}

#[tokio::test]
async fn a_session_is_spent_after_ninety_letters() {
    let relay = scripted(&[]);
    let letter = parcel("ria@heeze.example");
    let mut session = transport(relay.port(), PATIENT)
        .open_session()
        .await
        .unwrap();
    for _ in 0..90 {
        assert!(!session.is_spent());
        (_, session) = session
            .offer(&letter)
            .await
            .unwrap()
            .content()
            .await
            .unwrap();
    }
    assert!(session.is_spent());
}

#[tokio::test]
async fn a_worker_that_lost_its_claim_leaves_nothing_behind() {
    let relay = scripted(&[]);
    let transport = transport(relay.port(), PATIENT);
    let letter = parcel("ria@heeze.example");
    let ready = transport
        .open_session()
        .await
        .unwrap()
        .offer(&letter)
        .await
        .unwrap();
    drop(ready);
    transport.transmit(&letter).await.unwrap();
    assert_eq!(relay.seen().contents.len(), 1);
    assert_eq!(relay.seen().connections, 2);
}

#[tokio::test]
async fn bytes_that_are_no_message_are_never_offered() {
    let relay = scripted(&[]);
    let mut letter = parcel("ria@heeze.example");
    letter.mime = b"a: b\r\n\r\nbare\n.\nMAIL FROM:<x@y.example>\r\n".to_vec();
    let failure = transport(relay.port(), PATIENT)
        .transmit(&letter)
        .await
        .unwrap_err();
    assert_eq!(failure.verdict, Verdict::RefusedMessage);
    assert!(
        relay
            .seen()
            .commands
            .iter()
            .all(|command| !command.starts_with("MAIL"))
    );
}
