//! What docs/deploy.md gives people to copy does what it says: settings, alert rules, and the question to Postfix.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{Database, Folder, Mailbox, Server};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples/deploy")
        .join(name)
}

#[test]
fn the_settings_of_the_example_are_taken() {
    let folder = Folder::new();
    let settings = file("samenspel.toml");
    let settings = settings.to_str().unwrap();
    let run = |command: &str| {
        let typed = [command, "--config", settings, "--database", "markt.sqlite"];
        folder.run(&typed).expect(0).out
    };
    run("migrate");
    let said = run("check");
    assert!(said.contains("Alles is in orde"), "{said}");
    // What the example leaves to the environment is refused when it is forgotten.
    let postgres = [
        "check",
        "--config",
        settings,
        "--database",
        "postgres://db/markt",
    ];
    folder.run(&postgres).expect(1).saying(&["auth.secret"]);
}

#[test]
fn the_alert_rules_name_figures_that_are_there() {
    let (database, mailbox) = (Database::sqlite(), Mailbox::start());
    let server = Server::start(&database, &mailbox);
    server.client().get("/").expect(200);
    let figures = server.client().get("/metrics").expect(200).text;
    let rules = std::fs::read_to_string(file("alerts.yml")).unwrap();
    let named: BTreeSet<&str> = rules
        .split(|letter: char| !(letter.is_ascii_lowercase() || letter == '_'))
        .filter(|word| word.starts_with("samenspel_"))
        .collect();
    assert!(named.len() > 5, "{named:?}");
    for name in named {
        assert!(figures.contains(&format!("\n{name}")), "{name}");
    }
}

/// The log of a relay that took one letter, had another broken off, and has a third in hand.
const LOG: &str = "\
Nov 22 15:00:00 relay postfix/smtpd[100]: 4A1B2C3D: client=localhost[127.0.0.1]
Nov 22 15:00:00 relay postfix/cleanup[101]: 4A1B2C3D: message-id=<let_1@markt.example>
Nov 22 15:00:00 relay postfix/qmgr[102]: 4A1B2C3D: from=<bounces@markt.example>, size=2000, nrcpt=1 (queue active)
Nov 22 15:00:01 relay postfix/smtp[103]: 4A1B2C3D: to=<Ria@wijk.example>, relay=mx.wijk.example[192.0.2.1]:25, status=sent (250 ok)
Nov 22 15:00:01 relay postfix/qmgr[102]: 4A1B2C3D: removed
Nov 22 15:00:02 relay postfix/cleanup[101]: 5A1B2C3D: message-id=<let_2@markt.example>
Nov 22 15:00:02 relay postfix/smtpd[100]: lost connection after DATA (812 bytes) from localhost[127.0.0.1]
2026-11-22T15:00:03.1+01:00 relay postfix/cleanup[101]: 6A1B2C3D: message-id=<let_3@markt.example>
2026-11-22T15:00:03.1+01:00 relay postfix/qmgr[102]: 6A1B2C3D: from=<bounces@markt.example>, size=2000, nrcpt=1 (queue active)
";

#[cfg(unix)]
#[test]
fn the_log_of_postfix_answers_whether_it_took_a_letter() {
    let folder = Folder::new();
    folder.write(
        "mail.log.1",
        "Nov 21 10:00:00 relay postfix/smtpd[100]: connect\n",
    );
    folder.write("mail.log", LOG);
    let ask = |letter: &str, address: &str, logs: &str| {
        let mut script = Command::new(file("ask-postfix.sh"));
        script.args([format!("<{letter}@markt.example>"), address.to_owned()]);
        script
            .env("POSTFIX_LOGS", logs)
            .current_dir(folder.path("."));
        script.status().unwrap().code()
    };
    let both = "mail.log.1 mail.log";
    assert_eq!(ask("let_1", "ria@wijk.example", both), Some(0), "taken");
    assert_eq!(
        ask("let_1", "jan@wijk.example", both),
        Some(100),
        "for another only"
    );
    assert_eq!(
        ask("let_2", "ria@wijk.example", both),
        Some(100),
        "broken off"
    );
    assert_eq!(
        ask("let_3", "ria@wijk.example", both),
        Some(1),
        "in hand, for nobody knows whom"
    );
    assert_eq!(
        ask("let_4", "ria@wijk.example", both),
        Some(100),
        "never seen"
    );
    assert_eq!(
        ask("let_4", "ria@wijk.example", "mail.log.2 mail.log"),
        Some(1),
        "a log is gone"
    );
}
