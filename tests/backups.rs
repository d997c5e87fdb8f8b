//! Backups of a market at work, and databases made from them, which send nothing by themselves.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::folder::rows;
use crate::support::market::{COORDINATOR, register};
use crate::support::sessions::{log_in, refresh};
use crate::support::{ASKED_OFTEN, Database, Mailbox, Market, Ran, Server, on_each, until};

/// Backups of one server under load, on each database.
const ROUNDS: usize = 5;

/// What a command of the server's said and how it ended.
fn typed(server: &Server, arguments: &[&str]) -> Ran {
    let output = server.command(arguments).output().unwrap();
    Ran {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A folder for backups.
struct Shelf(TempDir);

impl Shelf {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }
}

/// Tells writers, at its end, that they can stop.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The description beside a backup.
fn description(file: &str) -> PathBuf {
    Path::new(&format!("{file}.json")).to_owned()
}

fn manifest(file: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(description(file)).unwrap()).unwrap()
}

/// The names of the organisations in a database.
fn organisations(server: &Server, database: &str) -> BTreeSet<String> {
    let exported = server.run(&["export", "organisations", "--database", database]);
    let names = rows(&exported).into_iter().map(|row| row["name"].clone());
    names.collect()
}

#[test]
fn backups_of_a_server_at_work_miss_nothing_that_was_answered_before() {
    on_each(|database| {
        let (mailbox, shelf) = (Mailbox::start(), Shelf::new());
        let server = Server::start_with(database, &mailbox, &[ASKED_OFTEN]);
        let (answered, over) = (Mutex::new(Vec::new()), AtomicBool::new(false));
        let next = AtomicUsize::new(0);
        let write = || {
            let anyone = server.client();
            while !over.load(Ordering::Relaxed) {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let name = format!("Buurt {number}");
                let address = format!("nel{number}@buurt.example");
                register(&anyone, &name, "partner", "Nel", &address).expect(201);
                answered.lock().unwrap().push(name);
            }
        };
        std::thread::scope(|scope| {
            for _writer in 0..3 {
                scope.spawn(write);
            }
            // Also when a round fails: else the writers would never end.
            let _over = Over(&over);
            let mut before = 0;
            for round in 0..ROUNDS {
                until("more was written", || {
                    (answered.lock().unwrap().len() > before + 10).then_some(())
                });
                let known: BTreeSet<String> = answered.lock().unwrap().iter().cloned().collect();
                before = known.len();
                let file = shelf.file(&format!("{round}.backup"));
                let other = database.another();
                server.run(&["backup", &file]);
                server.run(&["restore", &file, "--database", &other.url()]);
                let found = organisations(&server, &other.url());
                let missing: Vec<_> = known.difference(&found).collect();
                assert!(missing.is_empty(), "{missing:?} of {}", known.len());
                let counted = manifest(&file)["rows"]["organisations"].as_u64().unwrap();
                assert_eq!(found.len(), usize::try_from(counted).unwrap());
            }
        });
    });
}

#[test]
fn in_a_restored_market_nobody_is_signed_in() {
    on_each(|database| {
        let market = Market::open(database);
        let session = log_in(&market, COORDINATOR);
        let token = session.text_at("/accessToken");
        let shelf = Shelf::new();
        let file = shelf.file("markt.backup");
        typed(&market.server, &["backup", &file]).expect(0);
        let other = database.another();
        market
            .server
            .run(&["restore", &file, "--database", &other.url()]);
        let restored = Server::start_with(&other, &market.mailbox, &[]);
        for (server, status) in [(&market.server, 200), (&restored, 401)] {
            let client = server.client().with_token(&token);
            client.get("/v1/me").expect(status);
        }
        refresh(&market, &session.text_at("/refreshToken")).expect(201);
        let body = json!({ "refreshToken": session.text_at("/refreshToken") });
        let anyone = restored.client();
        anyone.post("/v1/sessions/refreshes", &body).expect(401);
    });
}

#[test]
fn a_restored_market_mails_no_history_until_somebody_says_so() {
    const LETTERS: usize = 50;
    on_each(|database| {
        let market = Market::open(database);
        market.deliver();
        let shelf = Shelf::new();
        let anyone = market.server.client();
        for number in 0..LETTERS {
            let address = format!("nel{number}@nieuw.example");
            register(&anyone, "Nieuw", "partner", "Nel", &address).expect(201);
        }
        let file = shelf.file("markt.backup");
        let told = typed(&market.server, &["backup", &file]).expect(0);
        told.saying(&["Kopie maken"]);
        market.deliver();
        let sent = market.mailbox.letters();

        let other = database.another();
        let url = other.url();
        let said = market.server.run(&["restore", &file, "--database", &url]);
        assert!(said.contains("50 zendingen die wachtten"), "{said}");
        let on_other = |arguments: &[&str]| {
            market
                .server
                .run(&[arguments, &["--database", &url]].concat())
        };
        let restored = Server::start_with(&other, &market.mailbox, &[]);
        let mut later = restored.client();
        register(&later, "Later", "partner", "Nel", "later@verder.example").expect(201);
        on_other(&["outbox", "deliver", "--once"]);
        assert_eq!(market.mailbox.count(), sent.len(), "the post stands still");

        let said = on_other(&["outbox", "resume"]);
        for part in [
            "Teruggezet uit de back-up van",
            "1 brief gaat nu",
            "50 zendingen",
        ] {
            assert!(said.contains(part), "{said}");
        }
        on_other(&["outbox", "deliver", "--once"]);
        assert_eq!(market.mailbox.count(), sent.len() + 1, "only what is new");
        assert_eq!(market.mailbox.letters_to("later@verder.example").len(), 1);

        // One by hand, and then all others, once.
        let listed = on_other(&["outbox", "list", "--json", "--state", "ambiguous"]);
        let held: Vec<Value> = serde_json::from_str(&listed).unwrap();
        assert_eq!(held.len(), LETTERS);
        let one = &held[0];
        on_other(&["outbox", "retry", one["id"].as_str().unwrap()]);
        on_other(&["outbox", "deliver", "--once"]);
        let address = one["recipient"].as_str().unwrap();
        assert_eq!(market.mailbox.letters_to(address).len(), 2);
        let said = on_other(&["outbox", "resume", "--resend"]);
        assert!(
            said.contains("49 brieven gaan nu") && !said.contains("--resend"),
            "{said}"
        );
        for _look in 0..2 {
            on_other(&["outbox", "deliver", "--once"]);
        }
        for number in 0..LETTERS {
            let copies = market
                .mailbox
                .letters_to(&format!("nel{number}@nieuw.example"));
            assert_eq!(copies.len(), 2, "{number}");
            assert_eq!(
                copies[0].header("message-id"),
                copies[1].header("message-id")
            );
        }
        assert_eq!(market.mailbox.count(), sent.len() + 1 + LETTERS);
        later = market.server.client();
        later.get("/healthz/ready").expect(200);
    });
}

#[test]
fn a_backup_that_changed_by_one_byte_makes_no_database() {
    on_each(|database| {
        let (mailbox, shelf) = (Mailbox::start(), Shelf::new());
        let server = Server::start(database, &mailbox);
        let file = shelf.file("markt.backup");
        server.run(&["backup", &file]);
        let mut bytes = std::fs::read(&file).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&file, &bytes).unwrap();
        let other = database.another();
        let restore = ["restore", &file, "--database", &other.url()];
        typed(&server, &restore)
            .expect(1)
            .saying(&["beschadigd", "markt.backup"]);
        bytes[middle] ^= 1;
        std::fs::write(&file, &bytes).unwrap();
        let moved = shelf.file("weg.json");
        std::fs::rename(description(&file), &moved).unwrap();
        typed(&server, &restore)
            .expect(1)
            .saying(&["markt.backup.json"]);
        std::fs::rename(&moved, description(&file)).unwrap();

        // Nothing was made before, and nothing is made over what is there.
        typed(&server, &restore).expect(0);
        typed(&server, &restore)
            .expect(1)
            .saying(&["nieuwe database"]);
    });
}

#[test]
fn a_backup_goes_over_an_earlier_one_only_when_told() {
    on_each(|database| {
        let (mailbox, shelf) = (Mailbox::start(), Shelf::new());
        let server = Server::start(database, &mailbox);
        let file = shelf.file("markt.backup");
        let answer = typed(&server, &["backup", &file, "--json"])
            .expect(0)
            .json();
        assert_eq!(answer, manifest(&file));
        for key in ["sha256", "size", "program", "migration", "madeAt"] {
            assert!(!answer[key].is_null(), "{answer}");
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            for path in [Path::new(&file), &description(&file)] {
                let mode = path.metadata().unwrap().permissions().mode();
                assert_eq!(mode & 0o777, 0o600, "only its owner reads a backup");
            }
        }
        let first = std::fs::read(&file).unwrap();
        register(
            &server.client(),
            "Nieuw",
            "partner",
            "Nel",
            "nel@nieuw.example",
        )
        .expect(201);
        typed(&server, &["backup", &file])
            .expect(1)
            .saying(&["bestaat al", "--force"]);
        assert_eq!(std::fs::read(&file).unwrap(), first);
        server.run(&["backup", &file, "--force"]);
        assert_eq!(manifest(&file)["rows"]["organisations"], json!(1));
        let left: Vec<_> = std::fs::read_dir(shelf.0.path()).unwrap().collect();
        assert_eq!(left.len(), 2, "nothing half is left: {left:?}");
        let nowhere = shelf.file("geen/map/markt.backup");
        typed(&server, &["backup", &nowhere])
            .expect(1)
            .saying(&["geen/map", "Controleer de map"]);
    });
}

#[test]
fn a_backup_of_one_kind_of_database_does_not_become_the_other() {
    let mailbox = Mailbox::start();
    let shelf = Shelf::new();
    let database = Database::sqlite();
    let server = Server::start(&database, &mailbox);
    let file = shelf.file("markt.backup");
    server.run(&["backup", &file]);
    let elsewhere = "postgres://ria:geheim@nergens.example/markt";
    let refused = typed(&server, &["restore", &file, "--database", elsewhere]).expect(1);
    assert!(!refused.err.contains("geheim"), "{}", refused.err);
    refused.saying(&["sqlite", "postgresql"]);
}

#[test]
fn without_the_programs_of_postgresql_it_is_said_what_to_install() {
    on_each(|database| {
        if matches!(database, Database::Sqlite(_)) {
            return;
        }
        let (mailbox, shelf) = (Mailbox::start(), Shelf::new());
        let server = Server::start(database, &mailbox);
        let old = shelf.file("bin");
        std::fs::create_dir(&old).unwrap();
        let try_with = |path: &str| {
            let mut command = server.command(&["backup", &shelf.file("markt.backup")]);
            let output = command.env("PATH", path).output().unwrap();
            assert_eq!(output.status.code(), Some(1));
            String::from_utf8(output.stderr).unwrap()
        };
        let said = try_with(&old);
        assert!(
            said.contains("pg_dump ontbreekt") && said.contains("apt install"),
            "{said}"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let tool = Path::new(&old).join("pg_dump");
            std::fs::write(&tool, "#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n").unwrap();
            std::fs::set_permissions(&tool, PermissionsExt::from_mode(0o755)).unwrap();
            let said = try_with(&old);
            assert!(
                said.contains("versie 9,") && said.contains("apt install"),
                "{said}"
            );
        }
        assert!(!Path::new(&shelf.file("markt.backup")).exists());
    });
}

#[test]
fn the_post_stands_still_and_goes_again_when_somebody_says_so() {
    on_each(|database| {
        let market = Market::open(database);
        market.deliver();
        let before = market.mailbox.count();
        market
            .server
            .run(&["outbox", "pause", "--reason", "De relay verhuist"]);
        register(
            &market.server.client(),
            "Nieuw",
            "partner",
            "Nel",
            "nel@nieuw.example",
        )
        .expect(201);
        market.deliver();
        assert_eq!(market.mailbox.count(), before);
        let said = market.server.run(&["outbox", "resume"]);
        assert!(
            said.contains("De relay verhuist") && said.contains("1 brief"),
            "{said}"
        );
        market.deliver();
        assert_eq!(market.mailbox.count(), before + 1);
        assert!(
            market
                .server
                .run(&["outbox", "resume"])
                .contains("niet stil")
        );

        let blocked = |arguments: &[&str]| {
            let words = [&["outbox", "blocked"], arguments].concat();
            market.server.run(&words)
        };
        market.server.run(&["outbox", "block", "Nel@nieuw.example"]);
        let listed: Value = serde_json::from_str(&blocked(&["--json"])).unwrap();
        assert_eq!(listed[0]["address"], "nel@nieuw.example");
        assert_eq!(listed[0]["reason"], "by_hand");
        assert!(blocked(&[]).contains("met de hand"));
        market
            .server
            .run(&["outbox", "unblock", "nel@nieuw.example"]);
        assert!(blocked(&[]).contains("geen geblokkeerde"));
        let unblock = ["outbox", "unblock", "nel@nieuw.example"];
        typed(&market.server, &unblock)
            .expect(1)
            .saying(&["niet geblokkeerd"]);
        typed(&market.server, &["outbox", "block", "geen adres"]).expect(1);
    });
}
