//! W3C Trace Context: the trace a request belongs to, taken from `traceparent` or begun here; used by `middleware`.

use actix_web::http::header::{HeaderMap, HeaderName};

/// The header, in requests and answers.
pub(crate) const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// How long the header of version 00 is (W3C Trace Context §3.2): `00-{32}-{16}-{2}`.
const LENGTH: usize = 55;

/// The trace of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trace {
    /// 32 hexadecimal digits, shared by all who work on the trace.
    pub(crate) id: String,
    /// 16 hexadecimal digits: our part in it.
    span: String,
    /// 2 hexadecimal digits: whether it is recorded; handed on as it came.
    flags: String,
    /// Whether the client began it.
    pub(crate) origin: Origin,
}

/// Who began a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The client, who can follow it.
    Client,
    /// We, as the client sent none that can be read.
    Here,
}

impl Trace {
    /// The trace that the client named, or a new one.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let sent = headers
            .get(TRACEPARENT)
            .and_then(|value| value.to_str().ok())
            .and_then(parse);
        let span = random_hex().split_off(16);
        match sent {
            Some((id, flags)) => Self {
                id: id.to_owned(),
                span,
                flags: flags.to_owned(),
                origin: Origin::Client,
            },
            None => Self {
                id: random_hex(),
                span,
                flags: "00".to_owned(),
                origin: Origin::Here,
            },
        }
    }

    /// What the answer carries, so that the client finds our part.
    pub(crate) fn header(&self) -> String {
        format!("00-{}-{}-{}", self.id, self.span, self.flags)
    }
}

/// The id and flags of a header; of a later version what we know of it (§3.2.4).
fn parse(text: &str) -> Option<(&str, &str)> {
    let mut parts = text.split('-');
    let (version, id, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let whole = version != "00" || text.len() == LENGTH;
    let fits = is_hex(version, 2) && is_hex(id, 32) && is_hex(span, 16) && is_hex(flags, 2);
    let empty = [id, span]
        .iter()
        .any(|part| part.bytes().all(|digit| digit == b'0'));
    (whole && fits && !empty && version != "ff").then_some((id, flags))
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length
        && text
            .bytes()
            .all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

/// 32 hexadecimal digits, of which the last 16 hold chance enough to tell spans apart.
fn random_hex() -> String {
    uuid::Uuid::now_v7().simple().to_string()
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderMap, HeaderValue};

    use super::{Origin, TRACEPARENT, Trace};

    const SENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn traced(value: &str) -> Trace {
        let mut headers = HeaderMap::new();
        headers.insert(TRACEPARENT, HeaderValue::from_str(value).unwrap());
        Trace::of(&headers)
    }

    #[test]
    fn a_trace_goes_on_with_a_span_of_our_own() {
        let trace = traced(SENT);
        assert_eq!(trace.id, "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(trace.origin, Origin::Client);
        let header = trace.header();
        assert!(
            header.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-") && header.ends_with("-01")
        );
        assert!(!header.contains("00f067aa0ba902b7"));
        assert_eq!(traced(&header).id, trace.id, "{header} is one itself");
        assert_eq!(traced(&SENT.replacen("00", "42", 1)).origin, Origin::Client);
    }

    #[test]
    fn what_is_no_trace_begins_one() {
        for broken in [
            "",
            "00",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-011",
        ] {
            let trace = traced(broken);
            assert_eq!(trace.origin, Origin::Here, "{broken}");
            assert_eq!(traced(&trace.header()).id, trace.id);
        }
    }
}
