//! Settings of the database.

use serde::Deserialize;

use super::{Http, unless};

/// Where everything is kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// A path to an SQLite file, or `postgres://…`.
    pub url: String,
    /// What an answer is worth when the power fails.
    pub durability: Durability,
}

/// What an answer is worth when the power fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Durability {
    /// What was answered is on the disk.
    Full,
    /// SQLite may lose what it answered last; nothing is damaged.
    Normal,
}

impl Durability {
    /// The same in the words of `store`.
    pub(crate) fn of_store(self) -> store::Durability {
        match self {
            Self::Full => store::Durability::Full,
            Self::Normal => store::Durability::Normal,
        }
    }
}

impl Database {
    pub(super) fn problems(&self, http: &Http) -> Vec<String> {
        let is_safe = self.durability == Durability::Full || !http.is_secure();
        unless(
            is_safe,
            "database.durability",
            "Kies full: met normal kunt u na een stroomstoring gegevens kwijt zijn.",
        )
        .into_iter()
        .collect()
    }
}
