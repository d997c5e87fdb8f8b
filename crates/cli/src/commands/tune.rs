//! `samenspel tune`: fits weights on judged pairs, and says on requests it did not see what that is worth.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use app::{App, Judgments};
use chrono::DateTime;
use domain::dutch::commands::{files, help, tune as words};
use matching::Weights;
use matching::judged::{Judged, Move, Quality, Tuned, moves, tune};
use serde_json::{Value, json};

use crate::args::{Mistyped, Settings};
use crate::commands::import::note_ignored;
use crate::grades::{Grades, Known};
use crate::tables::Table;
use crate::{posts, refusal, screen};

/// What `--judged` says for what people judged in the database.
const MARKET: &str = "market";

/// The fewest judged pairs that anything can be learned from.
const MIN_PAIRS: usize = 20;

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[arg(long, value_name = "BESTAND", required = true, help = help::TUNE_JUDGED)]
    judged: Vec<PathBuf>,
    #[arg(long, value_name = "BESTAND", help = help::RANK_REQUESTS)]
    requests: Option<PathBuf>,
    #[arg(long, value_name = "BESTAND", help = help::RANK_OFFERS)]
    offers: Option<PathBuf>,
    #[arg(long, value_name = "BESTAND", help = help::TUNE_OUTPUT)]
    output: Option<PathBuf>,
    #[arg(long, help = help::JSON)]
    json: bool,
}

/// Reads the judgments, fits the weights of the settings, prints what that is worth, and writes them where asked.
pub(crate) async fn run(settings: &Settings, args: &Args) -> anyhow::Result<()> {
    let start = settings.load()?.matching.weights;
    let of_market = args.judged.iter().any(|judged| judged == Path::new(MARKET));
    let judged = match (of_market, &args.requests, &args.offers) {
        (true, None, None) if args.judged.len() == 1 => {
            of_database(&settings.open().await?).await?
        }
        (true, ..) => bail!(Mistyped(words::files_not_used())),
        (false, Some(requests), Some(offers)) => of_files(&args.judged, requests, offers)?,
        (false, ..) => bail!(Mistyped(words::files_missing())),
    };
    if judged.pairs() < MIN_PAIRS {
        bail!(words::too_few(judged.pairs(), MIN_PAIRS));
    }
    let bar = screen::progress(words::fitting(), 0);
    let tuned = tune(&judged, &start, |done, of| {
        bar.set_length(screen::counted(of));
        bar.set_position(screen::counted(done));
    });
    bar.finish_and_clear();
    let moved = moves(&start, &tuned.weights);
    if args.json {
        screen::say(&as_json(&tuned, &moved).to_string())?;
    } else {
        screen::note(&words::fitted_on(judged.requests(), judged.pairs()));
        screen::say(&as_tables(&tuned, &moved))?;
    }
    match &args.output {
        Some(path) => {
            fs::write(path, as_settings(&tuned.weights))
                .with_context(|| files::file_unwritable(path.display()))?;
            screen::note(&words::written(path.display()));
        }
        None => screen::note(words::nothing_changed()),
    }
    Ok(())
}

/// What people judged in the database: pairs that nobody looked at say nothing.
async fn of_database(app: &App) -> anyhow::Result<Judged> {
    let found = app.judgments(&app.administrator()).await;
    let Judgments {
        demands,
        supplies,
        grades,
    } = found.map_err(refusal::said)?;
    let judged = Judged::new(demands, supplies, by_ids(&grades), &[], app.now());
    Ok(judged.among_graded())
}

/// What files say: a pair without a grade is a no, as in the benchmark.
fn of_files(judged: &[PathBuf], requests: &Path, offers: &Path) -> anyhow::Result<Judged> {
    let posts::Files {
        requests,
        offers,
        demands,
        supplies,
    } = posts::read(requests, offers)?;
    let mut problems = Vec::new();
    for (table, refused) in [(&requests, demands.refused), (&offers, supplies.refused)] {
        note_ignored(table);
        problems.extend(refused.iter().map(|row| table.said(row)));
    }
    let (asked, given) = (ids(&requests), ids(&offers));
    let mut grades = Grades::default();
    for path in judged {
        let known = |table, ids| Known {
            file: table,
            has: ids,
        };
        grades.add(
            path,
            &known(&requests.file, &|id| asked.contains(id)),
            &known(&offers.file, &|id| given.contains(id)),
        )?;
    }
    problems.append(&mut grades.problems);
    if !problems.is_empty() {
        problems.iter().for_each(|problem| screen::note(problem));
        bail!(words::posts_refused(problems.len()));
    }
    // A file does not say when a request opened, so the day does not matter.
    let day = DateTime::UNIX_EPOCH;
    Ok(Judged::new(
        demands.good.into_iter().map(|(_, post)| post).collect(),
        supplies.good.into_iter().map(|(_, post)| post).collect(),
        by_ids(&grades.into_map()),
        &[],
        day,
    ))
}

fn ids(table: &Table) -> BTreeSet<&str> {
    table.rows.iter().map(|row| row.get("id")).collect()
}

fn by_ids(grades: &BTreeMap<(String, String), u8>) -> impl Fn(&str, &str) -> Option<u8> {
    |asks, gives| grades.get(&(asks.to_owned(), gives.to_owned())).copied()
}

/// The weights that moved, and what that is worth.
fn as_tables(tuned: &Tuned, moved: &[Move]) -> String {
    let mut said = Vec::new();
    if moved.is_empty() {
        said.push(words::nothing_moved().to_owned());
    } else {
        let row = |one: &Move| {
            let numbers = [one.was, one.becomes].map(words::shown);
            let [was, becomes] = numbers;
            vec![one.field.to_owned(), was, becomes]
        };
        let rows: Vec<Vec<String>> = moved.iter().map(row).collect();
        said.push(screen::table(&words::weight_columns(), &rows));
    }
    let columns = measured(tuned).map(|(_, quality)| measures(quality));
    let rows: Vec<Vec<String>> = (words::measures().into_iter().enumerate())
        .map(|(place, name)| {
            let shown = columns.iter().filter_map(|column| column.get(place));
            let numbers = shown.map(|value| words::shown(*value));
            std::iter::once(name.to_owned()).chain(numbers).collect()
        })
        .collect();
    said.push(screen::table(&words::measure_columns(), &rows));
    said.push(words::about_unseen().to_owned());
    if !moved.is_empty() && tuned.unseen.aim() <= tuned.before_by_fold.aim() {
        said.push(words::not_better().to_owned());
    }
    said.join("\n")
}

/// What was measured, with its names in JSON, in the order of the columns.
fn measured(tuned: &Tuned) -> [(&'static str, &Quality); 4] {
    [
        ("before", &tuned.before),
        ("fitted", &tuned.fitted),
        ("beforeByFold", &tuned.before_by_fold),
        ("unseen", &tuned.unseen),
    ]
}

/// The measures in the order of their names.
fn measures(quality: &Quality) -> [f64; 7] {
    [
        quality.ndcg,
        quality.first_good,
        quality.reciprocal_rank,
        quality.recall,
        quality.precision,
        quality.coverage,
        quality.f1(),
    ]
}

fn as_json(tuned: &Tuned, moved: &[Move]) -> Value {
    let moved = moved.iter();
    let mut answer = json!({
        "moved": moved
            .map(|one| json!({ "weight": one.field, "was": one.was, "becomes": one.becomes }))
            .collect::<Vec<_>>(),
        "weights": tuned.weights,
    });
    for (name, quality) in measured(tuned) {
        let [ndcg10, first_good, mrr, recall5, precision, coverage, f1] = measures(quality);
        if let Some(answer) = answer.as_object_mut() {
            let found = json!({
                "ndcg10": ndcg10, "firstGood": first_good, "mrr": mrr, "recall5": recall5,
                "precision": precision, "coverage": coverage, "f1": f1,
            });
            answer.insert(name.to_owned(), found);
        }
    }
    answer
}

/// The weights that are not the usual ones, as the settings have them.
fn as_settings(weights: &Weights) -> String {
    let mut groups: BTreeMap<&str, Vec<String>> = BTreeMap::from([("", Vec::new())]);
    for one in moves(&Weights::default(), weights) {
        let (group, name) = one.field.split_once('.').unwrap_or(("", one.field));
        let line = format!("{name} = {:?}", one.becomes);
        groups.entry(group).or_default().push(line);
    }
    let mut text = format!("{}\n", words::head_of_file());
    for (group, lines) in groups {
        let dot = if group.is_empty() { "" } else { "." };
        text.push_str(&format!("\n[matching.weights{dot}{group}]\n"));
        lines.iter().for_each(|line| {
            text.push_str(line);
            text.push('\n');
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_have_only_what_is_not_usual() {
        let mut weights = Weights {
            interaction: 1.0,
            ..Weights::default()
        };
        weights.shares.theme = 0.125;
        weights.shares.text = 0.0;
        let text = as_settings(&weights);
        let (head, rest) = text.split_once('\n').unwrap();
        assert!(head.starts_with("# "), "{head}");
        let expected = "\n[matching.weights]\ninteraction = 1.0\n\n[matching.weights.shares]\ntheme = 0.125\ntext = 0.0\n";
        assert_eq!(rest, expected);
        let usual = as_settings(&Weights::default());
        assert!(usual.ends_with("\n[matching.weights]\n"), "{usual}");
    }
}
