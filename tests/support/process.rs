//! Signals to processes a test started, and waiting for facts.

use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

/// How long a fact may take to come true.
const PATIENCE: Duration = Duration::from_secs(60);

/// Sends a signal, such as `INT`, to a process that this test started.
pub(crate) fn signal(process: &Child, name: &str) {
    let sent = Command::new("sh")
        .args(["-c", &format!("kill -s {name} {}", process.id())])
        .status()
        .unwrap();
    assert!(sent.success(), "the process takes {name}");
}

/// How a process ended by itself.
#[track_caller]
pub(crate) fn ended(process: &mut Child) -> ExitStatus {
    until("the process ends", || process.try_wait().unwrap())
}

/// Looks again and again until there is an answer; fails when that takes too long.
#[track_caller]
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "waited too long until {what}");
        std::thread::yield_now();
    }
}
