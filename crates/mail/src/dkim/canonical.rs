//! The form in which a message is signed, which survives what relays do to white space: `relaxed` (RFC 6376 §3.4).

const WHITE: [char; 4] = [' ', '\t', '\r', '\n'];

/// Each field of the head with its name, in order.
pub(super) fn fields(head: &str) -> Vec<(&str, String)> {
    let mut fields: Vec<&str> = Vec::new();
    let mut rest = head;
    while !rest.is_empty() {
        let end = end_of_field(rest);
        let (this, next) = rest.split_at(end);
        fields.push(this);
        rest = next.strip_prefix("\r\n").unwrap_or(next);
    }
    fields
        .into_iter()
        .map(|text| {
            let name = text.split(':').next().unwrap_or_default();
            (name.trim_end_matches(WHITE), field(text))
        })
        .collect()
}

/// Where the first line break is that no white space follows.
fn end_of_field(text: &str) -> usize {
    text.match_indices("\r\n")
        .find(|(place, _)| {
            let after = text.get(place + 2..).unwrap_or_default();
            !after.starts_with([' ', '\t'])
        })
        .map_or(text.len(), |(place, _)| place)
}

/// One field: its name in lower case, one space for each stretch of white space, none around the colon or at the end.
pub(super) fn field(text: &str) -> String {
    let (name, value) = text.split_once(':').unwrap_or((text, ""));
    let name = name.trim_end_matches(WHITE).to_ascii_lowercase();
    format!("{name}:{}", narrowed(value).trim_matches(' '))
}

/// The body: no white space at the end of a line, one space for each stretch of it, no empty lines at the end.
pub(super) fn body(text: &str) -> String {
    let mut lines: Vec<String> = text
        .split("\r\n")
        .map(|line| narrowed(line).trim_end_matches(' ').to_owned())
        .collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines.iter().map(|line| format!("{line}\r\n")).collect()
}

/// The text with one space for each stretch of white space.
fn narrowed(text: &str) -> String {
    let mut narrow = String::with_capacity(text.len());
    for letter in text.chars() {
        if !WHITE.contains(&letter) {
            narrow.push(letter);
        } else if !narrow.ends_with(' ') {
            narrow.push(' ');
        }
    }
    narrow
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard_comes_out_as_it_says() {
        // RFC 6376 §3.4.5.
        let names = fields("A: X\r\nB : Y\t\r\n\tZ  ");
        assert_eq!(names, [("A", "a:X".to_owned()), ("B", "b:Y Z".to_owned())]);
        assert_eq!(body(" C \r\nD \t E\r\n\r\n\r\n"), " C\r\nD E\r\n");
    }

    #[test]
    fn an_empty_body_stays_empty() {
        assert_eq!(body(""), "");
        assert_eq!(body("\r\n \r\n\t\r\n"), "");
        assert_eq!(body("a"), "a\r\n");
    }
}
