//! Reads the product's CSV files for the examples.

use std::collections::BTreeMap;
use std::error::Error;
use std::str::FromStr;

use domain::region::Municipality;
use matching::{Demand, Neighbours, Standing, Supply};
use regions::Regions;

/// One line of a file: the value of each column.
type Row = BTreeMap<String, String>;

/// The lines of a CSV file.
pub(crate) fn rows(path: &str) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut rows = Vec::new();
    for row in csv::Reader::from_path(path)?.deserialize() {
        rows.push(row?);
    }
    Ok(rows)
}

/// The request of a line.
pub(crate) fn demand(row: &Row) -> Result<Demand, Box<dyn Error>> {
    Ok(Demand {
        key: text(row, "id"),
        organisation: text(row, "organisation"),
        title: text(row, "title"),
        body: text(row, "body"),
        municipality: municipality(row)?,
        themes: codes(row, "themes")?,
        phase: codes(row, "phase")?.first().copied(),
        support: codes(row, "support")?,
        opened_at: None,
        standing: Standing::Live,
    })
}

/// The offer of a line.
pub(crate) fn supply(row: &Row) -> Result<Supply, Box<dyn Error>> {
    Ok(Supply {
        key: text(row, "id"),
        organisation: text(row, "organisation"),
        title: text(row, "title"),
        body: text(row, "body"),
        reach: codes(row, "reach")?,
        neighbours: Neighbours::Excluded,
        themes: codes(row, "themes")?,
        phases: codes(row, "phases")?,
        support: codes(row, "support")?,
        capacity_left: text(row, "capacity").parse()?,
        introduced_lately: 0,
        standing: Standing::Live,
    })
}

/// The code of the municipality, or else what the place means beside the text when it means one thing.
fn municipality(row: &Row) -> Result<Option<Municipality>, Box<dyn Error>> {
    let code = text(row, "municipality");
    if code.is_empty() {
        let (title, body) = (text(row, "title"), text(row, "body"));
        let place = Regions::shipped().resolve_beside(&text(row, "place"), &[&title, &body]);
        return Ok(place.municipality());
    }
    Ok(Some(code.parse()?))
}

fn text(row: &Row, column: &str) -> String {
    row.get(column).cloned().unwrap_or_default()
}

/// The codes of a column, separated by `;`.
fn codes<T>(row: &Row, column: &str) -> Result<Vec<T>, T::Err>
where
    T: FromStr,
{
    text(row, column)
        .split(';')
        .filter(|code| !code.is_empty())
        .map(str::parse)
        .collect()
}
