//! Signed letters, judged by another program: Python's `dkimpy`, with the DNS answer we tell people to publish; and mail
//! that comes back, sent by Python's `smtplib`.

#![expect(
    clippy::unwrap_used,
    reason = "what a test expects and does not find should fail it"
)]

#[path = "../../../tests/support/python.rs"]
mod python;

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::process::Command;

use domain::email_address::EmailAddress;
use domain::ids::{DeliveryId, LetterId};
use mail::{
    BadKey, BounceKind, Confirmation, Heading, Incoming, Introduction, Letter, Listener,
    NotVerified, Party, Signer, Taken, freeze, read_incoming, return_path,
};
use proptest::prelude::*;

use python::{python, script};

const RSA: &str = include_str!("keys/rsa_pkcs1.pem");
const RSA_AGAIN: &str = include_str!("keys/rsa_pkcs8.pem");
const ED25519: &str = include_str!("keys/ed25519.pem");

const HOSTILE: &str = "Zoë\r\nBcc: x@y.example \u{202e}\"=?utf-8?q?x?=\"\u{c}\u{b}  . \t 👩‍🌾";

fn signers() -> Vec<Signer> {
    vec![
        Signer::new("samenspel.example", "een", RSA).unwrap(),
        Signer::new("Samenspel.Example", "twee.a", ED25519).unwrap(),
        Signer::new("bücher.example", "drie", ED25519).unwrap(),
    ]
}

fn heading(name: &str) -> Heading {
    let name = name
        .parse()
        .unwrap_or_else(|_no_name| "Ria".parse().unwrap());
    Heading {
        id: "let_019d8b4c5a7070008000000000000001".parse().unwrap(),
        from_name: "Samenspel".parse().unwrap(),
        from_address: "post@samenspel.example".parse().unwrap(),
        to: vec![(name, "ria@heeze.example".parse().unwrap())],
        reply_to: Vec::new(),
        written_at: "2026-04-14T11:05:09Z".parse().unwrap(),
        thread: None,
        public_host: "samenspel.example".to_owned(),
        settings_link: "https://samenspel.example/mail/instellingen?t=s3t&n=1".to_owned(),
        unsubscribe_link: None,
    }
}

/// Letters with all headers and with few, in plain words and in hostile ones.
fn letters() -> Vec<(Letter, Heading)> {
    let confirmation = Letter::Confirmation(Confirmation {
        name: "Ria".into(),
        organisation: HOSTILE.into(),
        link: "https://samenspel.example/bevestigen/t0ken".to_owned(),
        days: 7,
    });
    let mut full = heading("Ria de Vries");
    full.to.push((
        "Jan Bakker".parse().unwrap(),
        "jan@bücher.example".parse().unwrap(),
    ));
    full.reply_to = full.to.clone();
    full.thread = Some("let_019d8b4c5a7070008000000000000000".parse().unwrap());
    full.unsubscribe_link = Some(format!("https://samenspel.example/uit/{}", "x".repeat(80)));
    vec![
        (confirmation, heading(HOSTILE)),
        (introduction("Ruimte gezocht"), full.clone()),
        (introduction(HOSTILE), full),
        (
            introduction(&"langwoord".repeat(1_000)),
            heading(&"é".repeat(100)),
        ),
        (not_verified("Nee."), heading("O'Neill, \"Bob\" (x)")),
    ]
}

fn not_verified(reason: &str) -> Letter {
    Letter::NotVerified(NotVerified {
        name: reason.into(),
        organisation: reason.into(),
        reason: reason.into(),
    })
}

fn introduction(text: &str) -> Letter {
    let party = |email: &str| Party {
        organisation: text.into(),
        name: text.into(),
        email: email.parse().unwrap(),
    };
    Letter::Introduction(Introduction {
        request_title: text.into(),
        request_place: "Apeldoorn".into(),
        request_body: text.into(),
        asker: party("ria@heeze.example"),
        offer_title: text.into(),
        offer_body: format!("{text} \r\n\t \r\n .\r\n.\r\n{text}\r\n\r\n\r\n").into(),
        giver: party("jan@orden.example"),
        reasons: vec![text.into()],
        first_step: text.into(),
        first_step_by: text.into(),
    })
}

/// Whether each letter's signature holds as it came, and whether it still does when Python read it and wrote it again.
fn verify(letters: &[Vec<u8>]) -> Vec<(bool, bool)> {
    let folder = tempfile::tempdir().unwrap();
    let records: BTreeMap<String, String> = signers()
        .iter()
        .map(Signer::dns_record)
        .map(|record| (record.name, record.value))
        .collect();
    let dns = folder.path().join("records.json");
    std::fs::write(&dns, serde_json::to_vec(&records).unwrap()).unwrap();
    let mut command = Command::new(python());
    command.arg("-B").arg(script("verify_dkim.py")).arg(dns);
    for (number, letter) in letters.iter().enumerate() {
        let path = folder.path().join(format!("{number}.eml"));
        std::fs::write(&path, letter).unwrap();
        command.arg(path);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The letter with its first `from` made `to`.
#[track_caller]
fn changed(letter: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = str::from_utf8(letter).unwrap();
    assert!(text.contains(from), "no {from:?} in\n{text}");
    text.replacen(from, to, 1).into_bytes()
}

#[test]
fn another_program_finds_every_signature_good() {
    let mut signed = Vec::new();
    for signer in signers() {
        for (letter, heading) in letters() {
            signed.push(freeze(&letter, &heading, Some(&signer)).unwrap().mime);
        }
    }
    let found = verify(&signed);
    assert_eq!(found, vec![(true, true); 15]);
}

#[test]
fn whatever_is_changed_breaks_the_signature() {
    let mut broken = Vec::new();
    let (letter, heading) = letters().swap_remove(1);
    for signer in signers() {
        let good = freeze(&letter, &heading, Some(&signer)).unwrap().mime;
        for (from, to) in [
            ("Ruimte gezocht", "Ruimte bezocht"),
            ("\r\nSubject: ", "\r\nSubject: Re: "),
            ("\r\nTo: ", "\r\nTo: eve@kwaad.example, "),
            ("\r\nReply-To: ", "\r\nReply-To: eve@kwaad.example, "),
            ("\r\nFrom: ", "\r\nFrom: eve@kwaad.example\r\nFrom: "),
            ("\r\nFrom: Samenspel", "\r\nFrom: Samenspul"),
            ("Date: Tue, 14", "Date: Tue, 15"),
            ("uit/x", "uit/y"),
            ("=One-Click", "=Two-Click"),
            ("t=17", "t=16"),
            ("Auto-Submitted: auto-generated\r\n", ""),
            ("\r\nSubject: ", "\r\nSubject: Eerst dit\r\nSubject: "),
            ("boundary=\"", "boundary=\"x"),
        ] {
            broken.push(changed(&good, from, to));
        }
        let extra = [good.as_slice(), b"En nog iets.\r\n"].concat();
        broken.push(extra);
    }
    for (number, (as_it_came, _)) in verify(&broken).into_iter().enumerate() {
        let letter = String::from_utf8_lossy(&broken[number]);
        assert!(!as_it_came, "{number}: still holds:\n{letter}");
    }
}

#[test]
fn both_forms_of_a_key_and_every_attempt_give_the_same_bytes() {
    let (letter, heading) = letters().swap_remove(1);
    for (one, other) in [(RSA, RSA_AGAIN), (ED25519, ED25519)] {
        let signed = [one, other].map(|pem| {
            let signer = Signer::new("samenspel.example", "een", pem).unwrap();
            freeze(&letter, &heading, Some(&signer)).unwrap()
        });
        assert_eq!(signed[0], signed[1]);
        let plain = freeze(&letter, &heading, None).unwrap();
        assert!(signed[0].mime.ends_with(&plain.mime));
        assert_eq!(signed[0].subject, plain.subject);
        let text = str::from_utf8(&signed[0].mime).unwrap();
        // 2026-04-14T11:05:09Z, the time of the letter and not of the clock.
        assert!(text.contains("; t=1776164709;"), "{text}");
        assert!(text.split("\r\n\r\n").next().unwrap().is_ascii());
        assert!(text.split("\r\n").take(20).all(|line| line.len() < 100));
    }
}

#[test]
fn a_key_that_cannot_be_used_says_what_to_do_and_shows_nothing() {
    let refused = |pem: &str| Signer::new("samenspel.example", "een", pem).unwrap_err();
    let truncated = RSA.replace("-----END RSA PRIVATE KEY-----", "");
    let garbled = RSA.replace('A', "B");
    for (pem, remedy) in [
        ("", "openssl genpkey"),
        ("geheim", "openssl genpkey"),
        (
            "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
            "openssl genrsa 2048",
        ),
        (
            "-----BEGIN PRIVATE KEY-----\n!!!\n-----END PRIVATE KEY-----",
            "openssl genpkey",
        ),
        (truncated.as_str(), "openssl genpkey"),
        (garbled.as_str(), "openssl genrsa 2048"),
        (include_str!("keys/public.pem"), "openssl genpkey"),
        (include_str!("keys/locked.pem"), "openssl pkey"),
        (include_str!("keys/small.pem"), "2,048"),
        (include_str!("keys/ecdsa.pem"), "Ed25519"),
    ] {
        let problem = refused(pem).to_string();
        assert!(problem.contains(remedy), "{problem}");
        assert!(problem.starts_with("the DKIM key "), "{problem}");
    }
    for (domain, selector) in [
        ("", "een"),
        ("samenspel example", "een"),
        ("samenspel.example", ""),
        ("samenspel.example", "een; d=kwaad.example"),
        ("samenspel.example", "een\r\nBcc: x"),
        ("samenspel.example", "één"),
        ("-.example", "een"),
    ] {
        let problem = Signer::new(domain, selector, ED25519).unwrap_err();
        assert!(matches!(problem, BadKey::Name), "{domain:?} {selector:?}");
    }
    let shown = format!(
        "{:?}",
        Signer::new("samenspel.example", "een", RSA).unwrap()
    );
    assert_eq!(shown, "Signer(..)");
}

#[test]
fn a_signature_counts_for_its_own_domain_only() {
    let signer = Signer::new("Bücher.example", "een", ED25519).unwrap();
    for (from, counts) in [
        ("post@bücher.example", true),
        ("post@BÜCHER.example", true),
        ("post@xn--bcher-kva.example", true),
        ("post@mail.bücher.example", true),
        ("post@kinderbücher.example", false),
        ("post@samenspel.example", false),
        ("post@bücher.example.kwaad.example", false),
    ] {
        assert_eq!(signer.signs_for(&from.parse().unwrap()), counts, "{from}");
    }
}

#[test]
fn the_record_for_the_dns_is_what_openssl_would_print() {
    let record = Signer::new("samenspel.example", "een", ED25519)
        .unwrap()
        .dns_record();
    assert_eq!(record.name, "een._domainkey.samenspel.example");
    let public = include_str!("keys/public.pem");
    // The bare key is the end of the public key that OpenSSL wrote (RFC 8410 §4): 12 bytes, or 16 letters, stand before.
    let written: String = public
        .lines()
        .filter(|line| line.starts_with("MC"))
        .collect();
    let key = record.value.strip_prefix("v=DKIM1; k=ed25519; p=").unwrap();
    assert!(written.ends_with(key), "{written} {key}");
    let record = Signer::new("samenspel.example", "een", RSA)
        .unwrap()
        .dns_record();
    // A key of 2,048 bits with the exponent 65,537 always starts and ends so.
    let key = record.value.strip_prefix("v=DKIM1; k=rsa; p=").unwrap();
    assert!(
        key.starts_with("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA"),
        "{key}"
    );
    assert!(key.ends_with("QIDAQAB"), "{key}");
}

/// Sends a report with Python's `smtplib`, and a letter to somebody else; says how each was taken.
const SENDER: &str = r#"
import smtplib, sys
report = "From: mailer-daemon@x.example\nSubject: Undeliverable\n\n.\n..\nnot delivered: 550 5.1.1\n"
with smtplib.SMTP("127.0.0.1", int(sys.argv[1]), timeout=30) as relay:
    print(relay.sendmail("", [sys.argv[2]], report))
    try:
        relay.sendmail("", ["ria@heeze.example"], report)
    except smtplib.SMTPRecipientsRefused as refusal:
        print([code for code, _ in refusal.recipients.values()])
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_report_comes_in_through_the_listener_and_is_read() {
    let base: EmailAddress = "bounce@samenspel.example".parse().unwrap();
    let delivery: DeliveryId = "del_019d8b4c5a7070008000000000000001".parse().unwrap();
    let path = return_path(&base, delivery).unwrap();
    let listener = Listener::bind(
        (Ipv4Addr::LOCALHOST, 0).into(),
        base.clone(),
        "samenspel.example",
    );
    let listener = listener.await.unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let (keep, mut kept) = tokio::sync::mpsc::unbounded_channel();
    let take = move |recipient: String, bytes: Vec<u8>| {
        keep.send((recipient, bytes)).unwrap();
        async { Taken::Stored }
    };
    let room = tokio::spawn(listener.serve(take, std::future::pending()));
    let arguments = ["-c", SENDER, &port, path.as_str()].map(str::to_owned);
    let sender = move || Command::new(python()).args(arguments).output().unwrap();
    let output = tokio::task::spawn_blocking(sender).await.unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "{}\n[550]\n",
        "{said}"
    );
    let (recipient, bytes) = kept.recv().await.unwrap();
    room.abort();
    assert_eq!(recipient, path.as_str());
    assert!(bytes.ends_with(b"\r\n\r\n.\r\n..\r\nnot delivered: 550 5.1.1\r\n"));
    let Incoming::Bounce(bounce) = read_incoming(&base, &recipient, &bytes) else {
        panic!("it is a bounce");
    };
    assert_eq!((bounce.delivery, bounce.kind), (delivery, BounceKind::Hard));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_words_give_a_sound_signed_letter(text in "(?s).{0,300}", number: u32) {
        let signer = Signer::new("samenspel.example", "een", ED25519).unwrap();
        let mut heading = heading(&text);
        heading.id = format!("let_{number:032x}").parse::<LetterId>().unwrap();
        let first = freeze(&introduction(&text), &heading, Some(&signer)).unwrap();
        prop_assert_eq!(&first, &freeze(&introduction(&text), &heading, Some(&signer)).unwrap());
        let lines = str::from_utf8(&first.mime).unwrap();
        prop_assert!(lines.starts_with("DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n"));
        prop_assert!(lines.split("\r\n").all(|line| line.len() <= 998 && !line.contains(['\r', '\n'])));
    }
}
