//! What a visitor searches a public list for: read from the address, checked, and put back into the form.

use std::str::FromStr;
use std::sync::LazyLock;

use app::{App, PlaceFound, Slice, list_path};
use askama::filters::urlencode_strict;
use domain::dutch::{pages, places as words};
use domain::fields::{Gather, one_of};
use domain::invalid::Invalid;
use domain::person_name::one_line;
use domain::posts::{PostFilter, PostKind, PostState};
use domain::region::Region;
use domain::theme::Theme;
use serde::Deserialize;

/// Posts on one page of a list.
const PAGE: usize = 20;

/// How sure a place must be to search there without asking.
const SURE: f64 = 0.9;

/// The most places a visitor chooses from.
const MAX_CHOICES: usize = 8;

/// What was typed, as the address has it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    pub(super) q: String,
    pub(super) region: String,
    pub(super) theme: String,
    pub(super) phase: String,
    pub(super) support: String,
    pub(super) cursor: String,
}

impl Typed {
    /// The address of the list with this search, without what is empty.
    fn address(&self, kind: PostKind) -> String {
        let parts = [
            ("q", &self.q),
            ("region", &self.region),
            ("theme", &self.theme),
            ("phase", &self.phase),
            ("support", &self.support),
            ("cursor", &self.cursor),
        ];
        let mut address = list_path(kind).to_owned();
        let mut sign = '?';
        for (name, value) in parts.into_iter().filter(|(_, value)| !value.is_empty()) {
            let Ok(value) = urlencode_strict(value);
            address.push_str(&format!("{sign}{name}={value}"));
            sign = '&';
        }
        address
    }
}

/// A place a visitor may have meant, with the address that searches there.
pub(super) struct Choice {
    pub(super) label: String,
    pub(super) address: String,
}

/// A search with everything the form shows of it.
pub(super) struct Search {
    pub(super) kind: PostKind,
    pub(super) typed: Typed,
    /// The area it is narrowed to.
    pub(super) area: Option<String>,
    pub(super) problems: Vec<Invalid>,
    pub(super) choices: Vec<Choice>,
}

impl Search {
    /// Reads what was typed; with problems the filter is none.
    pub(super) fn read(app: &App, kind: PostKind, mut typed: Typed) -> (Self, Option<PostFilter>) {
        // Characters nobody can see are in no post, and not every database takes them.
        typed.q = one_line(&typed.q);
        typed.cursor = one_line(&typed.cursor);
        let (mut area, mut choices) = (None, Vec::new());
        let mut problems = Gather::default();
        if !typed.region.trim().is_empty() {
            match find_area(app, &typed.region) {
                Ok(found) => {
                    let label = area_label(app, found);
                    if app.find_region(&label) == Ok(found) {
                        typed.region.clone_from(&label);
                    }
                    area = Some((found, label));
                }
                Err(unclear) => {
                    choices = unclear.choices(kind, &typed);
                    problems.keep::<()>(Err(unclear.problem));
                }
            }
        }
        let theme = problems.keep(chosen("theme", &typed.theme)).flatten();
        let phase = problems.keep(chosen("phase", &typed.phase)).flatten();
        let support = problems.keep(chosen("support", &typed.support)).flatten();
        let read = problems.done(|| {
            Some(PostFilter {
                words: typed.q.clone(),
                areas: area.iter().map(|(found, _)| *found).collect(),
                themes: theme.into_iter().collect(),
                phase,
                support,
                ..only_open()
            })
        });
        let (filter, problems) = match read {
            Ok(filter) => (Some(filter), Vec::new()),
            Err(problems) => (None, problems),
        };
        let search = Self {
            kind,
            typed,
            area: area.map(|(_, label)| label),
            problems,
            choices,
        };
        (search, filter)
    }

    /// The page of the list that is asked.
    pub(super) fn slice(&self) -> Slice {
        let cursor = &self.typed.cursor;
        Slice {
            size: PAGE,
            after: (!cursor.is_empty()).then(|| cursor.clone()),
        }
    }

    /// The address of the page that goes on at `cursor`.
    pub(super) fn next(&self, cursor: String) -> String {
        Typed {
            cursor,
            ..self.typed.clone()
        }
        .address(self.kind)
    }

    /// The address of the first page.
    pub(super) fn first(&self) -> String {
        self.next(String::new())
    }

    pub(super) fn path(&self) -> &'static str {
        list_path(self.kind)
    }

    pub(super) fn is_continued(&self) -> bool {
        !self.typed.cursor.is_empty()
    }

    /// Whether nothing narrows the list.
    pub(super) fn is_empty(&self) -> bool {
        self.typed.q.trim().is_empty() && self.typed.region.trim().is_empty() && !self.has_more()
    }

    /// Whether one of the fields is used that are folded away.
    pub(super) fn has_more(&self) -> bool {
        [&self.typed.theme, &self.typed.phase, &self.typed.support]
            .iter()
            .any(|code| !code.is_empty())
    }

    pub(super) fn is_wrong(&self, field: &str) -> bool {
        super::wrong(field, &self.problems)
    }
}

/// A code from a list of choices; what is not on that list was not chosen on the page.
fn chosen<T: FromStr<Err = Invalid>>(field: &str, code: &str) -> Result<Option<T>, Invalid> {
    one_of(code).map_err(|_unknown: Invalid| pages::no_such_choice(field))
}

/// The name of an area with what sort of area it is, as the field is most likely to understand it.
fn area_label(app: &App, area: Region) -> String {
    let name = app.region_label(area);
    match area {
        Region::Municipality(_) => words::municipality(&name),
        _ => name,
    }
}

/// A list without a search: everything that is open.
pub(super) fn only_open() -> PostFilter {
    PostFilter {
        states: vec![PostState::Open],
        ..PostFilter::default()
    }
}

/// A text that stands for no area or for more than one, with the areas it may stand for.
struct Unclear {
    problem: Invalid,
    /// A label, and what to type to mean it.
    meanings: Vec<(String, String)>,
}

impl Unclear {
    fn choices(&self, kind: PostKind, typed: &Typed) -> Vec<Choice> {
        self.meanings
            .iter()
            .map(|(label, region)| Choice {
                label: label.clone(),
                address: Typed {
                    region: region.clone(),
                    cursor: String::new(),
                    ..typed.clone()
                }
                .address(kind),
            })
            .collect()
    }
}

/// The area a visitor means: an area by its name or code, or the municipality of any place.
fn find_area(app: &App, typed: &str) -> Result<Region, Unclear> {
    let refused = match app.find_region(typed) {
        Ok(found) => return Ok(found),
        Err(refused) => refused,
    };
    if refused.choices.len() > 1 {
        return Err(Unclear {
            problem: words::ambiguous("region", typed, refused.choices.clone()),
            meanings: refused
                .choices
                .iter()
                .map(|label| (label.clone(), label.clone()))
                .collect(),
        });
    }
    let places = app.search_places(typed);
    let sure = places.first().filter(|first| {
        first.confidence >= SURE || places.iter().all(|place| place.region == first.region)
    });
    if let Some(PlaceFound { region, .. }) = sure {
        return Ok(*region);
    }
    let meanings: Vec<_> = places
        .into_iter()
        .take(MAX_CHOICES)
        .map(|place| (place.label, place.region.to_string()))
        .collect();
    let labels = meanings.iter().map(|(label, _)| label.clone()).collect();
    Err(Unclear {
        problem: words::unknown("region", typed, labels),
        meanings,
    })
}

/// A main theme with its sub-themes.
pub(super) struct ThemeGroup {
    pub(super) main: Theme,
    pub(super) inside: Vec<Theme>,
}

static THEMES: LazyLock<Vec<ThemeGroup>> = LazyLock::new(|| {
    let mains = Theme::all().filter(|theme| theme.parent().is_none());
    let inside = |main| {
        Theme::all()
            .filter(move |theme| theme.parent() == Some(main))
            .collect()
    };
    mains
        .map(|main| ThemeGroup {
            main,
            inside: inside(main),
        })
        .collect()
});

/// The themes in their two levels.
pub(super) fn themes() -> &'static [ThemeGroup] {
    &THEMES
}
