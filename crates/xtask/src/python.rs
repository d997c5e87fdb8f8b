//! Pythons with packages of others: a mail server that the black-box tests let Samenspel send letters to, and what the
//! peers of a bench are made with; used by `test` and `bench`.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::debian;
use crate::process::{output, succeed, target_folder, works};

/// The environment variable that tells the tests which Python to use.
pub(crate) const PYTHON: &str = "SAMENSPEL_TEST_PYTHON";

/// A mail server, and what checks signatures, with their versions; `tests/support/python.rs` names the same.
const PACKAGES: [(&str, &str); 3] = [
    ("aiosmtpd", "1.4.6"),
    ("dkimpy", "1.1.8"),
    ("pynacl", "1.6.2"),
];

/// A Python that has the packages: the one the environment names, or one made in the target directory.
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
    if !has_packages(&python) {
        let wanted = PACKAGES.map(|(name, version)| format!("{name}=={version}"));
        make(&folder, &python, &wanted).with_context(|| {
            format!(
                "no Python with {wanted} for the tests of mail.\n\
                 Install the Debian package `python3-venv` and see that pip reaches a package index, \
                 or set {PYTHON} to a Python that has {wanted}",
                wanted = wanted.join(", ")
            )
        })?;
    }
    println!("Python: {}.", python.display());
    Ok(python)
}

/// A Python in the target directory that has the packages which a file of pip lists.
///
/// # Errors
/// With what to do about it when none can be made.
pub(crate) fn with_requirements(name: &str, requirements: &Path) -> Result<PathBuf> {
    let folder = target_folder().join("xtask").join(name);
    let python = folder.join("bin").join("python");
    let wanted = fs::read_to_string(requirements)
        .with_context(|| format!("{} cannot be read", requirements.display()))?;
    // Written when all is installed, so that a half-made environment is made anew.
    let mark = folder.join("requirements.txt");
    if !fs::read_to_string(&mark).is_ok_and(|made| made == wanted) {
        let packages = [OsStr::new("--requirement"), requirements.as_os_str()];
        make(&folder, &python, packages).with_context(|| {
            format!(
                "no Python with what {} lists.\n\
                 Install the Debian package `python3-venv` and see that pip reaches a package index",
                requirements.display()
            )
        })?;
        fs::write(&mark, wanted)?;
    }
    Ok(python)
}

/// Makes the environment anew, as a half-made one is not worth repairing; `packages` is handed to pip.
fn make<S: AsRef<OsStr>>(
    folder: &Path,
    python: &Path,
    packages: impl IntoIterator<Item = S>,
) -> Result<()> {
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
    succeed(
        Command::new(python)
            .args(["-m", "pip", "install", "--quiet", "--no-input"])
            .arg("--disable-pip-version-check")
            .args(packages),
    )
}

fn has_packages(python: &Path) -> bool {
    PACKAGES.iter().all(|(name, version)| {
        let question = format!(
            "from importlib.metadata import version; assert version('{name}') == '{version}'"
        );
        works(Command::new(python).args(["-c", &question]))
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::has_packages;

    #[test]
    fn a_python_that_is_not_there_has_no_package() {
        assert!(!has_packages(Path::new("/no/such/python")));
    }
}
