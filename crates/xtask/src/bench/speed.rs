//! `cargo xtask bench speed`: the engine beside its peers on one generated market, or the engine alone at growing sizes.
//!
//! The programs take turns within a round, so that what disturbs the machine disturbs all of them.

mod comparison;
mod figures;
mod growth;
mod machine;
mod market;
mod programs;
mod wanted;

use std::io::{Write as _, stdout};
use std::time::Instant;

use anyhow::{Result, bail};

use comparison::Comparison;
use figures::Figures;
use growth::Growth;
use market::Market;
use programs::Programs;
pub(crate) use wanted::Wanted;
use wanted::What;

use crate::bench::verdict::Verdict;

/// The size at which the floors are set.
const SIZE_OF_FLOORS: usize = 50_000;

/// Prepares, measures, and prints a table.
///
/// # Errors
/// When something is missing or does not run, and when a floor is missed.
pub(crate) fn run(wanted: &Wanted) -> Result<()> {
    let started = Instant::now();
    println!("{}", machine::in_words());
    let missed = match wanted.what {
        What::Comparison => compare(wanted)?,
        What::Growth => grow(wanted)?,
    };
    println!(
        "{}\nDuration: {} s",
        machine::load_in_words(),
        started.elapsed().as_secs()
    );
    if missed > 0 {
        bail!("floors missed: {missed}");
    }
    Ok(())
}

/// Runs every program on one market; gives how many floors were missed.
fn compare(wanted: &Wanted) -> Result<usize> {
    let programs = Programs::prepare(wanted)?;
    let market = programs.market(wanted.size)?;
    println!("{}", machine::load_in_words());
    let mut comparison = Comparison::default();
    for round in 1..=wanted.rounds {
        let mut figures = measured(round, wanted, "samenspel", || programs.product(&market))?;
        let process = measured(round, wanted, "samenspel rank", || {
            programs.command_line(&market)
        })?;
        figures.add_process(process);
        comparison.add_product(figures);
        for &peer in &wanted.peers {
            let figures = measured(round, wanted, peer.name(), || programs.peer(peer, &market))?;
            comparison.add_peer(peer, figures);
        }
    }
    println!("\n{}", sizes_in_words(wanted, &market));
    println!("{comparison}");
    Ok(comparison.count(Verdict::Missed))
}

/// Runs the engine at sizes that double; gives how many bounds were missed.
fn grow(wanted: &Wanted) -> Result<usize> {
    let programs = Programs::prepare_product(wanted)?;
    let mut markets = Vec::new();
    for size in wanted.growing_sizes() {
        markets.push(programs.market(size)?);
    }
    println!("{}", machine::load_in_words());
    let mut growth = Growth::default();
    for round in 1..=wanted.rounds {
        for market in &markets {
            let name = format!("samenspel, {} posts a side", market.size());
            let figures: Figures = measured(round, wanted, &name, || programs.product(market))?;
            growth.add(market.size(), figures);
        }
    }
    println!("\n{growth}");
    Ok(growth.count(Verdict::Missed))
}

/// Says what runs while it runs, and how long it took.
fn measured<T>(
    round: usize,
    wanted: &Wanted,
    name: &str,
    run: impl FnOnce() -> Result<T>,
) -> Result<T> {
    print!("Round {round} of {}: {name} … ", wanted.rounds);
    stdout().flush()?;
    let started = Instant::now();
    let answer = run();
    println!("{:.1} s", started.elapsed().as_secs_f64());
    answer
}

fn sizes_in_words(wanted: &Wanted, market: &Market) -> String {
    let size = market.size();
    let mut words = format!(
        "{size} requests, {size} offers, {} threads, the release profile; medians of {} rounds.",
        wanted.threads, wanted.rounds
    );
    if size != SIZE_OF_FLOORS {
        words.push_str(&format!(
            "\nThe floors are set for {SIZE_OF_FLOORS}; at another size they only tell a direction."
        ));
    }
    words
}
