//! A connection to a relay that holds it to its turn: one reply to each command, of bounded length.
//!
//! lettre keeps what a relay says too much for the next command, also what it said before TLS started, so that one extra
//! reply makes a refused letter look taken; and it reads a line without end into memory until the deadline.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// The most bytes of one reply.
const MAX_REPLY: usize = 16 << 10;

/// The most lines of one reply. lettre reads a reply from its start again after each line, so that its own bound of
/// 100,000 bytes costs minutes when the lines are short.
const MAX_LINES: usize = 100;

/// The most bytes of TLS in one turn of the relay, such as all its certificates.
const MAX_ENCRYPTED: usize = 256 << 10;

/// A connection to a relay.
#[derive(Debug)]
pub(super) struct Lockstep {
    stream: TcpStream,
    words: Words,
    /// Bytes heard in this turn of the relay.
    heard: usize,
}

/// What the bytes are.
#[derive(Debug)]
enum Words {
    /// SMTP that can be read.
    Plain(Reply),
    /// SMTP, and we asked for TLS.
    BeforeTls(Reply),
    /// TLS, which keeps others from adding to it.
    Encrypted,
}

/// How far a reply is (RFC 5321 §4.2.1): its last line has no hyphen after the code.
#[derive(Debug, Default)]
struct Reply {
    lines: usize,
    column: usize,
    goes_on: bool,
    is_whole: bool,
}

impl Lockstep {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            words: Words::Plain(Reply::default()),
            heard: 0,
        }
    }

    fn hear(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.heard = self.heard.saturating_add(bytes.len());
        let (outcome, most) = match &mut self.words {
            Words::Plain(reply) | Words::BeforeTls(reply) => (reply.hear(bytes), MAX_REPLY),
            Words::Encrypted => (Ok(()), MAX_ENCRYPTED),
        };
        if self.heard > most {
            return Err(endless());
        }
        outcome
    }

    /// Starts our turn, if it has not started; nothing more may wait to be read.
    fn take_turn(&mut self, context: &mut Context<'_>, bytes: &[u8]) -> io::Result<()> {
        if self.heard == 0 {
            return Ok(());
        }
        self.heard = 0;
        let asks_for_tls = bytes.starts_with(b"STARTTLS");
        self.words = match self.words {
            Words::Encrypted => return Ok(()),
            Words::BeforeTls(_) => Words::Encrypted,
            Words::Plain(_) if asks_for_tls => Words::BeforeTls(Reply::default()),
            Words::Plain(_) => Words::Plain(Reply::default()),
        };
        let mut waits = [0];
        let mut waiting = ReadBuf::new(&mut waits);
        match self.stream.poll_peek(context, &mut waiting) {
            Poll::Ready(Ok(1..)) => Err(unasked()),
            // A relay that closed or broke off is found when its reply is read.
            _ => Ok(()),
        }
    }
}

impl Reply {
    fn hear(&mut self, bytes: &[u8]) -> io::Result<()> {
        for byte in bytes {
            if self.is_whole {
                return Err(unasked());
            }
            match (byte, self.column) {
                (b'\n', _) => {
                    self.is_whole = !self.goes_on;
                    self.lines += 1;
                    if self.lines > MAX_LINES {
                        return Err(endless());
                    }
                    self.column = 0;
                    self.goes_on = false;
                    continue;
                }
                (b'-', 3) => self.goes_on = true,
                _ => {}
            }
            self.column = self.column.saturating_add(1);
        }
        Ok(())
    }
}

fn endless() -> io::Error {
    io::Error::other("the relay talks without end")
}

fn unasked() -> io::Error {
    io::Error::other("the relay answers what nobody asked")
}

impl AsyncRead for Lockstep {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
        let new = buffer.filled().get(before..).unwrap_or_default();
        Poll::Ready(self.hear(new))
    }
}

impl AsyncWrite for Lockstep {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.take_turn(context, bytes)?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl AsyncTokioStream for Lockstep {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.peer_addr()
    }
}
