//! `samenspel rematch`: ranks every open request again; also what follows an import.

use app::{App, Rematched};
use domain::dutch::commands::{self as words, help};
use serde_json::json;

use crate::{refusal, screen};

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[arg(long, help = help::JSON)]
    json: bool,
}

/// Matches everything and says how many proposals are new.
pub(crate) async fn run(app: &App, args: &Args) -> anyhow::Result<()> {
    let done = rematched(app).await?;
    let answer = if args.json {
        json!({ "requests": done.requests, "offers": done.offers, "proposed": done.proposed })
            .to_string()
    } else {
        words::rematched(done.requests, done.offers, done.proposed)
    };
    Ok(screen::say(&answer)?)
}

/// A full rematch behind a bar.
pub(crate) async fn rematched(app: &App) -> anyhow::Result<Rematched> {
    let bar = screen::progress(words::matching(), 0);
    let shown = bar.clone();
    let done = app
        .rematch(move |done, total| {
            shown.set_length(screen::counted(total));
            shown.set_position(screen::counted(done));
        })
        .await;
    bar.finish_and_clear();
    done.map_err(refusal::said)
}
