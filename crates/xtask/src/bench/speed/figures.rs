//! What a program needed in one round, from the line of JSON that every measured program prints; used by `comparison` and
//! `growth`.

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

/// What a program needed in one round.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Figures {
    /// Seconds to prepare both sides, when it was done in this round.
    pub(super) build: Option<f64>,
    /// Seconds to match all requests.
    pub(super) matching: f64,
    /// Whether the time to match was scaled up from a part of the requests.
    pub(super) extrapolated: bool,
    /// Microseconds for one request: half of them took at most this.
    pub(super) one_median: f64,
    /// Microseconds for one request: all but one in a hundred took at most this.
    pub(super) one_tail: f64,
    /// The most memory in use at once, in MiB.
    pub(super) memory: Option<f64>,
    /// The whole way from file to file.
    pub(super) process: Option<Process>,
}

/// What the whole way from two CSV files to one needed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Process {
    /// Seconds.
    pub(super) seconds: f64,
    /// The most memory in use at once, in MiB.
    pub(super) memory: f64,
}

/// The line as it is printed.
#[derive(Deserialize)]
struct Line {
    load_s: Option<f64>,
    build_s: Option<f64>,
    match_wall_s: f64,
    write_s: Option<f64>,
    extrapolated: bool,
    one_p50_us: f64,
    one_p99_us: f64,
    peak_rss_mb: Option<f64>,
}

impl Figures {
    /// Reads the last line of what a program printed.
    ///
    /// A program that wrote its matches as well went the whole way; the start of its interpreter does not count against it.
    ///
    /// # Errors
    /// When it is no such line, or a figure in it cannot be.
    pub(super) fn read(printed: &str) -> Result<Self> {
        let line = printed.lines().last().unwrap_or_default();
        let read: Line =
            serde_json::from_str(line).with_context(|| format!("no figures in `{line}`"))?;
        if [read.match_wall_s, read.one_p50_us, read.one_p99_us]
            .iter()
            .any(|figure| !figure.is_finite() || *figure <= 0.0)
        {
            bail!("figures that cannot be in `{line}`");
        }
        let process = match (read.load_s, read.build_s, read.write_s, read.peak_rss_mb) {
            (Some(load), Some(build), Some(write), Some(memory)) if !read.extrapolated => {
                Some(Process {
                    seconds: load + build + read.match_wall_s + write,
                    memory,
                })
            }
            _ => None,
        };
        Ok(Self {
            build: read.build_s,
            matching: read.match_wall_s,
            extrapolated: read.extrapolated,
            one_median: read.one_p50_us,
            one_tail: read.one_p99_us,
            memory: read.peak_rss_mb,
            process,
        })
    }

    /// Adds the whole way, measured apart.
    pub(super) fn add_process(&mut self, process: Process) {
        self.process = Some(process);
    }
}

/// The middle one of some figures with the lowest and the highest of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spread {
    /// The middle one, or the mean of the middle two.
    pub(super) median: f64,
    /// The lowest.
    pub(super) lowest: f64,
    /// The highest.
    pub(super) highest: f64,
}

impl Spread {
    /// Of these figures; nothing when there are none.
    pub(super) fn of(figures: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut figures: Vec<f64> = figures.into_iter().collect();
        figures.sort_by(f64::total_cmp);
        let lower = figures.get(figures.len().checked_sub(1)? / 2)?;
        let upper = figures.get(figures.len() / 2)?;
        Some(Self {
            median: f64::midpoint(*lower, *upper),
            lowest: *figures.first()?,
            highest: *figures.last()?,
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Figures, Process, Spread};

    /// Figures with these seconds to match and microseconds for one request.
    pub(in crate::bench::speed) fn figures(matching: f64, one: f64) -> Figures {
        Figures {
            build: Some(1.0),
            matching,
            extrapolated: false,
            one_median: one,
            one_tail: one,
            memory: Some(100.0),
            process: None,
        }
    }

    const LINE: &str = r#"{"peer": "sparse_dot_topn", "requests": 2000, "offers": 2000, "threads": 2, "load_s": 0.5,
        "build_s": 1.5, "match_wall_s": 4.0, "match_cpu_s": 7.5, "extrapolated": false, "write_s": 0.25,
        "one_p50_us": 188.5, "one_p99_us": 300.0, "peak_rss_mb": 147.8}"#;

    fn read(line: &str) -> Result<Figures, String> {
        Figures::read(&line.replace('\n', "")).map_err(|problem| problem.to_string())
    }

    #[test]
    fn the_line_of_a_program_is_read() {
        let expected = Figures {
            build: Some(1.5),
            matching: 4.0,
            extrapolated: false,
            one_median: 188.5,
            one_tail: 300.0,
            memory: Some(147.8),
            process: Some(Process {
                seconds: 6.25,
                memory: 147.8,
            }),
        };
        assert_eq!(read(LINE), Ok(expected));
    }

    #[test]
    fn only_a_program_that_wrote_all_its_matches_went_the_whole_way() {
        let without =
            |from: &str, to: &str| read(&LINE.replace(from, to)).expect("the line is still one");
        assert_eq!(without(r#""write_s": 0.25,"#, "").process, None);
        let part = without(r#""extrapolated": false"#, r#""extrapolated": true"#);
        assert!(part.extrapolated);
        assert_eq!(part.process, None);
    }

    #[test]
    fn a_line_without_figures_is_refused() {
        assert!(read("").is_err());
        assert!(read("Traceback (most recent call last):").is_err());
        assert!(read(&LINE.replace("match_wall_s", "match_s")).is_err());
        assert!(read(&LINE.replace("4.0", "0.0")).is_err());
        assert!(read(&LINE.replace("300.0", "-1")).is_err());
    }

    #[test]
    fn what_is_printed_before_the_line_is_passed_over() {
        let line = LINE.replace('\n', "");
        assert_eq!(
            Figures::read(&format!("a warning\n{line}\n")).ok(),
            read(LINE).ok()
        );
    }

    #[test]
    fn a_spread_has_its_middle() {
        let spread = |figures: &[f64]| {
            Spread::of(figures.iter().copied())
                .map(|spread| [spread.median, spread.lowest, spread.highest])
        };
        assert_eq!(spread(&[3.0, 1.0, 2.0]), Some([2.0, 1.0, 3.0]));
        assert_eq!(spread(&[4.0, 1.0]), Some([2.5, 1.0, 4.0]));
        assert_eq!(spread(&[5.0]), Some([5.0, 5.0, 5.0]));
        assert_eq!(spread(&[]), None);
    }
}
