//! Any text for a place gives a place we know, choices, or nothing; any running text names places that stand in it.

use regions::{Candidate, Regions, Resolution};

/// Reads bytes as what was filled in for a place on the first line, and a text below it.
pub fn places(data: &[u8]) {
    let all = String::from_utf8_lossy(data);
    let (place, text) = all.split_once('\n').unwrap_or((&all, ""));
    let regions = Regions::shipped();
    match regions.resolve(place) {
        Resolution::Found(found) => {
            check(&found);
            let again = regions.resolve(&found.label);
            assert!(
                matches!(&again, Resolution::Found(same) if same.region == found.region),
                "{place:?} is found as {found:?}, and its label as {again:?}"
            );
        }
        Resolution::Ambiguous(choices) => {
            assert!(choices.len() > 1, "{place:?} may be only {choices:?}");
            choices.iter().for_each(check);
        }
        Resolution::Unknown(nearest) => nearest.iter().for_each(check),
    }
    for named in regions.places_in(text) {
        let words = named.written.split_whitespace();
        words.for_each(|word| assert!(text.contains(word), "{named:?} is not in the text"));
        assert!(!named.candidates.is_empty(), "{named:?} is no place");
        named.candidates.iter().for_each(check);
    }
    let located = regions.locate(place, &[text]);
    let beside = regions.locate(place, &[text, ""]);
    assert!(
        located == beside,
        "an empty text changes {located:?} into {beside:?}"
    );
    let shown = regions.search(place, 10);
    assert!(shown.len() <= 10, "{} places are shown", shown.len());
    shown.iter().for_each(check);
    if let Ok(region) = regions.resolve_reach(place) {
        assert!(regions.name(region).is_some(), "{region} has no name");
    }
}

/// A place has a name, a certainty, and a municipality only where its area lies in it.
fn check(candidate: &Candidate) {
    let Candidate {
        name,
        label,
        region,
        confidence,
        ..
    } = candidate;
    assert!(!name.is_empty() && !label.is_empty(), "{candidate:?}");
    assert!((0.0..=1.0).contains(confidence), "{candidate:?}");
    if let Some(code) = candidate.municipality {
        assert!(Regions::shipped().holds(*region, code), "{candidate:?}");
    }
}
