//! Failures told in words, as servers did before there were reports, and some still do.

use domain::email_address::EmailAddress;

use super::answer;
use super::parts::Part;
use super::report::{Failure, Found};
use super::verdict::Evidence;
use super::wording::{self, Wording};
use crate::verp::{delivery_of, is_same_site};

/// The most characters of a notice that are read; the rest is the letter that came back.
const MAX_NOTICE: usize = 4_000;

/// Whether a mail server wrote it, and no person: it has an empty return path, or a name that only servers have.
pub(super) fn is_from_a_mailer(message: &Part<'_>) -> bool {
    let from = message.field("From");
    let addresses = wording::addresses(&from);
    let name = addresses
        .first()
        .and_then(|address| address.split('@').next());
    name.is_some_and(|name| {
        [
            "mailer-daemon",
            "mailerdaemon",
            "mail-daemon",
            "postmaster",
            "mailer",
        ]
        .contains(&name)
            || name.starts_with("microsoftexchange")
    }) || from.to_lowercase().contains("mailer-daemon")
        || (is_from_nobody(message) && !answer::is_automatic(message))
}

/// What a notice tells of.
pub(super) fn failure(message: &Part<'_>, base: &EmailAddress) -> Found {
    let notice = words(message);
    let words = Wording::new(&format!("{} . {notice}", message.subject()));
    if words.has(DELAYED) {
        return Found::NoFailure;
    }
    if !words.has(FAILED) {
        return Found::NoReport;
    }
    let evidence = Evidence {
        status: None,
        said: &notice,
    };
    let Some((kind, status)) = evidence.judge() else {
        return Found::NoFailure;
    };
    Found::Failure(Failure {
        kind,
        status,
        recipients: recipients(message, &notice, base),
        text: said_by_the_server(&notice).to_owned(),
    })
}

/// Whether nobody wants an answer to it: its return path is empty.
fn is_from_nobody(message: &Part<'_>) -> bool {
    message.field("Return-Path").trim() == "<>"
}

/// The line of the notice with the code, which says most; else the notice.
pub(super) fn said_by_the_server(notice: &str) -> &str {
    let coded = |line: &&str| wording::reply_code(line).is_some();
    notice.lines().find(coded).unwrap_or(notice)
}

/// The addresses that a header names as failed, else those in the notice; not those of servers and of ourselves.
fn recipients(message: &Part<'_>, notice: &str, base: &EmailAddress) -> Vec<String> {
    let listed = message.field("X-Failed-Recipients");
    let text = if listed.is_empty() { notice } else { &listed };
    let mut named: Vec<String> = wording::addresses(text)
        .into_iter()
        .filter(|address| {
            let (name, site) = address.rsplit_once('@').unwrap_or((address, ""));
            let is_ours = is_same_site(site, base.domain()) && name == base.name().to_lowercase();
            !is_ours
                && delivery_of(base, address).is_none()
                && !["postmaster", "mailer-daemon"].contains(&name)
        })
        .collect();
    named.sort();
    named.dedup();
    named
}

/// What a message says to a person, up to where the letter itself starts.
pub(super) fn words(message: &Part<'_>) -> String {
    let text = message.words();
    let starts = |line: &str| {
        let words = Wording::new(line);
        words.has(&["copy of the message", "message header follows"])
            || words.starts_with(&[
                "dkim signature",
                "het oorspronkelijke bericht",
                "oorspronkelijk bericht",
                "original message",
                "received from",
                "return path",
                "unsent message below",
            ])
    };
    let lines = text.lines().take_while(|line| !starts(line));
    let notice: String = lines.flat_map(|line| [line, "\n"]).collect();
    notice.chars().take(MAX_NOTICE).collect()
}

const FAILED: &[&str] = &[
    "cannot be delivered",
    "could not be delivered",
    "couldn t be delivered",
    "delivery failed",
    "delivery failure",
    "delivery has failed",
    "delivery status notification failure",
    "delivery to the following recipient failed permanently",
    "did not reach",
    "failed permanently",
    "failure notice",
    "kan niet worden bezorgd",
    "kon niet worden afgeleverd",
    "kon niet worden bezorgd",
    "kunnen niet bezorgen",
    "niet afgeleverd",
    "not delivered",
    "onbestelbaar",
    "permanent error",
    "permanent fatal errors",
    "returned mail",
    "unable to deliver",
    "undeliverable",
    "undelivered mail",
    "wasn t able to deliver",
    "wasn t delivered",
];

const DELAYED: &[&str] = &[
    "delivery delayed",
    "delivery incomplete",
    "do not need to resend",
    "has not yet been delivered",
    "is vertraagd",
    "message delayed",
    "message is delayed",
    "nog niet afgeleverd",
    "still being tried",
    "still trying",
    "temporarily deferred",
    "warning message",
    "warning message only",
    "will be retried",
    "will continue to be made",
    "will continue to try",
    "will retry",
];
