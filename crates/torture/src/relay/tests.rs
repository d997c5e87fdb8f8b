//! That the relay itself does what its script says, and remembers rightly.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::{Act, Moment, Relay, Script, When, read_log};

const LETTER: &str = "Message-ID: <7@samenspel.example>\r\n\r\nHallo\r\n..punt\r\n.\r\n";

/// Somebody who speaks SMTP line by line.
struct Client(BufReader<TcpStream>);

impl Client {
    fn connect(relay: &Relay) -> Self {
        Self(BufReader::new(
            TcpStream::connect(("127.0.0.1", relay.port())).unwrap(),
        ))
    }

    /// The last line of the next answer; empty when the relay is gone.
    fn hear(&mut self) -> String {
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).unwrap_or(0) == 0 {
                return String::new();
            }
            if line.as_bytes().get(3) != Some(&b'-') {
                return line.trim_end().to_owned();
            }
        }
    }

    fn say(&mut self, line: &str) -> String {
        // One write: the second of two small ones waits 40 ms for the first.
        let line = format!("{line}\r\n");
        self.0.get_mut().write_all(line.as_bytes()).ok();
        self.hear()
    }

    /// A whole letter to one address; what the relay says in the end.
    fn send(&mut self, recipient: &str) -> String {
        self.say("MAIL FROM:<a@x.example>");
        self.say(&format!("RCPT TO:<{recipient}>"));
        if !self.say("DATA").starts_with("354") {
            return String::new();
        }
        self.0.get_mut().write_all(LETTER.as_bytes()).unwrap();
        self.hear()
    }
}

/// Connects and sends one letter; what the relay says in the end.
fn send(relay: &Relay, recipient: &str) -> String {
    let mut client = Client::connect(relay);
    client.hear();
    client.say("EHLO x.example");
    client.send(recipient)
}

#[test]
fn what_it_took_is_in_its_memory_and_in_its_log() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let relay = Relay::start(Script::new().log_to(&log).keep_contents()).unwrap();
    assert_eq!(send(&relay, "ria@heeze.example"), "250 2.0.0 as 4711");
    assert_eq!(send(&relay, "ria@heeze.example"), "250 2.0.0 as 4711");
    assert_eq!(send(&relay, "jan@orden.example"), "250 2.0.0 as 4711");
    let taken = relay.taken();
    assert_eq!(taken.len(), 2);
    assert_eq!(taken[1].recipient, "ria@heeze.example");
    assert_eq!(taken[1].message_id, "7@samenspel.example");
    assert_eq!((taken[1].copies(), taken[1].is_identical()), (2, true));
    assert_eq!(relay.copies_for("jan@orden.example"), 1);
    assert!(relay.seen().contents[0].ends_with(b"Hallo\r\n.punt\r\n"));
    let counts = read_log(&log).unwrap();
    let key = |recipient: &str| ("7@samenspel.example".to_owned(), recipient.to_owned());
    assert_eq!(counts[&key("ria@heeze.example")], 2);
    assert_eq!(counts[&key("jan@orden.example")], 1);
}

#[test]
fn a_rule_is_about_the_visits_it_names() {
    let refuse = || Act::say("550 5.7.1 no");
    let relay = Relay::start(
        Script::new()
            .rule(Moment::Content, When::To("nel".to_owned()), refuse())
            .rule(Moment::Content, When::Letter(2), refuse())
            .rule(Moment::Connected, When::Connection(4), Act::Drop)
            .rule(
                Moment::Between,
                When::Times(1),
                Act::Close("421 4.4.2 idle".to_owned()),
            ),
    )
    .unwrap();
    let mut client = Client::connect(&relay);
    client.hear();
    // The first letter goes, and then the connection is closed unasked.
    assert!(client.send("ria@heeze.example").starts_with("250"));
    assert_eq!(client.hear(), "421 4.4.2 idle");
    assert_eq!(client.hear(), "");
    assert!(send(&relay, "ria@heeze.example").starts_with("550"));
    assert!(send(&relay, "nel@nieuw.example").starts_with("550"));
    assert_eq!(
        send(&relay, "ria@heeze.example"),
        "",
        "the fourth connection"
    );
    assert!(send(&relay, "ria@heeze.example").starts_with("250"));
    assert_eq!(relay.copies_for("ria@heeze.example"), 2);
    relay.follow(Script::new());
    assert!(send(&relay, "nel@nieuw.example").starts_with("250"));
}

#[test]
fn a_letter_can_be_taken_and_nobody_told() {
    let script = |act| Script::new().rule(Moment::Content, When::Always, act);
    for (act, said, copies) in [
        (Act::Drop, "", 0),
        (Act::accepted(Act::Drop), "", 1),
        (Act::accepted(Act::say("354 what")), "354 what", 1),
        (Act::say("451 4.3.0 later"), "451 4.3.0 later", 0),
        (Act::say("250-half\r\n550 other"), "550 other", 0),
        (Act::Slowly(Duration::ZERO), "250 2.0.0 as 4711", 1),
        (
            Act::Late(Duration::ZERO, "250 late".to_owned()),
            "250 late",
            1,
        ),
        (Act::Bytes(b"\xff\xfe\r\n".to_vec()), "", 0),
    ] {
        let relay = Relay::start(script(act.clone())).unwrap();
        assert_eq!(send(&relay, "ria@heeze.example"), said, "{act:?}");
        assert_eq!(relay.copies_for("ria@heeze.example"), copies, "{act:?}");
    }
    let midway = Script::new().rule(Moment::Midway, When::Always, Act::say("250 early"));
    let relay = Relay::start(midway).unwrap();
    assert_eq!(send(&relay, "ria@heeze.example"), "250 early");
    assert!(relay.taken().is_empty(), "it lied");
}

#[test]
fn chance_follows_the_seed() {
    let outcomes = |seed: u64| -> Vec<bool> {
        let half = Script::new()
            .seed(seed)
            .ack_delay(Duration::ZERO..=Duration::from_micros(50))
            .rule(Moment::Content, When::Chance(0.5), Act::say("451 later"));
        let relay = Relay::start(half).unwrap();
        (0..40)
            .map(|_| send(&relay, "ria@heeze.example").starts_with("250"))
            .collect()
    };
    let first = outcomes(1);
    assert_eq!(first, outcomes(1));
    assert_ne!(first, outcomes(2));
    let taken = first.iter().filter(|taken| **taken).count();
    assert!((5..35).contains(&taken), "{taken} of 40");
}

#[test]
fn many_can_talk_at_once_and_a_relay_can_go_and_come_back() {
    let relay = Relay::start(Script::new()).unwrap();
    let mut clients: Vec<Client> = (0..50).map(|_| Client::connect(&relay)).collect();
    for client in &mut clients {
        assert!(client.hear().starts_with("220"));
    }
    for client in clients.iter_mut().rev() {
        assert!(client.send("ria@heeze.example").starts_with("250"));
    }
    relay.go_down();
    assert_eq!(clients[0].hear(), "");
    relay.come_back();
    let began = Instant::now();
    while TcpStream::connect(("127.0.0.1", relay.port())).is_err() {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "it listens again"
        );
    }
    assert_eq!(relay.copies_for("ria@heeze.example"), 50);
}
