//! `samenspel check`: whether the settings are right and the database is there, and what is in it.

use app::config::{Config, MailTransport};
use app::{App, Clock, Location, Opening};
use domain::dutch::commands::{self as words, help};
use serde_json::json;

use crate::args::Settings;
use crate::{refusal, screen};

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[arg(long, help = help::JSON)]
    json: bool,
}

/// Opens everything and says what was found.
pub(crate) async fn run(settings: &Settings, args: &Args) -> anyhow::Result<()> {
    let config = settings.load()?;
    let location: Location = config.database.url.parse()?;
    let mail = mail(&config);
    let app = App::open(config, Opening::Existing, Clock::from_environment()).await?;
    let found = app.inventory().await.map_err(refusal::said)?;
    let version = env!("CARGO_PKG_VERSION");
    let answer = if args.json {
        json!({
            "version": version,
            "database": location.to_string(),
            "mail": mail,
            "openRequests": found.open_requests,
            "openOffers": found.open_offers,
            "deliveries": found.deliveries,
        })
        .to_string()
    } else {
        let deliveries = found
            .deliveries
            .iter()
            .map(|(state, count)| (state.code(), *count));
        [
            words::version(version),
            words::database_found(&location),
            words::mail_goes(&mail),
            words::posts_found(found.open_requests, found.open_offers),
            words::deliveries_found(deliveries),
            words::all_fine().to_owned(),
        ]
        .join("\n")
    };
    Ok(screen::say(&answer)?)
}

/// Where letters go: a folder, or the host and port of a relay.
fn mail(config: &Config) -> String {
    match config.mail.transport {
        MailTransport::Files => config.mail.folder.display().to_string(),
        MailTransport::Smtp => format!("{}:{}", config.mail.host, config.mail.port),
    }
}
