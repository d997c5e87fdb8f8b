//! `samenspel restore`: a new database from a backup, which sends nothing until somebody says so.

use std::path::PathBuf;

use app::backups::restore;
use app::{Clock, Location};
use domain::dutch::{backups as words, commands::help};
use serde_json::json;

use crate::args::Settings;
use crate::commands::backup::tell;
use crate::screen;

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[arg(value_name = "BESTAND", help = help::RESTORE_FILE)]
    file: PathBuf,
    #[arg(long, help = help::JSON)]
    json: bool,
}

/// Makes the database and says how to go on.
pub(crate) fn run(settings: &Settings, args: &Args) -> anyhow::Result<()> {
    let location: Location = settings.load()?.database.url.parse()?;
    let done = restore(&args.file, &location, Clock::from_environment().now(), tell)?;
    let answer = if args.json {
        json!({ "backup": done.manifest, "held": done.held }).to_string()
    } else {
        words::restored(&location, done.manifest.all_rows(), done.held)
    };
    Ok(screen::say(&answer)?)
}
