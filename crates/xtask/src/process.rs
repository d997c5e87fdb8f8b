//! Starts other programs, and sees to it that none outlives this one; used by every task.

use std::ffi::OsStr;
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use anyhow::{Context as _, Result, bail};

/// What the keeper of a [`Kept`] program does; its arguments are the process group and a directory or nothing.
///
/// A group that ignores the interrupt for twenty seconds is killed.
const KEEPER: &str = r#"
IFS= read -r word
if [ "$word" != finished ]; then
    kill -s INT -- "-$1"
    left=200
    while [ "$left" -gt 0 ] && kill -s 0 -- "-$1"; do
        sleep 0.1
        left=$((left - 1))
    done
    [ "$left" -gt 0 ] || kill -s KILL -- "-$1"
fi
[ -z "$2" ] || rm -rf -- "$2"
"#;

/// A running program that ends when this one ends, however it ends.
///
/// Ctrl-C ends us without running a destructor.
/// So a small shell, the keeper, waits for the end of a pipe that only we hold open, then interrupts the program and removes its directory.
/// Both have a process group of their own, out of reach of the terminal.
pub(crate) struct Kept {
    child: Child,
    keeper: Child,
}

impl Kept {
    /// Starts `command`; `directory` is removed when it has ended.
    ///
    /// # Errors
    /// When the program or a shell cannot be started.
    pub(crate) fn start(command: &mut Command, directory: Option<&Path>) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| format!("`{}` cannot be started", shown(command)))?;
        let keeper = Command::new("sh")
            .args(["-c", KEEPER, "keeper", &child.id().to_string()])
            .arg(directory.map_or(OsStr::new(""), Path::as_os_str))
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn();
        match keeper {
            Ok(keeper) => Ok(Self { child, keeper }),
            Err(cause) => {
                child.kill().context("a program without keeper goes on")?;
                child.wait()?;
                Err(cause).context("`sh` cannot be started")
            }
        }
    }

    /// Waits until the program ends by itself.
    ///
    /// # Errors
    /// When the system cannot tell how it ended.
    pub(crate) fn wait(&mut self) -> Result<ExitStatus> {
        let status = self.child.wait()?;
        if let Some(pipe) = self.keeper.stdin.as_mut() {
            pipe.write_all(b"finished\n")?;
        }
        Ok(status)
    }

    /// How the program ended, or nothing while it runs.
    ///
    /// # Errors
    /// When the system cannot tell.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // The child is reaped first, because the keeper waits until its group is empty.
        for process in [&mut self.child, &mut self.keeper] {
            if let Err(cause) = process.wait() {
                eprintln!("Process {} may still run: {cause}", process.id());
            }
        }
    }
}

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let root = crate_folder.ancestors().nth(2).unwrap_or(crate_folder);
    root.to_owned()
}

/// The folder that cargo builds in.
pub(crate) fn target_folder() -> PathBuf {
    let given = std::env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty());
    given.map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// The cargo that runs us, in the folder of the workspace, with these arguments.
pub(crate) fn cargo<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(root())
        .stdin(Stdio::null());
    command
}

/// Runs a command to its end, its output going to ours.
///
/// # Errors
/// When it cannot start or ends with another code than 0.
pub(crate) fn succeed(command: &mut Command) -> Result<()> {
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("`{}` cannot be started", shown(command)))?;
    if !status.success() {
        bail!("`{}` ended with {status}", shown(command));
    }
    Ok(())
}

/// Runs a command to its end and gives what it printed.
///
/// # Errors
/// When it cannot start, ends with another code than 0 (the error has what it said), or printed what is not text.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let answer = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("`{}` cannot be started", shown(command)))?;
    if !answer.status.success() {
        let said = String::from_utf8_lossy(&answer.stderr);
        let printed = String::from_utf8_lossy(&answer.stdout);
        bail!(
            "`{}` ended with {}\n{printed}{said}",
            shown(command),
            answer.status
        );
    }
    String::from_utf8(answer.stdout)
        .with_context(|| format!("`{}` printed no text", shown(command)))
}

/// Whether a command can be run and ends well; its output is not shown.
pub(crate) fn works(command: &mut Command) -> bool {
    output(command).is_ok()
}

/// A command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut words = vec![
        program
            .file_name()
            .unwrap_or(program.as_os_str())
            .to_string_lossy(),
    ];
    words.extend(command.get_args().map(OsStr::to_string_lossy));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::time::{Duration, Instant};

    use super::{Kept, output, shown, succeed, works};

    #[test]
    fn a_command_is_shown_as_typed() {
        let mut command = Command::new("/usr/bin/cargo");
        command.args(["test", "--doc"]);
        assert_eq!(shown(&command), "cargo test --doc");
    }

    #[test]
    fn a_failure_says_which_command_and_what_it_said() {
        let problem = output(Command::new("sh").args(["-c", "echo broken >&2; exit 3"]))
            .expect_err("exit code 3 is a failure")
            .to_string();
        assert!(problem.contains("sh -c"), "{problem}");
        assert!(problem.contains("exit status: 3"), "{problem}");
        assert!(problem.contains("broken"), "{problem}");
        assert!(succeed(&mut Command::new("false")).is_err());
        assert!(works(&mut Command::new("true")));
        assert!(!works(&mut Command::new("no-such-program")));
    }

    #[test]
    fn a_dropped_program_ends_and_leaves_no_directory() {
        let directory = std::env::temp_dir().join(format!("xtask-kept-{}", std::process::id()));
        std::fs::create_dir(&directory).expect("a directory of our own");
        let mut program = Command::new("sleep");
        program.arg("600");
        let started = Instant::now();
        let mut kept = Kept::start(&mut program, Some(&directory)).expect("`sleep` starts");
        assert_eq!(kept.ended().expect("its state"), None);
        drop(kept);
        assert!(started.elapsed() < Duration::from_secs(60));
        assert!(!directory.exists());
    }

    #[test]
    fn a_program_that_ends_by_itself_tells_how() {
        let mut kept =
            Kept::start(Command::new("sh").args(["-c", "exit 7"]), None).expect("`sh` starts");
        assert_eq!(kept.wait().expect("its end").code(), Some(7));
    }
}
