//! The real program as a server, killed when dropped.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

use super::{Client, Database, Mailbox, ended, signal};

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_samenspel");

/// The setting for a test in which one network address asks more than any person would.
pub(crate) const ASKED_OFTEN: (&str, &str) = ("SAMENSPEL_AUTH__ASKS_PER_HOUR", "1000000");

/// A server with its settings.
pub(crate) struct Server {
    process: Child,
    base: String,
    settings: Vec<(String, String)>,
    /// The clock the program reads, and whatever else it keeps beside the database.
    folder: TempDir,
}

impl Server {
    /// Starts a server on a database, sending its mail to `mailbox`.
    pub(crate) fn start(database: &Database, mailbox: &Mailbox) -> Self {
        Self::start_with(database, mailbox, &[])
    }

    /// The same with settings of the test's own, as in the environment.
    pub(crate) fn start_with(
        database: &Database,
        mailbox: &Mailbox,
        more: &[(&str, &str)],
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = folder.path().join("clock");
        // The server looks at its outbox once and then leaves it to the test, so that nothing happens unasked.
        let mut settings = vec![
            ("SAMENSPEL_DATABASE".to_owned(), database.url()),
            (
                "SAMENSPEL_CLOCK_FILE".to_owned(),
                clock.display().to_string(),
            ),
            (
                "SAMENSPEL_AUTH__SECRET".to_owned(),
                "een geheim van ruim tweeendertig tekens".to_owned(),
            ),
            ("RUST_LOG".to_owned(), "warn".to_owned()),
            (
                "SAMENSPEL_OUTBOX__POLL_SECONDS".to_owned(),
                "86400".to_owned(),
            ),
            (
                "SAMENSPEL_JOBS__EVERY_SECONDS".to_owned(),
                "86400".to_owned(),
            ),
        ];
        settings.extend(mailbox.settings());
        settings.extend(
            more.iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        let run = |arguments: &[&str]| -> Output {
            Command::new(PROGRAM)
                .args(arguments)
                .envs(settings.clone())
                .current_dir(folder.path())
                .output()
                .unwrap()
        };
        let made = run(&["migrate"]);
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        let (process, base) = serve(&settings, &folder);
        Self {
            process,
            base,
            settings,
            folder,
        }
    }

    /// Ends the server by a signal and starts another on the same database and settings.
    pub(crate) fn start_again(&mut self, name: &str) {
        signal(&self.process, name);
        ended(&mut self.process);
        (self.process, self.base) = serve(&self.settings, &self.folder);
    }

    /// Ends the server and starts another with one setting more, or another value for it.
    pub(crate) fn start_again_with(&mut self, setting: (&str, &str)) {
        let (name, value) = setting;
        self.settings.retain(|(known, _)| known != name);
        self.settings.push((name.to_owned(), value.to_owned()));
        self.start_again("KILL");
    }

    /// Where it listens, such as `http://127.0.0.1:40123`.
    pub(crate) fn address(&self) -> &str {
        &self.base
    }

    /// A client nobody knows.
    pub(crate) fn client(&self) -> Client {
        Client::new(&self.base)
    }

    /// Runs a command of the program on the same database and settings; its standard output.
    #[track_caller]
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        assert!(
            output.status.success(),
            "{arguments:?}: {} {}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// A command on the same database and settings that is not started yet.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command
            .args(arguments)
            .envs(self.settings.clone())
            .current_dir(self.folder.path());
        command
    }

    /// A client for the member with this address.
    pub(crate) fn client_of(&self, email: &str) -> Client {
        self.client()
            .with_token(&self.run(&["token", "issue", "--email", email]))
    }

    /// Sets the time for the server and its commands, and does what is due then.
    pub(crate) fn go_to(&self, time: &str) {
        self.set_time(time);
        self.run(&["run", "--once"]);
    }

    /// Sets the time for the server and its commands; what is due then is left to the server.
    pub(crate) fn set_time(&self, time: &str) {
        // A reader finds the old time or the new one, never half of it.
        let draft = self.folder.path().join("clock.draft");
        std::fs::write(&draft, time).unwrap();
        std::fs::rename(draft, self.folder.path().join("clock")).unwrap();
    }
}

/// Starts `serve`; the process and the address it says it listens on.
fn serve(settings: &[(String, String)], folder: &TempDir) -> (Child, String) {
    let mut process = Command::new(PROGRAM)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .envs(settings.to_vec())
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(process.stdout.take().unwrap())
        .read_line(&mut first)
        .unwrap();
    let base = first
        .split_whitespace()
        .last()
        .unwrap_or_default()
        .to_owned();
    assert!(
        base.starts_with("http://"),
        "the first line of serve names the address: {first}"
    );
    (process, base)
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
