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
    let base = whole.measure(&weights, |_| true);
    println!("{}", heading());
    println!("{}", row("everything", base, None));
    for (name, rest) in [
        ("requests at even places", 0),
        ("requests at odd places", 1),
    ] {
        let half = whole.measure(&weights, |place| place % 2 == rest);
        println!("{}", row(name, half, None));
    }
    println!("\nwithout signal or use of the reading");
    for (name, without) in signals() {
        let mut weights = weights.clone();
        without(&mut weights);
        let found = whole.measure(&weights, |_| true);
        println!("{}", row(&format!("  {name}"), found, Some(base)));
    }
    println!("\nwithout step of the reading");
    for step in Step::ALL {
        let without = judged(requests, offers, &grades, &[step])?;
        let found = without.measure(&weights, |_| true);
        println!("{}", row(&format!("  {step:?}"), found, Some(base)));
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
            weights.reading.trust = 0.0;
        }),
        ("stress on fields", |weights| weights.reading.stress = 0.0),
        ("codes beside fields (asked)", |weights| {
            weights.reading.beside = 0.0;
        }),
        ("codes beside fields (given)", |weights| {
            weights.reading.besides = 0.0;
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

/// The measures that are shown with their difference to the first row, and those that are shown alone.
fn measures(found: Quality) -> ([f64; 3], [f64; 4]) {
    (
        [found.ndcg, found.first_good, found.f1()],
        [
            found.recall,
            found.reciprocal_rank,
            found.precision,
            found.coverage,
        ],
    )
}

fn heading() -> String {
    let compared = ["nDCG@10", "first", "F1"].map(|name| format!("{name:>8}{:>9}", ""));
    let alone = ["recall5", "MRR", "precis.", "covered"].map(|name| format!("{name:>9}"));
    format!("{:<32}{}{}", "", compared.concat(), alone.concat())
}

/// A row of the table; what is left out is compared with `whole`.
fn row(name: &str, found: Quality, whole: Option<Quality>) -> String {
    let (compared, alone) = measures(found);
    let whole = whole.map(|whole| measures(whole).0);
    let mut row = format!("{name:<32}");
    for (place, value) in compared.into_iter().enumerate() {
        let before = whole.and_then(|whole| whole.get(place).copied());
        let change = before.map_or_else(String::new, |before| format!("{:+.4}", value - before));
        row.push_str(&format!("{value:>8.4}{change:>9}"));
    }
    row + &alone.map(|value| format!("{value:>9.3}")).concat()
}
