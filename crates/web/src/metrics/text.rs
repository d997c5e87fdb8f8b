//! The text that Prometheus reads, version 0.0.4 (prometheus.io, "Text-based format").

use std::fmt::Display;

/// What the text is.
pub(super) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What the figures of a family do.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// They only grow.
    Counter,
    /// They go up and down.
    Gauge,
    /// They count what was at most so much.
    Histogram,
}

/// The text as far as it is written.
#[derive(Debug, Default)]
pub(super) struct Exposition(String);

impl Exposition {
    /// Begins a family: all its samples follow, before the next family.
    pub(super) fn family(&mut self, name: &str, kind: Kind, help: &str) {
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        self.0
            .push_str(&format!("# HELP {name} {help}\n# TYPE {name} {kind}\n"));
    }

    /// Writes one figure.
    pub(super) fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<String> = labels
            .iter()
            .map(|(name, value)| format!("{name}=\"{}\"", escaped(value)))
            .collect();
        let labels = if labels.is_empty() {
            String::new()
        } else {
            format!("{{{}}}", labels.join(","))
        };
        self.0.push_str(&format!("{name}{labels} {value}\n"));
    }

    pub(super) fn into_text(self) -> String {
        self.0
    }
}

/// The value of a label between its quotes.
fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_is_written_as_it_is_read() {
        let mut out = Exposition::default();
        out.family("letters_total", Kind::Counter, "Letters.");
        out.sample(
            "letters_total",
            &[("to", "a \"b\" \\ c\nd"), ("from", "e")],
            2,
        );
        out.sample("letters_total", &[], 0.5);
        assert_eq!(
            out.into_text(),
            "# HELP letters_total Letters.\n# TYPE letters_total counter\n\
             letters_total{to=\"a \\\"b\\\" \\\\ c\\nd\",from=\"e\"} 2\nletters_total 0.5\n"
        );
    }
}
