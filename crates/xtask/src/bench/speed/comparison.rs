//! The table of the engine beside its peers, with the floors it must reach; used by `speed`.

use std::collections::BTreeMap;
use std::fmt;

use super::figures::{Figures, Process, Spread};
use super::wanted::Peer;
use crate::bench::verdict::Verdict;

/// How many times as much a peer needs at least, by what is measured.
const FLOORS: [(Quantity, Peer, f64); 9] = [
    (Quantity::Matching, Peer::Sparse, 8.0),
    (Quantity::Matching, Peer::Exact, 40.0),
    (Quantity::Matching, Peer::Tantivy, 20.0),
    (Quantity::Matching, Peer::Postgres, 500.0),
    (Quantity::Process, Peer::Sparse, 4.0),
    (Quantity::OneTail, Peer::Sparse, 10.0),
    (Quantity::OneTail, Peer::Tantivy, 10.0),
    (Quantity::Memory, Peer::Sparse, 1.0),
    (Quantity::ProcessMemory, Peer::Sparse, 1.0),
];

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quantity {
    /// The time to match all requests.
    Matching,
    /// The time from two CSV files to one.
    Process,
    /// The time for one request, for half of them.
    OneMedian,
    /// The time for one request, for all but one in a hundred.
    OneTail,
    /// The memory of the program that is measured in memory.
    Memory,
    /// The memory from two CSV files to one.
    ProcessMemory,
}

impl Quantity {
    const ALL: [Self; 6] = [
        Self::Matching,
        Self::Process,
        Self::OneMedian,
        Self::OneTail,
        Self::Memory,
        Self::ProcessMemory,
    ];

    /// Its heading in the table, with the unit.
    fn heading(self) -> &'static str {
        match self {
            Self::Matching => "Match all requests, seconds",
            Self::Process => "CSV to CSV, seconds",
            Self::OneMedian => "One request p50, microseconds",
            Self::OneTail => "One request p99, microseconds",
            Self::Memory => "Peak memory, MiB",
            Self::ProcessMemory => "Peak memory CSV to CSV, MiB",
        }
    }

    /// How many digits behind the point say something.
    fn digits(self) -> usize {
        match self {
            Self::Matching | Self::Process => 3,
            Self::OneMedian | Self::OneTail | Self::Memory | Self::ProcessMemory => 0,
        }
    }

    fn of(self, figures: &Figures) -> Option<f64> {
        let process = |part: fn(&Process) -> f64| figures.process.as_ref().map(part);
        match self {
            Self::Matching => Some(figures.matching),
            Self::Process => process(|process| process.seconds),
            Self::OneMedian => Some(figures.one_median),
            Self::OneTail => Some(figures.one_tail),
            Self::Memory => figures.memory,
            Self::ProcessMemory => process(|process| process.memory),
        }
    }

    fn spread(self, rounds: &[Figures]) -> Option<Spread> {
        Spread::of(rounds.iter().filter_map(|figures| self.of(figures)))
    }

    fn floor(self, peer: Peer) -> Option<f64> {
        let floor = FLOORS
            .iter()
            .find(|(quantity, of, _)| (*quantity, *of) == (self, peer));
        floor.map(|(_, _, floor)| *floor)
    }
}

/// What every program needed in every round; shown as a table.
#[derive(Debug, Default)]
pub(super) struct Comparison {
    product: Vec<Figures>,
    peers: BTreeMap<Peer, Vec<Figures>>,
}

/// One peer beside the engine.
#[derive(Debug, PartialEq)]
struct Beside {
    spread: Spread,
    /// How many times as much the peer needs.
    ratio: f64,
    /// The floor of that, and whether it was reached.
    floor: Option<(f64, Verdict)>,
}

impl Comparison {
    /// Takes in a round of the engine.
    pub(super) fn add_product(&mut self, figures: Figures) {
        self.product.push(figures);
    }

    /// Takes in a round of a peer.
    pub(super) fn add_peer(&mut self, peer: Peer, figures: Figures) {
        self.peers.entry(peer).or_default().push(figures);
    }

    /// How many floors have this verdict; what was not measured has none.
    pub(super) fn count(&self, verdict: Verdict) -> usize {
        Quantity::ALL
            .into_iter()
            .flat_map(|quantity| self.peers.keys().map(move |&peer| (quantity, peer)))
            .filter_map(|(quantity, peer)| self.beside(quantity, peer)?.floor)
            .filter(|(_, given)| *given == verdict)
            .count()
    }

    fn beside(&self, quantity: Quantity, peer: Peer) -> Option<Beside> {
        let ours = quantity.spread(&self.product)?;
        let spread = quantity.spread(self.peers.get(&peer)?)?;
        let ratio = spread.median / ours.median;
        let floor = quantity.floor(peer);
        Some(Beside {
            spread,
            ratio,
            floor: floor.map(|floor| (floor, Verdict::when(|| ratio >= floor))),
        })
    }

    fn is_extrapolated(&self, peer: Peer) -> bool {
        let rounds = self.peers.get(&peer);
        rounds.is_some_and(|rounds| rounds.iter().any(|figures| figures.extrapolated))
    }

    fn write(&self, quantity: Quantity, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(ours) = quantity.spread(&self.product) else {
            return Ok(());
        };
        let digits = quantity.digits();
        writeln!(
            formatter,
            "{:<32}{:>12}{:>24}{:>10}   floor",
            quantity.heading(),
            "median",
            "lowest–highest",
            "ratio"
        )?;
        let range =
            |spread: Spread| format!("{:.digits$}–{:.digits$}", spread.lowest, spread.highest);
        writeln!(
            formatter,
            "  {:<30}{:>12.digits$}{:>24}{:>10.1}",
            "samenspel",
            ours.median,
            range(ours),
            1.0
        )?;
        for &peer in self.peers.keys() {
            let Some(beside) = self.beside(quantity, peer) else {
                continue;
            };
            let scaled = quantity == Quantity::Matching && self.is_extrapolated(peer);
            let name = format!("{}{}", peer.name(), if scaled { " ≈" } else { "" });
            write!(
                formatter,
                "  {name:<30}{:>12.digits$}{:>24}{:>10.1}",
                beside.spread.median,
                range(beside.spread),
                beside.ratio
            )?;
            match beside.floor {
                Some((floor, verdict)) => writeln!(formatter, "   ≥ {floor}: {verdict}")?,
                None => writeln!(formatter)?,
            }
        }
        writeln!(formatter)
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for quantity in Quantity::ALL {
            self.write(quantity, formatter)?;
        }
        let scaled: Vec<String> = self
            .peers
            .keys()
            .filter(|peer| self.is_extrapolated(**peer))
            .filter_map(|peer| Some(format!("{} {}", peer.name(), peer.sample()?)))
            .collect();
        if !scaled.is_empty() {
            writeln!(
                formatter,
                "≈ scaled up from a part of the requests: {}.",
                scaled.join("; ")
            )?;
        }
        write!(
            formatter,
            "Floors: {} met, {} missed.",
            self.count(Verdict::Met),
            self.count(Verdict::Missed)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Comparison, Peer, Process, Quantity, Verdict};
    use crate::bench::speed::figures::tests::figures;

    fn comparison(ours: [f64; 3], theirs: [f64; 3]) -> Comparison {
        let mut comparison = Comparison::default();
        for seconds in ours {
            comparison.add_product(figures(seconds, 10.0));
        }
        for seconds in theirs {
            comparison.add_peer(Peer::Sparse, figures(seconds, 100.0));
        }
        comparison
    }

    #[test]
    fn a_ratio_is_that_of_the_medians() {
        let comparison = comparison([1.0, 2.0, 9.0], [16.0, 10.0, 90.0]);
        let beside = comparison
            .beside(Quantity::Matching, Peer::Sparse)
            .expect("both were measured");
        assert!((beside.ratio - 8.0).abs() < 1e-9);
        assert_eq!(beside.floor, Some((8.0, Verdict::Met)));
    }

    #[test]
    fn a_floor_that_is_just_missed_is_missed() {
        let comparison = comparison([1.0, 2.0, 9.0], [15.9, 10.0, 90.0]);
        let beside = comparison
            .beside(Quantity::Matching, Peer::Sparse)
            .expect("both were measured");
        assert_eq!(beside.floor, Some((8.0, Verdict::Missed)));
        // Matching is missed; one request at p99 and memory are met; the way from file to file was not measured.
        assert_eq!(comparison.count(Verdict::Missed), 1);
        assert_eq!(comparison.count(Verdict::Met), 2);
    }

    #[test]
    fn what_was_not_measured_has_no_verdict() {
        let mut comparison = comparison([1.0; 3], [8.0; 3]);
        assert_eq!(comparison.beside(Quantity::Matching, Peer::Tantivy), None);
        assert_eq!(comparison.beside(Quantity::Process, Peer::Sparse), None);
        let mut whole = figures(8.0, 100.0);
        whole.add_process(Process {
            seconds: 30.0,
            memory: 300.0,
        });
        comparison.add_peer(Peer::Sparse, whole);
        assert_eq!(comparison.beside(Quantity::Process, Peer::Sparse), None);
        comparison.product.iter_mut().for_each(|figures| {
            figures.add_process(Process {
                seconds: 10.0,
                memory: 300.0,
            });
        });
        let beside = comparison
            .beside(Quantity::Process, Peer::Sparse)
            .expect("now both were measured");
        assert_eq!(beside.floor, Some((4.0, Verdict::Missed)));
    }

    #[test]
    fn every_floor_is_shown_with_its_verdict() {
        let shown = comparison([1.0; 3], [7.0; 3]).to_string();
        let line = |start: &str, nth: usize| {
            let lines = shown
                .lines()
                .filter(|line| line.trim_start().starts_with(start));
            lines
                .skip(nth)
                .map(str::to_owned)
                .next()
                .unwrap_or_default()
        };
        assert!(line("sparse_dot_topn", 0).ends_with("7.000–7.000       7.0   ≥ 8: MISSED"));
        assert!(line("sparse_dot_topn", 2).ends_with("100–100      10.0   ≥ 10: met"));
        assert!(shown.ends_with("Floors: 2 met, 1 missed."), "{shown}");
    }

    #[test]
    fn a_time_that_was_scaled_up_says_so() {
        let mut comparison = comparison([1.0; 3], [10.0; 3]);
        assert!(!comparison.to_string().contains('≈'));
        let mut part = figures(90.0, 500.0);
        part.extrapolated = true;
        comparison.add_peer(Peer::Exact, part);
        let shown = comparison.to_string();
        assert!(shown.contains("numpy, exact ≈"), "{shown}");
        assert!(shown.contains("scaled up from a part of the requests: numpy, exact 2000."));
    }
}
