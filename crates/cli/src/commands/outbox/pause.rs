//! `samenspel outbox pause` and `resume`.

use app::{App, OfHeld};
use domain::dutch::commands::outbox as words;

use crate::{refusal, screen};

/// Stops all letters.
pub(super) async fn begin(app: &App, reason: Option<String>) -> anyhow::Result<()> {
    let reason = reason.unwrap_or_else(|| words::paused_by_hand().to_owned());
    app.pause_outbox(&app.administrator(), reason)
        .await
        .map_err(refusal::said)?;
    Ok(screen::say(words::paused())?)
}

/// Lets letters go again, and with `resend` also those that are held, and says how many go.
pub(super) async fn end(app: &App, resend: bool) -> anyhow::Result<()> {
    let of_held = if resend { OfHeld::GoOnce } else { OfHeld::Stay };
    let done = app
        .resume_outbox(&app.administrator(), of_held)
        .await
        .map_err(refusal::said)?;
    let reason = done.pause.as_ref().map(|pause| pause.reason.as_str());
    Ok(screen::say(&words::resumed(reason, done.going, done.held))?)
}
