//! Installs what is missing on a Debian machine; used where a test needs another program.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::process::{output, succeed, target_folder, works};

/// Installs packages with `apt-get`, as root or through `sudo`, and says so.
///
/// # Errors
/// When there is no `apt-get`, no right to use it, or it fails.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    if !works(Command::new("apt-get").arg("--version")) {
        bail!("this machine has no apt-get");
    }
    let sudo = match user_number("")? {
        0 => None,
        _ if works(Command::new("sudo").args(["-n", "true"])) => Some("sudo"),
        _ => bail!("apt-get needs root, and sudo asks for a password or is not there"),
    };
    println!("Installing {} with apt-get.", packages.join(", "));
    succeed(apt_get(sudo).arg("update"))?;
    succeed(
        apt_get(sudo)
            .args(["install", "-y", "--no-install-recommends"])
            .args(packages),
    )
}

/// Unpacks a package into the target directory without installing it; gives the folder.
///
/// # Errors
/// When it cannot be had or unpacked.
pub(crate) fn unpack(package: &str) -> Result<PathBuf> {
    let folder = target_folder().join("xtask").join(package);
    let unpacked = folder.join("unpacked");
    if unpacked.exists() {
        return Ok(unpacked);
    }
    std::fs::create_dir_all(&folder)?;
    succeed(
        Command::new("apt-get")
            .args(["download", package])
            .current_dir(&folder),
    )?;
    let file = std::fs::read_dir(&folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|kind| kind == "deb"))
        .with_context(|| format!("apt-get downloaded no {package}"))?;
    succeed(Command::new("dpkg").arg("-x").arg(file).arg(&unpacked))?;
    Ok(unpacked)
}

/// The number of a user by name; the empty name is who runs us.
///
/// # Errors
/// When there is no such user.
pub(crate) fn user_number(name: &str) -> Result<u32> {
    number("-u", name)
}

/// The number of the main group of a user by name.
///
/// # Errors
/// When there is no such user.
pub(crate) fn group_number(name: &str) -> Result<u32> {
    number("-g", name)
}

fn number(what: &str, name: &str) -> Result<u32> {
    let answer = output(
        Command::new("id")
            .arg(what)
            .args(Some(name).filter(|name| !name.is_empty())),
    )?;
    let number = answer.trim();
    number
        .parse()
        .with_context(|| format!("`id` answered {number:?}"))
}

/// `apt-get` that asks nothing, as `env` hands on what `sudo` would drop.
fn apt_get(sudo: Option<&str>) -> Command {
    let mut words = sudo
        .into_iter()
        .chain(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    let mut command = Command::new(words.next().unwrap_or("env"));
    command.args(words);
    command
}

#[cfg(test)]
mod tests {
    use super::{apt_get, group_number, user_number};
    use crate::process::shown;

    #[test]
    fn installing_never_asks_a_question() {
        assert_eq!(
            shown(&apt_get(None)),
            "env DEBIAN_FRONTEND=noninteractive apt-get"
        );
        assert_eq!(
            shown(&apt_get(Some("sudo"))),
            "sudo env DEBIAN_FRONTEND=noninteractive apt-get"
        );
    }

    #[test]
    fn root_is_number_zero() {
        assert_eq!(user_number("root").expect("every system has root"), 0);
        assert_eq!(group_number("root").expect("root has a group"), 0);
        assert!(user_number("no such user").is_err());
    }
}
