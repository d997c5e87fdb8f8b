//! The words and phrases people use for themes, kinds of help and phases: data files, compiled in.
//!
//! `data/lexicon/README.md` says how a file is written. Adding a form needs no code.

use std::collections::BTreeSet;
use std::str::FromStr;
use std::sync::LazyLock;

use super::entries::{About, Cue, Deed, Direction, Entry, Whole};
use super::files;
use super::inflection::forms;
use super::phrases::{Next, Phrase, Starts};
use super::slips::Slips;
use super::stems::{Stems, as_written, plain};
use crate::text::term::{ByTerm, Term};

/// Everything the files say, ready to look up.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    words: ByTerm<Vec<Entry>>,
    phrases: ByTerm<Starts>,
    /// Every word of a phrase after its first.
    in_phrases: ByTerm<()>,
    /// Words that long words are made of, as written.
    parts: ByTerm<()>,
    /// Their forms, as written, for the last part of a word, which may be inflected.
    heads: ByTerm<()>,
    /// The same words while the files are read, to know them when they are misspelled.
    names: BTreeSet<String>,
    slips: Slips,
}

/// How surely a form of strength 1, 2 and 3 says what it stands for.
const STRENGTHS: [(&str, f64); 3] = [("1", 0.2), ("2", 0.5), ("3", 1.0)];
/// The shortest word that is looked for inside longer ones.
const SHORTEST_PART: usize = 4;
/// Three letters make a part only where the list of parts names them.
const SHORTEST_NAMED_PART: usize = 3;

static SHIPPED: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut lexicon = Lexicon::default();
    let stems = Stems::new();
    for file in &files::SECTIONED {
        // The files are ours and a test reads every line, so what cannot be read here is no line of ours.
        lexicon.add_file(file, &stems);
    }
    for word in files::lines(files::PARTS) {
        lexicon.add_part(&plain(word), SHORTEST_NAMED_PART);
    }
    for line in files::lines(files::ABBREVIATIONS) {
        if let Some((short, long)) = line.split_once('=') {
            lexicon.add_abbreviation(short.trim(), long.trim(), &stems);
        }
    }
    lexicon.slips = Slips::of(std::mem::take(&mut lexicon.names).into_iter());
    lexicon
});

impl Lexicon {
    /// The lexicon that is compiled in.
    pub(super) fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// What is said of a word by itself.
    pub(super) fn word(&self, term: Term) -> &[Entry] {
        self.words.get(&term).map_or(&[], Vec::as_slice)
    }

    /// The phrases that begin with a word.
    pub(super) fn starts(&self, first: Term) -> Option<&Starts> {
        self.phrases.get(&first)
    }

    /// Whether any phrase has a word after its first.
    pub(super) fn is_in_phrase(&self, term: Term) -> bool {
        self.in_phrases.has(&term)
    }

    /// Whether longer words are made with this one, as written.
    pub(super) fn is_part(&self, folded: &str) -> bool {
        self.parts.has(&as_written(folded))
    }

    /// Whether a longer word may end with this one, as written.
    pub(super) fn is_head(&self, folded: &str) -> bool {
        self.heads.has(&as_written(folded))
    }

    /// The word a misspelled one is likely to mean.
    pub(super) fn meant_by(&self, folded: &str) -> Option<&str> {
        self.slips.meant_by(folded)
    }

    /// Adds every form of a file; answers the lines that cannot be read.
    fn add_file(&mut self, file: &files::Sectioned, stems: &Stems) -> Vec<&'static str> {
        let mut about = None;
        let mut unread = Vec::new();
        for line in files::lines(file.text) {
            if let Some(code) = line
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'))
            {
                about = file.list.about(code);
                if about.is_none() {
                    unread.push(line);
                }
                continue;
            }
            let strength = line.split_once(':').and_then(|(number, forms)| {
                let known = STRENGTHS.iter().find(|(name, _)| *name == number.trim());
                Some((known?.1, forms))
            });
            let (Some(about), Some((strength, forms))) = (about, strength) else {
                unread.push(line);
                continue;
            };
            for form in forms
                .split(',')
                .map(str::trim)
                .filter(|form| !form.is_empty())
            {
                let (form, whole) = match form.strip_prefix('=') {
                    Some(word) => (word, Whole::Only),
                    None => (form, Whole::OrPart),
                };
                let entry = Entry {
                    about,
                    strength,
                    side: file.side,
                    whole,
                };
                self.add_form(form, entry, stems);
            }
        }
        unread
    }

    fn add_form(&mut self, form: &str, entry: Entry, stems: &Stems) {
        if form.contains(' ') {
            self.add_phrase(form, entry, stems);
            return;
        }
        let folded = plain(form);
        for key in stems.keys(&folded) {
            self.add_word(key, entry);
        }
        if entry.whole == Whole::OrPart {
            self.add_part(&folded, SHORTEST_PART);
        }
    }

    fn add_phrase(&mut self, form: &str, entry: Entry, stems: &Stems) {
        let mut steps = form.split_whitespace().filter_map(|word| match word {
            "…" => Some(Next::Gap),
            "#getal" | "#jaartal" => Some(Next::Word(Term::of(word))),
            word => stems
                .in_phrase(&plain(word))
                .first()
                .copied()
                .map(Next::Word),
        });
        let Some(Next::Word(first)) = steps.next() else {
            return;
        };
        let rest: Vec<Next> = steps.collect();
        let words = rest.iter().filter_map(|next| match next {
            Next::Word(term) => Some((*term, ())),
            Next::Gap => None,
        });
        self.in_phrases.extend(words);
        let starts = self.phrases.get_or_default(first);
        let place = match rest.first() {
            Some(Next::Word(second)) => starts.then.get_or_default(*second),
            _ => &mut starts.gap,
        };
        place.push(Phrase { rest, entry });
    }

    /// Two spellings with one stem are one form; the surer counts.
    fn add_word(&mut self, term: Term, entry: Entry) {
        let entries = self.words.get_or_default(term);
        match entries
            .iter_mut()
            .find(|known| known.about == entry.about && known.side == entry.side)
        {
            Some(known) if known.strength >= entry.strength => {}
            Some(known) => *known = entry,
            None => entries.push(entry),
        }
    }

    fn add_part(&mut self, folded: &str, shortest: usize) {
        if folded.chars().count() >= shortest {
            let forms = forms(folded);
            let forms = forms.iter().map(|form| (as_written(form), ()));
            self.heads.extend(forms);
            self.parts.put(as_written(folded), ());
            self.names.insert(folded.to_owned());
        }
    }

    /// Lets a short form say what the words it stands for say, unless the files say it of the short form itself.
    fn add_abbreviation(&mut self, short: &str, long: &str, stems: &Stems) {
        let term = as_written(&plain(short));
        if self.words.has(&term) {
            return;
        }
        let words: Vec<String> = long.split_whitespace().map(plain).collect();
        let in_phrase: Vec<Vec<Term>> = words.iter().map(|word| stems.in_phrase(word)).collect();
        let mut said: Vec<Entry> = Vec::new();
        for (place, word) in words.iter().enumerate() {
            let keys = stems.of(word);
            let entries = keys.iter().map(|key| self.word(*key));
            said.extend(entries.filter(|known| !known.is_empty()).take(1).flatten());
            let firsts = in_phrase.get(place).into_iter().flatten();
            let after = in_phrase.get(place + 1..).unwrap_or_default();
            said.extend(
                firsts
                    .filter_map(|first| self.starts(*first))
                    .flat_map(Starts::all)
                    .filter(|phrase| phrase.is_start_of(after))
                    .map(|phrase| phrase.entry),
            );
        }
        said.iter_mut().for_each(|entry| entry.whole = Whole::Only);
        if !said.is_empty() {
            self.words.put(term, said);
        }
    }
}

impl files::List {
    /// What a section of a file of this list points to.
    fn about(self, code: &str) -> Option<About> {
        fn known<T: FromStr>(code: &str, about: fn(T) -> About) -> Option<About> {
            code.parse().ok().map(about)
        }
        match self {
            Self::Themes => known(code, About::Theme),
            Self::Support => known(code, About::Support),
            Self::Phases if code == "alle" => Some(About::AnyPhase),
            Self::Phases => known(code, About::Phase),
            Self::Cues => {
                let (deed, direction) = code.split_once('-')?;
                let deed = match deed {
                    "ask" => Deed::Ask,
                    "have" => Deed::Have,
                    "not" => Deed::Refuse,
                    "offer" => Deed::Offer,
                    _ => return None,
                };
                // A cue stands before or after what it is about.
                let direction = match direction {
                    "before" => Direction::Following,
                    "after" => Direction::Preceding,
                    _ => return None,
                };
                Some(About::Cue(Cue { deed, direction }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::phase::Phase;
    use domain::support::Support;
    use domain::theme::Theme;

    use super::*;

    #[test]
    fn every_line_of_every_file_can_be_read() {
        for file in &files::SECTIONED {
            let unread = Lexicon::default().add_file(file, &Stems::new());
            assert_eq!(unread, Vec::<&str>::new());
        }
        for line in files::lines(files::ABBREVIATIONS) {
            assert!(line.contains('='), "{line}");
        }
    }

    #[test]
    fn every_code_has_words() {
        let lexicon = Lexicon::shipped();
        let said: BTreeSet<About> = lexicon
            .words
            .in_order()
            .flat_map(|(_, entries)| entries)
            .map(|entry| entry.about)
            .chain(
                lexicon
                    .phrases
                    .in_order()
                    .flat_map(|(_, starts)| starts.all())
                    .map(|phrase| phrase.entry.about),
            )
            .collect();
        for theme in Theme::all() {
            assert!(said.contains(&About::Theme(theme)), "{theme:?}");
        }
        for kind in Support::all() {
            assert!(said.contains(&About::Support(kind)), "{kind:?}");
        }
        for phase in Phase::all() {
            assert!(said.contains(&About::Phase(phase)), "{phase:?}");
        }
    }

    #[test]
    fn an_abbreviation_says_what_it_stands_for() {
        assert!(!Lexicon::shipped().word(as_written("alv")).is_empty());
    }
}
