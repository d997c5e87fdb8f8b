//! What a relay is told: where in the conversation, when, and what it does instead of answering well.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

/// Where in the conversation the relay is: what it answers, or what it could do unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// Somebody connected: the greeting.
    Connected,
    /// EHLO, or HELO.
    Hello,
    /// The command STARTTLS.
    StartTls,
    /// The handshake of TLS, after STARTTLS or as the very first thing.
    Handshake,
    /// EHLO once more, after STARTTLS.
    HelloAgain,
    /// AUTH.
    Auth,
    /// MAIL FROM.
    Mail,
    /// RCPT TO.
    Rcpt,
    /// DATA, before the content.
    Data,
    /// After the first line of the content.
    Midway,
    /// After the final dot.
    Content,
    /// Right after a letter was taken, before the next command.
    Between,
    /// QUIT.
    Quit,
}

/// What the relay does instead of answering well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Says these lines, split by `\r\n`, and goes on. After the content only a 250 takes the letter.
    Say(String),
    /// Says these bytes, with no line end added, and goes on.
    Bytes(Vec<u8>),
    /// Says these lines and closes the connection, as with 421.
    Close(String),
    /// Says nothing more, and waits until the client goes.
    Hush,
    /// Closes the connection.
    Drop,
    /// Gives the good answer byte by byte, with this pause before each.
    Slowly(Duration),
    /// Says these lines after a pause, whether anybody still listens or not.
    Late(Duration, String),
    /// Begins a good answer that never ends.
    Endless,
    /// Says the first, and then the second again and again, with no line ends added.
    Babble(String, String),
    /// Takes the letter, and then does this instead of saying so; the same as this alone at other moments.
    Accepted(Box<Act>),
}

impl Act {
    /// Says these lines and goes on.
    pub fn say(lines: &str) -> Self {
        Self::Say(lines.to_owned())
    }

    /// Says the first, and then the second again and again.
    pub fn babble(start: &str, again: &str) -> Self {
        Self::Babble(start.to_owned(), again.to_owned())
    }

    /// Takes the letter, and then does this instead of saying so.
    pub fn accepted(then: Self) -> Self {
        Self::Accepted(Box::new(then))
    }
}

/// Which of the visits to a moment a rule is about.
#[derive(Debug, Clone, PartialEq)]
pub enum When {
    /// Each.
    Always,
    /// As many as this, the first ones that no earlier rule is about.
    Times(u32),
    /// Those of a letter to an address with this text in it; known from RCPT on.
    To(String),
    /// Those on this connection, counted from 1.
    Connection(u64),
    /// Those of this letter, counted from 1 by MAIL; before MAIL the letter that comes next.
    Letter(u64),
    /// Each with this probability, 0 to 1, by the seed of the script and the number of the connection.
    Chance(f64),
}

/// One line of a script.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) at: Moment,
    pub(super) when: When,
    pub(super) act: Act,
}

/// How a relay protects its connections.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protection {
    /// Not at all.
    #[default]
    Plain,
    /// Offers STARTTLS, and a login only after it.
    StartTls,
    /// TLS from the first byte.
    Tls,
}

/// How a relay behaves; it answers well where no rule is about a visit.
#[derive(Debug, Clone, Default)]
pub struct Script {
    pub(super) rules: Vec<Rule>,
    pub(super) protection: Protection,
    pub(super) seed: u64,
    pub(super) ack_delay: Option<RangeInclusive<Duration>>,
    pub(super) log: Option<PathBuf>,
    pub(super) port: u16,
    pub(super) contents: Contents,
}

/// Whether a relay keeps what letters say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Contents {
    #[default]
    Forgotten,
    Kept,
}

impl Script {
    /// A relay that answers well, without TLS.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more rule; where two are about one visit, the first counts.
    #[must_use]
    pub fn rule(mut self, at: Moment, when: When, act: Act) -> Self {
        self.rules.push(Rule { at, when, act });
        self
    }

    /// The same relay, protected in this way.
    #[must_use]
    pub fn protection(mut self, protection: Protection) -> Self {
        self.protection = protection;
        self
    }

    /// Where chance begins; the same seed and the same conversations give the same faults and delays.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// How long it waits between taking a letter and saying so: at random within this range, by the seed.
    #[must_use]
    pub fn ack_delay(mut self, range: RangeInclusive<Duration>) -> Self {
        self.ack_delay = Some(range);
        self
    }

    /// A file to which each letter is written when it is taken, before the relay says so; see [`super::read_log`].
    #[must_use]
    pub fn log_to(mut self, file: impl Into<PathBuf>) -> Self {
        self.log = Some(file.into());
        self
    }

    /// The port to listen on, instead of a free one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Keeps every content that came, taken or not, in [`super::Seen::contents`].
    #[must_use]
    pub fn keep_contents(mut self) -> Self {
        self.contents = Contents::Kept;
        self
    }
}
