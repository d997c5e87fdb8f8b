//! Mail that comes back: letters that could not be delivered, and complaints. It arrives in a Maildir or on a listener
//! of our own, and is done with only after what it says is kept; what comes twice says nothing new.

use domain::letters::SuppressionReason;
use mail::{BounceKind, Incoming, Listener, Maildir, Taken, read_incoming, recipient_of};
use store::{deliveries, suppressions};

use crate::App;
use crate::error::AppError;

impl App {
    /// Listens for returned mail until the program stops, when the settings say so; a Maildir is read with the other
    /// looks.
    pub(super) async fn take_returned_mail(&self) {
        let mail = &self.config().mail;
        let Some(address) = mail.bounces_listener() else {
            return self.stop_asked().await;
        };
        let host = self.config().http.public_host();
        match Listener::bind(address, mail.return_path.clone(), host).await {
            Ok(listener) => {
                let app = self.clone();
                let take = move |recipient: String, raw: Vec<u8>| {
                    let app = app.clone();
                    async move {
                        match app.note_returned(&recipient, &raw).await {
                            Ok(()) => Taken::Stored,
                            Err(error) => {
                                tracing::error!(%error, "returned mail could not be kept");
                                Taken::NotNow
                            }
                        }
                    }
                };
                listener.serve(take, self.stop_asked()).await;
            }
            Err(error) => {
                tracing::error!(%error, "mail.bounces_listen: nobody can listen there");
                self.stop_asked().await;
            }
        }
    }

    /// Reads what waits in the Maildir for returned mail, when there is one; answers how many messages that were.
    pub(super) async fn read_returned_mail(&self) -> Result<usize, AppError> {
        let mail = &self.config().mail;
        if mail.bounces_folder.as_os_str().is_empty() {
            return Ok(0);
        }
        let maildir = Maildir::new(&mail.bounces_folder);
        let mut read = 0;
        loop {
            let waiting = match maildir.waiting().await {
                Ok(waiting) => waiting,
                Err(error) => {
                    tracing::error!(%error, "mail.bounces_folder cannot be read");
                    return Ok(read);
                }
            };
            if waiting.is_empty() {
                return Ok(read);
            }
            for message in waiting {
                let recipient = recipient_of(&mail.return_path, &message.bytes);
                self.note_returned(&recipient.unwrap_or_default(), &message.bytes)
                    .await?;
                if let Err(error) = maildir.done(&message).await {
                    // It would be read again and again.
                    tracing::error!(%error, "mail.bounces_folder cannot be written to");
                    return Ok(read);
                }
                read += 1;
            }
        }
    }

    /// Keeps what a returned message says: its delivery came back, and an address that does not exist or does not want
    /// our mail gets no more.
    async fn note_returned(&self, recipient: &str, raw: &[u8]) -> Result<(), AppError> {
        let now = self.now();
        match read_incoming(&self.config().mail.return_path, recipient, raw) {
            Incoming::Bounce(bounce) => {
                tracing::warn!(delivery_id = %bounce.delivery, kind = ?bounce.kind, "a letter came back");
                self.db()
                    .write(move |conn| {
                        let Some(delivery) =
                            deliveries::bounce(conn, bounce.delivery, &bounce.text)?
                        else {
                            return Ok(());
                        };
                        let is_gone =
                            bounce.kind == BounceKind::Hard && bounce.is_about(&delivery.recipient);
                        if is_gone {
                            let (address, id) = (&delivery.recipient, Some(delivery.id));
                            let reason = SuppressionReason::Bounce;
                            suppressions::add(conn, address, reason, id, now)?;
                        }
                        Ok(())
                    })
                    .await
            }
            Incoming::Complaint { delivery } => {
                tracing::warn!(delivery_id = %delivery, "somebody complained about a letter");
                self.db()
                    .write(move |conn| {
                        let Some(delivery) = deliveries::find_sent(conn, delivery)? else {
                            return Ok(());
                        };
                        let (address, id) = (&delivery.recipient, Some(delivery.id));
                        let reason = SuppressionReason::Complaint;
                        Ok(suppressions::add(conn, address, reason, id, now)?)
                    })
                    .await
            }
            // Absence messages and the like need nothing; we never answer mail.
            Incoming::AutoReply | Incoming::Other => Ok(()),
        }
    }
}
