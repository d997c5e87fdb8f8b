//! A throw-away PostgreSQL server in a directory of its own; used when the tests are given none.

use std::fs::{self, File, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::binaries::Binaries;
use crate::debian::{group_number, user_number};
use crate::process::Kept;

/// Makes an empty server in the folder `data` and becomes it; the arguments are the folder of the programs and settings.
///
/// One program does both, so that one keeper guards both.
const MAKE_AND_RUN: &str = r#"
programs=$1
shift
"$programs/initdb" --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync --username=postgres --pgdata=data &&
    exec "$programs/postgres" -D data "$@"
"#;

/// How long a server may take to start on a slow machine.
const MAX_START: Duration = Duration::from_secs(60);

/// How often to look whether it has started.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// How often to try again when another program took the free port first.
const MAX_TRIES: usize = 3;

/// How many lines of the log are shown when a server does not start.
const MAX_LOG_LINES: usize = 20;

/// A running server; dropping it stops it and removes what it stored.
pub(crate) struct Server {
    url: String,
    version: String,
    log: PathBuf,
    // Held for its destructor.
    _running: Kept,
}

impl Server {
    /// Makes an empty server and starts it on a free port of this machine, for this machine alone.
    ///
    /// What `wanted` says about a setting goes before what is usual here.
    ///
    /// # Errors
    /// When a step fails, with what the server said.
    pub(super) fn start(binaries: &Binaries, wanted: &[&str]) -> Result<Self> {
        let mut last = None;
        for attempt in 0..MAX_TRIES {
            match Self::try_start(binaries, wanted, attempt) {
                Ok(server) => return Ok(server),
                Err(cause) if cause.to_string().contains("Address already in use") => {
                    last = Some(cause);
                }
                Err(cause) => return Err(cause),
            }
        }
        Err(last.context("no attempt to start the server was made")?)
    }

    fn try_start(binaries: &Binaries, wanted: &[&str], attempt: usize) -> Result<Self> {
        let owner = Owner::choose()?;
        let name = format!("samenspel-postgres-{}-{attempt}", std::process::id());
        let home = std::env::temp_dir().join(name);
        fs::create_dir(&home).with_context(|| format!("{} cannot be made", home.display()))?;
        let port = free_port()?;
        let log = home.join("log");
        let mut command = owner.command("sh");
        command.args(["-c", MAKE_AND_RUN, "postgres"]);
        command.arg(&binaries.directory);
        command.args(settings(port, &home, wanted));
        command.current_dir(&home);
        command.stdout(File::create(&log)?);
        command.stderr(File::options().append(true).open(&log)?);
        owner.take(&home)?;
        let mut running = Kept::start(&mut command, Some(&home))?;
        wait_until_ready(&mut running, &home, &log)?;
        Ok(Self {
            url: format!("postgres://postgres@127.0.0.1:{port}/postgres"),
            version: binaries.version.clone(),
            log,
            _running: running,
        })
    }

    /// Where it is, with the user that may create databases.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What it calls itself.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// How many databases were made since it started.
    ///
    /// # Errors
    /// When its log cannot be read.
    pub(super) fn databases_made(&self) -> Result<usize> {
        let log = fs::read(&self.log).context("the log of PostgreSQL cannot be read")?;
        Ok(count_databases(&String::from_utf8_lossy(&log)))
    }
}

/// As whom the server runs: PostgreSQL refuses to be root.
#[derive(Clone, Copy)]
enum Owner {
    /// The one who runs us.
    Ourselves,
    /// A user and group without rights.
    Other { user: u32, group: u32 },
}

impl Owner {
    fn choose() -> Result<Self> {
        if user_number("")? != 0 {
            return Ok(Self::Ourselves);
        }
        for name in ["postgres", "nobody"] {
            if let (Ok(user), Ok(group)) = (user_number(name), group_number(name)) {
                return Ok(Self::Other { user, group });
            }
        }
        bail!("PostgreSQL does not run as root, and there is no user `postgres` or `nobody`")
    }

    /// A program that this owner runs.
    fn command(self, program: &str) -> Command {
        let mut command = Command::new(program);
        if let Self::Other { user, group } = self {
            command.uid(user).gid(group);
        }
        command
    }

    /// Makes a directory this owner's alone.
    fn take(self, directory: &Path) -> Result<()> {
        if let Self::Other { user, group } = self {
            chown(directory, Some(user), Some(group))?;
        }
        fs::set_permissions(directory, Permissions::from_mode(0o700))?;
        Ok(())
    }
}

/// A server that is small, but keeps its promises: what is committed is on the disk, as it will be in production.
fn settings(port: u16, sockets: &Path, wanted: &[&str]) -> Vec<String> {
    let settings = [
        "listen_addresses=127.0.0.1".to_owned(),
        format!("port={port}"),
        format!("unix_socket_directories={}", sockets.display()),
        "fsync=on".to_owned(),
        "shared_buffers=32MB".to_owned(),
        "max_connections=200".to_owned(),
        // Makes the log tell how many databases the tests made.
        "log_statement=ddl".to_owned(),
    ];
    // The server takes the last word on a setting.
    settings
        .into_iter()
        .chain(wanted.iter().map(|&setting| setting.to_owned()))
        .flat_map(|setting| ["-c".to_owned(), setting])
        .collect()
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}

/// Waits until the server writes `ready` in its file of facts.
fn wait_until_ready(running: &mut Kept, home: &Path, log: &Path) -> Result<()> {
    let started = Instant::now();
    loop {
        let facts = fs::read_to_string(home.join("data/postmaster.pid")).unwrap_or_default();
        if is_ready(&facts) {
            return Ok(());
        }
        let ended = running.ended()?;
        if ended.is_some() || started.elapsed() > MAX_START {
            let said = fs::read(log)?;
            bail!(
                "PostgreSQL did not start; it said:\n{}",
                last_lines(&String::from_utf8_lossy(&said))
            );
        }
        sleep(LOOK_EVERY);
    }
}

/// The last line of `postmaster.pid` is the state of the server, padded with spaces.
fn is_ready(facts: &str) -> bool {
    facts
        .lines()
        .last()
        .is_some_and(|line| line.trim() == "ready")
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let skipped = lines.len().saturating_sub(MAX_LOG_LINES);
    let shown: Vec<&str> = lines.into_iter().skip(skipped).collect();
    shown.join("\n")
}

/// Counts the statements that made a database; a statement repeated beside an error is not one.
fn count_databases(log: &str) -> usize {
    log.lines()
        .filter(|line| line.contains("LOG:") && line.to_lowercase().contains("create database"))
        .count()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{count_databases, is_ready, last_lines, settings};

    #[test]
    fn what_is_wanted_comes_after_what_is_usual() {
        let words = settings(5433, Path::new("/tmp"), &["shared_buffers=1GB"]);
        let place = |wanted: &str| words.iter().position(|word| word == wanted);
        assert!(place("shared_buffers=32MB").is_some());
        assert!(place("shared_buffers=32MB") < place("shared_buffers=1GB"));
    }

    #[test]
    fn a_server_is_ready_when_its_last_line_says_so() {
        let facts = "4711\n/tmp/data\n1770000000\n5433\n/tmp\n127.0.0.1\n  5433001   32769\n";
        assert!(is_ready(&format!("{facts}ready   \n")));
        assert!(!is_ready(&format!("{facts}starting\n")));
        assert!(!is_ready(""));
    }

    #[test]
    fn databases_are_counted_once_each() {
        let log = "\
            2026-01-10 10:00:00 UTC [7] LOG:  statement: CREATE DATABASE one\n\
            2026-01-10 10:00:01 UTC [8] LOG:  execute <unnamed>: create database \"two\"\n\
            2026-01-10 10:00:02 UTC [9] LOG:  statement: CREATE TABLE members (id text)\n\
            2026-01-10 10:00:03 UTC [9] ERROR:  database \"two\" already exists\n\
            2026-01-10 10:00:03 UTC [9] STATEMENT:  CREATE DATABASE two\n";
        assert_eq!(count_databases(log), 2);
    }

    #[test]
    fn only_the_end_of_a_long_log_is_shown() {
        let log: String = (0..100).map(|number| format!("line {number}\n")).collect();
        let shown = last_lines(&log);
        assert!(shown.starts_with("line 80\n"), "{shown}");
        assert!(shown.ends_with("line 99"), "{shown}");
        assert_eq!(last_lines("one\ntwo"), "one\ntwo");
    }
}
