//! Logging in by mail, staying in, and logging out; and what strangers do not learn of who is known.

use std::thread;

use serde_json::json;

use crate::pages::sound;
use crate::support::market::{ASKER, COORDINATOR, GIVER, register};
use crate::support::sessions::{ask, confirm, log_in, mailed_token, open, refresh};
use crate::support::{Answer, Market, on_each};

/// The client of somebody with the tokens of this answer.
fn me(market: &Market, session: &Answer) -> Answer {
    let client = market.server.client();
    client
        .with_token(&session.text_at("/accessToken"))
        .get("/v1/me")
}

#[test]
fn a_member_logs_in_by_mail_and_logs_out() {
    on_each(|database| {
        let market = Market::open(database);
        let token = mailed_token(&market, COORDINATOR);
        assert!(token.len() >= 43, "256 bits");
        let letter = market.mailbox.last_to(COORDINATOR);
        assert!(letter.defects().is_empty() && letter.text().contains("15 minuten"));
        let session = open(&market, &token).expect(201);
        assert_eq!(
            me(&market, &session).expect(200).text_at("/email"),
            COORDINATOR
        );
        let again = open(&market, &token).expect(401);
        assert_eq!(again.header("content-type"), "application/problem+json");
        assert_eq!(again.text_at("/code"), "token_refused");

        let other = log_in(&market, COORDINATOR);
        let client = market.server.client();
        let signed_in = client.with_token(&session.text_at("/accessToken"));
        let out = || signed_in.send("DELETE", "/v1/sessions/current", &[], b"");
        assert_eq!(out().expect(204).text, "");
        assert_eq!(
            me(&market, &session).expect(401).text_at("/code"),
            "not_signed_in"
        );
        out().expect(401);
        refresh(&market, &session.text_at("/refreshToken")).expect(401);
        me(&market, &other).expect(200);
    });
}

#[test]
fn a_token_of_the_command_line_works_without_a_session() {
    let market = Market::on_sqlite();
    assert_eq!(
        market.asker.get("/v1/me").expect(200).text_at("/email"),
        ASKER
    );
    let out =
        |client: &crate::support::Client| client.send("DELETE", "/v1/sessions/current", &[], b"");
    out(&market.asker).expect(404);
    out(&market.server.client()).expect(401);
    market.asker.get("/v1/me").expect(200);
}

#[test]
fn every_login_link_that_does_not_work_gets_the_same_answer() {
    let mut market = Market::on_sqlite();
    market.go_to("2026-12-01T09:00:00Z");
    let used = mailed_token(&market, COORDINATOR);
    open(&market, &used).expect(201);
    let late = mailed_token(&market, COORDINATOR);
    let of_settings = market.mailbox.last_to(COORDINATOR).token("/instellingen");
    market.go_to("2026-12-01T09:15:00Z");
    let refused = open(&market, "onbekend").expect(401).text;
    for token in [
        &used,
        &late,
        &of_settings,
        &String::new(),
        &"x".repeat(100_000),
    ] {
        assert_eq!(open(&market, token).expect(401).text, refused);
    }
    let refreshed = refresh(&market, "onbekend").expect(401).text;
    assert_eq!(refreshed, refused);
}

#[test]
fn a_link_that_would_come_too_late_is_not_sent() {
    let mut market = Market::on_sqlite();
    market.go_to("2026-12-01T09:00:00Z");
    let before = market.mailbox.letters_to(COORDINATOR).len();
    ask(&market, COORDINATOR).expect(202);
    market.go_to("2026-12-01T09:15:00Z");
    market.deliver();
    assert_eq!(market.mailbox.letters_to(COORDINATOR).len(), before);
    log_in(&market, COORDINATOR);
}

#[test]
fn only_the_button_behind_a_mailed_link_logs_in_and_its_cookie_is_for_us_alone() {
    let market = Market::on_sqlite();
    let anyone = market.server.client();
    let token = mailed_token(&market, COORDINATOR);
    let path = format!("/inloggen/{token}");
    for _scanner in 0..20 {
        let page = sound(&anyone, &path, 200);
        assert!(page.text.contains("method=\"post\""));
        assert_eq!(page.header("set-cookie"), "");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
    }
    let done = anyone.form(&path, &[]).expect(303);
    let cookie = done.header("set-cookie").to_owned();
    let (pair, bounds) = cookie.split_once("; ").unwrap();
    let (name, secret) = pair.split_once('=').unwrap();
    assert_eq!(name, "__Host-samenspel");
    for bound in ["Path=/", "Secure", "HttpOnly", "SameSite=Lax", "Max-Age="] {
        assert!(bounds.contains(bound), "{bounds}");
    }
    assert!(!bounds.contains("Domain"), "{bounds}");
    anyone.form(&path, &[]).expect(401);
    open(&market, &token).expect(401);

    let browser = |method, path: &str| anyone.send(method, path, &[("cookie", pair)], b"");
    let page = browser("GET", done.header("location")).expect(200);
    assert!(page.text.contains("Coen") && !page.text.contains(secret));
    browser("GET", "/v1/me").expect(401);
    let out = browser("POST", "/uitloggen").expect(303);
    assert!(
        out.header("set-cookie")
            .starts_with("__Host-samenspel=; Max-Age=0;")
    );
    let page = browser("GET", "/inloggen").expect(200);
    assert!(!page.text.contains("Coen"));
    browser("POST", "/uitloggen").expect(303);
    sound(&anyone, "/inloggen", 200);
    anyone.with_token(secret).get("/v1/me").expect(401);
}

#[test]
fn a_refresh_token_works_once_and_ends_its_session_when_it_comes_back() {
    on_each(|database| {
        let mut market = Market::open(database);
        market.go_to("2026-12-01T09:00:00Z");
        let first = log_in(&market, COORDINATOR);
        let other = log_in(&market, COORDINATOR);
        market.go_to("2026-12-01T09:30:00Z");
        let second = refresh(&market, &first.text_at("/refreshToken")).expect(201);
        me(&market, &first).expect(200);
        me(&market, &second).expect(200);
        // A program that asks twice at one moment is no thief.
        refresh(&market, &first.text_at("/refreshToken")).expect(401);
        me(&market, &second).expect(200);
        let third = refresh(&market, &second.text_at("/refreshToken")).expect(201);

        market.go_to("2026-12-01T09:30:11Z");
        refresh(&market, &first.text_at("/refreshToken")).expect(401);
        for session in [&first, &second, &third] {
            me(&market, session).expect(401);
        }
        refresh(&market, &third.text_at("/refreshToken")).expect(401);
        me(&market, &other).expect(200);
    });
}

#[test]
fn a_session_ends_after_its_days_however_often_it_is_refreshed() {
    let mut market = Market::on_sqlite();
    market.go_to("2026-12-01T09:00:00Z");
    let mut session = log_in(&market, COORDINATOR);
    for day in [
        "2026-12-10T09:00:00Z",
        "2026-12-20T09:00:00Z",
        "2026-12-31T08:50:00Z",
    ] {
        market.go_to(day);
        me(&market, &session).expect(401);
        session = refresh(&market, &session.text_at("/refreshToken")).expect(201);
        me(&market, &session).expect(200);
    }
    assert_eq!(session.text_at("/expiresAt"), "2026-12-31T09:00:00Z");
    market.go_to("2026-12-31T09:00:00Z");
    me(&market, &session).expect(401);
    refresh(&market, &session.text_at("/refreshToken")).expect(401);
}

#[test]
fn of_a_hundred_refreshes_at_once_one_goes_on() {
    on_each(|database| {
        let market = Market::open(database);
        let session = log_in(&market, COORDINATOR);
        let token = session.text_at("/refreshToken");
        let answers: Vec<Answer> = thread::scope(|scope| {
            let asking: Vec<_> = (0..100)
                .map(|_| scope.spawn(|| refresh(&market, &token)))
                .collect();
            asking
                .into_iter()
                .map(|answer| answer.join().unwrap())
                .collect()
        });
        let (going, refused): (Vec<_>, Vec<_>) =
            answers.into_iter().partition(|answer| answer.status == 201);
        assert_eq!((going.len(), refused.len()), (1, 99));
        assert!(refused.iter().all(|answer| answer.status == 401));
        me(&market, &going[0]).expect(200);
        refresh(&market, &going[0].text_at("/refreshToken")).expect(201);
    });
}

#[test]
fn people_see_themselves_and_change_their_name_and_their_mail() {
    on_each(|database| {
        let market = Market::open(database);
        let found = market.asker.get("/v1/me").expect(200);
        assert_eq!(found.text_at("/name"), "Ria de Vries");
        assert_eq!(found.text_at("/role"), "member");
        assert_eq!(found.text_at("/organisation/name"), "Zuid Doet Samen");
        assert_eq!(found.json()["wantsReminders"], json!(true));
        assert_eq!(found.json()["regions"], json!([]));

        let change = |body| market.asker.json("PATCH", "/v1/me", &body);
        let changed = change(json!({ "name": "Ria Bakker", "wantsReminders": false })).expect(200);
        assert_eq!(changed.text_at("/name"), "Ria Bakker");
        assert_eq!(changed.json()["wantsReminders"], json!(false));
        assert_eq!(change(json!({})).expect(200).text, changed.text);
        assert_eq!(market.asker.get("/v1/me").expect(200).text, changed.text);

        let refused = change(json!({ "name": " " })).expect(400);
        assert_eq!(refused.text_at("/errors/0/pointer"), "/name");
        for theirs in ["role", "email", "regions", "organisation", "id"] {
            change(json!({ theirs: "admin" })).expect(400);
        }
        let anyone = market.server.client();
        anyone.get("/v1/me").expect(401);
        anyone.json("PATCH", "/v1/me", &json!({})).expect(401);
        let giver = market.giver.get("/v1/me").expect(200);
        assert_eq!(giver.text_at("/email"), GIVER);
    });
}

/// An answer as a stranger sees it, without what differs each time: ids, moments, and the number of the request.
fn seen(answer: &Answer) -> String {
    let mut headers: Vec<String> = answer
        .headers
        .iter()
        .filter(|(name, _)| {
            !matches!(
                name.as_str(),
                "date" | "request-id" | "traceparent" | "ratelimit"
            )
        })
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    headers.sort();
    let whole = format!("{} {headers:?} {}", answer.status, answer.text);
    let mut plain = String::new();
    let mut rest = whole.as_str();
    while let Some(at) = rest.find(['_', 'T']) {
        let (before, after) = rest.split_at(at + 1);
        plain.push_str(before);
        let length = after
            .find(|sign: char| !(sign.is_ascii_hexdigit() || ":.".contains(sign)))
            .unwrap_or(after.len());
        plain.push_str(if length >= 8 { "…" } else { &after[..length] });
        rest = &after[length..];
    }
    plain + rest
}

#[test]
fn nobody_learns_from_an_answer_whether_an_address_is_known() {
    on_each(|database| {
        let market = Market::open(database);
        market.deliver();
        let letters = market.mailbox.count();
        let strange = ask(&market, "niemand@elders.example").expect(202);
        // Not confirmed yet, so no link goes there.
        let waiting = ask(&market, GIVER).expect(202);
        market.deliver();
        assert_eq!(market.mailbox.count(), letters);
        let known = ask(&market, COORDINATOR).expect(202);
        assert_eq!(seen(&known), seen(&strange));
        assert_eq!(seen(&waiting), seen(&strange));
        assert_eq!((&known.text, &waiting.text), (&strange.text, &strange.text));
        market.deliver();
        assert_eq!(market.mailbox.count(), letters + 1);
    });
}

#[test]
fn who_registers_a_known_address_gets_the_answer_of_a_new_one() {
    on_each(|database| {
        let market = Market::open(database);
        let anyone = market.server.client();
        confirm(&market, ASKER);
        let before = market.mailbox.letters_to(GIVER).len();
        let new = register(&anyone, "Buurt", "partner", "Bo", "bo@buurt.example").expect(201);
        let known = register(&anyone, "Buurt", "partner", "Bo", ASKER).expect(201);
        let waiting = register(&anyone, "Buurt", "partner", "Bo", GIVER).expect(201);
        assert_eq!(seen(&known), seen(&new));
        assert_eq!(seen(&waiting), seen(&new));
        assert_eq!(known.text.len(), new.text.len());
        market.deliver();
        let letter = market.mailbox.last_to(ASKER);
        assert!(letter.text().contains("al bekend"), "{}", letter.text());
        assert!(letter.text().contains("Ria") && !letter.text().contains("Bo,"));
        // Who had not confirmed yet is asked once more, for what they registered themselves.
        let letters = market.mailbox.letters_to(GIVER);
        assert_eq!(letters.len(), before + 1);
        assert!(letters[before].text().contains("Stimenz"));
        confirm(&market, GIVER);
    });
}

#[test]
fn a_stranger_who_asks_often_fills_nobodys_mailbox() {
    let settings = [
        ("SAMENSPEL_AUTH__LETTERS_PER_HOUR", "3"),
        ("SAMENSPEL_AUTH__ASKS_PER_HOUR", "10"),
    ];
    let database = crate::support::Database::sqlite();
    let mut market = Market::open_with(&database, &settings);
    market.go_to("2026-12-01T09:00:00Z");
    market.deliver();
    let before = market.mailbox.letters_to(COORDINATOR).len();
    let first = ask(&market, COORDINATOR).expect(202);
    assert_eq!(first.header("ratelimit-policy"), "\"asks\";q=10;w=3600");
    assert_eq!(first.header("ratelimit"), "\"asks\";r=9;t=360");
    for _ask in 0..4 {
        assert_eq!(seen(&ask(&market, COORDINATOR).expect(202)), seen(&first));
    }
    market.deliver();
    let after = market.mailbox.letters_to(COORDINATOR).len();
    assert_eq!(after - before, 3);

    for _ask in 0..5 {
        ask(&market, "niemand@elders.example").expect(202);
    }
    let refused = ask(&market, COORDINATOR).expect(429);
    assert_eq!(refused.header("content-type"), "application/problem+json");
    assert_eq!(refused.text_at("/code"), "too_often");
    let seconds: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=361).contains(&seconds), "{seconds}");
    let told = format!("\"asks\";r=0;t={seconds}");
    assert_eq!(refused.header("ratelimit"), told);
    register(
        &market.server.client(),
        "Nog een",
        "partner",
        "Bo",
        "bo@nieuw.example",
    )
    .expect(429);
    // A proxy that asks for somebody else is not counted with them.
    let elsewhere = [
        ("content-type", "application/json"),
        ("x-forwarded-for", "203.0.113.9"),
    ];
    let body = br#"{ "email": "niemand@elders.example" }"#;
    let client = market.server.client();
    client
        .send("POST", "/v1/login-links", &elsewhere, body)
        .expect(202);
    market.go_to("2026-12-01T10:00:00Z");
    log_in(&market, COORDINATOR);
}
