//! Writes letters into the outbox, in the same transaction as the fact that causes them.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::ids::LetterId;
use domain::letters::{LetterKind, StoredLetter};
use domain::links::LinkPurpose;
use domain::matches::Side;
use domain::members::Member;
use mail::{Heading, Letter, Signer};
use store::Conn;

use crate::App;
use crate::config::Config;
use crate::error::AppError;
use crate::links::{self, Purpose};

/// Where letters are written: knows the sender, the public address and the time.
#[derive(Clone)]
pub(crate) struct Desk {
    config: Arc<Config>,
    signer: Option<Signer>,
    pub(crate) now: DateTime<Utc>,
}

impl App {
    pub(crate) fn desk(&self) -> Desk {
        Desk {
            config: Arc::clone(&self.0.config),
            signer: self.0.signer.clone(),
            now: self.now(),
        }
    }
}

impl Desk {
    /// The settings letters and matches are made with.
    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// A whole link for a letter.
    pub(crate) fn link(&self, conn: &mut Conn, purpose: Purpose<'_>) -> Result<String, AppError> {
        Ok(self.address(&links::make(conn, purpose, self.now)?))
    }

    /// The whole address of a page.
    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.config.http.public_url)
    }

    /// Freezes a letter and stores it with a delivery for each reader; an introduction's answers reach both.
    pub(crate) fn send(
        &self,
        conn: &mut Conn,
        letter: &Letter,
        about: &str,
        readers: &[&Member],
    ) -> Result<(), AppError> {
        let kind = letter.kind();
        let to: Vec<_> = readers
            .iter()
            .map(|reader| (reader.name.clone(), reader.email.clone()))
            .collect();
        let settings_link = self.settings_link(conn, readers)?;
        let heading = Heading {
            id: LetterId::new(self.now),
            from_name: self.config.mail.from_name.clone(),
            from_address: self.config.mail.from_address.clone(),
            reply_to: if kind == LetterKind::Introduction {
                to.clone()
            } else {
                Vec::new()
            },
            to,
            written_at: self.now,
            thread: self.thread(conn, kind, about)?,
            public_host: self.config.http.public_host().to_owned(),
            unsubscribe_link: self.unsubscribe_link(letter, &settings_link),
            settings_link,
        };
        let frozen = mail::freeze(letter, &heading, self.signer.as_ref())?;
        let stored = StoredLetter {
            id: heading.id,
            kind,
            about: about.to_owned(),
            subject: frozen.subject,
            mime: frozen.mime,
            not_after: self.not_after(kind),
            created_at: self.now,
        };
        let recipients: Vec<_> = readers.iter().map(|reader| reader.email.clone()).collect();
        Ok(store::letters::enqueue(conn, &stored, &recipients)?)
    }

    /// A reminder and a farewell stand under the invitation they answer to.
    fn thread(
        &self,
        conn: &mut Conn,
        kind: LetterKind,
        about: &str,
    ) -> Result<Option<LetterId>, AppError> {
        match kind {
            LetterKind::InvitationReminder | LetterKind::NoIntroduction => Ok(
                store::letters::first_about(conn, about, LetterKind::Invitation)?,
            ),
            _ => Ok(None),
        }
    }

    /// One reader gets their own page; a letter to several cannot hold a link that acts for one of them.
    fn settings_link(&self, conn: &mut Conn, readers: &[&Member]) -> Result<String, AppError> {
        match readers {
            [reader] => self.link(
                conn,
                Purpose {
                    purpose: LinkPurpose::Settings,
                    member: reader,
                    subject: reader.id.to_string(),
                    side: None,
                },
            ),
            _ => Ok(self.address(links::page_path(LinkPurpose::Settings))),
        }
    }

    /// Reminders and digests can be ended with one click (RFC 8058): for reminders, the page for that takes the token of
    /// the settings page.
    fn unsubscribe_link(&self, letter: &Letter, settings_link: &str) -> Option<String> {
        if let Letter::Digest(digest) = letter {
            return Some(digest.unsubscribe_link.clone());
        }
        let settings = self.address(links::page_path(LinkPurpose::Settings));
        let token = settings_link.strip_prefix(&settings)?;
        (letter.kind() == LetterKind::ExpiryReminder)
            .then(|| format!("{}{token}", self.address(links::UNSUBSCRIBE_PATH)))
    }

    /// A letter that comes after the link in it ended is of no use.
    fn not_after(&self, kind: LetterKind) -> Option<DateTime<Utc>> {
        let purpose = match kind {
            LetterKind::Confirmation | LetterKind::MemberInvitation => LinkPurpose::Confirm,
            LetterKind::LoginLink => LinkPurpose::Login,
            LetterKind::Invitation | LetterKind::InvitationReminder => LinkPurpose::Consent,
            _ => return None,
        };
        Some(self.now + purpose.lifetime())
    }
}

/// What a letter to one side of a match is about: the match and the side, so that each side has its own thread.
pub(crate) fn about_side(id: domain::ids::MatchId, side: Side) -> String {
    format!("{id}:{side}")
}

/// The match and side of [`about_side`].
pub(crate) fn side_of(about: &str) -> Option<(domain::ids::MatchId, Side)> {
    let (id, side) = about.split_once(':')?;
    Some((id.parse().ok()?, side.parse().ok()?))
}
