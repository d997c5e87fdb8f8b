//! Reads the shipped files, once, into the tables every other file of this crate looks things up in.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::region::{Municipality, Region};
use domain::vocabulary::rows;

use crate::gazetteer::Gazetteer;

static SHIPPED: LazyLock<Regions> = LazyLock::new(Regions::read);

/// The tables: what areas and places there are, and where they lie.
#[derive(Debug)]
pub struct Regions {
    municipalities: Vec<MunicipalityFacts>,
    names: BTreeMap<Region, &'static str>,
    neighbours: BTreeMap<Municipality, Vec<Municipality>>,
    postcodes: BTreeMap<u16, Postcode>,
    gazetteer: Gazetteer,
}

/// What is known of a municipality.
#[derive(Debug, Clone, PartialEq)]
pub struct MunicipalityFacts {
    /// Its code in the national register.
    pub code: Municipality,
    /// Its official Dutch name.
    pub name: &'static str,
    /// The province it lies in.
    pub province: Region,
    /// The COROP region it lies in.
    pub corop: Region,
    /// Inhabitants on 1 January 2024.
    pub population: u32,
    /// The centre of gravity of where its inhabitants live.
    pub center: Point,
}

/// A point on the earth, in degrees (WGS84).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Degrees north of the equator.
    pub lat: f64,
    /// Degrees east of Greenwich.
    pub lon: f64,
}

/// What is known of the four digits of a postcode.
#[derive(Debug)]
pub(crate) struct Postcode {
    pub(crate) municipality: Municipality,
    /// The share of its full postcodes that lie in the municipality, above 0 to 1.
    pub(crate) share: f64,
    /// Empty where unknown.
    pub(crate) town: &'static str,
}

impl Regions {
    /// The tables that ship with the program; read at first use, which takes some ten milliseconds.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Every municipality, in order of code.
    pub fn municipalities(&self) -> &[MunicipalityFacts] {
        &self.municipalities
    }

    /// What is known of one municipality; `None` if no municipality has the code.
    pub fn municipality(&self, code: Municipality) -> Option<&MunicipalityFacts> {
        let index = self
            .municipalities
            .binary_search_by_key(&code, |facts| facts.code)
            .ok()?;
        self.municipalities.get(index)
    }

    /// The municipalities that border on this one by land, fixed link or ferry, in order of code; none for an unknown
    /// code.
    pub fn neighbours(&self, code: Municipality) -> &[Municipality] {
        self.neighbours.get(&code).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn names(&self) -> &BTreeMap<Region, &'static str> {
        &self.names
    }

    pub(crate) fn postcodes(&self) -> &BTreeMap<u16, Postcode> {
        &self.postcodes
    }

    pub(crate) fn gazetteer(&self) -> &Gazetteer {
        &self.gazetteer
    }

    fn read() -> Self {
        let mut names = BTreeMap::from([(Region::Netherlands, "Nederland")]);
        let mut municipalities = Vec::new();
        for row in rows(include_str!("../data/municipalities.csv")) {
            if let Some((facts, province, corop)) = municipality_of(&row) {
                names.insert(facts.province, province);
                names.insert(facts.corop, corop);
                names.insert(Region::Municipality(facts.code), facts.name);
                municipalities.push(facts);
            }
        }
        municipalities.sort_by_key(|facts| facts.code);
        let gazetteer = Gazetteer::read(&municipalities, &names);
        Self {
            municipalities,
            names,
            neighbours: read_borders(),
            postcodes: rows(include_str!("../data/postcodes.csv"))
                .filter_map(|row| postcode_of(&row))
                .collect(),
            gazetteer,
        }
    }
}

/// The facts of a row, with the names of its province and COROP region.
fn municipality_of(
    row: &[&'static str],
) -> Option<(MunicipalityFacts, &'static str, &'static str)> {
    let &[
        code,
        name,
        province_code,
        province,
        corop_code,
        corop,
        population,
        lat,
        lon,
    ] = row
    else {
        return None;
    };
    let facts = MunicipalityFacts {
        code: code.parse().ok()?,
        name,
        province: province_code.parse().ok()?,
        corop: corop_code.parse().ok()?,
        population: population.parse().ok()?,
        center: Point {
            lat: lat.parse().ok()?,
            lon: lon.parse().ok()?,
        },
    };
    Some((facts, province, corop))
}

fn postcode_of(row: &[&'static str]) -> Option<(u16, Postcode)> {
    let &[digits, municipality, share, town] = row else {
        return None;
    };
    let postcode = Postcode {
        municipality: municipality.parse().ok()?,
        share: share.parse().ok()?,
        town,
    };
    Some((digits.parse().ok()?, postcode))
}

/// The file has each pair once; a border has two sides.
fn read_borders() -> BTreeMap<Municipality, Vec<Municipality>> {
    let mut neighbours: BTreeMap<Municipality, Vec<Municipality>> = BTreeMap::new();
    for row in rows(include_str!("../data/borders.csv")) {
        if let [a, b, _] = *row
            && let (Ok(a), Ok(b)) = (a.parse(), b.parse())
        {
            neighbours.entry(a).or_default().push(b);
            neighbours.entry(b).or_default().push(a);
        }
    }
    for list in neighbours.values_mut() {
        list.sort_unstable();
        list.dedup();
    }
    neighbours
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_files_is_read() {
        let regions = Regions::shipped();
        assert_eq!(regions.municipalities().len(), 342);
        assert_eq!(regions.postcodes().len(), 4_070);
        assert_eq!(regions.names().len(), 1 + 12 + 40 + 342);
        let borders: usize = regions.neighbours.values().map(Vec::len).sum();
        assert_eq!(borders, 2 * 881);
    }

    #[test]
    fn a_municipality_has_its_facts() {
        let apeldoorn = Regions::shipped()
            .municipality("GM0200".parse().unwrap())
            .unwrap();
        assert_eq!(apeldoorn.name, "Apeldoorn");
        assert_eq!(apeldoorn.province.to_string(), "PV25");
        assert_eq!(apeldoorn.corop.to_string(), "CR13");
        assert!(apeldoorn.population > 160_000);
        assert!(
            Regions::shipped()
                .municipality(Municipality::from_number(1))
                .is_none()
        );
    }

    #[test]
    fn centers_lie_in_the_netherlands() {
        for facts in Regions::shipped().municipalities() {
            let Point { lat, lon } = facts.center;
            assert!(
                (50.7..53.6).contains(&lat) && (3.3..7.3).contains(&lon),
                "{}",
                facts.name
            );
        }
    }
}
