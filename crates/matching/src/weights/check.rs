//! Which numbers make weights that can be used, each rule with the name of the field that breaks it.

use std::fmt;

use super::{MAX_NEAR_TIE, Weights};

/// The least all shares together may be.
const LEAST_SHARES: f64 = 0.01;

/// A weight that cannot be used, and the rule it breaks.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightProblem {
    /// The field as the configuration writes it, such as `theme.any`.
    pub field: &'static str,
    /// The number that was given.
    pub value: f64,
    /// The rule, to be read after "must".
    pub rule: &'static str,
}

impl fmt::Display for WeightProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {} and must {}", self.field, self.value, self.rule)
    }
}

impl std::error::Error for WeightProblem {}

impl Weights {
    /// Checks every number and how they order; the error names every problem at once.
    ///
    /// The engine does not check again: scores of weights that fail here mean nothing.
    pub fn check(&self) -> Result<(), Vec<WeightProblem>> {
        let mut problems: Vec<WeightProblem> = self
            .fields()
            .into_iter()
            .filter(|(_, value)| !(0.0..=1.0).contains(value))
            .map(|(field, value)| WeightProblem {
                field,
                value,
                rule: "be a number from 0 to 1",
            })
            .collect();
        // How numbers order says nothing while one of them is no number at all.
        if problems.is_empty() {
            problems = self.misordered();
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }

    /// Every number with its name in the configuration, to be changed.
    fn fields_mut(&mut self) -> [(&'static str, &mut f64); 34] {
        [
            ("shares.region", &mut self.shares.region),
            ("shares.theme", &mut self.shares.theme),
            ("shares.phase", &mut self.shares.phase),
            ("shares.support", &mut self.shares.support),
            ("shares.text", &mut self.shares.text),
            ("interaction", &mut self.interaction),
            ("region.corop", &mut self.region.corop),
            ("region.province", &mut self.region.province),
            ("region.country", &mut self.region.country),
            ("region.neighbour", &mut self.region.neighbour),
            ("theme.broader", &mut self.theme.broader),
            ("theme.narrower", &mut self.theme.narrower),
            ("theme.sibling", &mut self.theme.sibling),
            ("theme.any", &mut self.theme.any),
            ("theme.unknown", &mut self.theme.unknown),
            ("theme.focus", &mut self.theme.focus),
            ("phase.next", &mut self.phase.next),
            ("phase.previous", &mut self.phase.previous),
            ("phase.two_steps", &mut self.phase.two_steps),
            ("phase.any", &mut self.phase.any),
            ("phase.unknown", &mut self.phase.unknown),
            ("support.some", &mut self.support.some),
            ("support.unknown", &mut self.support.unknown),
            ("text.full_at", &mut self.text.full_at),
            ("reading.even", &mut self.reading.even),
            ("reading.main", &mut self.reading.main),
            ("reading.scatter", &mut self.reading.scatter),
            ("reading.trust", &mut self.reading.trust),
            ("reading.stress", &mut self.reading.stress),
            ("reading.beside", &mut self.reading.beside),
            ("reading.besides", &mut self.reading.besides),
            ("freshness", &mut self.freshness),
            ("fairness", &mut self.fairness),
            ("proposal_threshold", &mut self.proposal_threshold),
        ]
    }

    /// Every number with its name in the configuration.
    pub(crate) fn fields(&self) -> [(&'static str, f64); 34] {
        self.clone()
            .fields_mut()
            .map(|(field, value)| (field, *value))
    }

    /// The same weights with one number moved; `None` where that gives no weights that can be used.
    pub(crate) fn moved(&self, field: &str, by: f64) -> Option<Self> {
        let mut moved = self.clone();
        for (name, value) in moved.fields_mut() {
            if name == field {
                // Rounded, so that what comes out can be read and written down.
                *value = ((*value + by) * 1000.0).round() / 1000.0;
            }
        }
        moved.check().is_ok().then_some(moved)
    }

    /// The rules between numbers that are each in range.
    fn misordered(&self) -> Vec<WeightProblem> {
        let problem = |field, value, rule| WeightProblem { field, value, rule };
        let at_most = |field, value: f64, limit: f64, rule| {
            (value > limit).then_some(WeightProblem { field, value, rule })
        };
        let (region, theme) = (&self.region, &self.theme);
        let (phase, support) = (&self.phase, &self.support);
        #[rustfmt::skip]
        let ordered = [
            at_most("region.province", region.province, region.corop, "not exceed region.corop"),
            at_most("region.country", region.country, region.province, "not exceed region.province"),
            at_most("region.neighbour", region.neighbour, region.country, "not exceed region.country"),
            at_most("theme.sibling", theme.sibling, theme.broader, "not exceed theme.broader"),
            at_most("theme.sibling", theme.sibling, theme.narrower, "not exceed theme.narrower"),
            at_most("theme.sibling", theme.sibling, theme.any, "not exceed theme.any"),
            at_most("theme.unknown", theme.unknown, theme.any, "not exceed theme.any"),
            at_most("phase.two_steps", phase.two_steps, phase.previous, "not exceed phase.previous"),
            at_most("phase.previous", phase.previous, phase.next, "not exceed phase.next"),
            at_most("phase.unknown", phase.unknown, phase.any, "not exceed phase.any"),
            at_most("support.unknown", support.unknown, support.some, "not exceed support.some"),
            at_most("freshness", self.freshness, MAX_NEAR_TIE, "not exceed 0.02"),
            at_most("fairness", self.fairness, MAX_NEAR_TIE, "not exceed 0.02"),
            // Shares are proportions; what is left of almost nothing is no number any more.
            (self.shares.total() < LEAST_SHARES)
                .then(|| problem("shares", self.shares.total(), "add up to at least 0.01")),
            (self.text.full_at <= 0.0)
                .then(|| problem("text.full_at", self.text.full_at, "be above 0")),
        ];
        ordered.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Shares;
    use super::*;

    #[test]
    fn the_default_weights_can_be_used_and_read_back() {
        let weights = Weights::default();
        assert_eq!(weights.check(), Ok(()));
        let json = serde_json::to_string(&weights).unwrap();
        assert_eq!(serde_json::from_str::<Weights>(&json).unwrap(), weights);
        let partly: Weights = serde_json::from_str(r#"{"theme":{"any":0.7}}"#).unwrap();
        assert!((partly.theme.any - 0.7).abs() < f64::EPSILON);
        assert!(serde_json::from_str::<Weights>(r#"{"thema":1}"#).is_err());
    }

    #[test]
    fn every_bad_weight_is_named_at_once() {
        let mut weights = Weights::default();
        weights.shares.theme = f64::NAN;
        weights.phase.any = -0.1;
        weights.proposal_threshold = f64::INFINITY;
        let fields: Vec<_> = weights
            .check()
            .unwrap_err()
            .into_iter()
            .map(|problem| problem.field)
            .collect();
        assert_eq!(fields, ["shares.theme", "phase.any", "proposal_threshold"]);
    }

    #[test]
    fn weights_that_contradict_each_other_are_named() {
        let mut weights = Weights::default();
        weights.region.country = 0.95;
        weights.text.full_at = 0.0;
        weights.shares = Shares {
            region: f64::MIN_POSITIVE,
            theme: 0.0,
            phase: 0.0,
            support: 0.0,
            text: 0.0,
        };
        weights.fairness = MAX_NEAR_TIE + 0.001;
        let said: Vec<String> = weights
            .check()
            .unwrap_err()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            said,
            [
                "region.country is 0.95 and must not exceed region.province",
                "fairness is 0.021 and must not exceed 0.02",
                &format!(
                    "shares is {} and must add up to at least 0.01",
                    f64::MIN_POSITIVE
                ),
                "text.full_at is 0 and must be above 0",
            ]
        );
    }
}
