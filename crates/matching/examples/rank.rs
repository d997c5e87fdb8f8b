//! Ranks the offers of one CSV file for the requests of another and prints the matches as CSV.
//!
//! `cargo run --release -p matching --example rank -- requests.csv offers.csv > matches.csv`
//!
//! A third file may hold weights as JSON, such as `{"interaction": 0}`; what it leaves out keeps its default.

mod files;

use std::error::Error;
use std::fs::File;
use std::io;

use chrono::{DateTime, Utc};
use domain::dutch::reasons::{self, Reader};
use domain::explanation::Signal;
use matching::{Index, Proposal, Weights};
use regions::Regions;

use files::{demand, rows, supply};

const TOP: usize = 10;

fn main() -> Result<(), Box<dyn Error>> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let (requests, offers, weights) = match files.as_slice() {
        [requests, offers] => (requests, offers, Weights::default()),
        [requests, offers, weights] => (requests, offers, read_weights(weights)?),
        _ => return Err("usage: rank REQUESTS.csv OFFERS.csv [WEIGHTS.json]".into()),
    };
    let mut index = Index::new(weights);
    for row in rows(requests)? {
        index.put_demand(demand(&row)?);
    }
    for row in rows(offers)? {
        index.put_supply(supply(&row)?);
    }
    // Nothing here depends on the time: the files do not say when a request opened.
    let now = DateTime::<Utc>::UNIX_EPOCH;
    let mut output = csv::Writer::from_writer(io::stdout());
    output.write_record([
        "request_id",
        "offer_id",
        "rank",
        "score",
        "proposed",
        "region",
        "theme",
        "phase",
        "support",
        "text",
        "reasons",
    ])?;
    for key in index.demands() {
        for (place, found) in index.offers_for(key, now, TOP).iter().enumerate() {
            output.write_record(line(place + 1, found))?;
        }
    }
    output.flush()?;
    Ok(())
}

fn read_weights(path: &str) -> Result<Weights, Box<dyn Error>> {
    let weights: Weights = serde_json::from_reader(File::open(path)?)?;
    weights.check().map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        lines.join("; ")
    })?;
    Ok(weights)
}

fn line(place: usize, found: &Proposal) -> [String; 11] {
    let value = |signal| {
        found
            .explanation
            .part(signal)
            .map_or_else(String::new, |part| format!("{:.3}", part.value))
    };
    let name = |region| Regions::shipped().label(region);
    [
        found.demand.clone(),
        found.supply.clone(),
        place.to_string(),
        format!("{:.4}", found.explanation.score),
        found.proposed.to_string(),
        value(Signal::Region),
        value(Signal::Theme),
        value(Signal::Phase),
        value(Signal::Support),
        value(Signal::Text),
        reasons::line(&found.explanation, Reader::Other, name),
    ]
}
