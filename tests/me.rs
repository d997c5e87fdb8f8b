//! Somebody's own data: read and changed by themselves.

use serde_json::json;

use crate::support::{Market, on_each};

#[test]
fn who_changes_what_they_did_not_see_is_told_so() {
    on_each(|database| {
        let market = Market::open(database);
        let seen = market.asker.get("/v1/me").expect(200);
        let tag = seen.header("etag").to_owned();
        assert!(tag.starts_with('"') && tag.len() > 20, "{tag}");
        let change = |tag: &str, name: &str| {
            let headers = [("if-match", tag), ("content-type", "application/json")];
            let body = json!({ "name": name }).to_string();
            market
                .asker
                .send("PATCH", "/v1/me", &headers, body.as_bytes())
        };
        let changed = change(&tag, "Ria Jansen").expect(200);
        let newer = changed.header("etag").to_owned();
        assert_ne!(newer, tag);
        assert_eq!(market.asker.get("/v1/me").header("etag"), newer);
        change(&tag, "Ria Smit").expect(412);
        assert_eq!(market.asker.get("/v1/me").text_at("/name"), "Ria Jansen");
        change("*", "Ria Vos").expect(200);
        change(&format!("\"x\", {tag}"), "Ria Vos").expect(412);
    });
}
