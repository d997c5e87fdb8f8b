//! What is wrong with something a person filled in, and what to do about it.

use thiserror::Error;

/// One field that cannot be accepted; `reason` and `remedy` are Dutch sentences for the person who filled it in.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{field}: {reason} {remedy}")]
pub struct Invalid {
    /// The field as the sender named it: a JSON name such as `title`, or a CSV column.
    pub field: String,
    /// What is wrong.
    pub reason: String,
    /// What to do.
    pub remedy: String,
    /// Values that would have been accepted, such as the municipalities an ambiguous place may mean.
    pub choices: Vec<String>,
}

impl Invalid {
    /// Names the field, what is wrong with it and what to do.
    pub fn new(
        field: impl Into<String>,
        reason: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            field: field.into(),
            reason: reason.into(),
            remedy: remedy.into(),
            choices: Vec::new(),
        }
    }

    /// Adds the values that would have been accepted.
    #[must_use]
    pub fn with_choices(mut self, choices: Vec<String>) -> Self {
        self.choices = choices;
        self
    }

    /// The same problem, reported under the name the sender used.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = field.into();
        self
    }
}
