//! `samenspel migrate`: makes the database, or brings its tables up to date.

use app::{App, Clock, Location, Opening};
use domain::dutch::commands as words;

use crate::args::Settings;
use crate::screen;

/// What can be typed: nothing.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// Opens the database, which does it all, and says what was there before.
pub(crate) async fn run(settings: &Settings, _args: &Args) -> anyhow::Result<()> {
    let config = settings.load()?;
    let location: Location = config.database.url.parse()?;
    let is_new = matches!(&location, Location::Sqlite(path) if !path.exists());
    App::open(config, Opening::MayCreate, Clock::from_environment()).await?;
    let said = if is_new {
        words::database_made(&location)
    } else {
        words::database_updated(&location)
    };
    Ok(screen::say(&said)?)
}
