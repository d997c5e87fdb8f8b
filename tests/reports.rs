//! Reports: every figure against what was done, in three forms, and rounded for outsiders.

use serde_json::{Value, json};

use crate::support::market::{self, ASKER, GIVER, register};
use crate::support::{Answer, Client, Market, on_each};

const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A report as a client that coordinates or not gets it.
#[track_caller]
fn items(client: &Client, path: &str) -> Vec<Value> {
    let report = client
        .get(&format!("/v1/reports/{path}"))
        .expect(200)
        .json();
    report["items"].as_array().unwrap().clone()
}

fn as_form(client: &Client, path: &str, form: &str) -> Answer {
    client.send(
        "GET",
        &format!("/v1/reports/{path}"),
        &[("accept", form)],
        b"",
    )
}

/// Everything that was done, told in figures: one introduction that succeeded, one proposal that was rejected, one
/// offer nobody uses and one request nobody answers.
fn busy_spring(market: &mut Market) {
    market.go_to("2027-02-27T09:00:00Z");
    let offer = |changes: Value| {
        let mut offer = market::offer();
        for (field, value) in changes.as_object().unwrap() {
            offer[field] = value.clone();
        }
        market.giver.post("/v1/offers", &offer).expect(201)
    };
    offer(
        json!({ "title": "Raad bij statuten en bestuur", "body": "Juristen denken mee over uw statuten.",
        "reach": ["PV31"], "themes": ["wonen"], "phases": [], "support": ["kennis"] }),
    );
    market.go_to("2027-03-01T09:00:00Z");
    let proposal = market.proposal();
    market.go_to("2027-03-02T09:00:00Z");
    let [asker, giver] = market.invite(&proposal);
    market.go_to("2027-03-04T21:00:00Z");
    let anyone = market.server.client();
    for token in [asker, giver] {
        anyone
            .post(
                &format!("/v1/consents/{token}"),
                &json!({ "answer": "yes" }),
            )
            .expect(200);
    }
    market
        .asker
        .post(
            &format!("/v1/matches/{proposal}/outcomes"),
            &json!({ "outcome": "succeeded" }),
        )
        .expect(201);
    // The first offer is full now; another brings a second proposal, which is rejected.
    let mut second = market::offer();
    second["title"] = json!("=1+1 zalen met keuken");
    market.giver.post("/v1/offers", &second).expect(201);
    let mut asked = market::request();
    asked["title"] = json!("Ruimte voor de tweede wijkmaaltijd");
    let request = market
        .asker
        .post("/v1/requests", &asked)
        .expect(201)
        .text_at("/id");
    let found = market
        .coordinator
        .get(&format!("/v1/requests/{request}/matches"))
        .expect(200)
        .text_at("/items/0/id");
    market.go_to("2027-03-05T03:00:00Z");
    let reject = json!({ "decision": "reject", "reason": "wrong_phase" });
    market
        .coordinator
        .post(&format!("/v1/matches/{found}/reviews"), &reject)
        .expect(201);
}

#[test]
fn a_busy_spring_is_told_in_figures() {
    on_each(|database| {
        let mut market = Market::open(database);
        busy_spring(&mut market);
        every_figure_equals_what_was_done(&market);
        one_result_goes_out_in_three_forms_and_on_the_command_line(&market);
        outsiders_see_no_small_figure_and_cannot_ask_around_it(&market);
        a_coordinator_of_some_regions_sees_the_figures_of_those(&market);
    });
}

fn every_figure_equals_what_was_done(market: &Market) {
    let all = &market.coordinator;
    let row = |path: &str| items(all, path)[0].clone();
    assert_eq!(
        row("overview?from=2027-03-01&to=2027-03-05"),
        json!({ "requests": 2, "offers": 2, "proposed": 4, "approved": 1, "invited": 1, "introduced": 1,
                "succeeded": 1, "failed": 0, "unknown": 0, "rejected": 1, "declined": 0, "expired": 0, "lapsed": 0,
                "hoursToProposal": 0.0, "hoursToReview": 15.0, "hoursToIntroduction": 60.0 })
    );
    assert_eq!(row("overview?to=2027-02-27")["offers"], 1);
    assert_eq!(row("overview?from=2027-03-06")["proposed"], 0);
    assert_eq!(row("overview?region=Drenthe")["requests"], 0);
    assert_eq!(
        row("overview?theme=ontmoeten&phase=start&support=ruimte")["requests"],
        2
    );
    assert_eq!(row("overview?phase=groei")["requests"], 0);
    assert_eq!(row("overview?phase=groei")["offers"], 2);

    let gaps = items(all, "gaps");
    let limburg = gaps.iter().find(|row| row["region"] == "PV31").unwrap();
    let expected = json!({ "region": "PV31", "regionName": "Limburg", "theme": "wonen", "phase": "",
        "support": "kennis", "unansweredRequests": 0, "unusedOffers": 1 });
    assert_eq!(limburg, &expected);
    let start = gaps
        .iter()
        .find(|row| row["region"] == "PV25" && row["phase"] == "start")
        .unwrap();
    assert_eq!(
        (&start["unansweredRequests"], &start["unusedOffers"]),
        (&json!(1), &json!(1))
    );

    let outcomes = items(all, "outcomes");
    let of = |outcome: &str| {
        outcomes
            .iter()
            .find(|row| row["outcome"] == outcome)
            .unwrap()
    };
    assert_eq!(
        of("realised"),
        &json!({ "outcome": "realised", "reason": "", "matches": 1, "share": 1.0 })
    );
    assert_eq!(
        of("rejected"),
        &json!({ "outcome": "rejected", "reason": "wrong_phase", "matches": 1, "share": 1.0 })
    );

    let fairness = items(all, "fairness");
    let stimenz = fairness
        .iter()
        .find(|row| row["name"] == "Stimenz")
        .unwrap();
    assert_eq!(stimenz["group"], "offering_organisation");
    assert_eq!(
        (&stimenz["proposed"], &stimenz["introduced"]),
        (&json!(4), &json!(1))
    );
    assert_eq!(fairness[0]["group"], "top_ten_percent");
}

fn one_result_goes_out_in_three_forms_and_on_the_command_line(market: &Market) {
    let csv = as_form(&market.coordinator, "gaps", "text/csv, */*;q=0.1").expect(200);
    assert!(csv.header("content-type").starts_with("text/csv"));
    assert!(csv.header("vary").contains("accept"));
    let json = items(&market.coordinator, "gaps");
    assert_eq!(csv.text.lines().count(), json.len() + 1);
    for (line, row) in csv.text.lines().skip(1).zip(&json) {
        let last: Vec<&str> = line.rsplit(',').take(2).collect();
        assert_eq!(
            last,
            [
                row["unusedOffers"].to_string(),
                row["unansweredRequests"].to_string()
            ]
        );
    }
    let workbook = market.coordinator.bytes("/v1/reports/gaps", WORKBOOK);
    assert!(workbook.starts_with(b"PK"), "a workbook is an archive");
    as_form(&market.coordinator, "gaps", "image/png").expect(406);

    let typed = |more: &[&str]| market.server.run(&[&["report", "gaps"], more].concat());
    assert_eq!(typed(&["--format", "csv"]), csv.text.trim());
    let told: Value = serde_json::from_str(&typed(&["--format", "json"])).unwrap();
    assert_eq!(told["items"], json!(json));
    typed(&["--format", "xlsx", "--output", "gaten.xlsx"]);
    assert!(typed(&[]).contains("vragen zonder antwoord"));
    let shown = market
        .server
        .run(&["report", "overview", "--region", "Gelderland"]);
    assert!(shown.contains("kennisgemaakt"), "{shown}");
    let mut mistyped = market
        .server
        .command(&["report", "gaps", "--format", "xlsx"]);
    assert_eq!(mistyped.output().unwrap().status.code(), Some(2));
    let mut wrong = market
        .server
        .command(&["report", "gaps", "--from", "gisteren"]);
    let said = wrong.output().unwrap();
    assert_eq!(said.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&said.stderr).contains("gisteren"));
}

#[test]
fn a_name_in_a_file_never_becomes_a_formula() {
    on_each(|database| {
        let market = Market::open(database);
        let anyone = market.server.client();
        let odd = "=HYPERLINK(1) zalen";
        let registered =
            register(&anyone, odd, "partner", "Kees Kist", "kees@kist.example").expect(201);
        let verify = format!(
            "/v1/organisations/{}/verifications",
            registered.text_at("/organisation/id")
        );
        market
            .coordinator
            .post(&verify, &json!({ "decision": "approve" }))
            .expect(201);
        let kees = market.server.client_of("kees@kist.example");
        kees.post("/v1/offers", &market::offer()).expect(201);
        let csv = as_form(&market.coordinator, "fairness", "text/csv")
            .expect(200)
            .text;
        assert!(csv.contains(&format!(",'{odd},")), "{csv}");
        assert!(!csv.contains(&format!(",{odd}")), "{csv}");
    });
}

fn outsiders_see_no_small_figure_and_cannot_ask_around_it(market: &Market) {
    let whole = items(&market.coordinator, "overview")[0].clone();
    assert_eq!(whole["offers"], 3);
    assert_eq!(whole["requests"], 2);
    let seen = items(&market.asker, "overview")[0].clone();
    assert_eq!(seen["offers"], 3, "{seen}");
    for (field, value) in seen.as_object().unwrap() {
        let is_small = value.is_null() || value.as_f64().is_some_and(|figure| figure >= 3.0);
        assert!(is_small || field.starts_with("hours"), "{field}: {value}");
    }
    assert_eq!(seen["requests"], Value::Null);
    assert_eq!(items(&market.asker, "gaps"), Vec::<Value>::new());
    let fairness = items(&market.asker, "fairness");
    assert!(fairness.iter().all(|row| row["name"] != "Stimenz"));
    let csv = as_form(&market.asker, "overview", "text/csv")
        .expect(200)
        .text;
    assert!(csv.lines().nth(1).unwrap().starts_with("<3,3,"), "{csv}");

    for precise in [
        "from=2027-03-02",
        "to=2027-03-30",
        "region=Apeldoorn",
        "region=CR13",
    ] {
        let refused = market
            .asker
            .get(&format!("/v1/reports/overview?{precise}"))
            .expect(400);
        let name = if precise.starts_with("region") {
            "?region"
        } else {
            "?from"
        };
        assert_eq!(refused.text_at("/errors/0/pointer"), name, "{precise}");
    }
    for coarse in ["from=2027-03-01&to=2027-03-31", "region=PV25", "region=NL"] {
        items(&market.asker, &format!("overview?{coarse}"));
    }
}

#[test]
fn reports_are_for_who_takes_part() {
    on_each(|database| {
        let market = Market::open(database);
        let anyone = market.server.client();
        anyone.get("/v1/reports/overview").expect(401);
        register(
            &anyone,
            "Nog Niet",
            "partner",
            "Noor Nieuw",
            "noor@nieuw.example",
        )
        .expect(201);
        let unverified = market.server.client_of("noor@nieuw.example");
        unverified.get("/v1/reports/overview").expect(403);
        market
            .server
            .client_of(ASKER)
            .get("/v1/reports/overview")
            .expect(200);
        market
            .server
            .client_of(GIVER)
            .get("/v1/reports/overview")
            .expect(200);
        market.coordinator.get("/v1/reports/runs").expect(404);
        for wrong in [
            "from=x",
            "to=2027-13-01",
            "region=Nergens",
            "theme=x",
            "phase=x",
            "support=x",
        ] {
            let refused = market
                .coordinator
                .get(&format!("/v1/reports/overview?{wrong}"))
                .expect(400);
            let name = wrong.split('=').next().unwrap();
            assert_eq!(refused.text_at("/errors/0/pointer"), format!("?{name}"));
        }
        market
            .coordinator
            .get("/v1/reports/overview?years=1")
            .expect(400);
    });
}

fn a_coordinator_of_some_regions_sees_the_figures_of_those(market: &Market) {
    let add = |email: &str, region: &str| {
        market.server.run(&[
            "member",
            "add",
            "--email",
            email,
            "--name",
            "Bo Buur",
            "--organisation",
            "Coalitie",
            "--role",
            "coordinator",
            "--region",
            region,
        ]);
        market.server.client_of(email)
    };
    let limburg = add("bo@coalitie.example", "PV31");
    let seen = items(&limburg, "overview")[0].clone();
    assert_eq!((&seen["requests"], &seen["offers"]), (&json!(0), &json!(1)));
    let gelderland = add("bea@coalitie.example", "PV25");
    let seen = items(&gelderland, "overview")[0].clone();
    assert_eq!((&seen["requests"], &seen["offers"]), (&json!(2), &json!(2)));
    assert_eq!(items(&gelderland, "overview?region=PV31")[0]["offers"], 0);
}
