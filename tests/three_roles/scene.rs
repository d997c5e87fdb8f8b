//! The people of the script of the three roles, and what they do: each deed goes over HTTP or by a mailed link, and is
//! written down in the tally.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::posts::Draft;
use super::tally::{Moment, Origin, Post, Tally};
use crate::support::market::{COORDINATOR, register};
use crate::support::posts::every;
use crate::support::sessions::{ask_from, open_from, refresh_from};
use crate::support::{ASKED_OFTEN, Answer, Client, Database, Mailbox, Server, until};

/// Days after which somebody logs in by mail again.
const SESSION_DAYS: i64 = 30;

/// Somebody who registers: what their organisation is called and what it is, their name, and their address.
pub(super) type Newcomer = [&'static str; 4];

/// The tokens of somebody who logged in.
struct Session {
    access: String,
    refresh: String,
    /// When they logged in by mail.
    since: DateTime<Utc>,
    /// When the tokens were given.
    at: DateTime<Utc>,
}

/// A server that does everything by itself, and the people who use it.
pub(super) struct Scene {
    mailbox: Mailbox,
    server: Server,
    now: Moment,
    sessions: BTreeMap<&'static str, Session>,
    /// The address of who acts for an organisation.
    addresses: BTreeMap<&'static str, &'static str>,
    /// The mailed links that were followed.
    followed: BTreeSet<String>,
    pub(super) tally: Tally,
}

/// One side of a pair.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Asker,
    Giver,
}

impl Scene {
    /// A server that looks after its letters and its deadlines by itself, and a first coordinator.
    pub(super) fn open(database: &Database, now: Moment) -> Self {
        let mailbox = Mailbox::start();
        let settings = [
            ASKED_OFTEN,
            ("SAMENSPEL_OUTBOX__POLL_SECONDS", "1"),
            ("SAMENSPEL_JOBS__EVERY_SECONDS", "1"),
        ];
        let server = Server::start_with(database, &mailbox, &settings);
        let add = "member add --organisation Coalitie --role coordinator --name Coen --email";
        let mut add: Vec<&str> = add.split(' ').collect();
        add.push(COORDINATOR);
        server.run(&add);
        server.set_time(&now.at.to_rfc3339());
        Self {
            mailbox,
            server,
            now,
            sessions: BTreeMap::new(),
            addresses: BTreeMap::new(),
            followed: BTreeSet::new(),
            tally: Tally::default(),
        }
    }

    /// Moves the time.
    pub(super) fn go_to(&mut self, now: Moment) {
        assert!(now.at > self.now.at);
        self.server.set_time(&now.at.to_rfc3339());
        self.now = now;
    }

    /// Registers, and confirms the address with the mailed link.
    pub(super) fn comes_in(&mut self, [organisation, kind, name, email]: Newcomer) {
        let anyone = self.server.client();
        let registered = register(&anyone, organisation, kind, name, email).expect(201);
        let id = registered.text_at("/organisation/id");
        self.tally.organisations.insert(organisation, id);
        self.addresses.insert(organisation, email);
        let token = self.mailed(email, "/bevestigen", &[organisation]);
        anyone
            .form(&format!("/bevestigen/{token}"), &[])
            .expect(303);
    }

    /// A coordinator decides about an organisation. Its posts open when it may take part, which brings these pairs.
    pub(super) fn is_verified(
        &mut self,
        organisation: &'static str,
        decision: &str,
        brings: &[[&'static str; 2]],
    ) {
        let id = &self.tally.organisations[organisation];
        let path = format!("/v1/organisations/{id}/verifications");
        let body = json!({ "decision": decision, "reason": "Zo gezien." });
        self.coordinator().post(&path, &body).expect(201);
        if decision == "approve" {
            let now = self.now.at;
            for post in &mut self.tally.posts {
                if post.owner == organisation {
                    post.opened = Some(now);
                }
            }
        }
        self.is_paired(brings);
    }

    /// Places a post, which brings these pairs; it waits where its organisation is not verified yet.
    pub(super) fn places(
        &mut self,
        owner: &'static str,
        draft: &'static Draft,
        brings: &[[&'static str; 2]],
    ) {
        let placed = self.of(owner).post(draft.kind.path(), &draft.fields());
        let placed = placed.expect(201);
        let is_open = placed.text_at("/state") == "open";
        self.tally.posts.push(Post {
            draft,
            id: placed.text_at("/id"),
            owner,
            placed: self.now,
            opened: is_open.then_some(self.now.at),
            closed: None,
        });
        self.is_paired(brings);
    }

    /// The owner closes a post, by which these pairs lapse.
    pub(super) fn closes(&mut self, title: &str, reason: &'static str, lapsing: &[[&str; 2]]) {
        let post = self.tally.post(title);
        let (owner, path) = (post.owner, post.draft.kind.path());
        let path = format!("{path}/{}/closures", post.id);
        let body = json!({ "reason": reason });
        self.of(owner).post(&path, &body).expect(201);
        self.tally.post_mut(title).closed = Some(reason);
        self.lapses(lapsing, "request_ended");
    }

    /// Writes down that pairs went by, which must be so already.
    fn lapses(&mut self, lapsing: &[[&str; 2]], reason: &'static str) {
        for of in lapsing {
            self.tally.pair_mut(*of).ends("lapsed", reason);
        }
        self.is_as_told();
    }

    /// A coordinator reviews a proposal: `good_fit` asks both sides, another reason rejects it.
    pub(super) fn is_reviewed(&mut self, of: [&str; 2], reason: &'static str) {
        let decision = if reason == "good_fit" {
            "approve"
        } else {
            "reject"
        };
        let path = format!("/v1/matches/{}/reviews", self.id_of(of));
        let body = json!({ "decision": decision, "reason": reason });
        self.coordinator().post(&path, &body).expect(201);
        let now = self.now.at;
        let pair = self.tally.pair_mut(of);
        pair.reviewed = Some(now);
        if decision == "approve" {
            pair.invited = Some(now);
            pair.becomes("invited");
        } else {
            pair.ends("rejected", reason);
        }
        self.is_as_told();
    }

    /// A coordinator brings two posts together by hand, so that both are asked at once.
    pub(super) fn is_made_by_hand(&mut self, of: [&'static str; 2]) {
        let [request, offer] = of.map(|title| self.tally.post(title).id.clone());
        let body = json!({ "requestId": request, "offerId": offer });
        self.coordinator().post("/v1/matches", &body).expect(201);
        self.tally.paired(of, Origin::ByHand, self.now);
        self.is_as_told();
    }

    /// A side says yes by the link in its invitation.
    pub(super) fn agrees(&mut self, of: [&str; 2], side: Side) {
        let token = self.mailed(self.address(of, side), "/toestemming", &of);
        let said = self.says(&token, &json!({ "answer": "yes" }));
        if said.text_at("/state") == "introduced" {
            let now = self.now.at;
            let pair = self.tally.pair_mut(of);
            pair.introduced = Some(now);
            pair.becomes("introduced");
        }
    }

    /// Both sides say yes, by which the offer fills up and these pairs lapse.
    pub(super) fn both_agree(&mut self, of: [&str; 2], lapsing: &[[&str; 2]]) {
        self.agrees(of, Side::Asker);
        self.is_as_told();
        self.agrees(of, Side::Giver);
        assert_eq!(self.tally.pair_mut(of).state, "introduced");
        self.lapses(lapsing, "offer_full");
    }

    /// A side says no by the link in its invitation.
    pub(super) fn declines(&mut self, of: [&str; 2], side: Side, reason: &'static str) {
        let token = self.mailed(self.address(of, side), "/toestemming", &of);
        self.says(&token, &json!({ "answer": "no", "reason": reason }));
        self.tally.pair_mut(of).ends("declined", reason);
        self.is_as_told();
    }

    /// A side tells by the link in its letter what came of it, after which the pair is in this state.
    pub(super) fn tells(&mut self, of: [&str; 2], side: Side, outcome: &str, state: &'static str) {
        let own = match side {
            Side::Asker => of[0],
            Side::Giver => of[1],
        };
        let token = self.mailed(self.address(of, side), "/uitkomst", &[own]);
        let path = format!("/v1/outcomes/{token}");
        let told = self
            .server
            .client()
            .post(&path, &json!({ "outcome": outcome }));
        assert_eq!(told.expect(200).text_at("/state"), state);
        self.tally.pair_mut(of).becomes(state);
        self.is_as_told();
    }

    /// Waits until silence has ended a pair.
    pub(super) fn ends_by_itself(&mut self, of: [&str; 2], state: &'static str) {
        self.tally.pair_mut(of).ends(state, "");
        let told = self.tally.states();
        let coordinator = self.coordinator();
        until("silence ends a pair", || {
            (seen(&coordinator) == told).then_some(())
        });
    }

    /// The client of the coordinator.
    pub(super) fn coordinator(&mut self) -> Client {
        self.client(COORDINATOR)
    }

    fn of(&mut self, organisation: &str) -> Client {
        self.client(self.addresses[organisation])
    }

    /// The client of somebody, who logs in by mail where their session is over.
    fn client(&mut self, email: &'static str) -> Client {
        let anyone = self.server.client();
        let now = self.now.at;
        let known = self.sessions.remove(email);
        let alive = known.filter(|held| now < held.since + TimeDelta::days(SESSION_DAYS));
        let session = match alive {
            Some(held) if held.at == now => held,
            Some(held) => {
                let opened = refresh_from(&anyone, &held.refresh).expect(201);
                session(&opened, held.since, now)
            }
            None => {
                ask_from(&anyone, email).expect(202);
                let token = self.mailed(email, "/inloggen", &[]);
                session(&open_from(&anyone, &token).expect(201), now, now)
            }
        };
        let client = anyone.with_token(&session.access);
        self.sessions.insert(email, session);
        client
    }

    /// Waits for a letter with a link to a page that was not followed yet and with these words; the token of the link.
    fn mailed(&mut self, email: &str, page: &str, words: &[&str]) -> String {
        let link = format!("{page}/");
        let token = until("the letter comes", || {
            let letters = self.mailbox.letters_to(email).into_iter().rev();
            letters
                .filter(|letter| letter.text().contains(&link))
                .filter(|letter| words.iter().all(|word| letter.text().contains(word)))
                .map(|letter| letter.token(page))
                .find(|token| !self.followed.contains(token))
        });
        self.followed.insert(token.clone());
        token
    }

    fn says(&self, token: &str, answer: &Value) -> Answer {
        let path = format!("/v1/consents/{token}");
        self.server.client().post(&path, answer).expect(200)
    }

    fn address(&self, of: [&str; 2], side: Side) -> &'static str {
        let title = match side {
            Side::Asker => of[0],
            Side::Giver => of[1],
        };
        self.addresses[self.tally.post(title).owner]
    }

    fn is_paired(&mut self, brought: &[[&'static str; 2]]) {
        for of in brought {
            self.tally.paired(*of, Origin::Engine, self.now);
        }
        self.is_as_told();
    }

    /// The coordinator sees every pair in the state that was written down, and no other.
    #[track_caller]
    fn is_as_told(&mut self) {
        assert_eq!(seen(&self.coordinator()), self.tally.states());
    }

    fn id_of(&mut self, of: [&str; 2]) -> String {
        let all = every(&self.coordinator(), "/v1/matches", 100);
        let found = all.iter().find(|found| titles(found) == of);
        let found = found.unwrap_or_else(|| panic!("{of:?} is not there"));
        found["id"].as_str().unwrap().to_owned()
    }
}

fn session(opened: &Answer, since: DateTime<Utc>, at: DateTime<Utc>) -> Session {
    Session {
        access: opened.text_at("/accessToken"),
        refresh: opened.text_at("/refreshToken"),
        since,
        at,
    }
}

fn titles(found: &Value) -> [&str; 2] {
    ["request", "offer"].map(|side| found[side]["title"].as_str().unwrap())
}

/// Every pair with its state, as a coordinator sees it.
fn seen(coordinator: &Client) -> Vec<[String; 3]> {
    let all = every(coordinator, "/v1/matches", 100);
    let told = |found: &Value| {
        let [request, offer] = titles(found);
        [request, offer, found["state"].as_str().unwrap()].map(str::to_owned)
    };
    let mut states: Vec<_> = all.iter().map(told).collect();
    states.sort();
    states
}
