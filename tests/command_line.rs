//! What is typed on the command line: the demo, settings, members, and a server that stops.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use serde_json::json;

use crate::support::mailbox::read_letters;
use crate::support::{Client, Folder, ended, example, signal};

/// Starts a command that serves; the process and a client for the address it says.
fn serving(folder: &Folder, arguments: &[&str]) -> (Child, Client) {
    let mut command = folder.command(arguments);
    let mut process = command
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(process.stdout.take().unwrap()).lines();
    let address = said.find_map(|line| {
        line.unwrap()
            .split_once("http://")
            .map(|(_, rest)| rest.to_owned())
    });
    let address = address.expect("it says where it listens");
    let host = address
        .split(|sign: char| sign.is_whitespace() || sign == '/')
        .next()
        .unwrap();
    (process, Client::new(&format!("http://{host}")))
}

#[test]
fn a_demo_shows_reasons_and_leaves_introductions() {
    let folder = Folder::new();
    for _again in 0..2 {
        let ran = folder.run(&["demo", "--no-serve"]).expect(0);
        for shown in [
            "gemeente",
            "geboden:",
            "thema",
            "fase",
            "0,8",
            "Kennismaking: ",
            "ja   ",
            "nee  ",
        ] {
            assert!(ran.out.contains(shown), "no {shown} in: {}", ran.out);
        }
        let names = folder.names("demo/mail");
        let introductions = names.iter().filter(|name| name.contains("-introduction-"));
        let files: Vec<_> = introductions
            .map(|name| folder.path("demo/mail").join(name))
            .collect();
        assert!(files.len() >= 5, "{names:?}");
        for letter in read_letters(&files) {
            let (to, reply_to) = (letter.header("to"), letter.header("reply-to"));
            let sides: Vec<&str> = to.split(", ").collect();
            assert_eq!(sides.len(), 2, "{to}");
            assert_eq!(to, reply_to);
            assert!(letter.defects().is_empty(), "{:?}", letter.defects());
            for part in [letter.text(), letter.html()] {
                for side in &sides {
                    let address = side.split(['<', '>']).nth(1).unwrap();
                    assert!(part.contains(address), "{address} in {part}");
                }
                for leftover in ["{{", "}}", "{%", "None", "Some(", "GM0"] {
                    assert!(!part.contains(leftover), "{leftover} in {part}");
                }
            }
            for (part, bullet) in [(letter.text(), "\n- "), (letter.html(), "<li")] {
                let reasons = part.split("Waarom u bij elkaar past").nth(1).unwrap();
                assert!(reasons.matches(bullet).count() >= 2, "{part}");
            }
            assert!(!letter.text().contains("<li"));
        }
    }
    let check = folder.run(&["check", "--config", "demo/samenspel.toml", "--json"]);
    assert_eq!(check.expect(0).json()["openOffers"], json!(48));
}

#[test]
fn a_demo_leaves_a_folder_of_somebody_else_alone() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("demo")).unwrap();
    folder.write("demo/werk.txt", "belangrijk");
    let ran = folder.run(&["demo", "--no-serve"]).expect(1);
    assert!(
        ran.err.contains("demo") && !ran.out.contains("1. "),
        "{}",
        ran.err
    );
    assert_eq!(folder.names("demo"), ["werk.txt"]);
    assert_eq!(folder.read("demo/werk.txt"), "belangrijk");
}

#[test]
fn a_demo_ends_by_serving_the_site_and_says_where() {
    let folder = Folder::new();
    let (mut process, client) = serving(&folder, &["demo", "--listen", "127.0.0.1:0"]);
    assert!(client.get("/").expect(200).text.contains("<h1"));
    let open = client.get("/v1/requests?pageSize=100").expect(200).json();
    assert_eq!(open["items"].as_array().unwrap().len(), 28);
    signal(&process, "INT");
    assert_eq!(ended(&mut process).code(), Some(0));
}

#[test]
fn a_database_that_is_not_there_is_refused_and_not_made() {
    let folder = Folder::new();
    for arguments in [
        &["check"][..],
        &["export", "requests"],
        &["outbox", "list"],
        &["serve", "--listen", "127.0.0.1:0"],
    ] {
        let typed = [arguments, &["--database", "mrkt.sqlite"]].concat();
        folder
            .run(&typed)
            .expect(1)
            .saying(&["mrkt.sqlite", "samenspel migrate"]);
    }
    assert!(folder.names(".").is_empty(), "{:?}", folder.names("."));
    let ran = folder
        .run(&["check", "--database", "mysql://root@db/markt"])
        .expect(1);
    ran.saying(&["mysql://", "postgres://"]);
    folder
        .run(&["check", "--database", "weg/markt.sqlite"])
        .expect(1)
        .saying(&["weg/markt.sqlite"]);
    folder.write(
        "tekst.sqlite",
        "dit is geen database maar een gewone tekst die lang genoeg is",
    );
    let ran = folder
        .run(&["check", "--database", "tekst.sqlite"])
        .expect(1);
    assert!(
        ran.err.contains("tekst.sqlite") || ran.err.contains("database"),
        "{}",
        ran.err
    );
}

#[test]
fn a_wrong_setting_is_named_with_what_to_do() {
    let folder = Folder::with_database();
    let ran = folder.run(&["check"]).expect(0);
    assert!(ran.out.contains("Alles is in orde."), "{}", ran.out);
    for (text, named) in [
        ("[mail]\nhots = \"relay\"\n", "hots"),
        ("[matching.weights]\ntheem = 1.0\n", "theem"),
        ("[outbox]\npoll_seconds = \"vaak\"\n", "poll_seconds"),
        ("[http]\npublic_url = \"samenspel.nl\"\n", "http.public_url"),
        ("[matching]\nmax_proposals = 0\n", "matching.max_proposals"),
        (
            "[matching.review_in]\nGM9999 = \"none\"\n",
            "matching.review_in.GM9999",
        ),
        ("[matching.review_in]\nPV26 = \"soms\"\n", "PV26"),
        ("[mail\n", "mail"),
    ] {
        folder.write("eigen.toml", text);
        let ran = folder.run(&["check", "--config", "eigen.toml"]).expect(1);
        assert!(
            ran.err.contains(named) && ran.out.is_empty(),
            "{named}: {}",
            ran.err
        );
    }
    let ran = folder
        .command(&["check"])
        .env("SAMENSPEL_MAIL__PORT", "veel")
        .output()
        .unwrap();
    assert_eq!(ran.status.code(), Some(1));
    assert!(
        String::from_utf8(ran.stderr)
            .unwrap()
            .to_lowercase()
            .contains("port")
    );
    folder
        .run(&["check", "--config", "weg.toml"])
        .expect(1)
        .saying(&["weg.toml"]);
}

#[test]
fn what_is_not_typed_right_ends_with_two() {
    let folder = Folder::new();
    for (typed, said) in [
        (&["serf"][..], "serve"),
        (&["serve", "--lisen", "x"], "--lisen"),
        (&["import", "wensen", "x.csv"], "requests"),
        (&["rank", "--requests", "v.csv"], "--offers"),
        (&["outbox"], "list"),
        (&["run"], "--once"),
        (&[], "demo"),
    ] {
        let ran = folder.run(typed).expect(2);
        assert!(
            ran.err.contains(said) && ran.out.is_empty(),
            "{typed:?}: {}",
            ran.err
        );
    }
    assert!(folder.run(&["--help"]).expect(0).out.contains("serve"));
    assert!(
        folder
            .run(&["--version"])
            .expect(0)
            .out
            .starts_with("samenspel ")
    );
    assert!(folder.names(".").is_empty());
}

#[test]
fn a_token_is_issued_to_a_member_only() {
    let folder = Folder::with_database();
    let ran = folder
        .run(&["token", "issue", "--email", "ria@zuid.example"])
        .expect(1);
    ran.saying(&["ria@zuid.example", "samenspel member add"]);
    let add = [
        "member",
        "add",
        "--email",
        "ria@zuid.example",
        "--name",
        "Ria",
        "--organisation",
        "Zuid",
    ];
    assert!(folder.run(&add).expect(0).out.starts_with("mem_"));
    folder.run(&add).expect(1).saying(&["e-mailadres"]);
    let ran = folder
        .run(&["token", "issue", "--email", "RIA@zuid.example"])
        .expect(0);
    assert_eq!(
        ran.out.trim().split('.').count(),
        3,
        "a token alone: {}",
        ran.out
    );
    let wrong = [
        "member",
        "add",
        "--email",
        "ria",
        "--name",
        "",
        "--organisation",
        "Zuid",
        "--role",
        "baas",
    ];
    folder
        .run(&wrong)
        .expect(1)
        .saying(&["email", "name", "role"]);
}

#[test]
fn scripts_get_json() {
    let folder = Folder::with_organisations();
    folder
        .run(&[
            "import",
            "requests",
            &example("requests.csv"),
            "--no-rematch",
        ])
        .expect(0);
    folder
        .run(&["import", "offers", &example("offers.csv"), "--no-rematch"])
        .expect(0);
    let rematched = folder.run(&["rematch", "--json"]).expect(0).json();
    assert_eq!(
        (&rematched["requests"], &rematched["offers"]),
        (&json!(28), &json!(48))
    );
    assert!(rematched["proposed"].as_u64().unwrap() > 20);
    assert_eq!(
        folder.run(&["rematch", "--json"]).expect(0).json()["proposed"],
        json!(0)
    );
    assert_eq!(
        folder.run(&["outbox", "list", "--json"]).expect(0).json(),
        json!([])
    );
    let ran = folder.run(&["run", "--once", "--json"]).expect(0).json();
    assert_eq!(ran["delivered"]["sent"], json!(0));
    assert_eq!(
        folder.run(&["check", "--json"]).expect(0).json()["openRequests"],
        json!(28)
    );
    let contract =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.yaml"));
    assert!(folder.run(&["openapi"]).expect(0).out == contract.unwrap());
}

#[test]
fn a_server_stops_when_it_is_asked_and_leaves_a_sound_database() {
    let folder = Folder::with_organisations();
    for name in ["INT", "TERM"] {
        let (mut process, client) = serving(&folder, &["serve", "--listen", "127.0.0.1:0"]);
        client.get("/healthz/ready").expect(200);
        let body = json!({ "organisation": { "name": "Zuid", "kind": "partner" },
            "member": { "name": "Ria", "email": format!("{name}@zuid.example") } });
        client.post("/v1/registrations", &body).expect(201);
        signal(&process, name);
        assert_eq!(ended(&mut process).code(), Some(0), "after {name}");
        folder.run(&["check"]).expect(0);
    }
    assert_eq!(folder.exported("organisations").len(), 39);
}
