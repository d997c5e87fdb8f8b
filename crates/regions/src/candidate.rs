//! A place a person may have meant, and how it is shown.

use std::borrow::Cow;

use domain::dutch::places;
use domain::region::{Municipality, Region};

use crate::gazetteer::Entry;
use crate::normalize::key;
use crate::tables::Regions;

/// A place a person may have meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Its name, in the official spelling where that is known.
    pub name: String,
    /// Its name for a list of choices, such as "Hengelo (gemeente Bronckhorst, Gelderland)"; [`Regions::resolve`]
    /// understands it.
    pub label: String,
    /// What sort of place it is.
    pub kind: PlaceKind,
    /// The municipality it lies in; `None` for what is wider than a municipality.
    pub municipality: Option<Municipality>,
    /// The narrowest area with a code that holds it.
    pub region: Region,
    /// How sure it is that the person meant it, 0 to 1; 1 only for an exact name that no other place shares.
    pub confidence: f64,
}

/// What sort of place it is, from wide to narrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceKind {
    /// The Netherlands.
    Country,
    /// One of the twelve provinces.
    Province,
    /// A COROP region, or a region people name that lies about there.
    Corop,
    /// A municipality.
    Municipality,
    /// A municipality that merged into another one.
    FormerMunicipality,
    /// A town or village of the national register of addresses (woonplaats).
    Town,
    /// A smaller settlement or a part of a town that has its own name.
    Village,
    /// A district (wijk).
    District,
    /// A neighborhood (buurt).
    Neighbourhood,
    /// The four digits of a postcode.
    Postcode,
}

impl Regions {
    /// Shows an entry of the gazetteer to a person.
    pub(crate) fn candidate(&self, entry: &Entry, confidence: f64) -> Candidate {
        Candidate {
            name: entry.name.to_string(),
            label: self.label_of(entry),
            kind: entry.kind,
            municipality: entry.municipality(),
            region: entry.region,
            confidence: (confidence * entry.certainty).clamp(0.0, 1.0),
        }
    }

    fn label_of(&self, entry: &Entry) -> String {
        let Some(facts) = entry
            .municipality()
            .and_then(|code| self.municipality(code))
        else {
            return self.label(entry.region);
        };
        let name = without_suffix(&entry.name);
        let municipality = without_suffix(facts.name);
        let province = self.name(facts.province).unwrap_or_default();
        match entry.kind {
            PlaceKind::Municipality => places::municipality_in(municipality, province),
            PlaceKind::Postcode => {
                let town = self.postcode(&entry.name).map_or("", |found| found.town);
                places::postcode_in(name, town, municipality)
            }
            _ => places::place_in(name, municipality, province),
        }
    }

    /// The four-digit postcode as an entry that can be weighed with others; `None` if it is not known.
    pub(crate) fn postcode_entry(&self, digits: &str) -> Option<Entry> {
        let known = self.postcode(digits)?;
        Some(Entry {
            name: Cow::Owned(digits.to_owned()),
            kind: PlaceKind::Postcode,
            region: Region::Municipality(known.municipality),
            inhabitants: 0,
            certainty: known.share,
        })
    }

    /// An area as an entry that can be weighed with others; `None` if it does not exist.
    pub(crate) fn area_entry(&self, region: Region) -> Option<Entry> {
        let entries = self.gazetteer().find(&key(self.name(region)?));
        entries.iter().find(|entry| entry.region == region).cloned()
    }

    fn postcode(&self, digits: &str) -> Option<&crate::tables::Postcode> {
        self.postcodes().get(&digits.parse().ok()?)
    }
}

/// A name without the abbreviation that tells it apart, which a label says in full: "Bergen (NH.)" is "Bergen".
fn without_suffix(name: &str) -> &str {
    name.split_once(" (").map_or(name, |(bare, _)| bare)
}
