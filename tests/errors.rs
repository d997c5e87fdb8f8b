//! What goes wrong is said well.

use serde_json::{Value, json};

use crate::support::market;
use crate::support::{Answer, Market};

/// Every error is a problem document with a title, a status and what to do.
#[track_caller]
fn problem(answer: Answer, status: u16, code: &str) -> Value {
    let answer = answer.expect(status);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.header("api-version"), "1.0.0");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    let body = answer.json();
    assert_eq!(body["status"], json!(status));
    assert_eq!(body["code"], json!(code), "{body}");
    for field in ["type", "title", "detail"] {
        assert!(
            body[field].as_str().is_some_and(|text| !text.is_empty()),
            "{body}"
        );
    }
    body
}

#[test]
fn every_error_is_a_problem_document() {
    let market = Market::on_sqlite();
    let anyone = market.server.client();
    problem(anyone.get("/v1/nergens"), 404, "not_found");
    problem(anyone.get("/v1/requests/"), 404, "not_found");
    problem(anyone.get("/v1/requests/req_1"), 404, "not_found");
    problem(
        anyone.get(&format!("/v1/requests/req_{}", "0".repeat(32))),
        404,
        "not_found",
    );
    let answer = anyone.send("DELETE", "/v1/requests", &[], b"");
    assert_eq!(answer.header("allow"), "GET, HEAD, POST");
    problem(answer, 405, "method_not_allowed");
    problem(
        anyone.post("/v1/requests", &market::request()),
        401,
        "not_signed_in",
    );
    problem(
        anyone.with_token("x.y.z").get("/v1/requests"),
        401,
        "not_signed_in",
    );
}

#[test]
fn what_cannot_be_read_is_refused_for_what_is_wrong_with_it() {
    let market = Market::on_sqlite();
    let anyone = market.server.client();
    let body = json!({ "requestId": "req_x", "offerId": "off_x" });
    problem(
        market.coordinator.post("/v1/matches", &body),
        400,
        "invalid",
    );
    let json_kind = [("content-type", "application/json")];
    problem(
        market.asker.send("POST", "/v1/requests", &json_kind, b"{"),
        400,
        "invalid",
    );
    problem(
        market
            .asker
            .send("POST", "/v1/requests", &json_kind, b"\xff\xfe"),
        400,
        "invalid",
    );
    problem(
        market.asker.send(
            "POST",
            "/v1/requests",
            &[("content-type", "text/plain")],
            b"{}",
        ),
        415,
        "media_type",
    );
    let large = json!({ "title": "x".repeat(300_000) });
    problem(market.asker.post("/v1/requests", &large), 413, "too_large");
    problem(anyone.get("/v1/requests?pageSize=101"), 400, "invalid");
    problem(anyone.get("/v1/requests?onbekend=1"), 400, "invalid");
}

#[test]
fn what_cannot_be_done_says_why() {
    let market = Market::on_sqlite();
    let proposal = market.proposal();
    let review = json!({ "decision": "approve" });
    problem(
        market
            .asker
            .post(&format!("/v1/matches/{proposal}/reviews"), &review),
        403,
        "forbidden",
    );
    market
        .coordinator
        .post(&format!("/v1/matches/{proposal}/reviews"), &review)
        .expect(201);
    problem(
        market
            .coordinator
            .post(&format!("/v1/matches/{proposal}/reviews"), &review),
        409,
        "wrong_state",
    );
}

#[test]
fn every_wrong_field_is_named_at_once_with_what_to_do() {
    let market = Market::on_sqlite();
    let body = json!({ "title": "Kort", "body": "Te kort.", "place": "Zuidwolde", "themes": ["dorphuis"], "phase": "begin" });
    let found = problem(market.asker.post("/v1/requests", &body), 400, "invalid");
    let errors = found["errors"].as_array().unwrap();
    let pointers: Vec<&str> = errors
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    assert_eq!(pointers, ["/place", "/title", "/body", "/themes", "/phase"]);
    assert!(
        errors
            .iter()
            .all(|error| !error["remedy"].as_str().unwrap().is_empty()),
        "{errors:?}"
    );
    assert!(
        errors[0]["choices"].as_array().unwrap().len() > 1,
        "an ambiguous place gives its choices"
    );
    assert_eq!(errors[3]["choices"][0], "dorpshuis");
}

#[test]
fn an_unknown_field_is_refused_by_name() {
    let market = Market::on_sqlite();
    let mut body = market::request();
    body["state"] = json!("open");
    let found = problem(market.asker.post("/v1/requests", &body), 400, "invalid");
    assert!(
        found["errors"][0]["detail"]
            .as_str()
            .unwrap()
            .contains("state"),
        "{found}"
    );
}

#[test]
fn what_is_not_theirs_is_not_there() {
    let market = Market::on_sqlite();
    let request = market
        .asker
        .post("/v1/requests", &market::request())
        .expect(201)
        .text_at("/id");
    market
        .asker
        .post(&format!("/v1/requests/{request}/pauses"), &json!(null))
        .expect(201);
    let foreign = market
        .giver
        .get(&format!("/v1/requests/{request}"))
        .expect(404)
        .json();
    let missing = market
        .giver
        .get(&format!("/v1/requests/req_{}", "0".repeat(32)))
        .expect(404)
        .json();
    assert_eq!(foreign, missing);
    market
        .asker
        .get(&format!("/v1/requests/{request}"))
        .expect(200);
    market
        .giver
        .post(
            &format!("/v1/requests/{request}/closures"),
            &json!({ "reason": "duplicate" }),
        )
        .expect(404);
    market
        .giver
        .get(&format!("/v1/requests/{request}/matches"))
        .expect(404);
}

#[test]
fn a_change_based_on_an_old_version_is_refused() {
    let market = Market::on_sqlite();
    let placed = market
        .asker
        .post("/v1/requests", &market::request())
        .expect(201);
    let path = format!("/v1/requests/{}", placed.text_at("/id"));
    let tag = market
        .asker
        .get(&path)
        .expect(200)
        .header("etag")
        .to_owned();
    let change = |title: &str| {
        let headers = [
            ("content-type", "application/json"),
            ("if-match", tag.as_str()),
        ];
        market.asker.send(
            "PATCH",
            &path,
            &headers,
            json!({ "title": title }).to_string().as_bytes(),
        )
    };
    assert_eq!(
        change("Ruimte gezocht, met keuken")
            .expect(200)
            .text_at("/title"),
        "Ruimte gezocht, met keuken"
    );
    problem(change("Toch zonder keuken"), 412, "stale");
}
