//! Which bearer tokens hold: the one that was issued, and none that was made or changed by somebody else.

use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use store::Opening;
use tempfile::TempDir;

use super::*;
use crate::accounts::MemberFields;
use crate::clock::Clock;
use crate::config::Config;

const SECRET: &str = "een geheim van meer dan tweeendertig tekens";

/// An app with one member, and the folder its database is in.
async fn app() -> (App, MemberId, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let (app, member) = app_in(&folder, SECRET, &[]).await;
    (app, member, folder)
}

/// The app on the database in a folder, with this secret and those that signed before; and its member.
async fn app_in(folder: &TempDir, secret: &str, previous: &[&str]) -> (App, MemberId) {
    let mut config = Config::load(None).unwrap();
    config.database.url = folder.path().join("market.sqlite").display().to_string();
    config.auth.secret = secret.to_owned().into();
    config.auth.previous_secrets = previous.iter().map(|text| (*text).into()).collect();
    let clock = Clock::manual("2026-12-01T09:00:00Z".parse().unwrap());
    let app = App::open(config, Opening::MayCreate, clock).await.unwrap();
    let ria = "ria@buurt.example".parse().unwrap();
    let known = app
        .db()
        .read(move |conn| store::members::find_by_email(conn, &ria));
    let member = match known.await.unwrap() {
        Some(member) => member,
        None => app
            .add_member(MemberFields {
                name: "Ria".to_owned(),
                email: "ria@buurt.example".to_owned(),
                organisation: "Buurt".to_owned(),
                ..MemberFields::default()
            })
            .await
            .unwrap(),
    };
    (app, member.id)
}

fn claims(app: &App, member: MemberId) -> Value {
    let now = app.now().timestamp();
    json!({
        "sub": member.to_string(),
        "iss": app.config().http.public_url,
        "aud": AUDIENCE,
        "exp": now + 600,
        "nbf": now,
        "iat": now,
        "jti": "1",
    })
}

fn signed(algorithm: Algorithm, kind: Option<&str>, claims: &Value, secret: &str) -> String {
    let header = Header {
        typ: kind.map(str::to_owned),
        kid: Some(key_id(SECRET)),
        ..Header::new(algorithm)
    };
    jsonwebtoken::encode(
        &header,
        claims,
        &EncodingKey::from_secret(secret.as_bytes()),
    )
    .unwrap()
}

async fn holds(app: &App, token: &str) -> bool {
    app.viewer(Some(token)).await.is_ok()
}

#[tokio::test]
async fn an_issued_token_holds_until_it_ends() {
    let (app, member, _folder) = app().await;
    let (token, end) = app.issue_token("RIA@buurt.example").await.unwrap();
    let viewer = app.viewer(Some(&token)).await.unwrap();
    assert_eq!(viewer.member().unwrap().id, member);
    app.0.clock.set(end + TimeDelta::seconds(LEEWAY));
    assert!(!holds(&app, &token).await);
}

#[tokio::test]
async fn a_token_that_was_made_or_changed_by_somebody_else_does_not_hold() {
    let (app, member, _folder) = app().await;
    let good = claims(&app, member);
    assert!(holds(&app, &signed(Algorithm::HS256, Some(TYPE), &good, SECRET)).await);

    let now = app.now().timestamp();
    let with = |name: &str, value: Value| {
        let mut changed = good.clone();
        changed[name] = value;
        changed
    };
    let without = |name: &str| {
        let mut changed = good.clone();
        changed.as_object_mut().unwrap().remove(name);
        changed
    };
    let mut forged = vec![
        signed(
            Algorithm::HS256,
            Some(TYPE),
            &good,
            "een ander geheim van meer dan 32 tekens",
        ),
        signed(Algorithm::HS384, Some(TYPE), &good, SECRET),
        signed(Algorithm::HS512, Some(TYPE), &good, SECRET),
        signed(Algorithm::HS256, Some("JWT"), &good, SECRET),
        signed(Algorithm::HS256, None, &good, SECRET),
    ];
    for claims in [
        with("iss", json!("https://elders.example")),
        with("aud", json!("een-ander")),
        with("exp", json!(now - 60)),
        with("nbf", json!(now + 3_600)),
        with("sub", json!("mem_1")),
        with("sub", json!(MemberId::new(app.now()).to_string())),
        with("exp", json!("morgen")),
    ] {
        forged.push(signed(Algorithm::HS256, Some(TYPE), &claims, SECRET));
    }
    for name in ["sub", "iss", "aud", "exp", "nbf", "jti"] {
        forged.push(signed(Algorithm::HS256, Some(TYPE), &without(name), SECRET));
    }
    let honest = signed(Algorithm::HS256, Some(TYPE), &good, SECRET);
    let parts: Vec<&str> = honest.split('.').collect();
    let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"at+jwt"}"#);
    forged.extend([
        String::new(),
        "x".to_owned(),
        "x.y.z".to_owned(),
        format!("{none}.{}.", parts[1]),
        format!("{none}.{}.{}", parts[1], parts[2]),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}", parts[0], parts[1]),
        format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode("{}"), parts[2]),
    ]);
    for token in &forged {
        assert!(!holds(&app, token).await, "{token}");
    }
}

#[tokio::test]
async fn a_token_signed_by_the_secret_of_before_holds_while_that_is_known() {
    let (app, _, folder) = app().await;
    let (old, _) = app.issue_token("ria@buurt.example").await.unwrap();
    drop(app);
    let newer = "een nieuw geheim van ruim dertig tekens";
    let (app, _) = app_in(&folder, newer, &[SECRET]).await;
    assert!(holds(&app, &old).await);
    let (new, _) = app.issue_token("ria@buurt.example").await.unwrap();
    drop(app);
    let (app, _) = app_in(&folder, newer, &[]).await;
    assert!(holds(&app, &new).await, "the newest secret signs");
    assert!(!holds(&app, &old).await);
}

#[test]
fn random_text_is_long_enough_and_its_hash_is_not_it() {
    let (one, other) = (random_text(), random_text());
    assert_ne!(one, other);
    assert_eq!(one.len(), 43);
    assert_eq!(hash(&one).len(), 64);
    assert_ne!(hash(&one), hash(&other));
}
