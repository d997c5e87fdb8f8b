//! The posts and followers of the weekly letter: plain numbers, from which who is told what is worked out without the
//! program.

use std::collections::BTreeSet;

/// How many follow, and how many requests and offers there are of each.
pub(super) const FOLLOWERS: usize = 500;
pub(super) const POSTS: usize = 1_000;

/// Municipalities with their province, as everybody knows them.
const PLACES: [(&str, &str); 8] = [
    ("GM0200", "PV25"),
    ("GM0228", "PV25"),
    ("GM0344", "PV26"),
    ("GM0307", "PV26"),
    ("GM0014", "PV20"),
    ("GM0363", "PV27"),
    ("GM0599", "PV28"),
    ("GM0518", "PV28"),
];

/// Themes with their main theme.
const THEMES: [(&str, &str); 6] = [
    ("dorpshuis", "ontmoeten"),
    ("ontmoeten", "ontmoeten"),
    ("wonen", "wonen"),
    ("groen-en-voedsel", "groen-en-voedsel"),
    ("digitaal", "digitaal"),
    ("", ""),
];

const PHASES: [&str; 4] = ["idee", "start", "groei", ""];
const SUPPORT: [&str; 4] = ["ruimte", "geld", "kennis", ""];

/// A post, by what tells it apart from others: plain numbers that a filter is worked out from.
pub(super) struct Post {
    pub(super) title: String,
    pub(super) is_request: bool,
    pub(super) owner: usize,
    /// The municipality of a request, or what an offer reaches.
    pub(super) area: &'static str,
    pub(super) province: &'static str,
    pub(super) theme: (&'static str, &'static str),
    pub(super) phase: &'static str,
    pub(super) support: &'static str,
}

pub(super) fn post(number: usize) -> Post {
    let is_request = number < POSTS;
    let (municipality, province) = PLACES[number * 7 / 3 % PLACES.len()];
    // One offer in five is for a province, and one in fifty for the country.
    let area = match number {
        _ if is_request => municipality,
        _ if number.is_multiple_of(50) => "NL",
        _ if number.is_multiple_of(5) => province,
        _ => municipality,
    };
    Post {
        title: format!("Nummer {number:04} zoekt of biedt iets"),
        is_request,
        owner: number * 11 % FOLLOWERS,
        area,
        province,
        theme: THEMES[number * 5 / 2 % THEMES.len()],
        phase: PHASES[number / 3 % PHASES.len()],
        support: SUPPORT[number / 7 % SUPPORT.len()],
    }
}

/// What one follower asked for.
pub(super) struct Follows {
    pub(super) requests: bool,
    pub(super) offers: bool,
    pub(super) gaps: bool,
    pub(super) region: &'static str,
    pub(super) theme: &'static str,
    pub(super) phase: &'static str,
    pub(super) support: &'static str,
}

pub(super) fn follows(number: usize) -> Follows {
    let (municipality, province) = PLACES[number % PLACES.len()];
    // One in fifty follows a whole province, and so more than fits in a letter.
    let is_wide = number.is_multiple_of(50);
    let narrow = |code| if is_wide { "" } else { code };
    Follows {
        requests: is_wide || !number.is_multiple_of(3),
        offers: is_wide || number % 3 != 1,
        gaps: number.is_multiple_of(4),
        region: if is_wide || number.is_multiple_of(9) {
            province
        } else {
            municipality
        },
        theme: narrow(THEMES[number / 3 % THEMES.len()].1),
        phase: narrow(PHASES[number / 2 % PHASES.len()]),
        support: if number.is_multiple_of(7) {
            narrow(SUPPORT[number % SUPPORT.len()])
        } else {
            ""
        },
    }
}

impl Follows {
    /// Whether a post passes: worked out from the numbers, not by the program.
    fn wants(&self, post: &Post) -> bool {
        let region = post.area == "NL"
            || self.region == post.area
            || self.region == post.province
            || PLACES.contains(&(self.region, post.area));
        let theme = self.theme.is_empty() || self.theme == post.theme.1;
        let any_phase = !post.is_request && post.phase.is_empty();
        let phase = self.phase.is_empty() || any_phase || self.phase == post.phase;
        let support = self.support.is_empty() || self.support == post.support;
        region && theme && phase && support
    }

    /// The numbers of the posts to tell on the first Monday.
    pub(super) fn news(&self, own: usize, posts: &[Post]) -> BTreeSet<usize> {
        let is_wanted = |post: &Post| {
            let kind = if post.is_request {
                self.requests
            } else {
                self.offers
            };
            kind && post.owner != own && self.wants(post)
        };
        chosen(posts, is_wanted)
    }

    /// The numbers of the posts to tell when all of them are open for two weeks and none found anything.
    pub(super) fn missing(&self, own: usize, posts: &[Post]) -> BTreeSet<usize> {
        chosen(posts, |post| {
            self.gaps && post.owner != own && self.wants(post)
        })
    }
}

fn chosen(posts: &[Post], is_wanted: impl Fn(&Post) -> bool) -> BTreeSet<usize> {
    let numbered = posts.iter().enumerate();
    numbered
        .filter(|(_, post)| is_wanted(post))
        .map(|(number, _)| number)
        .collect()
}
