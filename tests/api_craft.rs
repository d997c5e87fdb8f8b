//! What integrators expect of any API, beyond what each operation does.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::market;
use crate::support::{Answer, Database, Mailbox, Market, Server};

const SITE: &str = "https://www.gemeente.example";
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

fn pointers(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    let errors = body["errors"].as_array().unwrap().iter();
    errors
        .map(|error| error["pointer"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn methods_and_addresses_that_are_not_there_are_told_apart() {
    let (database, mailbox) = (Database::sqlite(), Mailbox::start());
    let server = Server::start(&database, &mailbox);
    let anyone = server.client();
    for (method, path, allowed) in [
        ("PUT", "/v1/requests", "GET, HEAD, POST"),
        ("DELETE", "/v1/matches", "GET, HEAD, POST"),
        ("TRACE", "/v1/vocabularies/themes", "GET, HEAD"),
        ("OPTIONS", "/v1/suggestions", "POST"),
        ("GET", "/v1/registrations", "POST"),
    ] {
        let answer = anyone.send(method, path, &[], b"").expect(405);
        assert_eq!(answer.header("allow"), allowed, "{method} {path}");
    }
    for path in [
        "/v1/requests/",
        "/v1/",
        "/v1/vocabularies/themes/",
        "/v1/requests.json",
    ] {
        anyone.get(path).expect(404);
    }
    let read = anyone.get("/v1/vocabularies/phases").expect(200);
    let head = anyone
        .send("HEAD", "/v1/vocabularies/phases", &[], b"")
        .expect(200);
    assert_eq!(head.text, "");
    for name in ["content-type", "api-version", "cache-control"] {
        assert_eq!(head.header(name), read.header(name), "{name}");
    }
}

#[test]
fn an_answer_of_another_kind_than_we_have_is_refused() {
    let (database, mailbox) = (Database::sqlite(), Mailbox::start());
    let server = Server::start(&database, &mailbox);
    let anyone = server.client();
    let asked =
        |accept: &str| anyone.send("GET", "/v1/vocabularies/phases", &[("accept", accept)], b"");
    for fine in [
        "*/*",
        "application/*;q=0.5",
        "text/html, Application/JSON",
        "application/json; charset=utf-8",
    ] {
        asked(fine).expect(200);
    }
    for other in ["text/html", "application/xml, text/*"] {
        assert_eq!(asked(other).expect(406).text_at("/code"), "not_acceptable");
    }
}

#[test]
fn every_unknown_parameter_is_named() {
    let market = Market::on_sqlite();
    let anyone = market.server.client();
    let lists = anyone
        .get("/v1/requests?kleur=rood&q=zaal&maat=3")
        .expect(400);
    assert_eq!(pointers(&lists), ["?kleur", "?maat"]);
    assert!(
        lists.json()["errors"][0]["choices"]
            .as_array()
            .unwrap()
            .contains(&json!("region"))
    );
    for path in [
        "/v1/vocabularies/themes?x=1",
        "/v1/places?q=Ede&x=1",
        "/v1/consents/AAAA?x=1",
    ] {
        assert_eq!(pointers(&anyone.get(path).expect(400)), ["?x"], "{path}");
    }
}

#[test]
fn every_field_of_another_shape_is_named_at_once() {
    let market = Market::on_sqlite();
    let body =
        json!({ "title": 1, "body": ["x"], "themes": ["zorg", 7], "neededBy": {}, "a/b": 1 });
    let refused = market.asker.post("/v1/requests", &body).expect(400);
    let mut named = pointers(&refused);
    named.sort();
    assert_eq!(
        named,
        ["/a~1b", "/body", "/neededBy", "/themes/1", "/title"]
    );
    let refused = market
        .server
        .client()
        .post("/v1/registrations", &json!({ "member": ["Ria"] }));
    let mut named = pointers(&refused.expect(400));
    named.sort();
    assert_eq!(named, ["/member", "/organisation"]);
    let offer = market
        .giver
        .post("/v1/offers", &market::offer())
        .expect(201);
    let path = format!("/v1/offers/{}", offer.text_at("/id"));
    let list = market
        .giver
        .json("PATCH", &path, &json!([null, null]))
        .expect(400);
    assert_eq!(
        pointers(&list),
        [""],
        "a list is not an object, also when it is empty inside"
    );
}

#[test]
fn who_did_not_sign_in_hears_that_before_anything_else() {
    let market = Market::on_sqlite();
    let anyone = market.server.client();
    anyone.get("/v1/matches?pageSize=x").expect(401);
    anyone
        .post("/v1/matches", &json!({ "requestId": "x" }))
        .expect(401);
}

#[test]
fn every_answer_keeps_browsers_safe() {
    let (database, mailbox) = (Database::sqlite(), Mailbox::start());
    let server = Server::start(&database, &mailbox);
    let anyone = server.client();
    for (path, status) in [
        ("/v1/requests", 200),
        ("/v1/nergens", 404),
        ("/v1/matches", 401),
        ("/v1/requests?x=1", 400),
        ("/v1/registrations", 405),
    ] {
        let answer = anyone.get(path).expect(status);
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
            (
                "content-security-policy",
                "default-src 'none'; frame-ancestors 'none'",
            ),
            ("api-version", "1.0.0"),
        ] {
            assert_eq!(answer.header(name), value, "{path} {name}");
        }
        assert!(!answer.header("request-id").is_empty());
    }
}

#[test]
fn only_sites_in_the_settings_may_call_from_a_browser() {
    let (database, mailbox) = (Database::sqlite(), Mailbox::start());
    let setting = (
        "SAMENSPEL_HTTP__ALLOWED_ORIGINS",
        "[\"https://www.gemeente.example\"]",
    );
    let server = Server::start_with(&database, &mailbox, &[setting]);
    let ask = |method: &str, origin: &str, path: &str| {
        let headers = [
            ("origin", origin),
            ("access-control-request-method", "PATCH"),
        ];
        server.client().send(method, path, &headers, b"")
    };
    let told = ask("OPTIONS", SITE, "/v1/requests").expect(204);
    assert_eq!(told.header("access-control-allow-origin"), SITE);
    assert!(
        told.header("access-control-allow-methods")
            .contains("PATCH")
    );
    assert!(
        told.header("access-control-allow-headers")
            .contains("Authorization")
    );
    assert_eq!(told.header("access-control-allow-credentials"), "");
    for (path, status) in [("/v1/requests", 200), ("/v1/matches", 401)] {
        let read = ask("GET", SITE, path).expect(status);
        assert_eq!(read.header("access-control-allow-origin"), SITE, "{path}");
        assert_eq!(read.header("vary"), "Origin");
        assert!(
            read.header("access-control-expose-headers")
                .contains("ETag")
        );
    }
    for other in [
        "https://gemeente.example",
        "http://www.gemeente.example",
        "null",
    ] {
        ask("OPTIONS", other, "/v1/requests").expect(405);
        let read = ask("GET", other, "/v1/requests").expect(200);
        assert_eq!(read.header("access-control-allow-origin"), "", "{other}");
    }
    assert_eq!(
        ask("GET", SITE, "/")
            .expect(200)
            .header("access-control-allow-origin"),
        ""
    );
    assert_eq!(
        ask("GET", "https://x.example", "/v1/openapi.json").header("access-control-allow-origin"),
        "*"
    );
}

#[test]
fn who_finds_a_hole_knows_whom_to_tell() {
    let (database, mailbox) = (Database::sqlite(), Mailbox::start());
    let site = ("SAMENSPEL_HTTP__PUBLIC_URL", "http://127.0.0.1:8099");
    let server = Server::start_with(&database, &mailbox, &[site]);
    server.go_to("2026-12-01T09:00:00Z");
    let told = server.client().get("/.well-known/security.txt").expect(200);
    assert_eq!(told.header("content-type"), "text/plain; charset=utf-8");
    let fields: BTreeMap<&str, &str> = told
        .text
        .lines()
        .map(|line| line.split_once(": ").unwrap())
        .collect();
    assert!(fields["Contact"].starts_with("mailto:"), "{}", told.text);
    assert_eq!(fields["Expires"], "2027-05-30T09:00:00Z");
    assert_eq!(fields["Preferred-Languages"], "nl, en");
    assert_eq!(
        fields["Canonical"],
        "http://127.0.0.1:8099/.well-known/security.txt"
    );
    assert_eq!(fields.len(), 4);
}

#[test]
fn a_trace_goes_through() {
    let (database, mailbox) = (Database::sqlite(), Mailbox::start());
    let server = Server::start(&database, &mailbox);
    let sent = format!("00-{TRACE}-00f067aa0ba902b7-01");
    let asked = |path: &str| {
        server
            .client()
            .send("GET", path, &[("traceparent", &sent)], b"")
    };
    let missing = asked("/v1/nergens").expect(404);
    assert_eq!(missing.text_at("/traceId"), TRACE);
    let read = asked("/v1/requests").expect(200);
    assert!(
        read.header("traceparent")
            .starts_with(&format!("00-{TRACE}-"))
    );
    assert_ne!(read.header("traceparent"), sent);
    let own = server.client().get("/v1/nergens").expect(404);
    assert_eq!(own.header("traceparent").len(), sent.len());
    assert_eq!(own.json()["traceId"], Value::Null);
}
