//! A Python with a mail server in it, which the black-box tests let Samenspel send letters to; used by `test`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::debian;
use crate::process::{output, root, succeed, works};

/// The environment variable that tells the tests which Python to use.
pub(crate) const PYTHON: &str = "SAMENSPEL_TEST_PYTHON";

/// The mail server and its version.
const PACKAGE: (&str, &str) = ("aiosmtpd", "1.4.6");

/// A Python that has the mail server: the one the environment names, or one made in the target directory.
///
/// # Errors
/// With what to do about it when there is none and none can be made.
pub(crate) fn prepare() -> Result<PathBuf> {
    if let Some(given) = std::env::var_os(PYTHON).filter(|path| !path.is_empty()) {
        println!("Python: the one that {PYTHON} names.");
        return Ok(PathBuf::from(given));
    }
    let folder = target_folder().join("xtask").join("venv");
    let python = folder.join("bin").join("python");
    if !has_package(&python) {
        make(&folder, &python).with_context(|| {
            let (name, version) = PACKAGE;
            format!(
                "no Python with {name} for the tests of mail.\n\
                 Install the Debian package `python3-venv` and see that pip reaches a package index, \
                 or set {PYTHON} to a Python that has {name} {version}"
            )
        })?;
    }
    println!("Python: {}.", python.display());
    Ok(python)
}

/// Makes the environment anew, as a half-made one is not worth repairing.
fn make(folder: &Path, python: &Path) -> Result<()> {
    println!("Python: making {}.", folder.display());
    let create = || {
        output(
            Command::new("python3")
                .args(["-m", "venv", "--clear"])
                .arg(folder),
        )
    };
    if create().is_err() {
        debian::install(&["python3", "python3-venv"])?;
        create()?;
    }
    let (name, version) = PACKAGE;
    succeed(
        Command::new(python)
            .args(["-m", "pip", "install", "--quiet", "--no-input"])
            .arg("--disable-pip-version-check")
            .arg(format!("{name}=={version}")),
    )
}

fn has_package(python: &Path) -> bool {
    let (name, version) = PACKAGE;
    let question =
        format!("from importlib.metadata import version; assert version('{name}') == '{version}'");
    works(Command::new(python).args(["-c", &question]))
}

fn target_folder() -> PathBuf {
    let given = std::env::var_os("CARGO_TARGET_DIR").filter(|folder| !folder.is_empty());
    given.map_or_else(|| root().join("target"), |folder| root().join(folder))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::has_package;

    #[test]
    fn a_python_that_is_not_there_has_no_package() {
        assert!(!has_package(Path::new("/no/such/python")));
    }
}
