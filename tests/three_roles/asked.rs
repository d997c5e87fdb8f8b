//! What the script of the three roles asks about each report, and which posts such a question is about.

use std::collections::BTreeSet;

use super::posts::{MUNICIPALITIES, THEMES};
use super::tally::Post;

/// What a report is asked about; an empty text does not narrow it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Asked {
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    pub(super) region: &'static str,
    pub(super) theme: &'static str,
    pub(super) phase: &'static str,
    pub(super) support: &'static str,
}

/// The areas of the questions, with the municipalities of the script that lie in each.
const AREAS: [(&str, &[&str]); 7] = [
    ("Gelderland", &["GM0200", "GM0301"]),
    ("PV31", &["GM1507"]),
    ("PV22", &["GM0106"]),
    ("CR13", &["GM0200"]),
    ("Zutphen", &["GM0301"]),
    ("GM1507", &["GM1507"]),
    ("Amsterdam", &[]),
];

impl Asked {
    /// The question as it is sent.
    pub(super) fn query(&self) -> String {
        let fields = [
            ("from", self.from),
            ("to", self.to),
            ("region", self.region),
            ("theme", self.theme),
            ("phase", self.phase),
            ("support", self.support),
        ];
        let named = fields.iter().filter(|(_, value)| !value.is_empty());
        let named: Vec<String> = named
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        named.join("&")
    }

    /// Every question that is asked: each field alone, and several together.
    pub(super) fn all() -> Vec<Self> {
        let periods = [
            ("2027-03-01", "2027-03-03"),
            ("2027-03-04", "2027-03-31"),
            ("2027-04-01", ""),
            ("", "2027-02-28"),
            ("", "2027-04-01"),
        ];
        let themes = THEMES.iter().flat_map(|(own, main)| [*own, *main]);
        let themes: BTreeSet<&str> = themes.chain(["samenleven", ""]).collect();
        let phases = ["idee", "start", "groei", "bestendig", "vernieuwing"];
        let support = "kennis geld ruimte mensen training juridisch netwerk communicatie materiaal";
        let mut all = Vec::new();
        let regions = AREAS.iter().map(|(name, _)| *name).chain(["NL", ""]);
        for region in regions {
            let here = Self {
                region,
                ..Self::default()
            };
            // Themes are narrowed apart from areas: three of these will do.
            if ["", "Gelderland", "PV31"].contains(&region) {
                all.extend(themes.iter().map(|theme| Self { theme, ..here }));
            }
            all.extend(phases.map(|phase| Self { phase, ..here }));
            all.extend(support.split(' ').map(|support| Self { support, ..here }));
            for (from, to) in periods {
                all.push(Self { from, to, ..here });
                all.push(Self {
                    from,
                    to,
                    theme: "ontmoeten",
                    phase: "start",
                    support: "ruimte",
                    ..here
                });
            }
        }
        all
    }

    /// Whether a day lies in the period.
    pub(super) fn holds(&self, day: &str) -> bool {
        self.from <= day && (self.to.is_empty() || day <= self.to)
    }

    /// The provinces in which a post counts, of those that were asked about; the country for what is everywhere.
    pub(super) fn provinces(&self, post: &Post) -> BTreeSet<&'static str> {
        let places = post.draft.place.holds;
        if places.contains(&"NL") {
            return ["NL"].into();
        }
        let area = AREAS.iter().find(|(name, _)| *name == self.region);
        let in_it = |place: &&str| area.is_none_or(|(_, within)| within.contains(place));
        let places = places.iter().copied().filter(in_it);
        places.map(province).collect()
    }

    /// The main themes of a post, of those that were asked about.
    pub(super) fn themes(&self, post: &Post) -> BTreeSet<&'static str> {
        let own = post.draft.themes.iter().map(|theme| (*theme, main(theme)));
        let asked = self.theme;
        own.filter(|(own, main)| asked.is_empty() || asked == *own || asked == *main)
            .map(|(_, main)| main)
            .collect()
    }

    /// Whether a post counts, whenever it was placed.
    pub(super) fn is_about(&self, post: &Post) -> bool {
        let (phase, support) = (self.phase, self.support);
        post.opened.is_some()
            && !self.provinces(post).is_empty()
            && (self.theme.is_empty() || !self.themes(post).is_empty())
            && (phase.is_empty() || post.draft.phases.contains(&phase))
            && (support.is_empty() || post.draft.support.contains(&support))
    }
}

/// The province of a municipality of the script.
pub(super) fn province(municipality: &str) -> &'static str {
    let found = MUNICIPALITIES
        .iter()
        .find(|(code, _)| *code == municipality);
    found.unwrap().1
}

fn main(theme: &str) -> &'static str {
    THEMES.iter().find(|(own, _)| *own == theme).unwrap().1
}
