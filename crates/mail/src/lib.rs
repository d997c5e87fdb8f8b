//! Turns a letter into an e-mail and hands it to a transport.
//!
//! `app` writes a [`Letter`], has its bytes made once with [`freeze`] in the request that causes it, and stores them;
//! its delivery job hands each stored letter to one recipient at a time through a [`Transport`].

mod dkim;
mod failure;
mod files;
mod frozen;
mod incoming;
mod letters;
mod mailroom;
mod memory;
mod pages;
mod settings;
mod smtp;
mod transport;
mod verp;
mod words;

pub use dkim::{BadKey, DnsRecord, Signer};
pub use failure::{Failure, Phase, Verdict};
pub use files::Folder;
pub use frozen::{Frozen, Heading, Unbuildable, freeze};
pub use incoming::{
    Bounce, BounceKind, Incoming, MAX_INCOMING, Status, read_incoming, recipient_of,
};
pub use letters::{
    AlreadyKnown, Confirmation, Digest, DigestItem, DigestSection, ExpiryReminder, Introduction,
    Invitation, Letter, LoginLink, MemberInvitation, NoIntroduction, NotVerified, OutcomeQuestion,
    Party, ReviewWaiting, Round, Verified,
};
pub use mailroom::{Listener, ListenerDeadlines, Maildir, MaildirMessage, Taken};
pub use memory::MailBox;
pub use settings::{Deadlines, Login, RootCertificate, Security, SmtpSettings};
pub use smtp::SmtpRelay;
pub use transport::{Parcel, Ready, Receipt, Session, Transport};
pub use verp::{delivery_of, return_path};
pub use words::{Line, Passage};

#[cfg(test)]
mod tests;
