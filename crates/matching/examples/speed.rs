//! Matches a generated market with the engine and prints what that took as one line of JSON.
//!
//! `cargo run --release -p matching --example speed -- --data DIR [--threads N] [--limit N]`
//!
//! `cargo xtask bench speed` runs it beside its peers; `benches/README.md` says what is measured.
#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program that tells how long the engine took; the engine itself has no clock"
)]

mod files;
#[path = "../../../benches/measure.rs"]
mod measure;

use std::error::Error;
use std::path::Path;

use chrono::{DateTime, Utc};
use matching::{Demand, Index, Supply, Weights};

use measure::{Ready, TOP, Wanted, timed};

/// The same as that of the program this engine runs in.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn Error>> {
    let wanted = Wanted::from_command_line()?;
    let (market, load) = timed(|| read(&wanted.data));
    let (demands, supplies) = market?;
    let (requests, offers) = (demands.len(), supplies.len());
    let (index, build) = timed(|| fill(demands, supplies, wanted.threads));
    let keys: Vec<&str> = index.demands().collect();
    let ready = Ready {
        peer: "samenspel",
        requests,
        offers,
        load,
        build,
    };
    // Nothing here depends on the time: the files do not say when a request opened.
    let now = DateTime::<Utc>::UNIX_EPOCH;
    ready.measure(&wanted, |places| {
        let keys = keys.get(places).unwrap_or_default();
        let found = index.for_each(keys, |key| index.scores_for(key, now, TOP).len());
        found.into_iter().sum()
    })
}

fn read(folder: &Path) -> Result<(Vec<Demand>, Vec<Supply>), Box<dyn Error>> {
    let rows = |name: &str| files::rows(&folder.join(name).to_string_lossy());
    // The rows of one file are gone before those of the other come: the peak of memory is that of the engine.
    let demands = rows("requests.csv")?
        .iter()
        .map(files::demand)
        .collect::<Result<_, _>>()?;
    let supplies = rows("offers.csv")?
        .iter()
        .map(files::supply)
        .collect::<Result<_, _>>()?;
    Ok((demands, supplies))
}

/// Both sides in the engine, words and readings and all.
fn fill(demands: Vec<Demand>, supplies: Vec<Supply>, threads: usize) -> Index {
    let mut index = Index::new(Weights::default());
    index.fill(demands, supplies, threads);
    index
}
