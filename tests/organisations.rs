//! Organisations: they register, a coordinator looks at them, their members keep them right.

use serde_json::{Value, json};

use crate::support::market::{self, ASKER, register};
use crate::support::posts::{every, newcomer, titles};
use crate::support::{Market, on_each};

const NEL: &str = "nel@nieuw.example";

#[test]
fn an_address_registers_once_however_it_is_written() {
    on_each(|database| {
        let market = Market::open(database);
        let anyone = market.server.client();
        let before = every(&market.coordinator, "/v1/organisations", 100).len();
        for address in [ASKER.to_owned(), ASKER.to_uppercase(), format!(" {ASKER} ")] {
            let answer = register(&anyone, "Nog een", "partner", "Ria", &address).expect(201);
            let path = format!("/v1/organisations/{}", answer.text_at("/organisation/id"));
            anyone.get(&path).expect(404);
            market.coordinator.get(&path).expect(404);
        }
        let after = every(&market.coordinator, "/v1/organisations", 100).len();
        assert_eq!(after, before, "of a known address no organisation is kept");
        let me = market.asker.get("/v1/me").expect(200);
        assert_eq!(me.text_at("/organisation/name"), "Zuid Doet Samen");
        // The same name is no proof of being the same organisation.
        register(
            &anyone,
            "Zuid Doet Samen",
            "initiative",
            "Bo",
            "bo@zuid.example",
        )
        .expect(201);
    });
}

#[test]
fn every_wrong_field_of_a_registration_is_named_at_once() {
    let market = Market::on_sqlite();
    let body = json!({
        "organisation": { "name": " ", "kind": "club", "place": "Zuidwolde", "website": "zuid.nl" },
        "member": { "name": "", "email": "ria" },
    });
    let refused = market
        .server
        .client()
        .post("/v1/registrations", &body)
        .expect(400)
        .json();
    let errors = refused["errors"].as_array().unwrap();
    let mut pointers: Vec<&str> = errors
        .iter()
        .map(|error| error["pointer"].as_str().unwrap())
        .collect();
    pointers.sort_unstable();
    let expected = [
        "/member/email",
        "/member/name",
        "/organisation/kind",
        "/organisation/name",
        "/organisation/place",
        "/organisation/website",
    ];
    assert_eq!(pointers, expected);
}

#[test]
fn a_new_organisation_is_seen_only_by_itself_and_coordinators_until_it_is_verified() {
    on_each(|database| {
        let market = Market::open(database);
        let anyone = market.server.client();
        let (newcomer, id) = newcomer(&market, NEL);
        let path = format!("/v1/organisations/{id}");
        let names = |client| -> Vec<Value> {
            let found = every(client, "/v1/organisations", 2);
            found.iter().map(|item| item["name"].clone()).collect()
        };
        for other in [&anyone, &market.giver] {
            other.get(&path).expect(404);
            assert!(!names(other).contains(&json!("Nieuw in de wijk")));
            assert!(names(other).contains(&json!("Stimenz")));
        }
        assert_eq!(
            newcomer.get(&path).expect(200).text_at("/state"),
            "unverified"
        );
        let waiting = every(
            &market.coordinator,
            "/v1/organisations?state=unverified",
            10,
        );
        assert_eq!(waiting.len(), 1);
        assert_eq!(
            every(&anyone, "/v1/organisations?state=unverified", 10)
                .iter()
                .filter(|item| item["state"] != "verified")
                .count(),
            0
        );

        let verify = format!("{path}/verifications");
        let approve = json!({ "decision": "approve" });
        anyone.post(&verify, &approve).expect(401);
        newcomer.post(&verify, &approve).expect(403);
        market.giver.post(&verify, &approve).expect(403);
        let nobody = format!("/v1/organisations/org_{}/verifications", "0".repeat(32));
        market.coordinator.post(&nobody, &approve).expect(404);
        market
            .coordinator
            .post(&verify, &json!({ "decision": "misschien" }))
            .expect(400);
        assert_eq!(
            market
                .coordinator
                .post(&verify, &approve)
                .expect(201)
                .text_at("/state"),
            "verified"
        );
        assert_eq!(
            anyone.get(&path).expect(200).text_at("/name"),
            "Nieuw in de wijk"
        );
        market.deliver();
        let told = market.mailbox.last_to(NEL);
        assert!(told.text().contains("Nieuw in de wijk") && told.defects().is_empty());
        assert_eq!(names(&anyone).len(), 4);
        let found = every(&anyone, "/v1/organisations?q=nieuw%20WIJK", 10);
        assert_eq!(found.len(), 1);
    });
}

#[test]
fn a_refusal_needs_a_reason_and_its_member_reads_it() {
    let market = Market::on_sqlite();
    let (newcomer, id) = newcomer(&market, NEL);
    let path = format!("/v1/organisations/{id}");
    let verify = format!("{path}/verifications");
    for empty in [
        json!({ "decision": "reject" }),
        json!({ "decision": "reject", "reason": "  " }),
    ] {
        let refused = market.coordinator.post(&verify, &empty).expect(400);
        assert_eq!(refused.text_at("/errors/0/pointer"), "/reason");
    }
    let why = "Wij konden u niet vinden in het <handelsregister>.";
    let reject = json!({ "decision": "reject", "reason": why });
    assert_eq!(
        market
            .coordinator
            .post(&verify, &reject)
            .expect(201)
            .text_at("/state"),
        "refused"
    );
    market.deliver();
    let letter = market.mailbox.last_to(NEL);
    assert!(letter.text().contains(why), "{}", letter.text());
    assert!(
        letter.html().contains("&#60;handelsregister&#62;")
            || letter.html().contains("&lt;handelsregister&gt;")
    );
    assert_eq!(newcomer.get(&path).expect(200).text_at("/state"), "refused");
    market.server.client().get(&path).expect(404);
}

#[test]
fn the_posts_of_an_organisation_that_is_refused_later_are_not_seen_any_more() {
    on_each(|database| {
        let market = Market::open(database);
        let proposal = market.proposal();
        let offer = every(&market.giver, "/v1/offers", 10)[0].clone();
        let post = format!("/v1/offers/{}", offer["id"].as_str().unwrap());
        let owner = offer["organisation"]["id"].as_str().unwrap();
        let verify = format!("/v1/organisations/{owner}/verifications");
        let reject = json!({ "decision": "reject", "reason": "Deze stichting bestaat niet meer." });
        market.coordinator.post(&verify, &reject).expect(201);
        assert_eq!(market.state_of(&proposal), "lapsed");
        let anyone = market.server.client();
        assert!(titles(&anyone, "/v1/offers").is_empty());
        anyone.get(&post).expect(404);
        let id = post.trim_start_matches("/v1/offers/");
        anyone.get(&format!("/aanbod/{id}")).expect(404);
        market.giver.get(&post).expect(200);

        market
            .coordinator
            .post(&verify, &json!({ "decision": "approve" }))
            .expect(201);
        anyone.get(&post).expect(200);
    });
}

#[test]
fn members_keep_their_own_organisation_right() {
    let market = Market::on_sqlite();
    let (newcomer, id) = newcomer(&market, NEL);
    let path = format!("/v1/organisations/{id}");
    let change = |body: &Value| newcomer.json("PATCH", &path, body);
    let tag = newcomer.get(&path).expect(200).header("etag").to_owned();
    let changed = change(
        &json!({ "name": "Oud in de wijk", "place": "Zuilen", "website": "https://oud.example" }),
    );
    let changed = changed.expect(200);
    assert_eq!(changed.text_at("/name"), "Oud in de wijk");
    assert_eq!(changed.text_at("/municipality"), "GM0344");
    assert_eq!(changed.text_at("/website"), "https://oud.example");
    assert_ne!(changed.header("etag"), tag);
    let emptied = change(&json!({ "place": "", "website": "" }))
        .expect(200)
        .json();
    assert_eq!(
        (&emptied["municipality"], &emptied["website"]),
        (&json!(null), &json!(""))
    );
    for (wrong, pointer) in [
        (json!({ "name": "" }), "/name"),
        (json!({ "place": "Zuidwolde" }), "/place"),
        (json!({ "website": "javascript:alert(1)" }), "/website"),
    ] {
        assert_eq!(
            change(&wrong).expect(400).text_at("/errors/0/pointer"),
            pointer
        );
    }
    change(&json!({ "state": "verified" })).expect(400);
    let headers = [
        ("content-type", "application/json"),
        ("if-match", tag.as_str()),
    ];
    newcomer
        .send("PATCH", &path, &headers, br#"{ "name": "Te laat" }"#)
        .expect(412);
    market
        .giver
        .json("PATCH", &path, &json!({ "name": "Gekaapt" }))
        .expect(404);
    market
        .server
        .client()
        .json("PATCH", &path, &json!({}))
        .expect(401);
    market
        .coordinator
        .json("PATCH", &path, &json!({ "name": "Nieuw in de wijk" }))
        .expect(200);
}

#[test]
fn who_is_not_signed_in_places_nothing() {
    let market = Market::on_sqlite();
    let anyone = market.server.client();
    anyone.post("/v1/requests", &market::request()).expect(401);
    anyone.post("/v1/offers", &market::offer()).expect(401);
    anyone.get("/v1/matches").expect(401);
    market.asker.get("/v1/matches").expect(200);
}
