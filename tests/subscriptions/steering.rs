//! Subscriptions are made, read, changed and ended by their own member alone, and checked field by field.

use serde_json::json;

use super::{followed, path, subscribe};
use crate::support::on_each;
use crate::support::posts::{every, newcomer};

#[test]
fn a_subscription_is_seen_and_steered_by_its_own_member_only() {
    on_each(|database| {
        let (market, follower) = followed(database, "2027-01-01T12:00:00Z");
        let whole = json!({
            "kinds": ["requests", "gaps"], "regions": ["Apeldoorn", "PV25"], "themes": ["ontmoeten"],
            "phases": ["start"], "support": ["ruimte"], "minimumScore": 0.6, "frequency": "daily",
        });
        let made = follower.post("/v1/subscriptions", &whole).expect(201);
        let id = made.text_at("/id");
        assert!(id.starts_with("sub_"));
        assert_eq!(made.header("location"), path(&id));
        let read = follower.get(&path(&id)).expect(200);
        assert_eq!(read.json(), made.json());
        assert_eq!(read.json()["regions"], json!(["GM0200", "PV25"]));
        assert_eq!(read.text_at("/nextAt"), "2027-01-02T07:00:00Z");
        assert_eq!(read.header("etag"), "\"1\"");

        for other in [&market.coordinator, &market.asker] {
            other.get(&path(&id)).expect(404);
            other.json("PATCH", &path(&id), &json!({})).expect(404);
            other.send("DELETE", &path(&id), &[], b"").expect(404);
            assert!(every(other, "/v1/subscriptions", 5).is_empty());
        }
        let anyone = market.server.client();
        anyone.get("/v1/subscriptions").expect(401);
        anyone.get(&path(&id)).expect(401);
        anyone.post("/v1/subscriptions", &whole).expect(401);
        anyone.send("DELETE", &path(&id), &[], b"").expect(401);
        let (unverified, _) = newcomer(&market, "nel@nieuw.example");
        unverified.post("/v1/subscriptions", &whole).expect(403);

        let change = json!({ "frequency": "weekly", "themes": null });
        let stale = [("content-type", "application/json"), ("if-match", "\"7\"")];
        let body = change.to_string();
        follower
            .send("PATCH", &path(&id), &stale, body.as_bytes())
            .expect(412);
        let changed = follower.json("PATCH", &path(&id), &change).expect(200);
        assert_eq!(changed.header("etag"), "\"2\"");
        assert_eq!(changed.json()["themes"], json!([]));
        assert_eq!(changed.json()["support"], json!(["ruimte"]));
        assert_eq!(changed.text_at("/nextAt"), "2027-01-04T07:00:00Z");
        follower
            .send("DELETE", &path(&id), &[("if-match", "\"1\"")], b"")
            .expect(412);
        follower
            .send("DELETE", &path(&id), &[("if-match", "\"2\"")], b"")
            .expect(204);
        follower.get(&path(&id)).expect(404);
        follower.send("DELETE", &path(&id), &[], b"").expect(404);
        let wrong = follower.send("PUT", &path(&id), &[], b"").expect(405);
        assert_eq!(wrong.header("allow"), "GET, HEAD, PATCH, DELETE");
    });
}

#[test]
fn what_cannot_be_followed_is_refused_field_by_field() {
    on_each(|database| {
        let (_market, follower) = followed(database, "2027-01-01T12:00:00Z");
        let refused = follower.post(
            "/v1/subscriptions",
            &json!({
                "kinds": [], "regions": ["Luilekkerland"], "themes": ["ruimtevaart"], "phases": ["einde"],
                "support": ["applaus"], "minimumScore": 2, "frequency": "hourly",
            }),
        );
        let refused = refused.expect(400).json();
        let pointers: Vec<&str> = refused["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|error| error["pointer"].as_str().unwrap())
            .collect();
        assert_eq!(
            pointers,
            [
                "/kinds",
                "/regions",
                "/themes",
                "/phases",
                "/support",
                "/minimumScore",
                "/frequency"
            ]
        );
        let unknown = json!({ "kinds": ["offers"], "email": "iemand@anders.example" });
        follower.post("/v1/subscriptions", &unknown).expect(400);
        for _each in 0..20 {
            subscribe(&follower, &json!({ "kinds": ["offers"] }));
        }
        assert_eq!(every(&follower, "/v1/subscriptions", 7).len(), 20);
        let full = follower.post("/v1/subscriptions", &json!({ "kinds": ["offers"] }));
        assert_eq!(full.expect(409).text_at("/code"), "too_many_subscriptions");
    });
}
