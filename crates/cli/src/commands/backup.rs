//! `samenspel backup`: a checked copy of the database, made while the server works.

use std::path::PathBuf;

use app::backups::{Existing, Step, back_up};
use app::{Clock, Location};
use domain::dutch::{backups as words, commands::help};

use crate::args::Settings;
use crate::screen;

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[arg(value_name = "BESTAND", help = help::BACKUP_FILE)]
    file: PathBuf,
    #[arg(long, help = help::BACKUP_FORCE)]
    force: bool,
    #[arg(long, help = help::JSON)]
    json: bool,
}

/// Makes the backup and says what is in it.
pub(crate) fn run(settings: &Settings, args: &Args) -> anyhow::Result<()> {
    let location: Location = settings.load()?.database.url.parse()?;
    let existing = if args.force {
        Existing::MayGo
    } else {
        Existing::Stays
    };
    let now = Clock::from_environment().now();
    let manifest = back_up(&location, &args.file, existing, now, tell)?;
    let answer = if args.json {
        serde_json::to_string(&manifest)?
    } else {
        words::made(args.file.display(), manifest.all_rows(), manifest.size)
    };
    Ok(screen::say(&answer)?)
}

/// Says what goes on.
pub(crate) fn tell(step: Step) {
    screen::note(match step {
        Step::Copying => words::copying(),
        Step::Summing => words::summing(),
        Step::Restoring => words::restoring(),
    });
}
