//! Measures the ranking of judged posts, and what each signal and each step of the reading is worth in it.
//!
//! `cargo run --release -p matching --example quality -- requests.csv offers.csv qrels.tsv…`
//!
//! `cargo xtask bench quality` runs it on the development set.
#![expect(clippy::print_stdout, reason = "a program that prints a table")]

mod files;

use std::collections::BTreeMap;
use std::error::Error;

use chrono::{DateTime, Utc};
use matching::judged::{Judged, Quality};
use matching::{Step, Weights};

use files::{demand, rows, supply};

/// Grades by the keys of a request and an offer.
type Grades = BTreeMap<(String, String), u8>;

fn main() -> Result<(), Box<dyn Error>> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let [requests, offers, grades @ ..] = files.as_slice() else {
        return Err("usage: quality REQUESTS.csv OFFERS.csv QRELS.tsv…".into());
    };
    let grades = read_grades(grades)?;
    let whole = judged(requests, offers, &grades, &[])?;
    let weights = Weights::default();
    println!(
        "{:<34} nDCG@10  recall5      MRR    first  precis.  covered       F1",
        ""
    );
    let base = whole.measure(&weights, |_| true);
    print("everything", base);
    print(
        "requests at even places",
        whole.measure(&weights, |place| place % 2 == 0),
    );
    print(
        "requests at odd places",
        whole.measure(&weights, |place| place % 2 == 1),
    );
    for (name, without) in signals() {
        let mut weights = weights.clone();
        without(&mut weights);
        print(
            &format!("without signal {name}"),
            whole.measure(&weights, |_| true),
        );
    }
    for step in Step::ALL {
        let without = judged(requests, offers, &grades, &[step])?;
        print(
            &format!("without reading step {step:?}"),
            without.measure(&weights, |_| true),
        );
    }
    Ok(())
}

/// A change to the weights.
type Change = fn(&mut Weights);

/// Every signal and every use of the reading, with what takes it out.
fn signals() -> [(&'static str, Change); 10] {
    [
        ("region", |weights| weights.shares.region = 0.0),
        ("theme", |weights| weights.shares.theme = 0.0),
        ("phase", |weights| weights.shares.phase = 0.0),
        ("support", |weights| weights.shares.support = 0.0),
        ("text", |weights| weights.shares.text = 0.0),
        ("interaction", |weights| weights.interaction = 0.0),
        ("reading of open fields", |weights| {
            weights.reading.trust = 0.0
        }),
        ("stress on fields", |weights| weights.reading.stress = 0.0),
        ("codes beside fields (asked)", |weights| {
            weights.reading.beside = 0.0
        }),
        ("codes beside fields (given)", |weights| {
            weights.reading.besides = 0.0
        }),
    ]
}

fn judged(
    requests: &str,
    offers: &str,
    grades: &Grades,
    without: &[Step],
) -> Result<Judged, Box<dyn Error>> {
    let demands = rows(requests)?
        .iter()
        .map(demand)
        .collect::<Result<_, _>>()?;
    let supplies = rows(offers)?.iter().map(supply).collect::<Result<_, _>>()?;
    let grade =
        |demand: &str, supply: &str| grades.get(&(demand.to_owned(), supply.to_owned())).copied();
    Ok(Judged::new(
        demands,
        supplies,
        grade,
        without,
        DateTime::<Utc>::UNIX_EPOCH,
    ))
}

/// Reads lines of request, offer and grade, with tabs between them.
fn read_grades(files: &[String]) -> Result<Grades, Box<dyn Error>> {
    let mut grades = Grades::new();
    for file in files {
        for line in std::fs::read_to_string(file)?.lines() {
            let [request, offer, grade, ..] = line.split('\t').collect::<Vec<_>>()[..] else {
                continue;
            };
            if let Ok(grade) = grade.parse() {
                grades.insert((request.to_owned(), offer.to_owned()), grade);
            }
        }
    }
    Ok(grades)
}

fn print(name: &str, found: Quality) {
    println!(
        "{name:<34} {:>7.4} {:>8.3} {:>8.3} {:>8.3} {:>8.3} {:>8.3} {:>8.4}",
        found.ndcg,
        found.recall,
        found.reciprocal_rank,
        found.first_good,
        found.precision,
        found.coverage,
        found.f1(),
    );
}
