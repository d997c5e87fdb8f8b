//! From what a person wrote as an area of an offer's reach to its code.

use domain::dutch::places;
use domain::invalid::Invalid;
use domain::region::Region;

use crate::candidate::{Candidate, PlaceKind};
use crate::gazetteer::Entry;
use crate::normalize::{key, pieces};
use crate::reading::Reading;
use crate::resolution::Resolution;
use crate::tables::Regions;

const FIELD: &str = "reach";

impl Regions {
    /// The area a code (`NL`, `PV26`, `CR17`, `GM0344`) or a name of the country, a province, a COROP region or a
    /// municipality stands for.
    ///
    /// An error under the field `reach` if it stands for none or, as "Utrecht" does, for more than one; it names the
    /// areas that may be meant, which are understood in turn. A town or a streek is no area of a reach: the municipality
    /// or the COROP region it belongs to is named instead, because that is wider than what was written.
    pub fn resolve_reach(&self, text: &str) -> Result<Region, Invalid> {
        if let Ok(region) = text.parse::<Region>() {
            return match self.name(region) {
                Some(_) => Ok(region),
                None => Err(places::unknown_area(FIELD, text, Vec::new())),
            };
        }
        let meanings = self.meanings(text);
        let mut areas: Vec<&Entry> = meanings.iter().filter(|entry| is_area(entry)).collect();
        let has_province = areas.iter().any(|entry| entry.kind == PlaceKind::Province);
        // A COROP region that is a whole province has its name, and is no other choice.
        areas.retain(|entry| !(has_province && entry.kind == PlaceKind::Corop));
        areas.sort_by_key(|entry| entry.region);
        areas.dedup_by_key(|entry| entry.region);
        match areas.as_slice() {
            [only] => Ok(only.region),
            [] => self.by_resolving(text),
            several => {
                let choices = several
                    .iter()
                    .map(|entry| self.area_label(entry.region))
                    .collect();
                Err(places::unknown_area(FIELD, text, choices))
            }
        }
    }

    /// What the text stands for as one name, by itself or with a word for the sort of area.
    fn meanings(&self, text: &str) -> Vec<Entry> {
        let exact = self.gazetteer().find(&key(text));
        if !exact.is_empty() {
            return exact.to_vec();
        }
        let reading = Reading::of(self, &pieces(text));
        match reading.clauses.as_slice() {
            [clause] if clause.is_clear() => match clause.known.as_slice() {
                [only] => only.entries.clone(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// A municipality with what tells it apart; for any other place the areas it lies in, to choose from.
    fn by_resolving(&self, text: &str) -> Result<Region, Invalid> {
        let nearest: Vec<Candidate> = match self.resolve(text) {
            Resolution::Found(found)
                if found.kind == PlaceKind::Municipality && found.confidence >= 1.0 =>
            {
                return Ok(found.region);
            }
            Resolution::Found(found) => vec![found],
            Resolution::Ambiguous(several) | Resolution::Unknown(several) => several,
        };
        let mut choices: Vec<String> = Vec::new();
        for candidate in nearest {
            let label = self.area_label(candidate.region);
            if !choices.contains(&label) {
                choices.push(label);
            }
        }
        Err(places::unknown_area(FIELD, text, choices))
    }

    /// A label this function understands as exactly this area.
    fn area_label(&self, region: Region) -> String {
        match self.area_entry(region) {
            Some(entry) if entry.kind == PlaceKind::Municipality => {
                self.candidate(&entry, 1.0).label
            }
            _ => self.label(region),
        }
    }
}

/// Whether the name stands for exactly an area with a code.
fn is_area(entry: &Entry) -> bool {
    entry.kind <= PlaceKind::Municipality && entry.certainty >= 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(text: &str) -> Result<String, Vec<String>> {
        Regions::shipped()
            .resolve_reach(text)
            .map(|region| region.to_string())
            .map_err(|problem| problem.choices)
    }

    #[test]
    fn codes_and_names_are_understood() {
        for (text, code) in [
            ("NL", "NL"),
            ("heel Nederland", "NL"),
            ("pv26", "PV26"),
            ("provincie Utrecht", "PV26"),
            ("gemeente Utrecht", "GM0344"),
            ("Gelderland", "PV25"),
            ("Friesland", "PV21"),
            ("Flevoland", "PV24"),
            ("Veluwe", "CR13"),
            ("regio Achterhoek", "CR14"),
            ("Den Haag", "GM0518"),
            ("Hengelo", "GM0164"),
        ] {
            assert_eq!(reach(text).as_deref(), Ok(code), "{text}");
        }
    }

    #[test]
    fn what_is_no_single_area_gives_choices() {
        assert_eq!(
            reach("Utrecht").unwrap_err(),
            ["provincie Utrecht", "gemeente Utrecht (Utrecht)"]
        );
        assert_eq!(
            reach("Drachten").unwrap_err(),
            ["gemeente Smallingerland (Fryslân)"]
        );
        assert_eq!(reach("Betuwe").unwrap_err(), ["regio Zuidwest-Gelderland"]);
        assert_eq!(reach("Bergen").unwrap_err().len(), 2);
        assert!(reach("GM9999").unwrap_err().is_empty());
        assert!(reach("").unwrap_err().is_empty());
    }

    #[test]
    fn every_choice_is_understood_in_turn() {
        let regions = Regions::shipped();
        for (region, _) in regions.regions() {
            let label = regions.area_label(region);
            // A COROP region that is a whole province is named as one, and means the province.
            let understood = regions.resolve_reach(&label).unwrap();
            assert_eq!(understood, region, "{label}");
        }
    }
}
