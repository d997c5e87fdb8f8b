//! One conversation of a relay with a client, from the greeting until one of them goes.

use std::sync::Arc;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use tokio::net::TcpStream;

use super::Shared;
use super::script::{Act, Moment, Protection, When};

/// A connection, encrypted or not.
trait Wire: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Wire for T {}

/// A conversation; it is over where a step gives nothing.
pub(super) struct Talk {
    shared: Arc<Shared>,
    stream: Option<BufReader<Box<dyn Wire>>>,
    is_encrypted: bool,
    connection: u64,
    letter: u64,
    recipients: Vec<String>,
    named: String,
    chance: StdRng,
}

impl Talk {
    pub(super) fn new(shared: Arc<Shared>, stream: TcpStream) -> Self {
        // An answer is a small write; waiting to join it with the next costs 40 ms.
        stream.set_nodelay(true).ok();
        let (connection, letter) = {
            let mut record = shared.record();
            (record.connected(), record.seen.letters + 1)
        };
        let seed = shared.script.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ connection;
        Self {
            shared,
            stream: Some(BufReader::new(Box::new(stream))),
            is_encrypted: false,
            connection,
            letter,
            recipients: Vec::new(),
            named: String::new(),
            chance: StdRng::seed_from_u64(seed),
        }
    }

    /// Talks until one of the two goes.
    pub(super) async fn run(mut self) {
        self.talk().await;
    }

    async fn talk(&mut self) -> Option<()> {
        if self.shared.script.protection == Protection::Tls {
            self.shake_hands().await?;
        }
        self.answer(Moment::Connected, "220 relay.example ESMTP")
            .await?;
        loop {
            let line = self.line().await?;
            let command = String::from_utf8_lossy(&line).trim_end().to_owned();
            self.shared.record().seen.commands.push(command.clone());
            let verb = command.get(..4).unwrap_or(&command).to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" | "HELO" => self.greet().await?,
                "STAR" => {
                    let said = self.answer(Moment::StartTls, "220 2.0.0 go on").await?;
                    if said.starts_with("220") {
                        self.shake_hands().await?;
                    }
                }
                "AUTH" => drop(self.answer(Moment::Auth, "235 2.7.0 welcome").await?),
                "MAIL" => {
                    self.begin();
                    self.answer(Moment::Mail, "250 2.1.0 ok").await?;
                }
                "RCPT" => self.name(&command).await?,
                "DATA" => self.content().await?,
                "QUIT" => {
                    self.answer(Moment::Quit, "221 2.0.0 bye").await?;
                    return None;
                }
                "RSET" | "NOOP" => self.say("250 2.0.0 ok").await?,
                _ => self.say("502 5.5.1 unknown").await?,
            }
        }
    }

    async fn greet(&mut self) -> Option<()> {
        let offers_tls =
            self.shared.script.protection == Protection::StartTls && !self.is_encrypted;
        let again = self.shared.script.protection == Protection::StartTls && self.is_encrypted;
        let moment = if again {
            Moment::HelloAgain
        } else {
            Moment::Hello
        };
        let last = if offers_tls { "STARTTLS" } else { "AUTH PLAIN" };
        let usual = format!("250-relay.example\r\n250-8BITMIME\r\n250 {last}");
        self.answer(moment, &usual).await.map(drop)
    }

    async fn shake_hands(&mut self) -> Option<()> {
        if let Some(act) = self.planned(Moment::Handshake) {
            // What is said here cannot be good; afterwards nobody can talk any more.
            self.perform(act, "no handshake").await?;
            return self.hush().await;
        }
        let clear = self.stream.take()?.into_inner();
        let encrypted = self.shared.acceptor.accept(clear).await.ok()?;
        self.stream = Some(BufReader::new(Box::new(encrypted)));
        self.is_encrypted = true;
        Some(())
    }

    /// MAIL was said: a letter begins.
    fn begin(&mut self) {
        let mut record = self.shared.record();
        record.seen.letters += 1;
        self.letter = record.seen.letters;
        drop(record);
        self.recipients.clear();
        self.named.clear();
    }

    async fn name(&mut self, command: &str) -> Option<()> {
        let address = command.split_once('<').map_or("", |(_, rest)| rest);
        let address = address.split('>').next().unwrap_or_default();
        address.clone_into(&mut self.named);
        let said = self.answer(Moment::Rcpt, "250 2.1.5 ok").await?;
        if said.starts_with("25") {
            self.recipients.push(self.named.clone());
        }
        Some(())
    }

    async fn content(&mut self) -> Option<()> {
        let usual = if self.recipients.is_empty() {
            "503 5.5.1 for whom?"
        } else {
            "354 go on"
        };
        if !self.answer(Moment::Data, usual).await?.starts_with("354") {
            return Some(());
        }
        let content = self.read_content().await?;
        self.shared.record().heard(&content);
        let planned = self.planned(Moment::Content);
        if planned.as_ref().is_none_or(takes) {
            let mut record = self.shared.record();
            record.take(&content, &self.recipients).ok()?;
        }
        let usual = "250-2.0.0 taken\r\n250 2.0.0 as 4711";
        match planned {
            Some(act) => drop(self.perform(act, usual).await?),
            None => {
                self.wait_before_saying_so().await;
                self.say(usual).await?;
            }
        }
        self.letter = self.shared.record().seen.letters + 1;
        match self.planned(Moment::Between) {
            Some(act) => self.perform(act, "250 2.0.0 and more").await.map(drop),
            None => Some(()),
        }
    }

    /// The content up to the lone dot, with the doubled dots made single again (RFC 5321 §4.5.2).
    async fn read_content(&mut self) -> Option<Vec<u8>> {
        let mut content = Vec::new();
        let mut lines: u64 = 0;
        loop {
            let line = self.line().await?;
            if line == b".\r\n" {
                return Some(content);
            }
            content.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
            lines += 1;
            if lines == 1
                && let Some(act) = self.planned(Moment::Midway)
            {
                // Whoever is answered halfway does not read a second answer: the rest of the letter is not wanted.
                self.perform(act, "250 2.0.0 enough").await?;
                self.hush().await?;
            }
        }
    }

    async fn wait_before_saying_so(&mut self) {
        if let Some(range) = self.shared.script.ack_delay.clone() {
            let wait = self.chance.random_range(range);
            tokio::time::sleep(wait).await;
        }
    }

    /// Answers at a moment: well, or as planned. What was said, or nothing when the conversation is over.
    async fn answer(&mut self, moment: Moment, usual: &str) -> Option<String> {
        match self.planned(moment) {
            Some(act) => self.perform(act, usual).await,
            None => {
                self.say(usual).await?;
                Some(usual.to_owned())
            }
        }
    }

    /// What the first rule about this visit says.
    fn planned(&mut self, moment: Moment) -> Option<Act> {
        let shared = Arc::clone(&self.shared);
        let mut rules = shared.rules();
        rules
            .iter_mut()
            .filter(|rule| rule.at == moment)
            .find_map(|rule| {
                let applies = match &mut rule.when {
                    When::Always => true,
                    When::Times(left) => {
                        let some_left = *left > 0;
                        *left = left.saturating_sub(1);
                        some_left
                    }
                    When::To(text) => self.named.contains(text.as_str()),
                    When::Connection(number) => *number == self.connection,
                    When::Letter(number) => *number == self.letter,
                    When::Chance(probability) => {
                        self.chance.random_bool(probability.clamp(0.0, 1.0))
                    }
                };
                applies.then(|| rule.act.clone())
            })
    }

    async fn perform(&mut self, act: Act, usual: &str) -> Option<String> {
        match act {
            Act::Say(lines) => {
                self.say(&lines).await?;
                Some(lines)
            }
            Act::Bytes(bytes) => {
                self.write(&bytes).await?;
                Some(String::from_utf8_lossy(&bytes).into_owned())
            }
            Act::Close(lines) => {
                self.say(&lines).await?;
                self.stream.take()?.shutdown().await.ok();
                None
            }
            Act::Hush => {
                self.hush().await;
                None
            }
            Act::Drop => None,
            Act::Slowly(pause) => {
                for byte in format!("{usual}\r\n").bytes() {
                    tokio::time::sleep(pause).await;
                    self.write(&[byte]).await?;
                }
                Some(usual.to_owned())
            }
            Act::Late(pause, lines) => {
                tokio::time::sleep(pause).await;
                self.say(&lines).await?;
                Some(lines)
            }
            Act::Endless => {
                let code = usual.get(..3).unwrap_or("250").to_owned();
                // In long lines: the client's library reads all it has again after each, up to 100,000 bytes, and
                // takes half a minute for short ones.
                let line = format!("{code}-{}", "and more ".repeat(90));
                while self.say(&line).await.is_some() {}
                None
            }
            Act::Babble(start, again) => {
                let many = again.repeat(1_000);
                let mut going = self.write(start.as_bytes()).await;
                while going.is_some() {
                    going = self.write(many.as_bytes()).await;
                }
                None
            }
            Act::Accepted(then) => Box::pin(self.perform(*then, usual)).await,
        }
    }

    async fn say(&mut self, lines: &str) -> Option<()> {
        self.write(format!("{lines}\r\n").as_bytes()).await
    }

    async fn write(&mut self, bytes: &[u8]) -> Option<()> {
        let stream = self.stream.as_mut()?;
        stream.write_all(bytes).await.ok()?;
        stream.flush().await.ok()
    }

    /// Waits until the client goes; the conversation is over then.
    async fn hush(&mut self) -> Option<()> {
        let stream = self.stream.as_mut()?;
        let mut ignored = [0; 4096];
        while stream
            .read(&mut ignored)
            .await
            .is_ok_and(|length| length > 0)
        {}
        None
    }

    async fn line(&mut self) -> Option<Vec<u8>> {
        let mut line = Vec::new();
        let stream = self.stream.as_mut()?;
        stream.read_until(b'\n', &mut line).await.ok()?;
        line.ends_with(b"\n").then_some(line)
    }
}

/// Whether the relay has the letter when it does this after the final dot.
fn takes(act: &Act) -> bool {
    match act {
        Act::Say(lines) | Act::Close(lines) | Act::Late(_, lines) => {
            lines.lines().all(|line| line.starts_with("250"))
        }
        Act::Slowly(_) | Act::Accepted(_) => true,
        Act::Bytes(_) | Act::Hush | Act::Drop | Act::Endless | Act::Babble(..) => false,
    }
}
