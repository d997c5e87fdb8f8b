//! Why a request and an offer fit, in plain Dutch.

use crate::explanation::{Explanation, Part, Reason, Source};
use crate::region::{Municipality, Region};
use crate::support::Support;

/// What stands between two reasons on one line.
const BETWEEN: &str = " · ";

/// More bytes than most lines need, so that they are not moved while they grow.
const USUAL_LENGTH: usize = 256;

/// Who reads the sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// The initiative that asks: the offer is "zij".
    Asker,
    /// The organisation that offers: the request is "zij".
    Giver,
    /// A coordinator, or both at once: neither is "u".
    Other,
}

/// The reasons that speak for the match, most telling first, each a short phrase; `place` names an area.
pub fn phrases<P: AsRef<str>>(
    explanation: &Explanation,
    reader: Reader,
    place: impl Fn(Region) -> P,
) -> Vec<String> {
    telling(explanation)
        .into_iter()
        .filter_map(|reason| phrase(reason, reader, &place))
        .collect()
}

/// The phrases of [`phrases`] on one line: "Zelfde gemeente (Apeldoorn) · thema ontmoeten · …".
pub fn line<P: AsRef<str>>(
    explanation: &Explanation,
    reader: Reader,
    place: impl Fn(Region) -> P,
) -> String {
    let mut said = String::with_capacity(USUAL_LENGTH);
    for reason in telling(explanation) {
        if put(&mut said, reason, reader, &place) {
            said.push_str(BETWEEN);
        }
    }
    said.truncate(said.len().saturating_sub(BETWEEN.len()));
    // Each phrase begins with a letter that ASCII has.
    if let Some(first) = said.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    said
}

/// One reason as a phrase; `None` for what does not speak for a match.
pub fn phrase<P: AsRef<str>>(
    reason: &Reason,
    reader: Reader,
    place: impl Fn(Region) -> P,
) -> Option<String> {
    let mut said = String::new();
    put(&mut said, reason, reader, &place).then_some(said)
}

/// "a", "a en b", "a, b en c".
pub fn list(names: &[String]) -> String {
    let mut said = String::new();
    put_list(&mut said, names.iter().map(String::as_str));
    said
}

/// The reasons of what adds to the score, what adds most first.
fn telling(explanation: &Explanation) -> Vec<&Reason> {
    let mut parts: Vec<&Part> = explanation
        .parts
        .iter()
        .filter(|part| part.contribution > 0.0)
        .collect();
    parts.sort_by(|a, b| {
        b.contribution
            .total_cmp(&a.contribution)
            .then(a.signal.cmp(&b.signal))
    });
    parts.into_iter().map(|part| &part.reason).collect()
}

/// Adds one reason to what is said already, and answers whether it speaks for a match; if not, nothing was added.
fn put<P: AsRef<str>>(
    out: &mut String,
    reason: &Reason,
    reader: Reader,
    place: &impl Fn(Region) -> P,
) -> bool {
    let name = |code: Municipality| place(Region::Municipality(code));
    match reason {
        Reason::SameMunicipality { municipality } => {
            out.extend(["zelfde gemeente (", name(*municipality).as_ref(), ")"]);
        }
        Reason::RegionCovers {
            region: Region::Netherlands,
            ..
        } => out.push_str("werkt in heel Nederland"),
        Reason::RegionCovers { region, .. } => out.extend(["werkt in ", place(*region).as_ref()]),
        Reason::NeighbourCovers { neighbour, .. } => {
            out.extend(["helpt ook buurgemeenten van ", name(*neighbour).as_ref()]);
        }
        Reason::SameThemes { themes, source } => {
            let is_one = themes.len() == 1;
            out.push_str(if is_one { "thema " } else { "thema's " });
            put_list(out, themes.iter().map(|theme| theme.lower()));
            out.push_str(by_text(*source));
        }
        Reason::RelatedThemes { themes, source } => {
            out.push_str("verwant thema: ");
            put_list(out, themes.iter().map(|theme| theme.lower()));
            out.push_str(by_text(*source));
        }
        Reason::AnyTheme => out.push_str("voor elk thema"),
        Reason::SamePhase { phase, source } => {
            out.extend(["past bij de fase ", phase.lower(), by_text(*source)]);
        }
        Reason::NearPhase {
            offered, source, ..
        } => out.extend(["ligt dicht bij de fase ", offered.lower(), by_text(*source)]),
        Reason::AnyPhase => out.push_str("voor elke fase"),
        Reason::SameSupport {
            support,
            missing,
            source,
        } => {
            put_support(out, support, missing, reader);
            out.push_str(by_text(*source));
        }
        Reason::SharedWords { words } => put_shared(out, words),
        Reason::Waiting { days } => out.push_str(&format!("wacht al {days} dagen")),
        Reason::PlaceUnknown
        | Reason::OtherThemes
        | Reason::ThemeUnknown
        | Reason::OtherPhase { .. }
        | Reason::PhaseUnknown
        | Reason::OtherSupport { .. }
        | Reason::SupportUnknown
        | Reason::NoSharedWords
        | Reason::IntroducedLately { .. } => return false,
    }
    true
}

/// Says that a reason was read and not filled in, so that a reader knows to check it.
fn by_text(source: Source) -> &'static str {
    match source {
        Source::Filled => "",
        Source::Text => " (volgens de tekst)",
    }
}

fn put_support(out: &mut String, given: &[Support], missing: &[Support], reader: Reader) {
    let (before, between) = match reader {
        Reader::Asker => ("u vraagt ", ", zij bieden "),
        Reader::Giver => ("zij vragen ", ", u biedt "),
        Reader::Other => ("gevraagd: ", "; geboden: "),
    };
    out.push_str(before);
    put_list(out, given.iter().chain(missing).map(|kind| kind.lower()));
    out.push_str(between);
    put_list(out, given.iter().map(|kind| kind.lower()));
}

fn put_shared(out: &mut String, words: &[String]) {
    out.push_str("allebei over ");
    put_each(out, words, |out, word| out.extend(["'", word, "'"]));
}

/// Adds what [`list`] gives.
fn put_list<'a>(out: &mut String, names: impl Iterator<Item = &'a str>) {
    put_each(out, names, String::push_str);
}

/// As [`put_list`], of anything.
fn put_each<T>(out: &mut String, items: impl IntoIterator<Item = T>, put: impl Fn(&mut String, T)) {
    let mut items = items.into_iter().peekable();
    let mut is_first = true;
    while let Some(item) = items.next() {
        let before = match items.peek() {
            _ if is_first => "",
            Some(_) => ", ",
            None => " en ",
        };
        out.push_str(before);
        put(out, item);
        is_first = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explanation::Signal;

    fn part(signal: Signal, contribution: f64, reason: Reason) -> Part {
        Part {
            signal,
            value: 1.0,
            contribution,
            reason,
        }
    }

    #[test]
    fn the_line_names_what_speaks_for_the_match_first() {
        let explanation = Explanation {
            score: 0.8,
            algorithm: "test".to_owned(),
            parts: vec![
                part(
                    Signal::Region,
                    0.2,
                    Reason::SameMunicipality {
                        municipality: "GM0200".parse().unwrap(),
                    },
                ),
                part(
                    Signal::Theme,
                    0.1,
                    Reason::SameThemes {
                        themes: vec!["ontmoeten".parse().unwrap()],
                        source: Source::Filled,
                    },
                ),
                part(Signal::Phase, 0.0, Reason::PhaseUnknown),
                part(
                    Signal::Support,
                    0.5,
                    Reason::SameSupport {
                        support: vec!["ruimte".parse().unwrap()],
                        missing: vec!["geld".parse().unwrap()],
                        source: Source::Filled,
                    },
                ),
            ],
        };
        let place = |_| "Apeldoorn".to_owned();
        assert_eq!(
            line(&explanation, Reader::Asker, place),
            "U vraagt ruimte en geld, zij bieden ruimte · zelfde gemeente (Apeldoorn) · thema ontmoeten"
        );
        assert_eq!(
            phrases(&explanation, Reader::Giver, place)[0],
            "zij vragen ruimte en geld, u biedt ruimte"
        );
    }

    #[test]
    fn what_does_not_speak_for_the_match_leaves_no_trace() {
        let words = vec!["moes".to_owned(), "tuin".to_owned(), "oogst".to_owned()];
        let mut explanation = Explanation {
            score: 0.5,
            algorithm: "test".to_owned(),
            parts: vec![
                part(Signal::Theme, 0.4, Reason::ThemeUnknown),
                part(Signal::Text, 0.3, Reason::SharedWords { words }),
                part(Signal::Phase, 0.2, Reason::PhaseUnknown),
            ],
        };
        let place = |_| "Apeldoorn";
        let said = line(&explanation, Reader::Other, place);
        assert_eq!(said, "Allebei over 'moes', 'tuin' en 'oogst'");
        explanation.parts.remove(1);
        assert_eq!(line(&explanation, Reader::Other, place), "");
    }
}
