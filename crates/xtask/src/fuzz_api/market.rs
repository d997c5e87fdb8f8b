//! A server with the example data on a database that is thrown away; what `fuzz_api` asks its questions.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, pipe};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::process::{Kept, cargo, output, root, succeed, target_folder};

/// The address of the coordinator who asks.
const COORDINATOR: &str = "coordinator@coalitie.example";

/// The server; it ends and its folder goes when this is dropped.
pub(super) struct Market {
    /// Where it listens, such as `http://127.0.0.1:40123`.
    pub(super) address: String,
    /// The coordinator's bearer token.
    pub(super) token: String,
    log: PathBuf,
    /// The server writes to it; without a reader it would end.
    _said: BufReader<std::io::PipeReader>,
    _server: Kept,
}

impl Market {
    /// Builds the program, fills a database with the examples, and starts a server on it.
    ///
    /// # Errors
    /// When the program does not build, refuses the examples, or does not start.
    pub(super) fn open() -> Result<Self> {
        succeed(&mut cargo(["build", "--quiet", "--package", "cli"]))?;
        let folder = target_folder().join(format!("fuzz-api-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let run = |words: &[&str]| output(program(&folder).args(words));
        run(&["migrate"])?;
        for kind in ["organisations", "requests", "offers"] {
            let file = root().join("examples").join(format!("{kind}.csv"));
            run(&["import", kind, &file.display().to_string(), "--no-rematch"])?;
        }
        run(&["rematch"])?;
        let member = ["member", "add", "--email", COORDINATOR, "--name", "Coen"];
        let place = ["--organisation", "Coalitie", "--role", "coordinator"];
        run(&[&member[..], &place[..]].concat())?;
        let token = run(&["token", "issue", "--email", COORDINATOR])?;

        let log = target_folder().join("fuzz-api-server.log");
        let (reader, writer) = pipe()?;
        let mut serve = program(&folder);
        serve.args(["serve", "--listen", "127.0.0.1:0"]);
        serve.stdout(writer).stderr(File::create(&log)?);
        let server = Kept::start(&mut serve, Some(&folder))?;
        drop(serve);
        let mut said = BufReader::new(reader);
        let mut first = String::new();
        said.read_line(&mut first)?;
        let address = first.split_whitespace().last().unwrap_or_default();
        if !address.starts_with("http://") {
            bail!("the server did not start; read {}", log.display());
        }
        Ok(Self {
            address: address.to_owned(),
            token: token.trim().to_owned(),
            log,
            _said: said,
            _server: server,
        })
    }

    /// What the server itself called a fault of ours while it was asked.
    ///
    /// # Errors
    /// When its log cannot be read.
    pub(super) fn faults(&self) -> Result<Vec<String>> {
        let log = fs::read_to_string(&self.log)
            .with_context(|| format!("{} cannot be read", self.log.display()))?;
        let ours = |line: &&str| {
            line.contains("a request failed by our fault") || line.contains("panicked")
        };
        Ok(log.lines().filter(ours).map(str::to_owned).collect())
    }
}

/// The program, with settings that reach nobody.
fn program(folder: &Path) -> Command {
    let mut command = Command::new(target_folder().join("debug").join("samenspel"));
    command
        .current_dir(folder)
        .env("SAMENSPEL_DATABASE", folder.join("market.sqlite"))
        .env("SAMENSPEL_DATABASE__DURABILITY", "normal")
        .env("SAMENSPEL_MAIL__TRANSPORT", "files")
        .env("SAMENSPEL_AUTH__TOKEN_MINUTES", "1440")
        .env("SAMENSPEL_AUTH__ASKS_PER_HOUR", "1000000")
        .env("RUST_LOG", "warn");
    command
}
