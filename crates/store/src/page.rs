//! Pages of a list: newest first, continued from where the last one stopped.

/// Where a page goes on: after the row with this id. Ids are made in order of time, so the order of a list never
/// changes under a reader.
pub type Cursor = String;

/// How many rows a page may hold.
pub const MAX_PAGE: usize = 100;

/// Which page of a list is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// Rows, 1 to [`MAX_PAGE`]; less or more counts as the nearest of these.
    pub size: usize,
    /// Where the page before it stopped; `None` for the first.
    pub after: Option<Cursor>,
}

impl Slice {
    /// The first page of a list.
    pub fn first(size: usize) -> Self {
        Self { size, after: None }
    }

    /// The rows to ask: one more than the page holds, to see whether another follows.
    pub(crate) fn limit(&self) -> i64 {
        i64::try_from(self.rows()).unwrap_or(1) + 1
    }

    /// The rows a page holds.
    fn rows(&self) -> usize {
        self.size.clamp(1, MAX_PAGE)
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next page goes on; `None` on the last.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// A page from a query that was allowed one row more, which tells whether there is a next page.
    pub(crate) fn from_rows(mut rows: Vec<T>, slice: &Slice, id: impl Fn(&T) -> String) -> Self {
        let more = rows.len() > slice.rows();
        rows.truncate(slice.rows());
        let next = if more { rows.last().map(id) } else { None };
        Self { items: rows, next }
    }

    /// The same page with its rows made into something else.
    pub fn map<U>(self, make: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(make).collect(),
            next: self.next,
        }
    }

    /// The same page with its rows read, or the first that could not be.
    pub(crate) fn read<U, E>(self, read: impl FnMut(T) -> Result<U, E>) -> Result<Page<U>, E> {
        Ok(Page {
            items: self.items.into_iter().map(read).collect::<Result<_, E>>()?,
            next: self.next,
        })
    }
}
