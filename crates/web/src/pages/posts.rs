//! How a request or an offer looks in a list and on its own page; never with who can be reached, or how.

use app::{App, list_path};
use askama::Template;
use domain::dutch::pages as words;
use domain::offers::Offer;
use domain::phase::Phase;
use domain::posts::{Life, PostKind, Posted};
use domain::region::Region;
use domain::requests::Request;
use domain::support::Support;
use domain::theme::Theme;
use serde_json::json;

use super::Day;
use super::search::{Search, themes};

/// How many areas of a reach a list names.
const AREAS_IN_LIST: usize = 3;

/// A post as everyone may see it.
pub(super) struct Shown {
    pub(super) kind: PostKind,
    pub(super) address: String,
    pub(super) title: String,
    pub(super) organisation: String,
    /// Where it is about, short enough for a list.
    pub(super) place: String,
    /// Where it is about, in full.
    pub(super) whole_place: String,
    pub(super) themes: Vec<Theme>,
    pub(super) phases: Vec<Phase>,
    pub(super) support: Vec<Support>,
    pub(super) since: Day,
    pub(super) needed_by: Option<Day>,
    pub(super) body: String,
    /// Whether it carries as many introductions as it can.
    pub(super) is_full: bool,
    /// The same for search engines; safe between the tags of a script.
    pub(super) linked_data: String,
}

impl Shown {
    pub(super) fn request(app: &App, posted: &Posted<Request>) -> Self {
        let Request {
            id, content, life, ..
        } = &posted.post;
        let municipality = app.region_label(Region::Municipality(content.municipality));
        let place = words::place(&content.place, &municipality);
        let shown = Self {
            kind: PostKind::Request,
            address: format!("{}/{id}", list_path(PostKind::Request)),
            title: content.title.to_string(),
            organisation: posted.owner.name.to_string(),
            whole_place: place.clone(),
            place,
            themes: content.themes.clone(),
            phases: content.phase.into_iter().collect(),
            support: content.support.clone(),
            since: since(life),
            needed_by: content.needed_by.map(Day::from),
            body: content.body.to_string(),
            is_full: false,
            linked_data: String::new(),
        };
        shown.with_linked_data(&app.config().http.public_url)
    }

    pub(super) fn offer(app: &App, posted: &Posted<Offer>) -> Self {
        let Offer {
            id, content, life, ..
        } = &posted.post;
        let areas: Vec<String> = content
            .reach
            .iter()
            .map(|area| app.region_label(*area))
            .collect();
        let whole_place = words::reach(&areas, areas.len());
        let shown = Self {
            kind: PostKind::Offer,
            address: format!("{}/{id}", list_path(PostKind::Offer)),
            title: content.title.to_string(),
            organisation: posted.owner.name.to_string(),
            place: words::reach(&areas, AREAS_IN_LIST),
            whole_place: if content.neighbours {
                words::and_neighbors(&whole_place)
            } else {
                whole_place
            },
            themes: content.themes.clone(),
            phases: content.phases.clone(),
            support: content.support.clone(),
            since: since(life),
            needed_by: None,
            body: content.body.to_string(),
            is_full: posted.post.capacity_left() == 0,
            linked_data: String::new(),
        };
        shown.with_linked_data(&app.config().http.public_url)
    }

    /// Adds the post as schema.org describes it: a `Demand` or an `Offer`.
    pub(super) fn with_linked_data(mut self, public_url: &str) -> Self {
        let mut data = json!({
            "@context": "https://schema.org",
            "@type": match self.kind {
                PostKind::Request => "Demand",
                PostKind::Offer => "Offer",
            },
            "url": format!("{public_url}{}", self.address),
            "name": self.title,
            "description": self.body,
            "areaServed": self.whole_place,
            "availabilityStarts": self.since.code,
        });
        if let (PostKind::Offer, Some(fields)) = (self.kind, data.as_object_mut()) {
            let owner = json!({ "@type": "Organization", "name": self.organisation });
            fields.insert("offeredBy".to_owned(), owner);
        }
        // No text of a poster may end the script it stands in.
        self.linked_data = data
            .to_string()
            .replace('<', "\\u003c")
            .replace('>', "\\u003e")
            .replace('&', "\\u0026");
        self
    }

    pub(super) fn has_no_tags(&self) -> bool {
        self.themes.is_empty() && self.phases.is_empty() && self.support.is_empty()
    }

    pub(super) fn list(&self) -> &'static str {
        list_path(self.kind)
    }
}

fn since(life: &Life) -> Day {
    life.opened_at.unwrap_or(life.created_at).into()
}

/// A list of requests or of offers.
#[derive(Template)]
#[template(path = "nl/posts.html")]
pub(super) struct PostList {
    pub(super) kind: PostKind,
    pub(super) search: Search,
    pub(super) posts: Vec<Shown>,
    /// The address of the next page.
    pub(super) next: Option<String>,
}

/// One request or offer.
#[derive(Template)]
#[template(path = "nl/post.html")]
pub(super) struct PostPage {
    pub(super) post: Shown,
}
