//! What the tests of requests and of offers share: walking through a list, and through the life of a post.

use serde_json::{Value, json};

use super::{Client, Market};

/// A post of somebody: its address, and who may do what.
pub(crate) struct Life<'a> {
    pub(crate) owner: &'a Client,
    pub(crate) coordinator: &'a Client,
    pub(crate) path: String,
}

impl Life<'_> {
    /// Does something to the post as its owner.
    fn does(&self, operation: &str, body: &Value, status: u16) -> Value {
        let path = format!("{}/{operation}", self.path);
        self.owner.post(&path, body).expect(status).json()
    }

    /// Does something that leads to a state, and finds the post in it.
    #[track_caller]
    pub(crate) fn becomes(&self, state: &str, operation: &str, body: &Value) {
        assert_eq!(self.does(operation, body, 201)["state"], state);
        let found = self.owner.get(&self.path).expect(200);
        assert_eq!(found.text_at("/state"), state);
    }

    /// Does something that cannot be done now.
    #[track_caller]
    pub(crate) fn cannot(&self, operation: &str, body: &Value) {
        let refused = self.does(operation, body, 409);
        assert_eq!(refused["code"], "wrong_state", "{operation}");
        assert!(!refused["detail"].as_str().unwrap().is_empty());
    }

    /// A coordinator takes it out.
    fn hide(&self, by: &Client, body: &Value, status: u16) {
        by.post(&format!("{}/hidings", self.path), body)
            .expect(status);
    }

    /// Everything that can be done to an open post, and from each state something that cannot.
    pub(crate) fn walk(&self) {
        let nothing = json!(null);
        let done = json!({ "reason": "fulfilled_here" });
        self.cannot("reopenings", &nothing);
        self.becomes("open", "renewals", &nothing);
        self.becomes("paused", "pauses", &nothing);
        self.cannot("pauses", &nothing);
        self.becomes("paused", "renewals", &nothing);
        self.becomes("open", "reopenings", &nothing);
        self.does("closures", &json!({}), 400);
        self.does("closures", &json!({ "reason": "zomaar" }), 400);
        self.becomes("closed", "closures", &done);
        let closed = self.owner.get(&self.path).expect(200);
        assert_eq!(closed.text_at("/own/reason"), "fulfilled_here");
        for operation in ["pauses", "renewals"] {
            self.cannot(operation, &nothing);
        }
        self.cannot("closures", &done);
        self.becomes("open", "reopenings", &nothing);
        let reopened = self.owner.get(&self.path).expect(200);
        assert_eq!(reopened.text_at("/own/reason"), "");

        let why = json!({ "reason": "Er staat een adres van iemand anders in." });
        self.hide(self.owner, &why, 403);
        self.hide(self.coordinator, &json!({ "reason": " " }), 400);
        self.hide(self.coordinator, &why, 201);
        self.hide(self.coordinator, &why, 409);
        let hidden = self.owner.get(&self.path).expect(200);
        assert_eq!(hidden.text_at("/state"), "hidden");
        assert_eq!(json!(hidden.text_at("/own/reason")), why["reason"]);
        self.cannot("closures", &done);
        for operation in ["pauses", "reopenings", "renewals"] {
            self.cannot(operation, &nothing);
        }
    }
}

/// The items of a whole list, page by page; no item may come twice.
#[track_caller]
pub(crate) fn every(client: &Client, list: &str, page_size: usize) -> Vec<Value> {
    let sign = if list.contains('?') { '&' } else { '?' };
    let first = format!("{list}{sign}pageSize={page_size}");
    let mut found: Vec<Value> = Vec::new();
    let mut path = first.clone();
    loop {
        let page = client.get(&path).expect(200).json();
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= page_size);
        for item in items {
            let is_new = found.iter().all(|before| before["id"] != item["id"]);
            assert!(is_new, "twice in {list}: {item}");
            found.push(item.clone());
        }
        let Some(next) = page["next"].as_str() else {
            return found;
        };
        path = format!("{first}&cursor={next}");
    }
}

/// The titles in a list, in its order.
#[track_caller]
pub(crate) fn titles(client: &Client, list: &str) -> Vec<String> {
    every(client, list, 100)
        .iter()
        .map(|item| item["title"].as_str().unwrap().to_owned())
        .collect()
}

/// Registers an organisation that no coordinator looked at; the client of its member, and its id.
pub(crate) fn newcomer(market: &Market, email: &str) -> (Client, String) {
    let anyone = market.server.client();
    let registered =
        super::market::register(&anyone, "Nieuw in de wijk", "partner", "Nel Nieuw", email);
    let id = registered.expect(201).text_at("/organisation/id");
    (market.server.client_of(email), id)
}
