//! Settings of matching: the review dial and the weights of the engine.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::bail;
use domain::dutch::settings;
use domain::region::{Municipality, Region};
use figment::Figment;
use figment::providers::{Format, Toml};
use matching::Weights;
use regions::Regions;
use serde::Deserialize;

use super::unless;

/// How posts are matched.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matching {
    /// Which proposals a coordinator reviews.
    pub review: Review,
    /// The score from which review is skipped with [`Review::BelowThreshold`], 0 to 1.
    pub skip_review_at: f64,
    /// Live matches one request has at most by the engine's own doing.
    pub max_proposals: usize,
    /// The same dial for one region.
    pub review_in: BTreeMap<Region, Review>,
    /// The weights of the engine.
    pub weights: Weights,
}

/// The review dial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// Every proposal.
    All,
    /// Proposals that score below the setting.
    BelowThreshold,
    /// None.
    None,
}

/// The weights of a file of their own, with the keys of `[matching.weights]`; what it leaves out keeps its default.
///
/// # Errors
/// A Dutch sentence that names the key that is unknown or wrong, or every weight that cannot be used.
pub fn weights(file: &Path) -> anyhow::Result<Weights> {
    if !file.is_file() {
        bail!(settings::file_missing(file.display()));
    }
    let weights: Weights = Figment::from(Toml::file_exact(file))
        .extract()
        .map_err(|error| {
            anyhow::anyhow!(settings::refused(
                &error.path.join("."),
                &error.kind.to_string()
            ))
        })?;
    match weights.check() {
        Ok(()) => Ok(weights),
        Err(problems) => {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            bail!(lines.join("\n"))
        }
    }
}

impl Matching {
    /// Whether a proposal for a request in this municipality goes on without review.
    pub fn skips_review(&self, municipality: Municipality, score: f64) -> bool {
        let reach: Vec<Region> = self.review_in.keys().copied().collect();
        let dial = Regions::shipped()
            .covering(&reach, municipality)
            .and_then(|region| self.review_in.get(&region).copied())
            .unwrap_or(self.review);
        match dial {
            Review::All => false,
            Review::BelowThreshold => score >= self.skip_review_at,
            Review::None => true,
        }
    }

    pub(super) fn problems(&self) -> Vec<String> {
        let weights = self.weights.check().err().unwrap_or_default();
        let unknown = self.review_in.keys().filter(|region| !exists(**region));
        let unknown = unknown.map(|region| {
            let setting = format!("matching.review_in.{region}");
            settings::problem(
                &setting,
                "Kies de code van een gebied dat bestaat, zoals PV26 of GM0344.",
            )
        });
        [
            unless(
                (0.0..=1.0).contains(&self.skip_review_at),
                "matching.skip_review_at",
                "Kies een getal van 0 tot en met 1.",
            ),
            unless(
                (1..=50).contains(&self.max_proposals),
                "matching.max_proposals",
                "Kies 1 tot en met 50.",
            ),
        ]
        .into_iter()
        .flatten()
        .chain(unknown)
        .chain(weights.iter().map(ToString::to_string))
        .collect()
    }
}

/// Whether there is such an area.
fn exists(region: Region) -> bool {
    Regions::shipped()
        .regions()
        .any(|(known, _)| known == region)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrowest_region_decides() {
        let matching = Matching {
            review: Review::All,
            skip_review_at: 0.8,
            max_proposals: 5,
            review_in: [
                ("PV25".parse().unwrap(), Review::BelowThreshold),
                ("GM0200".parse().unwrap(), Review::None),
            ]
            .into(),
            weights: Weights::default(),
        };
        let at = |code: &str, score| matching.skips_review(code.parse().unwrap(), score);
        assert!(at("GM0200", 0.1), "Apeldoorn reviews nothing");
        assert!(
            at("GM0289", 0.9) && !at("GM0289", 0.7),
            "Gelderland reviews low scores"
        );
        assert!(!at("GM0344", 1.0), "elsewhere everything is reviewed");
    }
}
