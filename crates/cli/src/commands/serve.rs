//! `samenspel serve`: the site, the API and the jobs, until it is asked to stop.

use std::net::{SocketAddr, TcpListener};

use anyhow::Context;
use app::{App, Clock, Location, Opening};
use domain::dutch::commands::{self as words, help};
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{oneshot, watch};

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
    // Before anybody hears that it runs: who knows it may ask it to stop.
    let mut asked = Signals::new()?.counted();
    screen::say(&words::listening(listener.local_addr()?))?;
    let (ending, ended) = oneshot::channel::<()>();
    let worker = tokio::spawn({
        let app = app.clone();
        // An answer and a sender that is gone mean the same: stop.
        async move { app.work_until(async { drop(ended.await) }).await }
    });
    let mut first = asked.clone();
    let stop = async move { drop(first.wait_for(|times| *times >= 1).await) };
    let served = web::run(app, listener, stop).await;
    drop(ending);
    tokio::select! {
        worked = worker => worked?,
        // Who asks twice does not want to wait for the last letter.
        _ = asked.wait_for(|times| *times >= 2) => {}
    }
    Ok(served?)
}

/// What the terminal and the system say to the program; from when it is made, being asked to stop ends nothing rudely.
struct Signals {
    #[cfg(unix)]
    interrupt: Signal,
    #[cfg(unix)]
    terminate: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            #[cfg(unix)]
            interrupt: signal(SignalKind::interrupt())?,
            #[cfg(unix)]
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// How often somebody asked to stop, from now on.
    fn counted(mut self) -> watch::Receiver<u32> {
        let (times, asked) = watch::channel(0);
        tokio::spawn(async move {
            loop {
                self.stop_asked().await;
                times.send_modify(|times| *times += 1);
            }
        });
        asked
    }

    /// Resolves each time somebody asks to stop.
    async fn stop_asked(&mut self) {
        #[cfg(unix)]
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
        #[cfg(not(unix))]
        drop(tokio::signal::ctrl_c().await);
    }
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
