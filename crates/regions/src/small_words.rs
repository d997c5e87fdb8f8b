//! The small words around the name of a place, and the abbreviations behind it.

use domain::region::Region;

use crate::candidate::PlaceKind;

/// What sort of place the words before or after a name say it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hint {
    Municipality,
    Province,
    Corop,
    Town,
    District,
}

impl Hint {
    pub(crate) fn of(word: &str) -> Option<Self> {
        match word {
            "gemeente" | "gem" | "gemeenten" => Some(Self::Municipality),
            "provincie" | "prov" => Some(Self::Province),
            "regio" | "streek" | "corop" | "gebied" => Some(Self::Corop),
            "dorp" | "dorpje" | "stad" | "stadje" | "plaats" | "plaatsje" | "woonplaats"
            | "kern" | "buurtschap" | "gehucht" => Some(Self::Town),
            "wijk" | "wijkje" | "buurt" | "buurtje" | "stadswijk" | "woonwijk" | "stadsdeel" => {
                Some(Self::District)
            }
            _ => None,
        }
    }

    pub(crate) fn fits(self, kind: PlaceKind) -> bool {
        use PlaceKind::{Corop, FormerMunicipality, Municipality, Province, Town, Village};
        match self {
            Self::Municipality => matches!(kind, Municipality | FormerMunicipality),
            Self::Province => kind == Province,
            Self::Corop => kind == Corop,
            Self::Town => matches!(kind, Town | Village | Municipality),
            Self::District => kind > Town,
        }
    }
}

/// The province an abbreviation behind the name of a town stands for.
pub(crate) fn province(short: &str) -> Option<Region> {
    let number = match short {
        "gr" | "gn" | "gron" => 20,
        "fr" | "frl" | "fri" | "frsl" => 21,
        "dr" | "dre" => 22,
        "o" | "ov" | "ovs" => 23,
        "fl" | "fle" | "flev" => 24,
        "gl" | "gld" | "gel" | "geld" => 25,
        "u" | "ut" | "utr" => 26,
        "nh" => 27,
        "zh" => 28,
        "z" | "zl" | "zld" => 29,
        "nb" | "nbr" => 30,
        "l" | "lb" | "li" | "limb" => 31,
        _ => return None,
    };
    Some(Region::Province(number))
}

/// Whether a word carries no meaning here.
pub(crate) fn is_filler(word: &str) -> bool {
    matches!(
        word,
        "t" | "de"
            | "den"
            | "een"
            | "en"
            | "of"
            | "van"
            | "op"
            | "aan"
            | "eo"
            | "ca"
            | "omstreken"
            | "nl"
            | "wij"
            | "we"
            | "ons"
            | "onze"
            | "hele"
    )
}

/// Whether another part of the text starts after the word.
pub(crate) fn is_link(word: &str) -> bool {
    matches!(word, "in" | "te" | "uit" | "binnen")
}

/// Whether the word says that the place is not the one named, but near it.
pub(crate) fn is_nearby(word: &str) -> bool {
    matches!(
        word,
        "bij" | "nabij" | "vlakbij" | "rond" | "rondom" | "omgeving" | "omtrek"
    )
}

/// Whether it names a part of a town, which a town may have without its being listed.
pub(crate) fn is_side(key: &str) -> bool {
    matches!(
        key,
        "noord"
            | "oost"
            | "zuid"
            | "west"
            | "noordoost"
            | "noordwest"
            | "zuidoost"
            | "zuidwest"
            | "midden"
            | "centrum"
            | "binnenstad"
            | "stad"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::Regions;

    #[test]
    fn every_abbreviation_stands_for_a_province_that_exists() {
        let shorts = [
            "gr", "fr", "dr", "o", "fl", "gld", "u", "nh", "zh", "z", "nb", "l",
        ];
        let names: Vec<_> = shorts
            .iter()
            .map(|short| Regions::shipped().name(province(short).unwrap()).unwrap())
            .collect();
        assert_eq!(
            names,
            [
                "Groningen",
                "Fryslân",
                "Drenthe",
                "Overijssel",
                "Flevoland",
                "Gelderland",
                "Utrecht",
                "Noord-Holland",
                "Zuid-Holland",
                "Zeeland",
                "Noord-Brabant",
                "Limburg"
            ]
        );
        assert_eq!(province("x"), None);
    }

    #[test]
    fn a_hint_fits_its_sort() {
        assert!(Hint::of("gem").unwrap().fits(PlaceKind::Municipality));
        assert!(!Hint::of("wijk").unwrap().fits(PlaceKind::Town));
        assert!(Hint::of("wijk").unwrap().fits(PlaceKind::Village));
        assert_eq!(Hint::of("apeldoorn"), None);
    }
}
