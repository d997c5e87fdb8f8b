//! What can be typed: the commands, the options all of them share, and what is said when it was not typed right.

use std::error::Error;
use std::fmt::{self, Display};
use std::path::PathBuf;
use std::process::ExitCode;

use app::config::Config;
use app::{App, Clock, Opening};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser, Subcommand};
use domain::dutch::commands::help;

use crate::commands::{
    backup, check, demo, export, import, member, migrate, openapi, outbox, rank, rematch, report,
    restore, run, serve, suggest, token, tune,
};
use crate::screen;

/// Everything that was typed.
#[derive(Debug, Parser)]
#[command(name = "samenspel", version, about = help::PROGRAM, disable_help_subcommand = true)]
#[command(subcommand_value_name = "OPDRACHT")]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) settings: Settings,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The options every command takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Settings {
    #[arg(long, global = true, value_name = "BESTAND", help = help::CONFIG, display_order = 900)]
    pub(crate) config: Option<PathBuf>,
    #[arg(long, global = true, value_name = "URL", help = help::DATABASE, display_order = 901)]
    #[arg(env = "SAMENSPEL_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(about = help::DEMO)]
    Demo(demo::Args),
    #[command(about = help::SERVE)]
    Serve(serve::Args),
    #[command(about = help::RANK)]
    Rank(rank::Args),
    #[command(about = help::SUGGEST)]
    Suggest(suggest::Args),
    #[command(about = help::TUNE)]
    Tune(tune::Args),
    #[command(about = help::IMPORT)]
    Import(import::Args),
    #[command(about = help::EXPORT)]
    Export(export::Args),
    #[command(about = help::MIGRATE)]
    Migrate(migrate::Args),
    #[command(about = help::MEMBER)]
    Member(member::Args),
    #[command(about = help::TOKEN)]
    Token(token::Args),
    #[command(about = help::OUTBOX)]
    Outbox(outbox::Args),
    #[command(about = help::RUN)]
    Run(run::Args),
    #[command(about = help::REMATCH)]
    Rematch(rematch::Args),
    #[command(about = domain::dutch::reports::REPORT)]
    Report(report::Args),
    #[command(about = help::BACKUP)]
    Backup(backup::Args),
    #[command(about = help::RESTORE)]
    Restore(restore::Args),
    #[command(about = help::CHECK)]
    Check(check::Args),
    #[command(about = help::OPENAPI, hide = true)]
    Openapi(openapi::Args),
}

impl Settings {
    /// The settings from their file and the environment, with the database that was typed.
    pub(crate) fn load(&self) -> anyhow::Result<Config> {
        let mut config = Config::load(self.config.as_deref())?;
        if let Some(database) = &self.database {
            config.database.url.clone_from(database);
        }
        Ok(config)
    }

    /// The product on the database that is meant, which must be there.
    pub(crate) async fn open(&self) -> anyhow::Result<App> {
        App::open(self.load()?, Opening::Existing, Clock::from_environment()).await
    }
}

/// Options that are each right by themselves, and do not make sense together: what to type instead.
#[derive(Debug)]
pub(crate) struct Mistyped(pub(crate) &'static str);

impl Display for Mistyped {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.0)
    }
}

impl Error for Mistyped {}

/// Reads the command line; an error is the exit code, after saying what is wrong.
pub(crate) fn read() -> Result<Cli, ExitCode> {
    Cli::try_parse().map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            match screen::say(&in_dutch(&error)) {
                Ok(()) => ExitCode::SUCCESS,
                Err(_closed) => ExitCode::from(1),
            }
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            screen::note(&in_dutch(&error));
            ExitCode::from(2)
        }
        _ => {
            screen::refuse(&complaint(&error));
            ExitCode::from(2)
        }
    })
}

fn in_dutch(error: &clap::Error) -> String {
    let text = error.render().to_string().trim_end().to_owned();
    help::OUR_WORDS
        .iter()
        .fold(text, |text, (theirs, ours)| text.replace(theirs, ours))
}

/// What is wrong with what was typed, and where to read more.
fn complaint(error: &clap::Error) -> String {
    let first = |kind| texts(error, kind).into_iter().next().unwrap_or_default();
    let near = |kind| texts(error, kind).into_iter().next();
    let said = match error.kind() {
        ErrorKind::UnknownArgument => help::unknown_option(
            &first(ContextKind::InvalidArg),
            near(ContextKind::SuggestedArg).as_deref(),
        ),
        ErrorKind::InvalidSubcommand => help::unknown_command(
            &first(ContextKind::InvalidSubcommand),
            near(ContextKind::SuggestedSubcommand).as_deref(),
        ),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation | ErrorKind::NoEquals => {
            help::bad_value(
                &first(ContextKind::InvalidArg),
                &first(ContextKind::InvalidValue),
                &texts(error, ContextKind::ValidValue),
            )
        }
        ErrorKind::MissingRequiredArgument => help::missing(&texts(error, ContextKind::InvalidArg)),
        ErrorKind::MissingSubcommand => {
            let mut names = texts(error, ContextKind::ValidSubcommand);
            names.retain(|name| !is_hidden(name));
            help::command_missing(&names)
        }
        ErrorKind::ArgumentConflict => help::not_together(
            &first(ContextKind::InvalidArg),
            &first(ContextKind::PriorArg),
        ),
        _ => in_dutch(error),
    };
    format!("{said}\n{}", help::see("samenspel"))
}

fn is_hidden(command: &str) -> bool {
    Cli::command()
        .find_subcommand(command)
        .is_some_and(clap::Command::is_hide_set)
}

/// What the library remembers of an error under `kind`.
fn texts(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(typed: &[&str]) -> String {
        let words = std::iter::once("samenspel").chain(typed.iter().copied());
        complaint(&Cli::try_parse_from(words).unwrap_err())
    }

    #[test]
    fn the_commands_hold_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn what_is_typed_wrong_is_said_in_dutch() {
        assert!(refused(&["serf"]).contains("De opdracht 'serf' bestaat niet. Bedoelt u 'serve'?"));
        assert!(refused(&["serve", "--lisen", "x"]).contains("De optie '--lisen' bestaat niet."));
        assert!(
            refused(&["serve", "--listen", "x"])
                .contains("Bij --listen <ADRES> kan 'x' niet staan.")
        );
        assert!(
            refused(&["rank", "--requests", "v.csv"])
                .contains("Dit ontbreekt nog: --offers <BESTAND>.")
        );
        assert!(
            refused(&["import", "wensen", "x.csv"])
                .contains("Kies uit: organisations, requests, offers.")
        );
        assert!(refused(&["outbox", "retry", "--dead", "del_1"]).contains("gaan niet samen"));
        assert!(refused(&["outbox", "retry"]).contains("Dit ontbreekt nog"));
    }

    #[test]
    fn the_help_has_no_english_left() {
        for typed in [
            vec!["--help"],
            vec!["rank", "--help"],
            vec!["tune", "--help"],
            vec!["import", "--help"],
            vec!["outbox"],
        ] {
            let words = std::iter::once("samenspel").chain(typed);
            let shown = in_dutch(&Cli::try_parse_from(words).unwrap_err());
            for english in ["Usage", "Option", "Command", "Print", "default", "possible"] {
                assert!(!shown.contains(english), "{english} in {shown}");
            }
        }
    }

    #[test]
    fn the_database_typed_goes_before_the_one_in_the_settings() {
        let cli =
            Cli::try_parse_from(["samenspel", "check", "--database", "elders.sqlite"]).unwrap();
        assert_eq!(cli.settings.load().unwrap().database.url, "elders.sqlite");
    }
}
