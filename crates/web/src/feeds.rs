//! The public lists for feed readers: Atom (RFC 4287) and JSON Feed 1.1, with what the pages of the posts say.
//!
//! A feed has a tag made of its content, so that a reader who has it already gets an empty answer. `Last-Modified` is
//! given but not asked about: a list that only lost a post was not modified later.

use actix_web::http::header::{self, EntityTag, IfNoneMatch};
use actix_web::{HttpResponse, web};
use app::{App, Slice, list_path};
use askama::Template;
use chrono::{DateTime, SecondsFormat, Utc};
use domain::dutch::{pages as place_words, subscriptions as words};
use domain::members::Viewer;
use domain::posts::{Life, PostFilter, PostKind, PostState};
use domain::region::Region;
use domain::theme::Theme;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::api::Answer;
use crate::error::Problem;
use crate::extract::tagged;

/// Posts in a feed.
const MAX_ENTRIES: usize = 50;

/// How many areas of an offer a feed names.
const AREAS: usize = 3;

/// The version of JSON Feed.
const JSON_FEED: &str = "https://jsonfeed.org/version/1.1";

/// One post in a feed.
struct Entry {
    address: String,
    title: String,
    organisation: String,
    text: String,
    place: String,
    themes: Vec<Theme>,
    since: DateTime<Utc>,
}

/// A list of posts in Atom. Its escaping is that of HTML, of which the few signs are the same in XML.
#[derive(Template)]
#[template(path = "feed.xml", escape = "html")]
struct Atom<'a> {
    title: &'static str,
    list: String,
    own: String,
    updated: String,
    entries: &'a [Entry],
}

/// A list of posts in JSON Feed.
#[derive(Serialize)]
struct JsonFeed<'a> {
    version: &'static str,
    title: &'static str,
    home_page_url: String,
    feed_url: String,
    language: &'static str,
    items: Vec<JsonItem<'a>>,
}

#[derive(Serialize)]
struct JsonItem<'a> {
    id: &'a str,
    url: &'a str,
    title: &'a str,
    content_text: &'a str,
    date_published: String,
    authors: [JsonAuthor<'a>; 1],
    tags: Vec<&'static str>,
}

#[derive(Serialize)]
struct JsonAuthor<'a> {
    name: &'a str,
}

/// `GET /feeds/requests.atom`
pub(crate) async fn requests_atom(
    app: web::Data<App>,
    known: Option<web::Header<IfNoneMatch>>,
) -> Answer {
    atom(&app, PostKind::Request, known).await
}

/// `GET /feeds/offers.atom`
pub(crate) async fn offers_atom(
    app: web::Data<App>,
    known: Option<web::Header<IfNoneMatch>>,
) -> Answer {
    atom(&app, PostKind::Offer, known).await
}

/// `GET /feeds/requests.json`
pub(crate) async fn requests_json(
    app: web::Data<App>,
    known: Option<web::Header<IfNoneMatch>>,
) -> Answer {
    json(&app, PostKind::Request, known).await
}

/// `GET /feeds/offers.json`
pub(crate) async fn offers_json(
    app: web::Data<App>,
    known: Option<web::Header<IfNoneMatch>>,
) -> Answer {
    json(&app, PostKind::Offer, known).await
}

/// The address of a feed, without the extension of its format.
pub(crate) const fn path(kind: PostKind) -> &'static str {
    match kind {
        PostKind::Request => "/feeds/requests",
        PostKind::Offer => "/feeds/offers",
    }
}

async fn atom(app: &App, kind: PostKind, known: Option<web::Header<IfNoneMatch>>) -> Answer {
    let entries = entries(app, kind).await?;
    let public_url = &app.config().http.public_url;
    let feed = Atom {
        title: words::feed_title(kind),
        list: format!("{public_url}{}", list_path(kind)),
        own: format!("{public_url}{}.atom", path(kind)),
        updated: time(modified(&entries)),
        entries: &entries,
    };
    let body = feed.render().map_err(|error| {
        tracing::error!(%error, "a feed could not be written");
        Problem::broken()
    })?;
    let content_type = "application/atom+xml; charset=utf-8";
    Ok(answer(content_type, modified(&entries), body, known))
}

async fn json(app: &App, kind: PostKind, known: Option<web::Header<IfNoneMatch>>) -> Answer {
    let entries = entries(app, kind).await?;
    let public_url = &app.config().http.public_url;
    let feed = JsonFeed {
        version: JSON_FEED,
        title: words::feed_title(kind),
        home_page_url: format!("{public_url}{}", list_path(kind)),
        feed_url: format!("{public_url}{}.json", path(kind)),
        language: "nl",
        items: entries.iter().map(JsonItem::from).collect(),
    };
    let body = serde_json::to_string(&feed).map_err(|error| {
        tracing::error!(%error, "a feed could not be written");
        Problem::broken()
    })?;
    let content_type = "application/feed+json; charset=utf-8";
    Ok(answer(content_type, modified(&entries), body, known))
}

impl<'a> From<&'a Entry> for JsonItem<'a> {
    fn from(entry: &'a Entry) -> Self {
        Self {
            id: &entry.address,
            url: &entry.address,
            title: &entry.title,
            content_text: &entry.text,
            date_published: time(entry.since),
            authors: [JsonAuthor {
                name: &entry.organisation,
            }],
            tags: entry.themes.iter().map(|theme| theme.label()).collect(),
        }
    }
}

/// The newest open posts, as everyone may see them.
async fn entries(app: &App, kind: PostKind) -> Result<Vec<Entry>, Problem> {
    let filter = PostFilter {
        states: vec![PostState::Open],
        ..PostFilter::default()
    };
    let (anyone, slice) = (Viewer::Anyone, Slice::first(MAX_ENTRIES));
    let public_url = &app.config().http.public_url;
    let address = |id: &str| format!("{public_url}{}/{id}", list_path(kind));
    Ok(match kind {
        PostKind::Request => {
            let page = app.list_requests(&anyone, filter, slice).await?;
            let listed = page.items.into_iter().map(|found| {
                let (content, life) = (&found.post.content, &found.post.life);
                let municipality = app.region_label(Region::Municipality(content.municipality));
                Entry {
                    address: address(&found.post.id.to_string()),
                    title: written(content.title.as_str()),
                    organisation: written(found.owner.name.as_str()),
                    text: written(content.body.as_str()),
                    place: written(&place_words::place(&content.place, &municipality)),
                    themes: content.themes.clone(),
                    since: since(life),
                }
            });
            listed.collect()
        }
        PostKind::Offer => {
            let page = app.list_offers(&anyone, filter, slice).await?;
            let listed = page.items.into_iter().map(|found| {
                let (content, life) = (&found.post.content, &found.post.life);
                let areas = content.reach.iter().map(|area| app.region_label(*area));
                let areas: Vec<String> = areas.collect();
                Entry {
                    address: address(&found.post.id.to_string()),
                    title: written(content.title.as_str()),
                    organisation: written(found.owner.name.as_str()),
                    text: written(content.body.as_str()),
                    place: place_words::reach(&areas, AREAS),
                    themes: content.themes.clone(),
                    since: since(life),
                }
            });
            listed.collect()
        }
    })
}

fn since(life: &Life) -> DateTime<Utc> {
    life.opened_at.unwrap_or(life.created_at)
}

/// A text without the characters that XML cannot hold (XML 1.0 §2.2).
fn written(text: &str) -> String {
    let holds = |sign: &char| {
        matches!(sign, '\t' | '\n' | '\r')
            || !matches!(sign, '\0'..'\u{20}' | '\u{FFFE}' | '\u{FFFF}')
    };
    text.chars().filter(holds).collect()
}

/// When the newest of them was opened; a feed without any has never been modified.
fn modified(entries: &[Entry]) -> DateTime<Utc> {
    let newest = entries.iter().map(|entry| entry.since).max();
    newest.unwrap_or(DateTime::UNIX_EPOCH)
}

/// A time as both formats write it (RFC 3339), in whole seconds.
fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn answer(
    content_type: &'static str,
    modified: DateTime<Utc>,
    body: String,
    known: Option<web::Header<IfNoneMatch>>,
) -> HttpResponse {
    let hash: String = Sha256::digest(&body)
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let tag = EntityTag::new_strong(hash);
    let whole = HttpResponse::Ok()
        .insert_header(header::LastModified(
            std::time::SystemTime::from(modified).into(),
        ))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header(("access-control-allow-origin", "*"))
        .content_type(content_type)
        .body(body);
    tagged(tag, known, whole)
}
