//! The review dial: how much coordinators review in each region, and the letters about what waits for them there.

use serde_json::json;

use crate::support::market::{self, ASKER, COORDINATOR, GIVER};
use crate::support::{Market, on_each};

/// Two requests from one place that differ in how well the one offer for the whole country fits; the states of their
/// proposals.
fn states(market: &Market, place: &str) -> [String; 2] {
    let weak = json!({
        "title": "Plek gezocht",
        "body": "Wij willen in de zomer buiten zitten en zoeken nog een plek.",
        "phase": "vernieuwing",
    });
    [json!({}), weak].map(|changes| {
        let mut request = market::request();
        request["place"] = json!(place);
        for (field, value) in changes.as_object().unwrap() {
            request[field] = value.clone();
        }
        let placed = market.asker.post("/v1/requests", &request).expect(201);
        let fits = format!("/v1/requests/{}/matches", placed.text_at("/id"));
        market
            .coordinator
            .get(&fits)
            .expect(200)
            .text_at("/items/0/state")
    })
}

/// Offers something to the whole country.
fn offer_to_all(market: &Market) {
    let mut offer = market::offer();
    offer["reach"] = json!(["NL"]);
    offer["capacity"] = json!(100);
    market.giver.post("/v1/offers", &offer).expect(201);
}

/// A coordinator of a region.
fn add_coordinator(market: &Market, email: &str, region: &str) {
    let who = ["member", "add", "--email", email, "--name", "Co"];
    let what = ["--organisation", "Coalitie", "--role", "coordinator"];
    let there = ["--region", region];
    market.server.run(&[&who[..], &what, &there].concat());
}

#[test]
fn each_region_is_reviewed_as_much_as_its_dial_says() {
    on_each(|database| {
        let dial = [
            ("SAMENSPEL_MATCHING__REVIEW", "all"),
            ("SAMENSPEL_MATCHING__SKIP_REVIEW_AT", "0.7"),
            ("SAMENSPEL_MATCHING__REVIEW_IN__PV25", "below_threshold"),
            ("SAMENSPEL_MATCHING__REVIEW_IN__GM0200", "none"),
            ("SAMENSPEL_MATCHING__REVIEW_IN__CR13", "all"),
        ];
        let market = Market::open_with(database, &dial);
        offer_to_all(&market);
        let (waits, asked) = ("proposed".to_owned(), "invited".to_owned());
        // The municipality goes before the region around it, that before the province, and that before the country.
        for (place, expected) in [
            ("Apeldoorn", [&asked, &asked]),
            ("Epe", [&waits, &waits]),
            ("Nijmegen", [&asked, &waits]),
            ("Assen", [&waits, &waits]),
        ] {
            assert_eq!(states(&market, place).each_ref(), expected, "{place}");
        }
        market.deliver();
        // Who is not reviewed is asked at once, both sides.
        for address in [ASKER, GIVER] {
            assert_eq!(market.mailbox.letters_to(address).len(), 3 + 2, "{address}");
        }
    });
}

#[test]
fn a_coordinator_hears_of_what_waits_in_their_own_regions() {
    on_each(|database| {
        let mut market = Market::open(database);
        market.go_to("2027-03-01T09:00:00Z");
        let (gelderland, drenthe, limburg) = (
            "gelderland@coalitie.example",
            "drenthe@coalitie.example",
            "limburg@coalitie.example",
        );
        for (email, region) in [
            (gelderland, "Gelderland"),
            (drenthe, "Drenthe"),
            (limburg, "Limburg"),
        ] {
            add_coordinator(&market, email, region);
        }
        offer_to_all(&market);
        states(&market, "Apeldoorn");
        market.go_to("2027-03-03T10:00:00Z");
        states(&market, "Assen");
        let heard = |market: &Market, email: &str| -> Vec<String> {
            let letters = market.mailbox.letters_to(email);
            let lines = letters.iter().flat_map(|letter| letter.text().lines());
            lines
                .filter(|line| line.contains("op uw oordeel"))
                .map(str::to_owned)
                .collect()
        };
        let said = |count: &str, days: &str| {
            format!("{count} voorstellen wachten op uw oordeel. Het oudste wacht {days}.")
        };
        market.go_to("2027-03-04T09:30:00Z");
        assert_eq!(heard(&market, gelderland), [said("2", "3 dagen")]);
        assert_eq!(heard(&market, drenthe), Vec::<String>::new());
        assert_eq!(heard(&market, limburg), Vec::<String>::new());
        assert_eq!(heard(&market, COORDINATOR), [said("4", "3 dagen")]);

        market.go_to("2027-03-06T11:00:00Z");
        assert_eq!(heard(&market, drenthe), [said("2", "3 dagen")]);
        assert_eq!(heard(&market, limburg), Vec::<String>::new());
        assert_eq!(heard(&market, gelderland).len(), 1, "once a week at most");
    });
}
