//! Why a request and an offer fit, in plain Dutch.

use crate::explanation::{Explanation, Part, Reason, Source};
use crate::region::Region;
use crate::support::Support;
use crate::theme::Theme;

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
pub fn phrases(
    explanation: &Explanation,
    reader: Reader,
    place: impl Fn(Region) -> String,
) -> Vec<String> {
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
    parts
        .into_iter()
        .filter_map(|part| phrase(&part.reason, reader, &place))
        .collect()
}

/// The phrases of [`phrases`] on one line: "Zelfde gemeente (Apeldoorn) · thema ontmoeten · …".
pub fn line(explanation: &Explanation, reader: Reader, place: impl Fn(Region) -> String) -> String {
    let joined = phrases(explanation, reader, place).join(" · ");
    let mut letters = joined.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

/// One reason as a phrase; `None` for what does not speak for a match.
pub fn phrase(reason: &Reason, reader: Reader, place: impl Fn(Region) -> String) -> Option<String> {
    let said = match reason {
        Reason::SameMunicipality { municipality } => {
            format!(
                "zelfde gemeente ({})",
                place(Region::Municipality(*municipality))
            )
        }
        Reason::RegionCovers {
            region: Region::Netherlands,
            ..
        } => "werkt in heel Nederland".to_owned(),
        Reason::RegionCovers { region, .. } => format!("werkt in {}", place(*region)),
        Reason::NeighbourCovers { neighbour, .. } => format!(
            "helpt ook buurgemeenten van {}",
            place(Region::Municipality(*neighbour))
        ),
        Reason::SameThemes { themes, source } => {
            named("thema", "thema's", &theme_names(themes)) + by_text(*source)
        }
        Reason::RelatedThemes { themes, source } => {
            format!("verwant thema: {}", list(&theme_names(themes))) + by_text(*source)
        }
        Reason::AnyTheme => "voor elk thema".to_owned(),
        Reason::SamePhase { phase, source } => {
            format!("past bij de fase {}", phase.label().to_lowercase()) + by_text(*source)
        }
        Reason::NearPhase {
            offered, source, ..
        } => {
            format!("ligt dicht bij de fase {}", offered.label().to_lowercase()) + by_text(*source)
        }
        Reason::AnyPhase => "voor elke fase".to_owned(),
        Reason::SameSupport {
            support,
            missing,
            source,
        } => support_phrase(support, missing, reader) + by_text(*source),
        Reason::SharedWords { words } => format!(
            "allebei over {}",
            list(
                &words
                    .iter()
                    .map(|word| format!("'{word}'"))
                    .collect::<Vec<_>>()
            )
        ),
        Reason::Waiting { days } => format!("wacht al {days} dagen"),
        Reason::PlaceUnknown
        | Reason::OtherThemes
        | Reason::ThemeUnknown
        | Reason::OtherPhase { .. }
        | Reason::PhaseUnknown
        | Reason::OtherSupport { .. }
        | Reason::SupportUnknown
        | Reason::NoSharedWords
        | Reason::IntroducedLately { .. } => return None,
    };
    Some(said)
}

/// Says that a reason was read and not filled in, so that a reader knows to check it.
fn by_text(source: Source) -> &'static str {
    match source {
        Source::Filled => "",
        Source::Text => " (volgens de tekst)",
    }
}

fn support_phrase(support: &[Support], missing: &[Support], reader: Reader) -> String {
    let names: Vec<String> = support
        .iter()
        .map(|kind| kind.label().to_lowercase())
        .collect();
    let given = list(&names);
    let mut asked = names;
    asked.extend(missing.iter().map(|kind| kind.label().to_lowercase()));
    let asked = list(&asked);
    match reader {
        Reader::Asker => format!("u vraagt {asked}, zij bieden {given}"),
        Reader::Giver => format!("zij vragen {asked}, u biedt {given}"),
        Reader::Other => format!("gevraagd: {asked}; geboden: {given}"),
    }
}

fn theme_names(themes: &[Theme]) -> Vec<String> {
    themes
        .iter()
        .map(|theme| theme.label().to_lowercase())
        .collect()
}

fn named(one: &str, more: &str, names: &[String]) -> String {
    let noun = if names.len() == 1 { one } else { more };
    format!("{noun} {}", list(names))
}

/// "a", "a en b", "a, b en c".
pub fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} en {last}", first.join(", ")),
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
}
