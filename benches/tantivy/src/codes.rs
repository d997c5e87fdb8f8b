//! The codes of the market, from the tables that the product ships; used by `search`.

use std::collections::BTreeMap;
use std::error::Error;

const MUNICIPALITIES: &str = include_str!("../../../crates/regions/data/municipalities.csv");
const THEMES: &str = include_str!("../../../crates/domain/data/themes.csv");
const PHASES: &str = include_str!("../../../crates/domain/data/phases.csv");

/// Which area lies in which, which theme belongs to which, and the order of the phases.
#[derive(Debug)]
pub(crate) struct Codes {
    /// The COROP region and the province of each municipality.
    around: BTreeMap<String, [String; 2]>,
    parents: BTreeMap<String, String>,
    phases: Vec<String>,
}

impl Codes {
    /// Reads the tables.
    ///
    /// # Errors
    /// When a table misses a column.
    pub(crate) fn shipped() -> Result<Self, Box<dyn Error>> {
        let mut around = BTreeMap::new();
        for [code, corop, province] in
            columns(MUNICIPALITIES, ["code", "corop_code", "province_code"])?
        {
            around.insert(code, [corop, province]);
        }
        let mut parents = BTreeMap::new();
        for [code, parent] in columns(THEMES, ["code", "parent"])? {
            parents.insert(code, parent);
        }
        let phases = columns(PHASES, ["code"])?;
        Ok(Self {
            around,
            parents,
            phases: phases.into_iter().map(|[code]| code).collect(),
        })
    }

    /// The COROP region and the province around a municipality.
    pub(crate) fn around(&self, municipality: &str) -> impl Iterator<Item = &str> {
        self.around
            .get(municipality)
            .into_iter()
            .flatten()
            .map(String::as_str)
    }

    /// The parent of a theme; one without is its own.
    pub(crate) fn parent<'a>(&'a self, theme: &'a str) -> &'a str {
        match self.parents.get(theme) {
            Some(parent) if !parent.is_empty() => parent,
            _ => theme,
        }
    }

    /// The phases just before and after a phase.
    pub(crate) fn beside(&self, phase: &str) -> impl Iterator<Item = &str> {
        let place = self.phases.iter().position(|code| code == phase);
        place
            .into_iter()
            .flat_map(|place| [place.checked_sub(1), place.checked_add(1)])
            .flatten()
            .filter_map(|place| self.phases.get(place))
            .map(String::as_str)
    }
}

/// Some columns of a table, line by line.
fn columns<const N: usize>(
    table: &str,
    names: [&str; N],
) -> Result<Vec<[String; N]>, Box<dyn Error>> {
    let mut lines = Vec::new();
    for line in csv::Reader::from_reader(table.as_bytes()).deserialize() {
        let line: BTreeMap<String, String> = line?;
        if let Some(missing) = names.iter().find(|name| !line.contains_key(**name)) {
            return Err(format!("a table has no column {missing}").into());
        }
        lines.push(names.map(|name| line.get(name).cloned().unwrap_or_default()));
    }
    Ok(lines)
}
