//! What areas are called.

use domain::dutch::places;
use domain::region::Region;

use crate::tables::Regions;

impl Regions {
    /// Every area with its Dutch name: the country, the provinces, the COROP regions, the municipalities, each in
    /// order of code.
    pub fn regions(&self) -> impl Iterator<Item = (Region, &str)> {
        self.names().iter().map(|(region, name)| (*region, *name))
    }

    /// The Dutch name of an area; `None` if it does not exist.
    pub fn name(&self, region: Region) -> Option<&str> {
        self.names().get(&region).copied()
    }

    /// The name of an area for people, who must not take a province or a COROP region for the municipality of the same
    /// name: "provincie Utrecht", "regio Veluwe", "Utrecht"; the code itself where the area does not exist.
    pub fn label(&self, region: Region) -> String {
        let Some(name) = self.name(region) else {
            return region.to_string();
        };
        match region {
            Region::Province(_) if self.is_municipality(name) => places::province(name),
            Region::Corop(_) => places::corop(name),
            _ => name.to_owned(),
        }
    }

    fn is_municipality(&self, name: &str) -> bool {
        self.municipalities().iter().any(|facts| facts.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(code: &str) -> String {
        Regions::shipped().label(code.parse().unwrap())
    }

    #[test]
    fn labels_tell_areas_of_one_name_apart() {
        assert_eq!(label("NL"), "Nederland");
        assert_eq!(label("PV26"), "provincie Utrecht");
        assert_eq!(label("CR17"), "regio Utrecht");
        assert_eq!(label("GM0344"), "Utrecht");
        assert_eq!(label("PV20"), "provincie Groningen");
        assert_eq!(label("PV25"), "Gelderland");
        assert_eq!(label("CR13"), "regio Veluwe");
        assert_eq!(label("CR99"), "CR99");
    }

    #[test]
    fn every_area_has_a_name_and_its_own_label() {
        let regions = Regions::shipped();
        let labels: std::collections::BTreeSet<String> = regions
            .regions()
            .map(|(region, _)| regions.label(region))
            .collect();
        assert_eq!(labels.len(), regions.regions().count());
        assert_eq!(
            regions.regions().next(),
            Some((Region::Netherlands, "Nederland"))
        );
        assert_eq!(regions.name(Region::Province(99)), None);
    }
}
