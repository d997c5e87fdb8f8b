//! Settings: the defaults compiled in, then a file, then the environment. Unknown names are refused.

use std::path::Path;

use anyhow::{Context, bail};
use figment::Figment;
use figment::providers::{Env, Format, Toml};
use serde::Deserialize;

mod auth;
mod database;
mod http;
mod jobs;
mod mail;
mod matching;
mod network;
mod outbox;
mod production;

pub use auth::Auth;
pub use database::{Database, Durability};
pub use http::{Http, MetricsFor};
pub use jobs::Jobs;
pub use mail::{Mail, MailSecurity, MailTransport};
pub use matching::{Matching, Review, weights};
pub use network::is_near;
pub use outbox::Outbox;

/// The file with every setting and its default.
pub const DEFAULTS: &str = include_str!("../../config/default.toml");

/// Every setting.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The server.
    pub http: Http,
    /// Where everything is kept.
    pub database: Database,
    /// How people prove who they are.
    pub auth: Auth,
    /// How letters go.
    pub mail: Mail,
    /// How the outbox is worked through.
    pub outbox: Outbox,
    /// How posts are matched.
    pub matching: Matching,
    /// What happens by itself.
    pub jobs: Jobs,
}

impl Config {
    /// The settings from the defaults, `file` and the environment.
    ///
    /// # Errors
    /// A Dutch sentence that names the setting that is unknown or wrong, or every problem [`Self::check`] finds.
    pub fn load(file: Option<&Path>) -> anyhow::Result<Self> {
        let mut sources = Figment::from(Toml::string(DEFAULTS));
        if let Some(file) = file {
            if !file.is_file() {
                bail!(domain::dutch::settings::file_missing(file.display()));
            }
            sources = sources.merge(Toml::file_exact(file));
        }
        // Only names with a section (`MAIL__HOST`) are settings; others steer the program, such as SAMENSPEL_DATABASE.
        let environment = Env::prefixed("SAMENSPEL_")
            .filter(|name| name.as_str().contains("__"))
            .split("__");
        let config: Self = sources.merge(environment).extract().map_err(|error| {
            anyhow::anyhow!(domain::dutch::settings::refused(
                &error.path.join("."),
                &error.kind.to_string(),
            ))
        })?;
        config.check().context("De instellingen kloppen niet")?;
        Ok(config)
    }

    /// Checks what one setting alone cannot tell.
    ///
    /// # Errors
    /// Every problem at once, each named by its setting.
    pub fn check(&self) -> anyhow::Result<()> {
        let problems: Vec<String> = [
            self.http.problems(),
            self.database.problems(&self.http),
            self.auth.problems(),
            self.mail.problems(),
            self.outbox.problems(),
            self.matching.problems(),
            self.jobs.problems(),
            self.unsafe_settings(),
        ]
        .concat();
        if problems.is_empty() {
            Ok(())
        } else {
            bail!("{}", problems.join("\n"))
        }
    }
}

/// A problem with one setting, unless `fine`.
fn unless(fine: bool, setting: &str, remedy: &str) -> Option<String> {
    (!fine).then(|| domain::dutch::settings::problem(setting, remedy))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> anyhow::Result<Config> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("samenspel.toml");
        std::fs::write(&file, text)?;
        Config::load(Some(&file))
    }

    #[test]
    fn the_defaults_are_right() {
        Config::load(None).unwrap();
    }

    #[test]
    fn an_unknown_setting_is_refused_by_name() {
        let refused = format!("{:#}", load("[mail]\nhots = \"relay\"\n").unwrap_err());
        assert!(refused.contains("hots"), "{refused}");
        let refused = format!(
            "{:#}",
            load("[matching.weights]\ntheem = 1.0\n").unwrap_err()
        );
        assert!(refused.contains("theem"), "{refused}");
    }

    #[test]
    fn every_problem_is_named_at_once() {
        let wrong = "[http]\npublic_url = \"samenspel.nl/\"\n[auth]\nsecret = \"kort\"\n[matching]\nmax_proposals = 0\n";
        let refused = format!("{:#}", load(wrong).unwrap_err());
        for setting in ["http.public_url", "auth.secret", "matching.max_proposals"] {
            assert!(refused.contains(setting), "{refused}");
        }
    }
}
