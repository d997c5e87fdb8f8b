//! `samenspel outbox`: shows the deliveries, sends what is due, and lets what got stuck try again.

mod blocks;
mod pause;

use app::jobs::Delivered;
use app::{App, AppError, Conflict, ListedDelivery, MAX_PAGE, Slice};
use clap::Subcommand;
use domain::dutch::commands::{self as words, help};
use domain::dutch::dates;
use domain::ids::DeliveryId;
use domain::letters::DeliveryState;
use serde_json::{Value, json};

use crate::{refusal, screen};

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    #[command(about = help::OUTBOX_LIST)]
    List {
        #[arg(long, value_name = "STATUS", help = help::OUTBOX_STATE)]
        state: Option<String>,
        #[arg(long, value_name = "AANTAL", default_value_t = MAX_PAGE, help = help::OUTBOX_LIMIT)]
        limit: usize,
        #[arg(long, help = help::JSON)]
        json: bool,
    },
    #[command(about = help::OUTBOX_DELIVER)]
    Deliver {
        #[arg(long, required = true, help = help::ONCE)]
        once: bool,
        #[arg(long, help = help::JSON)]
        json: bool,
    },
    #[command(about = help::OUTBOX_RETRY)]
    Retry {
        #[arg(value_name = "KENMERK", required_unless_present = "dead", help = help::OUTBOX_ID)]
        id: Option<String>,
        #[arg(long, conflicts_with = "id", help = help::OUTBOX_DEAD)]
        dead: bool,
    },
    #[command(about = help::OUTBOX_PAUSE)]
    Pause {
        #[arg(long, value_name = "TEKST", help = help::OUTBOX_REASON)]
        reason: Option<String>,
    },
    #[command(about = help::OUTBOX_RESUME)]
    Resume {
        #[arg(long, help = help::OUTBOX_RESEND)]
        resend: bool,
    },
    #[command(about = help::OUTBOX_BLOCK)]
    Block {
        #[arg(value_name = "ADRES", help = help::EMAIL)]
        address: String,
    },
    #[command(about = help::OUTBOX_UNBLOCK)]
    Unblock {
        #[arg(value_name = "ADRES", help = help::EMAIL)]
        address: String,
    },
    #[command(about = help::OUTBOX_BLOCKED)]
    Blocked {
        #[arg(long, help = help::JSON)]
        json: bool,
    },
}

/// Does what was typed.
pub(crate) async fn run(app: &App, args: Args) -> anyhow::Result<()> {
    match args.action {
        Action::List { state, limit, json } => {
            let state = state.map(|code| {
                code.parse::<DeliveryState>()
                    .map_err(|problem| refusal::said(problem.into()))
            });
            let found = listed(app, state.transpose()?, limit).await?;
            let answer = if json {
                as_json(&found).to_string()
            } else {
                as_table(&found)
            };
            Ok(screen::say(&answer)?)
        }
        Action::Deliver { json, .. } => {
            let done = app.deliver_due().await.map_err(refusal::said)?;
            let answer = if json {
                counts(&done).to_string()
            } else {
                summary(&done)
            };
            Ok(screen::say(&answer)?)
        }
        Action::Retry { id: Some(id), .. } => {
            let id: DeliveryId = id
                .parse()
                .map_err(|_malformed| anyhow::anyhow!(words::delivery_unknown(&id)))?;
            retry(app, id).await?;
            Ok(screen::say(&words::retried(1))?)
        }
        Action::Retry { id: None, .. } => {
            let dead = listed(app, Some(DeliveryState::Dead), usize::MAX).await?;
            for each in &dead {
                retry(app, each.delivery.id).await?;
            }
            Ok(screen::say(&words::retried(dead.len()))?)
        }
        Action::Pause { reason } => pause::begin(app, reason).await,
        Action::Resume { resend } => pause::end(app, resend).await,
        Action::Block { address } => blocks::add(app, &address).await,
        Action::Unblock { address } => blocks::lift(app, &address).await,
        Action::Blocked { json } => blocks::show(app, json).await,
    }
}

/// The counts of a round of deliveries, for a script.
pub(crate) fn counts(done: &Delivered) -> Value {
    json!({
        "sent": done.sent,
        "waiting": done.waiting,
        "failed": done.failed,
        "ambiguous": done.ambiguous,
        "withdrawn": done.withdrawn,
        "expired": done.expired,
        "suppressed": done.suppressed,
    })
}

/// The counts of a round of deliveries, for people.
pub(crate) fn summary(done: &Delivered) -> String {
    words::delivered(&[
        (DeliveryState::Sent, done.sent),
        (DeliveryState::Ready, done.waiting),
        (DeliveryState::Failed, done.failed),
        (DeliveryState::Ambiguous, done.ambiguous),
        (DeliveryState::Withdrawn, done.withdrawn),
        (DeliveryState::Expired, done.expired),
        (DeliveryState::Suppressed, done.suppressed),
    ])
}

/// At most `limit` deliveries, newest first.
pub(crate) async fn listed(
    app: &App,
    state: Option<DeliveryState>,
    limit: usize,
) -> anyhow::Result<Vec<ListedDelivery>> {
    let viewer = app.administrator();
    let mut found = Vec::new();
    let mut after = None;
    while found.len() < limit {
        let slice = Slice {
            size: MAX_PAGE.min(limit - found.len()),
            after,
        };
        let page = app
            .list_outbox(&viewer, state, slice)
            .await
            .map_err(refusal::said)?;
        found.extend(page.items);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    Ok(found)
}

async fn retry(app: &App, id: DeliveryId) -> anyhow::Result<()> {
    app.retry_delivery(&app.administrator(), id)
        .await
        .map(drop)
        .map_err(|error| match error {
            AppError::NotFound | AppError::Conflict(Conflict::Gone) => {
                anyhow::anyhow!(words::delivery_unknown(&id.to_string()))
            }
            other => refusal::said(other),
        })
}

fn as_json(found: &[ListedDelivery]) -> Value {
    found
        .iter()
        .map(
            |ListedDelivery {
                 delivery,
                 kind,
                 about,
                 subject,
                 times_uncertain,
             }| {
                json!({
                    "id": delivery.id,
                    "letterId": delivery.letter,
                    "state": delivery.state,
                    "kind": kind,
                    "about": about,
                    "subject": subject,
                    "recipient": delivery.recipient,
                    "attempts": delivery.attempts,
                    "repeats": delivery.repeats,
                    "timesUncertain": times_uncertain,
                    "dueAt": delivery.due_at,
                    "sentAt": delivery.sent_at,
                    "createdAt": delivery.created_at,
                    "lastError": delivery.last_error,
                })
            },
        )
        .collect()
}

fn as_table(found: &[ListedDelivery]) -> String {
    if found.is_empty() {
        return words::outbox_empty().to_owned();
    }
    let rows: Vec<Vec<String>> = found
        .iter()
        .map(
            |ListedDelivery {
                 delivery, subject, ..
             }| {
                // What the relay says to a letter it took is of no use to people.
                let answer = if delivery.state == DeliveryState::Sent {
                    ""
                } else {
                    &delivery.last_error
                };
                vec![
                    delivery.id.to_string(),
                    words::delivery_state(delivery.state).to_owned(),
                    dates::moment(delivery.created_at),
                    delivery.recipient.masked(),
                    subject.clone(),
                    answer.to_owned(),
                ]
            },
        )
        .collect();
    screen::table(words::outbox_columns(), &rows)
}
