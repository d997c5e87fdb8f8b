//! `cargo xtask check`: format, lints, documentation and licences, each by one command that can be run by hand.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process::{cargo, shown, succeed, works};

/// Checks the whole workspace.
///
/// # Errors
/// When a check fails; the error names which.
pub(crate) fn run() -> Result<()> {
    let mut checks = vec![
        cargo(["fmt", "--all", "--check"]),
        clippy(&["--workspace"]),
        clippy(&["--package", "cli", "--no-default-features"]),
        documentation(),
    ];
    if works(&mut cargo(["deny", "--version"])) {
        checks.push(cargo(["deny", "check", "licenses", "bans", "sources"]));
    } else {
        println!(
            "Licences are NOT checked: cargo-deny is not installed (`cargo install cargo-deny --locked`)."
        );
    }
    run_all(checks)
}

/// Lints all that cargo builds, tests included, and lets no warning pass.
fn clippy(which: &[&str]) -> Command {
    let mut command = cargo(["clippy"]);
    command.args(which);
    command.args(["--all-targets", "--", "-D", "warnings"]);
    command
}

/// Builds the documentation, also of what is private, and lets no warning pass.
fn documentation() -> Command {
    let mut command = cargo([
        "doc",
        "--workspace",
        "--no-deps",
        "--document-private-items",
    ]);
    command.env("RUSTDOCFLAGS", "-D warnings");
    command
}

/// Runs every check, also after one has failed, and names those that failed.
fn run_all(checks: Vec<Command>) -> Result<()> {
    let mut failed = Vec::new();
    for mut check in checks {
        println!("\n== {}", shown(&check));
        if let Err(cause) = succeed(&mut check) {
            failed.push(cause.to_string());
        }
    }
    if !failed.is_empty() {
        bail!("{}", failed.join("; "));
    }
    println!("\nAll checks passed.");
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::{clippy, run_all};
    use crate::process::shown;

    #[test]
    fn one_failure_does_not_hide_the_next() {
        let checks = ["false", "true", "no-such-program"].map(Command::new);
        let problem = run_all(checks.into())
            .expect_err("two checks fail")
            .to_string();
        assert!(problem.contains("`false`"), "{problem}");
        assert!(!problem.contains("`true`"), "{problem}");
        assert!(problem.contains("`no-such-program`"), "{problem}");
        assert!(run_all(vec![Command::new("true")]).is_ok());
    }

    #[test]
    fn a_lint_is_an_error() {
        assert!(
            shown(&clippy(&["--workspace"]))
                .ends_with("clippy --workspace --all-targets -- -D warnings")
        );
    }
}
