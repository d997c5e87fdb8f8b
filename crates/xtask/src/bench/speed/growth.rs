//! The table of what each doubling of both sides costs the engine, with the bounds it must keep; used by `speed`.

use std::collections::BTreeMap;
use std::fmt;

use super::figures::{Figures, Spread};
use crate::bench::verdict::Verdict;

/// How many times as much a full rematch may take when both sides double.
const MAX_MATCHING: f64 = 3.0;

/// How many times as much one request may take when both sides double.
const MAX_ONE: f64 = 1.8;

/// What the engine needed at every size, in every round; shown as a table.
#[derive(Debug, Default)]
pub(super) struct Growth {
    sizes: BTreeMap<usize, Vec<Figures>>,
}

/// What grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cost {
    Build,
    Matching,
    One,
}

impl Cost {
    const ALL: [Self; 3] = [Self::Build, Self::Matching, Self::One];

    fn heading(self) -> &'static str {
        match self {
            Self::Build => "Build, seconds",
            Self::Matching => "Match all requests, seconds",
            Self::One => "One request p50, microseconds",
        }
    }

    fn digits(self) -> usize {
        match self {
            Self::Build | Self::Matching => 3,
            Self::One => 1,
        }
    }

    fn of(self, figures: &Figures) -> Option<f64> {
        match self {
            Self::Build => figures.build,
            Self::Matching => Some(figures.matching),
            Self::One => Some(figures.one_median),
        }
    }

    /// How many times as much it may be when both sides double.
    fn bound(self) -> Option<f64> {
        match self {
            Self::Build => None,
            Self::Matching => Some(MAX_MATCHING),
            Self::One => Some(MAX_ONE),
        }
    }
}

/// A cost at one size.
#[derive(Debug, PartialEq)]
struct Step {
    size: usize,
    spread: Spread,
    /// How many times as much as at the size before.
    times: Option<f64>,
    /// Whether that keeps the bound, when there is one.
    verdict: Option<Verdict>,
}

impl Growth {
    /// Takes in a round at one size.
    pub(super) fn add(&mut self, size: usize, figures: Figures) {
        self.sizes.entry(size).or_default().push(figures);
    }

    /// How many steps have this verdict.
    pub(super) fn count(&self, verdict: Verdict) -> usize {
        Cost::ALL
            .into_iter()
            .flat_map(|cost| self.steps(cost))
            .filter(|step| step.verdict == Some(verdict))
            .count()
    }

    fn steps(&self, cost: Cost) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        for (&size, rounds) in &self.sizes {
            let Some(spread) = Spread::of(rounds.iter().filter_map(|figures| cost.of(figures)))
            else {
                continue;
            };
            let before = steps.last().map(|step| step.spread.median);
            let times = before.map(|before| spread.median / before);
            let verdict = times
                .zip(cost.bound())
                .map(|(times, bound)| Verdict::when(|| times <= bound));
            steps.push(Step {
                size,
                spread,
                times,
                verdict,
            });
        }
        steps
    }
}

impl fmt::Display for Growth {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for cost in Cost::ALL {
            let digits = cost.digits();
            writeln!(
                formatter,
                "{:<32}{:>12}{:>24}{:>10}   bound",
                cost.heading(),
                "median",
                "lowest–highest",
                "times"
            )?;
            for step in self.steps(cost) {
                let Spread {
                    median,
                    lowest,
                    highest,
                } = step.spread;
                let posts = format!("{} posts a side", step.size);
                let range = format!("{lowest:.digits$}–{highest:.digits$}");
                let times = step.times.map(|times| format!("{times:.2}"));
                write!(
                    formatter,
                    "  {posts:<30}{median:>12.digits$}{range:>24}{:>10}",
                    times.unwrap_or_default()
                )?;
                match step.verdict.zip(cost.bound()) {
                    Some((verdict, bound)) => writeln!(formatter, "   ≤ {bound:.1}: {verdict}")?,
                    None => writeln!(formatter)?,
                }
            }
            writeln!(formatter)?;
        }
        write!(
            formatter,
            "Bounds: {} met, {} missed.",
            self.count(Verdict::Met),
            self.count(Verdict::Missed)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Cost, Growth, Verdict};
    use crate::bench::speed::figures::tests::figures;

    fn growth(rounds: &[(usize, f64, f64)]) -> Growth {
        let mut growth = Growth::default();
        for &(size, matching, one) in rounds {
            growth.add(size, figures(matching, one));
        }
        growth
    }

    #[test]
    fn each_size_is_compared_with_the_one_before() {
        let growth = growth(&[(100, 1.0, 10.0), (200, 3.0, 18.5), (400, 9.1, 20.0)]);
        let verdicts = |cost| -> Vec<Option<Verdict>> {
            growth.steps(cost).iter().map(|step| step.verdict).collect()
        };
        let (met, missed) = (Some(Verdict::Met), Some(Verdict::Missed));
        assert_eq!(verdicts(Cost::Matching), [None, met, missed]);
        assert_eq!(verdicts(Cost::One), [None, missed, met]);
        assert_eq!(verdicts(Cost::Build), [None, None, None]);
        assert_eq!(growth.count(Verdict::Missed), 2);
    }

    #[test]
    fn rounds_count_by_their_median() {
        let growth = growth(&[
            (200, 2.0, 10.0),
            (100, 1.0, 10.0),
            (200, 90.0, 10.0),
            (100, 1.0, 10.0),
            (200, 2.5, 10.0),
        ]);
        let times: Vec<Option<f64>> = growth
            .steps(Cost::Matching)
            .iter()
            .map(|step| step.times)
            .collect();
        assert_eq!(times, [None, Some(2.5)]);
    }

    #[test]
    fn the_table_names_every_bound() {
        let shown = growth(&[(100, 1.0, 10.0), (200, 4.0, 12.0)]).to_string();
        assert!(shown.contains("4.00   ≤ 3.0: MISSED"), "{shown}");
        assert!(shown.contains("1.20   ≤ 1.8: met"), "{shown}");
        assert!(shown.ends_with("Bounds: 1 met, 1 missed."), "{shown}");
    }
}
