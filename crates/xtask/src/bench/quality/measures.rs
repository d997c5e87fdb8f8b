//! What was measured of a ranking, as a table with the floors it must reach; used by `quality`.

use std::collections::BTreeMap;
use std::fmt;

use anyhow::{Context as _, Result};

use crate::bench::verdict::Verdict;

/// A measure as `evaluate.py` names it, with its heading.
type Measure = (&'static str, &'static str);

/// The measures in the order of the table.
const MEASURES: [Measure; 12] = [
    ("requests", "requests"),
    ("offers", "offers"),
    ("judged", "requests with a judged offer"),
    ("ndcg10", "nDCG@10"),
    ("first_good", "first offer is good"),
    ("mrr", "mean reciprocal rank"),
    ("recall5", "good offers in the first 5"),
    ("f1", "F1 of what is proposed"),
    ("precision", "  proposed and good"),
    ("coverage", "  good and proposed"),
    ("proposed", "  pairs proposed"),
    ("outside_reach", "pairs outside reach"),
];

/// What a measure must be over all sets together.
const FLOORS: [(&str, Bound); 4] = [
    ("ndcg10", Bound::AtLeast(0.88)),
    ("first_good", Bound::AtLeast(0.85)),
    ("f1", Bound::AtLeast(0.66)),
    ("outside_reach", Bound::AtMost(0.0)),
];

/// The measures that count things; the others are shares.
const COUNTS: [&str; 5] = ["requests", "offers", "judged", "proposed", "outside_reach"];

/// What a measure must be.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

impl Bound {
    fn verdict(self, value: f64) -> Verdict {
        Verdict::when(|| match self {
            Self::AtLeast(floor) => value >= floor,
            Self::AtMost(ceiling) => value <= ceiling,
        })
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(floor) => write!(formatter, "≥ {floor}"),
            Self::AtMost(ceiling) => write!(formatter, "≤ {ceiling}"),
        }
    }
}

/// The measures of one ranking by their names.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Measured(BTreeMap<String, f64>);

impl Measured {
    /// Reads what `evaluate.py score` printed: a name and a number on each line.
    ///
    /// # Errors
    /// When a line is otherwise, or a measure of the table is missing.
    pub(super) fn read(printed: &str) -> Result<Self> {
        let mut all = BTreeMap::new();
        for line in printed.lines() {
            let number = line
                .split_once(' ')
                .and_then(|(name, number)| Some((name, number.trim().parse::<f64>().ok()?)));
            let (name, number) = number.with_context(|| format!("`{line}` is no measure"))?;
            all.insert(name.to_owned(), number);
        }
        for (name, _) in MEASURES {
            all.get(name)
                .with_context(|| format!("the scores have no {name}"))?;
        }
        Ok(Self(all))
    }

    /// A measure of [`MEASURES`], which are all there.
    fn get(&self, name: &str) -> f64 {
        self.0.get(name).copied().unwrap_or(f64::NAN)
    }

    fn shown(&self, name: &str) -> String {
        let digits = if COUNTS.contains(&name) { 0 } else { 4 };
        format!("{:.digits$}", self.get(name))
    }
}

/// The measures of all sets together with their floors, and beside them those of each set alone.
#[derive(Debug)]
pub(super) struct Table {
    whole: Measured,
    parts: Vec<(&'static str, Measured)>,
}

impl Table {
    /// A table of all sets together.
    pub(super) fn new(whole: Measured) -> Self {
        Self {
            whole,
            parts: Vec::new(),
        }
    }

    /// Takes in one set alone.
    pub(super) fn add(&mut self, name: &'static str, alone: Measured) {
        self.parts.push((name, alone));
    }

    /// How many floors are missed by all sets together.
    pub(super) fn missed(&self) -> usize {
        FLOORS
            .iter()
            .filter(|(name, bound)| bound.verdict(self.whole.get(name)) == Verdict::Missed)
            .count()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{:<30}{:>10}   {:<18}",
            "samenspel rank", "together", "floor"
        )?;
        for (name, _) in &self.parts {
            write!(formatter, "{name:>10}")?;
        }
        writeln!(formatter)?;
        for (name, heading) in MEASURES {
            let floor = FLOORS.iter().find(|(measure, _)| *measure == name);
            let verdict = floor.map_or_else(String::new, |(_, bound)| {
                format!("{bound}: {}", bound.verdict(self.whole.get(name)))
            });
            let whole = self.whole.shown(name);
            write!(formatter, "{heading:<30}{whole:>10}   {verdict:<18}")?;
            for (_, alone) in &self.parts {
                write!(formatter, "{:>10}", alone.shown(name))?;
            }
            writeln!(formatter)?;
        }
        let missed = self.missed();
        let met = FLOORS.len() - missed;
        write!(formatter, "\nFloors: {met} met, {missed} missed.")
    }
}

#[cfg(test)]
mod tests {
    use super::{Measured, Table};

    /// What the program prints, with these for the four that have a floor.
    fn printed([ndcg, first, f1, outside]: [f64; 4]) -> String {
        format!(
            "requests       72\noffers         92\njudged         70\nndcg10         {ndcg}\n\
             recall5        0.9\nmrr            0.9\nfirst_good     {first}\noutside_reach  {outside}\n\
             proposed       150\nprecision      0.7\ncoverage       0.8\nf1             {f1}\n"
        )
    }

    fn measured(four: [f64; 4]) -> Measured {
        Measured::read(&printed(four)).expect("the program prints this")
    }

    #[test]
    fn a_floor_that_is_just_reached_is_met() {
        assert_eq!(Table::new(measured([0.88, 0.85, 0.66, 0.0])).missed(), 0);
        assert_eq!(Table::new(measured([0.8799, 0.85, 0.66, 1.0])).missed(), 2);
        assert_eq!(Table::new(measured([0.1, 0.1, 0.1, 3.0])).missed(), 4);
        assert_eq!(Table::new(measured([f64::NAN, 0.9, 0.7, 0.0])).missed(), 1);
    }

    #[test]
    fn the_floors_are_for_all_sets_together() {
        let mut table = Table::new(measured([0.9, 0.9, 0.659, 0.0]));
        table.add("dev/a", measured([0.5, 0.5, 0.5, 0.0]));
        assert_eq!(table.missed(), 1);
        let shown = table.to_string();
        let line = |start: &str| shown.lines().find(|line| line.starts_with(start));
        assert_eq!(
            line("nDCG@10"),
            Some("nDCG@10                           0.9000   ≥ 0.88: met           0.5000")
        );
        assert_eq!(
            line("F1"),
            Some("F1 of what is proposed            0.6590   ≥ 0.66: MISSED        0.5000")
        );
        assert_eq!(
            line("pairs outside"),
            Some("pairs outside reach                    0   ≤ 0: met                   0")
        );
        assert!(shown.ends_with("Floors: 3 met, 1 missed."), "{shown}");
    }

    #[test]
    fn what_is_no_score_is_named() {
        let refused = |text: &str| Measured::read(text).expect_err("not a score").to_string();
        assert_eq!(
            refused("Traceback (most"),
            "`Traceback (most` is no measure"
        );
        assert_eq!(refused("requests  72"), "the scores have no offers");
    }
}
