//! `samenspel openapi`: the contract of the API, for `openapi.yaml` in the repository.

use crate::screen;

/// What can be typed: nothing.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Prints the contract as YAML.
pub(crate) fn run(_args: &Args) -> anyhow::Result<()> {
    Ok(screen::say(web::openapi_yaml().trim_end())?)
}
