//! `samenspel suggest`: reads one post and says what it is about, without a database.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use app::{Suggested, SuggestionFields, Suggestions};
use domain::dutch::commands::{files, help, suggest as words};
use domain::phase::Phase;
use domain::posts::PostKind;
use domain::region::{Municipality, Region};
use domain::support::Support;
use domain::theme::Theme;
use regions::Regions;
use serde_json::{Value, json};

use crate::{screen, tables};

/// The most bytes that are read: more than the longest title and body take in any script.
const MAX_BYTES: u64 = 64 * 1024;

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[arg(value_name = "BESTAND", help = help::SUGGEST_FILE)]
    file: Option<PathBuf>,
    #[arg(long, value_name = "PLAATS", default_value = "", hide_default_value = true, help = help::SUGGEST_PLACE)]
    place: String,
    #[arg(long, help = help::SUGGEST_OFFER)]
    offer: bool,
    #[arg(long, help = help::JSON)]
    json: bool,
}

/// Reads the post and prints the proposals.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let text = read(args.file.as_deref())?;
    let (title, body) = text.split_once('\n').unwrap_or((&text, ""));
    let fields = SuggestionFields {
        title: title.to_owned(),
        body: body.to_owned(),
        place: args.place.clone(),
    };
    let kind = if args.offer {
        PostKind::Offer
    } else {
        PostKind::Request
    };
    let found = app::suggest(&fields, kind).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(words::problem).collect();
        anyhow::anyhow!(lines.join("\n"))
    })?;
    let answer = if args.json {
        as_json(&found).to_string()
    } else {
        as_table(&found)
    };
    Ok(screen::say(&answer)?)
}

/// The post in a file, or on standard input where no file or `-` was typed.
fn read(file: Option<&Path>) -> anyhow::Result<String> {
    let path = file.filter(|path| *path != Path::new("-"));
    let name = path.map_or_else(
        || words::standard_input().to_owned(),
        |path| path.display().to_string(),
    );
    let mut bytes = Vec::new();
    let taken = match path {
        Some(path) => {
            File::open(path).and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
        }
        None => {
            if io::stdin().is_terminal() {
                screen::note(words::type_it());
            }
            io::stdin().take(MAX_BYTES + 1).read_to_end(&mut bytes)
        }
    };
    let size = taken.with_context(|| files::file_unreadable(&name))?;
    if u64::try_from(size).unwrap_or(u64::MAX) > MAX_BYTES {
        bail!(words::too_large(&name));
    }
    let text = tables::utf8(&name, &bytes)?.trim();
    if text.is_empty() {
        bail!(words::empty(&name));
    }
    Ok(text.to_owned())
}

fn municipality_name(code: Municipality) -> String {
    Regions::shipped().label(Region::Municipality(code))
}

fn as_table(found: &Suggestions) -> String {
    let theme = |each: &Suggested<Theme>| row(words::theme(), each.value.label(), each);
    let phase = |each: &Suggested<Phase>| row(words::phase(), each.value.label(), each);
    let support = |each: &Suggested<Support>| row(words::support(), each.value.label(), each);
    let place = |each: &Suggested<Municipality>| {
        let name = municipality_name(each.value);
        row(words::municipality(), &name, each)
    };
    let rows: Vec<Vec<String>> = (found.themes.iter().map(theme))
        .chain(found.phase.iter().map(phase))
        .chain(found.support.iter().map(support))
        .chain(found.municipality.iter().map(place))
        .collect();
    let mut said = Vec::new();
    if !rows.is_empty() {
        said.push(screen::table(&words::columns(), &rows));
    }
    if !found.places.is_empty() {
        said.push(words::places(&found.places));
    }
    if said.is_empty() {
        said.push(words::nothing().to_owned());
    }
    said.join("\n")
}

fn row<T>(field: &str, label: &str, found: &Suggested<T>) -> Vec<String> {
    vec![
        field.to_owned(),
        label.to_owned(),
        words::confidence(found.confidence),
        words::words(&found.evidence),
    ]
}

/// The answer as the API gives it.
fn as_json(found: &Suggestions) -> Value {
    let themes = found.themes.iter();
    let support = found.support.iter();
    json!({
        "themes": themes.map(|each| value(each, each.value.label())).collect::<Vec<_>>(),
        "phase": found.phase.as_ref().map(|each| value(each, each.value.label())),
        "support": support.map(|each| value(each, each.value.label())).collect::<Vec<_>>(),
        "municipality": found.municipality.as_ref().map(|each| value(each, &municipality_name(each.value))),
        "places": found.places,
    })
}

fn value<T: ToString>(found: &Suggested<T>, label: &str) -> Value {
    json!({
        "code": found.value.to_string(),
        "label": label,
        "confidence": found.confidence,
        "evidence": found.evidence,
    })
}
