//! Who acts for an organisation: seen by its own members, who invite more.

use serde_json::{Value, json};

use crate::support::market::{ASKER, COORDINATOR, GIVER};
use crate::support::sessions::{confirm, log_in};
use crate::support::{Client, Market, on_each};

const BO: &str = "bo@zuiddoetsamen.example";

/// The addresses of who acts for an organisation, as this client sees them.
fn seen_by(client: &Client, path: &str) -> Vec<String> {
    let list = client.get(path).expect(200).json();
    let address = |item: &Value| item["email"].as_str().unwrap().to_owned();
    list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(address)
        .collect()
}

#[test]
fn members_invite_others_who_act_for_the_organisation_once_they_confirm() {
    on_each(|database| {
        let market = Market::open(database);
        let own = market
            .asker
            .get("/v1/me")
            .expect(200)
            .text_at("/organisation/id");
        let path = format!("/v1/organisations/{own}/members");
        let bo = json!({ "name": "Bo Bakker", "email": BO });
        let anyone = market.server.client();
        anyone.get(&path).expect(401);
        anyone.post(&path, &bo).expect(401);
        market.giver.get(&path).expect(404);
        market.giver.post(&path, &bo).expect(404);
        let missing = format!("/v1/organisations/org_{}/members", "0".repeat(32));
        market.coordinator.get(&missing).expect(404);
        market.coordinator.post(&missing, &bo).expect(404);
        let wrong = market
            .asker
            .post(&path, &json!({ "name": "", "email": "bo" }))
            .expect(400);
        assert_eq!(wrong.json()["errors"].as_array().unwrap().len(), 2);
        assert_eq!(seen_by(&market.asker, &path), [ASKER]);

        let new = market.asker.post(&path, &bo).expect(202).text;
        assert_eq!(seen_by(&market.asker, &path), [ASKER]);
        market.deliver();
        let letter = market.mailbox.last_to(BO);
        assert!(letter.text().contains("Ria de Vries nodigt u uit") && letter.defects().is_empty());
        confirm(&market, BO);
        assert_eq!(seen_by(&market.asker, &path), [ASKER, BO]);
        let session = log_in(&market, BO).text_at("/accessToken");
        let bo = anyone.with_token(&session);
        assert_eq!(
            bo.get("/v1/me").expect(200).text_at("/organisation/id"),
            own
        );
        assert_eq!(seen_by(&bo, &path), [BO]);

        // Who is known already stays where they are, and the answer does not tell.
        let before = market.mailbox.letters_to(COORDINATOR).len();
        for known in [COORDINATOR, GIVER] {
            let body = json!({ "name": "Iemand", "email": known });
            assert_eq!(market.asker.post(&path, &body).expect(202).text, new);
        }
        assert_eq!(seen_by(&market.coordinator, &path), [BO]);
        market.deliver();
        assert_eq!(market.mailbox.letters_to(COORDINATOR).len(), before + 1);
        let home = market.giver.get("/v1/me").expect(200);
        assert_eq!(home.text_at("/organisation/name"), "Stimenz");
    });
}

#[test]
fn who_left_is_taken_out_by_colleagues_and_has_no_way_in_any_more() {
    on_each(|database| {
        let market = Market::open(database);
        let own = market.asker.get("/v1/me").expect(200);
        let path = format!(
            "/v1/organisations/{}/members",
            own.text_at("/organisation/id")
        );
        let bo = json!({ "name": "Bo Bakker", "email": BO });
        market.asker.post(&path, &bo).expect(202);
        market.deliver();
        confirm(&market, BO);
        let session = log_in(&market, BO).text_at("/accessToken");
        let client = market.server.client().with_token(&session);
        let id = client.get("/v1/me").expect(200).text_at("/id");
        let remove =
            |client: &Client, id: &str| client.send("DELETE", &format!("{path}/{id}"), &[], b"");
        remove(&market.giver, &id).expect(404);
        let elsewhere = market.giver.get("/v1/me").expect(200).text_at("/id");
        remove(&market.asker, &elsewhere).expect(404);
        remove(&market.asker, "mem_x").expect(404);
        remove(&market.asker, &id).expect(204);
        client.get("/v1/me").expect(401);
        assert_eq!(seen_by(&market.asker, &path), [ASKER]);
        remove(&market.asker, &id).expect(404);
    });
}

#[test]
fn another_role_counts_from_the_next_request() {
    on_each(|database| {
        let market = Market::open(database);
        let run = |arguments: &[&str]| market.server.run(&[&["member"], arguments].concat());
        let queue = || market.asker.get("/v1/outbox").status;
        assert_eq!(queue(), 403);
        run(&["change", "--email", ASKER, "--role", "coordinator"]);
        assert_eq!(queue(), 200);
        run(&[
            "change",
            "--email",
            ASKER,
            "--role",
            "coordinator",
            "--region",
            "Apeldoorn",
        ]);
        assert_eq!(queue(), 403, "letters lie in no region");
        let me = market.asker.get("/v1/me").expect(200).json();
        assert_eq!(me["regions"], json!(["GM0200"]));
        run(&["change", "--email", ASKER, "--role", "member"]);
        assert_eq!(queue(), 403);
        assert_eq!(
            market.asker.get("/v1/me").expect(200).json()["regions"],
            json!([])
        );
        // A colleague who coordinates is taken out by who coordinates only.
        run(&[
            "add",
            "--email",
            BO,
            "--name",
            "Bo",
            "--organisation",
            "Zuid Doet Samen",
            "--role",
            "coordinator",
        ]);
        let bo = market.server.client_of(BO).get("/v1/me").expect(200);
        let path = format!(
            "/v1/organisations/{}/members/{}",
            bo.text_at("/organisation/id"),
            bo.text_at("/id")
        );
        market.asker.send("DELETE", &path, &[], b"").expect(403);
        run(&["remove", "--email", BO]);
        let again = market.server.command(&["member", "remove", "--email", BO]);
        assert_eq!({ again }.output().unwrap().status.code(), Some(1));
    });
}
