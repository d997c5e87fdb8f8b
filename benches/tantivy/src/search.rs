//! The market in tantivy: an index of the offers, and one boolean query for each request.

use std::collections::BTreeSet;
use std::error::Error;

use tantivy::collector::TopDocs;
use tantivy::indexer::NoMergePolicy;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::{FAST, Field, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::{
    Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, StopWordFilter, TextAnalyzer,
};
use tantivy::{Index, IndexWriter, Score, Searcher, TantivyDocument, TantivyError, Term};

use crate::codes::Codes;
use crate::posts::{Offer, Request, codes};

/// The name of the analysis of Dutch.
const DUTCH: &str = "dutch";

/// The words that say nothing; the peers in Python leave out the same.
const STOP_WORDS: &str = include_str!("../../peers/stopwords_nl.txt");

/// The longest word that is kept, in bytes.
const MAX_WORD: usize = 60;

/// How much memory each thread may fill before it writes a segment, in bytes.
const ARENA: usize = 200_000_000;

// The shares of the score, as in the peers.
const REGION: Score = 0.15;
const THEME: Score = 0.35;
const PHASE: Score = 0.15;
const SUPPORT: Score = 0.20;
const TEXT: Score = 0.15;

// What an area is worth by its size, a theme beside its parent, and a phase one step away.
const AROUND: Score = 0.85;
const COUNTRY: Score = 0.7;
const OWN_THEME: Score = 0.6;
const PARENT_THEME: Score = 0.4;
const NEXT_PHASE: Score = 0.5;

/// How much a word scores at most for each unit of rarity in BM25: k1 + 1.
const WORD_LIMIT: Score = 2.2;

/// Where each part of an offer is kept.
#[derive(Debug, Clone, Copy)]
struct Fields {
    number: Field,
    text: Field,
    areas: Field,
    themes: Field,
    parents: Field,
    phases: Field,
    support: Field,
}

/// The offers, ready to be searched.
pub(crate) struct Market {
    codes: Codes,
    fields: Fields,
    index: Index,
    searcher: Searcher,
    keys: Vec<String>,
}

/// What a request asks, ready to become a query.
#[derive(Debug)]
pub(crate) struct Asked {
    /// The areas that a fitting offer reaches, one at least.
    areas: Vec<Boosted>,
    codes: Vec<Boosted>,
    words: Vec<Boosted>,
}

/// A term to look for, and what its score is multiplied by.
#[derive(Debug)]
struct Boosted {
    term: Term,
    boost: Score,
    /// What the index keeps about it.
    kept: IndexRecordOption,
}

impl Market {
    /// Indexes the offers in memory, in one segment, as that is the fastest to search.
    ///
    /// # Errors
    /// When tantivy refuses.
    pub(crate) fn of(offers: &[Offer], threads: usize) -> Result<Self, Box<dyn Error>> {
        let codes_of_market = Codes::shipped()?;
        let (schema, fields) = schema();
        let index = Index::create_in_ram(schema);
        index.tokenizers().register(DUTCH, dutch());
        let mut writer: IndexWriter = index.writer_with_num_threads(threads, threads * ARENA)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        for (number, offer) in (0_u64..).zip(offers) {
            writer.add_document(document(fields, &codes_of_market, number, offer))?;
        }
        writer.commit()?;
        let segments = index.searchable_segment_ids()?;
        if segments.len() > 1 {
            writer.merge(&segments).wait()?;
        }
        writer.wait_merging_threads()?;
        let searcher = index.reader()?.searcher();
        Ok(Self {
            codes: codes_of_market,
            fields,
            index,
            searcher,
            keys: offers.iter().map(|offer| offer.id.clone()).collect(),
        })
    }

    /// Reads the words and codes of a request.
    ///
    /// # Errors
    /// When tantivy cannot tell how rare a term is.
    pub(crate) fn read(&self, request: &Request) -> Result<Asked, TantivyError> {
        Ok(Asked {
            areas: self.areas(&request.municipality)?,
            codes: self.asked_codes(request)?,
            words: self.words(&format!("{} {}", request.title, request.body))?,
        })
    }

    /// The keys of the offers that fit best, at most `limit`.
    ///
    /// # Errors
    /// When tantivy cannot search.
    pub(crate) fn best(&self, asked: &Asked, limit: usize) -> Result<Vec<&str>, TantivyError> {
        let found = self
            .searcher
            .search(&query(asked), &TopDocs::with_limit(limit).order_by_score())?;
        let mut keys = Vec::with_capacity(found.len());
        for (_, address) in found {
            let segment = self.searcher.segment_reader(address.segment_ord);
            let kept = segment
                .fast_fields()
                .u64(self.index.schema().get_field_name(self.fields.number))?;
            let number = kept.first(address.doc_id).map(usize::try_from);
            if let Some(Ok(number)) = number {
                keys.extend(self.keys.get(number).map(String::as_str));
            }
        }
        Ok(keys)
    }

    fn areas(&self, municipality: &str) -> Result<Vec<Boosted>, TantivyError> {
        let field = self.fields.areas;
        let mut areas = vec![
            self.code(field, municipality, REGION)?,
            self.code(field, "NL", REGION * COUNTRY)?,
        ];
        for area in self.codes.around(municipality) {
            areas.push(self.code(field, area, REGION * AROUND)?);
        }
        Ok(areas)
    }

    fn asked_codes(&self, request: &Request) -> Result<Vec<Boosted>, TantivyError> {
        let fields = self.fields;
        let mut asked = vec![self.code(fields.phases, &request.phase, PHASE)?];
        for phase in self.codes.beside(&request.phase) {
            asked.push(self.code(fields.phases, phase, PHASE * NEXT_PHASE)?);
        }
        let themes: Vec<&str> = codes(&request.themes).collect();
        for theme in &themes {
            let share = THEME / count(themes.len());
            let parent = self.codes.parent(theme);
            asked.push(self.code(fields.themes, theme, share * OWN_THEME)?);
            asked.push(self.code(fields.parents, parent, share * PARENT_THEME)?);
        }
        let kinds: Vec<&str> = codes(&request.support).collect();
        for kind in &kinds {
            asked.push(self.code(fields.support, kind, SUPPORT / count(kinds.len()))?);
        }
        Ok(asked)
    }

    /// A code with the boost that makes it add about its share: BM25 multiplies by how rare it is, so that is divided out.
    ///
    /// A constant score would be exact, but tantivy is a quarter slower with it.
    fn code(&self, field: Field, code: &str, share: Score) -> Result<Boosted, TantivyError> {
        let term = Term::from_field_text(field, code);
        let rarity = self.rarity(self.searcher.doc_freq(&term)?);
        Ok(Boosted {
            term,
            boost: share / rarity,
            kept: IndexRecordOption::Basic,
        })
    }

    /// The words that an offer has too; all together they add at most the share of the text.
    fn words(&self, text: &str) -> Result<Vec<Boosted>, TantivyError> {
        let mut analyzer = self.index.tokenizers().get(DUTCH).unwrap_or_default();
        let mut words = BTreeSet::new();
        analyzer.token_stream(text).process(&mut |token| {
            words.insert(token.text.clone());
        });
        let mut terms = Vec::with_capacity(words.len());
        let mut rarity = 0.0;
        for word in words {
            let term = Term::from_field_text(self.fields.text, &word);
            let offers = self.searcher.doc_freq(&term)?;
            rarity += self.rarity(offers);
            if offers > 0 {
                terms.push(term);
            }
        }
        let boost = TEXT / (WORD_LIMIT * rarity).max(Score::MIN_POSITIVE);
        Ok(terms
            .into_iter()
            .map(|term| Boosted {
                term,
                boost,
                kept: IndexRecordOption::WithFreqs,
            })
            .collect())
    }

    /// The inverse document frequency of BM25.
    fn rarity(&self, offers_with_it: u64) -> Score {
        let all = self.searcher.num_docs() as Score;
        let with = offers_with_it as Score;
        (1.0 + (all - with + 0.5) / (with + 0.5)).ln()
    }
}

/// One of the areas must be reached; every code and word adds to the score.
fn query(asked: &Asked) -> BooleanQuery {
    let areas = asked.areas.iter().map(should).collect();
    let areas: Box<dyn Query> = Box::new(BooleanQuery::new(areas));
    let mut clauses = vec![(Occur::Must, areas)];
    clauses.extend(asked.codes.iter().chain(&asked.words).map(should));
    BooleanQuery::new(clauses)
}

fn should(boosted: &Boosted) -> (Occur, Box<dyn Query>) {
    let term = Box::new(TermQuery::new(boosted.term.clone(), boosted.kept));
    (
        Occur::Should,
        Box::new(BoostQuery::new(term, boosted.boost)),
    )
}

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let words = TextFieldIndexing::default()
        .set_tokenizer(DUTCH)
        .set_index_option(IndexRecordOption::WithFreqs);
    let code = TextFieldIndexing::default()
        .set_tokenizer("raw")
        .set_fieldnorms(false)
        .set_index_option(IndexRecordOption::Basic);
    let code = TextOptions::default().set_indexing_options(code);
    let fields = Fields {
        number: schema.add_u64_field("number", FAST),
        text: schema.add_text_field("text", TextOptions::default().set_indexing_options(words)),
        areas: schema.add_text_field("areas", code.clone()),
        themes: schema.add_text_field("themes", code.clone()),
        parents: schema.add_text_field("parents", code.clone()),
        phases: schema.add_text_field("phases", code.clone()),
        support: schema.add_text_field("support", code),
    };
    (schema.build(), fields)
}

/// Words in lower case, without stop words, as Dutch stems.
fn dutch() -> TextAnalyzer {
    let stop_words = STOP_WORDS.split_whitespace().map(str::to_owned);
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(MAX_WORD))
        .filter(LowerCaser)
        .filter(StopWordFilter::remove(stop_words))
        .filter(Stemmer::new(Language::Dutch))
        .build()
}

fn document(fields: Fields, market: &Codes, number: u64, offer: &Offer) -> TantivyDocument {
    let mut document = TantivyDocument::new();
    document.add_u64(fields.number, number);
    document.add_text(fields.text, format!("{} {}", offer.title, offer.body));
    let parents: BTreeSet<&str> = codes(&offer.themes)
        .map(|theme| market.parent(theme))
        .collect();
    for parent in parents {
        document.add_text(fields.parents, parent);
    }
    for (field, cell) in [
        (fields.areas, &offer.reach),
        (fields.themes, &offer.themes),
        (fields.phases, &offer.phases),
        (fields.support, &offer.support),
    ] {
        for code in codes(cell) {
            document.add_text(field, code);
        }
    }
    document
}

/// A small number to divide by.
fn count(codes: usize) -> Score {
    codes as Score
}
