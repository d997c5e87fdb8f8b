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
mod memory;
mod phrases;
mod slips;
mod stems;
mod tokens;

#[cfg(test)]
mod tests;

use domain::phase::Phase;
use domain::support::Support;
use domain::theme::Theme;

use self::entries::About;
pub use self::entries::Side;
pub(crate) use self::files::is_bland;
use self::hits::Hit;
pub(crate) use self::tokens::Text;
use self::tokens::Token;
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
    /// The words that say it, as written but in lower case, the strongest first.
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
        Self::in_text(&Text::without(steps, title, body), steps, side, written)
    }

    /// Reads a text; `words` tells which words of what is said are worth keeping.
    fn in_text(
        text: &Text,
        without: &[Step],
        side: Side,
        words: impl Fn(Vec<Said<'_>>) -> Vec<String>,
    ) -> Self {
        let mut uses = hits::hits(&text.tokens, side);
        if !without.contains(&Step::Context) {
            context::weigh(&mut uses, &text.tokens, side);
        }
        uses.retain(|hit| hit.strength > 0.0);
        uses.sort_unstable_by(|one, next| {
            let words = || text.words(one).cmp(text.words(next));
            one.about.cmp(&next.about).then_with(words)
        });
        let mut reading = Self::default();
        for uses in uses.chunk_by(|one, next| one.about == next.about) {
            let Some(about) = uses.first().map(|hit| hit.about) else {
                continue;
            };
            let said = Said::of(uses, text);
            let evidence = said.iter().map(|said| said.evidence).sum();
            let words = words(said);
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

impl Text {
    /// What it speaks of as [`Reading::of`] has it, but not by which words: a profile does not need them.
    pub(crate) fn evidence(&self, side: Side) -> Reading {
        Reading::in_text(self, &[], side, |_| Vec::new())
    }

    /// The words of a use of the lexicon.
    fn tokens_of(&self, hit: &Hit) -> &[Token] {
        self.tokens.get(hit.start..hit.end).unwrap_or_default()
    }

    fn words(&self, hit: &Hit) -> impl Iterator<Item = &str> {
        self.tokens_of(hit).iter().map(Token::written)
    }
}

/// A form a post uses for something, and what all its uses together say.
struct Said<'a> {
    words: &'a [Token],
    evidence: f64,
}

impl<'a> Said<'a> {
    /// The forms of uses that stand in the order of their words.
    fn of(uses: &[Hit], text: &'a Text) -> Vec<Self> {
        let forms = uses.chunk_by(|one, next| text.words(one).eq(text.words(next)));
        let said = forms.filter_map(|uses| {
            let strongest = uses.iter().map(|hit| hit.strength).fold(0.0, f64::max);
            let again = (uses.len() as f64 - 1.0).min(MOST_AGAIN);
            Some(Self {
                words: text.tokens_of(uses.first()?),
                evidence: strongest * (1.0 + AGAIN * again),
            })
        });
        said.collect()
    }
}

/// Forms that stand in the order of their words, as they are written, the strongest first.
fn written(mut said: Vec<Said<'_>>) -> Vec<String> {
    said.sort_by(|one, next| next.evidence.total_cmp(&one.evidence));
    said.iter()
        .map(|said| {
            let words: Vec<&str> = said.words.iter().map(Token::written).collect();
            words.join(" ")
        })
        .collect()
}

impl<T> Finding<T> {
    fn new(code: T, evidence: f64, words: Vec<String>) -> Self {
        Self {
            code,
            evidence,
            words,
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
