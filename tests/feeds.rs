//! The feeds, read by Python's own readers of XML and of JSON.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::support::market;
use crate::support::python::{python, script};
use crate::support::{Answer, Market};

/// What a title and a text may hold, and what must come through a feed as it was typed.
const ODD: &str = "Café \"'t Ölkje\" & <b>co</b> ]]> {{ 7*7 }}";

/// A feed as another program reads it: what stands over it and its entries.
fn read(answer: &Answer) -> Value {
    let mut reader = Command::new(python())
        .args(["-B"])
        .arg(script("read_feed.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut into = reader.stdin.take().unwrap();
    into.write_all(answer.text.as_bytes()).unwrap();
    drop(into);
    let read = reader.wait_with_output().unwrap();
    assert!(read.status.success(), "not read: {}", answer.text);
    serde_json::from_slice(&read.stdout).unwrap()
}

/// A market with an odd request, an offer, and a request that is paused.
fn market() -> Market {
    let mut market = Market::on_sqlite();
    market.go_to("2027-01-04T09:00:00Z");
    let mut odd = market::request();
    odd["title"] = json!(ODD);
    odd["body"] = json!(format!(
        "{ODD}\n\nTweede alinea \u{fffe}met een teken dat niet kan."
    ));
    market.asker.post("/v1/requests", &odd).expect(201);
    let paused = market
        .asker
        .post("/v1/requests", &market::request())
        .expect(201)
        .text_at("/id");
    market
        .asker
        .post(&format!("/v1/requests/{paused}/pauses"), &json!(null))
        .expect(201);
    market
        .giver
        .post("/v1/offers", &market::offer())
        .expect(201);
    market
}

#[test]
fn feeds_hold_the_open_posts_as_they_were_typed_and_no_person() {
    let market = market();
    let anyone = market.server.client();
    for (name, expected, own) in [
        ("requests", ODD, "/vragen/req_"),
        (
            "offers",
            "Zaal met keuken, door de week vrij",
            "/aanbod/off_",
        ),
    ] {
        let atom = anyone.get(&format!("/feeds/{name}.atom")).expect(200);
        let kind = atom.header("content-type");
        assert_eq!(kind, "application/atom+xml; charset=utf-8");
        let json = anyone.get(&format!("/feeds/{name}.json")).expect(200);
        let kind = json.header("content-type");
        assert_eq!(kind, "application/feed+json; charset=utf-8");
        for answer in [&atom, &json] {
            let feed = read(answer);
            assert_eq!(feed["entries"].as_array().unwrap().len(), 1, "{feed}");
            let entry = &feed["entries"][0];
            assert_eq!(entry["title"], expected);
            assert!(entry["link"].as_str().unwrap().contains(own), "{entry}");
            assert_eq!(entry["id"], entry["link"]);
            assert_eq!(entry["published"], "2027-01-04T09:00:00Z");
            assert_eq!(entry["tags"], json!(["Ontmoeten"]));
            assert_eq!(
                answer.header("last-modified"),
                "Mon, 04 Jan 2027 09:00:00 GMT"
            );
            assert_eq!(answer.header("access-control-allow-origin"), "*");
            for person in ["Ria", "Jan ", "@"] {
                assert!(!answer.text.contains(person), "{person}: {}", answer.text);
            }
        }
        assert_eq!(read(&atom)["entries"], read(&json)["entries"]);
    }
    let text = &read(&anyone.get("/feeds/requests.atom"))["entries"][0]["text"];
    let text = text.as_str().unwrap();
    assert!(
        text.starts_with(ODD) && text.ends_with("\n\nTweede alinea met een teken dat niet kan.")
    );
}

#[test]
fn who_has_a_feed_already_gets_it_again_only_when_it_changed() {
    let market = market();
    let anyone = market.server.client();
    for path in ["/feeds/offers.atom", "/feeds/offers.json"] {
        let first = anyone.get(path).expect(200);
        let tag = first.header("etag").to_owned();
        let known = [("if-none-match", tag.as_str())];
        let again = anyone.send("GET", path, &known, b"").expect(304);
        assert!(again.text.is_empty());
        assert_eq!(again.header("etag"), tag);
        assert_eq!(again.header("last-modified"), first.header("last-modified"));
        anyone.send("HEAD", path, &[], b"").expect(200);
        anyone.send("POST", path, &[], b"").expect(405);
        // A request is no news to who reads offers; another offer is.
        market
            .asker
            .post("/v1/requests", &market::request())
            .expect(201);
        anyone.send("GET", path, &known, b"").expect(304);
        market
            .giver
            .post("/v1/offers", &market::offer())
            .expect(201);
        let changed = anyone.send("GET", path, &known, b"").expect(200);
        assert_ne!(changed.header("etag"), tag);
    }
}

#[test]
fn feeds_are_named_on_the_lists_and_hold_fifty_posts_at_most() {
    let mut market = market();
    let anyone = market.server.client();
    for (page, feed) in [("/vragen", "/feeds/requests"), ("/aanbod", "/feeds/offers")] {
        let page = anyone.get(page).expect(200);
        for (kind, format) in [("atom+xml", "atom"), ("feed+json", "json")] {
            let link = format!("<link rel=\"alternate\" type=\"application/{kind}\"");
            let address = format!("href=\"{feed}.{format}\"");
            let line = page.text.lines().find(|line| line.starts_with(&link));
            assert!(line.unwrap().contains(&address), "{}", page.text);
        }
    }
    market.go_to("2027-01-04T10:00:00Z");
    for number in 0..50 {
        let mut offer = market::offer();
        offer["title"] = json!(format!("Aanbod nummer {number:02}"));
        market.giver.post("/v1/offers", &offer).expect(201);
    }
    for format in ["atom", "json"] {
        let feed = read(&anyone.get(&format!("/feeds/offers.{format}")).expect(200));
        let entries = feed["entries"].as_array().unwrap();
        assert_eq!(entries.len(), 50);
        assert!(
            entries
                .iter()
                .all(|entry| entry["title"] != "Zaal met keuken, door de week vrij")
        );
    }
    anyone.get("/feeds/requests.xml").expect(404);
    anyone.get("/feeds/requests").expect(404);
}

#[test]
fn a_market_without_posts_has_feeds_without_entries() {
    let market = Market::on_sqlite();
    let anyone = market.server.client();
    for format in ["atom", "json"] {
        let feed = read(&anyone.get(&format!("/feeds/requests.{format}")).expect(200));
        assert_eq!(feed["entries"], json!([]));
    }
}
