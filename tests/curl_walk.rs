//! The walk in docs/api.md: its commands are run one after another, and each prints what the guide says.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::server::PROGRAM;
use crate::support::{Database, Mailbox, Server};

/// Stands in the guide for what is another each time.
const ANYTHING: char = '…';

/// Commands of the guide, with what they print.
struct Step {
    commands: String,
    prints: String,
}

/// Every step of the guide, in order.
fn steps() -> Vec<Step> {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/api.md");
    let guide = std::fs::read_to_string(guide).unwrap();
    let blocks: Vec<(&str, &str)> = guide
        .split("\n```")
        .skip(1)
        .filter_map(|block| block.split_once('\n'))
        .filter(|(language, _)| !language.is_empty())
        .collect();
    blocks
        .chunks(2)
        .map(|pair| {
            let [("sh", commands), ("text", prints)] = pair else {
                panic!("each block of commands has one of what they print: {pair:?}");
            };
            Step {
                commands: (*commands).to_owned(),
                prints: (*prints).to_owned(),
            }
        })
        .collect()
}

/// Whether a line is what the guide says.
fn is_like(line: &str, told: &str) -> bool {
    let mut parts = told.split(ANYTHING);
    let Some(mut rest) = parts.next().and_then(|first| line.strip_prefix(first)) else {
        return false;
    };
    let mut last = "";
    for part in parts {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
        last = part;
    }
    rest.is_empty() || (last.is_empty() && told.ends_with(ANYTHING))
}

#[test]
fn every_command_of_the_walk_prints_what_the_guide_says() {
    let (database, mailbox) = (Database::sqlite(), Mailbox::start());
    let server = Server::start(&database, &mailbox);
    let steps = steps();
    assert!(steps.len() >= 10, "{} steps", steps.len());
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("so-far"), "").unwrap();
    for step in steps {
        let mut shell = Command::new("bash");
        shell.args(["-e", "-u", "-c"]);
        // What is set in one block is known in the next, as in one terminal.
        shell.arg(format!(
            ". ./so-far\nset -a\n{}\nexport -p | grep -v TOKEN_OF > so-far",
            step.commands
        ));
        let settings = server.command(&[]);
        for (name, value) in settings.get_envs() {
            shell.env(name, value.unwrap());
        }
        let programs = Path::new(PROGRAM).parent().unwrap().display();
        let path = std::env::var("PATH").unwrap();
        shell
            .env("PATH", format!("{programs}:{path}"))
            .env("API", server.address())
            .current_dir(folder.path())
            .stdin(Stdio::null());
        for (name, address) in [
            ("TOKEN_OF_RIA", "ria@zuiddoetsamen.example"),
            ("TOKEN_OF_JAN", "jan@stimenz.example"),
        ] {
            if step.commands.contains(name) {
                shell.env(name, mailbox.last_to(address).token("/toestemming"));
            }
        }
        let ran = shell.output().unwrap();
        let printed = String::from_utf8(ran.stdout).unwrap();
        let problem = String::from_utf8_lossy(&ran.stderr);
        let fits = printed.lines().count() == step.prints.lines().count()
            && printed
                .lines()
                .zip(step.prints.lines())
                .all(|(line, told)| is_like(line, told));
        assert!(
            ran.status.success() && fits,
            "{}\nprinted:\n{printed}{problem}\nnot:\n{}",
            step.commands,
            step.prints
        );
    }
}

#[test]
fn a_line_is_compared_but_for_what_changes() {
    assert!(is_like("org_12 org_34", "org_… org_…"));
    assert!(is_like("\"state\":\"open\"", "\"state\":\"open\""));
    assert!(!is_like("\"state\":\"paused\"", "\"state\":\"open\""));
    assert!(!is_like("org_12 mem_34", "org_… org_…"));
    assert!(!is_like("x (Apeldoorn) y", "x …(Ede)…"));
    assert!(!is_like("open and more", "open"));
}
