//! `samenspel member`: members by an administrator's hand: added, given another role, taken out.

use app::{App, AppError, MemberFields};
use clap::Subcommand;
use domain::dutch::commands::{self as words, help};
use domain::members::Member;
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
    #[command(about = help::MEMBER_ADD)]
    Add(Add),
    #[command(about = help::MEMBER_CHANGE)]
    Change {
        #[arg(long, value_name = "ADRES", help = help::EMAIL)]
        email: String,
        #[arg(long, value_name = "ROL", help = help::MEMBER_ROLE)]
        role: String,
        #[arg(long = "region", value_name = "REGIO", help = help::MEMBER_REGION)]
        regions: Vec<String>,
        #[arg(long, help = help::JSON)]
        json: bool,
    },
    #[command(about = help::MEMBER_REMOVE)]
    Remove {
        #[arg(long, value_name = "ADRES", help = help::EMAIL)]
        email: String,
    },
}

#[derive(Debug, clap::Args)]
struct Add {
    #[arg(long, value_name = "ADRES", help = help::EMAIL)]
    email: String,
    #[arg(long, value_name = "NAAM", help = help::MEMBER_NAME)]
    name: String,
    #[arg(long, value_name = "NAAM", help = help::MEMBER_ORGANISATION)]
    organisation: String,
    #[arg(long, value_name = "SOORT", default_value = "", hide_default_value = true, help = help::MEMBER_KIND)]
    kind: String,
    #[arg(long, value_name = "ROL", default_value = "member", help = help::MEMBER_ROLE)]
    role: String,
    #[arg(long = "region", value_name = "REGIO", help = help::MEMBER_REGION)]
    regions: Vec<String>,
    #[arg(long, help = help::JSON)]
    json: bool,
}

/// Does what was typed.
pub(crate) async fn run(app: &App, args: Args) -> anyhow::Result<()> {
    match args.action {
        Action::Add(add) => new(app, add).await,
        Action::Change {
            email,
            role,
            regions,
            json,
        } => {
            let changed = app.change_role(&email, &role, &regions).await;
            let member = changed.map_err(|error| unknown(error, &email))?;
            show(&member, json)
        }
        Action::Remove { email } => {
            let removed = app.remove_by_address(&email).await;
            removed.map_err(|error| unknown(error, &email))?;
            Ok(screen::say(&words::member_removed(&email))?)
        }
    }
}

/// Adds the member and prints their id.
async fn new(app: &App, add: Add) -> anyhow::Result<()> {
    let fields = MemberFields {
        name: add.name,
        email: add.email,
        organisation: add.organisation,
        kind: add.kind,
        role: add.role,
        regions: add.regions,
    };
    let member = app.add_member(fields).await.map_err(refusal::said)?;
    show(&member, add.json)
}

fn unknown(error: AppError, email: &str) -> anyhow::Error {
    match error {
        AppError::NotFound => anyhow::anyhow!(words::member_unknown(email)),
        other => refusal::said(other),
    }
}

fn show(member: &Member, as_json: bool) -> anyhow::Result<()> {
    let answer = if as_json {
        json!({
            "id": member.id,
            "organisationId": member.organisation,
            "name": member.name,
            "email": member.email,
            "role": member.role,
            "regions": member.regions,
        })
        .to_string()
    } else {
        member.id.to_string()
    };
    Ok(screen::say(&answer)?)
}
