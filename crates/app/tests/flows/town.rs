//! A small town that uses the product: its people, what they ask and offer, the calendar and the post.

use app::config::{Config, MailTransport};
use app::{
    App, Clock, MatchFilter, MatchView, MemberFields, Opening, ReviewFields, Slice, page_path,
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{MatchId, OfferId, RequestId};
use domain::letters::LetterKind;
use domain::links::LinkPurpose;
use domain::matches::{Answer, Decision, DeclineReason, Match, MatchState, ReviewReason};
use domain::members::Viewer;
use domain::offers::OfferFields;
use domain::posts::{PostId, PostState};
use domain::requests::RequestFields;
use store::{Db, StoreError};

use super::fresh::{Fresh, on_each};
use super::letters::{PostBox, Received, only};

/// A town with its product; what is behind it goes when the test ends.
pub(crate) struct Town {
    pub(crate) app: App,
    pub(crate) clock: Clock,
    /// Where the database is.
    pub(crate) url: String,
    pub(crate) config: Config,
    db: Db,
    post: PostBox,
    _folder: tempfile::TempDir,
}

/// Somebody and the address they are written to.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) viewer: Viewer,
    pub(crate) email: String,
}

/// One who asks and one who offers, with a proposal between their posts.
pub(crate) struct Couple {
    pub(crate) asker: Person,
    pub(crate) giver: Person,
    pub(crate) request: RequestId,
    pub(crate) offer: OfferId,
    pub(crate) found: MatchId,
}

/// The tokens of a couple's invitations.
pub(crate) struct Asked {
    pub(crate) asker: String,
    pub(crate) giver: String,
}

/// The moment the market opens.
pub(crate) fn opening() -> DateTime<Utc> {
    "2026-03-02T09:30:00.123456Z".parse().unwrap()
}

/// Runs a test on each backend in a town with the usual settings.
pub(crate) fn on_both(body: impl AsyncFn(Town)) {
    on_both_with(|_| {}, body);
}

/// Runs a test on each backend in a town with other settings.
pub(crate) fn on_both_with(change: impl Fn(&mut Config), body: impl AsyncFn(Town)) {
    on_each(|fresh| {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let town = Town::start(fresh, &change).await;
            body(town).await;
        });
    });
}

impl Town {
    async fn start(fresh: &Fresh, change: &impl Fn(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::load(None).unwrap();
        config.database.url.clone_from(&fresh.url);
        config.auth.secret = "een-geheim-van-minstens-32-tekens".into();
        config.mail.transport = MailTransport::Files;
        config.mail.folder = folder.path().join("letters");
        change(&mut config);
        let clock = Clock::manual(opening());
        Self {
            app: App::open(config.clone(), Opening::MayCreate, clock.clone())
                .await
                .unwrap(),
            db: Db::open(&fresh.url.parse().unwrap(), Opening::Existing).unwrap(),
            clock,
            url: fresh.url.clone(),
            post: PostBox::new(&config.mail.folder),
            config,
            _folder: folder,
        }
    }

    /// A second process on the same database, with the same clock.
    pub(crate) async fn second_process(&self) -> App {
        self.process_with(|_| {}).await
    }

    /// A second process on the same database, with other settings.
    pub(crate) async fn process_with(&self, change: impl FnOnce(&mut Config)) -> App {
        let mut config = self.config.clone();
        change(&mut config);
        App::open(config, Opening::Existing, self.clock.clone())
            .await
            .unwrap()
    }

    /// The rows behind the product, to look at what no one is shown.
    pub(crate) fn db(&self) -> Db {
        self.db.clone()
    }

    /// Moves the calendar to so many days after the opening.
    pub(crate) fn set_day(&self, day: i64) {
        self.clock.set(opening() + TimeDelta::days(day));
    }

    /// Moves the calendar to a day and does everything that is due then; gives the letters that went.
    pub(crate) async fn day(&self, day: i64) -> Vec<Received> {
        self.set_day(day);
        self.app.run_once().await.unwrap();
        self.post.take()
    }

    /// Delivers what is due; gives the letters that went.
    pub(crate) async fn mail(&self) -> Vec<Received> {
        self.app.deliver_due().await.unwrap();
        self.post.take()
    }

    /// A member of an organisation of the same name, which is made, verified, when it is not there.
    pub(crate) async fn person(&self, organisation: &str, role: &str, regions: &[&str]) -> Person {
        let email = format!(
            "{}@voorbeeld.nl",
            organisation.to_lowercase().replace(' ', ".")
        );
        let fields = MemberFields {
            name: format!("{organisation} Jansen"),
            email: email.clone(),
            organisation: organisation.to_owned(),
            kind: "partner".to_owned(),
            role: role.to_owned(),
            regions: regions.iter().map(|&region| region.to_owned()).collect(),
        };
        self.app.add_member(fields).await.unwrap();
        self.who(&email).await
    }

    /// A plain member.
    pub(crate) async fn member(&self, organisation: &str) -> Person {
        self.person(organisation, "member", &[]).await
    }

    /// Somebody who coordinates everywhere.
    pub(crate) async fn coordinator(&self) -> Person {
        self.person("Coalitie", "coordinator", &[]).await
    }

    /// Who signs in with this address.
    pub(crate) async fn who(&self, email: &str) -> Person {
        let (token, _) = self.app.issue_token(email).await.unwrap();
        Person {
            viewer: self.app.viewer(Some(&token)).await.unwrap(),
            email: email.to_owned(),
        }
    }

    /// Places a request.
    pub(crate) async fn ask(&self, who: &Person, fields: RequestFields) -> RequestId {
        self.app
            .place_request(&who.viewer, fields)
            .await
            .unwrap()
            .post
            .id
    }

    /// Places an offer.
    pub(crate) async fn give(&self, who: &Person, fields: OfferFields) -> OfferId {
        self.app
            .place_offer(&who.viewer, fields)
            .await
            .unwrap()
            .post
            .id
    }

    /// Everything that ever became of two posts that fit, seen by nobody in particular.
    pub(crate) async fn matches(&self) -> Vec<Match> {
        let page = self.db.read(|conn| {
            store::matches::page(
                conn,
                &store::matches::Queue::default(),
                &Slice::first(store::MAX_PAGE),
            )
        });
        page.await.unwrap().items
    }

    /// A match as it is now.
    pub(crate) async fn found(&self, id: MatchId) -> Match {
        self.db()
            .read(move |conn| store::matches::find(conn, id))
            .await
            .unwrap()
    }

    /// The states of all matches, sorted.
    pub(crate) async fn states(&self) -> Vec<MatchState> {
        let mut states: Vec<_> = self
            .matches()
            .await
            .iter()
            .map(|found| found.state)
            .collect();
        states.sort();
        states
    }

    /// The state of a post.
    pub(crate) async fn state_of(&self, post: PostId) -> PostState {
        self.db()
            .read(move |conn| store::posts::find(conn, post))
            .await
            .unwrap()
            .life
            .state
    }

    /// Those of `all` that wait for a review or an answer although one of their posts is not open.
    pub(crate) async fn left_behind(&self, all: &[Match]) -> Vec<MatchId> {
        let waiting: Vec<Match> = all
            .iter()
            .filter(|found| found.state.lapses())
            .cloned()
            .collect();
        self.db
            .read(move |conn| {
                let mut left = Vec::new();
                for found in waiting {
                    let request = store::posts::find(conn, PostId::Request(found.request))?;
                    let offer = store::posts::find(conn, PostId::Offer(found.offer))?;
                    if [request, offer]
                        .iter()
                        .any(|post| post.life.state != PostState::Open)
                    {
                        left.push(found.id);
                    }
                }
                Ok::<_, StoreError>(left)
            })
            .await
            .unwrap()
    }

    /// What an offer carries now.
    pub(crate) async fn carried(&self, offer: OfferId) -> u32 {
        self.db()
            .read(move |conn| store::offers::any(conn, offer))
            .await
            .unwrap()
            .post
            .carried
    }

    /// What somebody finds in their list of matches.
    pub(crate) async fn queue(&self, who: &Person) -> Vec<MatchView> {
        let page = self.app.list_matches(
            &who.viewer,
            MatchFilter::default(),
            Slice::first(store::MAX_PAGE),
        );
        page.await.unwrap().items
    }

    /// Two posts that fit, and the proposal between them.
    pub(crate) async fn couple(&self) -> Couple {
        self.couple_of(request(), offer()).await
    }

    /// Two posts that fit, as they are given, and the proposal between them.
    pub(crate) async fn couple_of(&self, request: RequestFields, offer: OfferFields) -> Couple {
        let (asker, giver) = (
            self.member("Buurtkeuken").await,
            self.member("Dorpshuis").await,
        );
        let request = self.ask(&asker, request).await;
        let offer = self.give(&giver, offer).await;
        let matches = self.matches().await;
        assert_eq!(matches.len(), 1, "the couple has one proposal");
        Couple {
            asker,
            giver,
            request,
            offer,
            found: matches[0].id,
        }
    }

    /// Approves a proposal, delivers both invitations and gives their tokens.
    pub(crate) async fn invite(&self, coordinator: &Person, couple: &Couple) -> Asked {
        self.app
            .review_match(&coordinator.viewer, couple.found, approve())
            .await
            .unwrap();
        let letters = self.mail().await;
        let token =
            |who: &Person| consent_token(only(&letters, LetterKind::Invitation, &who.email));
        Asked {
            asker: token(&couple.asker),
            giver: token(&couple.giver),
        }
    }

    /// A couple that was introduced, with the introduction delivered.
    pub(crate) async fn introduced(&self) -> Couple {
        let coordinator = self.coordinator().await;
        let couple = self.couple().await;
        let asked = self.invite(&coordinator, &couple).await;
        self.say(&asked.asker, Answer::Yes).await;
        self.say(&asked.giver, Answer::Yes).await;
        self.mail().await;
        assert_eq!(self.found(couple.found).await.state, MatchState::Introduced);
        couple
    }

    /// Answers a consent link.
    pub(crate) async fn say(&self, token: &str, answer: Answer) {
        self.app
            .answer_consent(token, answer, DeclineReason::NotNow)
            .await
            .unwrap();
    }
}

impl Couple {
    /// The request and the offer.
    pub(crate) fn posts(&self) -> [PostId; 2] {
        [PostId::Request(self.request), PostId::Offer(self.offer)]
    }
}

/// The token of an invitation.
pub(crate) fn consent_token(letter: &Received) -> String {
    letter.token(page_path(LinkPurpose::Consent))
}

/// A review that approves.
pub(crate) fn approve() -> ReviewFields {
    ReviewFields {
        decision: Decision::Approve,
        reason: ReviewReason::GoodFit,
        note: "Mooi.".parse().unwrap(),
    }
}

/// A review that rejects.
pub(crate) fn reject() -> ReviewFields {
    ReviewFields {
        decision: Decision::Reject,
        reason: ReviewReason::AlreadyInTouch,
        note: "Zij spraken elkaar gisteren.".parse().unwrap(),
    }
}

/// A request in Apeldoorn that [`offer`] answers.
pub(crate) fn request() -> RequestFields {
    RequestFields {
        title: "Ruimte gezocht in het dorpshuis".to_owned(),
        body: "Wij koken elke dinsdag voor de buurt en zoeken een zaal met een keuken.".to_owned(),
        place: "Apeldoorn".to_owned(),
        themes: vec!["dorpshuis".to_owned()],
        phase: "start".to_owned(),
        support: vec!["ruimte".to_owned()],
        ..RequestFields::default()
    }
}

/// An offer in Apeldoorn that answers [`request`].
pub(crate) fn offer() -> OfferFields {
    OfferFields {
        title: "Zaal met keuken in het dorpshuis".to_owned(),
        body: "Onze zaal met keuken staat op dinsdag leeg; de buurt mag er gratis koken."
            .to_owned(),
        reach: vec!["GM0200".to_owned()],
        themes: vec!["dorpshuis".to_owned()],
        phases: vec!["start".to_owned()],
        support: vec!["ruimte".to_owned()],
        ..OfferFields::default()
    }
}
