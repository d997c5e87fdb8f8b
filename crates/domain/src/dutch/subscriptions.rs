//! What is said about subscriptions, and in the letters they bring.

use crate::invalid::Invalid;
use crate::posts::PostKind;
use crate::subscriptions::{Frequency, NewsKind};

/// A subscription that follows nothing.
pub fn kinds_missing(choices: &[NewsKind]) -> Invalid {
    let codes: Vec<String> = choices.iter().map(ToString::to_string).collect();
    Invalid::new(
        "kinds",
        "Er is nog niets gekozen om te volgen.",
        format!("Kies een of meer uit: {}.", codes.join(", ")),
    )
    .with_choices(codes)
}

/// A score that no match can have.
pub fn score_out_of_range(typed: f64) -> Invalid {
    Invalid::new(
        "minimumScore",
        format!("'{typed}' is geen score."),
        "Vul een getal in van 0 tot en met 1.",
    )
}

/// The subject line of a letter about so many items.
pub fn subject(frequency: Frequency, count: usize) -> String {
    let overview = match frequency {
        Frequency::Immediate => "Nieuw op Samenspel",
        Frequency::Daily => "Uw dagoverzicht",
        Frequency::Weekly => "Uw weekoverzicht",
    };
    format!("{overview}: {}", messages(count))
}

/// `1 bericht`, `12 berichten`.
pub fn messages(count: usize) -> String {
    match count {
        1 => "1 bericht".to_owned(),
        more => format!("{more} berichten"),
    }
}

/// What stands over the items of one kind.
pub fn heading(kind: NewsKind) -> &'static str {
    match kind {
        NewsKind::Requests => "Vragen",
        NewsKind::Offers => "Aanbod",
        NewsKind::Matches => "Zij vonden elkaar",
        NewsKind::Gaps => "Hiervoor is nog niets gevonden",
    }
}

/// So many items did not fit in this letter.
pub fn left(count: usize) -> String {
    match count {
        1 => "Er is nog 1 bericht. Dat staat in de volgende mail.".to_owned(),
        more => format!("Er zijn nog {more} berichten. Die staan in de volgende mail."),
    }
}

/// How often somebody is told, after "U krijgt dit overzicht": `elke week`.
pub fn how_often(frequency: Frequency) -> &'static str {
    match frequency {
        Frequency::Immediate => "zodra er iets nieuws is",
        Frequency::Daily => "elke dag",
        Frequency::Weekly => "elke week",
    }
}

/// What a subscription follows, after "Dit overzicht gaat over": `vragen en aanbod`.
pub fn what(kinds: &[NewsKind]) -> String {
    let named: Vec<&str> = kinds
        .iter()
        .map(|kind| match kind {
            NewsKind::Requests => "vragen",
            NewsKind::Offers => "aanbod",
            NewsKind::Matches => "kennismakingen",
            NewsKind::Gaps => "wat nog ontbreekt",
        })
        .collect();
    match named.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, before)) => format!("{} en {last}", before.join(", ")),
        None => String::new(),
    }
}

/// Two posts that were brought together, by their titles where these can still be read by everyone.
pub fn pair(request: Option<&str>, offer: Option<&str>) -> String {
    let titled = |kind: &str, title: Option<&str>| match title {
        Some(title) => format!("{kind} “{title}”"),
        None => kind.to_owned(),
    };
    format!(
        "{} en {}",
        titled("Een vraag", request),
        titled("een aanbod", offer)
    )
}

/// Which of the two a post is, where a list has both.
pub fn post(kind: PostKind) -> &'static str {
    match kind {
        PostKind::Request => "Vraag",
        PostKind::Offer => "Aanbod",
    }
}

/// Under a title: the parts that are known, such as a place and themes.
pub fn about(parts: &[String]) -> String {
    let known: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    known.join(" · ")
}

/// A feed of requests or offers, as feed readers name it.
pub fn feed_title(kind: PostKind) -> &'static str {
    match kind {
        PostKind::Request => "Vragen op Samenspel",
        PostKind::Offer => "Aanbod op Samenspel",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_followed_reads_as_a_list() {
        assert_eq!(what(&[NewsKind::Offers]), "aanbod");
        assert_eq!(
            what(NewsKind::ALL),
            "vragen, aanbod, kennismakingen en wat nog ontbreekt"
        );
    }

    #[test]
    fn a_pair_names_only_what_everyone_may_read() {
        assert_eq!(
            pair(Some("Zaal gezocht"), None),
            "Een vraag “Zaal gezocht” en een aanbod"
        );
    }
}
