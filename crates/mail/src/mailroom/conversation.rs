//! One connection of the listener: reads commands, answers them, and hands over what was sent (RFC 5321).

use std::future::Future;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::listener::{House, Taken};
use crate::incoming::MAX_INCOMING;
use crate::verp::delivery_of;

/// The longest line, with its CRLF (RFC 5321 §4.5.3.1.6).
const MAX_LINE: u64 = 1_000;

/// Commands that cannot be followed, before the connection ends.
const MAX_MISTAKES: u32 = 10;

/// How much is read, and how long, of what a sender still sends after the last reply, so that the reply arrives.
const LAST_WORDS: (u64, Duration) = (8 << 20, Duration::from_secs(5));

/// A sender at the other end.
pub(super) struct Conversation {
    stream: BufReader<TcpStream>,
    house: House,
    stage: Stage,
    mistakes: u32,
}

/// How far the sender is; each stage allows the next command only.
enum Stage {
    Connected,
    Greeted,
    Sender,
    Recipient(String),
}

/// Why a connection ends.
enum End {
    /// With this reply.
    Reply(&'static str),
    /// The sender went.
    Gone,
}

impl Conversation {
    pub(super) fn new(stream: TcpStream, house: House) -> Self {
        Self {
            stream: BufReader::new(stream),
            house,
            stage: Stage::Connected,
            mistakes: 0,
        }
    }

    /// Talks until the sender goes or has to.
    pub(super) async fn hold<F, Fut>(mut self, take: &F)
    where
        F: Fn(String, Vec<u8>) -> Fut,
        Fut: Future<Output = Taken>,
    {
        if let Err(End::Reply(last)) = self.talk(take).await
            && self.say(last).await.is_ok()
            && self.stream.shutdown().await.is_ok()
        {
            let (bytes, limit) = LAST_WORDS;
            let mut nowhere = tokio::io::sink();
            let mut rest = self.stream.take(bytes);
            drop(timeout(limit, tokio::io::copy(&mut rest, &mut nowhere)).await);
        }
    }

    async fn talk<F, Fut>(&mut self, take: &F) -> Result<(), End>
    where
        F: Fn(String, Vec<u8>) -> Fut,
        Fut: Future<Output = Taken>,
    {
        let greeting = format!("220 {} ESMTP", self.house.host);
        self.say(&greeting).await?;
        loop {
            let line = self.command().await?;
            let verb = line.split(' ').next().unwrap_or_default();
            let reply = match verb.to_ascii_uppercase().as_str() {
                "EHLO" => self.greet_back().await?,
                "HELO" => self.greeted(),
                "MAIL" => self.sender(&line),
                "RCPT" => self.recipient(&line),
                "DATA" if line.len() == verb.len() => self.data(take).await?,
                "RSET" => self.start_over(),
                "NOOP" => "250 2.0.0 ok",
                "VRFY" => "252 2.5.0 send, and see",
                "QUIT" => return Err(End::Reply("221 2.0.0 bye")),
                _ => "502 5.5.1 no such command here",
            };
            if reply.starts_with('5') {
                self.mistakes += 1;
            }
            if self.mistakes >= MAX_MISTAKES {
                return Err(End::Reply("421 4.7.0 too many mistakes"));
            }
            self.say(reply).await?;
        }
    }

    async fn greet_back(&mut self) -> Result<&'static str, End> {
        let host = &self.house.host;
        let offers = format!("250-{host}\r\n250-PIPELINING\r\n250-SIZE {MAX_INCOMING}");
        self.say(&offers).await?;
        self.stage = Stage::Greeted;
        Ok("250 8BITMIME")
    }

    fn greeted(&mut self) -> &'static str {
        self.stage = Stage::Greeted;
        "250 2.0.0 hello"
    }

    fn start_over(&mut self) -> &'static str {
        if !matches!(self.stage, Stage::Connected) {
            self.stage = Stage::Greeted;
        }
        "250 2.0.0 ok"
    }

    fn sender(&mut self, line: &str) -> &'static str {
        if !matches!(self.stage, Stage::Greeted) {
            return OUT_OF_ORDER;
        }
        let Some((_, parameters)) = path(line, "MAIL FROM:") else {
            return MALFORMED;
        };
        for parameter in parameters.split_ascii_whitespace() {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            match name.to_ascii_uppercase().as_str() {
                "SIZE"
                    if value
                        .parse::<usize>()
                        .is_ok_and(|size| size <= MAX_INCOMING) => {}
                "SIZE" => return TOO_LARGE,
                "BODY" => {}
                _ => return UNKNOWN_PARAMETER,
            }
        }
        self.stage = Stage::Sender;
        "250 2.1.0 ok"
    }

    /// One recipient a message: a report is to one, and so each is stored or not on its own.
    fn recipient(&mut self, line: &str) -> &'static str {
        match self.stage {
            Stage::Sender => {}
            Stage::Recipient(_) => return "452 4.5.3 one recipient at a time",
            Stage::Connected | Stage::Greeted => return OUT_OF_ORDER,
        }
        let Some((address, parameters)) = path(line, "RCPT TO:") else {
            return MALFORMED;
        };
        if !parameters.trim().is_empty() {
            return UNKNOWN_PARAMETER;
        }
        let base = &self.house.base;
        if delivery_of(base, address).is_none() && base.key() != address.to_lowercase() {
            return "550 5.1.1 only returned mail is taken here";
        }
        self.stage = Stage::Recipient(address.to_owned());
        "250 2.1.5 ok"
    }

    async fn data<F, Fut>(&mut self, take: &F) -> Result<&'static str, End>
    where
        F: Fn(String, Vec<u8>) -> Fut,
        Fut: Future<Output = Taken>,
    {
        let Stage::Recipient(recipient) = &self.stage else {
            return Ok(OUT_OF_ORDER);
        };
        let recipient = recipient.clone();
        self.say("354 go on, and end with a dot").await?;
        let content = timeout(self.house.deadlines.content, self.content())
            .await
            .map_err(|_elapsed| End::Reply(TOO_SLOW))??;
        self.stage = Stage::Greeted;
        match timeout(self.house.deadlines.storing, take(recipient, content)).await {
            Ok(Taken::Stored) => Ok("250 2.0.0 stored"),
            Ok(Taken::NotNow) | Err(_) => Ok("451 4.3.0 not stored, try again later"),
        }
    }

    /// The content up to the lone dot, with the doubled dots made single again (RFC 5321 §4.5.2).
    async fn content(&mut self) -> Result<Vec<u8>, End> {
        let mut content = Vec::new();
        loop {
            let line = self.line().await?;
            if line == b".\r\n" {
                return Ok(content);
            }
            content.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
            if content.len() > MAX_INCOMING {
                return Err(End::Reply(TOO_LARGE));
            }
        }
    }

    async fn command(&mut self) -> Result<String, End> {
        let line = timeout(self.house.deadlines.command, self.line())
            .await
            .map_err(|_elapsed| End::Reply(TOO_SLOW))??;
        let line = String::from_utf8(line).map_err(|_not_text| End::Reply(MALFORMED))?;
        Ok(line.trim_end().to_owned())
    }

    /// A line with its CRLF. A CR or LF on its own ends the connection: where servers disagree on where a line ends, one
    /// message can hide another in it.
    async fn line(&mut self) -> Result<Vec<u8>, End> {
        let mut line = Vec::new();
        let mut bounded = (&mut self.stream).take(MAX_LINE);
        let length = bounded.read_until(b'\n', &mut line).await;
        if length.is_err() || (!line.ends_with(b"\n") && bounded.limit() > 0) {
            return Err(End::Gone);
        }
        let Some(text) = line.strip_suffix(b"\n") else {
            return Err(End::Reply("500 5.5.2 the line is too long"));
        };
        match text.strip_suffix(b"\r") {
            Some(text) if !text.contains(&b'\r') => Ok(line),
            _ => Err(End::Reply("521 5.5.2 lines end in CR LF")),
        }
    }

    async fn say(&mut self, reply: &str) -> Result<(), End> {
        let line = format!("{reply}\r\n");
        let said = self.stream.write_all(line.as_bytes());
        match timeout(self.house.deadlines.command, said).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(End::Gone),
        }
    }
}

/// The address between angle brackets after the start of a command, and what follows.
fn path<'a>(line: &'a str, start: &str) -> Option<(&'a str, &'a str)> {
    let (found, rest) = line.split_at_checked(start.len())?;
    if !found.eq_ignore_ascii_case(start) {
        return None;
    }
    let (address, parameters) = rest.trim_start().strip_prefix('<')?.split_once('>')?;
    let is_apart = parameters.is_empty() || parameters.starts_with(' ');
    is_apart.then_some((address, parameters))
}

const MALFORMED: &str = "501 5.5.4 that is not understood";
const OUT_OF_ORDER: &str = "503 5.5.1 that comes later or came already";
const TOO_LARGE: &str = "552 5.3.4 the message is too large";
const TOO_SLOW: &str = "421 4.4.2 too slow";
const UNKNOWN_PARAMETER: &str = "555 5.5.4 there is no such parameter here";
