//! A Python with the packages that tests check our mail with; for the black-box tests and those of `mail`.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// What is installed where no Python has it; `cargo xtask test` gets the same.
const PACKAGES: [&str; 3] = ["aiosmtpd==1.4.6", "dkimpy==1.1.8", "pynacl==1.6.2"];

const PROGRAM_FOLDER: &str = env!("CARGO_TARGET_TMPDIR");

/// A Python with a mail server and a reader of signatures: the one `cargo xtask test` names, one that has them, or one
/// made here.
pub(crate) fn python() -> &'static str {
    static FOUND: OnceLock<String> = OnceLock::new();
    FOUND.get_or_init(|| {
        let named = std::env::var("SAMENSPEL_TEST_PYTHON").ok();
        [named, Some("python3".to_owned())]
            .into_iter()
            .flatten()
            .find(|candidate| has_packages(candidate))
            .unwrap_or_else(made_here)
    })
}

/// A script of this folder.
pub(crate) fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/support")
        .join(name)
}

fn made_here() -> String {
    let own = PathBuf::from(PROGRAM_FOLDER).join("../e2e-python");
    let made = own.join("bin/python").display().to_string();
    // Each test is a process of its own; the first makes it and the others wait.
    let turn = File::create(own.with_extension("lock")).unwrap();
    turn.lock().unwrap();
    if !has_packages(&made) {
        let mut install = vec!["-m", "pip", "install", "--quiet"];
        install.extend(PACKAGES);
        assert!(
            runs("python3", &["-m", "venv", &own.display().to_string()]) && runs(&made, &install),
            "these tests need Python 3 with {PACKAGES:?}; `cargo xtask test` gets it"
        );
    }
    made
}

fn has_packages(candidate: &str) -> bool {
    runs(candidate, &["-c", "import aiosmtpd, dkim, nacl"])
}

fn runs(program: &str, arguments: &[&str]) -> bool {
    let quiet = Command::new(program)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    quiet.is_ok_and(|status| status.success())
}
