//! All names of places and areas with what they may stand for, sorted for looking up.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::region::{Municipality, Region};
use domain::vocabulary::rows;

use crate::candidate::PlaceKind;
use crate::normalize::{joined, key, pieces};
use crate::tables::MunicipalityFacts;
use crate::weighing::{Rank, rank};

/// Inhabitants assumed of a town whose number is not known: as a rule it is smaller.
const UNCOUNTED_TOWN: u32 = 1_000;
/// Inhabitants assumed of any other place whose number is not known.
const UNCOUNTED_PLACE: u32 = 500;
/// How well the name of a streek stands for the COROP region nearest to it.
const APPROXIMATE: f64 = 0.7;
/// How well a part of a double name ("Vrieheide" of "Vrieheide-De Stack") stands for the district.
const PART: f64 = 0.8;

/// How well a name without its article stands for the place, and how short it may be.
const WITHOUT_ARTICLE: f64 = 0.9;
const MIN_WITHOUT_ARTICLE: usize = 4;

/// One meaning of a name.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) name: Cow<'static, str>,
    pub(crate) kind: PlaceKind,
    /// The municipality it lies in, or the wider area it is.
    pub(crate) region: Region,
    pub(crate) inhabitants: u32,
    /// How well the name stands for this meaning, above 0 to 1.
    pub(crate) certainty: f64,
}

impl Entry {
    pub(crate) fn municipality(&self) -> Option<Municipality> {
        match self.region {
            Region::Municipality(code) => Some(code),
            _ => None,
        }
    }
}

/// All names, each with its meanings.
#[derive(Debug)]
pub(crate) struct Gazetteer {
    names: Vec<Name>,
}

/// A name in the form of [`key`], and what it may stand for.
#[derive(Debug)]
pub(crate) struct Name {
    pub(crate) key: String,
    pub(crate) entries: Vec<Entry>,
}

impl Name {
    /// A part of a district's name never stands beside a town of that name: "Rotterdam" is not the Rotterdam side of a
    /// district elsewhere.
    fn new((key, mut entries): (String, Vec<Entry>)) -> Self {
        if entries.iter().any(|entry| rank(entry) < Rank::Smaller) {
            entries.retain(|entry| rank(entry) < Rank::PartOfName);
        }
        Self { key, entries }
    }
}

impl Gazetteer {
    /// The meanings of a key; none for an unknown one.
    pub(crate) fn find(&self, key: &str) -> &[Entry] {
        self.names
            .binary_search_by(|name| name.key.as_str().cmp(key))
            .ok()
            .and_then(|index| self.names.get(index))
            .map_or(&[], |name| name.entries.as_slice())
    }

    /// The meanings of a key as people write it, who leave out the article of a name or "Den" of Den Helder.
    pub(crate) fn find_written(&self, key: &str) -> Vec<Entry> {
        let exact = self.find(key);
        if !exact.is_empty() || key.len() < MIN_WITHOUT_ARTICLE {
            return exact.to_vec();
        }
        let entries = ["de", "den", "t"]
            .iter()
            .flat_map(|article| self.find(&format!("{article}{key}")));
        entries
            .map(|entry| Entry {
                certainty: entry.certainty * WITHOUT_ARTICLE,
                ..entry.clone()
            })
            .collect()
    }

    /// Every name, in the order of the keys.
    pub(crate) fn names(&self) -> &[Name] {
        &self.names
    }

    /// The names that start so.
    pub(crate) fn starting_with<'a>(&'a self, start: &'a str) -> impl Iterator<Item = &'a Name> {
        let first = self.names.partition_point(|name| name.key.as_str() < start);
        self.names
            .iter()
            .skip(first)
            .take_while(move |name| name.key.starts_with(start))
    }

    pub(crate) fn read(
        municipalities: &[MunicipalityFacts],
        areas: &BTreeMap<Region, &'static str>,
    ) -> Self {
        let mut reading = Reading {
            areas,
            inhabitants: inhabitants_of(municipalities),
            found: BTreeMap::new(),
        };
        for (region, name) in areas {
            reading.add_area(name, *region, name, 1.0);
        }
        let mut by_code = BTreeMap::new();
        for row in rows(include_str!("../data/places.csv")) {
            if let Some((code, entry)) = place_of(&row) {
                reading.add_parts(&entry);
                by_code.insert(code, entry.clone());
                reading.add(&entry.name.clone(), entry);
            }
        }
        for row in rows(include_str!("../data/aliases.csv")) {
            if let [alias, target, kind] = *row {
                reading.add_alias([alias, target, kind], &by_code);
            }
        }
        let names = reading.found.into_iter().map(Name::new).collect();
        Self { names }
    }
}

/// What was read so far.
struct Reading<'a> {
    areas: &'a BTreeMap<Region, &'static str>,
    inhabitants: BTreeMap<Region, u32>,
    found: BTreeMap<String, Vec<Entry>>,
}

impl Reading<'_> {
    fn add(&mut self, name: &str, entry: Entry) {
        self.found.entry(key(name)).or_default().push(entry);
    }

    fn add_area(&mut self, written: &str, region: Region, name: &'static str, certainty: f64) {
        let entry = Entry {
            name: Cow::Borrowed(name),
            kind: match region {
                Region::Netherlands => PlaceKind::Country,
                Region::Province(_) => PlaceKind::Province,
                Region::Corop(_) => PlaceKind::Corop,
                Region::Municipality(_) => PlaceKind::Municipality,
            },
            region,
            inhabitants: self.inhabitants.get(&region).copied().unwrap_or_default(),
            certainty,
        };
        self.add(written, entry);
    }

    /// Adds the parts of a double name of a district, which people use alone: "Heechterp & Schieringen".
    fn add_parts(&mut self, entry: &Entry) {
        if entry.kind != PlaceKind::District {
            return;
        }
        let mut parts: Vec<&str> = entry.name.split(['/', '&', ',', '-']).collect();
        if parts.len() < 2 {
            return;
        }
        parts.extend(
            entry
                .name
                .split([',', '/'])
                .flat_map(|part| part.split(" en ")),
        );
        let whole = key(&entry.name);
        for part in parts {
            let part = joined(&pieces(part).concat());
            if part.len() > 3 && part != whole {
                let known = self.found.entry(part).or_default();
                known.push(Entry {
                    certainty: PART,
                    ..entry.clone()
                });
            }
        }
    }

    fn add_alias(
        &mut self,
        [alias, target, kind]: [&'static str; 3],
        by_code: &BTreeMap<&'static str, Entry>,
    ) {
        if let Some(entry) = by_code.get(target) {
            self.add(alias, entry.clone());
            return;
        }
        let Ok(region) = target.parse() else {
            return;
        };
        match kind {
            "former_municipality" | "former_municipality_split" => self.add(
                alias,
                Entry {
                    name: Cow::Borrowed(alias),
                    kind: PlaceKind::FormerMunicipality,
                    region,
                    inhabitants: UNCOUNTED_PLACE,
                    certainty: 1.0,
                },
            ),
            "region_approx" => self.add_area(alias, region, alias, APPROXIMATE),
            _ => {
                let name = self.areas.get(&region).copied().unwrap_or(alias);
                self.add_area(alias, region, name, 1.0);
            }
        }
    }
}

/// Inhabitants of every area, counted from the municipalities.
fn inhabitants_of(municipalities: &[MunicipalityFacts]) -> BTreeMap<Region, u32> {
    let mut counted = BTreeMap::new();
    for facts in municipalities {
        for region in [
            Region::Netherlands,
            facts.province,
            facts.corop,
            Region::Municipality(facts.code),
        ] {
            *counted.entry(region).or_default() += facts.population;
        }
    }
    counted
}

fn place_of(row: &[&'static str]) -> Option<(&'static str, Entry)> {
    let &[name, municipality, kind, code, inhabitants] = row else {
        return None;
    };
    let (kind, uncounted) = match kind {
        "woonplaats" => (PlaceKind::Town, UNCOUNTED_TOWN),
        "locality" => (PlaceKind::Village, UNCOUNTED_PLACE),
        "wijk" => (PlaceKind::District, UNCOUNTED_PLACE),
        "neighbourhood" => (PlaceKind::Neighbourhood, UNCOUNTED_PLACE),
        _ => return None,
    };
    let entry = Entry {
        name: Cow::Borrowed(name),
        kind,
        region: Region::Municipality(municipality.parse().ok()?),
        inhabitants: inhabitants.parse().unwrap_or(uncounted),
        certainty: 1.0,
    };
    Some((code, entry))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::Regions;

    #[test]
    fn every_place_and_alias_is_found() {
        let gazetteer = Regions::shipped().gazetteer();
        let municipalities = |key: &str| -> Vec<String> {
            gazetteer
                .find(key)
                .iter()
                .map(|entry| entry.region.to_string())
                .collect()
        };
        let mut checked = 0;
        for row in rows(include_str!("../data/places.csv")) {
            assert!(
                municipalities(&key(row[0])).contains(&row[1].to_owned()),
                "{row:?}"
            );
            checked += 1;
        }
        for row in rows(include_str!("../data/aliases.csv")) {
            assert!(!gazetteer.find(&key(row[0])).is_empty(), "{row:?}");
            checked += 1;
        }
        assert!(checked > 6_600, "{checked}");
    }

    #[test]
    fn a_prefix_finds_the_names_that_start_so() {
        let gazetteer = Regions::shipped().gazetteer();
        let found: Vec<&str> = gazetteer
            .starting_with("apeld")
            .map(|name| name.key.as_str())
            .collect();
        assert_eq!(found, ["apeldoorn"]);
        assert_eq!(gazetteer.starting_with("").count(), gazetteer.names().len());
    }
}
