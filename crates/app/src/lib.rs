//! What the product does: one function per thing a person can do, with its jobs, settings and tokens.
//!
//! Three front doors call these functions: the JSON API, the pages and the command line. Each function checks who may,
//! reads what it needs, decides, and writes everything it causes in one transaction, letters included.

mod accounts;
mod administration;
pub mod backups;
mod budgets;
mod clock;
pub mod config;
mod consents;
mod coordination;
mod digests;
mod error;
mod exports;
mod fits;
mod idempotency;
mod imports;
mod inquiry;
mod introductions;
pub mod jobs;
mod judgments;
mod letters;
mod links;
mod mailing;
mod market;
pub mod match_runs;
mod matches;
mod me;
mod members;
mod near_duplicates;
mod offers;
mod organisations;
mod outbox;
mod outcomes;
mod places;
mod posts;
mod privacy;
mod reminders;
pub mod reports;
mod requests;
mod reviews;
mod secret;
mod sessions;
mod subscriptions;
mod suggestions;
mod tokens;

use std::sync::{Arc, RwLock};

pub use accounts::{MemberFields, Registered, RegistrationFields};
pub use administration::Inventory;
pub use clock::Clock;
pub use consents::{ConsentPage, ConsentState};
pub use coordination::{Whereabouts, may_manage};
pub use error::{AppError, Conflict};
pub use fits::{Candidate, Fit, MAX_FITS};
pub use idempotency::{Attempted, SentRequest};
pub use imports::{ImportReport, ImportRow, OnInvalid, OrganisationFields, Progress, RefusedRow};
pub use judgments::Judgments;
pub use links::{UNSUBSCRIBE_PATH, list_path, page_path};
pub use market::Rematched;
pub use matches::{MatchFilter, MatchView};
pub use me::{Me, MeEdit};
pub use members::InvitationFields;
pub use near_duplicates::{Draft, DraftPlace, NearDuplicate};
pub use organisations::OrganisationEdit;
pub use outbox::{OfHeld, OutboxHealth, Resumed};
pub use outcomes::OutcomePage;
pub use places::{PlaceFound, municipality};
pub use reminders::{Asked, Wanted};
pub use reviews::{Claim, ReviewFields, Reviewing};
pub use sessions::SignedIn;
pub use store::idempotency::{Answered, Attempt};
pub use store::outbox::Listed as ListedDelivery;
pub use store::pauses::Pause;
pub use store::suppressions::Suppression;
pub use store::{Cursor, Location, MAX_PAGE, Opening, Page, Slice, StoreError};
pub use subscriptions::Unsubscription;
pub use suggestions::{Suggested, SuggestionFields, Suggestions, suggest};

use config::Config;
use jobs::breaker::Breaker;
use mail::{Signer, Transport};
use matching::Index;
use store::changes::Place;
use store::{Db, Presence};
use tokio::sync::{Mutex, OnceCell, watch};

/// The running product; clones share it.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    db: Db,
    config: Arc<Config>,
    clock: Clock,
    transport: Transport,
    /// Signs letters, when there is a key.
    signer: Option<Signer>,
    /// Every open post, ready to be ranked; fed by each committed change.
    market: RwLock<Index>,
    /// How far the market has followed the changes in the database; `None` before it was filled.
    market_place: Mutex<Option<Place>>,
    keys: tokens::Keys,
    /// How often people may still ask for letters.
    budgets: budgets::Budgets,
    /// The lock that shows that this process works on the outbox; taken when it begins to.
    presence: OnceCell<Presence>,
    /// What is known of the relay.
    breaker: Breaker,
    /// Whether the program was asked to stop.
    stopping: watch::Sender<bool>,
}

impl App {
    /// Opens the database and reads every open post into memory.
    ///
    /// # Errors
    /// A Dutch sentence that says what to do, when the database or the secret cannot be had.
    pub async fn open(config: Config, opening: Opening, clock: Clock) -> anyhow::Result<Self> {
        let location: Location = config.database.url.parse()?;
        let keys = secret::find(&config.auth, &location, opening)?;
        let durability = config.database.durability.of_store();
        let open = move || Db::open_with(&location, opening, durability);
        let db = tokio::task::spawn_blocking(open).await??;
        let app = Self(Arc::new(Inner {
            db,
            transport: mailing::transport(&config)?,
            signer: mailing::signer(&config.mail)?,
            market: RwLock::new(Index::new(config.matching.weights.clone())),
            market_place: Mutex::new(None),
            budgets: budgets::Budgets::new(&config.auth, &clock),
            config: Arc::new(config),
            clock,
            keys,
            presence: OnceCell::new(),
            breaker: Breaker::default(),
            stopping: watch::Sender::new(false),
        }));
        app.follow_market()
            .await
            .map_err(|error| anyhow::anyhow!(error))?;
        Ok(app)
    }

    /// The settings it runs with.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// What time it is to the product.
    pub fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.0.clock.now()
    }

    /// Answers whether the database can be read.
    ///
    /// # Errors
    /// [`AppError::Busy`] or [`AppError::Broken`] when it cannot.
    pub async fn ready(&self) -> Result<(), AppError> {
        Ok(self.0.db.ping().await?)
    }

    fn db(&self) -> &Db {
        &self.0.db
    }
}
