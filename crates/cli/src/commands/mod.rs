//! The commands: one file each, with what can be typed and what is done.

pub(crate) mod backup;
pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod member;
pub(crate) mod migrate;
pub(crate) mod openapi;
pub(crate) mod outbox;
pub(crate) mod rank;
pub(crate) mod rematch;
pub(crate) mod report;
pub(crate) mod restore;
pub(crate) mod run;
pub(crate) mod serve;
pub(crate) mod suggest;
pub(crate) mod token;
pub(crate) mod tune;

use crate::args::{Cli, Command};

/// Does the command that was typed.
///
/// # Errors
/// A Dutch sentence that says what to do.
pub(crate) async fn run(cli: Cli) -> anyhow::Result<()> {
    let settings = cli.settings;
    match cli.command {
        Command::Demo(args) => Box::pin(demo::run(args)).await,
        Command::Serve(args) => Box::pin(serve::run(&settings, args)).await,
        Command::Rank(args) => rank::run(&args),
        Command::Suggest(args) => suggest::run(&args),
        Command::Tune(args) => tune::run(&settings, &args).await,
        Command::Import(args) => import::run(&settings.open().await?, &args).await,
        Command::Export(args) => export::run(&settings.open().await?, &args).await,
        Command::Migrate(args) => migrate::run(&settings, &args).await,
        Command::Member(args) => member::run(&settings.open().await?, args).await,
        Command::Token(args) => token::run(&settings.open().await?, &args).await,
        Command::Outbox(args) => outbox::run(&settings.open().await?, args).await,
        Command::Run(args) => run::run(&settings.open().await?, &args).await,
        Command::Rematch(args) => rematch::run(&settings.open().await?, &args).await,
        Command::Report(args) => report::run(&settings.open().await?, args).await,
        Command::Check(args) => check::run(&settings, &args).await,
        Command::Backup(args) => backup::run(&settings, &args),
        Command::Restore(args) => restore::run(&settings, &args),
        Command::Openapi(args) => openapi::run(&args),
    }
}
