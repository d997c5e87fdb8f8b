//! The values the tests store: parties, posts, matches and letters of a small market.

use chrono::{DateTime, TimeDelta, Utc};
use domain::explanation::{Explanation, Part, Reason, Signal};
use domain::ids::{LetterId, MatchId, MemberId, OfferId, RequestId};
use domain::letters::{LetterKind, StoredLetter};
use domain::matches::{Match, MatchOrigin, MatchState, Voice};
use domain::members::{Member, Role, Viewer};
use domain::offers::{Offer, OfferContent};
use domain::organisations::{Organisation, OrganisationKind, OrganisationState};
use domain::posts::{Consent, Life, PostKind, PostState};
use domain::region::Municipality;
use domain::requests::{Request, RequestContent};
use store::Db;

use super::kept::keep;

/// A text that a database could trip over: accents, quotes, wildcards, separators, other scripts.
pub(crate) const ODD: &str =
    "Café 't Ölkje; \"100%\" _écht_ \\ ';DROP TABLE posts;-- ✓ žluťoučký 茶";

/// The moment the market opens, to the microsecond.
pub(crate) fn opening() -> DateTime<Utc> {
    "2026-03-02T09:30:00.123456Z".parse().unwrap()
}

/// So many minutes after the market opened.
pub(crate) fn minute(count: i64) -> DateTime<Utc> {
    opening() + TimeDelta::minutes(count)
}

/// An organisation with one member.
#[derive(Clone)]
pub(crate) struct Party {
    pub(crate) organisation: Organisation,
    pub(crate) member: Member,
}

impl Party {
    /// The member as somebody who looks.
    pub(crate) fn viewer(&self) -> Viewer {
        Viewer::Member(self.member.clone())
    }
}

/// A verified organisation.
pub(crate) fn organisation(name: &str, at: DateTime<Utc>) -> Organisation {
    Organisation {
        state: OrganisationState::Verified,
        ..Organisation::register(
            name.parse().unwrap(),
            OrganisationKind::Initiative,
            "Apeldoorn".to_owned(),
            Some(Municipality::from_number(200)),
            at,
        )
    }
}

/// A member whose address is not confirmed.
pub(crate) fn member(of: &Organisation, email: &str) -> Member {
    Member {
        id: MemberId::new(of.created_at),
        organisation: of.id,
        name: "Ria de Vries".parse().unwrap(),
        email: email.parse().unwrap(),
        role: Role::Member,
        regions: Vec::new(),
        confirmed_at: None,
        wants_reminders: true,
        created_at: of.created_at,
    }
}

/// Stores an organisation of this name with one member.
pub(crate) async fn party(db: &Db, name: &str) -> Party {
    let organisation = organisation(name, opening());
    let member = member(&organisation, &format!("{name}@voorbeeld.nl"));
    keep(db, &organisation).await;
    keep(db, &member).await;
    Party {
        organisation,
        member,
    }
}

/// Stores somebody who coordinates.
pub(crate) async fn coordinator(db: &Db) -> Party {
    let organisation = organisation("Coalitie", opening());
    let member = Member {
        role: Role::Coordinator,
        ..member(&organisation, "coordinatie@voorbeeld.nl")
    };
    keep(db, &organisation).await;
    keep(db, &member).await;
    Party {
        organisation,
        member,
    }
}

/// An open request, so many minutes after the market opened.
pub(crate) fn request(of: &Party, minutes: i64) -> Request {
    let now = minute(minutes);
    Request {
        id: RequestId::new(now),
        organisation: of.organisation.id,
        author: of.member.id,
        reference: None,
        content: RequestContent {
            title: "Ruimte gezocht".parse().unwrap(),
            body: "Wij zoeken een zaal voor onze dinsdagmiddag."
                .parse()
                .unwrap(),
            place: "Apeldoorn".to_owned(),
            municipality: Municipality::from_number(200),
            themes: Vec::new(),
            phase: None,
            support: Vec::new(),
            needed_by: None,
            consent: Consent::Ask,
        },
        life: Life::begin(PostKind::Request, PostState::Open, now),
    }
}

/// An open offer for the whole country that carries three, so many minutes after the market opened.
pub(crate) fn offer(of: &Party, minutes: i64) -> Offer {
    let now = minute(minutes);
    Offer {
        id: OfferId::new(now),
        organisation: of.organisation.id,
        author: of.member.id,
        reference: None,
        content: OfferContent {
            title: "Zaal in het dorpshuis".parse().unwrap(),
            body: "Onze zaal staat door de week leeg en is gratis."
                .parse()
                .unwrap(),
            reach: vec!["NL".parse().unwrap()],
            neighbours: false,
            themes: Vec::new(),
            phases: Vec::new(),
            support: Vec::new(),
            capacity: 3,
            evergreen: false,
            consent: Consent::Ask,
        },
        carried: 0,
        life: Life::begin(PostKind::Offer, PostState::Open, now),
    }
}

/// The same life in another state.
pub(crate) fn in_state(life: &Life, state: PostState) -> Life {
    Life {
        state,
        ..life.clone()
    }
}

/// A proposal of the engine with this score.
pub(crate) fn proposal(request: &Request, offer: &Offer, score: f64) -> Match {
    let now = request.life.created_at.max(offer.life.created_at);
    Match {
        id: MatchId::new(now),
        request: request.id,
        offer: offer.id,
        round: 1,
        origin: MatchOrigin::Engine,
        state: MatchState::Proposed,
        since: now,
        explanation: Explanation {
            score,
            parts: vec![Part {
                signal: Signal::Theme,
                value: score,
                contribution: score,
                reason: Reason::AnyTheme,
            }],
            algorithm: "1".to_owned(),
        },
        weights: "{\"theme\":1.0}".to_owned(),
        asker: Voice::default(),
        giver: Voice::default(),
        reason: String::new(),
        note: String::new(),
        declined_by: None,
        reviewed_by: None,
        told: None,
        created_at: now,
        version: 1,
    }
}

/// Stores an asking and an offering party with a request, an offer and their match.
pub(crate) async fn pair(db: &Db) -> (Request, Offer, Match) {
    let (asker, giver) = (party(db, "Vraagt").await, party(db, "Biedt").await);
    let (request, offer) = (request(&asker, 1), offer(&giver, 2));
    let found = proposal(&request, &offer, 0.75);
    keep(db, &request).await;
    keep(db, &offer).await;
    keep(db, &found).await;
    (request, offer, found)
}

/// A letter that was written so many minutes after the market opened.
pub(crate) fn letter(kind: LetterKind, about: &str, minutes: i64) -> StoredLetter {
    StoredLetter {
        id: LetterId::new(minute(minutes)),
        kind,
        about: about.to_owned(),
        subject: "Een vraag die bij uw aanbod past".to_owned(),
        mime: b"Subject: Een vraag\r\n\r\nhttps://voorbeeld.nl/l/geheim\r\n\0\xff".to_vec(),
        not_after: None,
        created_at: minute(minutes),
    }
}
