//! `samenspel outbox block`, `unblock` and `blocked`: addresses that get nothing any more.

use app::{App, AppError};
use domain::dutch::commands::outbox as words;
use domain::dutch::dates;
use domain::email_address::EmailAddress;
use serde_json::{Value, json};

use crate::{refusal, screen};

/// Stops letters to an address.
pub(super) async fn add(app: &App, address: &str) -> anyhow::Result<()> {
    let address = parsed(address)?;
    app.suppress(&app.administrator(), address.clone())
        .await
        .map_err(refusal::said)?;
    Ok(screen::say(&words::blocked(address))?)
}

/// Lets letters go to an address again.
pub(super) async fn lift(app: &App, address: &str) -> anyhow::Result<()> {
    let address = parsed(address)?;
    app.lift_suppression(&app.administrator(), address.clone())
        .await
        .map_err(|error| match error {
            AppError::NotFound => anyhow::anyhow!(words::not_blocked(&address)),
            other => refusal::said(other),
        })?;
    Ok(screen::say(&words::unblocked(address))?)
}

/// Shows the addresses, whole: who unblocks one must know which.
pub(super) async fn show(app: &App, as_json: bool) -> anyhow::Result<()> {
    let found = app
        .list_suppressions(&app.administrator())
        .await
        .map_err(refusal::said)?;
    let answer = if as_json {
        let listed: Value = found
            .iter()
            .map(|each| {
                json!({
                    "address": each.address,
                    "reason": each.reason,
                    "delivery": each.delivery,
                    "since": each.since,
                })
            })
            .collect();
        listed.to_string()
    } else if found.is_empty() {
        words::none_blocked().to_owned()
    } else {
        let row = |each: &app::Suppression| {
            vec![
                each.address.to_string(),
                words::blocked_because(each.reason).to_owned(),
                dates::moment(each.since),
            ]
        };
        let rows: Vec<Vec<String>> = found.iter().map(row).collect();
        screen::table(words::blocked_columns(), &rows)
    };
    Ok(screen::say(&answer)?)
}

fn parsed(address: &str) -> anyhow::Result<EmailAddress> {
    address
        .parse()
        .map_err(|problem: domain::invalid::Invalid| refusal::said(problem.into()))
}
