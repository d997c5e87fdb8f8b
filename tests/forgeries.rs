//! Bearer tokens that somebody else made: each is refused, all in the same words.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Value, json};

use crate::support::market::{ASKER, COORDINATOR};
use crate::support::sessions::log_in;
use crate::support::{Market, on_each};

/// What the server under test signs with.
const SECRET: &str = "een geheim van ruim tweeendertig tekens";

/// Who knows what a real token holds, and signs as they like.
struct Forger {
    genuine: String,
    header: Value,
    claims: Value,
}

impl Forger {
    fn with(genuine: &str) -> Self {
        let parts: Vec<Value> = genuine
            .split('.')
            .take(2)
            .map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap())
            .collect();
        Self {
            genuine: genuine.to_owned(),
            header: parts[0].clone(),
            claims: parts[1].clone(),
        }
    }

    /// Another value, or none, for a field of the header.
    fn header(&self, name: &str, value: &Value) -> String {
        let header = changed(&self.header, name, value);
        signed(&header, &self.claims, Algorithm::HS256, SECRET)
    }

    /// Another value, or none, for a claim; signed with the right secret.
    fn claim(&self, name: &str, value: &Value) -> String {
        let claims = changed(&self.claims, name, value);
        signed(&self.header, &claims, Algorithm::HS256, SECRET)
    }
}

/// An object with another value for a field; null takes it out, `"null"` makes it null.
fn changed(object: &Value, name: &str, value: &Value) -> Value {
    let mut object = object.clone();
    let fields = object.as_object_mut().unwrap();
    match value {
        Value::Null => drop(fields.remove(name)),
        Value::String(text) if text == "null" => drop(fields.insert(name.to_owned(), Value::Null)),
        other => drop(fields.insert(name.to_owned(), other.clone())),
    }
    object
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn signed(header: &Value, claims: &Value, algorithm: Algorithm, secret: &str) -> String {
    let message = format!("{}.{}", encoded(header), encoded(claims));
    let key = EncodingKey::from_secret(secret.as_bytes());
    let signature = crypto::sign(message.as_bytes(), &key, algorithm).unwrap();
    format!("{message}.{signature}")
}

/// Headers that lie about how the token is signed, what it is, or with which key.
fn of_headers(forger: &Forger) -> Vec<String> {
    let mut forged = Vec::new();
    for none in ["none", "None", "NONE", "nOnE"] {
        let header = changed(&forger.header, "alg", &json!(none));
        let message = format!("{}.{}", encoded(&header), encoded(&forger.claims));
        let signature = forger.genuine.rsplit('.').next().unwrap();
        forged.extend([format!("{message}."), format!("{message}.{signature}")]);
    }
    for (name, algorithm) in [("HS384", Algorithm::HS384), ("HS512", Algorithm::HS512)] {
        let header = changed(&forger.header, "alg", &json!(name));
        forged.push(signed(&header, &forger.claims, algorithm, SECRET));
        forged.push(forger.header("alg", &json!(name)));
    }
    for name in ["RS256", "PS256", "ES256", "EdDSA", "hs256", "HS-256", ""] {
        forged.push(forger.header("alg", &json!(name)));
    }
    forged.push(forger.header("alg", &Value::Null));
    for kind in [
        json!("JWT"),
        json!("rt+jwt"),
        json!("dpop+jwt"),
        json!(""),
        json!("null"),
        json!(1),
        Value::Null,
    ] {
        forged.push(forger.header("typ", &kind));
    }
    let keys = [
        json!("0000000000000000"),
        json!(""),
        json!("../../../dev/null"),
        json!("' OR '1'='1"),
        json!("null"),
        json!(["a"]),
        json!(7),
        Value::Null,
    ];
    forged.extend(keys.iter().map(|key| forger.header("kid", key)));
    forged.push(forger.header("crit", &json!(["exp"])));
    forged
}

/// Claims that are missing or wrong, under a signature that is right.
fn of_claims(forger: &Forger, now: i64) -> Vec<String> {
    let mut forged: Vec<String> = ["sub", "iss", "aud", "exp", "nbf", "iat", "jti"]
        .iter()
        .flat_map(|name| {
            [
                forger.claim(name, &Value::Null),
                forger.claim(name, &json!("null")),
            ]
        })
        .collect();
    let nobody = format!("mem_{}", "0".repeat(32));
    let organisation = forger.claims["sub"]
        .as_str()
        .unwrap()
        .replace("mem_", "org_");
    for (name, value) in [
        ("iss", json!("https://elders.example")),
        (
            "iss",
            json!(format!("{}/", forger.claims["iss"].as_str().unwrap())),
        ),
        ("iss", json!("")),
        ("aud", json!("een-ander")),
        ("aud", json!([])),
        ("aud", json!(["samenspel-api", "een-ander"])),
        ("exp", json!(now - 60)),
        ("exp", json!(0)),
        ("exp", json!(-1)),
        ("exp", json!("morgen")),
        ("exp", json!(1e300)),
        ("nbf", json!(now + 3_600)),
        ("nbf", json!("gisteren")),
        ("iat", json!({})),
        ("sub", json!(nobody)),
        ("sub", json!(organisation)),
        ("sub", json!("mem_1")),
        ("sub", json!("' OR '1'='1")),
        ("sub", json!("")),
        ("sub", json!(1)),
        ("sid", json!(format!("ses_{}", "0".repeat(32)))),
        ("sid", json!("ses_1")),
        ("sid", json!("")),
        ("sid", json!(1)),
    ] {
        forged.push(forger.claim(name, &value));
    }
    forged
}

/// Tokens that are cut, bent, sewn together, or signed by somebody else.
fn of_forms(forger: &Forger, other: &str) -> Vec<String> {
    let whole = &forger.genuine;
    let parts: Vec<&str> = whole.split('.').collect();
    let (head, body, seal) = (parts[0], parts[1], parts[2]);
    let others: Vec<&str> = other.split('.').collect();
    let mut forged: Vec<String> = [
        "a strange secret of more than 32 characters",
        "",
        "samenspel",
        forger.header["kid"].as_str().unwrap(),
        forger.claims["iss"].as_str().unwrap(),
    ]
    .iter()
    .map(|secret| signed(&forger.header, &forger.claims, Algorithm::HS256, secret))
    .collect();
    let first = if seal.starts_with('A') { 'B' } else { 'A' };
    forged.extend([
        whole[..whole.len() - 1].to_owned(),
        whole[..whole.len() / 2].to_owned(),
        format!("{head}.{body}."),
        format!("{head}.{body}"),
        format!("{head}..{seal}"),
        format!(".{body}.{seal}"),
        "..".to_owned(),
        format!("{whole}."),
        format!(".{whole}"),
        format!("{whole}.{seal}"),
        format!("{whole}.{body}.{seal}"),
        format!("{whole}="),
        format!("{head}=.{body}.{seal}"),
        format!("{head}.{body}.{first}{}", &seal[1..]),
        format!("{body}.{head}.{seal}"),
        format!("{head}.{}.{seal}", others[1]),
        format!("{head}.{body}.{}", others[2]),
        format!("{head}.{}.{seal}", encoded(&json!([]))),
        format!("{head}.!!!.{seal}"),
        format!("{}.{body}.{seal}", URL_SAFE_NO_PAD.encode("{")),
        signed(&json!([]), &forger.claims, Algorithm::HS256, SECRET),
        signed(&forger.header, &json!("x"), Algorithm::HS256, SECRET),
        "null".to_owned(),
        "x".to_owned(),
        "x".repeat(6_000),
        format!("{head}.{}.{seal}", "A".repeat(6_000)),
        ".".repeat(1_000),
    ]);
    forged
}

#[test]
fn every_forged_token_is_refused_in_the_same_words() {
    on_each(|database| {
        let market = Market::open(database);
        let anyone = market.server.client();
        let session = log_in(&market, COORDINATOR).text_at("/accessToken");
        let unbound = market.server.run(&["token", "issue", "--email", ASKER]);
        let now = chrono::Utc::now().timestamp();
        let mut refused = Vec::new();
        for (genuine, other) in [(&session, &unbound), (&unbound, &session)] {
            let forger = Forger::with(genuine);
            // What the forger signs is as good as a real one, so each refusal has its own cause.
            let copy = signed(&forger.header, &forger.claims, Algorithm::HS256, SECRET);
            anyone.with_token(&copy).get("/v1/me").expect(200);
            let mut forged = of_headers(&forger);
            forged.extend(of_claims(&forger, now));
            forged.extend(of_forms(&forger, other));
            // The session of somebody else.
            let theirs = Forger::with(&session).claims["sid"].clone();
            let member = Forger::with(&unbound).claims["sub"].clone();
            let moved = changed(&changed(&forger.claims, "sid", &theirs), "sub", &member);
            forged.push(signed(&forger.header, &moved, Algorithm::HS256, SECRET));
            assert!(forged.len() >= 60, "{}", forged.len());
            for token in forged {
                let answer = anyone.with_token(&token).get("/v1/me");
                assert_eq!(answer.status, 401, "{token}");
                assert_eq!(answer.header("www-authenticate"), "Bearer");
                refused.push(answer.text);
            }
        }
        for header in ["Basic cmlhOng=", "Bearer", "Bearer ", "Token x", ""] {
            let answer = anyone.send("GET", "/v1/me", &[("authorization", header)], b"");
            assert_eq!(answer.status, 401, "{header:?}");
            refused.push(answer.text);
        }
        let nobody = anyone.get("/v1/me").expect(401).text;
        assert!(refused.iter().all(|text| *text == nobody));
    });
}
