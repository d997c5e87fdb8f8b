//! The bytes of a letter, read back by another library.

use chrono::DateTime;
use domain::email_address::EmailAddress;
use domain::ids::LetterId;
use domain::person_name::DisplayName;
use mail_parser::{Message, MessageParser, MimeHeaders};

use super::sample::{heading, letter_id, letters, letters_saying};
use crate::frozen::{is_sound, wire_address};
use crate::pages;
use crate::{Frozen, Heading, Letter, Unbuildable, freeze};

fn introduction() -> Letter {
    let (_, letter) = letters()
        .into_iter()
        .find(|(name, _)| *name == "introduction")
        .unwrap();
    letter
}

fn read(frozen: &Frozen) -> Message<'_> {
    MessageParser::default().parse(&frozen.mime).unwrap()
}

fn header_names(message: &Message<'_>) -> Vec<String> {
    let mut names: Vec<String> = message
        .headers()
        .iter()
        .map(|header| header.name().to_owned())
        .collect();
    names.sort();
    names
}

fn people(list: Option<&mail_parser::Address<'_>>) -> Vec<(String, String)> {
    list.unwrap()
        .iter()
        .map(|one| {
            let name = one.name().unwrap_or_default().to_owned();
            (name, one.address().unwrap().to_owned())
        })
        .collect()
}

#[test]
fn an_introduction_is_addressed_to_both_and_answered_to_both() {
    let frozen = freeze(&introduction(), &heading(), None).unwrap();
    let message = read(&frozen);
    let both = vec![
        ("Ria de Vries".to_owned(), "ria@heeze.example".to_owned()),
        ("Jan Bakker".to_owned(), "jan@orden.example".to_owned()),
    ];
    assert_eq!(people(message.to()), both);
    assert_eq!(people(message.reply_to()), both);
    assert_eq!(
        people(message.from()),
        [("Samenspel".to_owned(), "post@samenspel.example".to_owned())]
    );
    assert_eq!(
        frozen.message_id,
        "<let_019d8b4c5a7070008000000000000001@samenspel.example>"
    );
    assert_eq!(
        message.message_id(),
        Some("let_019d8b4c5a7070008000000000000001@samenspel.example")
    );
    let thread = Some("let_019d8b4c5a7070008000000000000000@samenspel.example");
    assert_eq!(message.in_reply_to().as_text(), thread);
    assert_eq!(message.references().as_text(), thread);
    assert_eq!(
        message.header_raw("Auto-Submitted").map(str::trim),
        Some("auto-generated")
    );
    assert_eq!(
        message.header_raw("MIME-Version").map(str::trim),
        Some("1.0")
    );
    assert_eq!(message.date().unwrap().to_rfc3339(), "2026-04-14T11:05:09Z");
    assert!(message.header_raw("X-Auto-Response-Suppress").is_none());
}

#[test]
fn every_letter_reads_back_as_it_was_written() {
    for (name, letter) in letters() {
        let frozen = freeze(&letter, &heading(), None).unwrap();
        let message = read(&frozen);
        let pages = pages::write(&letter, &heading().settings_link).unwrap();
        assert_eq!(frozen.subject, pages.subject, "{name}");
        assert_eq!(message.subject(), Some(pages.subject.as_str()), "{name}");
        let text = message.body_text(0).unwrap().replace("\r\n", "\n");
        assert_eq!(text.trim_end(), pages.text.trim_end(), "{name}");
        let html = message.body_html(0).unwrap().replace("\r\n", "\n");
        assert_eq!(html.trim_end(), pages.html.trim_end(), "{name}");
        let kind = message.content_type().unwrap();
        assert_eq!(kind.ctype(), "multipart", "{name}");
        assert_eq!(kind.subtype(), Some("alternative"), "{name}");
        assert_eq!(message.parts.len(), 3, "{name}");
        assert!(is_sound(&frozen.mime), "{name}");
    }
}

#[test]
fn the_same_letter_gives_the_same_bytes() {
    let heading = heading();
    assert_eq!(
        freeze(&introduction(), &heading, None).unwrap(),
        freeze(&introduction(), &heading, None).unwrap()
    );
}

#[test]
fn a_hostile_name_adds_no_header_and_no_panic() {
    let expected = header_names(&read(&freeze(&introduction(), &heading(), None).unwrap()));
    let long = "é".repeat(10_000);
    let long_word = "x".repeat(10_000);
    for hostile in [
        "Eve\r\nBcc: kwaad@voorbeeld.example",
        "Eve\nBcc: kwaad@voorbeeld.example",
        "Eve\rBcc: kwaad@voorbeeld.example\r\n\r\n<h1>",
        "\u{202e}kwaad\u{202c} \u{2066}x\u{2069}\u{200f}",
        "\"Eve\" <kwaad@voorbeeld.example>, \\\"",
        "=?utf-8?b?DQpCY2M6IGt3YWFkQHZvb3JiZWVsZC5leGFtcGxl?=",
        "\u{0}\u{1b}[31m\u{7f}rood",
        "\u{2028}\u{2029}\u{85}\u{b}\u{c}regels",
        "👩‍🌾 Ω ß ﷽ \u{feff}",
        "--=_let_019d8b4c5a7070008000000000000001--",
        ".\r\n.\r\nMAIL FROM:<x@y.example>",
        long.as_str(),
        long_word.as_str(),
    ] {
        let mut heading = heading();
        if let Ok(name) = hostile.parse::<DisplayName>() {
            for (shown, _) in heading.to.iter_mut().chain(&mut heading.reply_to) {
                *shown = name.clone();
            }
        }
        for (name, letter) in letters_saying(hostile) {
            let frozen = freeze(&letter, &heading, None).unwrap();
            let message = read(&frozen);
            let mut names = header_names(&message);
            names.retain(|header| header != "X-Auto-Response-Suppress");
            assert_eq!(names, expected, "{name}: {hostile:?}");
            assert_eq!(people(message.to()).len(), 2, "{name}: {hostile:?}");
            assert_eq!(message.parts.len(), 3, "{name}: {hostile:?}");
            assert!(is_sound(&frozen.mime), "{name}: {hostile:?}");
            assert!(frozen.subject.chars().count() <= 150, "{name}");
        }
    }
}

#[test]
fn a_typed_encoded_word_is_shown_as_typed() {
    let letters = letters_saying("=?utf-8?q?Samenspel?=");
    let (_, letter) = letters
        .into_iter()
        .find(|(name, _)| *name == "verified")
        .unwrap();
    let frozen = freeze(&letter, &heading(), None).unwrap();
    assert!(
        read(&frozen)
            .subject()
            .unwrap()
            .contains("utf-8?q?Samenspel")
    );
}

#[test]
fn a_site_in_unicode_is_written_in_ascii() {
    let mut heading = heading();
    heading.to = vec![(
        "Zoë".parse().unwrap(),
        "zoe@bücher.example".parse().unwrap(),
    )];
    let frozen = freeze(&introduction(), &heading, None).unwrap();
    assert_eq!(
        people(read(&frozen).to()),
        [("Zoë".to_owned(), "zoe@xn--bcher-kva.example".to_owned())]
    );
}

#[test]
fn every_kind_of_good_address_can_be_written_to() {
    for typed in [
        "jan@voorbeeld.nl",
        "Jan.de.Vries+buurt@Voorbeeld.NL",
        "o'neill@mail.example.co.uk",
        "!#$%&'*+-/=?^_`{|}~@voorbeeld.nl",
        "ria@straße.nl",
        "ria@пример.рф",
    ] {
        let address: EmailAddress = typed.parse().unwrap();
        assert!(
            wire_address(&address).unwrap().to_string().is_ascii(),
            "{typed}"
        );
    }
}

#[test]
fn one_click_unsubscribes_and_only_over_tls() {
    let with = |link: &str| {
        let mut heading = heading();
        heading.unsubscribe_link = Some(link.to_owned());
        freeze(&introduction(), &heading, None)
    };
    let lines = |frozen: &Frozen| -> Vec<String> {
        let text = str::from_utf8(&frozen.mime).unwrap();
        let lines = text.split("\r\n").take_while(|line| !line.is_empty());
        let ours = lines.filter(|line| line.starts_with("List-"));
        ours.map(str::to_owned).collect()
    };
    let long = format!("https://samenspel.example/{}", "x".repeat(800));
    for link in ["https://samenspel.example/mail/uit?t=s3t&n=1", &long] {
        assert_eq!(
            lines(&with(link).unwrap()),
            [
                format!("List-Unsubscribe: <{link}>"),
                "List-Unsubscribe-Post: List-Unsubscribe=One-Click".to_owned()
            ]
        );
    }
    let plain = "http://localhost:8080/mail/uit";
    assert_eq!(
        lines(&with(plain).unwrap()),
        [format!("List-Unsubscribe: <{plain}>")]
    );
    for bad in [
        "",
        "mailto:post@samenspel.example",
        "javascript:alert(1)",
        "/mail/uit",
        "https://samenspel.example/a b",
        "https://samenspel.example/>, <https://kwaad.example/",
        "https://samenspel.example/a,b",
        "https://samenspel.example/\r\nBcc: kwaad@voorbeeld.example",
        "https://bücher.example/uit",
        &"https://samenspel.example/".repeat(40),
    ] {
        let refusal = with(bad).unwrap_err();
        assert!(matches!(refusal, Unbuildable::Unsubscribe), "{bad:?}");
    }
}

#[test]
fn what_cannot_be_made_is_refused_with_a_reason() {
    let refused = |change: fn(&mut Heading)| {
        let mut heading = heading();
        change(&mut heading);
        freeze(&introduction(), &heading, None).unwrap_err()
    };
    assert!(matches!(
        refused(|heading| heading.to.clear()),
        Unbuildable::NoRecipient
    ));
    for host in ["", "samenspel.example>\r\nBcc: x", "samen spel"] {
        let mut heading = heading();
        heading.public_host = host.to_owned();
        let refusal = freeze(&introduction(), &heading, None).unwrap_err();
        assert!(matches!(refusal, Unbuildable::Host), "{host:?}");
    }
    // The library that writes dates panics after the year 9999; the request fails, not the process.
    assert!(matches!(
        refused(|heading| heading.written_at = DateTime::<chrono::Utc>::MAX_UTC),
        Unbuildable::Panicked
    ));
    assert!(letter_id() != LetterId::new(DateTime::UNIX_EPOCH));
}

#[test]
fn sound_bytes_have_only_short_ascii_lines_that_end_in_crlf() {
    assert!(is_sound(b"a: b\r\n\r\nc\r\n"));
    let long = [b"x".repeat(999), b"\r\n".to_vec()].concat();
    for unsound in [
        &b""[..],
        b"a: b",
        b"a: b\n",
        b"a\rb\r\n",
        b"a\nb\r\n",
        b"a\r\r\n",
        b"\na\r\n",
        b"a\0b\r\n",
        "é\r\n".as_bytes(),
        b"\xff\r\n",
        &long,
    ] {
        assert!(!is_sound(unsound), "{unsound:?}");
    }
}
