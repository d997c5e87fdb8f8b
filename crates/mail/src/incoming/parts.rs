//! The parts of a message, as far as a report needs them; one step deeper only when asked.
//!
//! `mail-parser` reads heads and single parts. The message is taken apart here, because a parser that builds the whole
//! tree does so to any depth, and a message of one megabyte can be thirty thousand deep.

use mail_parser::decoders::html::html_to_text;
use mail_parser::{HeaderForm, HeaderValue, Message, MessageParser, MimeHeaders};

/// The most bytes of a head that are read.
const MAX_HEAD: usize = 64 << 10;

/// The most bytes of one part that are decoded.
const MAX_TEXT: usize = 64 << 10;

/// The most parts of one multipart that are looked at.
const MAX_PARTS: usize = 20;

/// How many multiparts deep a report is looked for.
const MAX_DEPTH: usize = 4;

/// A message, or one part of one.
pub(super) struct Part<'a> {
    head: Option<Message<'a>>,
    raw: &'a [u8],
    body: &'a [u8],
}

impl<'a> Part<'a> {
    /// Reads the head.
    pub(super) fn new(raw: &'a [u8]) -> Self {
        let (head, body) = raw.split_at(end_of_head(raw));
        let head = head.get(..MAX_HEAD).unwrap_or(head);
        Self {
            head: MessageParser::default().parse_headers(head),
            raw,
            body,
        }
    }

    /// The type, in lower case, such as `text/plain`, which it also is when nothing says otherwise (RFC 2045 §5.2).
    pub(super) fn kind(&self) -> String {
        let kind = self.head.as_ref().and_then(MimeHeaders::content_type);
        kind.map_or("text/plain".to_owned(), |kind| {
            let subtype = kind.subtype().unwrap_or_default();
            format!("{}/{subtype}", kind.ctype()).to_lowercase()
        })
    }

    /// A parameter of the type, such as `report-type`, in lower case.
    pub(super) fn parameter(&self, name: &str) -> String {
        self.attribute(name).unwrap_or_default().to_lowercase()
    }

    /// The values of every field of this name, unfolded, in order.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        let Some(head) = &self.head else {
            return Vec::new();
        };
        head.header_as(name.to_owned(), HeaderForm::Raw)
            .into_iter()
            .filter_map(|value| match value {
                HeaderValue::Text(text) => Some(text.into_owned()),
                _ => None,
            })
            .collect()
    }

    /// The value of the first field of this name; empty when there is none.
    pub(super) fn field(&self, name: &str) -> String {
        self.all(name).into_iter().next().unwrap_or_default()
    }

    /// The subject, decoded.
    pub(super) fn subject(&self) -> &str {
        let head = self.head.as_ref();
        head.and_then(Message::subject).unwrap_or_default()
    }

    /// The first part of this type, at most four multiparts deep and never inside a message that came along.
    pub(super) fn find(&self, kinds: &[&str]) -> Option<Part<'a>> {
        self.find_within(kinds, MAX_DEPTH)
    }

    fn find_within(&self, kinds: &[&str], depth: usize) -> Option<Part<'a>> {
        self.children().into_iter().find_map(|part| {
            if kinds.contains(&part.kind().as_str()) {
                return Some(part);
            }
            part.find_within(kinds, depth.checked_sub(1)?)
        })
    }

    /// The first text that a person would read, as plain text; of this part itself when it has no parts.
    pub(super) fn words(&self) -> String {
        let found = self
            .find(&["text/plain"])
            .or_else(|| self.find(&["text/html"]));
        let part = found.as_ref().unwrap_or(self);
        match part.kind().as_str() {
            "text/html" => html_to_text(&part.text()),
            "text/plain" => part.text(),
            _ => String::new(),
        }
    }

    /// What the part says, decoded; its first 64 KiB.
    pub(super) fn text(&self) -> String {
        if self.kind().starts_with("multipart/") || self.kind() == "message/rfc822" {
            return String::new();
        }
        let end = self.raw.len() - self.body.len() + self.body.len().min(MAX_TEXT);
        let parsed = self.raw.get(..end).and_then(|raw| {
            let decoded = MessageParser::default().parse(raw)?;
            let part = decoded.parts.first()?;
            Some(String::from_utf8_lossy(part.contents()).into_owned())
        });
        parsed.unwrap_or_default()
    }

    fn attribute(&self, name: &str) -> Option<&str> {
        let head = self.head.as_ref()?;
        head.content_type()?.attribute(name)
    }

    /// The parts between the lines of the boundary (RFC 2046 §5.1.1).
    fn children(&self) -> Vec<Part<'a>> {
        if !self.kind().starts_with("multipart/") {
            return Vec::new();
        }
        let Some(boundary) = self.attribute("boundary").filter(|text| !text.is_empty()) else {
            return Vec::new();
        };
        let line_start = format!("--{boundary}");
        let mut parts = Vec::new();
        let mut open = None;
        let mut place = 0;
        for line in self.body.split_inclusive(|byte| *byte == b'\n') {
            if parts.len() >= MAX_PARTS {
                break;
            }
            if line.starts_with(line_start.as_bytes()) {
                parts.extend(open.and_then(|start| self.body.get(start..place)));
                open = Some(place + line.len());
            }
            place += line.len();
        }
        // The last one, when nothing closes it; after the closing line only an epilogue follows, which says nothing.
        parts.extend(open.and_then(|start| self.body.get(start..)));
        parts.into_iter().map(Part::new).collect()
    }
}

/// Where the body starts: after the first empty line.
fn end_of_head(raw: &[u8]) -> usize {
    let mut place = 0;
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        place += line.len();
        if matches!(line, b"\n" | b"\r\n") {
            break;
        }
    }
    place
}
