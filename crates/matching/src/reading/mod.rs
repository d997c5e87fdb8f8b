//! Reading a post: which themes, kinds of help and phase its words speak of, and which words those are.
//!
//! It fills in what a poster left open, weighs what they filled in, and answers "what is this about?" for a form.
//! The words come from the lexicon (`data/lexicon`); a word counts more where the post asks for it or offers it than
//! where it only mentions it.

mod compounds;
mod context;
mod entries;
mod files;
mod hits;
mod inflection;
mod known;
mod lexicon;
mod phrases;
mod slips;
mod tokens;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use domain::phase::Phase;
use domain::support::Support;
use domain::theme::Theme;

use self::entries::About;
pub use self::entries::Side;
pub(crate) use self::files::is_bland;
use crate::signals::theme::main_theme;

/// What a post speaks of, as far as its words tell.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// The themes, the surest first.
    pub themes: Vec<Finding<Theme>>,
    /// The kinds of help, the surest first.
    pub support: Vec<Finding<Support>>,
    /// The phases, the surest first.
    pub phases: Vec<Finding<Phase>>,
    /// How surely an offer says that it is for every phase, 0 to 1.
    pub any_phase: f64,
}

/// A code a post speaks of.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding<T> {
    /// The code.
    pub code: T,
    /// How much the post says of it: 0 is nothing, 1 about as much as one outright word.
    pub evidence: f64,
    /// The words that say it, as written, the strongest first.
    pub words: Vec<String>,
}

/// A step of the analysis that can be left out, to see what it is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Reading anything at all.
    Lexicon,
    /// Forms of several words.
    Phrases,
    /// Parts of long words.
    Compounds,
    /// Verb forms and diminutives that Snowball does not see through.
    Forms,
    /// Spelling slips.
    Slips,
    /// What is asked for against what is there already, refused or only mentioned.
    Context,
}

impl Step {
    /// Every step.
    pub const ALL: [Self; 6] = [
        Self::Lexicon,
        Self::Phrases,
        Self::Compounds,
        Self::Forms,
        Self::Slips,
        Self::Context,
    ];
}

/// What a code gains by a word said again, for each time.
const AGAIN: f64 = 0.15;
/// The most times a word said again adds.
const MOST_AGAIN: f64 = 3.0;

impl Reading {
    /// Reads a title and a body as one side of the market writes them.
    pub fn of(title: &str, body: &str, side: Side) -> Self {
        Self::without(&[], title, body, side)
    }

    /// The same without some steps of the analysis, to see what each is worth.
    pub fn without(steps: &[Step], title: &str, body: &str, side: Side) -> Self {
        if steps.contains(&Step::Lexicon) {
            return Self::default();
        }
        let tokens = tokens::tokens(title, body, steps);
        let hits = hits::hits(&tokens, side);
        let mut said: BTreeMap<About, BTreeMap<String, Said>> = BTreeMap::new();
        for hit in &hits {
            let strength = hit.strength
                * if steps.contains(&Step::Context) {
                    1.0
                } else {
                    context::weight(hit, &hits, &tokens, side)
                };
            if strength <= 0.0 {
                continue;
            }
            let words = tokens.get(hit.start..hit.end).unwrap_or_default();
            let written: Vec<&str> = words.iter().map(|token| token.written.as_str()).collect();
            let said = said
                .entry(hit.about)
                .or_default()
                .entry(written.join(" "))
                .or_default();
            said.strongest = said.strongest.max(strength);
            said.times += 1.0;
        }
        let mut reading = Self::default();
        for (about, words) in said {
            let evidence = words.values().map(Said::evidence).sum();
            match about {
                About::Theme(code) => reading.themes.push(Finding::new(code, evidence, words)),
                About::Support(code) => reading.support.push(Finding::new(code, evidence, words)),
                About::Phase(code) => reading.phases.push(Finding::new(code, evidence, words)),
                About::AnyPhase => reading.any_phase = f64::min(evidence, 1.0),
                About::Cue(_) => {}
            }
        }
        share_with_subthemes(&mut reading.themes);
        surest_first(&mut reading.themes);
        surest_first(&mut reading.support);
        surest_first(&mut reading.phases);
        reading
    }
}

/// How often and how strongly a post uses one form.
#[derive(Debug, Default)]
struct Said {
    strongest: f64,
    times: f64,
}

impl Said {
    fn evidence(&self) -> f64 {
        self.strongest * (1.0 + AGAIN * (self.times - 1.0).min(MOST_AGAIN))
    }
}

impl<T> Finding<T> {
    fn new(code: T, evidence: f64, words: BTreeMap<String, Said>) -> Self {
        let mut words: Vec<(f64, String)> = words
            .into_iter()
            .map(|(written, said)| (said.evidence(), written))
            .collect();
        words.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        Self {
            code,
            evidence,
            words: words.into_iter().map(|(_, written)| written).collect(),
        }
    }
}

/// Hands most of what a text says of a main theme in general to those of its sub-themes that it speaks of, in
/// proportion: general words about green things in a text about bees are about bees.
fn share_with_subthemes(themes: &mut [Finding<Theme>]) {
    /// The part that is handed on.
    const HANDED: f64 = 0.7;
    let of_subthemes = |themes: &[Finding<Theme>], main: Theme| -> f64 {
        themes
            .iter()
            .filter(|found| found.code != main && main_theme(found.code) == main)
            .map(|found| found.evidence)
            .sum()
    };
    let general: Vec<(Theme, f64, f64)> = themes
        .iter()
        .filter(|found| main_theme(found.code) == found.code)
        .map(|found| (found.code, found.evidence, of_subthemes(themes, found.code)))
        .filter(|(_, _, spoken_of)| *spoken_of > 0.0)
        .collect();
    for (main, evidence, spoken_of) in general {
        // A sub-theme that is hardly spoken of gets little.
        let handed = HANDED * evidence * (spoken_of / evidence).min(1.0);
        for found in themes
            .iter_mut()
            .filter(|found| main_theme(found.code) == main)
        {
            if found.code == main {
                found.evidence -= handed;
            } else {
                found.evidence += handed * found.evidence / spoken_of;
            }
        }
    }
}

fn surest_first<T: Ord>(findings: &mut [Finding<T>]) {
    findings.sort_by(|a, b| {
        b.evidence
            .total_cmp(&a.evidence)
            .then_with(|| a.code.cmp(&b.code))
    });
}
