//! Requests: placed, listed, read, changed, and their lives steered.

use serde_json::{Value, json};

use crate::support::market::{self, ASKER};
use crate::support::posts::{Life, every, newcomer, titles};
use crate::support::{Client, Market, on_each};

const LIST: &str = "/v1/requests";

/// Places a request that is as usual but for some fields; its address.
fn place(client: &Client, changes: &Value) -> String {
    let mut body = market::request();
    for (field, value) in changes.as_object().unwrap() {
        body[field] = value.clone();
    }
    let placed = client.post(LIST, &body).expect(201);
    format!("{LIST}/{}", placed.text_at("/id"))
}

#[test]
fn a_request_says_as_much_as_its_poster_knows() {
    let market = Market::on_sqlite();
    let least = json!({
        "title": "Wie denkt er mee?",
        "body": "Wij willen iets doen met de lege winkel op de hoek.",
        "place": "Zuilen",
    });
    let placed = market.asker.post(LIST, &least).expect(201);
    let path = format!("{LIST}/{}", placed.text_at("/id"));
    assert_eq!(placed.header("location"), path);
    let found = placed.json();
    for (field, value) in [
        ("municipality", json!("GM0344")),
        ("municipalityName", json!("Utrecht")),
        ("place", json!("Zuilen")),
        ("themes", json!([])),
        ("phase", json!(null)),
        ("support", json!([])),
        ("neededBy", json!(null)),
        ("state", json!("open")),
    ] {
        assert_eq!(found[field], value, "{field}");
    }
    assert_eq!(found["own"]["consent"], "ask");

    let full = json!({
        "title": "Ruimte én raad gezocht",
        "body": "Wij koken voor de buurt. Het zaaltje is te klein en niemand weet hoe subsidie werkt.",
        "place": "aan de rand van de stad",
        "municipality": "Voorst",
        "themes": ["ontmoeten", "eenzaamheid"],
        "phase": "groei",
        "support": ["ruimte", "kennis"],
        "neededBy": "2031-05-01",
        "consent": "standing",
    });
    let placed = market.asker.post(LIST, &full).expect(201);
    let path = format!("{LIST}/{}", placed.text_at("/id"));
    let read = market.asker.get(&path).expect(200);
    assert!(!read.header("etag").is_empty());
    for (field, value) in full.as_object().unwrap() {
        match field.as_str() {
            "municipality" => assert_eq!(read.text_at("/municipality"), "GM0285"),
            "consent" => assert_eq!(read.text_at("/own/consent"), "standing"),
            _ => assert_eq!(&read.json()[field], value, "{field}"),
        }
    }
    let public = market.server.client().get(&path).expect(200);
    assert_eq!(public.json().get("own"), None);
    assert!(!public.text.contains(ASKER) && !public.text.contains("Ria"));
}

#[test]
fn a_list_is_narrowed_by_each_filter() {
    on_each(|database| {
        let market = Market::open(database);
        let anyone = market.server.client();
        for (title, changes) in [
            ("Zaal in Apeldoorn", json!({ "place": "7311 AB" })),
            (
                "Tuin in Utrecht",
                json!({ "place": "Utrecht", "themes": ["buurttuin"], "phase": "idee", "support": ["geld"],
                    "body": "Wij zoeken 100% bijdrage voor de_schuur en gereedschap." }),
            ),
            (
                "Raad in Voorst",
                json!({ "place": "gem. Voorst", "themes": [], "phase": null, "support": [] }),
            ),
        ] {
            let mut changes = changes;
            changes["title"] = json!(title);
            place(&market.asker, &changes);
        }
        let own = market.asker.get("/v1/requests").expect(200).json();
        let owner = own["items"][0]["organisation"]["id"].as_str().unwrap();
        let (zaal, tuin, raad) = ("Zaal in Apeldoorn", "Tuin in Utrecht", "Raad in Voorst");
        for (filter, expected) in [
            ("", vec![raad, tuin, zaal]),
            ("?q=wijkmaaltijd", vec![]),
            ("?q=UTRECHT", vec![tuin]),
            ("?q=buren%20koken", vec![raad, zaal]),
            ("?q=100%25", vec![tuin]),
            ("?q=e_s", vec![tuin]),
            ("?region=GM0200", vec![zaal]),
            ("?region=Gelderland", vec![raad, zaal]),
            ("?region=PV26", vec![tuin]),
            ("?region=NL", vec![raad, tuin, zaal]),
            ("?theme=buurttuin", vec![tuin]),
            ("?theme=groen-en-voedsel", vec![tuin]),
            ("?theme=ontmoeten", vec![zaal]),
            ("?phase=start", vec![zaal]),
            ("?support=geld", vec![tuin]),
            ("?state=open", vec![raad, tuin, zaal]),
            ("?state=closed", vec![]),
            (&format!("?organisation={owner}"), vec![raad, tuin, zaal]),
            (&format!("?organisation=org_{}", "0".repeat(32)), vec![]),
            ("?region=Gelderland&support=ruimte&q=zaal", vec![zaal]),
        ] {
            assert_eq!(
                titles(&anyone, &format!("{LIST}{filter}")),
                expected,
                "{filter}"
            );
        }
        for wrong in [
            "region=Nergenshuizen",
            "theme=dorphuis",
            "phase=begin",
            "support=niets",
            "state=weg",
            "organisation=1",
        ] {
            let refused = anyone.get(&format!("{LIST}?{wrong}")).expect(400);
            let name = wrong.split('=').next().unwrap();
            assert_eq!(refused.text_at("/errors/0/pointer"), format!("?{name}"));
        }
    });
}

#[test]
fn pages_hold_every_request_once_also_while_new_ones_come() {
    on_each(|database| {
        let market = Market::open(database);
        for number in 0..23 {
            place(
                &market.asker,
                &json!({ "title": format!("Vraag nummer {number}") }),
            );
        }
        let anyone = market.server.client();
        let newest_first: Vec<String> = (0..23)
            .rev()
            .map(|number| format!("Vraag nummer {number}"))
            .collect();
        for size in [1, 7, 23, 100] {
            let found: Vec<Value> = every(&anyone, LIST, size);
            let found: Vec<&str> = found
                .iter()
                .map(|item| item["title"].as_str().unwrap())
                .collect();
            assert_eq!(found, newest_first, "pages of {size}");
        }
        let first = anyone.get(&format!("{LIST}?pageSize=20")).expect(200);
        place(&market.asker, &json!({ "title": "Net geplaatst" }));
        let cursor = first.text_at("/next");
        let rest = anyone
            .get(&format!("{LIST}?pageSize=20&cursor={cursor}"))
            .expect(200)
            .json();
        assert_eq!(rest["items"].as_array().unwrap().len(), 3);
        assert_eq!(rest["next"], json!(null));
        for wrong in ["pageSize=0", "pageSize=101", "pageSize=x"] {
            anyone.get(&format!("{LIST}?{wrong}")).expect(400);
        }
        let changed = cursor.replacen("req_0", "req_1", 1);
        let unsigned = cursor.split_once('.').unwrap().0;
        for stray in [&changed, unsigned, "onzin", "%F0%9F%98%80", "%00", "."] {
            let answer = anyone.get(&format!("{LIST}?cursor={stray}")).expect(400);
            assert!(answer.text_at("/errors/0/pointer").starts_with('?'));
        }
        anyone.get(&format!("{LIST}?cursor=")).expect(200);
        anyone.get(&format!("{LIST}?q=%00")).expect(400);
    });
}

#[test]
fn each_field_can_be_changed_and_emptied() {
    let market = Market::on_sqlite();
    let path = place(&market.asker, &json!({ "neededBy": "2031-05-01" }));
    let change = |body: Value| market.asker.json("PATCH", &path, &body);
    for (field, value) in [
        ("title", json!("Zaal gezocht voor de maaltijd")),
        (
            "body",
            json!("Wij koken nu op donderdag, voor zestig buren."),
        ),
        ("themes", json!(["eenzaamheid"])),
        ("themes", json!([])),
        ("themes", json!(["wonen"])),
        ("themes", json!(null)),
        ("phase", json!("groei")),
        ("phase", json!(null)),
        ("support", json!(["geld", "kennis"])),
        ("support", json!(null)),
        ("neededBy", json!("2032-01-31")),
        ("neededBy", json!(null)),
    ] {
        let expected = match (field, &value) {
            ("themes" | "support", Value::Null) => json!([]),
            _ => value.clone(),
        };
        let changed = change(json!({ field: value })).expect(200).json();
        assert_eq!(changed[field], expected, "{field}");
        assert_eq!(market.asker.get(&path).expect(200).json()[field], expected);
    }
    let moved = change(json!({ "place": "Zutphen" })).expect(200);
    assert_eq!(moved.text_at("/municipality"), "GM0301");
    let moved = change(json!({ "municipality": "GM0344" })).expect(200);
    assert_eq!(moved.text_at("/place"), "Zutphen");
    assert_eq!(moved.text_at("/municipalityName"), "Utrecht");
    let consent = change(json!({ "consent": "standing" })).expect(200);
    assert_eq!(consent.text_at("/own/consent"), "standing");
    let consent = change(json!({ "consent": null })).expect(200);
    assert_eq!(consent.text_at("/own/consent"), "ask");

    for (wrong, pointer) in [
        (json!({ "title": null }), "/title"),
        (json!({ "body": "" }), "/body"),
        (json!({ "place": "Zuidwolde" }), "/place"),
        (json!({ "phase": "begin" }), "/phase"),
        (json!({ "themes": ["a", "b"] }), "/themes"),
        (json!({ "neededBy": "morgen" }), "/neededBy"),
        (json!({ "consent": "ja" }), "/consent"),
    ] {
        let refused = change(wrong).expect(400);
        assert_eq!(refused.text_at("/errors/0/pointer"), pointer);
    }
    change(json!({ "title": 5 })).expect(400);
    let after = market.asker.get(&path).expect(200);
    assert_eq!(after.text_at("/title"), "Zaal gezocht voor de maaltijd");
}

#[test]
fn a_request_goes_through_its_life() {
    on_each(|database| {
        let market = Market::open(database);
        let life = Life {
            owner: &market.asker,
            coordinator: &market.coordinator,
            path: place(&market.asker, &json!({})),
        };
        life.walk();
        let anyone = market.server.client();
        anyone.get(&life.path).expect(404);
        assert!(titles(&anyone, LIST).is_empty());
    });
}

#[test]
fn only_its_owner_and_coordinators_steer_a_request() {
    let market = Market::on_sqlite();
    let path = place(&market.asker, &json!({}));
    let change = json!({ "title": "Van iemand anders" });
    let pauses = format!("{path}/pauses");
    let anyone = market.server.client();
    anyone.json("PATCH", &path, &change).expect(401);
    anyone.post(&pauses, &json!(null)).expect(401);
    anyone.get(&format!("{path}/matches")).expect(401);
    market.giver.json("PATCH", &path, &change).expect(404);
    market.giver.post(&pauses, &json!(null)).expect(404);
    assert_eq!(
        market.asker.get(&path).expect(200).text_at("/state"),
        "open"
    );
    market.coordinator.json("PATCH", &path, &change).expect(200);
    market.coordinator.post(&pauses, &json!(null)).expect(201);
    assert_eq!(
        market.asker.get(&path).expect(200).text_at("/state"),
        "paused"
    );
}

#[test]
fn a_request_waits_unseen_until_its_organisation_is_verified() {
    on_each(|database| {
        let market = Market::open(database);
        market
            .giver
            .post("/v1/offers", &market::offer())
            .expect(201);
        let (newcomer, organisation) = newcomer(&market, "nel@nieuw.example");
        let path = place(&newcomer, &json!({}));
        let anyone = market.server.client();
        let found = newcomer.get(&path).expect(200);
        assert_eq!(found.text_at("/state"), "pending");
        let unseen = || {
            anyone.get(&path).expect(404);
            market.giver.get(&path).expect(404);
            assert!(titles(&anyone, LIST).is_empty());
            assert!(titles(&anyone, "/v1/requests?state=pending").is_empty());
            assert!(
                titles(
                    &market.giver,
                    &format!("{LIST}?organisation={organisation}")
                )
                .is_empty()
            );
            market.server.run(&["rematch"]);
            let matches = newcomer.get(&format!("{path}/matches")).expect(200).json();
            assert_eq!(matches["items"], json!([]));
        };
        unseen();
        assert_eq!(
            titles(&newcomer, &format!("{LIST}?organisation={organisation}")).len(),
            1
        );
        assert_eq!(
            titles(&market.coordinator, "/v1/requests?state=pending").len(),
            1
        );

        // Closing and reopening is no way around the coordinator.
        let closed = json!({ "reason": "no_longer_needed" });
        newcomer
            .post(&format!("{path}/closures"), &closed)
            .expect(201);
        newcomer
            .post(&format!("{path}/reopenings"), &json!(null))
            .expect(201);
        assert_eq!(newcomer.get(&path).expect(200).text_at("/state"), "pending");
        unseen();

        let verify = format!("/v1/organisations/{organisation}/verifications");
        market
            .coordinator
            .post(&verify, &json!({ "decision": "approve" }))
            .expect(201);
        assert_eq!(anyone.get(&path).expect(200).text_at("/state"), "open");
        assert_eq!(titles(&anyone, LIST).len(), 1);
        let matches = newcomer.get(&format!("{path}/matches")).expect(200);
        assert_eq!(matches.text_at("/items/0/state"), "proposed");
    });
}
