//! Where letters go: to a relay, to files, or to memory; the delivery job drives all three alike.
//!
//! In two steps, because what a worker knows changes between them. After [`Session::offer`] nothing of the letter has
//! left, so a worker that lost its claim drops the [`Ready`] and no harm is done. From [`Ready::content`] on the
//! letter may have been taken, so the worker first writes down that it goes.

use chrono::{DateTime, Utc};
use domain::email_address::EmailAddress;
use domain::ids::LetterId;
use domain::letters::LetterKind;

use crate::failure::Failure;
use crate::files::Folder;
use crate::memory::MailBox;
use crate::smtp::{SmtpReady, SmtpRelay, SmtpSession};

/// One letter for one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// The letter.
    pub letter: LetterId,
    /// What it is for.
    pub kind: LetterKind,
    /// When it was written.
    pub written_at: DateTime<Utc>,
    /// Whom this copy goes to.
    pub recipient: EmailAddress,
    /// Where the relay sends word when it cannot be delivered after all.
    pub return_path: EmailAddress,
    /// The frozen bytes.
    pub mime: Vec<u8>,
}

/// The letter was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// What the relay said with its 250, often its own id for the letter, without
    /// addresses; or the file that was written.
    pub text: String,
}

/// Where letters go.
#[derive(Debug, Clone)]
pub enum Transport {
    /// To a relay.
    Smtp(SmtpRelay),
    /// To a folder of `.eml` files.
    Files(Folder),
    /// To memory, for tests.
    Memory(MailBox),
}

impl Transport {
    /// Hands over one parcel on a session of its own.
    ///
    /// # Errors
    /// Where and why it failed, and whether the letter may have been taken.
    pub async fn transmit(&self, parcel: &Parcel) -> Result<Receipt, Failure> {
        let ready = self.open_session().await?.offer(parcel).await?;
        let (receipt, session) = ready.content().await?;
        session.close().await;
        Ok(receipt)
    }

    /// Opens a session for parcels, one after the other.
    ///
    /// # Errors
    /// The relay cannot be reached or does not let us in.
    pub async fn open_session(&self) -> Result<Session, Failure> {
        Ok(Session(match self {
            Self::Smtp(relay) => Open::Smtp(Box::new(relay.open_session().await?)),
            Self::Files(folder) => Open::Files(folder.clone()),
            Self::Memory(mailbox) => Open::Memory(mailbox.clone()),
        }))
    }
}

/// A way to hand over parcels, one after the other. A failure uses it up: open another.
pub struct Session(Open);

enum Open {
    Smtp(Box<SmtpSession>),
    Files(Folder),
    Memory(MailBox),
}

impl Session {
    /// Whether it has carried so many letters that the next needs a new session.
    pub fn is_spent(&self) -> bool {
        match &self.0 {
            Open::Smtp(session) => session.is_spent(),
            Open::Files(_) | Open::Memory(_) => false,
        }
    }

    /// Offers a parcel: everything up to its content.
    ///
    /// # Errors
    /// Where and why it failed; the letter was certainly not taken.
    pub async fn offer(self, parcel: &Parcel) -> Result<Ready<'_>, Failure> {
        let waiting = match self.0 {
            Open::Smtp(session) => Waiting::Smtp(Box::new(session.offer(parcel).await?)),
            Open::Files(folder) => Waiting::Files(folder),
            Open::Memory(mailbox) => Waiting::Memory(mailbox),
        };
        Ok(Ready { waiting, parcel })
    }

    /// Ends it politely.
    pub async fn close(self) {
        if let Open::Smtp(session) = self.0 {
            session.close().await;
        }
    }
}

/// The other side waits for the content. Dropped, nothing was sent and the session is closed.
pub struct Ready<'a> {
    waiting: Waiting,
    parcel: &'a Parcel,
}

enum Waiting {
    Smtp(Box<SmtpReady>),
    Files(Folder),
    Memory(MailBox),
}

impl Ready<'_> {
    /// Sends the content; gives the receipt, and the session for the next parcel.
    ///
    /// # Errors
    /// Whether the letter was refused, or may have been taken.
    pub async fn content(self) -> Result<(Receipt, Session), Failure> {
        match self.waiting {
            Waiting::Smtp(ready) => {
                let (receipt, session) = ready.content(&self.parcel.mime).await?;
                Ok((receipt, Session(Open::Smtp(Box::new(session)))))
            }
            Waiting::Files(folder) => {
                let receipt = folder.write(self.parcel).await?;
                Ok((receipt, Session(Open::Files(folder))))
            }
            Waiting::Memory(mailbox) => {
                let receipt = mailbox.keep(self.parcel);
                Ok((receipt, Session(Open::Memory(mailbox))))
            }
        }
    }
}
