//! `/metrics`, read as strictly as the format allows, and who may read it.

use std::collections::BTreeMap;

use crate::support::market::register;
use crate::support::{Client, Database, Mailbox, Market, Server, on_each};

/// Every figure by its name and labels, in the order they were written: `name{a="b"}`.
type Figures = BTreeMap<String, f64>;

/// Reads the text format of Prometheus, version 0.0.4; fails the test on anything that is not of it.
#[track_caller]
fn read(text: &str) -> Figures {
    assert!(text.ends_with('\n'), "the last line ends too");
    let (mut figures, mut seen, mut family) = (Figures::new(), Vec::new(), (String::new(), ""));
    let mut helped = String::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let (name, help) = rest.split_once(' ').unwrap();
            assert!(is_name(name) && !help.is_empty(), "{line}");
            assert!(!seen.contains(&name.to_owned()), "{name} comes twice");
            seen.push(name.to_owned());
            name.clone_into(&mut helped);
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            assert_eq!(name, helped, "the type follows the help");
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            assert!(kind != "counter" || name.ends_with("_total"), "{line}");
            family = (name.to_owned(), kind);
        } else {
            let (name, labels, value) = sample(line);
            let ends: &[&str] = if family.1 == "histogram" {
                &["_bucket", "_sum", "_count"]
            } else {
                &[""]
            };
            let is_of_family = ends.iter().any(|end| name == format!("{}{end}", family.0));
            assert!(is_of_family, "{line} stands under {}", family.0);
            let value: f64 = value.parse().unwrap_or_else(|_| panic!("{line}"));
            let labels: Vec<String> = labels
                .iter()
                .map(|(key, value)| format!("{key}={value}"))
                .collect();
            let key = format!("{name} {}", labels.join(" "));
            assert!(figures.insert(key, value).is_none(), "{line} comes twice");
        }
    }
    buckets_grow(&figures);
    figures
}

/// A line with a figure: its name, its labels, and the figure.
#[track_caller]
fn sample(line: &str) -> (String, Vec<(String, String)>, String) {
    let end = line.find(['{', ' ']).unwrap_or_else(|| panic!("{line}"));
    let name = &line[..end];
    assert!(is_name(name), "{line}");
    let mut rest = &line[end..];
    let mut labels = Vec::new();
    if let Some(inside) = rest.strip_prefix('{') {
        rest = inside;
        loop {
            let (key, after) = rest.split_once("=\"").unwrap_or_else(|| panic!("{line}"));
            assert!(is_name(key) && !key.contains(':'), "{line}");
            let mut value = String::new();
            let mut letters = after.char_indices();
            let end = loop {
                match letters.next().unwrap_or_else(|| panic!("{line}")) {
                    (at, '"') => break at,
                    (_, '\\') => match letters.next() {
                        Some((_, letter @ ('\\' | '"'))) => value.push(letter),
                        Some((_, 'n')) => value.push('\n'),
                        other => panic!("{other:?} in {line}"),
                    },
                    (_, letter) => value.push(letter),
                }
            };
            labels.push((key.to_owned(), value));
            rest = &after[end + 1..];
            match rest.strip_prefix(',') {
                Some(more) => rest = more,
                None => break,
            }
        }
        rest = rest.strip_prefix('}').unwrap_or_else(|| panic!("{line}"));
    }
    let value = rest.strip_prefix(' ').unwrap_or_else(|| panic!("{line}"));
    assert!(!value.contains(' '), "{line}");
    (name.to_owned(), labels, value.to_owned())
}

fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    letters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// In a histogram each bucket holds what is in the one before it, and the last holds all.
#[track_caller]
fn buckets_grow(figures: &Figures) {
    let mut by_series: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    for (key, value) in figures {
        if let Some((series, bound)) = key.split_once(" le=") {
            let bound = if bound == "+Inf" {
                f64::INFINITY
            } else {
                bound.parse().unwrap()
            };
            by_series
                .entry(series.to_owned())
                .or_default()
                .push((bound, *value));
        }
    }
    for (series, mut buckets) in by_series {
        buckets.sort_by(|one, other| one.0.total_cmp(&other.0));
        assert!(
            buckets.windows(2).all(|pair| pair[0].1 <= pair[1].1),
            "{series}"
        );
        let last = buckets.last().unwrap();
        assert!(last.0.is_infinite(), "{series} has a last bucket");
        assert_eq!(
            figures[&series.replace("_bucket", "_count")].to_bits(),
            last.1.to_bits()
        );
    }
}

fn figures(client: &Client) -> Figures {
    let answer = client.get("/metrics").expect(200);
    assert_eq!(
        answer.header("content-type"),
        "text/plain; version=0.0.4; charset=utf-8"
    );
    read(&answer.text)
}

/// A figure as a whole number; 0 when it is not there yet.
fn number(figures: &Figures, key: &str) -> i64 {
    figures
        .get(key)
        .map_or(0, |value| format!("{value}").parse().unwrap())
}

#[test]
fn figures_follow_what_happens() {
    on_each(|database| {
        let market = Market::open(database);
        market.deliver();
        let anyone = market.server.client();
        let before = figures(&anyone);
        let registered =
            "samenspel_http_requests_total method=POST route=/v1/registrations status=2xx";
        let sent = "samenspel_deliveries state=sent";
        let ready = "samenspel_deliveries state=ready";
        assert_eq!(number(&before, registered), 2);
        assert_eq!(number(&before, ready), 0);
        assert!(number(&before, sent) > 0);
        assert_eq!(number(&before, "samenspel_outbox_paused "), 0);

        market.server.run(&["outbox", "pause"]);
        for number in 0..3 {
            let address = format!("nel{number}@nieuw.example");
            register(&anyone, "Nieuw", "partner", "Nel", &address).expect(201);
        }
        register(&anyone, "", "partner", "", "geen adres").expect(400);
        market
            .asker
            .post("/v1/requests", &crate::support::market::request())
            .expect(201);
        anyone.get("/nergens").expect(404);
        anyone.send("PUT", "/nergens", &[], b"").expect(404);
        let after = figures(&anyone);
        let more = |key: &str| number(&after, key) - number(&before, key);
        assert_eq!(more(registered), 3);
        assert_eq!(more(&registered.replace("2xx", "4xx")), 1);
        assert_eq!(more(ready), 3);
        assert_eq!(number(&after, "samenspel_outbox_paused "), 1);
        assert_eq!(more("samenspel_open_posts kind=request"), 1);
        assert_eq!(
            more("samenspel_http_requests_total method=GET route=none status=4xx"),
            1
        );
        assert_eq!(
            more("samenspel_http_requests_total method=other route=none status=4xx"),
            1
        );
        let timed =
            "samenspel_http_request_duration_seconds_count method=POST route=/v1/registrations";
        assert_eq!(more(timed), 4);
        assert!(after["samenspel_outbox_oldest_wait_seconds "] > 0.0);
        assert!(after["process_start_time_seconds "] > 1.6e9);
        assert_eq!(number(&after, "samenspel_build_info version=0.1.0"), 1);
        assert!(
            after
                .keys()
                .all(|key| !key.contains('@') && !key.contains("org_"))
        );

        market.server.run(&["outbox", "resume"]);
        market.deliver();
        let last = figures(&anyone);
        assert_eq!(number(&last, sent) - number(&before, sent), 3);
        assert_eq!(number(&last, ready), 0);
    });
}

#[test]
fn only_programs_nearby_read_the_figures_unless_the_settings_say_otherwise() {
    let (database, mailbox) = (Database::sqlite(), Mailbox::start());
    let server = Server::start(&database, &mailbox);
    let ask = |server: &Server, headers: &[(&str, &str)]| {
        server.client().send("GET", "/metrics", headers, b"").status
    };
    assert_eq!(ask(&server, &[]), 200);
    // A proxy on the same machine asks for somebody who may be anywhere.
    for header in ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"] {
        assert_eq!(ask(&server, &[(header, "203.0.113.9")]), 404, "{header}");
    }
    drop(server);
    let server = Server::start_with(&database, &mailbox, &[("SAMENSPEL_HTTP__METRICS", "off")]);
    assert_eq!(ask(&server, &[]), 404);
    drop(server);
    let server = Server::start_with(&database, &mailbox, &[("SAMENSPEL_HTTP__METRICS", "open")]);
    assert_eq!(ask(&server, &[("Via", "1.1 proxy")]), 200);
    drop(server);
    // Where people come over https, a proxy that tells nothing still names the site.
    let public = [
        ("SAMENSPEL_HTTP__PUBLIC_URL", "https://samenspel.nl"),
        ("SAMENSPEL_MAIL__FROM_ADDRESS", "samenspel@samenspel.nl"),
        ("SAMENSPEL_MAIL__RETURN_PATH", "bounces@samenspel.nl"),
        ("SAMENSPEL_AUTH__SECRET", "2f0c9e1b7ad84c53b6e0917d3f5a8c42"),
    ];
    let server = Server::start_with(&database, &mailbox, &public);
    assert_eq!(ask(&server, &[("Host", "Samenspel.nl")]), 404);
    assert_eq!(ask(&server, &[]), 200);
}

#[test]
fn what_is_not_of_the_format_is_not_read() {
    for wrong in [
        "a_total 1\n",
        "# HELP a A.\n# TYPE a gauge\na 1",
        "# HELP a A.\n# TYPE a gauge\na 1\na 1\n",
        "# HELP a A.\n# TYPE a counter\na 1\n",
        "# HELP a A.\n# TYPE a gauge\na{b=\"c} 1\n",
        "# HELP a A.\n# TYPE a gauge\na{b=\"\\c\"} 1\n",
        "# HELP a A.\n# TYPE a gauge\na een\n",
        "# HELP a A.\n# TYPE a histogram\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\na_sum 1\na_count 1\n",
    ] {
        assert!(std::panic::catch_unwind(|| read(wrong)).is_err(), "{wrong}");
    }
}
