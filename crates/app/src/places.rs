//! Places and areas: what people write, found in the tables of the `regions` crate.

use std::collections::BTreeSet;

use domain::dutch::problems;
use domain::invalid::Invalid;
use domain::posts::{PostFilter, PostKind};
use domain::region::{Municipality, Region};
use domain::theme::Theme;
use regions::{Candidate, Regions};

use crate::App;

/// Places a search answers at most.
const MAX_PLACES: usize = 20;

/// A place a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceFound {
    /// The name with what tells it apart: "De Heeze, Apeldoorn".
    pub label: String,
    /// The municipality it lies in; `None` for a province or a wider area.
    pub municipality: Option<Municipality>,
    /// The narrowest area with a code that holds it.
    pub region: Region,
    /// How sure we are that this is meant, 0 to 1.
    pub confidence: f64,
}

impl App {
    /// Places that may be meant by a text, the likeliest first.
    pub fn search_places(&self, text: &str) -> Vec<PlaceFound> {
        let found = Regions::shipped().search(text, MAX_PLACES);
        found
            .into_iter()
            .map(|candidate: Candidate| PlaceFound {
                label: candidate.label,
                municipality: candidate.municipality,
                region: candidate.region,
                confidence: candidate.confidence,
            })
            .collect()
    }

    /// The name of an area for people.
    pub fn region_label(&self, region: Region) -> String {
        Regions::shipped().label(region)
    }

    /// Every area with its name: the country, provinces, COROP regions, municipalities.
    pub fn regions(&self) -> impl Iterator<Item = (Region, &'static str)> {
        Regions::shipped().regions()
    }

    /// The area a region lies in: a municipality in its COROP region, that in its province, a province in the country.
    pub fn region_parent(&self, region: Region) -> Option<Region> {
        let municipalities = Regions::shipped().municipalities();
        match region {
            Region::Netherlands => None,
            Region::Province(_) => Some(Region::Netherlands),
            Region::Corop(_) => municipalities
                .iter()
                .find(|facts| facts.corop == region)
                .map(|facts| facts.province),
            Region::Municipality(code) => Regions::shipped()
                .municipality(code)
                .map(|facts| facts.corop),
        }
    }

    /// The area a code or name stands for.
    ///
    /// # Errors
    /// What is wrong with it, under the field `region`.
    pub fn find_region(&self, typed: &str) -> Result<Region, Invalid> {
        region(typed).map_err(|problem| problem.at("region"))
    }
}

/// The municipality of what stands under `field`: a code, a municipality or any place.
///
/// # Errors
/// What is wrong with it, with the places it may mean.
pub fn municipality(field: &str, typed: &str) -> Result<Municipality, Invalid> {
    let regions = Regions::shipped();
    if let Ok(code) = typed.parse::<Municipality>() {
        return match regions.municipality(code) {
            Some(_) => Ok(code),
            None => Err(problems::unknown_municipality(typed).at(field)),
        };
    }
    let found = regions.resolve(typed).or_invalid(field, typed)?;
    found
        .municipality
        .ok_or_else(|| problems::not_a_municipality(typed).at(field))
}

/// The same for a row of a file, whose writer cannot be asked: when its place may be several, the names in its texts
/// decide if they are clear.
///
/// # Errors
/// As [`municipality`].
pub(crate) fn municipality_beside(
    field: &str,
    typed: &str,
    texts: &[&str],
) -> Result<Municipality, Invalid> {
    match Regions::shipped()
        .resolve_beside(typed, texts)
        .municipality()
    {
        Some(code) => Ok(code),
        None => municipality(field, typed),
    }
}

/// The area a code or name stands for, under the field `reach`.
pub(crate) fn region(typed: &str) -> Result<Region, Invalid> {
    Regions::shipped().resolve_reach(typed)
}

/// A filter with its areas and themes written out as posts name them: a province holds municipalities, an offer for the
/// province serves each of them, and a main theme holds its sub-themes.
pub(crate) fn widened(mut filter: PostFilter, kind: PostKind) -> PostFilter {
    filter.areas = written_out(&filter.areas, kind);
    let children: Vec<Theme> = Theme::all()
        .filter(|theme| {
            theme
                .parent()
                .is_some_and(|main| filter.themes.contains(&main))
        })
        .collect();
    filter.themes.extend(children);
    filter
}

/// Areas as posts of a kind name them: the municipalities in them, and for offers also whatever holds one of those.
pub(crate) fn written_out(areas: &[Region], kind: PostKind) -> Vec<Region> {
    let regions = Regions::shipped();
    let mut written = BTreeSet::new();
    for area in areas {
        let facts = regions.municipalities().iter();
        for facts in facts.filter(|facts| regions.holds(*area, facts.code)) {
            written.insert(Region::Municipality(facts.code));
            if kind == PostKind::Offer {
                written.extend([facts.province, facts.corop]);
            }
        }
        if kind == PostKind::Offer {
            written.insert(Region::Netherlands);
        }
    }
    written.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ambiguous_place_gives_its_choices() {
        let refused = municipality("place", "Zuidwolde").unwrap_err();
        assert_eq!(refused.field, "place");
        assert!(refused.choices.len() > 1, "{refused:?}");
    }

    #[test]
    fn a_province_is_not_a_municipality() {
        assert!(municipality("place", "provincie Gelderland").is_err());
        assert!(municipality("municipality", "GM9999").is_err());
        assert_eq!(
            municipality("municipality", "GM0200").unwrap().to_string(),
            "GM0200"
        );
    }

    #[test]
    fn a_municipality_is_served_by_its_province_and_the_country() {
        let filter = PostFilter {
            areas: vec!["GM0200".parse().unwrap()],
            themes: vec!["ontmoeten".parse().unwrap()],
            ..PostFilter::default()
        };
        let wide = widened(filter, PostKind::Offer);
        for code in ["GM0200", "PV25", "NL"] {
            assert!(wide.areas.contains(&code.parse().unwrap()), "{code}");
        }
        assert!(wide.themes.contains(&"dorpshuis".parse().unwrap()));
    }
}
