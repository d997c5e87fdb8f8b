//! A relay on this machine that misbehaves as it is told, and remembers what it took responsibility for.
//!
//! Used by the tests of `mail`, by the tests of the whole program, and by every torture that sends letters. It runs on
//! threads of its own, so that a caller needs no runtime, and serves any number of connections at once.

mod certificate;
mod record;
mod script;
mod talk;
#[cfg(test)]
mod tests;

use std::net::{SocketAddr, TcpListener as StdListener};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

pub use record::{Seen, Taken, read_log};
pub use script::{Act, Moment, Protection, Script, When};

use record::Record;
use script::Rule;
use talk::Talk;

/// A running relay; dropping it closes every connection.
pub struct Relay {
    address: SocketAddr,
    shared: Arc<Shared>,
    is_open: watch::Sender<bool>,
    root: PathBuf,
    // Held for their destructors.
    _folder: TempDir,
    runtime: Option<Runtime>,
}

/// What the connections share.
struct Shared {
    script: Script,
    rules: Mutex<Vec<Rule>>,
    record: Mutex<Record>,
    acceptor: TlsAcceptor,
}

impl Shared {
    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rules(&self) -> MutexGuard<'_, Vec<Rule>> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Relay {
    /// Starts a relay on a free port of 127.0.0.1, or on the port of the script.
    ///
    /// # Errors
    /// When there is no such port, or the log of the script cannot be opened.
    pub fn start(script: Script) -> Result<Self> {
        let listener = StdListener::bind(("127.0.0.1", script.port))
            .context("no port for the relay on 127.0.0.1")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (root, acceptor) = certificate::make()?;
        let folder = tempfile::tempdir()?;
        let root_file = folder.path().join("root.pem");
        std::fs::write(&root_file, root)?;
        let shared = Arc::new(Shared {
            rules: Mutex::new(script.rules.clone()),
            record: Mutex::new(Record::new(&script)?),
            script,
            acceptor,
        });
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("relay")
            .enable_all()
            .build()?;
        let (is_open, wanted) = watch::channel(true);
        let entered = runtime.enter();
        let listener = TcpListener::from_std(listener)?;
        drop(entered);
        runtime.spawn(serve(address, listener, Arc::clone(&shared), wanted));
        Ok(Self {
            address,
            shared,
            is_open,
            root: root_file,
            _folder: folder,
            runtime: Some(runtime),
        })
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// A PEM file with the certificate that vouches for it.
    pub fn root_certificate(&self) -> &Path {
        &self.root
    }

    /// The settings that make the program send over it, as in the environment.
    pub fn settings(&self) -> Vec<(String, String)> {
        let security = match self.shared.script.protection {
            Protection::Plain => "plain",
            Protection::StartTls => "starttls",
            Protection::Tls => "tls",
        };
        let mut settings = vec![
            ("TRANSPORT", "smtp".to_owned()),
            ("HOST", "127.0.0.1".to_owned()),
            ("PORT", self.port().to_string()),
            ("SECURITY", security.to_owned()),
        ];
        if self.shared.script.protection != Protection::Plain {
            settings.push(("ROOT_CERTIFICATE", self.root.display().to_string()));
        }
        settings
            .into_iter()
            .map(|(name, value)| (format!("SAMENSPEL_MAIL__{name}"), value))
            .collect()
    }

    /// From now on it misbehaves by the rules of this script; what else the script says is not looked at.
    pub fn follow(&self, script: Script) {
        *self.shared.rules() = script.rules;
    }

    /// Every letter it took responsibility for, by Message-ID and recipient.
    pub fn taken(&self) -> Vec<Taken> {
        self.shared.record().taken()
    }

    /// How many copies of letters it took for a recipient.
    pub fn copies_for(&self, recipient: &str) -> usize {
        let taken = self.taken();
        let theirs = taken.iter().filter(|each| each.recipient == recipient);
        theirs.map(Taken::copies).sum()
    }

    /// What reached it so far.
    pub fn seen(&self) -> Seen {
        self.shared.record().seen.clone()
    }

    /// Closes every connection and refuses new ones.
    pub fn go_down(&self) {
        self.is_open.send_replace(false);
    }

    /// Listens again on the same port.
    pub fn come_back(&self) {
        self.is_open.send_replace(true);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        // A runtime that is dropped inside another one panics; this way it need not be waited for.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Serves connections while it is wanted; `open` is the listener to begin with.
async fn serve(
    address: SocketAddr,
    open: TcpListener,
    shared: Arc<Shared>,
    mut wanted: watch::Receiver<bool>,
) {
    let mut listener = Some(open);
    loop {
        let open = match listener.take() {
            Some(open) => open,
            None => match TcpListener::bind(address).await {
                Ok(open) => open,
                // Somebody else has the port for a moment.
                Err(_in_use) => {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                    continue;
                }
            },
        };
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                changed = wanted.wait_for(|open| !open) => match changed {
                    Ok(_closed) => break,
                    Err(_gone) => return,
                },
                accepted = open.accept() => if let Ok((stream, _)) = accepted {
                    let talk = Talk::new(Arc::clone(&shared), stream);
                    connections.spawn(talk.run());
                },
                Some(_ended) = connections.join_next() => {}
            }
        }
        drop((open, connections));
        if wanted.wait_for(|open| *open).await.is_err() {
            return;
        }
    }
}
