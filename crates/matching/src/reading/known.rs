//! What there is to know of a word, worked out once and then remembered.
//!
//! Posts share most of their words, and taking a word apart costs far more than looking it up.

use std::borrow::Cow;

use super::Step;
use super::compounds::{Role, split};
use super::entries::{Entry, Whole};
use super::files::is_bland;
use super::lexicon::Lexicon;
use super::memory::Memory;
use super::phrases::Starts;
use super::stems::{Stems, plain};
use crate::text::term::Term;
use crate::text::words::term;

/// What a verb form or diminutive keeps of its strength that Snowball does not see through.
const AS_FORM: f64 = 0.9;
/// The word as written and its stem go before the other forms.
const PLAIN_FORMS: usize = 2;
/// What a misspelled word keeps.
const AS_SLIP: f64 = 0.6;

/// Words that begin a new clause without a comma before them.
const CLAUSE_BREAKS: [&str; 11] = [
    "maar", "want", "omdat", "doordat", "terwijl", "hoewel", "echter", "daarom", "zodat", "dus",
    "alleen",
];

/// What a part of a long word keeps of its strength: the last part names the thing, the others what kind of thing.
fn kept_as(role: Role) -> f64 {
    match role {
        Role::Head => 0.8,
        Role::Modifier => 0.7,
        Role::Guess => 0.5,
    }
}

/// What is known of a word, whatever post it stands in.
#[derive(Debug, Clone)]
pub(super) struct Known {
    /// The word, in lower case.
    pub(super) written: Box<str>,
    /// What posts are compared by; `None` for a word that tells nothing.
    pub(super) term: Option<Term>,
    /// What it is compared by as a word of a phrase, as far as there are phrases with it.
    pub(super) in_phrase: Box<[Term]>,
    /// What it says by itself, with what it keeps of the strength of each entry.
    pub(super) said: Box<[(f64, &'static Entry)]>,
    /// The phrases that begin with it.
    pub(super) starts: Box<[&'static Starts]>,
    /// Whether a new clause begins with it.
    pub(super) begins_clause: bool,
}

impl Known {
    /// Looks up a lower-case word without some steps of the analysis.
    pub(super) fn of(written: &str, without: &[Step]) -> Cow<'static, Self> {
        if without.is_empty() {
            Memory::shared().recall(written, || Self::look_up(written, without))
        } else {
            Cow::Owned(Self::look_up(written, without))
        }
    }

    fn look_up(written: &str, without: &[Step]) -> Self {
        let (lexicon, stems) = (Lexicon::shipped(), Stems::new());
        let folded = plain(written);
        let in_phrase = stems.in_phrase(&folded);
        let starts = if without.contains(&Step::Phrases) {
            Box::default()
        } else {
            let starts = in_phrase.iter().filter_map(|first| lexicon.starts(*first));
            starts.collect()
        };
        Self {
            term: term(written),
            said: said_by_itself(lexicon, &stems, &folded, without).into(),
            in_phrase: in_phrase
                .into_iter()
                .filter(|term| lexicon.is_in_phrase(*term))
                .collect(),
            starts,
            begins_clause: CLAUSE_BREAKS.contains(&written),
            written: written.into(),
        }
    }
}

/// What the lexicon says of a word: of itself, else of its parts, else of the word it was meant to be.
fn said_by_itself(
    lexicon: &'static Lexicon,
    stems: &Stems,
    folded: &str,
    without: &[Step],
) -> Vec<(f64, &'static Entry)> {
    let forms = if without.contains(&Step::Forms) {
        PLAIN_FORMS
    } else {
        usize::MAX
    };
    let said = |terms: &[Term], kept, part| said(lexicon, terms.iter().take(forms), kept, part);
    let itself = said(&stems.of(folded), 1.0, Whole::Only);
    if !itself.is_empty() {
        return itself;
    }
    if !without.contains(&Step::Compounds) {
        let parts = split(lexicon, stems, folded);
        if !parts.is_empty() {
            return parts
                .iter()
                .flat_map(|part| said(&part.terms, kept_as(part.role), Whole::OrPart))
                .collect();
        }
    }
    if without.contains(&Step::Slips) || lexicon.is_part(folded) || is_bland(folded) {
        return Vec::new();
    }
    let endings = ["", "s", "en", "e", "n"];
    endings
        .iter()
        .filter_map(|ending| folded.strip_suffix(ending))
        .find_map(|word| lexicon.meant_by(word))
        .map(|meant| said(&stems.of(meant), AS_SLIP, Whole::Only))
        .unwrap_or_default()
}

/// The entries of the first of some keys that has any, of a whole word or of a part of one.
fn said<'t>(
    lexicon: &'static Lexicon,
    terms: impl Iterator<Item = &'t Term>,
    kept: f64,
    part: Whole,
) -> Vec<(f64, &'static Entry)> {
    terms
        .enumerate()
        .map(|(place, term)| {
            let kept = if place < PLAIN_FORMS {
                kept
            } else {
                kept * AS_FORM
            };
            // A word that only counts whole is short or means other things too: what may be a form of it is not trusted.
            let itself = part == Whole::Only && place < PLAIN_FORMS;
            let counts = |entry: &&Entry| itself || entry.whole == Whole::OrPart;
            let entries = lexicon.word(*term).iter().filter(counts);
            entries.map(|entry| (kept, entry)).collect::<Vec<_>>()
        })
        .find(|entries| !entries.is_empty())
        .unwrap_or_default()
}
