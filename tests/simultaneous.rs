//! Many answers at one moment: an offer is never introduced more often than it can carry.

use std::thread;

use serde_json::json;

use crate::support::market::{self, GIVER};
use crate::support::{Market, on_each};

const PEOPLE: usize = 50;

#[test]
fn fifty_second_consents_on_an_offer_for_one_introduce_exactly_one() {
    on_each(|database| {
        let settings = [
            ("SAMENSPEL_MATCHING__MAX_PROPOSALS", "50"),
            ("SAMENSPEL_MATCHING__REVIEW", "none"),
        ];
        let market = Market::open_with(database, &settings);
        let tokens = one_offer_for_many(&market);
        assert_eq!(tokens.len(), PEOPLE);

        let statuses = say_yes_at_once(&market, &tokens);
        assert!(
            statuses.iter().all(|status| matches!(status, 200 | 410)),
            "{statuses:?}"
        );
        let states = states(&market);
        let count = |state: &str| states.iter().filter(|found| *found == state).count();
        assert_eq!(
            (count("introduced"), count("lapsed")),
            (1, PEOPLE - 1),
            "{states:?}"
        );

        market.deliver();
        let letters = market.mailbox.letters_to(GIVER);
        let introductions = letters
            .iter()
            .filter(|letter| letter.header("to").contains("asker"))
            .count();
        assert_eq!(introductions, 1);
    });
}

/// Many requests that said yes in advance, and one offer that can carry one: the tokens it is asked with.
fn one_offer_for_many(market: &Market) -> Vec<String> {
    for number in 0..PEOPLE {
        let email = format!("asker{number}@buurt.example");
        let name = format!("Buurt {number}");
        let who = ["--email", &email, "--name", &name, "--organisation", &name];
        market
            .server
            .run(&[&["member", "add"], &who[..], &["--kind", "initiative"]].concat());
        let mut body = market::request();
        body["consent"] = json!("standing");
        let asker = market.server.client_of(&email);
        asker.post("/v1/requests", &body).expect(201);
    }
    market
        .giver
        .post("/v1/offers", &market::offer())
        .expect(201);
    market.deliver();
    let letters = market.mailbox.letters_to(GIVER);
    letters
        .iter()
        .filter(|letter| letter.text().contains("/toestemming/"))
        .map(|letter| letter.token("/toestemming"))
        .collect()
}

fn say_yes_at_once(market: &Market, tokens: &[String]) -> Vec<u16> {
    let yes = json!({ "answer": "yes" });
    thread::scope(|scope| {
        let answers: Vec<_> = tokens
            .iter()
            .map(|token| {
                let (client, yes) = (market.server.client(), &yes);
                scope.spawn(move || client.post(&format!("/v1/consents/{token}"), yes).status)
            })
            .collect();
        answers
            .into_iter()
            .map(|answer| answer.join().unwrap())
            .collect()
    })
}

/// The state of every match, page by page.
fn states(market: &Market) -> Vec<String> {
    let mut states = Vec::new();
    let mut path = "/v1/matches?pageSize=100".to_owned();
    loop {
        let page = market.coordinator.get(&path).expect(200).json();
        let items = page["items"].as_array().unwrap();
        states.extend(
            items
                .iter()
                .filter_map(|item| item["state"].as_str().map(str::to_owned)),
        );
        match page["next"].as_str() {
            Some(next) => path = format!("/v1/matches?pageSize=100&cursor={next}"),
            None => return states,
        }
    }
}
