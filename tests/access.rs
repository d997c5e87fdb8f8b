//! Who may do what: every operation of the contract, for every role, on what is theirs, what is of another and what is
//! not there.

mod policy;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::market;
use crate::support::posts::newcomer;
use crate::support::{Answer, Client, Market};
use policy::{Policy, ROWS, Row, body};

/// Somebody who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Anyone,
    /// Whoever placed it.
    Owner,
    /// Another member of the same organisation.
    Colleague,
    /// A member of an organisation that has nothing to do with it.
    Outsider,
    Coordinator,
    /// A coordinator of regions in which nothing of the owner's lies.
    Elsewhere,
    Admin,
}

const ROLES: [Role; 7] = [
    Role::Anyone,
    Role::Owner,
    Role::Colleague,
    Role::Outsider,
    Role::Coordinator,
    Role::Elsewhere,
    Role::Admin,
];

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Thing {
    /// It is there: of the owner's organisation, so foreign to the outsider.
    There,
    /// Nothing has this id.
    Missing,
}

/// The people, each as a client.
struct People {
    market: Market,
    colleague: Client,
    outsider: Client,
    elsewhere: Client,
    admin: Client,
}

impl People {
    fn gather() -> Self {
        let market = Market::on_sqlite();
        let add = |email: &str, organisation: &str, role: &[&str]| {
            added(&market, email, organisation, role)
        };
        let colleague = add("collega@zuid.example", "Zuid Doet Samen", &["member"]);
        let admin = add("beheer@coalitie.example", "Coalitie", &["admin"]);
        let outsider = add("ander@elders.example", "Elders", &["member"]);
        let limburg = ["coordinator", "--region", "Limburg"];
        let elsewhere = add("limburg@coalitie.example", "Coalitie", &limburg);
        Self {
            colleague,
            elsewhere,
            outsider,
            admin,
            market,
        }
    }

    fn client(&self, role: Role) -> Client {
        match role {
            Role::Anyone => self.market.server.client(),
            Role::Owner => self.market.asker.clone(),
            Role::Colleague => self.colleague.clone(),
            Role::Outsider => self.outsider.clone(),
            Role::Coordinator => self.market.coordinator.clone(),
            Role::Elsewhere => self.elsewhere.clone(),
            Role::Admin => self.admin.clone(),
        }
    }

    /// The id of something new of the kind an address is about, that belongs to the owner.
    fn new_thing(&self, address: &str) -> String {
        let place = |client: &Client, list: &str, body: &Value| {
            client.post(list, body).expect(201).text_at("/id")
        };
        let asker = &self.market.asker;
        let request = || place(asker, "/v1/requests", &market::request());
        match address.split('/').nth(1).unwrap() {
            "requests" => request(),
            "offers" => place(asker, "/v1/offers", &market::offer()),
            "organisations" => self.owner_organisation(),
            "subscriptions" => {
                // There is a most that somebody may have.
                let before = asker.get("/v1/subscriptions").expect(200).json();
                for one in before["items"].as_array().unwrap() {
                    let path = format!("/v1/subscriptions/{}", one["id"].as_str().unwrap());
                    asker.send("DELETE", &path, &[], b"").expect(204);
                }
                let follow = json!({ "kinds": ["requests"] });
                place(asker, "/v1/subscriptions", &follow)
            }
            "match-runs" => {
                // One run goes on at a time; the one that is there serves as well.
                let begun = self.market.coordinator.post("/v1/match-runs", &Value::Null);
                assert!(matches!(begun.status, 202 | 409), "{}", begun.text);
                let runs = self.market.coordinator.get("/v1/match-runs").expect(200);
                runs.text_at("/items/0/id")
            }
            "matches" => {
                place(&self.market.giver, "/v1/offers", &market::offer());
                let proposed = format!("/v1/requests/{}/matches", request());
                let proposed = self.market.coordinator.get(&proposed).expect(200);
                proposed.text_at("/items/0/id")
            }
            "outbox" => {
                let login = json!({ "email": "zuid@voorbeeld.example" });
                let anyone = self.market.server.client();
                anyone.post("/v1/login-links", &login).expect(202);
                let letters = self.market.coordinator.get("/v1/outbox").expect(200);
                letters.text_at("/items/0/id")
            }
            other => panic!("nothing new can be made for {other}"),
        }
    }

    /// The id of a member of the owner's organisation whom nobody misses.
    fn new_colleague(&self) -> String {
        let email = format!("weg{}@zuid.example", uuid::Uuid::now_v7().simple());
        let new = added(&self.market, &email, "Zuid Doet Samen", &["member"]);
        new.get("/v1/me").expect(200).text_at("/id")
    }

    /// A member nobody else is.
    fn somebody_new(&self) -> Client {
        let email = format!("nieuw{}@elders.example", uuid::Uuid::now_v7().simple());
        newcomer(&self.market, &email).0
    }

    fn owner_organisation(&self) -> String {
        let found = self.market.server.client().get("/v1/organisations");
        let found = found.expect(200).json();
        let items = found["items"].as_array().unwrap();
        let own = items.iter().find(|each| each["name"] == "Zuid Doet Samen");
        own.unwrap()["id"].as_str().unwrap().to_owned()
    }
}

/// Somebody who was added to an organisation by hand; `role` may be followed by options.
fn added(market: &Market, email: &str, organisation: &str, role: &[&str]) -> Client {
    let who = ["--email", email, "--name", "Iemand"];
    let place = ["--organisation", organisation, "--role"];
    let typed = [&["member", "add"], &who[..], &place, role].concat();
    market.server.run(&typed);
    market.server.client_of(email)
}

/// The status that keeps somebody out; nothing for who is let in.
fn kept_out(policy: Policy, role: Role, thing: Thing) -> Option<u16> {
    let needs_member = !matches!(policy, Policy::Everybody | Policy::Bearer | Policy::Secret);
    let coordinates = matches!(role, Role::Coordinator | Role::Elsewhere | Role::Admin);
    match policy {
        _ if needs_member && role == Role::Anyone => Some(401),
        Policy::Coordinator | Policy::Regional if !coordinates => Some(403),
        Policy::Everywhere if !coordinates || role == Role::Elsewhere => Some(403),
        Policy::Secret => Some(401),
        Policy::Bearer | Policy::Session => Some(404),
        _ if thing == Thing::Missing => Some(404),
        Policy::Owner | Policy::Sides if role == Role::Outsider => Some(404),
        Policy::Owner | Policy::Regional if role == Role::Elsewhere => Some(404),
        Policy::Sides if coordinates => Some(404),
        Policy::Myself if role != Role::Owner => Some(404),
        _ => None,
    }
}

fn ask(people: &People, row: &Row, role: Role, thing: Thing) -> Answer {
    let (method, address, ..) = row;
    let address = &match address.contains("{memberId}") {
        true => address.replace("{memberId}", &people.new_colleague()),
        false => (*address).to_owned(),
    };
    let path = match thing {
        _ if address.contains("{report}") => address.replace("{report}", "overview"),
        _ if address.contains("{token}") => address.replace("{token}", &"a".repeat(43)),
        Thing::There if address.contains("{id}") => {
            address.replace("{id}", &people.new_thing(address))
        }
        Thing::There => address.to_owned(),
        Thing::Missing => {
            let kind = address.split('/').nth(1).unwrap();
            let prefix = match kind {
                "match-runs" => "run",
                "outbox" => "del",
                kind => kind.get(..3).unwrap(),
            };
            address.replace(
                "{id}",
                &format!("{prefix}_019ab3c4d5e67f8091a2b3c4d5e6f708"),
            )
        }
    };
    let client = match (*method, address.as_str(), role) {
        // Who is erased is nobody any more, so it is somebody new each time.
        ("DELETE", "/me", role) if role != Role::Anyone => people.somebody_new(),
        _ => people.client(role),
    };
    match *method {
        "GET" | "DELETE" => client.send(method, &format!("/v1{path}"), &[], b""),
        "POST" if address == "/matches" => {
            let [request, offer] = ["/requests", "/offers"].map(|kind| people.new_thing(kind));
            let pair = json!({ "requestId": request, "offerId": offer });
            client.post("/v1/matches", &pair)
        }
        _ => client.json(method, &format!("/v1{path}"), &body(row)),
    }
}

#[test]
fn everybody_may_do_what_the_table_says_and_nothing_else() {
    let people = People::gather();
    let (mut checked, mut wrong) = (0, Vec::new());
    for row in ROWS {
        let (method, address, policy, _) = row;
        let things: &[Thing] = match address.contains("{id}") {
            true => &[Thing::There, Thing::Missing],
            false => &[Thing::There],
        };
        for (role, thing) in ROLES
            .iter()
            .flat_map(|role| things.iter().map(|thing| (*role, *thing)))
        {
            let answer = ask(&people, row, role, thing);
            let expected = kept_out(*policy, role, thing);
            let is_out = matches!(answer.status, 401 | 403 | 404).then_some(answer.status);
            checked += 1;
            if is_out != expected || answer.status >= 500 {
                wrong.push(format!(
                    "{method} {address} {role:?} {thing:?}: {} instead of {expected:?}",
                    answer.status
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    println!(
        "{} operations, {} roles, {checked} times asked",
        ROWS.len(),
        ROLES.len()
    );
}

#[test]
fn foreign_and_absent_are_answered_with_the_same_bytes() {
    let people = People::gather();
    for row in ROWS
        .iter()
        .filter(|(_, address, ..)| address.contains("{id}"))
    {
        let foreign: &[Role] = match row.2 {
            Policy::Owner => &[Role::Outsider, Role::Elsewhere],
            Policy::Sides | Policy::Myself => &[Role::Outsider],
            Policy::Regional => &[Role::Elsewhere],
            _ => &[],
        };
        for role in foreign {
            let there = ask(&people, row, *role, Thing::There);
            let missing = ask(&people, row, *role, Thing::Missing);
            assert_eq!(there.text, missing.text, "{} {} {role:?}", row.0, row.1);
        }
    }
}

#[test]
fn every_operation_of_the_contract_has_a_row() {
    let market = Market::on_sqlite();
    let contract = market
        .server
        .client()
        .get("/v1/openapi.json")
        .expect(200)
        .json();
    let mut described = BTreeSet::new();
    for (path, operations) in contract["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            if ["get", "post", "patch", "put", "delete"].contains(&method.as_str()) {
                described.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    let stated = ROWS
        .iter()
        .map(|(method, path, ..)| format!("{method} {path}"))
        .collect();
    assert_eq!(described, stated);
}
