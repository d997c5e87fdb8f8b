//! What is logged: one JSON line for each event, with the id of the request, and nothing of anybody.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use serde_json::{Value, json};

use crate::support::market::{self, register};
use crate::support::{Client, Market, ended, on_each, signal};

/// Everything our own code can say.
const TALKATIVE: &str = "warn,samenspel=trace,app=trace,domain=trace,mail=trace,matching=trace,regions=trace,store=trace,web=trace";

/// Stands in every name, address and text of this story.
const CANARY: &str = "kanarie";

/// A second server on the database of a market, which says all it can to a file.
struct Talker {
    process: Child,
    base: String,
}

impl Talker {
    fn start(market: &Market, log: &Path) -> Self {
        let mut process = market
            .server
            .command(&["serve", "--listen", "127.0.0.1:0"])
            .env("RUST_LOG", TALKATIVE)
            .env("SAMENSPEL_LOG", "json")
            .stdout(Stdio::piped())
            .stderr(File::create(log).unwrap())
            .spawn()
            .unwrap();
        let mut first = String::new();
        let mut out = BufReader::new(process.stdout.take().unwrap());
        out.read_line(&mut first).unwrap();
        let base = first.split_whitespace().last().unwrap().to_owned();
        Self { process, base }
    }

    fn client(&self) -> Client {
        Client::new(&self.base)
    }
}

impl Drop for Talker {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Runs a command that says all it can; what it said.
fn talk(market: &Market, arguments: &[&str]) -> String {
    let mut command = market.server.command(arguments);
    command
        .env("RUST_LOG", TALKATIVE)
        .env("SAMENSPEL_LOG", "json");
    let output = command.output().unwrap();
    String::from_utf8(output.stderr).unwrap()
}

/// Two organisations register and are verified; clients and addresses of their people.
fn join(
    market: &Market,
    coordinator: &Client,
    anyone: &Client,
    secrets: &mut Vec<String>,
) -> Vec<(Client, String)> {
    let mut people = Vec::new();
    for (number, kind) in [(1, "initiative"), (2, "partner")] {
        let email = format!("{CANARY}{number}@{CANARY}.example");
        let name = format!("Buurt {CANARY} {number}");
        let person = format!("Kanarie{number} van {CANARY}");
        let registered = register(anyone, &name, kind, &person, &email).expect(201);
        let path = format!(
            "/v1/organisations/{}/verifications",
            registered.text_at("/organisation/id")
        );
        let approve = json!({ "decision": "approve" });
        coordinator.post(&path, &approve).expect(201);
        let token = market.server.run(&["token", "issue", "--email", &email]);
        people.push((anyone.with_token(&token), email));
        secrets.push(token);
    }
    people
}

/// They ask and offer, and are introduced to each other.
fn introduce(
    market: &Market,
    coordinator: &Client,
    anyone: &Client,
    people: &[(Client, String)],
    (said, secrets): (&mut String, &mut Vec<String>),
) {
    let with_canary = |mut post: Value| {
        post["title"] = json!(format!("Ruimte voor {CANARY} en anderen"));
        post["body"] = json!(format!(
            "Elke dinsdag koken wij met {CANARY} voor veertig buren in de wijk."
        ));
        post
    };
    people[1]
        .0
        .post("/v1/offers", &with_canary(market::offer()))
        .expect(201);
    let request = people[0]
        .0
        .post("/v1/requests", &with_canary(market::request()))
        .expect(201);
    let found = coordinator
        .get(&format!("/v1/requests/{}/matches", request.text_at("/id")))
        .expect(200);
    let review = format!("/v1/matches/{}/reviews", found.text_at("/items/0/id"));
    let approve = json!({ "decision": "approve", "reason": "good_fit", "note": CANARY });
    // Several workers deliver at once: what was written earlier goes first, so that the invitation is the last.
    said.push_str(&talk(market, &["outbox", "deliver", "--once"]));
    coordinator.post(&review, &approve).expect(201);
    said.push_str(&talk(market, &["outbox", "deliver", "--once"]));
    for (_, email) in people {
        let token = market.mailbox.last_to(email).token("/toestemming");
        anyone.get(&format!("/toestemming/{token}")).expect(200);
        let yes = json!({ "answer": "yes" });
        anyone
            .post(&format!("/v1/consents/{token}"), &yes)
            .expect(200);
        secrets.push(token);
    }
    said.push_str(&talk(market, &["outbox", "deliver", "--once"]));
}

/// What is refused, put off, or not understood is where programs tend to say too much.
fn stumble(market: &Market, anyone: &Client, said: &mut String) {
    for odd in [
        format!("weiger-{CANARY}@nergens.example"),
        format!("later-{CANARY}@nergens.example"),
    ] {
        register(anyone, "Nieuw", "partner", CANARY, &odd).expect(201);
    }
    register(anyone, CANARY, CANARY, "", CANARY).expect(400);
    anyone
        .send(
            "POST",
            "/v1/registrations",
            &[("content-type", "application/json")],
            CANARY.as_bytes(),
        )
        .expect(400);
    anyone.get(&format!("/vragen?q={CANARY}")).expect(200);
    anyone.get(&format!("/{CANARY}")).expect(404);
    anyone.with_token(CANARY).get("/v1/matches").expect(401);
    said.push_str(&talk(market, &["outbox", "deliver", "--once"]));
    said.push_str(&talk(market, &["run", "--once"]));
    said.push_str(&talk(market, &["rematch"]));
}

#[test]
fn a_whole_introduction_leaves_nothing_of_anybody_in_the_logs() {
    on_each(|database| {
        let market = Market::open(database);
        market.deliver();
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let mut talker = Talker::start(&market, &log);
        let mut said = String::new();
        let mut secrets = vec![market.server.run(&[
            "token",
            "issue",
            "--email",
            market::COORDINATOR,
        ])];
        let anyone = talker.client();
        let coordinator = anyone.with_token(&secrets[0]);
        let people = join(&market, &coordinator, &anyone, &mut secrets);
        introduce(
            &market,
            &coordinator,
            &anyone,
            &people,
            (&mut said, &mut secrets),
        );
        stumble(&market, &anyone, &mut said);
        signal(&talker.process, "TERM");
        ended(&mut talker.process);
        said.push_str(&std::fs::read_to_string(&log).unwrap());

        let events: Vec<Value> = said
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
            .collect();
        let answered: Vec<&Value> = events
            .iter()
            .filter(|event| event["fields"]["message"] == "answered")
            .collect();
        assert!(answered.len() > 15, "{} answers", answered.len());
        for event in &answered {
            assert_eq!(
                event["span"]["request.id"].as_str().map(str::len),
                Some(32),
                "{event}"
            );
        }
        let has = |message: &str| {
            events
                .iter()
                .any(|event| event["fields"]["message"] == message)
        };
        assert!(has("a letter was not taken"), "what goes wrong is logged");

        let lower = said.to_lowercase();
        for line in lower.lines() {
            assert!(!line.contains(CANARY), "{line}");
        }
        for secret in &secrets {
            assert!(!said.contains(secret.as_str()), "a token is in the logs");
        }
        // The story itself did happen, with those names.
        let letters = market.mailbox.letters();
        assert!(
            letters
                .iter()
                .any(|letter| letter.text().to_lowercase().contains(CANARY))
        );
    });
}
