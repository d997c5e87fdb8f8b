//! The cells of a file, kept as one text: a large file has millions, and each for itself would cost more than it holds.

use std::ops::Range;
use std::sync::Arc;

use domain::spreadsheets::bare;

/// The cells of a file.
#[derive(Debug)]
pub(super) struct Sheet {
    /// What stands in the first row.
    pub(super) header: Vec<String>,
    /// The rows after it.
    pub(super) rows: Vec<Place>,
    /// What stands in their cells.
    pub(super) cells: Cells,
}

/// Where a row is.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The line it begins on, from 1; in a workbook the number beside the row.
    pub(super) line: u64,
    /// The numbers of its cells.
    pub(super) cells: Range<usize>,
}

/// What stands in cells, one after the other.
#[derive(Debug, Default)]
pub(super) struct Cells {
    text: String,
    /// Where in the text each cell ends, and the next begins.
    ends: Vec<usize>,
}

impl Cells {
    /// No cells yet, and room for so many bytes of text.
    pub(super) fn with_room(bytes: usize) -> Self {
        Self {
            text: String::with_capacity(bytes),
            ends: Vec::new(),
        }
    }

    /// Adds the cells of a row, and says where they are.
    pub(super) fn add<C: AsRef<str>>(
        &mut self,
        line: u64,
        cells: impl IntoIterator<Item = C>,
    ) -> Place {
        let first = self.ends.len();
        for cell in cells {
            self.text.push_str(cell.as_ref());
            self.ends.push(self.text.len());
        }
        Place {
            line,
            cells: first..self.ends.len(),
        }
    }

    /// The texts of a row.
    pub(super) fn of(&self, place: &Place) -> impl Iterator<Item = &str> {
        place.cells.clone().map(|cell| self.get(cell))
    }

    /// The text of a cell by its number; empty when there is none.
    fn get(&self, cell: usize) -> &str {
        let end = |cell: usize| self.ends.get(cell).copied();
        let begin = cell.checked_sub(1).and_then(end).unwrap_or(0);
        end(cell)
            .and_then(|end| self.text.get(begin..end))
            .unwrap_or_default()
    }
}

/// The cells of a file and the names of its columns.
#[derive(Debug)]
pub(super) struct Named {
    /// `None` for a column nobody asks for.
    pub(super) columns: Vec<Option<&'static str>>,
    pub(super) cells: Cells,
}

/// One row.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// The line it begins on, from 1; in a workbook the number beside the row.
    pub(crate) line: u64,
    /// The number of its first cell.
    first: usize,
    /// What all rows of the file share.
    file: Arc<Named>,
}

impl Row {
    /// The row at a place that has a cell for each column.
    pub(super) fn at(place: &Place, file: &Arc<Named>) -> Self {
        Self {
            line: place.line,
            first: place.cells.start,
            file: Arc::clone(file),
        }
    }

    /// The text of a cell, without the white space around it; empty when the file has no such column.
    pub(crate) fn get(&self, column: &str) -> &str {
        let mut columns = self.file.columns.iter();
        let place = columns.position(|name| *name == Some(column));
        place.map_or("", |place| {
            bare(self.file.cells.get(self.first + place)).trim()
        })
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
