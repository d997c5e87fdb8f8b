//! Reading any title and body gives bounded evidence, and only words that stand there.

use matching::{Finding, Reading, Side};

/// Reads bytes as a post: the first tells the side, the first line is the title.
pub fn reading(data: &[u8]) {
    let (first, rest) = data.split_first().unwrap_or((&0, &[]));
    let side = if first % 2 == 0 {
        Side::Request
    } else {
        Side::Offer
    };
    let text = String::from_utf8_lossy(rest);
    let (title, body) = text.split_once('\n').unwrap_or((&text, ""));
    let found = Reading::of(title, body, side);
    let again = Reading::of(title, body, side);
    assert!(found == again, "the same text is read in two ways");
    assert!(
        (0.0..=1.0).contains(&found.any_phase),
        "every phase at {}",
        found.any_phase
    );
    let text = small(&text);
    check(&found.themes, &text);
    check(&found.support, &text);
    check(&found.phases, &text);
}

/// A text in small letters, with one letter for the Greek sigma, which is written in another way where a word ends.
fn small(text: &str) -> String {
    text.to_lowercase().replace('ς', "σ")
}

/// Findings are in order, each once, with evidence that can be reckoned with and words that are in the text.
fn check<T: PartialEq + std::fmt::Debug>(findings: &[Finding<T>], text: &str) {
    let mut above = f64::INFINITY;
    for (place, finding) in findings.iter().enumerate() {
        let evidence = finding.evidence;
        assert!(evidence.is_finite() && evidence >= 0.0, "{finding:?}");
        assert!(evidence <= above, "{finding:?} stands below {above}");
        above = evidence;
        let twice = findings
            .iter()
            .take(place)
            .any(|other| other.code == finding.code);
        assert!(!twice, "{finding:?} is there twice");
        assert!(!finding.words.is_empty(), "{finding:?} has no words");
        for word in finding.words.iter().flat_map(|words| words.split(' ')) {
            assert!(text.contains(&small(word)), "{word:?} is not in the text");
        }
    }
}
