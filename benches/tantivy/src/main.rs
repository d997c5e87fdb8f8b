//! Matches a generated market with tantivy and prints what that took as one line of JSON; run by `cargo xtask bench speed`.
//!
//! `tantivy-peer --data DIR [--threads N] [--limit N]`

mod codes;
#[path = "../../measure.rs"]
mod measure;
mod posts;
mod search;

use std::error::Error;

use measure::{Ready, TOP, Wanted, timed};
use posts::{Offer, Request};
use search::{Asked, Market};

fn main() -> Result<(), Box<dyn Error>> {
    let wanted = Wanted::from_command_line()?;
    let (read, load) = timed(|| read(&wanted));
    let (requests, offers) = read?;
    let (prepared, build) = timed(|| prepare(&requests, &offers, wanted.threads));
    let (market, asked) = prepared?;
    let ready = Ready {
        peer: "tantivy",
        requests: requests.len(),
        offers: offers.len(),
        load,
        build,
    };
    ready.measure(&wanted, |places| {
        let (Some(requests), Some(asked)) = (requests.get(places.clone()), asked.get(places))
        else {
            return 0;
        };
        let pairs = requests.iter().zip(asked);
        let found = pairs.map(|(request, asked)| match market.best(asked, TOP) {
            Ok(offers) => offers.len(),
            Err(cause) => panic!("tantivy cannot search for {}: {cause}", request.id),
        });
        found.sum()
    })
}

fn read(wanted: &Wanted) -> Result<(Vec<Request>, Vec<Offer>), Box<dyn Error>> {
    Ok((
        posts::read(&wanted.data.join("requests.csv"))?,
        posts::read(&wanted.data.join("offers.csv"))?,
    ))
}

/// Indexes the offers, and reads the words and codes of the requests once.
fn prepare(
    requests: &[Request],
    offers: &[Offer],
    threads: usize,
) -> Result<(Market, Vec<Asked>), Box<dyn Error>> {
    let market = Market::of(offers, threads)?;
    let asked = requests
        .iter()
        .map(|request| market.read(request))
        .collect::<Result<_, _>>()?;
    Ok((market, asked))
}
