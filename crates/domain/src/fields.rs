//! Reads the fields of a form or a file, and keeps every problem instead of stopping at the first.

use std::str::FromStr;

use crate::dutch::problems;
use crate::invalid::Invalid;

/// The problems met so far.
#[derive(Debug, Default)]
pub struct Gather(Vec<Invalid>);

impl Gather {
    /// The value, or `None` after keeping what was wrong.
    pub fn keep<T>(&mut self, read: Result<T, Invalid>) -> Option<T> {
        read.map_err(|problem| self.0.push(problem)).ok()
    }

    /// Like [`Self::keep`], reporting the problem under the name the sender used.
    pub fn at<T>(&mut self, field: &str, read: Result<T, Invalid>) -> Option<T> {
        self.keep(read.map_err(|problem| problem.at(field)))
    }

    /// Like [`Self::keep`], for a reader that found several problems.
    pub fn all<T>(&mut self, read: Result<T, Vec<Invalid>>) -> Option<T> {
        read.map_err(|problems| self.0.extend(problems)).ok()
    }

    /// What `build` makes of the values, or every problem that was kept.
    ///
    /// # Errors
    /// The problems, in the order they were met.
    pub fn done<T>(self, build: impl FnOnce() -> Option<T>) -> Result<T, Vec<Invalid>> {
        if self.0.is_empty() {
            build().ok_or_else(Vec::new)
        } else {
            Err(self.0)
        }
    }
}

/// The value typed, or `None` for an empty field.
///
/// # Errors
/// What the value itself says is wrong.
pub fn one_of<T: FromStr<Err = Invalid>>(typed: &str) -> Result<Option<T>, Invalid> {
    match typed.trim() {
        "" => Ok(None),
        text => text.parse().map(Some),
    }
}

/// The values typed, each once, in the order typed, empty ones left out; at most `most`.
///
/// # Errors
/// The first value that is wrong, or that there are too many, under `field`.
pub fn some_of<T: FromStr<Err = Invalid> + PartialEq>(
    field: &str,
    typed: &[String],
    most: usize,
) -> Result<Vec<T>, Invalid> {
    let mut found: Vec<T> = Vec::new();
    for text in typed.iter().filter(|text| !text.trim().is_empty()) {
        let value = text.parse().map_err(|problem: Invalid| problem.at(field))?;
        if !found.contains(&value) {
            found.push(value);
        }
    }
    if found.len() > most {
        return Err(problems::too_many(field, found.len(), most));
    }
    Ok(found)
}
