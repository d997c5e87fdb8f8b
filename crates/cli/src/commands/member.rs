//! `samenspel member add`: adds a member by an administrator's hand.

use app::{App, MemberFields};
use clap::Subcommand;
use domain::dutch::commands::help;
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

/// Adds the member and prints their id.
pub(crate) async fn run(app: &App, args: Args) -> anyhow::Result<()> {
    let Action::Add(add) = args.action;
    let fields = MemberFields {
        name: add.name,
        email: add.email,
        organisation: add.organisation,
        kind: add.kind,
        role: add.role,
        regions: add.regions,
    };
    let member = app.add_member(fields).await.map_err(refusal::said)?;
    let answer = if add.json {
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
