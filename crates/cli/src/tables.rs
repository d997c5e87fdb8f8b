//! Files with rows: `.csv` and `.xlsx`, read into rows that know their line and the names of their columns.

mod text;
mod workbook;
mod writing;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use app::RefusedRow;
use domain::dutch::commands::files as words;
use domain::invalid::Invalid;

pub(crate) use text::utf8;
pub(crate) use writing::write;

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

/// One row.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Row {
    /// The line it begins on, from 1; in a workbook the number beside the row.
    pub(crate) line: u64,
    cells: BTreeMap<&'static str, String>,
}

impl Row {
    /// The text of a cell, without the white space around it; empty when the file has no such column.
    pub(crate) fn get(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", |cell| cell.trim())
    }

    /// The texts of a cell with a list.
    pub(crate) fn list(&self, column: &str) -> Vec<String> {
        let parts = self.get(column).split(';').map(str::trim);
        parts
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    }
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

/// The cells of a file before their columns are known.
struct Sheet {
    header: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
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
    let wanted: Vec<Option<&'static str>> = names.iter().map(|name| known(name)).collect();
    let mut table = Table {
        file: file.to_owned(),
        rows: Vec::new(),
        broken: Vec::new(),
        ignored: names
            .iter()
            .filter(|name| !name.is_empty() && known(name).is_none())
            .cloned()
            .collect(),
    };
    for (line, cells) in sheet.rows {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if let Some(problem) = misshapen(&cells, wanted.len()) {
            table.broken.push(RefusedRow { line, problem });
            continue;
        }
        let named = wanted
            .iter()
            .zip(cells)
            .filter_map(|(column, cell)| Some(((*column)?, bare(cell))));
        table.rows.push(Row {
            line,
            cells: named.collect(),
        });
    }
    Ok(table)
}

/// A row with more or fewer cells than there are columns has its texts in the wrong ones.
fn misshapen(cells: &[String], columns: usize) -> Option<Invalid> {
    (cells.len() != columns).then(|| words::row_misshapen(cells.len(), columns))
}

/// What makes a spreadsheet take the text of a cell for a formula (OWASP, CSV Injection).
const FORMULA: &[char] = &['=', '+', '-', '@', '\t', '\r'];

/// The cell as it is written: an apostrophe goes before what a spreadsheet would take for a formula.
fn guarded(cell: &str) -> String {
    if cell.trim_start_matches('\'').starts_with(FORMULA) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// The cell without the apostrophe of [`guarded`].
fn bare(cell: String) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(FORMULA) => rest.to_owned(),
        _ => cell,
    }
}

#[cfg(test)]
mod tests;
