//! Posts that open, change and close all the time: what fits, as it is served, never names one that is not open.
//!
//! A thousand posts a minute for some seconds, or as many as a busy machine can. With `SAMENSPEL_CHURN_SECONDS` it takes
//! that long, and the test fails when the rate is not held; that is best done with the release profile.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::market::{self, ASKER, GIVER};
use crate::support::{Client, Market, Server, on_each, on_postgres, until};

/// Posts that open in a minute; as many change, and as many end.
const POSTS_A_MINUTE: u32 = 1_000;

/// Seconds the posts come, unless the environment says otherwise.
const SECONDS: u64 = 20;

/// How late a writer may be where the rate must be held.
const LATE: Duration = Duration::from_secs(2);

/// Most of what fits has no match, so it comes from memory; and the memory of another server is often behind.
const SETTINGS: [(&str, &str); 2] = [
    ("SAMENSPEL_MATCHING__MAX_PROPOSALS", "1"),
    ("SAMENSPEL_JOBS__FOLLOW_MILLISECONDS", "1000"),
];

/// Posts that are open at one time.
const OPEN: usize = 40;

/// People who write at one time.
const WRITERS: usize = 4;

/// How often each list is looked at, at least.
const LOOKS: usize = 20;

/// Between two looks at one list, beside a look after each end.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// How long a post may be unknown to another server.
const SOON: Duration = Duration::from_secs(5);

#[test]
fn on_one_server_what_fits_never_names_a_post_that_is_not_open() {
    on_each(|database| {
        let market = Market::open_with(database, &SETTINGS);
        println!("{}", churn(&market, &[&market.server]));
    });
}

#[test]
fn on_two_servers_what_fits_never_names_a_post_that_is_not_open() {
    on_postgres(|database| {
        let market = Market::open_with(database, &SETTINGS);
        let other = Server::start_with(database, &market.mailbox, &SETTINGS);
        println!("{}", churn(&market, &[&market.server, &other]));
    });
}

/// The posts that come and go, and what was seen of them.
struct Churn<'a> {
    market: &'a Market,
    /// On each server what fits a request, and what fits an offer.
    views: Vec<[View; 2]>,
    began: Instant,
    /// How long posts come.
    lasts: Duration,
    must_hold_rate: bool,
    /// The address of each post, from when it is open; nothing for a post that the machine was too busy for.
    posts: Vec<OnceLock<Option<String>>>,
    next: AtomicUsize,
    /// When each post was known to be open no more.
    ended: Mutex<BTreeMap<String, Instant>>,
    is_over: AtomicBool,
}

/// A list of what fits as one server gives it.
struct View {
    who: Client,
    list: String,
    seen: Mutex<Seen>,
}

/// What was seen in a view.
#[derive(Debug, Default)]
struct Seen {
    answers: usize,
    empty: usize,
    named: BTreeSet<String>,
    wrong: Vec<String>,
}

/// Lets posts come and go on the first server while people read from all; says what was seen.
fn churn(market: &Market, servers: &[&Server]) -> String {
    let lists = [
        list(&market.asker, "/v1/requests", &market::request()),
        list(&market.giver, "/v1/offers", &roomy()),
    ];
    let view = |server: &Server, who: &str, list: &String| View {
        who: server.client_of(who),
        list: list.clone(),
        seen: Mutex::default(),
    };
    let views = servers
        .iter()
        .map(|server| {
            [
                view(server, ASKER, &lists[0]),
                view(server, GIVER, &lists[1]),
            ]
        })
        .collect();
    let churn = Churn::new(market, views);
    let late = thread::scope(|scope| {
        for view in churn.views.as_flattened() {
            scope.spawn(|| churn.watch(view));
        }
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| scope.spawn(|| churn.write()))
            .collect();
        let late = writers.into_iter().map(|writer| writer.join().unwrap());
        let late = late.max().unwrap();
        churn.is_over.store(true, Ordering::Relaxed);
        late
    });
    let answers = check(&churn, late);
    for [asked, _] in &churn.views {
        hears_soon(market, asked);
    }
    format!(
        "{} posts came and went, at most {late:?} late; answers of each list: {answers:?}",
        churn.count()
    )
}

/// The rate was held, there was something to see, and nothing that was wrong; how often each view was looked at.
fn check(churn: &Churn<'_>, late: Duration) -> Vec<usize> {
    let views = churn.views.as_flattened().iter();
    let all: Vec<_> = views.map(|view| view.seen.lock().unwrap()).collect();
    let wrong: Vec<&String> = all.iter().flat_map(|seen| &seen.wrong).collect();
    assert!(wrong.is_empty(), "{} wrong: {wrong:?}", wrong.len());
    assert!(
        !churn.must_hold_rate || late < LATE,
        "the rate was not held: {late:?}"
    );
    for seen in &all {
        assert!(
            seen.empty * 10 <= seen.answers,
            "{} of {} answers are empty",
            seen.empty,
            seen.answers
        );
    }
    let named: BTreeSet<&String> = all.iter().flat_map(|seen| &seen.named).collect();
    assert!(
        named.len() * 4 >= churn.count(),
        "{} of {} posts were ever named",
        named.len(),
        churn.count()
    );
    all.iter().map(|seen| seen.answers).collect()
}

/// A post that opens on the first server is ranked on another soon after, and is gone there at once when it closes.
fn hears_soon(market: &Market, view: &View) {
    let offer = post(&market.giver, "/v1/offers", &market::offer());
    let began = Instant::now();
    until("the offer is ranked", || {
        view.named().contains(&offer).then_some(())
    });
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    end(&market.giver, &format!("/v1/offers/{offer}"), "closures");
    assert!(!view.named().contains(&offer));
}

impl View {
    /// Every post of the other side: in what fits a request the offers, in what fits an offer the requests.
    fn named(&self) -> Vec<String> {
        let other = if self.list.starts_with("/v1/requests") {
            "/offer/id"
        } else {
            "/request/id"
        };
        let answer = self.who.get(&self.list).expect(200).json();
        let items = answer["items"].as_array().unwrap();
        items
            .iter()
            .map(|item| item.pointer(other).unwrap().as_str().unwrap().to_owned())
            .collect()
    }
}

impl<'a> Churn<'a> {
    fn new(market: &'a Market, views: Vec<[View; 2]>) -> Self {
        let wanted = std::env::var("SAMENSPEL_CHURN_SECONDS").ok();
        let seconds = wanted
            .as_ref()
            .map_or(SECONDS, |text| text.parse().expect("seconds are a number"));
        let count = seconds * u64::from(POSTS_A_MINUTE) / 60;
        Self {
            market,
            views,
            began: Instant::now(),
            lasts: Duration::from_secs(seconds),
            must_hold_rate: wanted.is_some(),
            posts: (0..count).map(|_| OnceLock::new()).collect(),
            next: AtomicUsize::new(0),
            ended: Mutex::default(),
            is_over: AtomicBool::new(false),
        }
    }

    /// Takes turns until the last post is gone; how late the latest turn was done.
    fn write(&self) -> Duration {
        let mut latest = Duration::ZERO;
        loop {
            let turn = self.next.fetch_add(1, Ordering::Relaxed);
            if turn >= self.posts.len() + OPEN {
                return latest;
            }
            let turns = u32::try_from(turn).unwrap();
            let at = self.began + Duration::from_secs(60) * turns / POSTS_A_MINUTE;
            // This keeps the rate; nothing is expected to have happened after it.
            thread::sleep(at.saturating_duration_since(Instant::now()));
            self.open(turn);
            self.change(turn.checked_sub(OPEN / 2));
            self.end(turn.checked_sub(OPEN));
            latest = latest.max(at.elapsed());
        }
    }

    /// Posts with an even number are offers, the others requests.
    fn open(&self, number: usize) {
        let Some(slot) = self.posts.get(number) else {
            return;
        };
        if !self.must_hold_rate && self.began.elapsed() > self.lasts {
            slot.set(None).unwrap();
            return;
        }
        let (list, mut body) = match number % 2 {
            0 => ("/v1/offers", market::offer()),
            _ => ("/v1/requests", market::request()),
        };
        body["title"] = json!(format!("{} {number}", body["title"].as_str().unwrap()));
        let id = post(self.owner(number), list, &body);
        slot.set(Some(format!("{list}/{id}"))).unwrap();
    }

    /// How many posts were opened.
    fn count(&self) -> usize {
        let opened = |slot: &&OnceLock<_>| matches!(slot.get(), Some(Some(_)));
        self.posts.iter().filter(opened).count()
    }

    fn change(&self, number: Option<usize>) {
        if let Some((number, path)) = self.opened(number) {
            // Fits better than before, so it is near the top when it ends.
            let title = format!("Grote zaal met keuken voor een wijkmaaltijd {number}");
            let change = json!({ "title": title });
            self.owner(number).json("PATCH", path, &change).expect(200);
        }
    }

    /// Ends a post, in turn by its owner for good, by a coordinator, and by its owner for a while.
    fn end(&self, number: Option<usize>) {
        let Some((number, path)) = self.opened(number) else {
            return;
        };
        match number / 2 % 3 {
            0 => end(self.owner(number), path, "closures"),
            1 => end(&self.market.coordinator, path, "hidings"),
            _ => end(self.owner(number), path, "pauses"),
        }
        let id = path.rsplit('/').next().unwrap().to_owned();
        self.ended.lock().unwrap().insert(id, Instant::now());
        for views in &self.views {
            self.look(&views[number % 2]);
        }
    }

    fn owner(&self, number: usize) -> &Client {
        match number % 2 {
            0 => &self.market.giver,
            _ => &self.market.asker,
        }
    }

    /// A post with its address, when there is one with this number; another writer may be opening it now.
    fn opened(&self, number: Option<usize>) -> Option<(usize, &str)> {
        let number = number?;
        let slot = self.posts.get(number)?;
        let path = until("a post is open", || slot.get());
        Some((number, path.as_ref()?))
    }

    /// Looks at a list until it is over, and often enough where the machine is busy.
    fn watch(&self, view: &View) {
        let mut looks = 0;
        while !self.is_over.load(Ordering::Relaxed) || looks < LOOKS {
            self.look(view);
            looks += 1;
            // This leaves the machine to the writers; nothing is expected to have happened after it.
            thread::sleep(LOOK_EVERY);
        }
    }

    /// Looks at a list once: what was open no more before it was asked for must not be in it.
    fn look(&self, view: &View) {
        let sent = Instant::now();
        let named = view.named();
        let ended = self.ended.lock().unwrap();
        let is_over = |id: &&String| ended.get(*id).is_some_and(|at| *at < sent);
        let wrong: Vec<String> = named.iter().filter(is_over).cloned().collect();
        drop(ended);
        let mut seen = view.seen.lock().unwrap();
        seen.answers += 1;
        seen.empty += usize::from(named.is_empty());
        seen.wrong.extend(wrong);
        seen.named.extend(named);
    }
}

/// Places a post that stays; the address of what fits it.
fn list(owner: &Client, path: &str, body: &Value) -> String {
    format!("{path}/{}/matches", post(owner, path, body))
}

/// Places a post; its id.
fn post(owner: &Client, path: &str, body: &Value) -> String {
    owner.post(path, body).expect(201).text_at("/id")
}

fn end(who: &Client, path: &str, operation: &str) {
    let body = match operation {
        "closures" => json!({ "reason": "fulfilled_here" }),
        "hidings" => json!({ "reason": "Dit is een proef." }),
        _ => json!(null),
    };
    who.post(&format!("{path}/{operation}"), &body).expect(201);
}

/// An offer with room for everybody.
fn roomy() -> Value {
    let mut offer = market::offer();
    offer["capacity"] = json!(1_000);
    offer
}
