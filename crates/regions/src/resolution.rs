//! What came of reading a place: one, several, or none.

use domain::dutch::places;
use domain::invalid::Invalid;
use domain::region::Municipality;

use crate::candidate::Candidate;

/// What a person meant by a place.
#[derive(Debug, Clone, PartialEq)]
pub enum Resolution {
    /// This place.
    Found(Candidate),
    /// One of these, the most populous first; only the person can say which.
    Ambiguous(Vec<Candidate>),
    /// No place we know for sure; these come nearest, the most likely first.
    Unknown(Vec<Candidate>),
}

impl Resolution {
    /// The municipality of the place; `None` unless one place was found that lies in one municipality.
    pub fn municipality(&self) -> Option<Municipality> {
        match self {
            Self::Found(candidate) => candidate.municipality,
            Self::Ambiguous(_) | Self::Unknown(_) => None,
        }
    }

    /// The place, or what to tell the person who typed `typed` in `field`, with the places it may be.
    pub fn or_invalid(self, field: &str, typed: &str) -> Result<Candidate, Invalid> {
        let labels = |candidates: Vec<Candidate>| {
            candidates
                .into_iter()
                .map(|candidate| candidate.label)
                .collect()
        };
        match self {
            Self::Found(candidate) => Ok(candidate),
            _ if typed.trim().is_empty() => Err(places::missing(field)),
            Self::Ambiguous(candidates) => Err(places::ambiguous(field, typed, labels(candidates))),
            Self::Unknown(candidates) => Err(places::unknown(field, typed, labels(candidates))),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tables::Regions;

    #[test]
    fn an_ambiguous_place_becomes_a_problem_with_choices_that_resolve() {
        let regions = Regions::shipped();
        let problem = regions
            .resolve("Hengelo")
            .or_invalid("place", "Hengelo")
            .unwrap_err();
        assert_eq!(problem.field, "place");
        assert_eq!(problem.reason, "'Hengelo' kan meer dan één plaats zijn.");
        assert_eq!(
            problem.choices,
            [
                "gemeente Hengelo (Overijssel)",
                "Hengelo (gemeente Bronckhorst, Gelderland)"
            ]
        );
    }

    #[test]
    fn an_unknown_place_becomes_a_problem_that_says_what_to_fill_in() {
        let problem = |typed: &str| {
            Regions::shipped()
                .resolve(typed)
                .or_invalid("place", typed)
                .unwrap_err()
        };
        assert_eq!(problem("xqzzzz").reason, "We kennen geen plaats 'xqzzzz'.");
        assert_eq!(problem("  ").reason, "Hier staat nog geen plaats.");
        assert!(!problem("Zuilenn").choices.is_empty());
    }
}
