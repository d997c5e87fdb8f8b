//! `openapi.yaml` against the routes and the real answers.

use std::collections::BTreeSet;
use std::path::Path;

use crate::support::{Database, Mailbox, Server};

fn repository() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

#[test]
fn the_committed_contract_is_what_the_server_gives() {
    let mailbox = Mailbox::start();
    let database = Database::sqlite();
    let server = Server::start(&database, &mailbox);
    let committed = std::fs::read_to_string(repository().join("openapi.yaml")).unwrap();
    let served = server.client().get("/v1/openapi.yaml").expect(200);
    assert!(
        served.text == committed,
        "openapi.yaml is out of date; run: cargo xtask openapi"
    );
    assert_eq!(served.header("access-control-allow-origin"), "*");
    server.client().get("/v1/openapi.json").expect(200).json();
}

#[test]
fn every_address_stands_in_the_contract_and_the_reverse() {
    let routes = std::fs::read_to_string(repository().join("crates/web/src/routes.rs")).unwrap();
    let api = routes
        .split("fn api(")
        .nth(1)
        .unwrap()
        .split("/// What answers one method")
        .next()
        .unwrap();
    let routed: BTreeSet<String> = api
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(|path| !path.starts_with("/openapi"))
        .map(str::to_owned)
        .collect();
    let contract = std::fs::read_to_string(repository().join("openapi.yaml")).unwrap();
    let described: BTreeSet<String> = contract
        .lines()
        .skip_while(|line| *line != "paths:")
        .skip(1)
        .take_while(|line| line.starts_with(' '))
        .filter_map(|line| {
            line.strip_prefix("  /")
                .and_then(|path| path.strip_suffix(':'))
        })
        .map(|path| format!("/{path}"))
        .collect();
    assert_eq!(routed, described);
    assert!(routed.len() > 20);
}

#[test]
fn every_code_of_an_error_in_the_table_is_documented() {
    let table = std::fs::read_to_string(repository().join("crates/web/src/error.rs")).unwrap();
    let codes: BTreeSet<&str> = table
        .lines()
        .filter(|line| line.contains("Self::new("))
        .flat_map(|line| line.split('"').skip(1).step_by(2))
        .collect();
    let guide = std::fs::read_to_string(repository().join("docs/api.md")).unwrap();
    for code in codes {
        assert!(
            guide.contains(&format!("`{code}`")),
            "docs/api.md does not explain {code}"
        );
    }
}
