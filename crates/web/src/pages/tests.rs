//! What pages look like: every template with hostile words in every field, and what must stand on each page.

mod links;

use actix_web::ResponseError;
use actix_web::body::MessageBody;
use actix_web::http::StatusCode;
use actix_web::http::header;
use app::Conflict;
use askama::Template;
use domain::invalid::Invalid;
use domain::phase::Phase;
use domain::posts::PostKind;
use domain::support::Support;
use domain::theme::Theme;

use super::posts::{PostList, PostPage, Shown};
use super::search::{Choice, Search, Typed};
use super::*;

/// Ends attributes, elements, scripts and comments, as far as nothing stops it.
const HOSTILE: &str = "\"'><script>alert(1)</script><!-- {{ 7*7 }} & <b onclick='x'>";

fn hostile() -> String {
    HOSTILE.to_owned()
}

fn problem(field: &str) -> Vec<Invalid> {
    vec![Invalid::new(field, HOSTILE, HOSTILE)]
}

/// The page, after checking that nothing of a poster became markup and that the frame is whole.
#[track_caller]
fn safe(page: &impl Template) -> String {
    let html = page.render().unwrap();
    for bad in [
        "<script>",
        "</script><",
        "<b ",
        "<!--",
        "style=\"",
        "onclick='",
    ] {
        assert!(!html.contains(bad), "{bad} in {html}");
    }
    for frame in [
        "<html lang=\"nl\">",
        "<h1>",
        "<main id=\"inhoud\"",
        "href=\"#inhoud\"",
        "– Samenspel</title>",
    ] {
        assert!(html.contains(frame), "no {frame} in {html}");
    }
    assert_eq!(html.matches("<h1>").count(), 1, "{html}");
    html
}

fn shown(kind: PostKind) -> Shown {
    Shown {
        kind,
        address: format!("{}/{}", app::list_path(kind), "req_1"),
        title: hostile(),
        organisation: hostile(),
        place: hostile(),
        whole_place: hostile(),
        themes: Theme::all().take(2).collect(),
        phases: Phase::all().take(2).collect(),
        support: Support::all().take(2).collect(),
        since: Day {
            code: "2026-04-14T09:00:00Z".to_owned(),
            words: "14 april 2026".to_owned(),
        },
        needed_by: None,
        body: format!("{HOSTILE}\n\n{HOSTILE}\n{HOSTILE}"),
        is_full: true,
        linked_data: String::new(),
    }
    .with_linked_data("https://samenspel.example")
}

fn search(kind: PostKind) -> Search {
    Search {
        kind,
        typed: Typed {
            q: hostile(),
            region: hostile(),
            theme: hostile(),
            phase: hostile(),
            support: hostile(),
            cursor: hostile(),
        },
        area: Some(hostile()),
        problems: ["region", "theme", "phase", "support"]
            .into_iter()
            .flat_map(problem)
            .collect(),
        choices: vec![Choice {
            label: hostile(),
            address: "/vragen?region=GM0200".to_owned(),
        }],
    }
}

#[test]
fn words_of_others_stay_words_in_lists() {
    for kind in PostKind::ALL.iter().copied() {
        let mut list = PostList {
            kind,
            search: search(kind),
            posts: vec![shown(kind)],
            next: Some(search(kind).next(hostile())),
        };
        let html = safe(&list);
        assert!(html.contains("<title>Fout: "), "{html}");
        assert!(
            html.contains("aria-describedby=\"region-fout region-hint\""),
            "{html}"
        );
        assert!(html.contains("<details open>"), "{html}");
        list.search.problems.clear();
        let html = safe(&list);
        assert!(
            html.contains("<li class=\"card\">") && html.contains("rel=\"next\" href=\"/"),
            "{html}"
        );
        list.posts.clear();
        assert!(safe(&list).contains("Begin opnieuw"));
    }
    let home = home::Home {
        requests: vec![shown(PostKind::Request)],
        offers: vec![shown(PostKind::Offer)],
        contact: &"samenspel@samenspel.example".parse().unwrap(),
    };
    assert!(safe(&home).contains("href=\"mailto:samenspel@samenspel.example\""));
}

#[test]
fn an_empty_list_says_what_to_do() {
    for kind in PostKind::ALL.iter().copied() {
        let list = PostList {
            kind,
            search: Search {
                kind,
                typed: Typed::default(),
                area: None,
                problems: Vec::new(),
                choices: Vec::new(),
            },
            posts: Vec::new(),
            next: None,
        };
        let html = safe(&list);
        assert!(html.contains("plaats zelf iets"), "{html}");
        assert!(
            !html.contains("<details open>") && !html.contains("Bladeren"),
            "{html}"
        );
    }
}

#[test]
fn words_of_others_stay_words_on_the_page_of_a_post() {
    for kind in PostKind::ALL.iter().copied() {
        let page = PostPage { post: shown(kind) };
        let html = page.render().unwrap();
        let (before, rest) = html
            .split_once("<script type=\"application/ld+json\">")
            .unwrap();
        let (data, after) = rest.split_once("</script>").unwrap();
        assert!(
            !before.contains("<script") && !after.contains("<script"),
            "{html}"
        );
        assert!(!data.contains('<'), "{data}");
        let data: serde_json::Value = serde_json::from_str(data).unwrap();
        assert_eq!(data["name"], HOSTILE);
        assert_eq!(after.matches("&#60;script&#62;").count(), 6, "{after}");
        assert!(
            after.contains("<time datetime=\"2026-04-14T09:00:00Z\">14 april 2026</time>"),
            "{after}"
        );
        assert!(after.contains("</p><p>"), "a blank line begins a paragraph");
    }
}

#[test]
fn plain_pages_are_whole() {
    let contact = "samenspel@samenspel.example".parse().unwrap();
    assert!(
        safe(&privacy::Privacy { contact: &contact })
            .contains("mailto:samenspel@samenspel.example")
    );
    let words = safe(&vocabulary::Vocabulary);
    let codes = Theme::all()
        .map(Theme::code)
        .chain(Phase::all().map(Phase::code))
        .chain(Support::all().map(Support::code));
    for code in codes {
        assert!(words.contains(&format!("<code>{code}</code>")), "{code}");
    }
    safe(&settings::Explained);
    safe(&confirmations::Confirmed);
}

/// Status, headers and text of an error page.
fn error_page(error: AppError) -> (StatusCode, header::HeaderMap, String) {
    let answer = PageError::from(error).error_response();
    let (status, headers) = (answer.status(), answer.headers().clone());
    let body = answer.into_body().try_into_bytes().unwrap();
    (status, headers, String::from_utf8(body.to_vec()).unwrap())
}

#[test]
fn an_error_is_a_page_with_its_status_and_a_way_on() {
    let errors = [
        (AppError::NotFound, StatusCode::NOT_FOUND),
        (AppError::Conflict(Conflict::LinkOver), StatusCode::GONE),
        (AppError::Conflict(Conflict::Answered), StatusCode::CONFLICT),
        (AppError::Invalid(problem("title")), StatusCode::BAD_REQUEST),
        (AppError::Busy, StatusCode::SERVICE_UNAVAILABLE),
    ];
    for (error, expected) in errors {
        let (status, headers, html) = error_page(error);
        assert_eq!(status, expected);
        assert_eq!(
            headers.get(header::CONTENT_TYPE).unwrap(),
            "text/html; charset=utf-8"
        );
        assert_eq!(headers.get(header::CACHE_CONTROL).unwrap(), "no-store");
        assert_eq!(
            headers.contains_key(header::RETRY_AFTER),
            status == StatusCode::SERVICE_UNAVAILABLE
        );
        assert!(
            html.contains("href=\"/#meedoen\"") && !html.contains("<script"),
            "{html}"
        );
    }
}

#[test]
fn a_personal_page_is_kept_and_sent_nowhere() {
    let answer = personal(&confirmations::Confirmed).unwrap();
    assert_eq!(
        answer.headers().get(header::REFERRER_POLICY).unwrap(),
        "no-referrer"
    );
    assert_eq!(answer.headers().get("X-Robots-Tag").unwrap(), "noindex");
    assert_eq!(
        answer.headers().get(header::CACHE_CONTROL).unwrap(),
        "no-store"
    );
    let answer = open(&settings::Explained).unwrap();
    assert!(!answer.headers().contains_key("X-Robots-Tag"));
}

#[test]
fn a_redirect_holds_nothing_but_a_token() {
    assert_eq!(
        link_address(LinkPurpose::Close, "aB_9-\r\nSet-Cookie: x"),
        "/sluiten/aB_9-Set-Cookiex"
    );
}
