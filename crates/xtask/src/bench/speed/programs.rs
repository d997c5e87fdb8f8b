//! The programs that are measured: how each is built and started; used by `speed`.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::figures::{Figures, Process};
use super::machine;
use super::market::Market;
use super::wanted::{Peer, Wanted};
use crate::postgres::{self, Server};
use crate::process::{cargo, output, root, shown, succeed, target_folder};
use crate::python;

/// PostgreSQL with the memory that one would give it for this work.
const POSTGRES_SETTINGS: [&str; 2] = ["shared_buffers=1GB", "maintenance_work_mem=512MB"];

/// How many offers PostgreSQL ranks by codes before it adds the text.
const POSTGRES_FIRST_STAGE: &str = "200";

/// How often to look how much memory a program uses; the system remembers the peak.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Everything that can be measured, built and ready to start.
pub(super) struct Programs {
    threads: usize,
    python: PathBuf,
    postgres: Option<Server>,
}

impl Programs {
    /// Builds the product and the wanted peers, and installs what they need.
    ///
    /// # Errors
    /// When one cannot be had.
    pub(super) fn prepare(wanted: &Wanted) -> Result<Self> {
        let mut programs = Self::prepare_product(wanted)?;
        println!("Building samenspel in the release profile.");
        build(&mut cargo(["build", "--release", "--package", "cli"]))?;
        if wanted.peers.contains(&Peer::Tantivy) {
            println!("Building tantivy in the release profile; the first time takes minutes.");
            build(
                cargo(["build", "--release", "--locked", "--manifest-path"])
                    .arg(root().join("benches/tantivy/Cargo.toml"))
                    .arg("--target-dir")
                    .arg(tantivy_folder()),
            )?;
        }
        if wanted.peers.contains(&Peer::Postgres) {
            let server = postgres::own_server(&POSTGRES_SETTINGS)
                .context("no PostgreSQL; leave it out with --peers sparse,exact,tantivy")?;
            programs.postgres = Some(server);
        }
        Ok(programs)
    }

    /// Builds the engine alone, and what generates its posts.
    ///
    /// # Errors
    /// When one cannot be had.
    pub(super) fn prepare_product(wanted: &Wanted) -> Result<Self> {
        println!("Building the engine in the release profile.");
        let package = ["build", "--release", "--package", "matching"];
        build(cargo(package).args(["--example", "speed"]))?;
        let requirements = root().join("benches/peers/requirements.txt");
        Ok(Self {
            threads: wanted.threads,
            python: python::with_requirements("bench-venv", &requirements)?,
            postgres: None,
        })
    }

    /// The posts of one size.
    ///
    /// # Errors
    /// When they cannot be generated.
    pub(super) fn market(&self, size: usize) -> Result<Market> {
        Market::prepare(size, &self.python)
    }

    /// Runs the engine in memory.
    ///
    /// # Errors
    /// When it fails or prints no figures.
    pub(super) fn product(&self, market: &Market) -> Result<Figures> {
        let program = target_folder().join("release/examples/speed");
        let mut command = self.command(&program);
        command.arg("--data").arg(market.folder());
        command.args(["--threads", &self.threads.to_string()]);
        Figures::read(&output(&mut command)?)
    }

    /// Runs `samenspel rank` from file to file.
    ///
    /// # Errors
    /// When it fails; the error has what it said.
    pub(super) fn command_line(&self, market: &Market) -> Result<Process> {
        let program = target_folder().join("release/samenspel");
        let mut command = self.command(&program);
        command.args(["rank", "--top", "10", "--requests"]);
        command.arg(market.requests());
        command.arg("--offers").arg(market.offers());
        command.arg("--output").arg(matches_file("samenspel")?);
        watched(&mut command, &target_folder().join("bench/rank.log"))
    }

    /// Runs a peer.
    ///
    /// # Errors
    /// When it fails or prints no figures.
    pub(super) fn peer(&self, peer: Peer, market: &Market) -> Result<Figures> {
        let mut command = match peer {
            Peer::Sparse => {
                let mut command = self.script("peer_python.py");
                command.args(["--method", "sparse", "--output"]);
                command.arg(matches_file("sparse")?);
                command
            }
            Peer::Exact => {
                let mut command = self.script("peer_python.py");
                command.args(["--method", "exact"]);
                command
            }
            Peer::Tantivy => self.command(&tantivy_folder().join("release/tantivy-peer")),
            Peer::Postgres => {
                let server = self.postgres.as_ref();
                let url = server.context("PostgreSQL was not prepared")?.url();
                let mut command = self.script("peer_postgres.py");
                // The tables are made in the first round only: that takes longest, and nothing is compared with it.
                command.args(["--url", url, "--keep", "--two-stage", POSTGRES_FIRST_STAGE]);
                command
            }
        };
        if let Some(sample) = peer.sample() {
            let option = match peer {
                Peer::Postgres => "--sample",
                Peer::Sparse | Peer::Exact | Peer::Tantivy => "--limit",
            };
            command.args([option, &sample.to_string()]);
        }
        command.arg("--data").arg(market.folder());
        command.args(["--threads", &self.threads.to_string()]);
        Figures::read(&output(&mut command)?)
    }

    fn script(&self, name: &str) -> Command {
        let mut command = self.command(&self.python);
        command.arg(root().join("benches/peers").join(name));
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }

    /// A program that gets as many cores as there are threads, so that none has more than another.
    fn command(&self, program: &Path) -> Command {
        let threads = self.threads.to_string();
        let mut command = if machine::cores() > self.threads {
            let mut command = Command::new("taskset");
            command.args(["--cpu-list", &format!("0-{}", self.threads - 1)]);
            command.arg(program);
            command
        } else {
            Command::new(program)
        };
        command.env("OMP_NUM_THREADS", &threads);
        command.env("OPENBLAS_NUM_THREADS", &threads);
        command
    }
}

/// Builds with what cargo says on the terminal.
fn build(command: &mut Command) -> Result<()> {
    succeed(command.arg("--quiet"))
}

fn tantivy_folder() -> PathBuf {
    target_folder().join("bench/tantivy")
}

/// Where the matches of a program go; they are kept until the next run, to look at.
fn matches_file(name: &str) -> Result<PathBuf> {
    let folder = target_folder().join("bench/matches");
    fs::create_dir_all(&folder)?;
    Ok(folder.join(format!("{name}.csv")))
}

/// Runs a command to its end while looking how much memory it uses; what it says goes to the file `log`.
fn watched(command: &mut Command, log: &Path) -> Result<Process> {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command.stderr(File::create(log)?);
    let started = Instant::now();
    let mut child = command
        .spawn()
        .with_context(|| format!("`{}` cannot be started", shown(command)))?;
    let number = child.id();
    let ended = AtomicBool::new(false);
    let (status, seconds, memory) = thread::scope(|scope| {
        let looking = scope.spawn(|| {
            let mut peak = None;
            while !ended.load(Ordering::Relaxed) {
                peak = peak_memory(number).or(peak);
                thread::sleep(LOOK_EVERY);
            }
            peak
        });
        let status = child.wait();
        let seconds = started.elapsed().as_secs_f64();
        ended.store(true, Ordering::Relaxed);
        (status, seconds, looking.join())
    });
    if !status?.success() {
        let said = fs::read_to_string(log)?;
        bail!("`{}` failed:\n{said}", shown(command));
    }
    let memory = memory.ok().flatten();
    Ok(Process {
        seconds,
        memory: memory.context("the program ended before its memory was seen")?,
    })
}

/// The most memory that a running program has used at once so far, in MiB.
fn peak_memory(process: u32) -> Option<f64> {
    let facts = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let peak = facts.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: f64 = peak.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes / 1024.0)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{peak_memory, watched};

    #[test]
    fn a_program_is_watched_to_its_end() {
        let log = std::env::temp_dir().join(format!("xtask-watched-{}", std::process::id()));
        let mut good = Command::new("sh");
        good.args(["-c", "i=0; while [ $i -lt 20000 ]; do i=$((i + 1)); done"]);
        let process = watched(&mut good, &log).expect("`sh` ends well");
        assert!(process.seconds > 0.0);
        assert!(process.memory > 0.0);
        let mut bad = Command::new("sh");
        bad.args(["-c", "echo broken >&2; exit 3"]);
        let problem = watched(&mut bad, &log)
            .expect_err("exit code 3 is a failure")
            .to_string();
        assert!(problem.contains("broken"), "{problem}");
        std::fs::remove_file(&log).expect("the log is there");
    }

    #[test]
    fn our_own_memory_is_seen() {
        assert!(peak_memory(std::process::id()).is_some_and(|memory| memory > 0.1));
    }
}
