//! A small SMTP server that a mail server on this machine hands returned mail to.
//!
//! It takes mail for the return path and nothing else, sends none on, and has a limit for everything. A message was
//! taken when it was stored: until then the mail server keeps it and tries again.

use std::future::Future;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::email_address::EmailAddress;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::conversation::Conversation;

/// Connections at a time; one more is told to come back.
const MAX_CONNECTIONS: usize = 20;

/// How long to wait when the machine has no connection to give, for lack of file handles.
const REST: Duration = Duration::from_secs(1);

/// Whether a message was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is stored; the sender may forget it.
    Stored,
    /// Not now; the sender keeps it and tries again.
    NotNow,
}

/// How long each step of a conversation may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListenerDeadlines {
    /// Reading one command, or sending the reply to it.
    pub command: Duration,
    /// Reading the whole content of a message.
    pub content: Duration,
    /// Storing a message.
    pub storing: Duration,
    /// The whole connection.
    pub connection: Duration,
}

impl Default for ListenerDeadlines {
    fn default() -> Self {
        Self {
            command: Duration::from_secs(60),
            content: Duration::from_secs(120),
            storing: Duration::from_secs(60),
            connection: Duration::from_secs(600),
        }
    }
}

/// An SMTP listener on this machine for one return path.
#[derive(Debug)]
pub struct Listener {
    socket: TcpListener,
    house: House,
}

/// What all conversations share.
#[derive(Debug, Clone)]
pub(super) struct House {
    pub(super) base: EmailAddress,
    pub(super) host: String,
    pub(super) deadlines: ListenerDeadlines,
}

impl Listener {
    /// Listens on a loopback address; `base` is the return path of the service, and `host` how the listener names
    /// itself: the public host.
    ///
    /// # Errors
    /// The address is taken, or is not a loopback address: who reaches the listener could forge reports.
    pub async fn bind(
        address: SocketAddr,
        base: EmailAddress,
        host: impl Into<String>,
    ) -> io::Result<Self> {
        if !address.ip().is_loopback() {
            let problem = format!(
                "{address} is not an address of this machine only; use 127.0.0.1 or [::1], and let the mail server \
                 here pass returned mail on"
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, problem));
        }
        Ok(Self {
            socket: TcpListener::bind(address).await?,
            house: House {
                base,
                host: host.into(),
                deadlines: ListenerDeadlines::default(),
            },
        })
    }

    /// The same listener with other deadlines.
    #[must_use]
    pub fn with_deadlines(mut self, deadlines: ListenerDeadlines) -> Self {
        self.house.deadlines = deadlines;
        self
    }

    /// Where it listens; the port is chosen by the machine when port 0 was asked for.
    ///
    /// # Errors
    /// The machine does not say.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Takes messages until `stop` is done; what is not stored then is sent again by the sender.
    ///
    /// `take` gets the recipient, an address of the return path without angle brackets, and the bytes of the message, at
    /// most [`crate::MAX_INCOMING`] of them. It may get a message twice, when the sender does not hear that it was
    /// stored.
    pub async fn serve<F, Fut>(self, take: F, stop: impl Future<Output = ()>)
    where
        F: Fn(String, Vec<u8>) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Taken> + Send + 'static,
    {
        let seats = Arc::new(Semaphore::new(MAX_CONNECTIONS));
        let mut conversations = JoinSet::new();
        let mut stop = std::pin::pin!(stop);
        loop {
            let accepted = tokio::select! {
                () = &mut stop => return,
                accepted = self.socket.accept() => accepted,
            };
            while conversations.try_join_next().is_some() {}
            let Ok((stream, _)) = accepted else {
                sleep(REST).await;
                continue;
            };
            let Ok(seat) = Arc::clone(&seats).try_acquire_owned() else {
                turn_away(stream);
                continue;
            };
            let (house, take) = (self.house.clone(), take.clone());
            conversations.spawn(async move {
                let limit = house.deadlines.connection;
                let conversation = Conversation::new(stream, house).hold(&take);
                drop(timeout(limit, conversation).await);
                drop(seat);
            });
        }
    }
}

/// Says so without waiting: the line fits in the buffer of a new connection.
fn turn_away(stream: TcpStream) {
    let said = stream
        .into_std()
        .and_then(|mut stream| stream.write_all(b"421 4.3.2 too many connections\r\n"));
    drop(said);
}
