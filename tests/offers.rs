//! Offers: placed, listed, read, changed, and their lives steered.

use serde_json::{Value, json};

use crate::support::market;
use crate::support::posts::{Life, every, newcomer, titles};
use crate::support::{Client, Market, on_each};

const LIST: &str = "/v1/offers";

/// Places an offer that is as usual but for some fields; its address.
fn place(client: &Client, changes: &Value) -> String {
    let mut body = market::offer();
    for (field, value) in changes.as_object().unwrap() {
        body[field] = value.clone();
    }
    let placed = client.post(LIST, &body).expect(201);
    format!("{LIST}/{}", placed.text_at("/id"))
}

#[test]
fn an_offer_says_as_much_as_its_poster_knows() {
    let market = Market::on_sqlite();
    let least = json!({
        "title": "Wij denken graag mee",
        "body": "Onze mensen kennen de weg bij de gemeente.",
        "reach": ["NL"],
    });
    let placed = market.giver.post(LIST, &least).expect(201);
    let found = placed.json();
    for (field, value) in [
        ("reach", json!(["NL"])),
        ("neighbours", json!(false)),
        ("themes", json!([])),
        ("phases", json!([])),
        ("support", json!([])),
        ("capacity", json!(10)),
        ("capacityLeft", json!(10)),
        ("evergreen", json!(false)),
        ("state", json!("open")),
    ] {
        assert_eq!(found[field], value, "{field}");
    }

    let full = json!({
        "title": "Zaal, kennis en geld",
        "body": "Onze stichting helpt buurtgroepen in de hele streek.",
        "reach": ["Apeldoorn", "PV26", "CR17", "GM0285"],
        "neighbours": true,
        "themes": ["ontmoeten", "buurttuin"],
        "phases": ["idee", "start"],
        "support": ["ruimte", "kennis", "geld"],
        "capacity": 1000,
        "evergreen": true,
        "consent": "standing",
    });
    let placed = market.giver.post(LIST, &full).expect(201);
    let path = format!("{LIST}/{}", placed.text_at("/id"));
    assert_eq!(placed.header("location"), path);
    let read = market.giver.get(&path).expect(200).json();
    for (field, value) in full.as_object().unwrap() {
        match field.as_str() {
            "reach" => assert_eq!(read[field], json!(["GM0200", "PV26", "CR17", "GM0285"])),
            "consent" => assert_eq!(read["own"]["consent"], "standing"),
            _ => assert_eq!(&read[field], value, "{field}"),
        }
    }
    assert_eq!(read["reachNames"][0], "Apeldoorn");
    let public = market.server.client().get(&path).expect(200);
    assert_eq!(public.json().get("own"), None);
    assert!(!public.text.contains(market::GIVER));

    for capacity in [json!(0), json!(1001), json!(-1), json!("veel"), json!(1.5)] {
        let mut wrong = market::offer();
        wrong["capacity"] = capacity;
        market.giver.post(LIST, &wrong).expect(400);
    }
    let mut nowhere = market::offer();
    nowhere["reach"] = json!([]);
    let refused = market.giver.post(LIST, &nowhere).expect(400);
    assert_eq!(refused.text_at("/errors/0/pointer"), "/reach");
}

#[test]
fn a_list_is_narrowed_by_each_filter() {
    on_each(|database| {
        let market = Market::open(database);
        let anyone = market.server.client();
        let (zaal, geld, raad) = ("Zaal in Apeldoorn", "Geld in Utrecht", "Raad voor iedereen");
        for (title, changes) in [
            (zaal, json!({})),
            (
                geld,
                json!({ "reach": ["PV26"], "themes": ["buurttuin"], "phases": ["idee"], "support": ["geld"] }),
            ),
            (
                raad,
                json!({ "reach": ["NL"], "themes": [], "phases": [], "support": [] }),
            ),
        ] {
            let mut changes = changes;
            changes["title"] = json!(title);
            place(&market.giver, &changes);
        }
        for (filter, expected) in [
            ("", vec![raad, geld, zaal]),
            ("?q=geld", vec![geld]),
            ("?region=GM0200", vec![raad, zaal]),
            ("?region=GM0344", vec![raad, geld]),
            ("?support=geld", vec![geld]),
            ("?theme=groen-en-voedsel", vec![geld]),
            ("?state=paused", vec![]),
        ] {
            assert_eq!(
                titles(&anyone, &format!("{LIST}{filter}")),
                expected,
                "{filter}"
            );
        }
        // An offer for any phase is for this one as well.
        let of_phase = titles(&anyone, "/v1/offers?phase=start");
        assert!(of_phase.contains(&zaal.to_owned()) && !of_phase.contains(&geld.to_owned()));
        assert_eq!(every(&anyone, LIST, 2).len(), 3);
        anyone.get("/v1/offers?theme=dorphuis").expect(400);
    });
}

#[test]
fn each_field_can_be_changed() {
    let market = Market::on_sqlite();
    let path = place(&market.giver, &json!({}));
    let change = |body: Value| market.giver.json("PATCH", &path, &body);
    for (field, value) in [
        ("title", json!("Grote zaal met keuken")),
        ("body", json!("De zaal is nu ook in het weekend vrij.")),
        ("reach", json!(["PV25"])),
        ("neighbours", json!(true)),
        ("themes", json!([])),
        ("phases", json!(["idee"])),
        ("phases", json!([])),
        ("support", json!(["ruimte", "geld"])),
        ("support", json!([])),
        ("capacity", json!(3)),
        ("evergreen", json!(true)),
        ("evergreen", json!(false)),
    ] {
        let changed = change(json!({ field: value })).expect(200).json();
        assert_eq!(changed[field], value, "{field}");
        assert_eq!(market.giver.get(&path).expect(200).json()[field], value);
    }
    for (wrong, pointer) in [
        (json!({ "reach": [] }), "/reach"),
        (json!({ "reach": ["Nergenshuizen"] }), "/reach"),
        (json!({ "capacity": 0 }), "/capacity"),
        (json!({ "phases": ["begin"] }), "/phases"),
    ] {
        assert_eq!(
            change(wrong).expect(400).text_at("/errors/0/pointer"),
            pointer
        );
    }
}

#[test]
fn an_offer_goes_through_its_life() {
    on_each(|database| {
        let market = Market::open(database);
        let life = Life {
            owner: &market.giver,
            coordinator: &market.coordinator,
            path: place(&market.giver, &json!({})),
        };
        life.walk();
        let anyone = market.server.client();
        anyone.get(&life.path).expect(404);
        assert!(titles(&anyone, LIST).is_empty());
    });
}

#[test]
fn a_capacity_never_goes_under_what_the_offer_carries() {
    let market = Market::on_sqlite();
    let proposal = market.proposal();
    for token in market.invite(&proposal) {
        let path = format!("/v1/consents/{token}");
        let anyone = market.server.client();
        anyone.post(&path, &json!({ "answer": "yes" })).expect(200);
    }
    let offer = &every(&market.giver, LIST, 10)[0];
    assert_eq!(
        (&offer["capacity"], &offer["capacityLeft"]),
        (&json!(1), &json!(0))
    );
    let path = format!("{LIST}/{}", offer["id"].as_str().unwrap());
    let wider = market
        .giver
        .json("PATCH", &path, &json!({ "capacity": 4 }))
        .expect(200)
        .json();
    assert_eq!(wider["capacityLeft"], json!(3));
    market
        .giver
        .json("PATCH", &path, &json!({ "capacity": 0 }))
        .expect(400);
}

#[test]
fn an_offer_waits_unseen_until_its_organisation_is_verified() {
    on_each(|database| {
        let market = Market::open(database);
        let request = market
            .asker
            .post("/v1/requests", &market::request())
            .expect(201);
        let matches = format!("/v1/requests/{}/matches", request.text_at("/id"));
        let (newcomer, organisation) = newcomer(&market, "nel@nieuw.example");
        let path = place(&newcomer, &json!({}));
        let anyone = market.server.client();
        market.server.run(&["rematch"]);
        anyone.get(&path).expect(404);
        assert!(titles(&anyone, LIST).is_empty());
        let found = market.coordinator.get(&matches).expect(200).json();
        assert_eq!(found["items"], json!([]));
        assert_eq!(newcomer.get(&path).expect(200).text_at("/state"), "pending");

        let verify = format!("/v1/organisations/{organisation}/verifications");
        market
            .coordinator
            .post(&verify, &json!({ "decision": "approve" }))
            .expect(201);
        assert_eq!(anyone.get(&path).expect(200).text_at("/state"), "open");
        let found = market.coordinator.get(&matches).expect(200);
        assert_eq!(found.text_at("/items/0/state"), "proposed");
    });
}
