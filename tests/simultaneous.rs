//! Many answers at one moment: an offer is never introduced more often than it can carry.

use std::thread;

use serde_json::{Value, json};

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
        let mut askers = Vec::new();
        for number in 0..PEOPLE {
            let email = format!("asker{number}@buurt.example");
            let name = format!("Buurt {number}");
            let add = [
                "member",
                "add",
                "--email",
                &email,
                "--name",
                &name,
                "--organisation",
                &name,
            ];
            market
                .server
                .run(&[&add[..], &["--kind", "initiative"]].concat());
            let asker = market.server.client_of(&email);
            let mut body = market::request();
            body["consent"] = json!("standing");
            asker.post("/v1/requests", &body).expect(201);
            askers.push(asker);
        }
        market
            .giver
            .post("/v1/offers", &market::offer())
            .expect(201);
        market.deliver();
        let tokens: Vec<String> = market
            .mailbox
            .letters_to(GIVER)
            .iter()
            .filter(|letter| letter.text().contains("/toestemming/"))
            .map(|letter| letter.token("/toestemming"))
            .collect();
        assert_eq!(tokens.len(), PEOPLE);

        let statuses: Vec<u16> = thread::scope(|scope| {
            let answers: Vec<_> = tokens
                .iter()
                .map(|token| {
                    let client = market.server.client();
                    scope.spawn(move || {
                        client
                            .post(
                                &format!("/v1/consents/{token}"),
                                &json!({ "answer": "yes" }),
                            )
                            .status
                    })
                })
                .collect();
            answers
                .into_iter()
                .map(|answer| answer.join().unwrap())
                .collect()
        });
        assert!(
            statuses.iter().all(|status| matches!(status, 200 | 410)),
            "{statuses:?}"
        );

        let mut states: Vec<Value> = Vec::new();
        let mut path = "/v1/matches?pageSize=100".to_owned();
        loop {
            let page = market.coordinator.get(&path).expect(200).json();
            states.extend(
                page["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|item| item["state"].clone()),
            );
            let Some(next) = page["next"].as_str() else {
                break;
            };
            path = format!("/v1/matches?pageSize=100&cursor={next}");
        }
        let count = |state: &str| {
            states
                .iter()
                .filter(|found| **found == json!(state))
                .count()
        };
        assert_eq!(
            (count("introduced"), count("lapsed")),
            (1, PEOPLE - 1),
            "{states:?}"
        );

        market.deliver();
        let introductions = market
            .mailbox
            .letters_to(GIVER)
            .iter()
            .filter(|letter| letter.header("to").contains("asker"))
            .count();
        assert_eq!(introductions, 1);
    });
}
