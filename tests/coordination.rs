//! Coordinators of some regions: what lies elsewhere is not theirs to see or to change.

use serde_json::{Value, json};

use crate::support::market::{self, register};
use crate::support::posts::{every, titles};
use crate::support::{Client, Market, on_each};

/// A coordinator of these regions, of an organisation that nothing else is of.
fn coordinator(market: &Market, email: &str, regions: &[&str]) -> Client {
    let mut add = vec!["member", "add", "--email", email, "--name", "Co"];
    add.extend(["--organisation", "Steunpunt", "--role", "coordinator"]);
    for region in regions {
        add.extend(["--region", region]);
    }
    market.server.run(&add);
    market.server.client_of(email)
}

/// Two coordinators of a part each, and one of two parts.
fn coordinators(market: &Market) -> [Client; 3] {
    [
        coordinator(market, "gelderland@steunpunt.example", &["Gelderland"]),
        coordinator(market, "limburg@steunpunt.example", &["Limburg"]),
        coordinator(market, "beide@steunpunt.example", &["GM0200", "PV31"]),
    ]
}

/// What can be done to a post, with a body that is accepted.
fn operations(hidden: bool) -> Vec<(&'static str, Value)> {
    let nothing = json!({});
    match hidden {
        false => vec![
            ("renewals", nothing.clone()),
            ("pauses", nothing.clone()),
            ("reopenings", nothing.clone()),
            ("closures", json!({ "reason": "duplicate" })),
        ],
        true => vec![("reopenings", nothing)],
    }
}

/// Does everything to a post that somebody may not manage; each answer is the one for a post that does not exist.
#[track_caller]
fn nothing_works(by: &Client, path: &str, hidden: bool) {
    let list = path.rsplit_once('/').unwrap().0;
    let prefix = list.strip_prefix("/v1/").unwrap().get(..3).unwrap();
    let missing = format!("{list}/{prefix}_{}", "0".repeat(32));
    let same = |operation: &str, method: &str, body: &Value| {
        let there = by
            .json(method, &format!("{path}{operation}"), body)
            .expect(404);
        let absent = by
            .json(method, &format!("{missing}{operation}"), body)
            .expect(404);
        assert_eq!(there.text, absent.text, "{method} {operation}");
    };
    for (operation, body) in operations(hidden) {
        same(&format!("/{operation}"), "POST", &body);
    }
    same("/hidings", "POST", &json!({ "reason": "Spam." }));
    same("", "PATCH", &json!({ "title": "Heel iets anders" }));
    by.get(&format!("{path}/matches")).expect(404);
    if hidden {
        by.get(path).expect(404);
    } else {
        let public = by.get(path).expect(200).json();
        assert_eq!(public.get("own"), None, "as everybody sees it");
    }
}

/// Does everything to a post that somebody may manage.
#[track_caller]
fn everything_works(by: &Client, path: &str) {
    by.json("PATCH", path, &json!({ "title": "Met een andere titel" }))
        .expect(200);
    for (operation, body) in operations(false) {
        by.post(&format!("{path}/{operation}"), &body).expect(201);
    }
    by.post(&format!("{path}/reopenings"), &json!({}))
        .expect(201);
    by.post(&format!("{path}/hidings"), &json!({ "reason": "Spam." }))
        .expect(201);
    by.post(&format!("{path}/reopenings"), &json!({}))
        .expect(201);
    assert_eq!(by.get(path).expect(200).text_at("/own/reason"), "");
    by.get(&format!("{path}/matches")).expect(200);
}

#[test]
fn posts_are_managed_by_coordinators_of_where_they_lie() {
    on_each(|database| {
        let market = Market::open(database);
        let [here, elsewhere, both] = coordinators(&market);
        let place = |list: &str, post: &Value| {
            let placed = market.asker.post(list, post).expect(201);
            format!("{list}/{}", placed.text_at("/id"))
        };
        let request = place("/v1/requests", &market::request());
        let offer = place("/v1/offers", &market::offer());
        for path in [&request, &offer] {
            nothing_works(&elsewhere, path, false);
            everything_works(&here, path);
            everything_works(&both, path);
            market
                .asker
                .post(&format!("{path}/pauses"), &json!({}))
                .expect(201);
            nothing_works(&elsewhere, path, true);
            let list = path.rsplit_once('/').unwrap().0;
            let all = |by: &Client| every(by, &format!("{list}?state=paused"), 10).len();
            assert_eq!((all(&elsewhere), all(&here), all(&both)), (0, 1, 1));
            assert_eq!(titles(&elsewhere, list), Vec::<String>::new());
        }
        // An offer lies wherever it reaches.
        let mut wide = market::offer();
        wide["reach"] = json!(["GM0344", "Limburg"]);
        let wide = place("/v1/offers", &wide);
        nothing_works(&here, &wide, false);
        everything_works(&elsewhere, &wide);
        wide_for_all(&market, &[&here, &elsewhere, &both]);
    });
}

/// An offer for the whole country is managed by every coordinator.
fn wide_for_all(market: &Market, all: &[&Client]) {
    let mut country = market::offer();
    country["reach"] = json!(["NL"]);
    let placed = market.asker.post("/v1/offers", &country).expect(201);
    for by in all {
        everything_works(by, &format!("/v1/offers/{}", placed.text_at("/id")));
    }
}

#[test]
fn what_was_hidden_elsewhere_is_not_let_in_by_who_coordinates_here() {
    let market = Market::on_sqlite();
    let own = coordinator(&market, "limburg@steunpunt.example", &["Limburg"]);
    let placed = own.post("/v1/requests", &market::request()).expect(201);
    let path = format!("/v1/requests/{}", placed.text_at("/id"));
    own.post(&format!("{path}/hidings"), &json!({ "reason": "Ik." }))
        .expect(404);
    market
        .coordinator
        .post(&format!("{path}/hidings"), &json!({ "reason": "Spam." }))
        .expect(201);
    own.post(&format!("{path}/reopenings"), &json!({}))
        .expect(409);
}

#[test]
fn organisations_are_verified_and_changed_where_they_have_their_place() {
    on_each(|database| {
        let market = Market::open(database);
        let [here, elsewhere, _] = coordinators(&market);
        let anyone = market.server.client();
        let registered = register(&anyone, "Nieuw", "partner", "Nel", "nel@nieuw.example");
        let id = registered.expect(201).text_at("/organisation/id");
        let path = format!("/v1/organisations/{id}");
        let missing = format!("/v1/organisations/org_{}", "0".repeat(32));
        let (verify, change) = (
            json!({ "decision": "approve" }),
            json!({ "website": "https://nieuw.example" }),
        );
        let waiting = |by: &Client| -> Vec<Value> {
            let list = every(by, "/v1/organisations?state=unverified", 10);
            list.into_iter().map(|item| item["name"].clone()).collect()
        };
        let nowhere = json!({
            "organisation": { "name": "Overal", "kind": "partner" },
            "member": { "name": "Olga", "email": "olga@overal.example" },
        });
        let nowhere = anyone.post("/v1/registrations", &nowhere).expect(201);
        let nowhere = nowhere.text_at("/organisation/id");
        // Who has no place is for every coordinator.
        assert_eq!(waiting(&here), [json!("Overal"), json!("Nieuw")]);
        assert_eq!(waiting(&elsewhere), [json!("Overal")]);
        for (method, operation, body) in [
            ("POST", "/verifications", &verify),
            ("PATCH", "", &change),
            ("GET", "/members", &Value::Null),
            ("GET", "", &Value::Null),
        ] {
            let ask = |path: &str| match method {
                "GET" => elsewhere.get(&format!("{path}{operation}")).expect(404),
                _ => elsewhere
                    .json(method, &format!("{path}{operation}"), body)
                    .expect(404),
            };
            assert_eq!(ask(&path).text, ask(&missing).text, "{method} {operation}");
        }
        here.json("PATCH", &path, &change).expect(200);
        here.post(&format!("{path}/verifications"), &verify)
            .expect(201);
        // What is verified everybody sees, and nobody from elsewhere changes.
        elsewhere.get(&path).expect(200);
        elsewhere.json("PATCH", &path, &change).expect(404);

        let nowhere = format!("/v1/organisations/{nowhere}/verifications");
        here.post(&nowhere, &verify).expect(201);
        let refuse = json!({ "decision": "reject", "reason": "Onbekend." });
        elsewhere.post(&nowhere, &refuse).expect(201);
    });
}
