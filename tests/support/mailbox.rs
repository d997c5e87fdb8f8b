//! A real SMTP server that keeps what it is sent: Python's `aiosmtpd`, whose `email` package reads each letter.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::python::{python, script};

/// The server and the folder it keeps letters in.
pub(crate) struct Mailbox {
    process: Child,
    port: String,
    folder: TempDir,
}

/// A letter as Python's `email` package read it.
#[derive(Debug, Clone)]
pub(crate) struct Letter(Value);

impl Letter {
    /// The address in the envelope.
    pub(crate) fn recipient(&self) -> &str {
        self.0["recipient"].as_str().unwrap()
    }

    /// The address in the envelope that reports go to.
    pub(crate) fn return_path(&self) -> &str {
        self.0["return_path"].as_str().unwrap()
    }

    /// A header, decoded; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        let headers = self.0["headers"].as_array().unwrap();
        headers
            .iter()
            .find(|pair| pair[0] == name)
            .and_then(|pair| pair[1].as_str())
            .unwrap_or_default()
    }

    /// The part in plain text.
    pub(crate) fn text(&self) -> &str {
        self.0["text"].as_str().unwrap()
    }

    /// The part in HTML.
    pub(crate) fn html(&self) -> &str {
        self.0["html"].as_str().unwrap()
    }

    /// What Python found wrong with it.
    pub(crate) fn defects(&self) -> &Vec<Value> {
        self.0["defects"].as_array().unwrap()
    }

    /// The token of the first link to this page, such as `/toestemming`.
    #[track_caller]
    pub(crate) fn token(&self, page: &str) -> String {
        let marker = format!("{page}/");
        let text = self.text();
        let start = text
            .find(&marker)
            .unwrap_or_else(|| panic!("no link to {page} in:\n{text}"));
        text[start + marker.len()..]
            .chars()
            .take_while(|letter| letter.is_alphanumeric() || "-_".contains(*letter))
            .collect()
    }
}

impl Mailbox {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (process, port) = listen(&folder, "0");
        Self {
            process,
            port,
            folder,
        }
    }

    /// Takes the server down; the letters it took stay.
    pub(crate) fn stop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Brings the server back at the same address.
    pub(crate) fn start_again(&mut self) {
        let (process, port) = listen(&self.folder, &self.port);
        assert_eq!(port, self.port);
        self.process = process;
    }

    /// The settings that make the program send to it.
    pub(crate) fn settings(&self) -> Vec<(String, String)> {
        let setting =
            |name: &str, value: &str| (format!("SAMENSPEL_MAIL__{name}"), value.to_owned());
        vec![
            setting("TRANSPORT", "smtp"),
            setting("HOST", "127.0.0.1"),
            setting("PORT", &self.port),
        ]
    }

    /// How many letters it took.
    pub(crate) fn count(&self) -> usize {
        self.files().len()
    }

    /// Every letter it took, in order.
    pub(crate) fn letters(&self) -> Vec<Letter> {
        let read = |path: &PathBuf| {
            Letter(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
        };
        self.files().iter().map(read).collect()
    }

    fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<PathBuf> = std::fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|kind| kind == "json"))
            .collect();
        files.sort();
        files
    }

    /// The letters to one address.
    pub(crate) fn letters_to(&self, address: &str) -> Vec<Letter> {
        self.letters()
            .into_iter()
            .filter(|letter| letter.recipient() == address)
            .collect()
    }

    /// The last letter to one address.
    #[track_caller]
    pub(crate) fn last_to(&self, address: &str) -> Letter {
        self.letters_to(address)
            .pop()
            .unwrap_or_else(|| panic!("no letter to {address}"))
    }
}

/// Starts the server; the process and the port it listens on.
fn listen(folder: &TempDir, port: &str) -> (Child, String) {
    let mut process = Command::new(python())
        .args(["-B"])
        .arg(script("smtp_sink.py"))
        .arg(folder.path())
        .arg(port)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut port = String::new();
    BufReader::new(process.stdout.take().unwrap())
        .read_line(&mut port)
        .unwrap();
    let port = port.trim().to_owned();
    assert!(port.parse::<u16>().is_ok(), "the SMTP server did not start");
    (process, port)
}

/// The letters in `.eml` files.
pub(crate) fn read_letters(files: &[PathBuf]) -> Vec<Letter> {
    let output = Command::new(python())
        .args(["-B"])
        .arg(script("read_eml.py"))
        .args(files)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let letters: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    letters.into_iter().map(Letter).collect()
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
