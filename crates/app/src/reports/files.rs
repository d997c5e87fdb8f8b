//! A report as it goes out: JSON, CSV or a workbook, all three of the same rows.

use domain::reports::{Cell, LEAST_SHOWN, Report};
use domain::spreadsheets::guarded;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde_json::{Map, Value};
use thiserror::Error;

/// Why a file could not be made; only a fault of ours makes it so.
#[derive(Debug, Error)]
pub enum FileError {
    /// The text could not be written.
    #[error(transparent)]
    Text(#[from] csv::Error),
    /// The workbook could not be written.
    #[error(transparent)]
    Workbook(#[from] XlsxError),
}

/// The report as JSON: `{"report": "gaps", "items": [{"region": "PV25", …}]}`, with the columns in camelCase and null
/// for what is not there or is hidden.
pub fn json(report: &Report) -> Value {
    let items: Vec<Value> = report
        .rows
        .iter()
        .map(|row| {
            let fields = report.columns.iter().zip(row);
            let fields: Map<String, Value> = fields
                .map(|(column, cell)| (camel_case(column), value(cell)))
                .collect();
            Value::Object(fields)
        })
        .collect();
    let mut whole = Map::new();
    whole.insert("report".to_owned(), report.kind.code().into());
    whole.insert("items".to_owned(), items.into());
    Value::Object(whole)
}

/// The report as CSV with a header, in which no cell becomes a formula and a hidden figure is `<3`.
///
/// # Errors
/// [`FileError`] when it cannot be written.
pub fn csv(report: &Report) -> Result<Vec<u8>, FileError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(report.columns)?;
    for row in &report.rows {
        let cells = row.iter().map(text);
        writer.write_record(cells.map(|cell| guarded(&cell).into_owned()))?;
    }
    let written = writer.into_inner();
    Ok(written.map_err(|error| csv::Error::from(error.into_error()))?)
}

/// The report as a workbook of one sheet, with numbers as numbers.
///
/// # Errors
/// [`FileError`] when it cannot be written.
pub fn workbook(report: &Report) -> Result<Vec<u8>, FileError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(report.kind.code())?;
    let heading = Format::new().set_bold();
    for (column, name) in (0_u16..).zip(report.columns) {
        sheet.write_string_with_format(0, column, *name, &heading)?;
    }
    for (place, row) in (1_u32..).zip(&report.rows) {
        for (column, cell) in (0_u16..).zip(row) {
            match cell.number() {
                Some(number) => sheet.write_number(place, column, number)?,
                None => sheet.write_string(place, column, guarded(&text(cell)))?,
            };
        }
    }
    Ok(workbook.save_to_buffer()?)
}

/// A cell as text: nothing for what is not there, `<3` for what is hidden.
pub fn text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.clone(),
        Cell::Hidden => format!("<{LEAST_SHOWN}"),
        _ => cell
            .number()
            .map(|number| number.to_string())
            .unwrap_or_default(),
    }
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Text(text) => text.as_str().into(),
        Cell::Count(many) => (*many).into(),
        _ => cell.number().map_or(Value::Null, Value::from),
    }
}

/// `unused_offers` as `unusedOffers`.
fn camel_case(column: &str) -> String {
    let mut parts = column.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| {
        let mut letters = part.chars();
        let capital = letters.next().map(|letter| letter.to_ascii_uppercase());
        name + &capital.map(String::from).unwrap_or_default() + letters.as_str()
    })
}

#[cfg(test)]
mod tests {
    use domain::reports::ReportKind;

    use super::*;

    fn report() -> Report {
        Report {
            kind: ReportKind::Gaps,
            columns: &["region_name", "unused_offers"],
            rows: vec![
                vec![Cell::text("=1+1"), Cell::Count(4)],
                vec![Cell::text("-"), Cell::Hidden],
                vec![Cell::text("a,b"), Cell::Missing],
                vec![Cell::text("deel"), Cell::share(1, 3)],
            ],
        }
    }

    #[test]
    fn json_has_names_in_camel_case_and_null_for_what_is_hidden() {
        assert_eq!(
            json(&report()),
            serde_json::json!({ "report": "gaps", "items": [
                { "regionName": "=1+1", "unusedOffers": 4 },
                { "regionName": "-", "unusedOffers": null },
                { "regionName": "a,b", "unusedOffers": null },
                { "regionName": "deel", "unusedOffers": 0.3333 },
            ] })
        );
    }

    #[test]
    fn no_cell_of_a_file_becomes_a_formula() {
        let text = String::from_utf8(csv(&report()).unwrap()).unwrap();
        assert_eq!(
            text,
            "region_name,unused_offers\n'=1+1,4\n'-,<3\n\"a,b\",\ndeel,0.3333\n"
        );
    }
}
