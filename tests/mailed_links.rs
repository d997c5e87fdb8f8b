//! The pages behind the links in letters: looking changes nothing, a button acts.

use serde_json::json;

use crate::pages::{place, sound};
use crate::support::Market;
use crate::support::market::{self, ASKER};

#[test]
fn only_the_button_behind_a_mailed_link_acts() {
    let mut market = Market::on_sqlite();
    market.go_to("2026-12-01T09:00:00Z");
    let id = place(&market, &json!({}));
    let anyone = market.server.client();
    market.go_to("2027-02-10T09:00:00Z");
    let letter = market.mailbox.last_to(ASKER);
    let request = || market.asker.get(&format!("/v1/requests/{id}")).expect(200);
    let before = request().text;

    let renew = format!("/verlengen/{}", letter.token("/verlengen"));
    let close = format!("/sluiten/{}", letter.token("/sluiten"));
    for path in [&renew, &close] {
        let page = sound(&anyone, path, 200);
        assert!(page.text.contains("method=\"post\""), "{path}");
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("x-robots-tag"), "noindex");
    }
    assert_eq!(request().text, before);
    let shown = anyone
        .form(&renew, &[])
        .expect(303)
        .header("location")
        .to_owned();
    sound(&anyone, &shown, 200);
    assert!(request().text_at("/expiresAt").starts_with("2027-05-05"));

    let unchosen = anyone.form(&close, &[("reason", "")]).expect(400);
    assert!(unchosen.text.contains("<h1"));
    assert_eq!(request().text_at("/state"), "open");
    let shown = anyone
        .form(&close, &[("reason", "fulfilled_elsewhere")])
        .expect(303);
    sound(&anyone, shown.header("location"), 200);
    assert_eq!(request().text_at("/own/reason"), "fulfilled_elsewhere");
    anyone.form(&renew, &[]).expect(409);
    anyone.form(&close, &[("reason", "duplicate")]).expect(409);
    assert_eq!(request().text_at("/state"), "closed");
}

#[test]
fn an_address_is_confirmed_once() {
    let mut market = Market::on_sqlite();
    market.go_to("2026-12-01T09:00:00Z");
    let anyone = market.server.client();
    market::register(&anyone, "Nieuw", "partner", "Nel", "nel@nieuw.example").expect(201);
    market.deliver();
    let confirm = format!(
        "/bevestigen/{}",
        market
            .mailbox
            .last_to("nel@nieuw.example")
            .token("/bevestigen")
    );
    sound(&anyone, &confirm, 200);
    sound(&anyone, &confirm, 200);
    let done = anyone.form(&confirm, &[]).expect(303);
    sound(&anyone, done.header("location"), 200);
    sound(&anyone, &confirm, 410);
    anyone.form(&confirm, &[]).expect(410);
}

/// A market in which the asker was asked whether their request is still right, and the token of their settings.
fn reminded() -> (Market, String) {
    let mut market = Market::on_sqlite();
    market.go_to("2026-12-01T09:00:00Z");
    place(&market, &json!({}));
    market.go_to("2027-02-10T09:00:00Z");
    let token = market.mailbox.last_to(ASKER).token("/instellingen");
    (market, token)
}

/// How many letters the asker gets when their request is about to end.
fn reminders_after(mut market: Market) -> usize {
    let before = market.mailbox.letters_to(ASKER).len();
    market.go_to("2027-02-21T09:00:00Z");
    market.mailbox.letters_to(ASKER).len() - before
}

#[test]
fn who_wants_no_reminders_gets_none() {
    let (market, token) = reminded();
    let anyone = market.server.client();
    let settings = format!("/instellingen/{token}");
    let page = sound(&anyone, &settings, 200);
    assert!(page.text.contains("value=\"no\""));
    anyone
        .form(&settings, &[("reminders", "misschien")])
        .expect(400);
    let saved = anyone.form(&settings, &[("reminders", "no")]).expect(303);
    sound(&anyone, saved.header("location"), 200);
    assert_eq!(reminders_after(market), 0);
}

#[test]
fn one_click_ends_reminders_and_looking_does_not() {
    let (market, token) = reminded();
    let anyone = market.server.client();
    let path = format!("/afmelden/{token}");
    let page = sound(&anyone, &path, 200);
    assert!(page.text.contains("<form method=\"post\">"));
    assert_eq!(reminders_after(market), 1, "opening the page ends nothing");

    let (market, token) = reminded();
    let anyone = market.server.client();
    let path = format!("/afmelden/{token}");
    // The click a mail program sends by itself (RFC 8058 §3.2); a second one is as welcome.
    for _click in 0..2 {
        anyone
            .form(&path, &[("List-Unsubscribe", "One-Click")])
            .expect(200);
    }
    // The button leads to a page that says so.
    let done = anyone.form(&path, &[]);
    let page = sound(&anyone, done.expect(303).header("location"), 200);
    assert!(!page.text.contains("<form method=\"post\">"));
    assert_eq!(reminders_after(market), 0);
}
