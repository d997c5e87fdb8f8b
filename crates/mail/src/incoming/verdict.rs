//! What a failure means for the address it is about.

use std::fmt;

use super::wording::{Wording, reply_code};

/// What a bounce means for the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BounceKind {
    /// It failed this time; the address may be good.
    Soft,
    /// The letter was refused for what it is, where it comes from or how full the mailbox is; the address is good.
    Blocked,
    /// There is no such address; nothing should be sent to it again.
    Hard,
}

/// An enhanced status code (RFC 3463): class, subject, detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// 2 success, 4 a transient failure, 5 a permanent one (RFC 3463 §3.1).
    pub class: u16,
    /// What it is about: 1 address, 2 mailbox, 3 system, 4 network, 5 protocol, 6 content, 7 policy; 0 not said.
    pub subject: u16,
    /// What about it; 0 not said.
    pub detail: u16,
}

impl fmt::Display for Status {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

impl Status {
    /// The first status in a text that says no, a permanent one before a transient one; `None` without any.
    pub(super) fn failed_in(text: &str) -> Option<Self> {
        let all = || text.split_whitespace().flat_map(|word| word.split('-'));
        let first = |class| {
            all()
                .filter_map(Self::of_word)
                .find(|status| status.class == class)
        };
        first(5).or_else(|| first(4))
    }

    /// A word that is a status but for the punctuation around it; `None` for all else, such as an IP address.
    pub(super) fn of_word(word: &str) -> Option<Self> {
        let mut numbers = word
            .trim_matches(|c: char| !c.is_ascii_alphanumeric())
            .split('.')
            .map(|text| text.parse::<u16>().ok().filter(|_| text.len() <= 3));
        let status = Self {
            class: numbers.next()??,
            subject: numbers.next()??,
            detail: numbers.next()??,
        };
        let is_whole = numbers.next().is_none();
        (is_whole && matches!(status.class, 2 | 4 | 5)).then_some(status)
    }

    fn says_what(self) -> bool {
        (self.subject, self.detail) != (0, 0)
    }
}

/// What is known of a failure before it is judged.
pub(super) struct Evidence<'a> {
    /// The status that the report gives.
    pub(super) status: Option<Status>,
    /// What the server said, or the text of the notice.
    pub(super) said: &'a str,
}

impl Evidence<'_> {
    /// The most telling status, and the kind; `None` when it is no failure after all.
    ///
    /// Where report and server do not agree, the milder counts: some programs write 5.1.1 for every refusal.
    pub(super) fn judge(&self) -> Option<(BounceKind, Option<Status>)> {
        let quoted = Status::failed_in(self.said);
        // "5.0.0" is what programs write that do not look at what the server said.
        let status = self
            .status
            .filter(|status| status.class != 5 || status.says_what() || quoted.is_none());
        let said = Said {
            words: Wording::new(self.said),
            code: reply_code(self.said),
        };
        let kind = match (status, quoted) {
            (Some(Status { class: 2, .. }), _) => return None,
            (Some(status), Some(quoted)) => said.means(status).min(said.means(quoted)),
            (Some(status), None) | (None, Some(status)) => said.means(status),
            (None, None) => said.without_status(),
        };
        Some((kind, status.or(quoted)))
    }
}

/// What the server said, in words and in its reply code.
struct Said {
    words: Wording,
    code: Option<u16>,
}

impl Said {
    fn means(&self, status: Status) -> BounceKind {
        if status.class == 5 {
            self.for_good(status)
        } else {
            BounceKind::Soft
        }
    }

    /// What a status of class 5 means (the list of RFC 3463 and its registry, and what large providers make of it).
    fn for_good(&self, status: Status) -> BounceKind {
        match (status.subject, status.detail) {
            // The sender's address is what is wrong.
            (1, 7 | 8) => BounceKind::Blocked,
            (1, 0) | (2, 0 | 1) => self.unless_refused(),
            // No such host or domain; the second is how Microsoft writes it.
            (1, _) | (4, 4 | 310) => BounceKind::Hard,
            (0, _) => self.in_words(BounceKind::Hard),
            (3 | 5, _) => self.if_unknown(BounceKind::Blocked),
            // Gave up after trying, a loop, or no way there.
            (4, _) => self.if_unknown(BounceKind::Soft),
            _ => BounceKind::Blocked,
        }
    }

    /// Only a code of its own or a plain "no such address" ends it for an address.
    fn without_status(&self) -> BounceKind {
        match self.code {
            Some(400..=499) => BounceKind::Soft,
            Some(_) => self.in_words(BounceKind::Blocked),
            None if self.words.has(REFUSED) => BounceKind::Blocked,
            None => self.if_unknown(BounceKind::Soft),
        }
    }

    fn in_words(&self, otherwise: BounceKind) -> BounceKind {
        match self.code {
            _ if self.words.has(REFUSED) => BounceKind::Blocked,
            _ if self.words.has(UNKNOWN) => BounceKind::Hard,
            Some(400..=499) => BounceKind::Soft,
            Some(550 | 551 | 553) => BounceKind::Hard,
            Some(_) => BounceKind::Blocked,
            None => otherwise,
        }
    }

    fn unless_refused(&self) -> BounceKind {
        if self.words.has(REFUSED) {
            BounceKind::Blocked
        } else {
            BounceKind::Hard
        }
    }

    fn if_unknown(&self, otherwise: BounceKind) -> BounceKind {
        if self.words.has(UNKNOWN) && !self.words.has(REFUSED) {
            BounceKind::Hard
        } else {
            otherwise
        }
    }
}

/// Words of servers that refuse the letter or have no room, whatever else they say.
const REFUSED: &[&str] = &[
    "administrative prohibition",
    "authentication",
    "blacklist",
    "blacklisted",
    "block list",
    "blocked",
    "blocklist",
    "blocklisted",
    "content rejected",
    "disk quota",
    "dkim",
    "dmarc",
    "dnsbl",
    "geblokkeerd",
    "mail loop",
    "mailbox full",
    "mailbox is full",
    "mailbox vol",
    "message rejected",
    "not allowed",
    "not authorized",
    "not permitted",
    "out of storage",
    "over quota",
    "policy",
    "postvak vol",
    "quota",
    "quota exceeded",
    "rate",
    "rbl",
    "relay access denied",
    "relaying denied",
    "reputation",
    "sender address rejected",
    "sender rejected",
    "size limit",
    "spam",
    "spamhaus",
    "spf",
    "storage allocation",
    "too big",
    "too large",
    "too many",
    "unsolicited",
    "virus",
];

/// Words of servers that do not know the address.
const UNKNOWN: &[&str] = &[
    "account disabled",
    "account does not exist",
    "account has been disabled",
    "account is disabled",
    "account that you tried to reach does not exist",
    "address does not exist",
    "address not found",
    "address unknown",
    "all relevant mx records point to non existent hosts",
    "bestaat niet",
    "couldn t find any host",
    "does not exist",
    "doesn t exist",
    "doesn t have a",
    "domain not found",
    "host or domain name not found",
    "host unknown",
    "invalid mailbox",
    "invalid recipient",
    "mailbox disabled",
    "mailbox not found",
    "mailbox unavailable",
    "no mailbox here",
    "no such address",
    "no such local user",
    "no such mailbox",
    "no such recipient",
    "no such user",
    "not a known user",
    "not listed",
    "onbekende gebruiker",
    "onbekend adres",
    "recipient address rejected",
    "recipient not found",
    "recipient unknown",
    "recipientnotfound",
    "unknown address",
    "unknown domain",
    "unknown local part",
    "unknown recipient",
    "unknown user",
    "unrouteable address",
    "user not found",
    "user unknown",
    "wasn t found at",
    "werd niet gevonden",
];
