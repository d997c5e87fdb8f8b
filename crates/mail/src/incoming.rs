//! Reads mail that comes back to the return path and says what it is; `app` acts on it, and nobody is ever answered.
//!
//! Anyone can send anything to a return path, so nothing counts but a report at the address of one delivery, whose
//! token only those know who had the letter; and a report that is not clear counts as the mildest it may be.

mod answer;
mod notice;
mod parts;
mod report;
mod verdict;
mod wording;

use std::panic::{AssertUnwindSafe, catch_unwind};

use domain::email_address::EmailAddress;
use domain::ids::DeliveryId;

pub use verdict::{BounceKind, Status};

use crate::verp::{delivery_of, is_same_site};
use parts::Part;
use report::Found;

/// The longest message that is read, in bytes; a report needs a few thousand.
pub const MAX_INCOMING: usize = 1 << 20;

/// What came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Incoming {
    /// A delivery failed after the relay had taken the letter.
    Bounce(Bounce),
    /// Somebody marked the letter as unwanted (RFC 5965).
    Complaint {
        /// The delivery they complain about.
        delivery: DeliveryId,
    },
    /// A program answered: absence, receipt, confirmation. Nothing to do.
    AutoReply,
    /// Anything else, such as what a person wrote, a notice of delay, or a report that is not about a delivery of ours.
    Other,
}

/// A delivery that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// The delivery whose return path it came to.
    pub delivery: DeliveryId,
    /// What it means for the address.
    pub kind: BounceKind,
    /// The status, when the report has one.
    pub status: Option<Status>,
    /// The addresses that the report says failed, in lower case; at most ten. See [`Bounce::is_about`].
    pub recipients: Vec<String>,
    /// The reason in the words of the other side, on one line of at most 500 characters, without addresses.
    pub text: String,
}

impl Bounce {
    /// Whether it is this address that failed, as far as the report says: it names this one, or none at all.
    ///
    /// A report about another address, such as where somebody forwards their mail to, is no reason to stop writing to
    /// this one.
    pub fn is_about(&self, recipient: &EmailAddress) -> bool {
        self.recipients.is_empty()
            || self.recipients.iter().any(|named| {
                named.rsplit_once('@').is_some_and(|(name, site)| {
                    name.eq_ignore_ascii_case(recipient.name())
                        && is_same_site(site, recipient.domain())
                })
            })
    }
}

/// Says what a message is; `recipient` is the envelope's, without angle brackets, and `base` the service's return path.
///
/// Never panics, whatever the bytes, and takes time in proportion to their number; a message of more than
/// [`MAX_INCOMING`] bytes is [`Incoming::Other`].
pub fn read_incoming(base: &EmailAddress, recipient: &str, raw: &[u8]) -> Incoming {
    if raw.len() > MAX_INCOMING {
        return Incoming::Other;
    }
    catch_unwind(AssertUnwindSafe(|| read(base, recipient, raw))).unwrap_or(Incoming::Other)
}

/// The envelope's recipient of a message from a mailbox: the first address of `base` that the mail servers wrote on top
/// of it, else one that it is addressed to.
pub fn recipient_of(base: &EmailAddress, raw: &[u8]) -> Option<String> {
    const WRITTEN_BY_SERVERS: [&str; 5] = [
        "X-Original-To",
        "Delivered-To",
        "Envelope-To",
        "X-Envelope-To",
        "X-Delivered-To",
    ];
    let message = catch_unwind(|| {
        let message = Part::new(raw);
        let named = |names: &[&str]| {
            names
                .iter()
                .flat_map(|name| message.all(name))
                .flat_map(|value| wording::addresses(&value))
                .find(|address| delivery_of(base, address).is_some())
        };
        named(&WRITTEN_BY_SERVERS).or_else(|| named(&["To", "Cc"]))
    });
    message.unwrap_or_default()
}

fn read(base: &EmailAddress, recipient: &str, raw: &[u8]) -> Incoming {
    let message = Part::new(raw);
    let delivery = delivery_of(base, recipient);
    if let Some(sent_with) = report::complaint(&message) {
        // Complaints go to an address that was told to the provider, so the return path is quoted in the report.
        let quoted = || {
            let quoted = wording::addresses(&sent_with);
            quoted.iter().find_map(|from| delivery_of(base, from))
        };
        let is_ours = base.key() == recipient.to_lowercase();
        let about = delivery.or_else(|| is_ours.then(quoted).flatten());
        return about.map_or(Incoming::Other, |delivery| Incoming::Complaint { delivery });
    }
    if report::is_about_reading(&message) {
        return Incoming::AutoReply;
    }
    let found = match report::failure(&message) {
        Found::NoReport if notice::is_from_a_mailer(&message) => notice::failure(&message, base),
        found => found,
    };
    match (found, delivery) {
        (Found::Failure(failure), Some(delivery)) => Incoming::Bounce(failure.of(delivery)),
        (Found::Failure(_), None) | (Found::NoFailure, _) => Incoming::Other,
        (Found::NoReport, _) if answer::is_automatic(&message) => Incoming::AutoReply,
        (Found::NoReport, _) => Incoming::Other,
    }
}
