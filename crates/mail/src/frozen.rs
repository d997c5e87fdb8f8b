//! Freezes a letter: makes its bytes once, in the request that causes it, so that no worker ever has to build one.
//!
//! A retry sends the same bytes with the same Message-ID, and what a person typed can fail only their own request.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use domain::email_address::EmailAddress;
use domain::ids::LetterId;
use domain::letters::LetterKind;
use domain::person_name::DisplayName;
use lettre::address::AddressError;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder, MultiPart, MultiPartKind, SinglePart};
use lettre::{Address, Message};
use thiserror::Error;

use crate::dkim::Signer;
use crate::letters::Letter;
use crate::pages::{self, Pages};

/// The longest line a message may have, without its CRLF (RFC 5322 §2.1.1).
const MAX_LINE: usize = 998;

/// The longest link that fits on the line of its header.
const MAX_LINK: usize = 900;

/// What stands over a letter, beside its own words.
#[derive(Debug, Clone, PartialEq)]
pub struct Heading {
    /// The letter's id; its Message-ID is made of it and `public_host`.
    pub id: LetterId,
    /// Who writes: the service.
    pub from_name: DisplayName,
    /// The service's address.
    pub from_address: EmailAddress,
    /// Whom it is to; at least one. The transport gets one recipient at a time.
    pub to: Vec<(DisplayName, EmailAddress)>,
    /// Whom an answer goes to; empty: the service.
    pub reply_to: Vec<(DisplayName, EmailAddress)>,
    /// The Date of the letter.
    pub written_at: DateTime<Utc>,
    /// The letter it belongs under, such as the invitation of a reminder.
    pub thread: Option<LetterId>,
    /// The name of the service on the internet, such as `samenspel.nl`; the right side of each Message-ID.
    pub public_host: String,
    /// The page on which the reader chooses their mail.
    pub settings_link: String,
    /// The address that ends this kind of mail for the reader on one POST, without a page (RFC 8058); a whole `https` or
    /// `http` link in ASCII.
    pub unsubscribe_link: Option<String>,
}

/// A letter as it goes over the wire, the same at each attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// `<let_…@host>`.
    pub message_id: String,
    /// The subject, decoded.
    pub subject: String,
    /// Headers and body: ASCII, lines of at most 998 characters that end in CRLF.
    pub mime: Vec<u8>,
}

/// Why a letter cannot be made; a fault in what it was made from, so trying again does not help.
#[derive(Debug, Error)]
pub enum Unbuildable {
    /// Nobody to send it to.
    #[error("the letter has no recipient")]
    NoRecipient,
    /// The host is not a plain host name.
    #[error("the public host is not a host name")]
    Host,
    /// An address cannot be written in a message; named by its masked form.
    #[error("the address {masked} cannot be used in a message")]
    Address {
        /// The address, masked.
        masked: String,
        /// What is wrong with it.
        source: AddressError,
    },
    /// The link to unsubscribe is not a link that can stand in a header.
    #[error("the link to unsubscribe is not a whole web address in ASCII")]
    Unsubscribe,
    /// The template failed.
    #[error("the letter cannot be put into words")]
    Words(#[from] askama::Error),
    /// The message could not be put together.
    #[error("the message cannot be put together")]
    Message(#[from] lettre::error::Error),
    /// The bytes are not a message every relay reads alike.
    #[error("the message has a bare line break, a line that is too long, or bytes outside ASCII")]
    Bytes,
    /// No signature could be made; the machine gives no random numbers.
    #[error("the letter cannot be signed")]
    Unsigned,
    /// A library panicked on what it was given.
    #[error("making the message panicked")]
    Panicked,
}

/// Makes the bytes of a letter: subject, text and HTML from its templates, headers from `heading`.
///
/// With a signer they are signed, as of `written_at`. The same letter, heading and key give the same bytes.
///
/// # Errors
/// [`Unbuildable`], whatever names and texts contain; it never panics.
pub fn freeze(
    letter: &Letter,
    heading: &Heading,
    signer: Option<&Signer>,
) -> Result<Frozen, Unbuildable> {
    catch_unwind(AssertUnwindSafe(|| build(letter, heading, signer)))
        .unwrap_or_else(|_panic| Err(Unbuildable::Panicked))
}

fn build(
    letter: &Letter,
    heading: &Heading,
    signer: Option<&Signer>,
) -> Result<Frozen, Unbuildable> {
    if heading.to.is_empty() {
        return Err(Unbuildable::NoRecipient);
    }
    if !is_host(&heading.public_host) {
        return Err(Unbuildable::Host);
    }
    let Pages {
        subject,
        text,
        html,
    } = pages::write(letter, &heading.settings_link)?;
    let alternatives = MultiPart::builder()
        .kind(MultiPartKind::Alternative)
        .boundary(boundary(heading.id))
        .singlepart(part(ContentType::TEXT_PLAIN, text))
        .singlepart(part(ContentType::TEXT_HTML, html));
    let message = headers(letter, heading)?
        .subject(plain_words(&subject))
        .multipart(alternatives)?;
    let mime = signed(message.formatted(), heading, signer)?;
    if !is_sound(&mime) {
        return Err(Unbuildable::Bytes);
    }
    Ok(Frozen {
        message_id: message_id(heading.id, &heading.public_host),
        subject,
        mime,
    })
}

fn signed(
    mime: Vec<u8>,
    heading: &Heading,
    signer: Option<&Signer>,
) -> Result<Vec<u8>, Unbuildable> {
    let Some(signer) = signer else {
        return Ok(mime);
    };
    let mime = String::from_utf8(mime).map_err(|_not_ascii| Unbuildable::Bytes)?;
    signer
        .sign(&mime, heading.written_at)
        .map_err(|_no_reason_given| Unbuildable::Unsigned)
}

fn headers(letter: &Letter, heading: &Heading) -> Result<MessageBuilder, Unbuildable> {
    let mut message = Message::builder()
        .message_id(Some(message_id(heading.id, &heading.public_host)))
        .date(SystemTime::from(heading.written_at))
        .from(mailbox(&heading.from_name, &heading.from_address)?)
        .raw_header(ours("Auto-Submitted", "auto-generated"));
    if letter.kind() != LetterKind::Introduction {
        // Exchange would answer a notice with an absence message; in an introduction that answer helps the other side.
        message = message.raw_header(ours("X-Auto-Response-Suppress", "All"));
    }
    for (name, address) in &heading.to {
        message = message.to(mailbox(name, address)?);
    }
    for (name, address) in &heading.reply_to {
        message = message.reply_to(mailbox(name, address)?);
    }
    if let Some(first) = heading.thread {
        let id = message_id(first, &heading.public_host);
        message = message.in_reply_to(id.clone()).references(id);
    }
    match &heading.unsubscribe_link {
        Some(link) => unsubscription(message, link),
        None => Ok(message),
    }
}

/// `List-Unsubscribe` (RFC 2369) and, as it asks for TLS, with an `https` link the header for one click (RFC 8058 §3.1).
fn unsubscription(message: MessageBuilder, link: &str) -> Result<MessageBuilder, Unbuildable> {
    let is_sound = link.len() <= MAX_LINK
        && link
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"<>,".contains(&byte));
    if !is_sound || !(link.starts_with("https://") || link.starts_with("http://")) {
        return Err(Unbuildable::Unsubscribe);
    }
    let message = message.raw_header(ours("List-Unsubscribe", &format!("<{link}>")));
    if link.starts_with("http://") {
        return Ok(message);
    }
    Ok(message.raw_header(ours("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")))
}

/// The id of a letter as mail programs see it (RFC 5322 §3.6.4).
fn message_id(letter: LetterId, host: &str) -> String {
    format!("<{letter}@{host}>")
}

/// Quoted-printable whatever the words, so that no text can hold the boundary or a line that is too long.
fn part(kind: ContentType, words: String) -> SinglePart {
    SinglePart::builder()
        .header(kind)
        .header(ContentTransferEncoding::QuotedPrintable)
        .body(words)
}

/// Divides the text from the HTML; `=_` never occurs in quoted-printable (RFC 2045 §6.7).
fn boundary(letter: LetterId) -> String {
    format!("=_{letter}")
}

fn ours(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn mailbox(name: &DisplayName, address: &EmailAddress) -> Result<Mailbox, Unbuildable> {
    let email = wire_address(address).map_err(|source| Unbuildable::Address {
        masked: address.masked(),
        source,
    })?;
    Ok(Mailbox::new(Some(plain_words(name.as_str())), email))
}

/// The address as it goes over the wire: the site in ASCII (RFC 5891), so that every relay takes it.
pub(crate) fn wire_address(address: &EmailAddress) -> Result<Address, AddressError> {
    let domain = idna::domain_to_ascii(address.domain())
        .map_err(|_not_a_domain| AddressError::InvalidDomain)?;
    Address::new(address.name(), domain)
}

/// Keeps typed words from being read as an encoded word (RFC 2047 §2), which could hide anything.
fn plain_words(text: &str) -> String {
    text.replace("=?", "= ?")
}

fn is_host(host: &str) -> bool {
    !host.is_empty()
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-')
}

/// Whether every relay reads the same message in these bytes: ASCII without NUL, short lines, CR and LF only as a pair.
pub(crate) fn is_sound(mime: &[u8]) -> bool {
    str::from_utf8(mime)
        .ok()
        .filter(|text| text.is_ascii())
        .and_then(|text| text.strip_suffix("\r\n"))
        .is_some_and(|text| {
            text.split("\r\n")
                .all(|line| line.len() <= MAX_LINE && !line.contains(['\r', '\n', '\0']))
        })
}
