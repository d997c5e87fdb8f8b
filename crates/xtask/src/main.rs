//! The developers' loop beside cargo: `cargo xtask test`, `check`, `openapi`, `bench`, `fuzz`, `fuzz-api`, `torture`.
//!
//! Whatever needs a second program, a database server or a loop is here; rules about the code are tests in `tests/architecture.rs`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the tasks tell a developer on a terminal what they do"
)]

mod arguments;
mod bench;
mod check;
mod debian;
mod fuzz;
mod fuzz_api;
mod openapi;
mod postgres;
mod process;
mod python;
mod report;
mod test;
mod torture;

use std::process::ExitCode;

use arguments::{HELP, Task};

/// Exit code for a command line that cannot be understood.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let task = match arguments::parse(std::env::args().skip(1)) {
        Ok(task) => task,
        Err(problem) => {
            eprintln!("{problem}\n\n{HELP}");
            return ExitCode::from(USAGE);
        }
    };
    let outcome = match task {
        Task::Help => {
            println!("{HELP}");
            Ok(())
        }
        Task::Bench(bench) => bench::run(&bench),
        Task::Check => check::run(),
        Task::Fuzz(wanted) => fuzz::run(&wanted),
        Task::FuzzApi(wanted) => fuzz_api::run(&wanted),
        Task::OpenApi => openapi::run(),
        Task::Test(wanted) => test::run(&wanted),
        Task::Torture(wanted) => torture::run(&wanted),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("\nFailed: {cause:#}");
            ExitCode::FAILURE
        }
    }
}
