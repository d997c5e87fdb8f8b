//! `samenspel rematch`: ranks every open request again, or does an earlier run again to see that it gives the same; also
//! what follows an import.

use anyhow::bail;
use app::match_runs::{Difference, Replayed};
use app::{App, Rematched};
use domain::dutch::commands::{self as words, help};
use domain::dutch::match_runs as runs;
use domain::ids::RunId;
use domain::invalid::Invalid;
use serde_json::json;

use crate::{refusal, screen};

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[arg(long, value_name = "KENMERK", help = runs::REPLAY)]
    replay: Option<String>,
    #[arg(long, help = help::JSON)]
    json: bool,
}

/// Matches everything and says how many proposals are new, or replays a run.
pub(crate) async fn run(app: &App, args: &Args) -> anyhow::Result<()> {
    if let Some(id) = &args.replay {
        return replay(app, id, args).await;
    }
    let done = rematched(app).await?;
    let answer = if args.json {
        json!({ "run": done.run, "requests": done.requests, "offers": done.offers, "proposed": done.proposed })
            .to_string()
    } else {
        words::rematched(done.requests, done.offers, done.proposed)
    };
    Ok(screen::say(&answer)?)
}

/// Does a run again; anything that differs is a refusal.
async fn replay(app: &App, id: &str, args: &Args) -> anyhow::Result<()> {
    let id: RunId = id
        .parse()
        .map_err(|problem: Invalid| anyhow::anyhow!(words::field_problem(&problem)))?;
    let replayed = app
        .replay_match_run(&app.administrator(), id)
        .await
        .map_err(refusal::said)?;
    match replayed {
        Replayed::Same { proposals, matches } => {
            let answer = if args.json {
                json!({ "run": id, "same": true, "proposals": proposals, "matches": matches })
                    .to_string()
            } else {
                runs::same(proposals, matches)
            };
            Ok(screen::say(&answer)?)
        }
        Replayed::Different(difference) => bail!(match difference {
            Difference::Proposals => runs::PROPOSALS_DIFFER,
            Difference::Gates => runs::GATES_DIFFER,
            Difference::Inputs => runs::INPUTS_DIFFER,
            Difference::Matches => runs::MATCHES_DIFFER,
        }),
        Replayed::OtherAlgorithm { made_by, ours } => {
            bail!(runs::other_algorithm(made_by, ours))
        }
    }
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
