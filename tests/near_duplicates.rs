//! The notice that a post which is placed or written may stand there already.

use serde_json::{Value, json};

use crate::support::market::{self, request};
use crate::support::posts::newcomer;
use crate::support::{Answer, Client, Market, on_each};

const SUGGESTIONS: &str = "/v1/suggestions";

/// The usual request, told by somebody else, in a hurry.
fn told_again() -> Value {
    json!({
        "title": "Wij zoeken ruimte voor de wijkmaaltijd",
        "body": "Ons zaaltje wordt te klien: elke dinsdag kookt een groepje voor veertig buren uit De Heeze.",
        "place": "Apeldoorn",
    })
}

/// Another question of the same theme, from the same place.
fn other() -> Value {
    json!({
        "title": "Koks gezocht voor onze wijkmaaltijd",
        "body": "Iedere donderdag eten zestig mensen uit Zevenhuizen bij ons. Wie wil een keer per maand koken?",
        "place": "Apeldoorn",
        "themes": ["ontmoeten"],
    })
}

/// The post with some fields otherwise.
fn with(mut post: Value, changes: &Value) -> Value {
    for (field, value) in changes.as_object().unwrap() {
        post[field] = value.clone();
    }
    post
}

/// The ids of what an answer says is nearly the same.
fn named(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    let named = body["nearDuplicates"].as_array().unwrap().iter();
    named
        .map(|each| each["id"].as_str().unwrap().to_owned())
        .collect()
}

/// Places a post; its id, and what it is like.
fn place(client: &Client, list: &str, post: &Value) -> (String, Vec<String>) {
    let placed = client.post(list, post).expect(201);
    (placed.text_at("/id"), named(&placed))
}

#[test]
fn who_places_a_question_that_is_open_already_is_asked_whether_it_is_the_same() {
    on_each(|database| {
        let market = Market::open(database);
        let requests = "/v1/requests";
        let (first, none) = place(&market.asker, requests, &request());
        assert!(none.is_empty());

        let told = market.giver.post(requests, &told_again()).expect(201);
        assert_eq!(told.text_at("/state"), "open", "nothing is held up");
        assert_eq!(named(&told), [first.as_str()]);
        assert_eq!(
            told.json()["nearDuplicates"][0],
            json!({
                "id": first,
                "title": "Ruimte gezocht voor onze wijkmaaltijd",
                "question": "Is dit dezelfde vraag? Van Zuid Doet Samen staat al open: \
                    'Ruimte gezocht voor onze wijkmaaltijd'.",
            })
        );
        let again = told.text_at("/id");
        let path = format!("{requests}/{again}");
        let read = market.giver.get(&path).expect(200).json();
        assert_eq!(read.get("nearDuplicates"), None, "only who places is asked");

        // One's own earlier post counts as well, and says so.
        let own = market.asker.post(requests, &request()).expect(201);
        assert_eq!(named(&own), [first.clone(), again]);
        let question = own.text_at("/nearDuplicates/0/question");
        assert!(question.contains("U plaatste eerder"), "{question}");

        let (_, different) = place(&market.asker, requests, &other());
        let elsewhere = with(request(), &json!({ "place": "Utrecht" }));
        let (_, far) = place(&market.asker, requests, &elsewhere);
        assert_eq!((different, far), (vec![], vec![]));
        let offer = json!({ "reach": ["Apeldoorn"], "capacity": 1 });
        let offer = with(offer, &told_again());
        let mut offer = offer;
        offer.as_object_mut().unwrap().remove("place");
        let (_, none) = place(&market.giver, "/v1/offers", &offer);
        assert!(none.is_empty(), "an offer is no question");
    });
}

#[test]
fn offers_are_held_against_offers_with_a_reach_in_common() {
    let market = Market::on_sqlite();
    let offers = "/v1/offers";
    let (first, _) = place(&market.giver, offers, &market::offer());
    let again = json!({
        "title": "Door de week vrij: zaal met keuken",
        "body": "Buurtgroepen koken graag in onze grote zaal, die door de week leeg staat.",
        "reach": ["Gelderland"],
    });
    let again = with(market::offer(), &again);
    let told = market.asker.post(offers, &again).expect(201);
    assert_eq!(named(&told), [first]);
    let question = told.text_at("/nearDuplicates/0/question");
    assert!(question.starts_with("Is dit hetzelfde aanbod? Van Stimenz"));
    let far = with(again, &json!({ "reach": ["GM0344", "PV31"] }));
    let (_, none) = place(&market.asker, offers, &far);
    assert!(none.is_empty());
}

#[test]
fn who_still_writes_sees_it_too_and_never_what_not_everybody_may_see() {
    on_each(|database| {
        let market = Market::open(database);
        let anyone = market.server.client();
        let write = || named(&anyone.post(SUGGESTIONS, &told_again()).expect(200));
        assert!(write().is_empty());
        let (newcomer, organisation) = newcomer(&market, "nel@nieuw.example");
        let (waiting, _) = place(&newcomer, "/v1/requests", &request());
        let told = place(&market.asker, "/v1/requests", &other());
        assert!(write().is_empty() && told.1.is_empty(), "not verified");

        let (open, seen) = place(&market.asker, "/v1/requests", &request());
        assert!(seen.is_empty(), "what waits is not named");
        assert_eq!(write(), [open.as_str()]);
        // Who waits for a coordinator is told all the same.
        let pending = newcomer.post("/v1/requests", &told_again()).expect(201);
        assert_eq!(pending.text_at("/state"), "pending");
        assert_eq!(named(&pending), [open.as_str()]);

        let nowhere = with(
            told_again(),
            &json!({ "place": "", "body": "Ons zaaltje wordt te klein voor veertig buren." }),
        );
        let none = anyone.post(SUGGESTIONS, &nowhere).expect(200);
        assert!(named(&none).is_empty(), "a place is needed");

        let path = format!("/v1/requests/{open}");
        for (operation, body, by) in [
            ("pauses", json!({}), &market.asker),
            ("reopenings", json!({}), &market.asker),
            (
                "hidings",
                json!({ "reason": "Dubbel." }),
                &market.coordinator,
            ),
        ] {
            by.post(&format!("{path}/{operation}"), &body).expect(201);
            let is_open = operation == "reopenings";
            assert_eq!(write() == [open.clone()], is_open, "{operation}");
            assert_eq!(write().is_empty(), !is_open, "{operation}");
        }
        let verify = format!("/v1/organisations/{organisation}/verifications");
        market
            .coordinator
            .post(&verify, &json!({ "decision": "approve" }))
            .expect(201);
        let both = write();
        assert!(both.contains(&waiting) && both.len() == 2, "{both:?}");
    });
}
