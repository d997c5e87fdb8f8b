//! `samenspel run --once`: everything that is due, for a timer of the system instead of `serve`.

use app::App;
use domain::dutch::commands::{self as words, help};
use serde_json::json;

use crate::commands::outbox;
use crate::{refusal, screen};

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[arg(long, required = true, help = help::ONCE)]
    once: bool,
    #[arg(long, help = help::JSON)]
    json: bool,
}

/// Does what is due and says how much that was.
pub(crate) async fn run(app: &App, args: &Args) -> anyhow::Result<()> {
    let done = app.run_once().await.map_err(refusal::said)?;
    let answer = if args.json {
        json!({
            "matchSteps": done.match_steps,
            "postStages": done.post_stages,
            "reviewLetters": done.review_letters,
            "digests": done.digests,
            "returnedMail": done.returned,
            "delivered": outbox::counts(&done.delivered),
        })
        .to_string()
    } else {
        let steps = words::jobs_done(
            done.match_steps,
            done.post_stages,
            done.review_letters,
            done.digests,
        );
        format!("{steps}\n{}", outbox::summary(&done.delivered))
    };
    Ok(screen::say(&answer)?)
}
