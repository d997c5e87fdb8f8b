//! `samenspel check`: whether the settings are right and the database is there, and what is in it.

use app::config::{Config, MailTransport};
use app::{App, Clock, Location, Opening};
use domain::dutch::commands::{self as words, help};
use domain::dutch::dates;
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
    let warnings = config.warnings();
    let app = App::open(config, Opening::Existing, Clock::from_environment()).await?;
    let found = app.inventory().await.map_err(refusal::said)?;
    let pause = app.outbox_health().await.map_err(refusal::said)?.pause;
    let signs = app.dkim_record();
    let version = env!("CARGO_PKG_VERSION");
    let answer = if args.json {
        json!({
            "version": version,
            "database": location.to_string(),
            "mail": mail,
            "openRequests": found.open_requests,
            "openOffers": found.open_offers,
            "deliveries": found.deliveries,
            "paused": pause.map(|pause| pause.reason),
            "dkim": signs.map(|record| json!({ "name": record.name, "value": record.value })),
            "warnings": warnings,
        })
        .to_string()
    } else {
        let deliveries = found
            .deliveries
            .iter()
            .map(|(state, count)| (state.code(), *count));
        let mut lines = vec![
            words::version(version),
            words::database_found(&location),
            words::mail_goes(&mail),
            signs.map_or_else(
                || words::not_signed().to_owned(),
                |record| words::signed(&record.name, &record.value),
            ),
            words::posts_found(found.open_requests, found.open_offers),
            words::deliveries_found(deliveries),
        ];
        let paused =
            pause.map(|pause| words::post_paused(&pause.reason, &dates::moment(pause.since)));
        let warned = warnings.iter().map(|said| words::warning(said));
        let remarks: Vec<String> = paused.into_iter().chain(warned).collect();
        if remarks.is_empty() {
            lines.push(words::all_fine().to_owned());
        }
        lines.extend(remarks);
        lines.join("\n")
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
