//! `samenspel report`: figures on the screen or in a file, the same as the API gives a coordinator.

use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::{Context, bail};
use app::App;
use app::reports::{self, ReportFields};
use clap::ValueEnum;
use domain::dutch::commands::files;
use domain::dutch::reports as words;
use domain::reports::{Report, ReportKind};

use crate::args::Mistyped;
use crate::{refusal, screen};

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[arg(value_name = "RAPPORT", help = words::REPORT_WHAT)]
    what: What,
    #[command(flatten)]
    about: About,
    #[arg(long, value_name = "VORM", default_value = "table", help = words::REPORT_FORMAT)]
    format: Form,
    #[arg(long, value_name = "BESTAND", help = words::REPORT_OUTPUT)]
    output: Option<PathBuf>,
}

/// What narrows a report.
#[derive(Debug, clap::Args)]
struct About {
    #[arg(long, value_name = "DATUM", default_value = "", hide_default_value = true, help = words::REPORT_FROM)]
    from: String,
    #[arg(long, value_name = "DATUM", default_value = "", hide_default_value = true, help = words::REPORT_TO)]
    to: String,
    #[arg(long, value_name = "GEBIED", default_value = "", hide_default_value = true, help = words::REPORT_REGION)]
    region: String,
    #[arg(long, value_name = "THEMA", default_value = "", hide_default_value = true, help = words::REPORT_THEME)]
    theme: String,
    #[arg(long, value_name = "FASE", default_value = "", hide_default_value = true, help = words::REPORT_PHASE)]
    phase: String,
    #[arg(long, value_name = "HULP", default_value = "", hide_default_value = true, help = words::REPORT_SUPPORT)]
    support: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    Overview,
    Gaps,
    Outcomes,
    Fairness,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Table,
    Json,
    Csv,
    Xlsx,
}

impl From<What> for ReportKind {
    fn from(what: What) -> Self {
        match what {
            What::Overview => Self::Overview,
            What::Gaps => Self::Gaps,
            What::Outcomes => Self::Outcomes,
            What::Fairness => Self::Fairness,
        }
    }
}

/// Counts and shows a report.
pub(crate) async fn run(app: &App, args: Args) -> anyhow::Result<()> {
    if args.format == Form::Xlsx && args.output.is_none() {
        bail!(Mistyped(words::WORKBOOK_NEEDS_FILE));
    }
    let fields = ReportFields {
        from: args.about.from,
        to: args.about.to,
        region: args.about.region,
        theme: args.about.theme,
        phase: args.about.phase,
        support: args.about.support,
    };
    let report = app
        .report(&app.administrator(), args.what.into(), "--", &fields)
        .await
        .map_err(refusal::said)?;
    let bytes = match args.format {
        Form::Table => format!("{}\n", shown(&report)).into_bytes(),
        Form::Json => format!("{}\n", reports::json(&report)).into_bytes(),
        Form::Csv => reports::csv(&report)?,
        Form::Xlsx => reports::workbook(&report)?,
    };
    let Some(path) = &args.output else {
        let mut out = io::stdout().lock();
        out.write_all(&bytes)?;
        return Ok(out.flush()?);
    };
    std::fs::write(path, bytes).with_context(|| files::file_unwritable(path.display()))?;
    screen::note(&words::written(report.rows.len(), path.display()));
    Ok(())
}

/// The report as a table; one row stands on its side, because so many columns do not fit.
fn shown(report: &Report) -> String {
    let heads: Vec<&str> = report
        .columns
        .iter()
        .map(|name| words::column(name))
        .collect();
    let rows: Vec<Vec<String>> = report
        .rows
        .iter()
        .map(|row| row.iter().map(reports::text).collect())
        .collect();
    match rows.as_slice() {
        [only] if report.kind == ReportKind::Overview => {
            let pairs = heads.iter().zip(only);
            let pairs: Vec<Vec<String>> = pairs
                .map(|(head, cell)| vec![(*head).to_owned(), cell.clone()])
                .collect();
            screen::columns(&[60, 40], &pairs)
        }
        _ => screen::table(&heads, &rows),
    }
}
