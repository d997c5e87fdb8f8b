//! What the product does: one function per thing a person can do, with its jobs, settings and tokens.
//!
//! Three front doors call these functions: the JSON API, the pages and the command line. Each function checks who may,
//! reads what it needs, decides, and writes everything it causes in one transaction, letters included.

mod accounts;
mod administration;
pub mod backups;
mod clock;
pub mod config;
mod consents;
mod error;
mod exports;
mod fits;
mod imports;
mod inquiry;
mod introductions;
pub mod jobs;
mod judgments;
mod letters;
mod links;
mod market;
mod matches;
mod offers;
mod organisations;
mod outbox;
mod outcomes;
mod places;
mod posts;
mod reminders;
mod requests;
mod secret;
mod suggestions;
mod tokens;

use std::path::Path;
use std::sync::{Arc, RwLock};

pub use accounts::{MemberFields, Registered, RegistrationFields};
pub use administration::Inventory;
pub use clock::Clock;
pub use consents::{ConsentPage, ConsentState};
pub use error::{AppError, Conflict};
pub use fits::{Candidate, Fit, MAX_FITS};
pub use imports::{ImportReport, ImportRow, OnInvalid, OrganisationFields, Progress, RefusedRow};
pub use judgments::Judgments;
pub use links::{UNSUBSCRIBE_PATH, page_path};
pub use market::Rematched;
pub use matches::{MatchFilter, MatchView, ReviewFields};
pub use organisations::OrganisationEdit;
pub use outbox::{OfHeld, OutboxHealth, Resumed};
pub use outcomes::OutcomePage;
pub use places::{PlaceFound, municipality};
pub use reminders::{Asked, Wanted};
pub use store::outbox::Listed as ListedDelivery;
pub use store::pauses::Pause;
pub use store::suppressions::Suppression;
pub use store::{Cursor, Location, MAX_PAGE, Opening, Page, Slice, StoreError};
pub use suggestions::{Suggested, SuggestionFields, Suggestions, suggest};

use anyhow::bail;
use config::{Config, MailSecurity, MailTransport};
use jobs::breaker::Breaker;
use mail::{Login, RootCertificate, Security, SmtpRelay, SmtpSettings, Transport};
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
    /// Every open post, ready to be ranked; fed by each committed change.
    market: RwLock<Index>,
    /// How far the market has followed the changes in the database; `None` before it was filled.
    market_place: Mutex<Option<Place>>,
    secret: tokens::Secret,
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
        let secret = secret::find(&config.auth, &location, opening)?;
        let durability = config.database.durability.of_store();
        let open = move || Db::open_with(&location, opening, durability);
        let db = tokio::task::spawn_blocking(open).await??;
        let app = Self(Arc::new(Inner {
            db,
            transport: transport(&config)?,
            market: RwLock::new(Index::new(config.matching.weights.clone())),
            market_place: Mutex::new(None),
            config: Arc::new(config),
            clock,
            secret,
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

/// The way letters go by these settings.
///
/// # Errors
/// A Dutch sentence when the certificate of the relay cannot be read.
fn transport(config: &Config) -> anyhow::Result<Transport> {
    let mail = &config.mail;
    if mail.transport == MailTransport::Files {
        return Ok(Transport::Files(mail::Folder::new(&mail.folder)));
    }
    let settings = SmtpSettings {
        host: mail.host.clone(),
        port: mail.port,
        security: match mail.security {
            MailSecurity::Plain => Security::Plain,
            MailSecurity::StartTls => Security::StartTls,
            MailSecurity::Tls => Security::Tls,
        },
        root: root_certificate(&mail.root_certificate)?,
        login: (!mail.user.is_empty()).then(|| Login {
            user: mail.user.clone(),
            password: mail.password.clone(),
        }),
        hello: config.http.public_host().to_owned(),
    };
    let relay = SmtpRelay::new(settings).with_deadlines(mail.deadlines());
    Ok(Transport::Smtp(relay))
}

fn root_certificate(file: &Path) -> anyhow::Result<Option<RootCertificate>> {
    if file.as_os_str().is_empty() {
        return Ok(None);
    }
    match RootCertificate::read(file) {
        Ok(root) => Ok(Some(root)),
        Err(cause) => bail!(domain::dutch::settings::certificate_unusable(
            file.display(),
            &cause
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deadlines_are_the_usual_ones_unless_told_otherwise() {
        let mut config = Config::load(None).unwrap();
        assert_eq!(config.mail.deadlines(), mail::Deadlines::default());
        config.mail.content_seconds = 0;
        let refused = config.check().unwrap_err().to_string();
        assert!(refused.contains("mail.content_seconds"), "{refused}");
    }

    #[test]
    fn answers_that_a_power_cut_can_take_back_are_refused_on_a_public_site() {
        let mut config = Config::load(None).unwrap();
        config.database.durability = config::Durability::Normal;
        config.check().unwrap();
        config.http.public_url = "https://samenspel.example".to_owned();
        let refused = config.check().unwrap_err().to_string();
        assert!(refused.contains("database.durability"), "{refused}");
    }

    #[test]
    fn a_certificate_that_is_not_there_is_refused_by_the_name_of_its_setting() {
        let mut config = Config::load(None).unwrap();
        config.mail.root_certificate = "nergens.pem".into();
        assert!(transport(&config).is_ok(), "letters go to files");
        config.mail.transport = MailTransport::Smtp;
        let refused = transport(&config).err().unwrap().to_string();
        for part in ["mail.root_certificate", "nergens.pem", "PEM"] {
            assert!(refused.contains(part), "{refused}");
        }
    }
}
