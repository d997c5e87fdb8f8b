//! The pages, as a browser and a person get them.

use serde_json::{Value, json};

use crate::support::market::{self, ASKER, COORDINATOR};
use crate::support::{Answer, Client, Market};

/// What a browser sends.
const HTML: (&str, &str) = ("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");

fn visit(client: &Client, path: &str) -> Answer {
    client.send("GET", path, &[HTML], b"")
}

/// A page that is right: safe headers, Dutch, one heading, nothing inline, and the same for HEAD.
#[track_caller]
pub(crate) fn sound(client: &Client, path: &str, status: u16) -> Answer {
    let page = visit(client, path).expect(status);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let policy = page.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{path}: {policy}");
    }
    assert!(
        !policy.contains("unsafe") && !policy.contains("script-src"),
        "{policy}"
    );
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(page.header(name), value, "{path}");
    }
    let html = &page.text;
    assert!(
        html.starts_with("<!doctype html>\n<html lang=\"nl\">"),
        "{path}"
    );
    assert_eq!(html.matches("<h1").count(), 1, "{path}");
    let data = html
        .matches("<script type=\"application/ld+json\">")
        .count();
    assert_eq!(
        html.matches("<script").count(),
        data,
        "{path} has an inline script"
    );
    for inline in [
        "<style",
        " style=",
        " onclick=",
        " onload=",
        "javascript:",
        "{{",
        "{%",
    ] {
        assert!(!html.contains(inline), "{inline} in {path}");
    }
    let head = client.send("HEAD", path, &[HTML], b"").expect(status);
    assert_eq!(head.text, "");
    assert_eq!(head.header("content-type"), page.header("content-type"));
    page
}

/// The token of a mailed link to log in.
fn login_token(market: &Market) -> String {
    let me = json!({ "email": COORDINATOR });
    let anyone = market.server.client();
    anyone.post("/v1/login-links", &me).expect(202);
    market.deliver();
    market.mailbox.last_to(COORDINATOR).token("/inloggen")
}

#[test]
fn every_page_is_sound_and_looking_changes_nothing() {
    let mut market = Market::on_sqlite();
    market.deliver();
    let anyone = market.server.client();
    let mut visited = 0;
    let mut see = |path: &str| {
        visited += 1;
        sound(&anyone, path, 200)
    };
    for path in [
        "/",
        "/vragen",
        "/aanbod",
        "/begrippen",
        "/privacy",
        "/bevestigen",
        "/instellingen",
    ] {
        see(path);
    }
    let registration = market.mailbox.letters_to(ASKER).remove(0);
    see(&format!(
        "/bevestigen/{}",
        registration.token("/bevestigen")
    ));
    market.go_to("2026-12-01T09:00:00Z");

    see("/inloggen");
    see(&format!("/inloggen/{}", login_token(&market)));

    let proposal = market.proposal();
    let tokens = market.invite(&proposal);
    let found = market
        .coordinator
        .get(&format!("/v1/matches/{proposal}"))
        .expect(200);
    see(&format!("/vragen/{}", found.text_at("/request/id")));
    see(&format!("/aanbod/{}", found.text_at("/offer/id")));
    see(&format!("/toestemming/{}", tokens[0]));
    let settings = market.mailbox.last_to(ASKER).token("/instellingen");
    see(&format!("/instellingen/{settings}"));
    see(&format!("/afmelden/{settings}"));
    assert_eq!(market.state_of(&proposal), "invited");
    for token in tokens {
        anyone
            .form(&format!("/toestemming/{token}"), &[("answer", "yes")])
            .expect(303);
    }
    market.go_to("2026-12-08T10:00:00Z");
    see(&format!(
        "/uitkomst/{}",
        market.mailbox.last_to(ASKER).token("/uitkomst")
    ));
    assert_eq!(market.state_of(&proposal), "introduced");
    market.go_to("2027-02-10T09:00:00Z");
    let question = market.mailbox.last_to(ASKER);
    for page in ["/verlengen", "/sluiten"] {
        see(&format!("{page}/{}", question.token(page)));
    }

    let routes =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../web/src/routes.rs"));
    let routes = routes.unwrap();
    let site = routes
        .split("fn site(")
        .nth(1)
        .unwrap()
        .split("\n}\n")
        .next()
        .unwrap();
    // All but the files and the end of a session, which are no pages.
    assert_eq!(visited, site.matches(".service(at(").count() - 2);
}

#[test]
fn what_is_not_there_is_said_in_the_form_that_was_asked() {
    let market = Market::on_sqlite();
    let anyone = market.server.client();
    let nobody = "A".repeat(43);
    let mut paths = vec![
        "/nergens".to_owned(),
        "/vragen/req_1".to_owned(),
        format!("/vragen/req_{}", "0".repeat(32)),
        format!("/aanbod/off_{}", "0".repeat(32)),
        "/static/geheim.txt".to_owned(),
    ];
    for page in [
        "toestemming",
        "uitkomst",
        "verlengen",
        "sluiten",
        "bevestigen",
        "instellingen",
        "afmelden",
    ] {
        paths.push(format!("/{page}/{nobody}"));
        let fields = [
            ("answer", "yes"),
            ("outcome", "succeeded"),
            ("reason", "duplicate"),
            ("reminders", "no"),
        ];
        anyone
            .form(&format!("/{page}/{nobody}"), &fields)
            .expect(404);
    }
    for path in paths {
        let page = sound(&anyone, &path, 404);
        assert!(page.text.contains("Deze pagina is er niet"), "{path}");
    }
    let plain = anyone.get("/nergens").expect(404);
    assert_eq!(plain.header("content-type"), "application/problem+json");
    assert_eq!(plain.text_at("/code"), "not_found");
}

/// The titles of the cards on a list, and the address of the next page.
fn cards(page: &Answer) -> (Vec<String>, Option<String>) {
    let titles = page.text.split("<li class=\"card\">").skip(1).map(|card| {
        let link = card.split("\">").nth(1).unwrap();
        link.split("</a>").next().unwrap().to_owned()
    });
    let next = page.text.split("rel=\"next\" href=\"").nth(1);
    let next = next.map(|rest| {
        rest.split('"')
            .next()
            .unwrap()
            .replace("&#38;", "&")
            .replace("&amp;", "&")
    });
    (titles.collect(), next)
}

/// Places a request that is as usual but for some fields; its id.
pub(crate) fn place(market: &Market, changes: &Value) -> String {
    let mut body = market::request();
    for (field, value) in changes.as_object().unwrap() {
        body[field] = value.clone();
    }
    market
        .asker
        .post("/v1/requests", &body)
        .expect(201)
        .text_at("/id")
}

#[test]
fn a_list_pages_through_every_request_once() {
    let market = Market::on_sqlite();
    let mut expected = Vec::new();
    for number in 0..45 {
        let title = format!("Vraag nummer {number}");
        place(&market, &json!({ "title": title }));
        expected.insert(0, title);
    }
    let anyone = market.server.client();
    let mut next = Some("/vragen?q=dinsdag".to_owned());
    let mut found = Vec::new();
    while let Some(path) = next {
        let page = sound(&anyone, &path, 200);
        assert!(
            page.text.contains("value=\"dinsdag\""),
            "the search goes on in {path}"
        );
        let (titles, after) = cards(&page);
        found.extend(titles);
        next = after;
    }
    assert_eq!(found, expected);
}

#[test]
fn a_list_is_narrowed_by_what_was_typed() {
    let market = Market::on_sqlite();
    place(&market, &json!({ "title": "Zaal in Apeldoorn" }));
    place(
        &market,
        &json!({ "title": "Tuin in Utrecht", "place": "Zuilen", "themes": ["buurttuin"], "phase": "idee", "support": ["geld"] }),
    );
    market
        .giver
        .post("/v1/offers", &market::offer())
        .expect(201);
    let anyone = market.server.client();
    for (search, expected) in [
        (
            "/vragen?q=&region=&theme=&phase=&support=",
            vec!["Tuin in Utrecht", "Zaal in Apeldoorn"],
        ),
        ("/vragen?q=utrecht", vec!["Tuin in Utrecht"]),
        ("/vragen?region=Apeldoorn", vec!["Zaal in Apeldoorn"]),
        ("/vragen?region=GM0344", vec!["Tuin in Utrecht"]),
        ("/vragen?theme=groen-en-voedsel", vec!["Tuin in Utrecht"]),
        ("/vragen?phase=start", vec!["Zaal in Apeldoorn"]),
        ("/vragen?support=ruimte", vec!["Zaal in Apeldoorn"]),
        ("/vragen?q=draaiorgel", vec![]),
        (
            "/aanbod?region=Apeldoorn&support=ruimte",
            vec!["Zaal met keuken, door de week vrij"],
        ),
        ("/aanbod?region=Drenthe", vec![]),
    ] {
        assert_eq!(cards(&sound(&anyone, search, 200)).0, expected, "{search}");
    }
    for wrong in [
        "region=Zuidwolde",
        "region=Nergenshuizen",
        "theme=dorphuis",
        "phase=begin",
        "support=niets",
    ] {
        let page = sound(&anyone, &format!("/vragen?{wrong}"), 400);
        assert!(page.text.contains("aria-invalid=\"true\""), "{wrong}");
        assert!(page.text.contains("<title>Fout: "), "{wrong}");
    }
    let unclear = visit(&anyone, "/vragen?region=Zuidwolde").text;
    assert!(
        unclear.matches("href=\"/vragen?region=").count() > 1,
        "an unclear place gives choices"
    );
    sound(&anyone, "/vragen?q=%00", 400);
    let markup = sound(
        &anyone,
        "/vragen?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
        200,
    );
    assert!(!markup.text.contains("<script>"));
}

#[test]
fn what_a_poster_writes_is_shown_as_text() {
    let market = Market::on_sqlite();
    let title = "<script>alert('u')</script> & \"zo\"";
    let body = "Eerste </script><script>alert(1)</script> regel.\n\n<img src=x onerror=alert(2)> tweede & laatste.";
    let id = place(&market, &json!({ "title": title, "body": body }));
    let anyone = market.server.client();
    let page = sound(&anyone, &format!("/vragen/{id}"), 200);
    for html in [
        &page.text,
        &visit(&anyone, "/vragen").text,
        &visit(&anyone, "/").text,
    ] {
        assert!(!html.contains("<script>") && !html.contains("<img src=x"));
        assert!(html.contains("alert("), "the text itself is there");
    }
    assert!(page.text.contains("&#60;img src=x") || page.text.contains("&lt;img src=x"));
    let data = page.text.split("application/ld+json\">").nth(1).unwrap();
    let data: Value = serde_json::from_str(data.split("</script>").next().unwrap()).unwrap();
    assert_eq!(
        (&data["name"], &data["description"]),
        (&json!(title), &json!(body))
    );
    for private in [ASKER, "Ria de Vries"] {
        assert!(!page.text.contains(private));
    }
}

#[test]
fn a_post_that_is_not_open_is_not_shown() {
    let market = Market::on_sqlite();
    let anyone = market.server.client();
    let id = place(&market, &json!({}));
    let hidden = || {
        sound(&anyone, &format!("/vragen/{id}"), 404);
        for list in ["/", "/vragen"] {
            assert!(!visit(&anyone, list).text.contains(&id), "{list}");
        }
    };
    let act = |operation: &str, body: Value| {
        market
            .asker
            .post(&format!("/v1/requests/{id}/{operation}"), &body)
            .expect(201);
    };
    assert!(visit(&anyone, "/").text.contains(&id) && visit(&anyone, "/vragen").text.contains(&id));
    act("pauses", json!(null));
    hidden();
    act("reopenings", json!(null));
    sound(&anyone, &format!("/vragen/{id}"), 200);
    act("closures", json!({ "reason": "fulfilled_here" }));
    hidden();
}

#[test]
fn files_are_kept_by_browsers_until_they_change() {
    let market = Market::on_sqlite();
    let anyone = market.server.client();
    let front = visit(&anyone, "/").text;
    for (name, kind) in [
        ("style.css", "text/css; charset=utf-8"),
        ("logo.svg", "image/svg+xml"),
    ] {
        let start = front.find(&format!("/static/{name}?v=")).unwrap();
        let address = front[start..].split('"').next().unwrap();
        let file = anyone.get(address).expect(200);
        assert_eq!(file.header("content-type"), kind);
        assert_eq!(file.header("x-content-type-options"), "nosniff");
        assert!(file.header("cache-control").contains("immutable"));
        let tag = file.header("etag");
        assert!(tag.len() > 2, "{tag}");
        let plain = anyone.get(&format!("/static/{name}")).expect(200);
        assert_eq!(
            (plain.header("etag"), plain.header("cache-control")),
            (tag, "no-cache")
        );
        let again = anyone
            .send("GET", address, &[("if-none-match", tag)], b"")
            .expect(304);
        assert_eq!((again.text.as_str(), again.header("etag")), ("", tag));
        anyone
            .send("GET", address, &[("if-none-match", "\"ander\"")], b"")
            .expect(200);
    }
    anyone.get("/static/..%2F..%2FCargo.toml").expect(404);
}
