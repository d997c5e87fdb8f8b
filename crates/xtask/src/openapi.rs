//! `cargo xtask openapi`: writes the contract of the API from the code into `openapi.yaml`.

use std::fs;

use anyhow::{Context as _, Result, bail};

use crate::process::{cargo, output, root};

/// Asks the program for its contract and puts it in the place of the old one.
///
/// # Errors
/// When the program does not build or prints no contract; the old file then stays as it is.
pub(crate) fn run() -> Result<()> {
    let contract = output(&mut cargo([
        "run",
        "--quiet",
        "--package",
        "cli",
        "--",
        "openapi",
    ]))?;
    if !contract.starts_with("openapi:") {
        bail!("`samenspel openapi` printed something else than a contract");
    }
    let file = root().join("openapi.yaml");
    let before = fs::read_to_string(&file).unwrap_or_default();
    fs::write(&file, &contract).with_context(|| format!("{} cannot be written", file.display()))?;
    let change = if before == contract {
        "unchanged"
    } else {
        "changed"
    };
    println!("openapi.yaml is written; it is {change}.");
    Ok(())
}
