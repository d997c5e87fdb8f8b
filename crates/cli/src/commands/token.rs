//! `samenspel token issue`: a bearer token for a member, printed alone so that a script can take it.

use app::{App, AppError};
use chrono::SecondsFormat;
use clap::Subcommand;
use domain::dutch::commands::{self as words, help};
use serde_json::json;

use crate::{refusal, screen};

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    #[command(about = help::TOKEN_ISSUE)]
    Issue {
        #[arg(long, value_name = "ADRES", help = help::EMAIL)]
        email: String,
        #[arg(long, help = help::JSON)]
        json: bool,
    },
}

/// Issues the token.
pub(crate) async fn run(app: &App, args: &Args) -> anyhow::Result<()> {
    let Action::Issue { email, json } = &args.action;
    let (token, expires_at) = app.issue_token(email).await.map_err(|error| match error {
        AppError::NotFound => anyhow::anyhow!(words::member_unknown(email)),
        other => refusal::said(other),
    })?;
    let expires_at = expires_at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let answer = if *json {
        json!({ "token": token, "expiresAt": expires_at }).to_string()
    } else {
        token
    };
    Ok(screen::say(&answer)?)
}
