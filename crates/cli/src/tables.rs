//! Files with rows: `.csv` and `.xlsx`, read into rows that know their line and the names of their columns.

mod sheet;
mod text;
mod workbook;
mod writing;

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, bail};
use app::RefusedRow;
use domain::dutch::commands::files as words;
use domain::invalid::Invalid;

use sheet::{Named, Sheet};

pub(crate) use sheet::Row;
pub(crate) use text::utf8;
pub(crate) use writing::{Lines, write};

/// The largest file that is read, in bytes: some hundred thousand posts.
const MAX_BYTES: u64 = 512 * 1024 * 1024;

/// How an `.xlsx` file begins, whatever its name: it is a ZIP archive (APPNOTE.TXT 4.3.7).
const ZIP: &[u8] = b"PK\x03\x04";

/// How an `.xls` file of before 2007 begins ([MS-CFB] 2.2).
const OLD_EXCEL: &[u8] = b"\xD0\xCF\x11\xE0";

/// What the rows of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Kind {
    Organisations,
    Requests,
    Offers,
}

impl Kind {
    /// The columns that are read, in the order an export writes them.
    pub(crate) fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Organisations => &[
                "id",
                "name",
                "kind",
                "place",
                "municipality",
                "website",
                "contact_name",
                "contact_email",
            ],
            Self::Requests => &[
                "id",
                "organisation",
                "title",
                "body",
                "place",
                "municipality",
                "themes",
                "phase",
                "support",
                "needed_by",
                "consent",
            ],
            Self::Offers => &[
                "id",
                "organisation",
                "title",
                "body",
                "reach",
                "themes",
                "phases",
                "support",
                "capacity",
                "neighbours",
                "evergreen",
                "consent",
            ],
        }
    }

    /// The columns a file cannot do without; another that is not there is unknown in each row.
    fn required(self) -> &'static [&'static str] {
        match self {
            Self::Organisations => &["id", "name", "kind", "contact_name", "contact_email"],
            Self::Requests => &["id", "organisation", "title", "body"],
            Self::Offers => &["id", "organisation", "title", "body", "reach"],
        }
    }
}

/// A file as it was read.
#[derive(Debug)]
pub(crate) struct Table {
    /// What the file is called in messages.
    pub(crate) file: String,
    /// The rows that have as many cells as the header.
    pub(crate) rows: Vec<Row>,
    /// The rows that have not, or that cannot be understood.
    pub(crate) broken: Vec<RefusedRow>,
    /// Columns nobody asks for.
    pub(crate) ignored: Vec<String>,
}

impl Table {
    /// The text of a cell by its line: what a message about it repeats.
    pub(crate) fn cell(&self, line: u64, column: &str) -> &str {
        let found = self.rows.binary_search_by_key(&line, |row| row.line).ok();
        found
            .and_then(|index| self.rows.get(index))
            .map_or("", |row| row.get(column))
    }

    /// The sentence about a row that was refused: file, line, column, value, reason and remedy.
    pub(crate) fn said(&self, refused: &RefusedRow) -> String {
        let value = self.cell(refused.line, &refused.problem.field);
        words::row_problem(&self.file, refused.line, value, &refused.problem)
    }
}

/// Reads a file; whether it is a workbook is seen from its first bytes, not from its name.
///
/// # Errors
/// A Dutch sentence that says what to do: the file cannot be read, is of another kind, or misses a column.
pub(crate) fn read(path: &Path, kind: Kind) -> anyhow::Result<Table> {
    let shown = path.display();
    let size = std::fs::metadata(path)
        .with_context(|| words::file_unreadable(&shown))?
        .len();
    if size > MAX_BYTES {
        bail!(words::file_too_large(&shown, MAX_BYTES / 1024 / 1024));
    }
    let bytes = std::fs::read(path).with_context(|| words::file_unreadable(&shown))?;
    read_bytes(&shown.to_string(), &bytes, kind)
}

/// Reads what stands in a file called `file`.
///
/// # Errors
/// As [`read`].
pub(crate) fn read_bytes(file: &str, bytes: &[u8], kind: Kind) -> anyhow::Result<Table> {
    if bytes.starts_with(OLD_EXCEL) {
        bail!(words::file_old_excel(file));
    }
    let sheet = if bytes.starts_with(ZIP) {
        workbook::sheet(bytes).with_context(|| words::workbook_unreadable(file))?
    } else {
        text::sheet(file, bytes)?
    };
    columns(file, sheet, kind)
}

/// Gives each cell the name of its column.
fn columns(file: &str, sheet: Sheet, kind: Kind) -> anyhow::Result<Table> {
    let names: Vec<String> = sheet
        .header
        .iter()
        .map(|name| name.trim().to_lowercase())
        .collect();
    let known = |name: &str| {
        kind.columns()
            .iter()
            .copied()
            .find(|column| *column == name)
    };
    for column in kind.required() {
        if !names.iter().any(|name| name == column) {
            bail!(words::column_missing(file, column, kind.columns()));
        }
    }
    for column in kind.columns() {
        if names.iter().filter(|name| name == column).count() > 1 {
            bail!(words::column_twice(file, column));
        }
    }
    let ignored = names
        .iter()
        .filter(|name| !name.is_empty() && known(name).is_none())
        .cloned()
        .collect();
    let named = Arc::new(Named {
        columns: names.iter().map(|name| known(name)).collect(),
        cells: sheet.cells,
    });
    let mut table = Table {
        file: file.to_owned(),
        rows: Vec::with_capacity(sheet.rows.len()),
        broken: Vec::new(),
        ignored,
    };
    for place in &sheet.rows {
        if named.cells.of(place).all(|cell| cell.trim().is_empty()) {
            continue;
        }
        match misshapen(place.cells.len(), names.len()) {
            Some(problem) => table.broken.push(RefusedRow {
                line: place.line,
                problem,
            }),
            None => table.rows.push(Row::at(place, &named)),
        }
    }
    Ok(table)
}

/// A row with more or fewer cells than there are columns has its texts in the wrong ones.
fn misshapen(cells: usize, columns: usize) -> Option<Invalid> {
    (cells != columns).then(|| words::row_misshapen(cells, columns))
}

#[cfg(test)]
mod tests;
