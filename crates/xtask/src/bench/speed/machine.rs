//! What the machine is and how busy: a time means nothing without it; used by `speed`.

use std::fs;
use std::thread::available_parallelism;

/// The processor and how many cores of it we may use.
pub(super) fn in_words() -> String {
    let facts = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    format!("Processor: {}, {} cores.", processor(&facts), cores())
}

/// How many cores we may use.
pub(super) fn cores() -> usize {
    available_parallelism().map_or(1, usize::from)
}

/// How many programs wanted to run, on average over the last minute.
pub(super) fn load_in_words() -> String {
    let facts = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!("Load of the machine in the last minute: {}.", load(&facts))
}

fn processor(facts: &str) -> &str {
    facts
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.trim() == "model name")
        .map_or("unknown", |(_, name)| name.trim())
}

fn load(facts: &str) -> &str {
    facts.split_whitespace().next().unwrap_or("unknown")
}

#[cfg(test)]
mod tests {
    use super::{load, processor};

    #[test]
    fn the_processor_is_named() {
        let facts = "processor\t: 0\nmodel name\t: Example 9000: fast\nprocessor\t: 1\n";
        assert_eq!(processor(facts), "Example 9000: fast");
        assert_eq!(processor(""), "unknown");
    }

    #[test]
    fn the_load_is_that_of_the_last_minute() {
        assert_eq!(load("0.52 0.58 0.59 1/257 4211\n"), "0.52");
        assert_eq!(load(""), "unknown");
    }
}
