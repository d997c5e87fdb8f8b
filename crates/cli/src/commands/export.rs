//! `samenspel export`: everything of one kind as a file that `import` reads back.

use std::path::PathBuf;

use app::App;
use clap::ValueEnum;
use domain::dutch::commands::{self as words, help};

use crate::tables::{Kind, Lines, write};
use crate::{refusal, rows, screen};

/// Rows that are put in text before they are written.
const AT_A_TIME: usize = 1000;

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[arg(value_name = "WAT", help = help::EXPORT_WHAT)]
    what: What,
    #[arg(long, value_name = "BESTAND", help = help::OUTPUT)]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    Organisations,
    Requests,
    Offers,
    Matches,
}

/// Reads everything of the kind and writes it.
pub(crate) async fn run(app: &App, args: &Args) -> anyhow::Result<()> {
    let (header, records) = read(app, args.what).await?;
    let count = records.len();
    let rows = records.chunks(AT_A_TIME).map(Lines::of);
    write(args.output.as_deref(), &header, rows)?;
    if let Some(path) = &args.output {
        screen::note(&words::exported(count, path.display()));
    }
    Ok(())
}

/// The columns and the rows of a kind, newest first.
async fn read(app: &App, what: What) -> anyhow::Result<(Vec<&'static str>, Vec<Vec<String>>)> {
    let viewer = app.administrator();
    let columns = |kind: Kind, extra: &[&'static str]| [kind.columns(), extra].concat();
    Ok(match what {
        What::Organisations => {
            let found = app
                .export_organisations(&viewer)
                .await
                .map_err(refusal::said)?;
            let speakers = app.export_speakers(&viewer).await.map_err(refusal::said)?;
            let record = |each| rows::organisation_record(each, speakers.get(&each.id));
            (
                columns(Kind::Organisations, rows::ORGANISATION_EXTRA),
                found.iter().map(record).collect(),
            )
        }
        What::Requests => {
            let found = app.export_requests(&viewer).await.map_err(refusal::said)?;
            (
                columns(Kind::Requests, rows::POST_EXTRA),
                found.iter().map(rows::request_record).collect(),
            )
        }
        What::Offers => {
            let found = app.export_offers(&viewer).await.map_err(refusal::said)?;
            (
                columns(Kind::Offers, rows::POST_EXTRA),
                found.iter().map(rows::offer_record).collect(),
            )
        }
        What::Matches => {
            let found = app.export_matches(&viewer).await.map_err(refusal::said)?;
            (
                rows::MATCH_COLUMNS.to_vec(),
                found.iter().map(rows::match_record).collect(),
            )
        }
    })
}
