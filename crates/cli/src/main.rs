//! The one program: reads what was typed, does it, and says with its exit code how it went.
//!
//! 0: done. 1: refused, with a message on standard error that says what to do. 2: not typed right.

mod args;
mod commands;
mod grades;
mod posts;
mod refusal;
mod rows;
mod screen;
mod tables;

use std::io::{self, ErrorKind, IsTerminal};
use std::process::ExitCode;

use tracing_subscriber::EnvFilter;

use args::{Cli, Command, Mistyped};

/// Ranking asks for memory in small pieces on every thread.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match args::read() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    start_log(&cli);
    let done = tokio::runtime::Runtime::new()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(commands::run(cli)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Who reads only the first lines of a list, as `head` does, has what they wanted.
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            screen::refuse(&format!("{error:#}"));
            ExitCode::from(if error.is::<Mistyped>() { 2 } else { 1 })
        }
    }
}

/// How logs are written, when it should not follow from where they go: `json` or `text`.
const LOG: &str = "SAMENSPEL_LOG";

/// Logs go to standard error: for people on a terminal, and as JSON where a server's log is collected.
fn start_log(cli: &Cli) {
    let serves = matches!(cli.command, Command::Serve(_));
    let usual = if serves { "info" } else { "warn" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_not_set| EnvFilter::new(usual));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    let as_json = match std::env::var(LOG).as_deref() {
        Ok("json") => true,
        Ok("text") => false,
        _ => serves && !io::stderr().is_terminal(),
    };
    if as_json {
        log.json().init();
    } else {
        log.with_ansi(screen::may_color(&io::stderr())).init();
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let written = cause.downcast_ref::<io::Error>();
        written.is_some_and(|written| written.kind() == ErrorKind::BrokenPipe)
    })
}
