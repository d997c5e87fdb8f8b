//! Logging in as people do: with a link from their mail.

use serde_json::json;

use super::{Answer, Client, Market};

/// Asks for a link to log in; its token as it came by mail.
pub(crate) fn mailed_token(market: &Market, email: &str) -> String {
    // What was written earlier goes first, so that the link is the last letter.
    market.deliver();
    ask(market, email).expect(202);
    market.deliver();
    market.mailbox.last_to(email).token("/inloggen")
}

/// Asks for a link to log in.
pub(crate) fn ask(market: &Market, email: &str) -> Answer {
    ask_from(&market.server.client(), email)
}

/// Logs in with the token of a mailed link.
pub(crate) fn open(market: &Market, token: &str) -> Answer {
    open_from(&market.server.client(), token)
}

/// Asks for the next tokens.
pub(crate) fn refresh(market: &Market, token: &str) -> Answer {
    refresh_from(&market.server.client(), token)
}

/// The same as [`ask`], where there is no market.
pub(crate) fn ask_from(anyone: &Client, email: &str) -> Answer {
    anyone.post("/v1/login-links", &json!({ "email": email }))
}

/// The same as [`open`], where there is no market.
pub(crate) fn open_from(anyone: &Client, token: &str) -> Answer {
    anyone.post("/v1/sessions", &json!({ "token": token }))
}

/// The same as [`refresh`], where there is no market.
pub(crate) fn refresh_from(anyone: &Client, token: &str) -> Answer {
    anyone.post("/v1/sessions/refreshes", &json!({ "refreshToken": token }))
}

/// The session of a member who logs in by mail.
pub(crate) fn log_in(market: &Market, email: &str) -> Answer {
    open(market, &mailed_token(market, email)).expect(201)
}

/// Confirms an address with the link that came by mail.
pub(crate) fn confirm(market: &Market, email: &str) {
    market.deliver();
    let letters = market.mailbox.letters_to(email);
    let asking = letters
        .iter()
        .rfind(|letter| letter.text().contains("/bevestigen/"));
    let token = asking.expect("a letter to confirm").token("/bevestigen");
    let anyone = market.server.client();
    anyone
        .form(&format!("/bevestigen/{token}"), &[])
        .expect(303);
}
