//! `samenspel import`: organisations, requests or offers from a file, all of it or nothing.

use std::path::PathBuf;

use app::{App, AppError, ImportReport, ImportRow, OnInvalid, Progress, RefusedRow};
use domain::dutch::commands::{self as words, files, help};
use domain::invalid::Invalid;
use indicatif::ProgressBar;
use serde_json::{Value, json};

use crate::commands::rematch::rematched;
use crate::tables::{self, Kind, Row, Table};
use crate::{refusal, rows, screen};

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[arg(value_name = "WAT", help = help::IMPORT_WHAT)]
    what: Kind,
    #[arg(value_name = "BESTAND", help = help::IMPORT_FILE)]
    file: PathBuf,
    #[arg(long, help = help::SKIP_INVALID)]
    skip_invalid: bool,
    #[arg(long, help = help::IMPORT_NO_REMATCH)]
    no_rematch: bool,
    #[arg(long, help = help::JSON)]
    json: bool,
}

/// Imports the file, matches what is new, and lists every row that was refused.
pub(crate) async fn run(app: &App, args: &Args) -> anyhow::Result<()> {
    let table = tables::read(&args.file, args.what)?;
    note_ignored(&table);
    let on_invalid = if args.skip_invalid {
        OnInvalid::Skip
    } else {
        OnInvalid::Refuse
    };
    let report = bring_in(app, args.what, &table, on_invalid).await?;
    let is_refused = on_invalid == OnInvalid::Refuse && !report.refused.is_empty();
    if !args.json || is_refused {
        for refused in &report.refused {
            screen::note(&table.said(refused));
        }
    }
    let is_matched = !args.no_rematch && args.what != Kind::Organisations && report.imported > 0;
    let proposed = if is_matched {
        Some(rematched(app).await?.proposed)
    } else {
        None
    };
    if args.json {
        screen::say(&as_json(&table, &report, proposed).to_string())?;
    }
    if is_refused {
        anyhow::bail!(words::import_refused(&table.file, lines(&report.refused)));
    }
    if !args.json {
        screen::say(&words::imported(
            report.imported,
            report.known,
            lines(&report.refused),
        ))?;
        if let Some(proposed) = proposed {
            screen::say(&words::proposals_new(proposed))?;
        }
    }
    Ok(())
}

/// Says which columns of a file are not read.
pub(crate) fn note_ignored(table: &Table) {
    if !table.ignored.is_empty() {
        screen::note(&files::columns_ignored(&table.file, &table.ignored));
    }
}

/// Imports a table behind a bar. Rows that have lost their shape come first: with them nothing is tried at all, unless
/// they may be skipped.
pub(crate) async fn bring_in(
    app: &App,
    kind: Kind,
    table: &Table,
    on_invalid: OnInvalid,
) -> anyhow::Result<ImportReport> {
    let bar = screen::progress(words::importing(), table.rows.len());
    let outcome = match kind {
        Kind::Organisations => {
            take(
                table,
                on_invalid,
                &bar,
                rows::organisation,
                async |rows, heard| app.import_organisations(rows, on_invalid, heard).await,
            )
            .await
        }
        Kind::Requests => {
            take(
                table,
                on_invalid,
                &bar,
                rows::request,
                async |rows, heard| app.import_requests(rows, on_invalid, heard).await,
            )
            .await
        }
        Kind::Offers => {
            take(table, on_invalid, &bar, rows::offer, async |rows, heard| {
                app.import_offers(rows, on_invalid, heard).await
            })
            .await
        }
    };
    bar.finish_and_clear();
    outcome.map_err(refusal::said)
}

async fn take<F>(
    table: &Table,
    on_invalid: OnInvalid,
    bar: &ProgressBar,
    read: impl Fn(&Row) -> Result<ImportRow<F>, Invalid>,
    import: impl AsyncFnOnce(Vec<ImportRow<F>>, Progress) -> Result<ImportReport, AppError>,
) -> Result<ImportReport, AppError> {
    let mut refused = table.broken.clone();
    let mut taken = Vec::new();
    for row in &table.rows {
        match read(row) {
            Ok(row) => taken.push(row),
            Err(problem) => refused.push(RefusedRow {
                line: row.line,
                problem,
            }),
        }
    }
    let mut report = if refused.is_empty() || on_invalid == OnInvalid::Skip {
        let bar = bar.clone();
        import(
            taken,
            Box::new(move |done| bar.set_position(screen::counted(done))),
        )
        .await?
    } else {
        ImportReport::default()
    };
    for refused in &mut report.refused {
        // The product names this field as the API does; people look for the column.
        if refused.problem.field == "neededBy" {
            refused.problem.field = "needed_by".to_owned();
        }
    }
    report.refused.extend(refused);
    report.refused.sort_by_key(|refused| refused.line);
    Ok(report)
}

/// How many rows the problems are in.
fn lines(refused: &[RefusedRow]) -> usize {
    let mut lines: Vec<u64> = refused.iter().map(|refused| refused.line).collect();
    lines.dedup();
    lines.len()
}

fn as_json(table: &Table, report: &ImportReport, proposed: Option<usize>) -> Value {
    let refused: Vec<Value> = report
        .refused
        .iter()
        .map(|RefusedRow { line, problem }| {
            json!({
                "line": line,
                "column": problem.field,
                "value": table.cell(*line, &problem.field),
                "reason": problem.reason,
                "remedy": problem.remedy,
                "choices": problem.choices,
            })
        })
        .collect();
    json!({
        "file": table.file,
        "imported": report.imported,
        "known": report.known,
        "refused": refused,
        "proposed": proposed,
    })
}
