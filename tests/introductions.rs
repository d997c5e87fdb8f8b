//! The main job: from registration to an introduction in the mailbox, over HTTP and SMTP only.

use serde_json::json;

use crate::support::mailbox::Letter;
use crate::support::market::{ASKER, COORDINATOR, GIVER};
use crate::support::{Market, on_each};

#[test]
fn two_yeses_bring_both_sides_one_introduction() {
    on_each(|database| {
        let market = Market::open(database);
        let proposal = market.proposal();
        let [asker, giver] = market.invite(&proposal);
        let anyone = market.server.client();

        let first = anyone
            .post(
                &format!("/v1/consents/{asker}"),
                &json!({ "answer": "yes" }),
            )
            .expect(200);
        assert_eq!(first.text_at("/state"), "waiting");
        market.deliver();
        let met = |address| {
            let to_them = market.mailbox.letters_to(address);
            to_them
                .into_iter()
                .filter(|letter| {
                    letter.header("to").contains(ASKER) && letter.header("to").contains(GIVER)
                })
                .collect::<Vec<_>>()
        };
        assert!(
            met(ASKER).is_empty() && met(GIVER).is_empty(),
            "nobody is introduced after one yes"
        );

        let second = anyone
            .post(
                &format!("/v1/consents/{giver}"),
                &json!({ "answer": "yes" }),
            )
            .expect(200);
        assert_eq!(second.text_at("/state"), "introduced");
        assert_eq!(market.state_of(&proposal), "introduced");
        market.deliver();
        for address in [ASKER, GIVER] {
            let letters = met(address);
            assert_eq!(letters.len(), 1, "one introduction to {address}");
            introduces(&letters[0]);
        }
        assert!(market.mailbox.letters_to(COORDINATOR).is_empty());
    });
}

#[test]
fn looking_at_a_consent_link_changes_nothing() {
    on_each(|database| {
        let market = Market::open(database);
        let proposal = market.proposal();
        let [asker, _] = market.invite(&proposal);
        let anyone = market.server.client();
        let before = market
            .coordinator
            .get(&format!("/v1/matches/{proposal}"))
            .expect(200)
            .text;
        for _ in 0..20 {
            let seen = anyone.get(&format!("/v1/consents/{asker}")).expect(200);
            assert_eq!(seen.text_at("/state"), "open");
            assert!(
                !seen.text.contains(GIVER),
                "no contact details before two yeses"
            );
            let page = anyone.get(&format!("/toestemming/{asker}")).expect(200);
            assert!(!page.text.contains(GIVER) && page.text.contains("Stimenz"));
            anyone
                .send("HEAD", &format!("/toestemming/{asker}"), &[], b"")
                .expect(200);
        }
        let after = market
            .coordinator
            .get(&format!("/v1/matches/{proposal}"))
            .expect(200)
            .text;
        assert_eq!(before, after);
    });
}

#[test]
fn a_no_ends_it_and_the_other_side_hears_so_politely() {
    on_each(|database| {
        let market = Market::open(database);
        let proposal = market.proposal();
        let [asker, giver] = market.invite(&proposal);
        let anyone = market.server.client();
        let no = json!({ "answer": "no", "reason": "not_now" });
        assert_eq!(
            anyone
                .post(&format!("/v1/consents/{giver}"), &no)
                .expect(200)
                .text_at("/state"),
            "declined"
        );
        assert_eq!(market.state_of(&proposal), "declined");
        let late = anyone
            .post(
                &format!("/v1/consents/{asker}"),
                &json!({ "answer": "yes" }),
            )
            .expect(410);
        assert_eq!(late.text_at("/code"), "link_over");
        market.deliver();
        let letters = market.mailbox.letters_to(ASKER);
        let goodbye = letters.last().unwrap();
        assert!(
            goodbye.header("in-reply-to").starts_with("<let_"),
            "it stands under the invitation"
        );
        assert!(
            !goodbye.text().contains(GIVER),
            "a no gives no contact details"
        );
        market.server.run(&["rematch"]);
        let queue = market
            .coordinator
            .get("/v1/matches?state=proposed")
            .expect(200);
        assert_eq!(
            queue.json()["items"],
            json!([]),
            "a declined pair is not proposed again"
        );
    });
}

#[test]
fn silence_is_reminded_once_and_then_expires() {
    on_each(|database| {
        let mut market = Market::open(database);
        let proposal = market.proposal();
        market.go_to("2026-12-01T09:00:00Z");
        let [asker, _] = market.invite(&proposal);
        let anyone = market.server.client();
        anyone
            .post(
                &format!("/v1/consents/{asker}"),
                &json!({ "answer": "yes" }),
            )
            .expect(200);
        let count = |market: &Market, address| market.mailbox.letters_to(address).len();
        let (asked, given) = (count(&market, ASKER), count(&market, GIVER));

        market.go_to("2026-12-05T10:00:00Z");
        assert_eq!(
            count(&market, GIVER),
            given + 1,
            "who is silent is reminded"
        );
        assert_eq!(
            count(&market, ASKER),
            asked,
            "who answered is left in peace"
        );
        market.go_to("2026-12-08T10:00:00Z");
        assert_eq!(count(&market, GIVER), given + 1, "one reminder is enough");

        let reminded = market.mailbox.last_to(GIVER).token("/toestemming");
        market.go_to("2026-12-11T10:00:00Z");
        assert_eq!(market.state_of(&proposal), "expired");
        assert_eq!(
            count(&market, ASKER),
            asked + 1,
            "who said yes hears that it goes by"
        );
        anyone
            .post(
                &format!("/v1/consents/{reminded}"),
                &json!({ "answer": "yes" }),
            )
            .expect(410);
    });
}

#[test]
fn an_answer_counts_once() {
    let market = Market::on_sqlite();
    let proposal = market.proposal();
    let [asker, _] = market.invite(&proposal);
    let anyone = market.server.client();
    let path = format!("/v1/consents/{asker}");
    anyone.post(&path, &json!({ "answer": "yes" })).expect(200);
    assert_eq!(
        anyone
            .post(&path, &json!({ "answer": "no" }))
            .expect(409)
            .text_at("/code"),
        "answered"
    );
    anyone
        .post(
            "/v1/consents/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            &json!({ "answer": "yes" }),
        )
        .expect(404);
}

#[test]
fn what_came_of_it_is_asked_and_told() {
    let mut market = Market::on_sqlite();
    market.go_to("2026-12-01T09:00:00Z");
    let proposal = market.proposal();
    let tokens = market.invite(&proposal);
    let anyone = market.server.client();
    for token in tokens {
        anyone
            .post(
                &format!("/v1/consents/{token}"),
                &json!({ "answer": "yes" }),
            )
            .expect(200);
    }
    market.go_to("2026-12-08T10:00:00Z");
    let question = market.mailbox.last_to(ASKER);
    let token = question.token("/uitkomst");
    anyone.get(&format!("/v1/outcomes/{token}")).expect(200);
    assert_eq!(market.state_of(&proposal), "introduced");
    anyone
        .post(
            &format!("/v1/outcomes/{token}"),
            &json!({ "outcome": "succeeded" }),
        )
        .expect(200);
    assert_eq!(market.state_of(&proposal), "succeeded");
}

#[test]
fn consent_can_be_given_on_the_page_without_javascript() {
    let market = Market::on_sqlite();
    let proposal = market.proposal();
    let [asker, giver] = market.invite(&proposal);
    let anyone = market.server.client();
    let page = anyone.get(&format!("/toestemming/{asker}")).expect(200);
    assert!(page.text.contains("<form") && !page.text.contains("<script"));
    let answered = anyone
        .form(&format!("/toestemming/{asker}"), &[("answer", "yes")])
        .expect(303);
    anyone.get(answered.header("location")).expect(200);
    anyone
        .form(&format!("/toestemming/{giver}"), &[("answer", "yes")])
        .expect(303);
    assert_eq!(market.state_of(&proposal), "introduced");
}

/// A letter that tells both sides everything they need to meet.
fn introduces(letter: &Letter) {
    assert!(letter.defects().is_empty(), "{:?}", letter.defects());
    for party in [ASKER, GIVER] {
        assert!(
            letter.header("reply-to").contains(party),
            "{}",
            letter.header("reply-to")
        );
        assert!(letter.text().contains(party) && letter.html().contains(party));
    }
    for told in [
        "Zuid Doet Samen",
        "Stimenz",
        "Ria de Vries",
        "Ruimte gezocht voor onze wijkmaaltijd",
        "Zaal met keuken",
        "ruimte",
        "Apeldoorn",
    ] {
        assert!(
            letter.text().contains(told),
            "the text names {told}:\n{}",
            letter.text()
        );
        assert!(letter.html().contains(told), "the page names {told}");
    }
    for leftover in ["{{", "{%", "}}", "%}"] {
        assert!(!letter.text().contains(leftover) && !letter.html().contains(leftover));
    }
    assert_eq!(letter.header("auto-submitted"), "auto-generated");
    assert!(letter.header("message-id").starts_with("<let_"));
}
