//! Reads the first sheet of an `.xlsx` workbook as text.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use super::sheet::{Cells, Sheet};

/// The cells of a workbook.
pub(super) fn sheet(bytes: &[u8]) -> anyhow::Result<Sheet> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes))?;
    let range = match workbook.worksheet_range_at(0) {
        Some(range) => range?,
        None => calamine::Range::empty(),
    };
    let first = range.start().map_or(1, |(row, _)| u64::from(row) + 1);
    let mut lines = (first..).zip(range.rows());
    let header = lines.next();
    let mut cells = Cells::default();
    let rows = lines
        .map(|(line, row)| cells.add(line, row.iter().map(text)))
        .collect();
    Ok(Sheet {
        header: header.map_or_else(Vec::new, |(_, names)| names.iter().map(text).collect()),
        rows,
        cells,
    })
}

/// What stands in a cell, written as in a text file: a whole number without a point, a date as 2026-04-14.
fn text(cell: &Data) -> String {
    match cell {
        Data::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        other => other.to_string(),
    }
}
