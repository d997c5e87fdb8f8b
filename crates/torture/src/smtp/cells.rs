//! The matrix: every moment of the conversation, every fault, and what must become of the letter.

use std::time::Duration;

use crate::relay::{Act, Moment, Protection};

/// What a relay does wrong: the columns of the matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// A transient refusal.
    Later,
    /// A refusal for good.
    Never,
    /// 421, and the connection is closed.
    Closing,
    /// A code that means something else at this moment.
    WrongCode,
    /// Lines that are not SMTP.
    Garbage,
    /// Bytes that are not text.
    Binary,
    /// An answer whose lines disagree about the code.
    TwoMinds,
    /// Nothing, until the client goes.
    Silence,
    /// The good answer, long after the client gave up.
    TooLate,
    /// The connection is closed.
    Dropped,
    /// An answer without an end.
    Endless,
    /// The good answer, one byte at a time: no fault at all.
    ByteByByte,
    /// The letter is taken, and the connection closed before that is said.
    TakenAndDropped,
    /// The letter is taken, and nothing is said.
    TakenAndSilent,
}

/// What must become of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It went.
    Sent,
    /// It waits with the whole queue, and no attempt was used.
    Waits,
    /// It will be tried again, and an attempt was used.
    Retried,
    /// It was refused for good.
    Failed,
    /// Perhaps it went; nobody can know.
    Ambiguous,
}

/// One experiment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    pub(super) protection: Protection,
    pub(super) moment: Moment,
    pub(super) fault: Fault,
}

/// The columns, with a name for people.
pub(super) const FAULTS: [(Fault, &str); 14] = [
    (Fault::Later, "4xx"),
    (Fault::Never, "5xx"),
    (Fault::Closing, "421"),
    (Fault::WrongCode, "wrong code"),
    (Fault::Garbage, "garbage"),
    (Fault::Binary, "binary"),
    (Fault::TwoMinds, "two codes"),
    (Fault::Silence, "silence"),
    (Fault::TooLate, "too late"),
    (Fault::Dropped, "drop"),
    (Fault::Endless, "endless"),
    (Fault::ByteByByte, "byte by byte"),
    (Fault::TakenAndDropped, "taken, drop"),
    (Fault::TakenAndSilent, "taken, silence"),
];

/// The rows, with a name for people; the moments of TLS only where there is TLS.
pub(super) fn rows() -> Vec<(Protection, Moment, String)> {
    use Moment::{
        Auth, Between, Connected, Content, Data, Handshake, Hello, HelloAgain, Mail, Midway, Quit,
        Rcpt, StartTls,
    };
    let letter = [Auth, Mail, Rcpt, Data, Midway, Content, Between, Quit];
    let mut rows = Vec::new();
    for (protection, name, first) in [
        (Protection::Plain, "plain", vec![Connected, Hello]),
        (
            Protection::StartTls,
            "STARTTLS",
            vec![Connected, Hello, StartTls, Handshake, HelloAgain],
        ),
        (Protection::Tls, "TLS", vec![Handshake, Connected, Hello]),
    ] {
        for moment in first.into_iter().chain(letter) {
            rows.push((protection, moment, format!("{name}: {}", said(moment))));
        }
    }
    rows
}

fn said(moment: Moment) -> &'static str {
    match moment {
        Moment::Connected => "greeting",
        Moment::Hello => "EHLO",
        Moment::StartTls => "STARTTLS",
        Moment::Handshake => "handshake",
        Moment::HelloAgain => "EHLO again",
        Moment::Auth => "AUTH",
        Moment::Mail => "MAIL",
        Moment::Rcpt => "RCPT",
        Moment::Data => "DATA",
        Moment::Midway => "halfway the content",
        Moment::Content => "final dot",
        Moment::Between => "after the letter",
        Moment::Quit => "QUIT",
    }
}

impl Cell {
    /// Whether there is such a thing: a handshake has no good answer to give slowly, and only a whole letter is taken.
    pub(super) fn exists(&self) -> bool {
        let takes = matches!(self.fault, Fault::TakenAndDropped | Fault::TakenAndSilent);
        let answers_well = matches!(self.fault, Fault::ByteByByte | Fault::TooLate);
        let has_no_answer = matches!(self.moment, Moment::Handshake | Moment::Midway);
        (!takes || self.moment == Moment::Content) && !(answers_well && has_no_answer)
    }

    /// What the relay does; `late` is later than the deadline.
    pub(super) fn act(&self, late: Duration) -> Act {
        let good = match self.moment {
            Moment::Connected | Moment::StartTls => "220 go on",
            Moment::Auth => "235 welcome",
            Moment::Data => "354 go on",
            Moment::Quit => "221 bye",
            _ => "250 ok",
        };
        match self.fault {
            Fault::Later => Act::say("451 4.3.0 later"),
            Fault::Never => Act::say("550 5.7.1 no"),
            Fault::Closing => Act::Close("421 4.3.2 closing".to_owned()),
            Fault::WrongCode if self.moment == Moment::Data => Act::say("250 already"),
            Fault::WrongCode => Act::say("354 go on"),
            Fault::Garbage => Act::say("what? me?\r\nno idea"),
            Fault::Binary => Act::Bytes(b"\x00\xff\xfe\x16\x03\x01\r\n\x80\r\n".to_vec()),
            Fault::TwoMinds => Act::say("250-half\r\n550 other"),
            Fault::Silence => Act::Hush,
            Fault::TooLate => Act::Late(late, good.to_owned()),
            Fault::Dropped => Act::Drop,
            Fault::Endless => Act::Endless,
            Fault::ByteByByte => Act::Slowly(Duration::from_micros(200)),
            Fault::TakenAndDropped => Act::accepted(Act::Drop),
            Fault::TakenAndSilent => Act::accepted(Act::Hush),
        }
    }

    /// What must become of the letter it hits.
    pub(super) fn expected(&self) -> Outcome {
        if self.protection == Protection::Tls
            && self.moment == Moment::Connected
            && self.fault == Fault::WrongCode
        {
            // Behind TLS any greeting that is no refusal passes for one; the letter is none the worse for it.
            return Outcome::Sent;
        }
        match (self.moment, self.fault) {
            (Moment::Between | Moment::Quit, _) | (_, Fault::ByteByByte) => Outcome::Sent,
            (
                Moment::Connected
                | Moment::Hello
                | Moment::StartTls
                | Moment::Handshake
                | Moment::HelloAgain
                | Moment::Auth
                | Moment::Mail,
                _,
            )
            | (Moment::Rcpt | Moment::Data, Fault::Closing) => Outcome::Waits,
            (_, Fault::Never) => Outcome::Failed,
            (Moment::Rcpt | Moment::Data, _) | (_, Fault::Later | Fault::Closing) => {
                Outcome::Retried
            }
            (Moment::Midway | Moment::Content, _) => Outcome::Ambiguous,
        }
    }

    /// How many copies the relay must have of the letter it hits, while nothing was sent again.
    pub(super) fn copies(&self) -> usize {
        let taken = matches!(
            self.fault,
            Fault::TakenAndDropped | Fault::TakenAndSilent | Fault::TooLate
        );
        let taken = taken && self.moment == Moment::Content;
        usize::from(taken || self.expected() == Outcome::Sent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_matrix_is_as_large_as_it_says() {
        let count = rows()
            .into_iter()
            .flat_map(|(protection, moment, _)| {
                FAULTS.map(|(fault, _)| Cell {
                    protection,
                    moment,
                    fault,
                })
            })
            .filter(Cell::exists)
            .count();
        // 34 rows of 12, less two in each of the 5 rows without a good answer, and two more at three final dots.
        assert_eq!(count, 34 * 12 - 10 + 6);
    }

    #[test]
    fn what_was_taken_is_never_said_to_be_failed() {
        for (protection, moment, name) in rows() {
            for (fault, column) in FAULTS {
                let cell = Cell {
                    protection,
                    moment,
                    fault,
                };
                let safe = matches!(cell.expected(), Outcome::Sent | Outcome::Ambiguous);
                assert!(
                    !cell.exists() || cell.copies() == 0 || safe,
                    "{name} {column}"
                );
            }
        }
    }
}
