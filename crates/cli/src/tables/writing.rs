//! Writes rows as `.csv` or `.xlsx`; no cell can become a formula in a spreadsheet.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::{Context, bail};
use domain::dutch::commands::files as words;
use rust_xlsxwriter::Workbook;

use super::guarded;

/// Writes a header and rows to `output`, or as CSV to standard output.
///
/// # Errors
/// A Dutch sentence when the file cannot be written or its name ends in something else.
pub(crate) fn write(
    output: Option<&Path>,
    header: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> anyhow::Result<()> {
    let Some(path) = output else {
        return text(io::stdout().lock(), header, rows);
    };
    let shown = path.display();
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("xlsx") => {
            workbook(path, header, rows).with_context(|| words::file_unwritable(&shown))
        }
        Some("csv") | None => {
            let file = File::create(path).with_context(|| words::file_unwritable(&shown))?;
            text(file, header, rows).with_context(|| words::file_unwritable(&shown))
        }
        Some(_) => bail!(words::file_kind_unknown(&shown)),
    }
}

fn text(
    out: impl Write,
    header: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> anyhow::Result<()> {
    let mut writer = csv::Writer::from_writer(BufWriter::new(out));
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| guarded(cell)))?;
    }
    Ok(writer
        .into_inner()
        .map_err(csv::IntoInnerError::into_error)?
        .flush()?)
}

fn workbook(
    path: &Path,
    header: &[&str],
    rows: impl Iterator<Item = Vec<String>>,
) -> anyhow::Result<()> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let header = header.iter().map(|name| (*name).to_owned()).collect();
    for (place, row) in (0_u32..).zip(std::iter::once(header).chain(rows)) {
        for (column, cell) in (0_u16..).zip(&row) {
            sheet.write_string(place, column, guarded(cell))?;
        }
    }
    Ok(workbook.save(path)?)
}
