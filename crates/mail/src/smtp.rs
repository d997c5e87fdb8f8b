//! Hands one letter to one recipient through an SMTP relay, and tells exactly how far it came.
//!
//! It speaks through lettre's single connection, command by command, because what a failure means depends on the
//! phase; with a deadline around each reply, because lettre has none. Dropping anything here closes the connection,
//! so that no later letter can read the reply to an earlier one.

mod lockstep;

use std::fmt::Display;
use std::future::Future;
use std::time::Duration;

use domain::email_address::EmailAddress;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use secrecy::ExposeSecret;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::failure::{Failure, Phase, Verdict, without_addresses};
use crate::frozen::{is_sound, wire_address};
use crate::settings::{Deadlines, Login, Security, SmtpSettings};
use crate::transport::{Parcel, Receipt};
use lockstep::Lockstep;

/// Letters per connection; some relays refuse the hundred-and-first.
const MAX_PER_SESSION: u32 = 90;

/// A relay to open sessions with.
#[derive(Debug, Clone)]
pub struct SmtpRelay {
    settings: SmtpSettings,
    deadlines: Deadlines,
}

impl SmtpRelay {
    /// The relay of these settings, with the usual deadlines.
    pub fn new(settings: SmtpSettings) -> Self {
        Self {
            settings,
            deadlines: Deadlines::default(),
        }
    }

    /// The same relay with other deadlines.
    #[must_use]
    pub fn with_deadlines(mut self, deadlines: Deadlines) -> Self {
        self.deadlines = deadlines;
        self
    }

    /// Connects, greets, protects the connection and logs in, as the settings say.
    ///
    /// # Errors
    /// Always [`Verdict::RelayDown`]: no letter was named yet.
    pub(crate) async fn open_session(&self) -> Result<SmtpSession, Failure> {
        let mut connection = match self.settings.security {
            Security::Plain => self.connect_in_clear().await?,
            Security::StartTls => self.connect_and_upgrade().await?,
            Security::Tls => self.connect_encrypted().await?,
        };
        if let Some(login) = &self.settings.login {
            self.log_in(&mut connection, login).await?;
        }
        Ok(SmtpSession {
            connection,
            deadlines: self.deadlines,
            sent: 0,
        })
    }

    async fn connect_in_clear(&self) -> Result<AsyncSmtpConnection, Failure> {
        let address = (self.settings.host.as_str(), self.settings.port);
        let stream = timeout(self.deadlines.connect, TcpStream::connect(address))
            .await
            .map_err(|_elapsed| silent(Phase::Connect))?
            .and_then(|stream| {
                // The content and its final dot are two small writes; waiting to join them costs 40 ms a letter.
                stream.set_nodelay(true)?;
                Ok(stream)
            })
            .map_err(|error| Failure::new(Phase::Connect, None, &error.to_string()))?;
        timeout(self.deadlines.command, welcome(&stream))
            .await
            .map_err(|_elapsed| silent(Phase::Greeting))??;
        let hello = self.hello();
        let greeted =
            AsyncSmtpConnection::connect_with_transport(Box::new(Lockstep::new(stream)), &hello);
        within(self.deadlines.command, Phase::Hello, greeted).await
    }

    async fn connect_and_upgrade(&self) -> Result<AsyncSmtpConnection, Failure> {
        let mut connection = self.connect_in_clear().await?;
        if !connection.can_starttls() {
            let text = "the relay does not offer STARTTLS";
            return Err(Failure::new(Phase::StartTls, None, text));
        }
        let hello = self.hello();
        let upgraded = connection.starttls(self.tls(Phase::StartTls)?, &hello);
        within(self.deadlines.command, Phase::StartTls, upgraded).await?;
        Ok(connection)
    }

    async fn connect_encrypted(&self) -> Result<AsyncSmtpConnection, Failure> {
        let hello = self.hello();
        let connected = AsyncSmtpConnection::connect_tokio1(
            (self.settings.host.as_str(), self.settings.port),
            Some(self.deadlines.connect),
            &hello,
            Some(self.tls(Phase::Connect)?),
            None,
        );
        let limit = self.deadlines.connect + self.deadlines.command;
        within(limit, Phase::Connect, connected).await
    }

    async fn log_in(
        &self,
        connection: &mut AsyncSmtpConnection,
        login: &Login,
    ) -> Result<(), Failure> {
        let password = login.password.expose_secret().to_owned();
        let credentials = Credentials::new(login.user.clone(), password);
        let asked = connection.auth(&[Mechanism::Plain, Mechanism::Login], &credentials);
        let reply = Reply::of(timeout(self.deadlines.command, asked).await);
        reply.expect(Phase::Login, &[235])
    }

    fn hello(&self) -> ClientId {
        ClientId::Domain(self.settings.hello.clone())
    }

    fn tls(&self, phase: Phase) -> Result<TlsParameters, Failure> {
        let host = &self.settings.host;
        match &self.settings.root {
            Some(root) => root.trusted_for(host),
            None => TlsParameters::new(host.clone()),
        }
        .map_err(|error| Failure::new(phase, None, &error.to_string()))
    }
}

/// A connection ready for a letter: it just opened, or the last letter on it ended in 250.
pub(crate) struct SmtpSession {
    connection: AsyncSmtpConnection,
    deadlines: Deadlines,
    sent: u32,
}

impl SmtpSession {
    /// Whether the next letter needs a new connection.
    pub(crate) fn is_spent(&self) -> bool {
        self.sent >= MAX_PER_SESSION
    }

    /// Names sender and recipient and asks to send; after it the relay waits for the content, of which it has nothing.
    ///
    /// # Errors
    /// Never [`Verdict::Ambiguous`].
    pub(crate) async fn offer(mut self, parcel: &Parcel) -> Result<SmtpReady, Failure> {
        if !is_sound(&parcel.mime) {
            return Err(Failure {
                verdict: Verdict::RefusedMessage,
                ..Failure::new(Phase::Data, None, "the stored bytes are not a message")
            });
        }
        let sender = wire(&parcel.return_path, Phase::Sender)?;
        let recipient = wire(&parcel.recipient, Phase::Recipient)?;
        self.ask(Mail::new(Some(sender), vec![]))
            .await
            .expect(Phase::Sender, &[250])?;
        self.ask(Rcpt::new(recipient, vec![]))
            .await
            .expect(Phase::Recipient, &[250, 251])
            .map_err(|failure| self.blame_the_session(failure))?;
        self.ask(Data).await.expect(Phase::Data, &[354])?;
        Ok(SmtpReady(self))
    }

    /// Says goodbye; the letters are safe whatever the relay answers.
    pub(crate) async fn close(mut self) {
        drop(timeout(self.deadlines.command, self.connection.quit()).await);
    }

    async fn ask(&mut self, command: impl Display) -> Reply {
        Reply::of(timeout(self.deadlines.command, self.connection.command(command)).await)
    }

    /// A relay that takes no more recipients on a used connection (452) says nothing about this recipient.
    fn blame_the_session(&self, failure: Failure) -> Failure {
        if failure.code == Some(452) && self.sent > 0 {
            return Failure {
                verdict: Verdict::RelayDown,
                ..failure
            };
        }
        failure
    }
}

/// The relay said 354 and waits. Dropped, it closes the connection, and the relay has no letter.
pub(crate) struct SmtpReady(SmtpSession);

impl SmtpReady {
    /// Sends the content and waits for the relay's word; only 250 counts.
    ///
    /// # Errors
    /// [`Verdict::Ambiguous`] for anything but a 4xx or 5xx.
    pub(crate) async fn content(self, mime: &[u8]) -> Result<(Receipt, SmtpSession), Failure> {
        let mut session = self.0;
        let sent = session.connection.message(mime);
        let reply = Reply::of(timeout(session.deadlines.content, sent).await);
        let text = without_addresses(&reply.text);
        reply.expect(Phase::Content, &[250])?;
        session.sent += 1;
        Ok((Receipt { text }, session))
    }
}

/// What came back: a reply with its code, or none that can be read.
struct Reply {
    code: Option<u16>,
    text: String,
}

impl Reply {
    fn of(answer: Result<Result<Response, Error>, tokio::time::error::Elapsed>) -> Self {
        match answer {
            Ok(Ok(response)) => Self {
                code: Some(response.code().into()),
                text: response.message().collect::<Vec<_>>().join(" "),
            },
            Ok(Err(error)) => Self {
                code: error.status().map(u16::from),
                text: error.to_string(),
            },
            Err(_elapsed) => Self {
                code: None,
                text: SILENCE.to_owned(),
            },
        }
    }

    fn expect(self, phase: Phase, codes: &[u16]) -> Result<(), Failure> {
        match self.code {
            Some(code) if codes.contains(&code) => Ok(()),
            code => Err(Failure::new(phase, code, &self.text)),
        }
    }
}

const SILENCE: &str = "no answer in time";

fn silent(phase: Phase) -> Failure {
    Failure::new(phase, None, SILENCE)
}

async fn within<T>(
    limit: Duration,
    phase: Phase,
    step: impl Future<Output = Result<T, Error>>,
) -> Result<T, Failure> {
    timeout(limit, step)
        .await
        .map_err(|_elapsed| silent(phase))?
        .map_err(|error| Failure::new(phase, error.status().map(u16::from), &error.to_string()))
}

/// Waits for the first bytes of the greeting without taking them; lettre reads them next, together with EHLO.
async fn welcome(stream: &TcpStream) -> Result<(), Failure> {
    let mut start = [0; 512];
    let length = stream
        .peek(&mut start)
        .await
        .map_err(|error| Failure::new(Phase::Greeting, None, &error.to_string()))?;
    let seen = String::from_utf8_lossy(start.get(..length).unwrap_or_default());
    if seen.starts_with('2') {
        return Ok(());
    }
    let code = seen.get(..3).and_then(|digits| digits.parse().ok());
    Err(Failure::new(Phase::Greeting, code, &seen))
}

fn wire(address: &EmailAddress, phase: Phase) -> Result<lettre::Address, Failure> {
    wire_address(address).map_err(|error| Failure {
        verdict: match phase {
            Phase::Recipient => Verdict::RefusedRecipient,
            _ => Verdict::RefusedMessage,
        },
        ..Failure::new(phase, None, &error.to_string())
    })
}
