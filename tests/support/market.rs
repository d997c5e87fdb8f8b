//! A small market: a coordinator, an initiative and a partner, with a request and an offer that fit.

use serde_json::{Value, json};

use super::{Answer, Client, Database, Mailbox, Server};

/// The address of the coordinator.
pub(crate) const COORDINATOR: &str = "coordinator@coalitie.example";
/// The address of who asks.
pub(crate) const ASKER: &str = "ria@zuiddoetsamen.example";
/// The address of who offers.
pub(crate) const GIVER: &str = "jan@stimenz.example";

/// A server with people.
pub(crate) struct Market {
    /// A database of its own, when the test did not bring one.
    #[expect(dead_code, reason = "held until the market closes")]
    own: Option<Database>,
    pub(crate) mailbox: Mailbox,
    pub(crate) server: Server,
    pub(crate) coordinator: Client,
    pub(crate) asker: Client,
    pub(crate) giver: Client,
}

impl Market {
    /// A market on a database of its own.
    pub(crate) fn on_sqlite() -> Self {
        let database = Database::sqlite();
        let market = Self::open(&database);
        Self {
            own: Some(database),
            ..market
        }
    }

    /// Two organisations that registered and were verified, and a coordinator.
    pub(crate) fn open(database: &Database) -> Self {
        Self::open_with(database, &[])
    }

    /// The same with settings of the test's own.
    pub(crate) fn open_with(database: &Database, more: &[(&str, &str)]) -> Self {
        let mailbox = Mailbox::start();
        let server = Server::start_with(database, &mailbox, more);
        let add = [
            "member",
            "add",
            "--email",
            COORDINATOR,
            "--name",
            "Coen Coördinator",
        ];
        server.run(
            &[
                &add[..],
                &["--organisation", "Coalitie", "--role", "coordinator"],
            ]
            .concat(),
        );
        let coordinator = server.client_of(COORDINATOR);
        for (organisation, kind, name, email) in [
            ("Zuid Doet Samen", "initiative", "Ria de Vries", ASKER),
            ("Stimenz", "partner", "Jan \"JJ\" Jansen", GIVER),
        ] {
            let registered =
                register(&server.client(), organisation, kind, name, email).expect(201);
            let path = format!(
                "/v1/organisations/{}/verifications",
                registered.text_at("/organisation/id")
            );
            coordinator
                .post(&path, &json!({ "decision": "approve" }))
                .expect(201);
        }
        Self {
            own: None,
            asker: server.client_of(ASKER),
            giver: server.client_of(GIVER),
            coordinator,
            mailbox,
            server,
        }
    }

    /// Moves the time, does what is due then, and signs everybody in again.
    pub(crate) fn go_to(&mut self, time: &str) {
        self.server.go_to(time);
        self.coordinator = self.server.client_of(COORDINATOR);
        self.asker = self.server.client_of(ASKER);
        self.giver = self.server.client_of(GIVER);
    }

    /// Delivers what waits in the outbox.
    pub(crate) fn deliver(&self) {
        self.server.run(&["outbox", "deliver", "--once"]);
    }

    /// Places a request and an offer that fit; the id of the proposal.
    pub(crate) fn proposal(&self) -> String {
        self.giver.post("/v1/offers", &offer()).expect(201);
        let request = self
            .asker
            .post("/v1/requests", &request())
            .expect(201)
            .text_at("/id");
        let found = self
            .coordinator
            .get(&format!("/v1/requests/{request}/matches"))
            .expect(200);
        assert_eq!(found.text_at("/items/0/state"), "proposed");
        found.text_at("/items/0/id")
    }

    /// Approves a proposal and delivers the invitations; the tokens of asker and giver.
    pub(crate) fn invite(&self, proposal: &str) -> [String; 2] {
        // Several workers deliver at once: what was written earlier goes first, so that the invitations are the last.
        self.deliver();
        let review = json!({ "decision": "approve", "reason": "good_fit" });
        self.coordinator
            .post(&format!("/v1/matches/{proposal}/reviews"), &review)
            .expect(201);
        self.deliver();
        [ASKER, GIVER].map(|address| self.mailbox.last_to(address).token("/toestemming"))
    }

    /// The state of a match.
    pub(crate) fn state_of(&self, id: &str) -> String {
        self.coordinator
            .get(&format!("/v1/matches/{id}"))
            .expect(200)
            .text_at("/state")
    }
}

/// Registers an organisation with its first member.
pub(crate) fn register(
    client: &Client,
    organisation: &str,
    kind: &str,
    name: &str,
    email: &str,
) -> Answer {
    let body = json!({
        "organisation": { "name": organisation, "kind": kind, "place": "Apeldoorn" },
        "member": { "name": name, "email": email },
    });
    client.post("/v1/registrations", &body)
}

/// A request from Apeldoorn.
pub(crate) fn request() -> Value {
    json!({
        "title": "Ruimte gezocht voor onze wijkmaaltijd",
        "body": "Elke dinsdag koken wij voor veertig buren in De Heeze. Ons zaaltje wordt te klein.",
        "place": "De Heeze, Apeldoorn",
        "themes": ["ontmoeten"],
        "phase": "start",
        "support": ["ruimte"],
    })
}

/// An offer that fits it.
pub(crate) fn offer() -> Value {
    json!({
        "title": "Zaal met keuken, door de week vrij",
        "body": "Onze grote zaal staat door de week leeg. Buurtgroepen koken er graag.",
        "reach": ["Apeldoorn"],
        "themes": ["ontmoeten"],
        "phases": ["start", "groei"],
        "support": ["ruimte"],
        "capacity": 1,
    })
}
