//! What a post is probably about: values for fields that its writer left open, with the words that led to them. Nothing
//! is stored; the API and the command line ask it.

use domain::fields::Gather;
use domain::invalid::Invalid;
use domain::phase::Phase;
use domain::posts::PostKind;
use domain::region::Municipality;
use domain::requests::{MAX_SUPPORT, MAX_THEMES};
use domain::support::Support;
use domain::text::Text;
use domain::theme::Theme;
use matching::{Finding, Reading, Side};
use regions::{Candidate, Located, Regions, Resolution};

/// The evidence at which a value is as likely right as wrong, where 1 is one outright word.
const EVEN: f64 = 0.6;
/// The least confidence with which a value is proposed.
const MIN_CONFIDENCE: f64 = 0.3;
/// The least evidence for a value, as a share of that for the best one of its kind.
const MIN_SHARE: f64 = 0.35;
/// The most phases that are proposed: a post has one.
const MAX_PHASES: usize = 1;
/// The most words that are given as evidence for one value.
const MAX_EVIDENCE: usize = 8;

/// A post that is still being written; every field may be empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SuggestionFields {
    /// One line, at most 120 characters.
    pub title: String,
    /// The story, at most 5,000 characters.
    pub body: String,
    /// The place as people write it, at most 120 characters.
    pub place: String,
}

/// What a post is probably about.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Suggestions {
    /// At most four themes, the surest first.
    pub themes: Vec<Suggested<Theme>>,
    /// The phase, if the text tells.
    pub phase: Option<Suggested<Phase>>,
    /// At most four kinds of help, the surest first.
    pub support: Vec<Suggested<Support>>,
    /// The municipality, if place and text point to one.
    pub municipality: Option<Suggested<Municipality>>,
    /// The places that may be meant when they do not; the writer has to choose.
    pub places: Vec<String>,
}

/// A value for a field.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggested<T> {
    /// The value.
    pub value: T,
    /// How sure it is, above 0 to 1, in hundredths.
    pub confidence: f64,
    /// The words of title, body and place that led to it, the strongest first.
    pub evidence: Vec<String>,
}

/// Reads a post as a request or as an offer, and proposes values for its fields.
///
/// # Errors
/// The fields that are longer than a post may have.
pub fn suggest(fields: &SuggestionFields, kind: PostKind) -> Result<Suggestions, Vec<Invalid>> {
    let mut problems = Gather::default();
    let title = problems.at("title", fields.title.parse::<Text<0, 120>>());
    let body = problems.at("body", fields.body.parse::<Text<0, 5_000>>());
    let place = problems.at("place", fields.place.parse::<Text<0, 120>>());
    let (title, body, place) = problems.done(|| Some((title?, body?, place?)))?;
    let side = match kind {
        PostKind::Request => Side::Request,
        PostKind::Offer => Side::Offer,
    };
    let reading = Reading::of(title.as_str(), body.as_str(), side);
    let (municipality, places) = whereabouts(place.as_str(), &[title.as_str(), body.as_str()]);
    Ok(Suggestions {
        themes: likely(reading.themes, MAX_THEMES),
        phase: likely(reading.phases, MAX_PHASES).into_iter().next(),
        support: likely(reading.support, MAX_SUPPORT),
        municipality,
        places,
    })
}

/// The findings worth proposing, of a list with the surest first.
fn likely<T>(findings: Vec<Finding<T>>, most: usize) -> Vec<Suggested<T>> {
    let best = findings.first().map_or(0.0, |first| first.evidence);
    findings
        .into_iter()
        .filter(|finding| finding.evidence >= MIN_SHARE * best)
        .map(|finding| {
            let confidence = finding.evidence / (finding.evidence + EVEN);
            suggested(finding.code, confidence, finding.words)
        })
        .filter(|suggested| suggested.confidence >= MIN_CONFIDENCE)
        .take(most)
        .collect()
}

/// The municipality by the place and the texts beside it, or else by the texts alone; or the places it may be.
fn whereabouts(place: &str, texts: &[&str]) -> (Option<Suggested<Municipality>>, Vec<String>) {
    let regions = Regions::shipped();
    let located = regions.locate(place, texts);
    match &located.resolution {
        Resolution::Found(Candidate {
            municipality: Some(code),
            confidence,
            ..
        }) => {
            let typed = Some(place.to_owned()).filter(|place| !place.is_empty());
            let words = typed.into_iter().chain(located.words).collect();
            (Some(suggested(*code, *confidence, words)), Vec::new())
        }
        Resolution::Ambiguous(choices) => (None, labels(choices)),
        // A province, or a place we do not know: the text may tell where in it.
        Resolution::Found(_) | Resolution::Unknown(_) => told(&located, texts),
    }
}

/// The municipality the texts name, if it can be in what was found of the place.
fn told(place: &Located, texts: &[&str]) -> (Option<Suggested<Municipality>>, Vec<String>) {
    let regions = Regions::shipped();
    let told = regions.locate("", texts);
    let may_be = |code| match &place.resolution {
        Resolution::Found(wide) => regions.holds(wide.region, code),
        Resolution::Ambiguous(_) | Resolution::Unknown(_) => true,
    };
    match (&told.resolution, &place.resolution) {
        (
            Resolution::Found(Candidate {
                municipality: Some(code),
                confidence,
                ..
            }),
            _,
        ) if may_be(*code) => (Some(suggested(*code, *confidence, told.words)), Vec::new()),
        (Resolution::Ambiguous(choices), Resolution::Unknown(_)) => (None, labels(choices)),
        (_, Resolution::Unknown(alike)) => (None, labels(alike)),
        _ => (None, Vec::new()),
    }
}

fn labels(choices: &[Candidate]) -> Vec<String> {
    choices.iter().map(|choice| choice.label.clone()).collect()
}

fn suggested<T>(value: T, confidence: f64, mut evidence: Vec<String>) -> Suggested<T> {
    evidence.truncate(MAX_EVIDENCE);
    Suggested {
        value,
        confidence: (confidence * 100.0).round() / 100.0,
        evidence,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(title: &str, body: &str, place: &str) -> Suggestions {
        let fields = SuggestionFields {
            title: title.to_owned(),
            body: body.to_owned(),
            place: place.to_owned(),
        };
        suggest(&fields, PostKind::Request).unwrap()
    }

    fn municipality(found: &Suggestions) -> Option<String> {
        found
            .municipality
            .as_ref()
            .map(|suggested| suggested.value.to_string())
    }

    #[test]
    fn a_post_gets_values_with_the_words_that_led_to_them() {
        let found = read(
            "Zaal gezocht voor onze buurtmaaltijd",
            "Wij zijn net begonnen en zoeken een ruimte om samen te koken, tegen eenzaamheid.",
            "De Heeze, Apeldoorn",
        );
        let ruimte = &found.support[0];
        assert_eq!(ruimte.value.code(), "ruimte");
        assert!(!ruimte.evidence.is_empty() && ruimte.confidence >= MIN_CONFIDENCE);
        assert!(!found.themes.is_empty() && found.themes.len() <= MAX_THEMES);
        assert_eq!(found.phase.as_ref().unwrap().value.code(), "start");
        assert_eq!(municipality(&found).as_deref(), Some("GM0200"));
        assert_eq!(
            found.municipality.unwrap().evidence,
            ["De Heeze, Apeldoorn"]
        );
    }

    #[test]
    fn place_and_text_are_read_together() {
        let beside = read("", "Wij rijden ook naar Donkerbroek.", "Oosterwolde");
        assert_eq!(municipality(&beside).as_deref(), Some("GM0085"));
        assert_eq!(
            beside.municipality.unwrap().evidence,
            ["Oosterwolde", "Donkerbroek"]
        );
        let open = read("", "Wij rijden rond.", "Oosterwolde");
        assert!(
            open.municipality.is_none() && open.places.len() == 2,
            "{open:?}"
        );
        let within = read("", "Wij koken in Ede.", "Gelderland");
        assert_eq!(municipality(&within).as_deref(), Some("GM0228"));
        let outside = read("", "Wij koken in Ede.", "Limburg");
        assert_eq!((municipality(&outside), outside.places), (None, Vec::new()));
        let unknown = read("", "Wij koken in Ede.", "het oude postkantoor");
        assert_eq!(municipality(&unknown).as_deref(), Some("GM0228"));
        assert!(!read("", "", "Zuilenn").places.is_empty());
    }

    #[test]
    fn nothing_gives_nothing_and_too_much_is_named() {
        assert_eq!(read("", "", ""), Suggestions::default());
        let fields = SuggestionFields {
            title: "a".repeat(121),
            body: "a".repeat(5_001),
            place: "a".repeat(121),
        };
        let refused = suggest(&fields, PostKind::Offer).unwrap_err();
        let named: Vec<&str> = refused
            .iter()
            .map(|problem| problem.field.as_str())
            .collect();
        assert_eq!(named, ["title", "body", "place"]);
    }
}
