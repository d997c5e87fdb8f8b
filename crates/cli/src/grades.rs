//! Files of judged pairs: on each line a request, an offer and a grade, with tabs between them.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context;
use domain::dutch::commands::files::{self, row_problem};
use domain::dutch::commands::tune as words;
use domain::invalid::Invalid;
use matching::judged::MAX_GRADE;

use crate::tables::utf8;

/// The ids of a request and an offer.
type Pair = (String, String);

/// Whether the files of posts have an id, and what the file is called.
pub(crate) struct Known<'a> {
    /// The file.
    pub(crate) file: &'a str,
    /// Its ids.
    pub(crate) has: &'a dyn Fn(&str) -> bool,
}

/// Grades by their pairs, from any number of files.
#[derive(Debug, Default)]
pub(crate) struct Grades {
    /// Each grade with the file and the line it stands on.
    found: BTreeMap<Pair, (u8, String, u64)>,
    /// A sentence for each line that cannot be used.
    pub(crate) problems: Vec<String>,
}

impl Grades {
    /// Takes in a file.
    ///
    /// # Errors
    /// A Dutch sentence when it cannot be read as text; what is wrong with a line goes to the problems.
    pub(crate) fn add(
        &mut self,
        path: &Path,
        requests: &Known<'_>,
        offers: &Known<'_>,
    ) -> anyhow::Result<()> {
        let file = path.display().to_string();
        let bytes = std::fs::read(path).with_context(|| files::file_unreadable(&file))?;
        for (number, line) in (1..).zip(utf8(&file, &bytes)?.lines()) {
            if line.trim().is_empty() {
                continue;
            }
            let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
            if let Err((value, problem)) = self.line(&cells, (&file, number), requests, offers) {
                let said = row_problem(&file, number, &value, &problem);
                self.problems.push(said);
            }
        }
        Ok(())
    }

    /// Takes in a line; the error is the text of the cell, and what is wrong with it.
    fn line(
        &mut self,
        cells: &[&str],
        (file, number): (&str, u64),
        requests: &Known<'_>,
        offers: &Known<'_>,
    ) -> Result<(), (String, Invalid)> {
        let &[asks, gives, typed] = cells else {
            return Err((String::new(), words::misshapen(cells.len())));
        };
        for (field, id, known) in [("request", asks, requests), ("offer", gives, offers)] {
            if !(known.has)(id) {
                return Err((id.to_owned(), words::unknown_id(field, id, known.file)));
            }
        }
        let grade = typed.parse().ok().filter(|grade| *grade <= MAX_GRADE);
        let Some(grade) = grade else {
            return Err((typed.to_owned(), words::grade_unknown(typed, MAX_GRADE)));
        };
        let pair = (asks.to_owned(), gives.to_owned());
        if let Some((_, file, line)) = self.found.get(&pair) {
            return Err((String::new(), words::pair_twice(file, *line)));
        }
        self.found.insert(pair, (grade, file.to_owned(), number));
        Ok(())
    }

    /// The grades alone.
    pub(crate) fn into_map(self) -> BTreeMap<Pair, u8> {
        let found = self.found.into_iter();
        found.map(|(pair, (grade, ..))| (pair, grade)).collect()
    }
}
