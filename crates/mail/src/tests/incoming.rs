//! What comes back, as the programs of others write it: one file each, and what it is.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use domain::email_address::EmailAddress;
use domain::ids::DeliveryId;
use proptest::prelude::*;

use crate::{BounceKind, Incoming, MAX_INCOMING, read_incoming, recipient_of};

const TOKEN: &str = "019d8b4c5a7070008000000000000001";

/// Each file and what it is: kind, status, addresses that failed.
const EXPECTED: &[(&str, &str)] = &[
    ("absence_by_subject", "AutoReply"),
    ("absence_cpanel", "AutoReply"),
    ("absence_gmail", "AutoReply"),
    ("absence_outlook_dutch", "AutoReply"),
    ("absence_outlook_english", "AutoReply"),
    ("absence_unix_vacation", "AutoReply"),
    ("absence_with_old_colleague", "AutoReply"),
    ("complaint_about_another_sender", "Other"),
    ("complaint_authentication", "Other"),
    ("complaint_not_spam", "Other"),
    ("complaint_to_the_base", "Complaint"),
    ("complaint_to_the_return_path", "Complaint"),
    ("confirmation_by_subject", "AutoReply"),
    ("courier", "Hard 5.0.0 ria@heeze.example"),
    ("domino", "Hard 5.1.1 ria@heeze.example"),
    ("exchange_2003", "Hard 5.1.1 ria@heeze.example"),
    ("exchange_5_5", "Hard - ria@heeze.example"),
    ("exim_old_local_part", "Hard - ria@heeze.example"),
    ("exim_old_prohibited", "Blocked - ria@heeze.example"),
    ("exim_old_timeout", "Soft - ria@heeze.example"),
    ("exim_old_unknown_user", "Hard 5.1.1 ria@heeze.example"),
    ("exim_old_unrouteable", "Hard - ria@heeze.example"),
    ("exim_old_warning", "Other"),
    ("exim_report", "Hard 5.1.1 ria@heeze.example"),
    ("exim_report_quota", "Blocked 5.0.0 ria@heeze.example"),
    ("failure_inside_a_forwarded_message", "Other"),
    ("gmail_delay", "Other"),
    ("gmail_dns_error", "Soft 4.0.0 ria@heeze.example"),
    ("gmail_group_not_allowed", "Blocked 5.7.1 ria@heeze.example"),
    ("gmail_no_such_account", "Hard 5.1.1 ria@heeze.example"),
    ("gmail_old", "Hard 5.1.1 ria@heeze.example"),
    ("gmail_over_quota", "Blocked 5.2.2 ria@heeze.example"),
    (
        "iso_letters_in_global_report",
        "Hard 5.1.1 ria@heeze.example ria@bücher.example",
    ),
    ("m365_access_denied", "Hard 5.4.1 ria@heeze.example"),
    (
        "m365_domain_does_not_exist",
        "Hard 5.4.310 ria@heeze.example",
    ),
    ("m365_dutch_delay", "Other"),
    ("m365_expired", "Soft 5.4.316 ria@heeze.example"),
    (
        "m365_group_only_for_members",
        "Blocked 5.7.133 ria@heeze.example",
    ),
    ("m365_quota", "Blocked 5.2.2 ria@heeze.example"),
    ("m365_recipient_not_found", "Hard 5.1.10 ria@heeze.example"),
    ("m365_reputation", "Blocked 5.7.606 ria@heeze.example"),
    ("no_head", "Other"),
    ("nothing", "Other"),
    (
        "outlook_mailbox_unavailable",
        "Hard 5.5.0 ria@heeze.example",
    ),
    ("person_about_vacation_home", "Other"),
    ("person_answers", "Other"),
    (
        "postfix_another_recipient",
        "Hard 5.1.1 piet@elders.example",
    ),
    ("postfix_bare_550", "Hard 5.0.0 ria@heeze.example"),
    ("postfix_bare_554", "Blocked 5.0.0 ria@heeze.example"),
    ("postfix_delay_warning", "Other"),
    ("postfix_delivered_report", "Other"),
    ("postfix_disabled", "Hard 5.2.1 ria@heeze.example"),
    ("postfix_dmarc", "Blocked 5.7.26 ria@heeze.example"),
    ("postfix_domain_gone", "Hard 5.4.4 ria@heeze.example"),
    (
        "postfix_forward_failed",
        "Hard 5.1.1 ria@heeze.example vries@elders.example",
    ),
    (
        "postfix_gateway_says_unknown_but_it_is_spam",
        "Blocked 5.1.1 ria@heeze.example",
    ),
    (
        "postfix_gave_up_after_five_days",
        "Soft 4.4.1 ria@heeze.example",
    ),
    ("postfix_loop", "Soft 5.4.6 ria@heeze.example"),
    ("postfix_mailbox_full", "Blocked 5.2.2 ria@heeze.example"),
    ("postfix_null_mx", "Hard 5.1.10 ria@heeze.example"),
    (
        "postfix_sender_domain_refused",
        "Blocked 5.1.8 ria@heeze.example",
    ),
    ("postfix_spamhaus", "Blocked 5.7.1 ria@heeze.example"),
    ("postfix_unknown_user", "Hard 5.1.1 ria@heeze.example"),
    ("postfix_zero_but_full", "Blocked 5.0.0 ria@heeze.example"),
    ("provider_html_only", "Blocked 5.2.2 ria@heeze.example"),
    ("provider_in_dutch", "Hard 5.1.1 ria@heeze.example"),
    ("qmail_full", "Blocked 5.2.2 ria@heeze.example"),
    ("qmail_no_host", "Hard 5.1.2 ria@heeze.example"),
    ("qmail_no_mailbox", "Hard 5.1.1 ria@heeze.example"),
    ("qmail_rejected", "Blocked 5.7.1 ria@heeze.example"),
    ("qmail_remote", "Hard 5.1.1 ria@heeze.example"),
    ("qmail_timeout", "Soft 4.4.1 ria@heeze.example"),
    ("read_receipt", "AutoReply"),
    ("report_cut_short", "Hard 5.1.1 ria@heeze.example"),
    ("report_delayed_with_a_lasting_status", "Other"),
    ("report_in_mixed", "Hard 5.1.1 ria@heeze.example"),
    ("report_in_quoted_printable", "Hard 5.1.1 ria@heeze.example"),
    ("report_that_is_broken", "Other"),
    ("report_without_action", "Hard 5.1.2 ria@heeze.example"),
    ("report_without_status", "Soft - ria@heeze.example"),
    ("sendmail", "Hard 5.1.1 ria@heeze.example"),
    ("sendmail_old", "Hard - ria@heeze.example"),
    ("sendmail_warning", "Other"),
    ("spam_that_plays_server", "Other"),
    ("spam_to_the_return_path", "Other"),
    ("ticket_confirmation", "AutoReply"),
    (
        "two_failed_recipients",
        "Blocked 5.2.2 an@heeze.example bo@heeze.example",
    ),
    ("yahoo_old", "Hard - ria@heeze.example"),
];

fn base() -> EmailAddress {
    "bounce@samenspel.example".parse().unwrap()
}

fn delivery() -> DeliveryId {
    format!("del_{TOKEN}").parse().unwrap()
}

/// Whom the file was sent to: the return path of the delivery, but for complaints to the address for them.
fn recipient(name: &str) -> String {
    match name {
        "complaint_to_the_base" | "complaint_about_another_sender" => base().to_string(),
        _ => format!("bounce+{TOKEN}@samenspel.example"),
    }
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/incoming"))
}

fn file(name: &str) -> String {
    fs::read_to_string(folder().join(format!("{name}.eml"))).unwrap()
}

fn described(incoming: &Incoming) -> String {
    match incoming {
        Incoming::Bounce(bounce) => {
            assert_eq!(bounce.delivery, delivery());
            let status = bounce.status.map_or("-".to_owned(), |it| it.to_string());
            let named = bounce.recipients.join(" ");
            format!("{:?} {status} {named}", bounce.kind)
        }
        Incoming::Complaint { delivery: about } => {
            assert_eq!(*about, delivery());
            "Complaint".to_owned()
        }
        Incoming::AutoReply => "AutoReply".to_owned(),
        Incoming::Other => "Other".to_owned(),
    }
}

#[test]
fn every_file_is_what_it_is() {
    let mut wrong = Vec::new();
    for (name, expected) in EXPECTED {
        for raw in [file(name), file(name).replace('\n', "\r\n")] {
            let found = described(&read_incoming(&base(), &recipient(name), raw.as_bytes()));
            if found != *expected {
                wrong.push(format!("(\"{name}\", \"{found}\"),"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_has_its_line() {
    let listed: BTreeSet<String> = EXPECTED
        .iter()
        .map(|(name, _)| format!("{name}.eml"))
        .collect();
    let there: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(listed, there);
    assert!(listed.len() >= 60);
}

#[test]
fn without_the_token_nothing_is_a_bounce() {
    let other = "bounce+019d8b4c5a7070008000000000000002@samenspel.example";
    for (name, expected) in EXPECTED {
        let raw = file(name);
        for to in [
            "",
            "bounce@samenspel.example",
            "post@samenspel.example",
            "bounce+@samenspel.example",
        ] {
            let found = read_incoming(&base(), to, raw.as_bytes());
            assert!(!matches!(found, Incoming::Bounce(_)), "{name} to {to}");
        }
        if let Incoming::Bounce(bounce) = read_incoming(&base(), other, raw.as_bytes()) {
            assert_ne!(bounce.delivery, delivery(), "{name}");
            assert!(expected.contains(' '), "{name}");
        }
    }
}

#[test]
fn what_the_server_said_can_be_logged() {
    for (name, _) in EXPECTED {
        let found = read_incoming(&base(), &recipient(name), file(name).as_bytes());
        if let Incoming::Bounce(bounce) = found {
            assert!(!bounce.text.contains('@'), "{name}: {}", bounce.text);
            assert!(bounce.text.chars().count() <= 500, "{name}");
            assert!(!bounce.text.contains(char::is_control), "{name}");
        }
    }
    let Incoming::Bounce(bounce) = read_incoming(
        &base(),
        &recipient(""),
        file("postfix_unknown_user").as_bytes(),
    ) else {
        panic!("it is a bounce");
    };
    assert_eq!(
        bounce.text,
        "smtp; 550 5.1.1 *** Recipient address rejected: User unknown in virtual mailbox table"
    );
}

#[test]
fn a_report_about_another_address_is_known_as_such() {
    let about = |name: &str, address: &str| {
        let found = read_incoming(&base(), &recipient(name), file(name).as_bytes());
        let Incoming::Bounce(bounce) = found else {
            panic!("{name} is a bounce");
        };
        bounce.is_about(&address.parse().unwrap())
    };
    assert!(about("postfix_unknown_user", "Ria@Heeze.example"));
    assert!(!about("postfix_unknown_user", "jan@orden.example"));
    assert!(!about("postfix_another_recipient", "ria@heeze.example"));
    // Forwarded: we wrote to the first, and the second failed.
    assert!(about("postfix_forward_failed", "ria@heeze.example"));
    assert!(about(
        "iso_letters_in_global_report",
        "ria@xn--bcher-kva.example"
    ));
    assert!(about("qmail_full", "ria@heeze.example"));
}

#[test]
fn a_mailbox_says_whom_the_message_came_to() {
    let to = |text: &str| recipient_of(&base(), text.as_bytes());
    let ours = Some(recipient(""));
    let path = format!("bounce+{TOKEN}@samenspel.example");
    assert_eq!(to(&format!("Delivered-To: {path}\n\n")), ours);
    assert_eq!(
        to(&format!(
            "Delivered-To: bounce@samenspel.example\nX-Original-To: <{path}>\n\n"
        )),
        ours
    );
    assert_eq!(to(&format!("To: \"x\" <{path}>\n\n")), ours);
    let other = path.replace(TOKEN, &"0".repeat(32));
    assert_eq!(to(&format!("Envelope-to: {path}\nTo: {other}\n\n")), ours);
    for none in [
        "",
        "\n\n",
        "To: bounce@samenspel.example\n\n",
        &format!("Subject: {path}\n\n{path}"),
    ] {
        assert_eq!(to(none), None, "{none:?}");
    }
}

#[test]
fn what_is_too_long_or_too_deep_ends_soon() {
    let path = recipient("");
    let read = |raw: &[u8]| read_incoming(&base(), &path, raw);
    let long = [file("qmail_full").into_bytes(), vec![b'x'; MAX_INCOMING]].concat();
    assert_eq!(read(&long), Incoming::Other);
    let deep = "Content-Type: message/rfc822\n\n".repeat(MAX_INCOMING / 30);
    assert_eq!(read(deep.as_bytes()), Incoming::Other);
    let nested: String = (0..15_000)
        .map(|level| format!("Content-Type: multipart/report; boundary=b{level}\n\n--b{level}\n"))
        .collect();
    assert_eq!(
        read(&nested.as_bytes()[..nested.len().min(MAX_INCOMING)]),
        Incoming::Other
    );
    let wide = format!(
        "Content-Type: multipart/report; boundary=b\n\n{}",
        "--b\nContent-Type: multipart/mixed; boundary=c\n\n".repeat(20_000)
    );
    assert_eq!(read(wide.as_bytes()), Incoming::Other);
    let head = "X: y\n".repeat(200_000);
    assert_eq!(read(head.as_bytes()), Incoming::Other);
    let words = format!(
        "From: mailer-daemon@x.example\nSubject: undeliverable\n\n{}",
        "5.1.1 ria@heeze.example <".repeat(40_000)
    );
    let Incoming::Bounce(bounce) = read(words.as_bytes()) else {
        panic!("a notice without end is a notice");
    };
    assert_eq!(
        (bounce.kind, bounce.recipients.len()),
        (BounceKind::Hard, 1)
    );
}

fn any_file() -> impl Strategy<Value = &'static str> {
    (0..EXPECTED.len()).prop_map(|place| EXPECTED[place].0)
}

proptest! {
    #[test]
    fn any_bytes_are_read(raw in prop::collection::vec(any::<u8>(), 0..2_000)) {
        read_incoming(&base(), &recipient(""), &raw);
        recipient_of(&base(), &raw);
    }

    #[test]
    fn any_damage_to_a_file_is_read_and_names_no_other_delivery(
        name in any_file(),
        other in any_file(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_usize..40), 0..30),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut raw = file(name).into_bytes();
        for (place, byte, length) in damage {
            if !raw.is_empty() {
                let start = place.index(raw.len());
                let end = (start + length).min(raw.len());
                raw.splice(start..end, [byte]);
            }
        }
        let inserted = file(other).into_bytes();
        if !raw.is_empty() && !inserted.is_empty() {
            let from = cut.index(inserted.len());
            raw.extend_from_slice(&inserted[from..]);
        }
        // Only the envelope says which delivery it is about, but for a complaint, whatever the message says.
        if let Incoming::Bounce(bounce) = read_incoming(&base(), &recipient(""), &raw) {
            prop_assert_eq!(bounce.delivery, delivery());
        }
        let forged = format!("bounce+{}@samenspel.example", TOKEN.replace('9', "8"));
        if let Incoming::Bounce(bounce) = read_incoming(&base(), &forged, &raw) {
            prop_assert_ne!(bounce.delivery, delivery());
        }
        let plain = read_incoming(&base(), "bounce@samenspel.example", &raw);
        prop_assert!(!matches!(plain, Incoming::Bounce(_)));
        recipient_of(&base(), &raw);
    }
}
