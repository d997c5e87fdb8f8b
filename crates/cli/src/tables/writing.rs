//! Writes rows as `.csv` or `.xlsx`; no cell can become a formula in a spreadsheet.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use anyhow::{Context, bail};
use domain::dutch::commands::files as words;
use domain::spreadsheets::guarded;
use rust_xlsxwriter::{Workbook, Worksheet};

/// Rows as they stand in a text file. They are made apart from the file, so that several threads can make them and the
/// one that writes only has to copy them.
pub(crate) struct Lines(Vec<u8>);

impl Lines {
    /// Puts rows in text.
    ///
    /// # Errors
    /// Rows that have not all as many cells.
    pub(crate) fn of<C: AsRef<str>>(
        rows: impl IntoIterator<Item: IntoIterator<Item = C>>,
    ) -> anyhow::Result<Self> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        for row in rows {
            for cell in row {
                writer.write_field(guarded(cell.as_ref()).as_bytes())?;
            }
            // Only ends the row.
            writer.write_record(None::<&[u8]>)?;
        }
        let text = writer.into_inner();
        Ok(Self(text.map_err(csv::IntoInnerError::into_error)?))
    }
}

/// Writes a header and rows to `output`, or as CSV to standard output.
///
/// # Errors
/// A Dutch sentence when the file cannot be written or its name ends in something else.
pub(crate) fn write(
    output: Option<&Path>,
    header: &[&str],
    rows: impl Iterator<Item = anyhow::Result<Lines>>,
) -> anyhow::Result<()> {
    let rows = std::iter::once(Lines::of([header])).chain(rows);
    let Some(path) = output else {
        return text(io::stdout().lock(), rows);
    };
    let shown = path.display();
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        Some("xlsx") => workbook(path, rows).with_context(|| words::file_unwritable(&shown)),
        Some("csv") | None => {
            let file = File::create(path).with_context(|| words::file_unwritable(&shown))?;
            text(file, rows).with_context(|| words::file_unwritable(&shown))
        }
        Some(_) => bail!(words::file_kind_unknown(&shown)),
    }
}

fn text(out: impl Write, rows: impl Iterator<Item = anyhow::Result<Lines>>) -> anyhow::Result<()> {
    let mut out = BufWriter::new(out);
    for lines in rows {
        out.write_all(&lines?.0)?;
    }
    Ok(out.flush()?)
}

fn workbook(path: &Path, rows: impl Iterator<Item = anyhow::Result<Lines>>) -> anyhow::Result<()> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let mut place = 0;
    for lines in rows {
        place = fill(sheet, place, &lines?)?;
    }
    Ok(workbook.save(path)?)
}

/// Takes lines apart again, into the rows of a workbook from `place` on; answers where the next come.
fn fill(sheet: &mut Worksheet, place: u32, lines: &Lines) -> anyhow::Result<u32> {
    let mut place = place;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(lines.0.as_slice());
    for row in reader.records() {
        for (column, cell) in (0_u16..).zip(&row?) {
            sheet.write_string(place, column, cell)?;
        }
        place += 1;
    }
    Ok(place)
}
