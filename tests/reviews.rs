//! Review at few hours a week: what is worth most comes first, two coordinators do not do the same, many at once.

use serde_json::{Value, json};

use crate::support::market::{self, COORDINATOR};
use crate::support::{Client, Market, on_each};

/// A second coordinator.
const BEA: &str = "bea@coalitie.example";

fn colleague(market: &Market) -> Client {
    market.server.run(&[
        "member",
        "add",
        "--email",
        BEA,
        "--name",
        "Bea Boom",
        "--organisation",
        "Coalitie",
        "--role",
        "coordinator",
    ]);
    market.server.client_of(BEA)
}

/// Requests that each get a proposal with the one offer; the ids of the proposals, the earliest first.
fn proposals(market: &Market, titles: &[&str]) -> Vec<String> {
    let mut offer = market::offer();
    offer["capacity"] = json!(100);
    market.giver.post("/v1/offers", &offer).expect(201);
    titles
        .iter()
        .map(|title| ask(market, title, true))
        .collect()
}

/// Places a request that fits the offer well, or less well; the id of its proposal.
fn ask(market: &Market, title: &str, is_good: bool) -> String {
    let mut request = market::request();
    request["title"] = json!(title);
    if !is_good {
        request["phase"] = json!("vernieuwing");
        request["body"] = json!("Wij willen in de zomer buiten zitten en zoeken nog een plek.");
    }
    let placed = market.asker.post("/v1/requests", &request).expect(201);
    market
        .coordinator
        .get(&format!("/v1/requests/{}/matches", placed.text_at("/id")))
        .expect(200)
        .text_at("/items/0/id")
}

fn ids(list: &Value) -> Vec<String> {
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_queue_has_what_is_worth_most_first_and_lets_nobody_wait_for_ever() {
    on_each(|database| {
        let mut market = Market::open(database);
        market.go_to("2027-03-01T09:00:00Z");
        let good = proposals(&market, &["Ruimte gezocht om samen te koken"]).remove(0);
        let fair = ask(&market, "Plek gezocht", false);
        let queue = |market: &Market| {
            ids(&market
                .coordinator
                .get("/v1/matches?state=proposed")
                .expect(200)
                .json())
        };
        assert_eq!(queue(&market), [good.clone(), fair.clone()]);
        // Four weeks are worth a score four times as high.
        market.go_to("2027-03-29T09:00:00Z");
        let fresh = ask(&market, "Ruimte gezocht om weer samen te koken", true);
        assert_eq!(queue(&market), [good.clone(), fair.clone(), fresh.clone()]);

        // A page goes on where the last one stopped, also when that proposal was reviewed meanwhile.
        let first = market
            .coordinator
            .get("/v1/matches?state=proposed&pageSize=1")
            .expect(200);
        assert_eq!(ids(&first.json()), [good.as_str()]);
        market
            .coordinator
            .post(
                &format!("/v1/matches/{good}/reviews"),
                &json!({ "decision": "reject", "reason": "no_fit" }),
            )
            .expect(201);
        let next = format!(
            "/v1/matches?state=proposed&pageSize=1&cursor={}",
            first.text_at("/next")
        );
        let second = market.coordinator.get(&next).expect(200);
        assert_eq!(ids(&second.json()), [fair.as_str()]);
        let last = format!(
            "/v1/matches?state=proposed&pageSize=1&cursor={}",
            second.text_at("/next")
        );
        let last = market.coordinator.get(&last).expect(200).json();
        assert_eq!(
            (ids(&last), &last["next"]),
            (vec![fresh.clone()], &Value::Null)
        );
        // For others the list stays a list.
        let own = market
            .asker
            .get("/v1/matches?state=proposed")
            .expect(200)
            .json();
        assert_eq!(ids(&own), [fresh, fair]);
    });
}

#[test]
fn two_coordinators_do_not_review_the_same_proposal() {
    on_each(|database| {
        let mut market = Market::open(database);
        market.go_to("2027-03-01T09:00:00Z");
        let found = proposals(&market, &["Ruimte gezocht om samen te koken"]).remove(0);
        let bea = colleague(&market);
        let claim = format!("/v1/matches/{found}/claims");
        let claimed = bea.post(&claim, &json!({})).expect(201);
        assert_eq!(claimed.text_at("/review/claim/name"), "Bea Boom");
        assert_eq!(
            claimed.text_at("/review/claim/until"),
            "2027-03-01T09:30:00Z"
        );
        let refused = market.coordinator.post(&claim, &json!({})).expect(409);
        assert_eq!(refused.text_at("/code"), "claimed");
        let detail = refused.text_at("/detail");
        assert!(
            detail.contains("Bea Boom") && detail.contains("10.30 uur"),
            "{detail}"
        );
        let queue = market
            .coordinator
            .get("/v1/matches?state=proposed")
            .expect(200);
        assert_eq!(queue.text_at("/items/0/review/claim/name"), "Bea Boom");
        let reject = json!({ "decision": "reject", "reason": "no_fit" });
        let review = format!("/v1/matches/{found}/reviews");
        assert_eq!(
            market
                .coordinator
                .post(&review, &reject)
                .expect(409)
                .text_at("/code"),
            "claimed"
        );
        let seen = market
            .asker
            .get(&format!("/v1/matches/{found}"))
            .expect(200);
        assert!(!seen.text.contains("Bea"), "parties do not see who reviews");

        market.go_to("2027-03-01T09:29:00Z");
        let bea = market.server.client_of(BEA);
        bea.post(&claim, &json!({})).expect(201);
        market.go_to("2027-03-01T09:58:59Z");
        market.coordinator.post(&claim, &json!({})).expect(409);
        market.go_to("2027-03-01T09:59:00Z");
        let mine = market.coordinator.post(&claim, &json!({})).expect(201);
        assert_eq!(mine.text_at("/review/claim/name"), "Coen Coördinator");
        let bea = market.server.client_of(BEA);
        bea.post(&review, &reject).expect(409);
        let done = market.coordinator.post(&review, &reject).expect(201).json();
        assert_eq!(
            (&done["state"], &done["review"]["claim"]),
            (&json!("rejected"), &Value::Null)
        );
        let late = bea.post(&claim, &json!({})).expect(409);
        assert_eq!(late.text_at("/code"), "wrong_state");

        market.asker.post(&claim, &json!({})).expect(403);
        market.server.client().post(&claim, &json!({})).expect(401);
        let absent = format!("/v1/matches/mat_{}/claims", "0".repeat(32));
        market.coordinator.post(&absent, &json!({})).expect(404);
    });
}

#[test]
fn many_proposals_are_reviewed_at_once_and_one_refusal_undoes_no_other() {
    on_each(|database| {
        let market = Market::open(database);
        let found = proposals(
            &market,
            &["Samen koken", "Samen eten", "Samen zingen", "Samen dansen"],
        );
        let bea = colleague(&market);
        bea.post(&format!("/v1/matches/{}/claims", found[1]), &json!({}))
            .expect(201);
        let absent = format!("mat_{}", "0".repeat(32));
        let body = json!({
            "matchIds": [found[0], found[1], absent],
            "matches": [
                { "matchId": found[2], "version": 1 },
                { "matchId": found[3], "version": 7 },
                { "matchId": found[0], "version": 1 },
            ],
            "decision": "approve", "reason": "good_fit", "note": "Mooie koppels.",
        });
        let answer = market
            .coordinator
            .post("/v1/match-reviews", &body)
            .expect(200)
            .json();
        let told: Vec<[&str; 3]> = answer["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| {
                [
                    item["matchId"].as_str().unwrap(),
                    item["state"].as_str().unwrap_or("-"),
                    item["problem"]["code"].as_str().unwrap_or("-"),
                ]
            })
            .collect();
        assert_eq!(
            told,
            [
                [found[0].as_str(), "invited", "-"],
                [&found[1], "-", "claimed"],
                [&absent, "-", "not_found"],
                [&found[2], "invited", "-"],
                [&found[3], "-", "stale"],
            ]
        );
        let states: Vec<String> = found.iter().map(|id| market.state_of(id)).collect();
        assert_eq!(states, ["invited", "proposed", "invited", "proposed"]);
        let again = market
            .coordinator
            .post("/v1/match-reviews", &body)
            .expect(200);
        assert_eq!(again.text_at("/items/0/problem/code"), "wrong_state");

        a_bulk_review_says_what_is_wrong(&market, &absent);
    });
}

fn a_bulk_review_says_what_is_wrong(market: &Market, absent: &str) {
    for (wrong, pointer) in [
        (json!({ "decision": "approve" }), "/matchIds"),
        (
            json!({ "decision": "approve", "matchIds": ["x"] }),
            "/matchIds/0",
        ),
        (
            json!({ "decision": "maybe", "matchIds": [absent] }),
            "/decision",
        ),
        (
            json!({ "decision": "reject", "matchIds": vec![absent; 101] }),
            "/matchIds",
        ),
    ] {
        let refused = market
            .coordinator
            .post("/v1/match-reviews", &wrong)
            .expect(400);
        assert_eq!(refused.text_at("/errors/0/pointer"), pointer);
    }
    let fine = json!({ "decision": "approve", "matchIds": [absent] });
    market.asker.post("/v1/match-reviews", &fine).expect(403);
    market
        .server
        .client()
        .post("/v1/match-reviews", &fine)
        .expect(401);
}

#[test]
fn coordinators_hear_once_a_week_of_what_waits() {
    on_each(|database| {
        let mut market = Market::open(database);
        market.go_to("2027-03-01T09:00:00Z");
        proposals(&market, &["Ruimte gezocht om samen te koken"]);
        let mut letters = |time: &str| {
            market.go_to(time);
            market.deliver();
            market.mailbox.letters_to(COORDINATOR).len()
        };
        assert_eq!(letters("2027-03-04T08:00:00Z"), 0);
        assert_eq!(letters("2027-03-04T10:00:00Z"), 1);
        assert_eq!(letters("2027-03-10T10:00:00Z"), 1);
        assert_eq!(letters("2027-03-11T11:00:00Z"), 2);
    });
}

#[test]
fn each_reason_has_a_text_to_begin_with() {
    let market = Market::on_sqlite();
    let list = market
        .server
        .client()
        .get("/v1/vocabularies/review-reasons")
        .expect(200)
        .json();
    let codes: Vec<&str> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["code"].as_str().unwrap())
        .collect();
    assert!(codes.contains(&"wrong_phase") && codes.len() == 7);
    assert_eq!(
        list["items"][3]["description"],
        "Het aanbod is voor initiatieven in een andere fase."
    );
}
