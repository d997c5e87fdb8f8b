//! Letters on the way: refused, delayed, without a relay, and after a crash.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::market::{self, ASKER, register};
use crate::support::{ASKED_OFTEN, Client, Database, Market, ended, on_each, until};

/// The day on which these stories begin.
const START: &str = "2026-12-01T09:00:00Z";

/// A relay refuses this address for good.
const REFUSED: &str = "weiger-jan@stimenz.example";

/// Every delivery, or those in one state.
fn outbox(market: &Market, state: &str) -> Vec<Value> {
    let mut arguments = vec!["outbox", "list", "--json", "--limit", "1000"];
    if !state.is_empty() {
        arguments.extend(["--state", state]);
    }
    serde_json::from_str(&market.server.run(&arguments)).unwrap()
}

/// The deliveries to one address.
fn to(deliveries: &[Value], address: &str) -> Vec<Value> {
    let theirs = deliveries
        .iter()
        .filter(|each| each["recipient"] == address);
    theirs.cloned().collect()
}

/// A verified partner with this address.
fn partner(market: &Market, email: &str) -> Client {
    let registered =
        register(&market.server.client(), "Verderop", "partner", "Jan", email).expect(201);
    let path = format!(
        "/v1/organisations/{}/verifications",
        registered.text_at("/organisation/id")
    );
    market
        .coordinator
        .post(&path, &json!({ "decision": "approve" }))
        .expect(201);
    market.server.client_of(email)
}

#[test]
fn a_refused_address_does_not_keep_the_other_from_their_introduction() {
    on_each(|database| {
        let market = Market::open(database);
        let mut offer = market::offer();
        offer["consent"] = json!("standing");
        partner(&market, REFUSED)
            .post("/v1/offers", &offer)
            .expect(201);
        let request = market
            .asker
            .post("/v1/requests", &market::request())
            .expect(201)
            .text_at("/id");
        let found = market
            .coordinator
            .get(&format!("/v1/requests/{request}/matches"))
            .expect(200);
        let review = format!("/v1/matches/{}/reviews", found.text_at("/items/0/id"));
        market
            .coordinator
            .post(&review, &json!({ "decision": "approve" }))
            .expect(201);
        market.deliver();
        let token = market.mailbox.last_to(ASKER).token("/toestemming");
        let consent = format!("/v1/consents/{token}");
        let answer = market
            .server
            .client()
            .post(&consent, &json!({ "answer": "yes" }))
            .expect(200);
        assert_eq!(answer.text_at("/state"), "introduced");
        market.deliver();
        market.deliver();
        let introductions = market.mailbox.letters_to(ASKER).into_iter();
        let introductions: Vec<_> = introductions
            .filter(|letter| letter.header("to").contains(REFUSED))
            .collect();
        assert_eq!(
            introductions.len(),
            1,
            "one introduction to who can be reached"
        );
        assert!(introductions[0].header("reply-to").contains(REFUSED));
        assert!(market.mailbox.letters_to(REFUSED).is_empty());

        let failed = to(&outbox(&market, "failed"), REFUSED);
        let failed: Vec<&Value> = failed
            .iter()
            .filter(|each| each["kind"] == "introduction")
            .collect();
        assert_eq!(failed.len(), 1);
        let said = failed[0]["lastError"].as_str().unwrap();
        assert!(
            said.contains("550") && said.contains("no such mailbox"),
            "{said}"
        );
        let table = market.server.run(&["outbox", "list"]);
        assert!(
            table.contains("geweigerd") && !table.contains(REFUSED),
            "{table}"
        );
        assert!(outbox(&market, "ready").is_empty());
    });
}

#[test]
fn an_address_that_is_refused_for_now_is_tried_again_later() {
    let mut market = Market::on_sqlite();
    market.go_to(START);
    let address = "later-nel@nieuw.example";
    register(&market.server.client(), "Nieuw", "partner", "Nel", address).expect(201);
    let mut due = "2026-12-01T09:00:00Z".to_owned();
    for attempts in 1..=3 {
        market.deliver();
        market.deliver();
        let waiting = to(&outbox(&market, "ready"), address);
        assert_eq!(waiting.len(), 1);
        assert_eq!(
            waiting[0]["attempts"],
            json!(attempts),
            "only when it is due"
        );
        assert!(waiting[0]["lastError"].as_str().unwrap().contains("450"));
        let next = waiting[0]["dueAt"].as_str().unwrap().to_owned();
        assert!(next > due, "{next} after {due}");
        market.server.go_to(&next);
        due = next;
    }
    market.server.go_to("2026-12-07T09:00:00Z");
    let last = to(&outbox(&market, ""), address);
    assert_eq!(last[0]["attempts"], json!(5), "{last:?}");
    assert!(market.mailbox.letters_to(address).is_empty());
}

#[test]
fn without_a_relay_letters_wait_and_no_attempt_is_used() {
    on_each(|database| {
        let mut market = Market::open(database);
        market.go_to(START);
        let anyone = market.server.client();
        market.mailbox.stop();
        let addresses: Vec<String> = (0..3)
            .map(|number| format!("nel{number}@nieuw.example"))
            .collect();
        for address in &addresses {
            register(&anyone, "Nieuw", "partner", "Nel", address).expect(201);
        }
        for _look in 0..3 {
            market.deliver();
        }
        let waiting = outbox(&market, "ready");
        assert_eq!(waiting.len(), 3);
        assert!(
            waiting.iter().all(|each| each["attempts"] == json!(0)),
            "{waiting:?}"
        );
        assert!(
            waiting
                .iter()
                .any(|each| !each["lastError"].as_str().unwrap().is_empty())
        );
        market.mailbox.start_again();
        market.server.go_to("2026-12-01T09:30:00Z");
        for address in &addresses {
            assert_eq!(market.mailbox.letters_to(address).len(), 1, "{address}");
        }
        assert!(outbox(&market, "ready").is_empty());
    });
}

/// A market in which letters to some who registered were tried as often as may be.
fn out_of_attempts(database: &Database, addresses: &[&str]) -> Market {
    let often = ("SAMENSPEL_OUTBOX__RETRY_SECONDS", "[60]");
    let mut market = Market::open_with(database, &[often]);
    market.go_to(START);
    for address in addresses {
        register(&market.server.client(), "Nieuw", "partner", "Nel", address).expect(201);
    }
    market.deliver();
    market.server.go_to("2026-12-01T09:02:00Z");
    market
}

#[test]
fn a_letter_that_ran_out_of_attempts_goes_again_when_somebody_says_so() {
    on_each(|database| {
        let late = "later-nel@nieuw.example";
        let market = out_of_attempts(database, &[late, REFUSED]);
        let dead = outbox(&market, "dead");
        assert_eq!((to(&dead, late).len(), dead.len()), (1, 1));
        market.server.go_to("2026-12-05T09:00:00Z");
        assert_eq!(
            outbox(&market, "dead").len(),
            1,
            "nothing goes again by itself"
        );
        let retried = market.server.run(&["outbox", "retry", "--dead"]);
        assert!(retried.contains("1 zending gaat opnieuw"), "{retried}");
        let ready = to(&outbox(&market, "ready"), late);
        assert_eq!(ready[0]["attempts"], json!(0));
        let retried = market.server.run(&["outbox", "retry", "--dead"]);
        assert!(retried.contains("geen zendingen"), "{retried}");

        // What was refused for good holds a link that should not stay: its letter is emptied, and cannot go again.
        let failed = to(&outbox(&market, "failed"), REFUSED);
        for id in [failed[0]["id"].as_str().unwrap(), "del_1"] {
            let output = market
                .server
                .command(&["outbox", "retry", id])
                .output()
                .unwrap();
            assert_eq!(output.status.code(), Some(1));
            assert!(String::from_utf8(output.stderr).unwrap().contains(id));
        }
        let unknown = market
            .server
            .command(&["outbox", "list", "--state", "kwijt"])
            .output()
            .unwrap();
        assert!(matches!(unknown.status.code(), Some(1 | 2)));
    });
}

#[test]
fn a_coordinator_sees_what_did_not_go_and_lets_it_try_again_over_http() {
    on_each(|database| {
        let late = "later-nel@nieuw.example";
        let market = out_of_attempts(database, &[late]);
        let list = |query: &str| market.coordinator.get(&format!("/v1/outbox{query}"));
        let dead = list("?state=dead").expect(200);
        assert_eq!(dead.json()["items"].as_array().unwrap().len(), 1);
        assert_eq!(dead.text_at("/items/0/recipient"), "l***@nieuw.example");
        assert!(!dead.text.contains(late), "{}", dead.text);
        assert!(
            dead.text_at("/items/0/reason").contains("try again later"),
            "{}",
            dead.text
        );
        list("?state=kwijt").expect(400);

        let retries = format!("/v1/outbox/{}/retries", dead.text_at("/items/0/id"));
        let going = market.coordinator.post(&retries, &Value::Null).expect(201);
        assert_eq!(going.text_at("/state"), "ready");
        assert_eq!(list("?state=dead").json()["items"], json!([]));
        let sent = list("?state=sent&pageSize=1").expect(200);
        let retries = format!("/v1/outbox/{}/retries", sent.text_at("/items/0/id"));
        let gone = market.coordinator.post(&retries, &Value::Null).expect(409);
        assert_eq!(gone.text_at("/code"), "gone");
    });
}

/// Starts a worker that delivers what waits.
fn worker(market: &Market) -> Child {
    let mut command = market.server.command(&["outbox", "deliver", "--once"]);
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Kills a worker once it handed over some letters, and a little later still: another moment each round.
fn kill_at_some_moment(market: &Market, round: usize) {
    let before = market.mailbox.count();
    let mut process = worker(market);
    let is_over = |process: &mut Child| process.try_wait().unwrap().is_some();
    until("some letters arrived", || {
        (market.mailbox.count() >= before + round % 5 || is_over(&mut process)).then_some(())
    });
    let moment =
        Instant::now() + Duration::from_micros(700) * u32::try_from(round * 7 % 20).unwrap();
    until("the moment is there", || {
        (Instant::now() >= moment || is_over(&mut process)).then_some(())
    });
    drop(process.kill());
    ended(&mut process);
}

#[test]
fn a_worker_killed_twenty_times_loses_no_letter_and_hides_no_second_copy() {
    const LETTERS: usize = 100;
    on_each(|database| {
        let mut market = Market::open_with(database, &[ASKED_OFTEN]);
        market.deliver();
        let anyone = market.server.client();
        let addresses: BTreeSet<String> = (0..LETTERS)
            .map(|number| format!("nel{number}@nieuw.example"))
            .collect();
        for address in &addresses {
            register(&anyone, "Nieuw", "partner", "Nel", address).expect(201);
        }
        let mut broken_off = 0;
        for round in 0..20 {
            kill_at_some_moment(&market, round);
            let claimed = ["leased", "in_data"].map(|state| outbox(&market, state).len());
            broken_off += claimed.iter().sum::<usize>();
        }
        assert!(broken_off > 0, "no worker was killed while it had a letter");

        // A server that starts takes back what nobody works on any more, and goes on.
        market.server.start_again("KILL");
        until("nothing waits", || {
            let waiting = |state| outbox(&market, state).len();
            (waiting("ready") + waiting("leased") + waiting("in_data") == 0).then_some(())
        });
        let mut arrived: BTreeMap<String, usize> = BTreeMap::new();
        for letter in market.mailbox.letters() {
            *arrived.entry(letter.recipient().to_owned()).or_default() += 1;
        }
        let everything = outbox(&market, "");
        for address in &addresses {
            let delivery = &to(&everything, address)[0];
            let copies = arrived.get(address).copied().unwrap_or(0);
            match delivery["state"].as_str().unwrap() {
                "sent" => assert_eq!(copies, 1, "{delivery}"),
                "ambiguous" => assert!(copies <= 1, "{delivery}"),
                _ => panic!("neither sent nor known to be uncertain: {delivery}"),
            }
        }
        // A person who looks at what is uncertain can send it again; only then can a second copy arrive.
        let uncertain = outbox(&market, "ambiguous");
        for each in &uncertain {
            market
                .server
                .run(&["outbox", "retry", each["id"].as_str().unwrap()]);
        }
        market.deliver();
        let reached: BTreeSet<String> = market
            .mailbox
            .letters()
            .iter()
            .map(|letter| letter.recipient().to_owned())
            .collect();
        assert!(addresses.is_subset(&reached), "every letter arrived");
        assert!(outbox(&market, "ambiguous").is_empty());
    });
}
