//! Match runs: what a full rematch looked at is kept, so that it can be done again and signed off.

use serde_json::{Value, json};

use crate::support::{Database, Market, market, on_each, until};

/// A threshold nothing reaches, so that only a run with other weights proposes.
const NOTHING: (&str, &str) = ("SAMENSPEL_MATCHING__WEIGHTS__PROPOSAL_THRESHOLD", "1.0");

/// The same setting with a value that a fit reaches.
const SOMETHING: (&str, &str) = ("SAMENSPEL_MATCHING__WEIGHTS__PROPOSAL_THRESHOLD", "0.3");

/// Three requests, an offer that fits, one that does not reach them, and one of who asks.
fn market_with_posts(database: &Database) -> Market {
    let market = Market::open_with(database, &[NOTHING]);
    for title in [
        "Ruimte gezocht om te koken",
        "Keuken gezocht",
        "Zaal voor de wijkmaaltijd",
    ] {
        let mut request = market::request();
        request["title"] = json!(title);
        market.asker.post("/v1/requests", &request).expect(201);
    }
    let mut offer = market::offer();
    offer["capacity"] = json!(3);
    market.giver.post("/v1/offers", &offer).expect(201);
    market.asker.post("/v1/offers", &offer).expect(201);
    offer["reach"] = json!(["Drenthe"]);
    market.giver.post("/v1/offers", &offer).expect(201);
    market
}

/// Runs a full rematch with weights that propose; what it printed.
fn rematch(market: &Market) -> Value {
    let mut command = market.server.command(&["rematch", "--json"]);
    let output = command.env(SOMETHING.0, SOMETHING.1).output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The exit code of a replay, and what it said.
fn replay(market: &Market, run: &str) -> (Option<i32>, String) {
    let output = market
        .server
        .command(&["rematch", "--replay", run])
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

#[track_caller]
fn is_the_same(market: &Market, run: &str) {
    let (code, said) = replay(market, run);
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("precies hetzelfde: 3 voorstellen en 3 koppelingen"),
        "{said}"
    );
}

#[test]
fn a_run_is_kept_with_what_it_proposed_and_what_each_gate_refused() {
    on_each(|database| {
        let market = market_with_posts(database);
        let done = rematch(&market);
        assert_eq!(
            (&done["requests"], &done["offers"], &done["proposed"]),
            (&json!(3), &json!(3), &json!(3))
        );
        let path = format!("/v1/match-runs/{}", done["run"].as_str().unwrap());
        let run = market.coordinator.get(&path).expect(200).json();
        for (field, value) in [
            ("state", json!("finished")),
            ("begunBy", json!("itself")),
            ("requests", json!(3)),
            ("offers", json!(3)),
            ("proposed", json!(3)),
            ("kept", json!(3)),
            ("passed", json!(3)),
            ("refused", json!({ "outOfReach": 3, "sameOrganisation": 3 })),
            ("signedBy", Value::Null),
        ] {
            assert_eq!(run[field], value, "{field}");
        }
        assert_eq!(run["weights"]["proposal_threshold"], 0.3);
        for (proposal, id) in run["proposals"]
            .as_array()
            .unwrap()
            .iter()
            .zip(run["matches"].as_array().unwrap())
        {
            let found = format!("/v1/matches/{}", id.as_str().unwrap());
            let found = market.coordinator.get(&found).expect(200).json();
            assert_eq!(found["request"]["id"], proposal["requestId"]);
            assert_eq!(found["offer"]["id"], proposal["offerId"]);
            assert_eq!(found["score"], proposal["score"]);
        }
        let again = rematch(&market);
        let path = format!("/v1/match-runs/{}", again["run"].as_str().unwrap());
        let run = market.coordinator.get(&path).expect(200).json();
        assert_eq!(run["proposed"], 0);
        assert_eq!(
            run["refused"],
            json!({ "declinedBefore": 3, "outOfReach": 3, "sameOrganisation": 3 })
        );
    });
}

/// Ways to tamper with what is stored, how each is undone, and what a replay says meanwhile.
const TAMPERED: [(&str, &str, &str); 5] = [
    (
        "UPDATE match_runs SET proposals = proposals || ' '",
        "UPDATE match_runs SET proposals = rtrim(proposals)",
        "bewaarde voorstellen",
    ),
    (
        "UPDATE match_runs SET gated = replace(gated, '3', '4')",
        "UPDATE match_runs SET gated = replace(gated, '4', '3')",
        "bewaarde weigeringen",
    ),
    (
        "UPDATE match_runs SET weights = replace(weights, '0.3,', '0.31,')",
        "UPDATE match_runs SET weights = replace(weights, '0.31,', '0.3,')",
        "bewaarde gegevens",
    ),
    (
        "UPDATE match_runs SET inputs = replace(inputs, 'Keuken gezocht', 'Tuin gezocht')",
        "UPDATE match_runs SET inputs = replace(inputs, 'Tuin gezocht', 'Keuken gezocht')",
        "bewaarde voorstellen",
    ),
    (
        "UPDATE matches SET explanation = explanation || ' ' WHERE state = 'rejected'",
        "UPDATE matches SET explanation = rtrim(explanation)",
        "Een koppeling uit deze ronde",
    ),
];

#[test]
fn a_run_replays_to_the_last_byte_whatever_changed_since() {
    on_each(|database| {
        let market = market_with_posts(database);
        let run = rematch(&market)["run"].as_str().unwrap().to_owned();
        is_the_same(&market, &run);

        let queue = market
            .coordinator
            .get("/v1/matches?state=proposed")
            .expect(200)
            .json();
        let matches = queue["items"].as_array().unwrap();
        let review = |place: usize, decision: &str| {
            let id = matches[place]["id"].as_str().unwrap();
            let body = json!({ "decision": decision, "reason": "other", "note": "Zo gezien." });
            market
                .coordinator
                .post(&format!("/v1/matches/{id}/reviews"), &body)
                .expect(201);
        };
        review(0, "approve");
        review(1, "reject");
        let of = |place: usize, side: &str| matches[place][side]["id"].as_str().unwrap().to_owned();
        let closed = format!("/v1/requests/{}/closures", of(2, "request"));
        market
            .asker
            .post(&closed, &json!({ "reason": "no_longer_needed" }))
            .expect(201);
        let changed = format!("/v1/offers/{}", of(0, "offer"));
        market
            .giver
            .json(
                "PATCH",
                &changed,
                &json!({ "title": "Iets heel anders", "themes": ["wonen"] }),
            )
            .expect(200);
        is_the_same(&market, &run);

        for (statement, undo, said) in TAMPERED {
            assert!(database.execute(statement) > 0, "{statement}");
            let (code, answer) = replay(&market, &run);
            assert_eq!(code, Some(1), "{statement}: {answer}");
            assert!(answer.contains(said), "{statement}: {answer}");
            database.execute(undo);
            is_the_same(&market, &run);
        }
        database.execute("UPDATE match_runs SET algorithm = 'samenspel-0'");
        let (code, answer) = replay(&market, &run);
        assert_eq!(code, Some(1));
        assert!(answer.contains("samenspel-0"), "{answer}");
    });
}

#[test]
fn a_coordinator_starts_a_run_and_signs_it_off_once() {
    on_each(|database| {
        let market = market_with_posts(database);
        let begun = market
            .coordinator
            .post("/v1/match-runs", &json!({}))
            .expect(202);
        let path = begun.header("location").to_owned();
        assert!(path.starts_with("/v1/match-runs/run_"));
        until("the run is finished", || {
            let run = market.coordinator.get(&path).expect(200);
            (run.text_at("/state") == "finished").then_some(())
        });
        let me = market.coordinator.get(&path).expect(200).json();
        assert!(me["begunBy"].as_str().unwrap().starts_with("mem_"));
        assert_eq!((&me["requests"], &me["proposed"]), (&json!(3), &json!(0)));

        let signing = format!("{path}/sign-offs");
        let note = json!({ "note": "Nagekeken met Bea." });
        for (client, status) in [(market.server.client(), 401), (market.asker.clone(), 403)] {
            client.post("/v1/match-runs", &json!({})).expect(status);
            client.get("/v1/match-runs").expect(status);
            client.get(&path).expect(status);
            client.post(&signing, &note).expect(status);
        }
        market
            .coordinator
            .post(&signing, &json!({ "notes": "" }))
            .expect(400);
        let signed = market.coordinator.post(&signing, &note).expect(201).json();
        assert_eq!(signed["note"], "Nagekeken met Bea.");
        assert!(signed["signedAt"].is_string());
        let twice = market.coordinator.post(&signing, &note).expect(409);
        assert_eq!(twice.text_at("/code"), "run_signed");
        let absent = format!("/v1/match-runs/run_{}", "0".repeat(32));
        market.coordinator.get(&absent).expect(404);
        market
            .coordinator
            .post(&format!("{absent}/sign-offs"), &note)
            .expect(404);

        // As if the program had ended in the middle of one.
        let going = rematch(&market)["run"].as_str().unwrap().to_owned();
        let unfinished = format!("UPDATE match_runs SET finished_at = NULL WHERE id = '{going}'");
        assert_eq!(database.execute(&unfinished), 1);
        let busy = market
            .coordinator
            .post("/v1/match-runs", &json!({}))
            .expect(409);
        assert_eq!(busy.text_at("/code"), "run_going");
        let early = market
            .coordinator
            .post(&format!("/v1/match-runs/{going}/sign-offs"), &note)
            .expect(409);
        assert_eq!(early.text_at("/code"), "run_unfinished");
        let list = market
            .coordinator
            .get("/v1/match-runs?pageSize=1")
            .expect(200);
        assert_eq!(list.text_at("/items/0/id"), going);
        assert_eq!(list.text_at("/items/0/state"), "going");
        let next = format!("/v1/match-runs?cursor={}", list.text_at("/next"));
        let rest = market.coordinator.get(&next).expect(200).json();
        assert_eq!(rest["items"].as_array().unwrap().len(), 1);
        assert_eq!(rest["items"][0]["note"], "Nagekeken met Bea.");
    });
}

#[test]
fn old_runs_go_and_signed_ones_stay_longer() {
    on_each(|database| {
        let mut market = Market::open_with(database, &[NOTHING]);
        market.go_to("2027-01-01T09:00:00Z");
        let run = || -> String {
            let done: Value =
                serde_json::from_str(&market.server.run(&["rematch", "--json"])).unwrap();
            done["run"].as_str().unwrap().to_owned()
        };
        let (signed, unsigned) = (run(), run());
        let mut both = [signed.clone(), unsigned];
        both.sort();
        market
            .coordinator
            .post(&format!("/v1/match-runs/{signed}/sign-offs"), &json!({}))
            .expect(201);
        let mut kept_at = |time: &str| -> Vec<String> {
            market.go_to(time);
            let list = market.coordinator.get("/v1/match-runs").expect(200).json();
            let ids = list["items"].as_array().unwrap().iter();
            let mut ids: Vec<String> = ids
                .map(|run| run["id"].as_str().unwrap().to_owned())
                .collect();
            ids.sort();
            ids
        };
        assert_eq!(kept_at("2027-04-01T08:00:00Z"), both);
        assert_eq!(kept_at("2027-04-02T09:00:00Z"), [signed]);
        assert_eq!(kept_at("2029-01-02T09:00:00Z"), Vec::<String>::new());
    });
}
