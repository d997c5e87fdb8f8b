//! The real program, run from outside: in a folder of its own, with settings of its own; used by every torture.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The name of the database in its folder.
const DATABASE: &str = "market.sqlite";

/// The name of the file with the time; the machine's clock counts until it is there.
const CLOCK: &str = "clock";

/// Where the program is.
#[derive(Debug, Clone)]
pub struct Program(PathBuf);

impl Program {
    /// The program at this path.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A folder with an empty SQLite database.
    ///
    /// # Errors
    /// When the folder or the database cannot be made.
    pub fn ground(&self, settings: &[(&str, &str)]) -> Result<Ground> {
        let ground = Ground::empty(self, settings)?;
        ground.run(&["migrate"])?;
        Ok(ground)
    }
}

/// A folder with a database, the settings that lead to it, and the program that uses both. Removed when dropped.
pub struct Ground {
    folder: TempDir,
    program: Program,
    settings: Vec<(String, String)>,
}

impl Ground {
    fn empty(program: &Program, settings: &[(&str, &str)]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let database = folder.path().join(DATABASE).display().to_string();
        let mut all = vec![
            ("SAMENSPEL_DATABASE".to_owned(), database),
            (
                "SAMENSPEL_AUTH__SECRET".to_owned(),
                "een geheim van ruim tweeendertig tekens".to_owned(),
            ),
            (
                "SAMENSPEL_CLOCK_FILE".to_owned(),
                folder.path().join(CLOCK).display().to_string(),
            ),
            ("RUST_LOG".to_owned(), "error".to_owned()),
            // One network address registers more than any person would.
            (
                "SAMENSPEL_AUTH__ASKS_PER_HOUR".to_owned(),
                "1000000".to_owned(),
            ),
        ];
        all.extend(
            settings
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        );
        Ok(Self {
            folder,
            program: program.clone(),
            settings: all,
        })
    }

    /// Another folder with a copy of the database; nobody may have it open meanwhile.
    ///
    /// # Errors
    /// When it cannot be copied.
    pub fn copy(&self, settings: &[(String, String)]) -> Result<Self> {
        let mut copy = Self::empty(&self.program, &[])?;
        for entry in std::fs::read_dir(self.folder.path())? {
            let entry = entry?;
            let is_database = entry.file_name().to_string_lossy().starts_with(DATABASE);
            if is_database && entry.file_type()?.is_file() {
                std::fs::copy(entry.path(), copy.folder.path().join(entry.file_name()))?;
            }
        }
        copy.settings.extend_from_slice(settings);
        Ok(copy)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The file of the database.
    pub fn database(&self) -> PathBuf {
        self.folder.path().join(DATABASE)
    }

    /// A command that is not started yet; `wrapped` is a program to run it in, with its arguments, or nothing.
    pub fn command(&self, wrapped: &[&str], arguments: &[&str]) -> Command {
        let mut command = match wrapped {
            [] => Command::new(&self.program.0),
            [wrapper, words @ ..] => {
                let mut command = Command::new(wrapper);
                command.args(words).arg(&self.program.0);
                command
            }
        };
        command
            .args(arguments)
            .envs(self.settings.iter().cloned())
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs a command to its end; what it answered.
    ///
    /// # Errors
    /// When it ends with another code than 0, with what it said.
    pub fn run(&self, arguments: &[&str]) -> Result<String> {
        self.run_with(&[], arguments)
    }

    /// The same with settings over those of the ground.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub fn run_with(&self, settings: &[(&str, &str)], arguments: &[&str]) -> Result<String> {
        let output = self
            .command(&[], arguments)
            .envs(settings.iter().copied())
            .output()
            .with_context(|| format!("{} cannot be run", self.program.0.display()))?;
        if !output.status.success() {
            bail!(
                "{arguments:?} ended with {}\n{}{}",
                output.status,
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Every delivery, as `samenspel outbox list` tells it.
    ///
    /// # Errors
    /// When the program does not answer as it should.
    pub fn outbox(&self) -> Result<Vec<Value>> {
        let listed = self.run(&["outbox", "list", "--json", "--limit", "1000000"])?;
        Ok(serde_json::from_str(&listed)?)
    }

    /// From now on time stands still for the program, this much later than now; only a debug build can be told so.
    ///
    /// # Errors
    /// When the clock cannot be written.
    pub fn later(&self, by: Duration) -> Result<()> {
        let date = Command::new("date")
            .args(["-u", "+%Y-%m-%dT%H:%M:%SZ", "-d"])
            .arg(format!("+{} seconds", by.as_secs()))
            .output()?;
        if !date.status.success() {
            bail!("`date` does not know when {by:?} later is");
        }
        std::fs::write(self.folder.path().join(CLOCK), date.stdout)?;
        Ok(())
    }

    /// Starts the server; `wrapped` is a program to run it in, with its arguments, or nothing.
    ///
    /// # Errors
    /// When it does not say on which address it listens.
    pub fn serve(&self, wrapped: &[&str]) -> Result<Serving> {
        let mut process = self
            .command(wrapped, &["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} cannot be started", self.program.0.display()))?;
        let mut first = String::new();
        let said = process.stdout.take().context("no standard output")?;
        // The child is killed with this value, also when it says something else.
        let mut serving = Serving {
            process,
            base: String::new(),
        };
        BufReader::new(said).read_line(&mut first)?;
        let last = first.split_whitespace().last().unwrap_or_default();
        last.clone_into(&mut serving.base);
        if !last.starts_with("http://") {
            bail!("the server said {first:?} instead of its address");
        }
        Ok(serving)
    }
}

/// A running server; killed when dropped.
pub struct Serving {
    process: Child,
    base: String,
}

impl Serving {
    /// Its address, such as `http://127.0.0.1:4711`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The process.
    pub fn process(&mut self) -> &mut Child {
        &mut self.process
    }

    /// Asks it to stop, and waits until it has.
    ///
    /// # Errors
    /// When it cannot be asked, or ends badly.
    pub fn stop(mut self) -> Result<()> {
        signal(self.process.id(), "TERM")?;
        let status = self.process.wait()?;
        if !status.success() {
            bail!("the server ended with {status}");
        }
        Ok(())
    }

    /// Registers an organisation with a member at this address, which causes one letter to it; the answer.
    ///
    /// # Errors
    /// When the server does not answer, or refuses.
    pub fn register(&self, email: &str) -> Result<Value> {
        static NAMES: AtomicUsize = AtomicUsize::new(0);
        let number = NAMES.fetch_add(1, Ordering::Relaxed);
        let body = json!({
            "organisation": { "name": format!("Buurthuis {number}"), "kind": "partner", "place": "Apeldoorn" },
            "member": { "name": "Nel Nieuw", "email": email },
        });
        post(&format!("{}/v1/registrations", self.base), &body)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Sends a signal, such as `TERM`, to a process.
///
/// # Errors
/// When it cannot be sent.
pub fn signal(process: u32, name: &str) -> Result<()> {
    let sent = Command::new("sh")
        .args(["-c", &format!("kill -s {name} {process}")])
        .status()?;
    if !sent.success() {
        bail!("process {process} does not take {name}");
    }
    Ok(())
}

/// Posts JSON on a connection of its own; the answer as JSON.
///
/// # Errors
/// When there is no answer, or one that refuses.
pub fn post(address: &str, body: &Value) -> Result<Value> {
    let mut answer = ureq::post(address)
        .header("content-type", "application/json")
        .send(body.to_string())
        .with_context(|| format!("{address} did not take {body}"))?;
    Ok(serde_json::from_str(&answer.body_mut().read_to_string()?)?)
}
