//! Which areas hold a municipality: the questions the engine asks about the reach of an offer.

use domain::region::{Municipality, Region};

use crate::tables::{MunicipalityFacts, Regions};

impl Regions {
    /// Whether the area holds the municipality; a municipality that does not exist lies nowhere.
    pub fn holds(&self, region: Region, code: Municipality) -> bool {
        self.municipality(code)
            .is_some_and(|facts| facts.lies_in(region))
    }

    /// Whether two areas have a municipality in common.
    pub fn overlap(&self, one: Region, other: Region) -> bool {
        self.municipalities()
            .iter()
            .any(|facts| facts.lies_in(one) && facts.lies_in(other))
    }

    /// The narrowest area of the reach that holds the municipality; `None` if none does.
    pub fn covering(&self, reach: &[Region], code: Municipality) -> Option<Region> {
        let facts = self.municipality(code)?;
        // The kinds of area are ordered from wide to narrow, and only one of each kind holds a municipality.
        let holding = reach.iter().filter(|region| facts.lies_in(**region));
        holding.copied().max()
    }

    /// The municipality in the reach, listed there by its own code, that borders on `code` and is nearest to it;
    /// `None` if there is none.
    pub fn bordering(&self, reach: &[Region], code: Municipality) -> Option<Municipality> {
        reach
            .iter()
            .filter_map(|region| match region {
                Region::Municipality(listed) if self.borders(*listed, code) => {
                    Some((self.distance_km(*listed, code)?, *listed))
                }
                _ => None,
            })
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
            .map(|(_, listed)| listed)
    }
}

impl MunicipalityFacts {
    /// Whether the area holds it.
    fn lies_in(&self, region: Region) -> bool {
        match region {
            Region::Netherlands => true,
            Region::Province(_) => self.province == region,
            Region::Corop(_) => self.corop == region,
            Region::Municipality(other) => self.code == other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(codes: &str) -> Vec<Region> {
        codes
            .split_whitespace()
            .map(|code| code.parse().unwrap())
            .collect()
    }

    fn apeldoorn() -> Municipality {
        "GM0200".parse().unwrap()
    }

    #[test]
    fn areas_overlap_where_a_municipality_lies_in_both() {
        let regions = Regions::shipped();
        let overlap = |one: &str, other: &str| {
            let (one, other) = (one.parse().unwrap(), other.parse().unwrap());
            let there = regions.overlap(one, other);
            assert_eq!(there, regions.overlap(other, one));
            there
        };
        assert!(overlap("GM0200", "GM0200") && overlap("GM0200", "PV25") && overlap("NL", "PV31"));
        assert!(!overlap("GM0200", "GM0344") && !overlap("PV25", "PV31"));
        assert!(!overlap("GM0200", "PV31"));
    }

    #[test]
    fn the_narrowest_area_covers() {
        let regions = Regions::shipped();
        let covering = |codes: &str| {
            regions
                .covering(&reach(codes), apeldoorn())
                .map(|region| region.to_string())
        };
        assert_eq!(covering("NL PV25 CR13 GM0200").as_deref(), Some("GM0200"));
        assert_eq!(covering("CR13 PV25 NL").as_deref(), Some("CR13"));
        assert_eq!(covering("NL PV26 PV25").as_deref(), Some("PV25"));
        assert_eq!(covering("GM0344 NL").as_deref(), Some("NL"));
        assert_eq!(covering("GM0344 PV26 CR01"), None);
        assert_eq!(covering(""), None);
    }

    #[test]
    fn the_nearest_listed_neighbour_borders() {
        let regions = Regions::shipped();
        let bordering = |codes: &str| {
            regions
                .bordering(&reach(codes), apeldoorn())
                .map(|found| found.to_string())
        };
        assert_eq!(bordering("GM0344 GM0285 GM0203").as_deref(), Some("GM0285"));
        assert_eq!(bordering("GM0344 GM0200"), None);
        assert_eq!(bordering("NL PV25 CR13"), None);
    }

    #[test]
    fn every_municipality_lies_in_one_province_and_one_corop_region() {
        let regions = Regions::shipped();
        for facts in regions.municipalities() {
            let holding: Vec<Region> = regions
                .regions()
                .map(|(region, _)| region)
                .filter(|region| regions.holds(*region, facts.code))
                .collect();
            assert_eq!(
                holding,
                [
                    Region::Netherlands,
                    facts.province,
                    facts.corop,
                    Region::Municipality(facts.code)
                ]
            );
        }
    }

    #[test]
    fn an_unknown_municipality_lies_nowhere() {
        let nowhere = Municipality::from_number(9_999);
        assert_eq!(
            Regions::shipped().covering(
                &[Region::Netherlands, Region::Municipality(nowhere)],
                nowhere
            ),
            None
        );
    }
}
