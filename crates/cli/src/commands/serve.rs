//! `samenspel serve`: the site, the API and the jobs, until it is asked to stop.

use std::net::{SocketAddr, TcpListener};

use anyhow::Context;
use app::{App, Clock, Location, Opening};
use domain::dutch::commands::{self as words, help};
use tokio::sync::oneshot;

use crate::args::Settings;
use crate::screen;

/// The database of who names none: the only one that is made by itself.
const USUAL_DATABASE: &str = "samenspel.sqlite";

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[arg(long, value_name = "ADRES", help = help::LISTEN)]
    listen: Option<SocketAddr>,
}

/// Opens everything and serves.
pub(crate) async fn run(settings: &Settings, args: Args) -> anyhow::Result<()> {
    let mut config = settings.load()?;
    if let Some(address) = args.listen {
        config.http.listen = address;
    }
    let listener = listen(config.http.listen)?;
    let is_usual = settings.database.is_none() && config.database.url == USUAL_DATABASE;
    let opening = if is_usual {
        Opening::MayCreate
    } else {
        Opening::Existing
    };
    let location: Location = config.database.url.parse()?;
    if is_usual && !std::path::Path::new(USUAL_DATABASE).exists() {
        screen::note(&words::database_made(&location));
    }
    let app = App::open(config, opening, Clock::from_environment()).await?;
    serve(app, listener).await
}

/// A listener on an address; port 0 is any that is free.
///
/// # Errors
/// A Dutch sentence that says what to do when the port is taken.
pub(crate) fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).with_context(|| words::cannot_listen(address))
}

/// Says where it listens, serves and works until it is asked to stop, then finishes what is going on.
///
/// # Errors
/// When the listener or standard output fails, or the database.
pub(crate) async fn serve(app: App, listener: TcpListener) -> anyhow::Result<()> {
    screen::say(&words::listening(listener.local_addr()?))?;
    let (ending, ended) = oneshot::channel::<()>();
    let worker = tokio::spawn({
        let app = app.clone();
        // An answer and a sender that is gone mean the same: stop.
        async move { app.work_until(async { drop(ended.await) }).await }
    });
    let served = web::run(app, listener, stop_asked()).await;
    drop(ending);
    tokio::select! {
        worked = worker => worked?,
        // Who asks twice does not want to wait for the last letter.
        () = stop_asked() => {}
    }
    Ok(served?)
}

/// Resolves when the terminal or the system asks to stop.
async fn stop_asked() {
    let interrupt = async { drop(tokio::signal::ctrl_c().await) };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                () = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    interrupt.await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_database_is_the_one_in_the_defaults() {
        assert!(app::config::DEFAULTS.contains(&format!("url = \"{USUAL_DATABASE}\"")));
    }

    #[test]
    fn a_taken_port_is_refused_with_what_to_do() {
        let taken = listen("127.0.0.1:0".parse().unwrap()).unwrap();
        let refused = listen(taken.local_addr().unwrap()).unwrap_err();
        assert!(format!("{refused:#}").contains("--listen"), "{refused:#}");
    }
}
