//! Measures a program that matches requests, and prints one line of JSON; every measured Rust program is built with it, so
//! that each is measured in the same way.
//!
//! The keys are those that the peers in Python print.

use std::error::Error;
use std::fs;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

/// How many requests are asked one by one.
const ONES: usize = 300;

/// How many requests a thread is given at a time; a program may ask them in any order.
const BATCH: usize = 2_048;

/// How many offers each request gets.
pub(crate) const TOP: usize = 10;

/// Linux counts the time of a process in hundredths of a second, whatever the machine.
const TICKS_PER_SECOND: f64 = 100.0;

/// What to measure, from the command line.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// The folder with `requests.csv` and `offers.csv`.
    pub(crate) data: PathBuf,
    /// How many threads match.
    pub(crate) threads: usize,
    /// How many requests to match before scaling up; nothing means all.
    limit: Option<usize>,
}

impl Wanted {
    /// Reads `--data DIR [--threads N] [--limit N]`.
    ///
    /// # Errors
    /// When the words are others than these.
    pub(crate) fn from_command_line() -> Result<Self, Box<dyn Error>> {
        let mut wanted = Self {
            data: PathBuf::new(),
            threads: 2,
            limit: None,
        };
        let mut words = std::env::args().skip(1);
        while let Some(option) = words.next() {
            let value = words
                .next()
                .ok_or_else(|| format!("{option} wants a value"))?;
            match option.as_str() {
                "--data" => wanted.data = PathBuf::from(value),
                "--threads" => wanted.threads = value.parse()?,
                "--limit" => wanted.limit = Some(value.parse()?),
                _ => return Err(format!("there is no option {option}").into()),
            }
        }
        if wanted.data.as_os_str().is_empty() || wanted.threads == 0 || wanted.limit == Some(0) {
            return Err("usage: --data DIR [--threads N] [--limit N], with numbers above 0".into());
        }
        Ok(wanted)
    }
}

/// A program that is ready to match, and how it got there.
#[derive(Debug)]
pub(crate) struct Ready {
    /// Its name in the table.
    pub(crate) peer: &'static str,
    /// How many requests there are.
    pub(crate) requests: usize,
    /// How many offers there are.
    pub(crate) offers: usize,
    /// How long it took to read the files.
    pub(crate) load: Duration,
    /// How long it took to prepare both sides.
    pub(crate) build: Duration,
}

impl Ready {
    /// Matches all requests and then some one by one, and prints what that took; `ask` gives the number of offers it
    /// found for the requests at some places.
    ///
    /// # Errors
    /// When nothing was found at all, or the system does not tell what the program used.
    pub(crate) fn measure(
        &self,
        wanted: &Wanted,
        ask: impl Fn(Range<usize>) -> usize + Sync,
    ) -> Result<(), Box<dyn Error>> {
        let limit = wanted.limit.unwrap_or(self.requests).min(self.requests);
        let cpu_before = cpu_seconds()?;
        let (found, wall) = timed(|| ask_all(limit, wanted.threads, &ask));
        let cpu = cpu_seconds()? - cpu_before;
        if found == 0 {
            return Err("no request found an offer, so there is nothing to measure".into());
        }
        let mut ones: Vec<Duration> = (0..self.requests.min(ONES))
            .map(|place| timed(|| ask(place..place + 1)).1)
            .collect();
        ones.sort();
        let scale = count(self.requests) / count(limit);
        println!(
            "{}",
            json!({
                "peer": self.peer,
                "requests": self.requests,
                "offers": self.offers,
                "threads": wanted.threads,
                "load_s": self.load.as_secs_f64(),
                "build_s": self.build.as_secs_f64(),
                "match_wall_s": wall.as_secs_f64() * scale,
                "match_cpu_s": cpu * scale,
                "extrapolated": limit < self.requests,
                "one_p50_us": percentile(&ones, 50).as_secs_f64() * 1e6,
                "one_p99_us": percentile(&ones, 99).as_secs_f64() * 1e6,
                "peak_rss_mb": peak_memory()?,
            })
        );
        Ok(())
    }
}

/// What the work gave, and how long it took.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let started = Instant::now();
    let answer = work();
    (answer, started.elapsed())
}

/// Asks the first requests on several threads; gives how many offers were found.
fn ask_all(
    requests: usize,
    threads: usize,
    ask: &(impl Fn(Range<usize>) -> usize + Sync),
) -> usize {
    let next = AtomicUsize::new(0);
    let found = AtomicUsize::new(0);
    let work = || {
        loop {
            let first = next.fetch_add(BATCH, Ordering::Relaxed);
            if first >= requests {
                return;
            }
            let places = first..(first + BATCH).min(requests);
            found.fetch_add(ask(places), Ordering::Relaxed);
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
    found.into_inner()
}

/// The smallest time that so many percent are not above; the times are in order.
fn percentile(times: &[Duration], percent: usize) -> Duration {
    let place = (times.len() * percent).div_ceil(100).saturating_sub(1);
    times.get(place).copied().unwrap_or_default()
}

/// The processor time of this process so far, of all its threads.
fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let facts = fs::read_to_string("/proc/self/stat")?;
    // The name of the program may have spaces in it; it ends with the last parenthesis.
    let after_name = facts.rsplit(')').next().unwrap_or_default();
    // The 14th and 15th fact are the ticks in user mode and in the system; the name is the second.
    let mut ticks = 0.0;
    for fact in after_name.split_whitespace().skip(11).take(2) {
        ticks += fact.parse::<f64>()?;
    }
    Ok(ticks / TICKS_PER_SECOND)
}

/// The most memory that was in use at once, in MiB.
fn peak_memory() -> Result<f64, Box<dyn Error>> {
    let facts = fs::read_to_string("/proc/self/status")?;
    let peak = facts.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = peak.and_then(|peak| peak.split_whitespace().next());
    let kibibytes: f64 = kibibytes.ok_or("/proc/self/status has no VmHWM")?.parse()?;
    Ok(kibibytes / 1024.0)
}

/// A number of posts to calculate with; there are far fewer than a float can tell apart.
fn count(posts: usize) -> f64 {
    u32::try_from(posts).map_or(f64::INFINITY, f64::from)
}
