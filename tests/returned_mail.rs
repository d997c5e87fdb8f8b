//! Mail that comes back: bounces and complaints stop letters to an address, and forged ones do nothing.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;

use serde_json::Value;

use crate::support::market::register;
use crate::support::{Database, Mailbox, Server, on_each, until};

/// A report that a letter could not be delivered for good.
fn report(to: &str, about: &str, status: &str) -> String {
    format!(
        "From: MAILER-DAEMON@mx.example\r\nTo: {to}\r\nDelivered-To: {to}\r\nSubject: Undelivered\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nYour letter could not be delivered.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; {about}\r\nAction: failed\r\nStatus: {status}\r\n\
         Diagnostic-Code: smtp; 550 {status} no such user\r\n\r\n--b--\r\n"
    )
}

/// Puts a message where the mail server would.
fn drop_into(folder: &Path, name: &str, message: &str) {
    for part in ["tmp", "new", "cur"] {
        std::fs::create_dir_all(folder.join(part)).unwrap();
    }
    std::fs::write(folder.join("new").join(name), message).unwrap();
}

fn delivery_to(server: &Server, address: &str) -> Value {
    let listed = server.run(&["outbox", "list", "--json", "--limit", "1000"]);
    let all: Vec<Value> = serde_json::from_str(&listed).unwrap();
    let mut theirs = all
        .into_iter()
        .filter(|each| each["recipient"] == address && each["kind"] == "confirmation");
    theirs.next().unwrap()
}

fn blocked(server: &Server) -> String {
    server.run(&["outbox", "blocked"])
}

/// Registers somebody, and delivers their confirmation; the return path it had.
fn confirmed(server: &Server, mailbox: &Mailbox, address: &str) -> String {
    register(&server.client(), address, "partner", "Nel", address).expect(201);
    server.run(&["outbox", "deliver", "--once"]);
    mailbox.last_to(address).return_path().to_owned()
}

#[test]
fn what_comes_back_into_a_maildir_stops_letters_to_that_address_only() {
    on_each(|database| {
        let (mailbox, folder) = (Mailbox::start(), tempfile::tempdir().unwrap());
        let path = folder.path().display().to_string();
        let settings = [("SAMENSPEL_MAIL__BOUNCES_FOLDER", path.as_str())];
        let server = Server::start_with(database, &mailbox, &settings);
        let [gone, moved, full, fine] =
            ["gone", "moved", "full", "fine"].map(|name| format!("{name}@nieuw.example"));
        let paths = [&gone, &moved, &full, &fine].map(|to| confirmed(&server, &mailbox, to));
        let [to_gone, to_moved, to_full, to_fine] = &paths;
        assert!(
            to_gone.starts_with("bounces+") && to_gone != to_fine,
            "{paths:?}"
        );

        drop_into(folder.path(), "1", &report(to_gone, &gone, "5.1.1"));
        drop_into(
            folder.path(),
            "2",
            &report(to_moved, "elders@ander.example", "5.1.1"),
        );
        drop_into(folder.path(), "3", &report(to_full, &full, "5.2.2"));
        // Forged: without the mark of a delivery, and with one of nobody.
        drop_into(
            folder.path(),
            "4",
            &report("bounces@samenspel.example", &fine, "5.1.1"),
        );
        let nobody = to_fine.replace(|digit: char| digit.is_ascii_digit(), "7");
        drop_into(folder.path(), "5", &report(&nobody, &fine, "5.1.1"));
        server.run(&["run", "--once"]);

        let states = [&gone, &moved, &full, &fine].map(|to| {
            delivery_to(&server, to)["state"]
                .as_str()
                .unwrap()
                .to_owned()
        });
        assert_eq!(states, ["bounced", "bounced", "bounced", "sent"]);
        let stopped = blocked(&server);
        assert!(stopped.contains(&gone), "{stopped}");
        for other in [&moved, &full, &fine] {
            assert!(!stopped.contains(other.as_str()), "{other}: {stopped}");
        }
        assert_eq!(
            std::fs::read_dir(folder.path().join("new"))
                .unwrap()
                .count(),
            0
        );

        // The same report once more changes nothing, also after a coordinator lifted the block.
        server.run(&["outbox", "unblock", &gone]);
        drop_into(folder.path(), "6", &report(to_gone, &gone, "5.1.1"));
        server.run(&["run", "--once"]);
        assert!(!blocked(&server).contains(&gone));
    });
}

#[test]
fn what_comes_back_on_the_listener_is_kept_before_it_is_taken() {
    let (database, mailbox) = (Database::sqlite(), Mailbox::start());
    // A port that was free a moment ago.
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let settings = [("SAMENSPEL_MAIL__BOUNCES_LISTEN", address.as_str())];
    let server = Server::start_with(&database, &mailbox, &settings);
    let gone = "gone@nieuw.example";
    let return_path = confirmed(&server, &mailbox, gone);

    let stream = until("the listener is there", || {
        TcpStream::connect(&address).ok()
    });
    let mut answers = BufReader::new(stream.try_clone().unwrap());
    let mut talk = |said: &str, expected: &str| {
        if !said.is_empty() {
            (&stream).write_all(said.as_bytes()).unwrap();
        }
        let mut answer = String::new();
        answers.read_line(&mut answer).unwrap();
        assert!(answer.starts_with(expected), "{said:?}: {answer}");
    };
    talk("", "220");
    talk("HELO mx.example\r\n", "250");
    talk("MAIL FROM:<>\r\n", "250");
    talk("RCPT TO:<ria@elders.example>\r\n", "550");
    talk(&format!("RCPT TO:<{return_path}>\r\n"), "250");
    talk("DATA\r\n", "354");
    let message = report(&return_path, gone, "5.1.1");
    talk(&format!("{message}.\r\n"), "250");
    assert_eq!(delivery_to(&server, gone)["state"], "bounced");
    assert!(blocked(&server).contains(gone));
}
