//! Subscriptions: made and steered by their own member, told of once, and ended by a link.

mod steering;

use serde_json::{Value, json};

use crate::pages::sound;
use crate::support::mailbox::Letter;
use crate::support::market::{self, ASKER, COORDINATOR, GIVER, register};
use crate::support::{Client, Market, on_each};

/// A municipality that follows.
const FOLLOWER: &str = "balie@gemeente.example";

/// A market at a moment, in which a municipality may follow; its client.
fn followed(database: &crate::support::Database, time: &str) -> (Market, Client) {
    let mut market = Market::open(database);
    market.go_to(time);
    let anyone = market.server.client();
    let registered = register(
        &anyone,
        "Gemeente Voorbeeld",
        "system_party",
        "Bo Balie",
        FOLLOWER,
    );
    let path = format!(
        "/v1/organisations/{}/verifications",
        registered.expect(201).text_at("/organisation/id")
    );
    market
        .coordinator
        .post(&path, &json!({ "decision": "approve" }))
        .expect(201);
    market.deliver();
    let follower = market.server.client_of(FOLLOWER);
    (market, follower)
}

/// The digests that came to an address.
fn digests(market: &Market, address: &str) -> Vec<Letter> {
    let mut letters = market.mailbox.letters_to(address);
    letters.retain(|letter| letter.text().contains("Stop met dit overzicht"));
    letters
}

fn subscribe(client: &Client, body: &Value) -> String {
    client
        .post("/v1/subscriptions", body)
        .expect(201)
        .text_at("/id")
}

/// The address of a subscription.
fn path(id: &str) -> String {
    format!("/v1/subscriptions/{id}")
}

/// A request that no offer fits.
fn lonely() -> Value {
    json!({
        "title": "Wie snoeit onze oude pruimenboom",
        "body": "In onze buurttuin staat een pruimenboom die al jaren niet is gesnoeid.",
        "place": "Ede", "themes": ["groen-en-voedsel"], "support": ["mensen"],
    })
}

/// The first letter to the follower: three posts in text and HTML, with a link to stop.
#[track_caller]
fn assert_whole(letter: &Letter) {
    for told in [
        "Ruimte gezocht voor onze wijkmaaltijd",
        "Zaal met keuken, door de week vrij",
        "Wie snoeit onze oude pruimenboom",
        "Apeldoorn · ontmoeten",
        "/vragen/req_",
        "/aanbod/off_",
    ] {
        assert!(letter.text().contains(told), "{told}: {}", letter.text());
        assert!(letter.html().contains(told), "{told}");
    }
    assert_eq!(letter.header("subject"), "Uw weekoverzicht: 3 berichten");
    assert_eq!(letter.header("auto-submitted"), "auto-generated");
    let stop = letter.token("/afmelden");
    assert!(letter.header("list-unsubscribe").contains(&stop));
}

#[track_caller]
fn assert_names_nobody_but(letter: &Letter, reader: &str) {
    let people = ["Ria de Vries", "Jan", "Bo Balie", ASKER, GIVER, FOLLOWER];
    for person in people.into_iter().filter(|person| *person != reader) {
        for part in [letter.text(), letter.html()] {
            assert!(!part.contains(person), "{person}: {part}");
        }
    }
    assert!(letter.defects().is_empty());
}

#[test]
fn a_digest_tells_everything_once_and_names_nobody() {
    on_each(|database| {
        let (mut market, follower) = followed(database, "2027-01-01T12:00:00Z");
        let all =
            json!({ "kinds": ["requests", "offers", "matches", "gaps"], "regions": ["PV25"] });
        subscribe(&follower, &all);
        // What somebody follows twice is told once; own posts are told to the other only.
        subscribe(&follower, &all);
        subscribe(&market.asker, &all);
        let proposal = market.proposal();
        market.asker.post("/v1/requests", &lonely()).expect(201);
        let tokens = market.invite(&proposal);

        market.server.go_to("2027-01-04T06:59:00Z");
        assert!(digests(&market, FOLLOWER).is_empty(), "it is not yet eight");
        market.server.go_to("2027-01-04T07:00:00Z");
        let sent = digests(&market, FOLLOWER);
        assert_eq!(sent.len(), 1, "two subscriptions, everything once");
        assert_whole(&sent[0]);
        let asker = &digests(&market, ASKER)[0];
        assert!(asker.text().contains("Zaal met keuken"));
        assert!(!asker.text().contains("pruimenboom"));
        assert!(digests(&market, GIVER).is_empty());

        for token in tokens {
            let yes = json!({ "answer": "yes" });
            market
                .server
                .client()
                .post(&format!("/v1/consents/{token}"), &yes)
                .expect(200);
        }
        market.coordinator = market.server.client_of(COORDINATOR);
        assert_eq!(market.state_of(&proposal), "introduced");
        market.server.go_to("2027-01-11T07:00:00Z");
        let sent = digests(&market, FOLLOWER);
        assert_eq!(sent.len(), 2);
        let met = sent[1].text();
        assert!(met.contains("Zij vonden elkaar"), "{met}");
        assert!(met.contains("Een vraag “Ruimte gezocht"), "{met}");
        assert!(!met.contains("pruimenboom"), "{met}");
        assert_eq!(digests(&market, ASKER).len(), 1, "who met knows it");

        // Open for two weeks without a match: told once more, as something that is missing, and never again.
        market.server.go_to("2027-01-18T07:00:00Z");
        let sent = digests(&market, FOLLOWER);
        assert_eq!(sent.len(), 3);
        let missing = sent[2].text();
        assert!(
            missing.contains("Hiervoor is nog niets gevonden"),
            "{missing}"
        );
        assert!(missing.contains("pruimenboom"), "{missing}");
        assert!(!missing.contains("wijkmaaltijd"), "{missing}");
        market.server.go_to("2027-01-25T07:00:00Z");
        subscribe(&market.server.client_of(FOLLOWER), &all);
        market.server.go_to("2027-02-01T07:00:00Z");
        assert_eq!(
            digests(&market, FOLLOWER).len(),
            3,
            "nothing new, no letter"
        );

        for letter in digests(&market, FOLLOWER) {
            assert_names_nobody_but(&letter, "Bo Balie");
        }
        assert_names_nobody_but(&digests(&market, ASKER)[0], "Ria de Vries");
    });
}

#[test]
fn who_is_told_at_once_is_told_by_day_of_what_came_since() {
    on_each(|database| {
        let (market, _) = followed(database, "2027-01-06T19:00:00Z");
        market
            .asker
            .post("/v1/requests", &market::request())
            .expect(201);
        market.server.go_to("2027-01-06T19:30:00Z");
        let at_once = json!({ "kinds": ["requests", "offers"], "frequency": "immediate" });
        let follower = market.server.client_of(FOLLOWER);
        let id = subscribe(&follower, &at_once);
        let made = follower.get(&path(&id)).expect(200).json();
        assert_eq!(made["nextAt"], json!(null));
        market.server.go_to("2027-01-06T19:45:00Z");
        assert!(digests(&market, FOLLOWER).is_empty());
        market
            .giver
            .post("/v1/offers", &market::offer())
            .expect(201);
        market.server.go_to("2027-01-06T20:00:00Z");
        market.server.go_to("2027-01-07T05:59:00Z");
        assert!(digests(&market, FOLLOWER).is_empty(), "it is night");
        market.server.go_to("2027-01-07T06:00:00Z");
        let sent = digests(&market, FOLLOWER);
        assert_eq!(sent.len(), 1);
        assert_eq!(sent[0].header("subject"), "Nieuw op Samenspel: 1 bericht");
        assert!(sent[0].text().contains("Zaal met keuken"));
        market.server.go_to("2027-01-07T06:01:00Z");
        assert_eq!(digests(&market, FOLLOWER).len(), 1);
    });
}

/// How many digests to the follower are in this state.
fn in_outbox(market: &Market, state: &str) -> usize {
    let listed = market
        .server
        .run(&["outbox", "list", "--json", "--limit", "100"]);
    let all: Vec<Value> = serde_json::from_str(&listed).unwrap();
    let theirs = all.iter().filter(|each| {
        each["recipient"] == FOLLOWER && each["kind"] == "digest" && each["state"] == state
    });
    theirs.count()
}

#[test]
fn after_the_click_no_digest_comes_also_not_one_that_waits() {
    on_each(|database| {
        let (mut market, follower) = followed(database, "2027-01-01T12:00:00Z");
        let body = json!({ "kinds": ["requests", "offers"], "frequency": "daily" });
        let id = subscribe(&follower, &body);
        let others = subscribe(&market.giver, &body);
        market
            .asker
            .post("/v1/requests", &market::request())
            .expect(201);
        market.server.go_to("2027-01-02T07:00:00Z");
        let token = digests(&market, FOLLOWER)[0].token("/afmelden");
        let (page, api) = (
            format!("/afmelden/{token}"),
            format!("/v1/unsubscriptions/{token}"),
        );
        // The next one waits, as the relay is away.
        let giver = market.server.client_of(GIVER);
        giver.post("/v1/offers", &market::offer()).expect(201);
        market.mailbox.stop();
        market.server.go_to("2027-01-03T07:00:00Z");
        let of_digests = |state| in_outbox(&market, state);
        assert_eq!((of_digests("ready"), of_digests("sent")), (1, 1));

        let anyone = market.server.client();
        let asked = sound(&anyone, &page, 200);
        assert!(
            asked
                .text
                .contains("elke dag een mail over vragen en aanbod")
        );
        assert!(asked.text.contains("<form method=\"post\">"));
        let seen = anyone.get(&api).expect(200).json();
        assert_eq!(seen, json!({ "subscription": true }));
        market
            .server
            .client_of(FOLLOWER)
            .get(&path(&id))
            .expect(200);
        for _click in 0..2 {
            anyone
                .form(&page, &[("List-Unsubscribe", "One-Click")])
                .expect(200);
        }
        assert_eq!((of_digests("ready"), of_digests("withdrawn")), (0, 1));
        let done = anyone.form(&page, &[]).expect(303);
        let said = sound(&anyone, done.header("location"), 200);
        assert!(said.text.contains("U krijgt dit overzicht niet meer"));
        assert!(!said.text.contains("<form"));
        let ended = anyone.post(&api, &json!(null)).expect(200).json();
        assert_eq!(ended, json!({ "subscription": false }));
        market
            .server
            .client_of(FOLLOWER)
            .get(&path(&id))
            .expect(404);
        market
            .server
            .client_of(GIVER)
            .get(&path(&others))
            .expect(200);
        anyone.get("/afmelden/nooitgegeven").expect(404);

        market.mailbox.start_again();
        market.server.go_to("2027-01-05T07:00:00Z");
        assert_eq!(digests(&market, FOLLOWER).len(), 1);
    });
}

#[test]
fn who_is_not_verified_any_more_gets_no_digest() {
    on_each(|database| {
        let (mut market, follower) = followed(database, "2027-01-01T12:00:00Z");
        let body = json!({ "kinds": ["requests"], "frequency": "daily" });
        let id = subscribe(&follower, &body);
        market
            .asker
            .post("/v1/requests", &market::request())
            .expect(201);
        // The letter is written and waits, when a coordinator finds out who they are.
        market.mailbox.stop();
        market.server.go_to("2027-01-02T07:00:00Z");
        let coordinator = market.server.client_of(COORDINATOR);
        let listed = coordinator.get("/v1/organisations?q=Voorbeeld");
        let path_of_verification = format!(
            "/v1/organisations/{}/verifications",
            listed.expect(200).text_at("/items/0/id")
        );
        let refusal = json!({ "decision": "reject", "reason": "Dit is niet de gemeente." });
        coordinator
            .post(&path_of_verification, &refusal)
            .expect(201);
        let follower = market.server.client_of(FOLLOWER);
        follower
            .json("PATCH", &path(&id), &json!({ "frequency": "weekly" }))
            .expect(403);
        market.mailbox.start_again();
        let asker = market.server.client_of(ASKER);
        asker.post("/v1/requests", &market::request()).expect(201);
        market.server.go_to("2027-01-04T07:00:00Z");
        assert!(digests(&market, FOLLOWER).is_empty());
        let follower = market.server.client_of(FOLLOWER);
        follower.send("DELETE", &path(&id), &[], b"").expect(204);
    });
}
