//! Programs for Node that tests check our contract with; each is installed on first use, in a folder of its own.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The linter of OpenAPI documents.
const SPECTRAL: (&str, &str) = ("@stoplight/spectral-cli", "6.16.3");

/// The linter's program.
pub(crate) fn spectral() -> PathBuf {
    let own = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../e2e-node");
    let program = own.join("node_modules/.bin/spectral");
    fs::create_dir_all(&own).unwrap();
    // Each test is a process of its own; the first installs it and the others wait.
    let turn = File::create(own.join("lock")).unwrap();
    turn.lock().unwrap();
    let (name, version) = SPECTRAL;
    // Written when all is installed, so that a half-made folder is made anew.
    let mark = own.join("installed");
    let wanted = format!("{name}@{version}");
    if !fs::read_to_string(&mark).is_ok_and(|made| made == wanted) {
        let installed = Command::new("npm")
            .args([
                "install",
                "--no-save",
                "--no-audit",
                "--no-fund",
                "--silent",
                "--prefix",
            ])
            .arg(&own)
            .arg(&wanted)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status();
        assert!(
            installed.is_ok_and(|status| status.success()),
            "this test needs {wanted}: install the Debian packages `nodejs` and `npm`, and see that npm reaches its packages"
        );
        fs::write(mark, wanted).unwrap();
    }
    program
}
