//! What is sent twice under one `Idempotency-Key` is done once, and answered twice.

use std::collections::BTreeSet;
use std::thread;

use serde_json::{Value, json};

use crate::support::market::{self, ASKER};
use crate::support::posts::titles;
use crate::support::{Answer, Client, Market, on_each};

const LIST: &str = "/v1/requests";

/// Posts under a key.
fn post(client: &Client, path: &str, key: &str, body: &Value) -> Answer {
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", key),
    ];
    client.send("POST", path, &headers, body.to_string().as_bytes())
}

#[test]
fn what_is_sent_twice_is_done_once_and_answered_twice() {
    on_each(|database| {
        let market = Market::open(database);
        let first = post(&market.asker, LIST, "sleutel-1", &market::request()).expect(201);
        // The draft writes a key between quotes.
        let second = post(&market.asker, LIST, "\"sleutel-1\"", &market::request()).expect(201);
        assert_eq!(first.text, second.text);
        for header in ["location", "content-type", "etag"] {
            assert_eq!(first.header(header), second.header(header), "{header}");
        }
        assert_eq!(first.header("idempotent-replayed"), "");
        assert_eq!(second.header("idempotent-replayed"), "true");
        assert_eq!(titles(&market.asker, LIST).len(), 1);

        let mut other = market::request();
        other["title"] = json!("Iets heel anders");
        let refused = post(&market.asker, LIST, "sleutel-1", &other).expect(422);
        assert_eq!(refused.text_at("/code"), "key_reused");
        // Who must sign in hears that first, not that somebody else has the key.
        let anyone = market.server.client();
        let login = json!({ "email": ASKER });
        post(&anyone, "/v1/login-links", "sleutel-1", &login).expect(202);
        post(&anyone, LIST, "sleutel-1", &market::request()).expect(401);
        // Of another member it is another key.
        post(&market.giver, LIST, "sleutel-1", &other).expect(201);
        assert_eq!(titles(&market.asker, LIST).len(), 2);

        let close = format!("{}/closures", first.header("location"));
        let why = json!({ "reason": "no_longer_needed" });
        let closed = post(&market.asker, &close, "sleutel-2", &why);
        assert_eq!(closed.status / 100, 2, "{}", closed.text);
        let again = post(&market.asker, &close, "sleutel-2", &why);
        assert_eq!((again.status, again.text), (closed.status, closed.text));
        // Without the key it is a second closure, which cannot be.
        market.asker.post(&close, &why).expect(409);
    });
}

#[test]
fn fifty_at_once_place_one_request() {
    on_each(|database| {
        let market = Market::open(database);
        let answers: Vec<Answer> = thread::scope(|scope| {
            let send = || post(&market.asker, LIST, "tegelijk", &market::request());
            let threads: Vec<_> = (0..50).map(|_| scope.spawn(send)).collect();
            threads
                .into_iter()
                .map(|each| each.join().unwrap())
                .collect()
        });
        assert_eq!(titles(&market.asker, LIST).len(), 1);
        let mut ids = BTreeSet::new();
        for answer in &answers {
            if answer.status == 201 {
                ids.insert(answer.text_at("/id"));
            } else {
                assert_eq!(
                    (answer.status, answer.text_at("/code")),
                    (409, "in_flight".to_owned())
                );
                assert_eq!(answer.header("retry-after"), "1");
            }
        }
        assert_eq!(ids.len(), 1);
        let after = post(&market.asker, LIST, "tegelijk", &market::request()).expect(201);
        assert!(ids.contains(&after.text_at("/id")));
    });
}

#[test]
fn what_was_refused_is_not_remembered_and_a_key_that_is_none_is_named() {
    let market = Market::on_sqlite();
    let mut body = market::request();
    body["title"] = json!("Kort");
    post(&market.asker, LIST, "sleutel", &body).expect(400);
    post(&market.asker, LIST, "sleutel", &market::request()).expect(201);
    for wrong in ["", "\"\"", "een twee", &"x".repeat(256)] {
        let refused = post(&market.asker, LIST, wrong, &market::request()).expect(400);
        assert_eq!(
            refused.text_at("/errors/0/pointer"),
            "Idempotency-Key",
            "{wrong:?}"
        );
    }
}

#[test]
fn a_server_that_ended_before_it_answered_does_not_do_it_again() {
    on_each(|database| {
        let mut market = Market::open(database);
        // The server does some writing of its own when it starts, so that each of these is another step of a request.
        for broken in [8, 9, 10, 11] {
            let fault = format!("{broken}:crash_after");
            market.server.start_again_with(("SAMENSPEL_FAULT", &fault));
            let asker = market.server.client_of(ASKER);
            let (title, key) = (0..20)
                .map(|number| {
                    (
                        format!("Vraag {broken} {number}"),
                        format!("k-{broken}-{number}"),
                    )
                })
                .find(|(title, key)| place(&asker, title, key).is_none())
                .expect("the server ends at some write");

            market.server.start_again_with(("SAMENSPEL_FAULT", ""));
            let asker = market.server.client_of(ASKER);
            let again = place(&asker, &title, &key).unwrap();
            let count = titles(&asker, LIST)
                .iter()
                .filter(|each| **each == title)
                .count();
            assert_eq!(count, 1, "{broken} {} {}", again.status, again.text);
            if again.status != 201 {
                assert_eq!(again.text_at("/code"), "in_flight");
                let later = (chrono::Utc::now() + chrono::TimeDelta::minutes(2)).to_rfc3339();
                market.server.go_to(&later);
                let asker = market.server.client_of(ASKER);
                let lost = place(&asker, &title, &key).unwrap().expect(409);
                assert_eq!(lost.text_at("/code"), "answer_lost");
                market.server.go_to(&chrono::Utc::now().to_rfc3339());
            }
        }
    });
}

#[test]
fn a_key_is_forgotten_after_a_day() {
    let mut market = Market::on_sqlite();
    let first = post(&market.asker, LIST, "vandaag", &market::request()).expect(201);
    let tomorrow = (chrono::Utc::now() + chrono::TimeDelta::hours(25)).to_rfc3339();
    market.go_to(&tomorrow);
    let second = post(&market.asker, LIST, "vandaag", &market::request()).expect(201);
    assert_ne!(first.text_at("/id"), second.text_at("/id"));
}

/// Places a request with this title under a key; nothing when the server ends before it answers.
fn place(client: &Client, title: &str, key: &str) -> Option<Answer> {
    let mut body = market::request();
    body["title"] = json!(title);
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", key),
    ];
    client.try_send("POST", LIST, &headers, body.to_string().as_bytes())
}
