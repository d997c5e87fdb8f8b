//! The words of a running text that tell whether a name beside them is that of a place.

use crate::named::Mention;
use crate::small_words::Hint;

/// What leads up to a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lead {
    /// A word that says what sort of place it is: "gemeente".
    Kind(Hint),
    /// A word that puts something there or about there: "in", "rond".
    In,
    /// A board or society that is called after its place: "Dorpsbelang".
    Board,
    /// A word that goes with people as well as with places: "bij", "naar".
    Toward,
    /// Another place, in a list.
    List(Mention),
    /// Nothing that tells.
    None,
}

impl Lead {
    /// What a word in small type leads up to; `None` for any other word.
    pub(crate) fn of(word: &str) -> Option<Self> {
        match word {
            "in" | "uit" | "te" | "op" | "binnen" | "vanuit" | "rond" | "rondom" | "nabij"
            | "omgeving" | "heel" | "regio's" | "dorpen" | "wijken" | "buurten" | "gemeentes"
            | "steden" | "kernen" => Some(Self::In),
            "bij" | "vlakbij" | "naar" | "tussen" | "richting" | "langs" | "tot" | "door"
            | "voor" | "met" | "naast" | "over" => Some(Self::Toward),
            _ => Hint::of(word).map(Self::Kind),
        }
    }
}

/// Whether it is the article of a name.
pub(crate) fn is_article(word: &str) -> bool {
    matches!(word, "de" | "De" | "den" | "Den" | "het" | "Het" | "t")
}

/// Whether it stands between what belongs and to what, and in surnames.
pub(crate) fn is_of(word: &str) -> bool {
    matches!(
        word,
        "van" | "Van" | "v.d" | "ter" | "Ter" | "ten" | "Ten" | "der" | "Der"
    )
}

/// Whether it denies that something is at the place behind it.
pub(crate) fn is_denial(word: &str) -> bool {
    matches!(word, "niet" | "geen" | "nooit" | "behalve" | "nergens")
}

/// Whether a surname follows.
pub(crate) fn is_title(word: &str) -> bool {
    let word = word.to_lowercase();
    matches!(
        word.as_str(),
        "heer"
            | "meneer"
            | "mijnheer"
            | "mevrouw"
            | "mevr"
            | "mw"
            | "dhr"
            | "familie"
            | "fam"
            | "dokter"
            | "dr"
            | "drs"
            | "ing"
            | "ir"
            | "mr"
            | "prof"
            | "dominee"
            | "ds"
            | "pastoor"
            | "zuster"
            | "broeder"
            | "juf"
            | "meester"
            | "burgemeester"
            | "wethouder"
            | "oom"
            | "tante"
            | "opa"
            | "oma"
            | "buurvrouw"
            | "buurman"
    )
}

/// Whether it is a board or society that is called after its place.
pub(crate) fn is_board(word: &str) -> bool {
    let word = word.to_lowercase();
    [
        "dorpsraad",
        "dorpsbelang",
        "belang",
        "belangen",
        "wijkraad",
        "buurtraad",
        "wijkplatform",
        "dorpskrant",
    ]
    .contains(&word.as_str())
        || word.ends_with("kernraad")
}

/// Whether it is a house, club or service that may have the name of its place behind its own.
pub(crate) fn is_institution(word: &str) -> bool {
    let word = word.to_lowercase();
    is_board(&word)
        || [
            "huis",
            "vereniging",
            "stichting",
            "raad",
            "centrum",
            "tuin",
            "school",
            "kerk",
            "bibliotheek",
            "club",
            "coöperatie",
            "cooperatie",
            "plein",
            "team",
            "comité",
            "commissie",
            "gemeente",
            "welzijn",
            "voedselbank",
            "initiatief",
            "collectief",
            "museum",
            "koor",
            "fonds",
            "werkplaats",
            "winkel",
            "café",
            "netwerk",
        ]
        .iter()
        .any(|end| word.ends_with(end))
}

/// Whether it is a word for people, who are from somewhere: "Bewoners van Zwolle".
pub(crate) fn is_people(word: &str) -> bool {
    let word = word.to_lowercase();
    [
        "bewoners",
        "inwoners",
        "buurtbewoners",
        "dorpsbewoners",
        "wijkbewoners",
        "vrijwilligers",
        "ouderen",
        "jongeren",
        "mensen",
        "kinderen",
        "ouders",
        "ondernemers",
        "senioren",
        "nieuwkomers",
        "leden",
        "mantelzorgers",
        "inwoonsters",
        "burgers",
        "buren",
        "statushouders",
        "omwonenden",
        "dorpelingen",
        "centrum",
        "rand",
        "hart",
        "zuiden",
        "noorden",
        "oosten",
        "westen",
    ]
    .contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_says_whether_something_is_there() {
        assert_eq!(Lead::of("in"), Some(Lead::In));
        assert_eq!(Lead::of("gemeente"), Some(Lead::Kind(Hint::Municipality)));
        assert_eq!(Lead::of("naar"), Some(Lead::Toward));
        assert_eq!(Lead::of("koken"), None);
    }

    #[test]
    fn houses_and_clubs_are_known_by_their_last_part() {
        assert!(is_institution("Dorpshuis") && is_institution("Speeltuinvereniging"));
        assert!(!is_institution("Jan") && !is_institution("Wij"));
        assert!(is_board("Kernraad") && !is_board("Dorpshuis"));
    }
}
