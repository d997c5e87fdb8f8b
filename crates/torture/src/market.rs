//! A market in which every request becomes an introduction by itself: both sides said yes in advance and nobody reviews.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use ureq::Agent;

use crate::database::Postgres;
use crate::program::{Ground, Program};
use crate::relay::Relay;

/// Introductions that one offer can carry at most.
const CAPACITY: usize = 1_000;

/// Addresses of those who ask and offer.
pub const ASKER: &str = "vraagt@nieuw.example";
/// See [`ASKER`].
pub const GIVER: &str = "biedt@nieuw.example";

/// The settings of such a market.
const SETTINGS: [(&str, &str); 3] = [
    ("SAMENSPEL_MATCHING__REVIEW", "none"),
    ("SAMENSPEL_MATCHING__MAX_PROPOSALS", "1"),
    ("SAMENSPEL_AUTH__TOKEN_MINUTES", "1440"),
];

/// With these a server leaves its outbox and its jobs to who tortures it.
pub const QUIET: [(&str, &str); 2] = [
    ("SAMENSPEL_OUTBOX__POLL_SECONDS", "86400"),
    ("SAMENSPEL_JOBS__EVERY_SECONDS", "86400"),
];

/// Every setting of such a market whose letters go to a relay; `more` goes over the rest, with a PostgreSQL database
/// when there is one.
pub fn settings(
    relay: &Relay,
    database: Option<&Postgres>,
    more: &[(&str, &str)],
) -> Vec<(String, String)> {
    let mut settings = relay.settings();
    let ours = SETTINGS.iter().chain(more);
    settings.extend(ours.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    if let Some(database) = database {
        settings.push(("SAMENSPEL_DATABASE".to_owned(), database.url()));
    }
    settings
}

/// A ground for such a market.
///
/// # Errors
/// When its database cannot be made.
pub fn ground(
    program: &Program,
    relay: &Relay,
    database: Option<&Postgres>,
    more: &[(&str, &str)],
) -> Result<Ground> {
    let settings = settings(relay, database, more);
    let pairs: Vec<(&str, &str)> = settings
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    program.ground(&pairs)
}

/// Somebody who asks and somebody who offers, and the servers that they may use.
pub struct Market {
    agent: Agent,
    asker: String,
    giver: String,
    servers: Mutex<Vec<String>>,
}

impl Market {
    /// Two organisations in the database of a ground.
    ///
    /// # Errors
    /// When the program refuses them.
    pub fn open(ground: &Ground) -> Result<Self> {
        let person = |email: &str, organisation: &str| -> Result<String> {
            let add = ["member", "add", "--email", email, "--name", organisation];
            ground.run(&[&add[..], &["--organisation", organisation]].concat())?;
            let token = ground.run(&["token", "issue", "--email", email])?;
            Ok(format!("Bearer {}", token.trim()))
        };
        let agent: Agent = Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(30)))
            .build()
            .into();
        Ok(Self {
            agent,
            asker: person(ASKER, "Buurthuis Zuid")?,
            giver: person(GIVER, "Zalen voor Allen")?,
            servers: Mutex::new(Vec::new()),
        })
    }

    /// The addresses of the servers that run now.
    pub fn use_servers(&self, bases: Vec<String>) {
        *self.servers.lock().unwrap_or_else(PoisonError::into_inner) = bases;
    }

    /// Offers that carry so many introductions together.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn offer(&self, introductions: usize) -> Result<()> {
        for number in 0..introductions.div_ceil(CAPACITY) + 1 {
            let offer = json!({
                "title": format!("Zaal {number} voor bewoners"),
                "body": "Wij hebben een zaal die bewoners mogen gebruiken om elkaar te ontmoeten.",
                "reach": ["NL"], "support": ["ruimte"], "capacity": CAPACITY, "consent": "standing",
            });
            self.post("/v1/offers", &self.giver, &offer, number)?;
        }
        Ok(())
    }

    /// A request, and so an introduction; the id of the request once the server said that it has it.
    ///
    /// # Errors
    /// When the server does not say so; it may have it nevertheless.
    pub fn ask(&self, number: usize) -> Result<String> {
        let request = json!({
            "title": format!("Wij zoeken zaal nummer {number}"),
            "body": "Wij zoeken een zaal om elkaar te ontmoeten.",
            "place": "Apeldoorn", "support": ["ruimte"], "consent": "standing",
        });
        let answer = self.post("/v1/requests", &self.asker, &request, number)?;
        let id = answer.get("id").and_then(Value::as_str);
        Ok(id.context("a request without id")?.to_owned())
    }

    fn post(&self, path: &str, token: &str, body: &Value, number: usize) -> Result<Value> {
        let base = {
            let servers = self.servers.lock().unwrap_or_else(PoisonError::into_inner);
            let chosen = number.checked_rem(servers.len()).unwrap_or(0);
            servers.get(chosen).cloned().context("no server runs")?
        };
        let mut answer = self
            .agent
            .post(format!("{base}{path}"))
            .header("authorization", token)
            .header("content-type", "application/json")
            .send(body.to_string())?;
        Ok(serde_json::from_str(&answer.body_mut().read_to_string()?)?)
    }
}
