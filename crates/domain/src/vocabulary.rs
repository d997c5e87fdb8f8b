//! The vocabularies the product ships as data: a first line of column names, then one code a line.
//!
//! The files are ours, compiled in and tested, so the reader knows just the CSV they use: quotes around a field
//! that holds a comma, no line breaks inside a field.

/// One line of a vocabulary: what is known of a code.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) code: &'static str,
    pub(crate) parent: &'static str,
    pub(crate) label: &'static str,
    /// The label without capitals: made once, because it is said and compared often.
    pub(crate) lower: String,
    pub(crate) description: &'static str,
}

/// Reads a vocabulary by the names of its columns; a column that is not there is empty.
pub(crate) fn entries(table: &'static str) -> Vec<Entry> {
    let header = table.lines().next().map(fields).unwrap_or_default();
    rows(table)
        .map(|row| {
            let column = |name: &str| -> &'static str {
                header
                    .iter()
                    .position(|title| *title == name)
                    .and_then(|index| row.get(index).copied())
                    .unwrap_or_default()
            };
            let label = column("label_nl");
            Entry {
                code: column("code"),
                parent: column("parent"),
                label,
                lower: label.to_lowercase(),
                description: column("description_nl"),
            }
        })
        .collect()
}

/// Makes a type whose values are the codes of one shipped vocabulary.
///
/// Takes the type's documentation and name, its file, the field it is filled in under, the Dutch noun for a message,
/// and where the codes can be read.
macro_rules! shipped_codes {
    ($(#[$doc:meta])* $name:ident, $file:literal, $field:literal, $noun:literal, $list:literal) => {
        static TABLE: std::sync::LazyLock<Vec<$crate::vocabulary::Entry>> =
            std::sync::LazyLock::new(|| $crate::vocabulary::entries(include_str!($file)));

        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(u8);

        impl $name {
            /// Every code, in the order of the list.
            pub fn all() -> impl Iterator<Item = Self> {
                (0..u8::try_from(TABLE.len()).unwrap_or(u8::MAX)).map(Self)
            }

            /// The code used in files and over the wire.
            pub fn code(self) -> &'static str {
                self.entry().map_or("", |entry| entry.code)
            }

            /// The Dutch name people see.
            pub fn label(self) -> &'static str {
                self.entry().map_or("", |entry| entry.label)
            }

            /// The Dutch name as it stands inside a sentence: without capitals.
            pub fn lower(self) -> &'static str {
                self.entry().map_or("", |entry| entry.lower.as_str())
            }

            /// What falls under it, in one Dutch sentence; empty where the name says it all.
            pub fn description(self) -> &'static str {
                self.entry().map_or("", |entry| entry.description)
            }

            /// Place in the list, from 0, without gaps: for tables indexed by this code.
            pub fn index(self) -> usize {
                usize::from(self.0)
            }

            fn entry(self) -> Option<&'static $crate::vocabulary::Entry> {
                TABLE.get(self.index())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::invalid::Invalid;

            /// Reads a code or a Dutch name; case does not matter.
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let wanted = text.trim().to_lowercase();
                Self::all()
                    .find(|known| known.code() == wanted || known.lower() == wanted)
                    .ok_or_else(|| {
                        $crate::dutch::problems::unknown_code($field, $noun, text, $list)
                        .with_choices($crate::vocabulary::nearest(&wanted, Self::all().map(Self::code)))
                    })
            }
        }

        $crate::ids::as_text!($name, |this| this.code());
    };
}
pub(crate) use shipped_codes;

/// Splits a shipped table into rows of fields, without its first line.
pub fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .skip(1)
        .filter(|line| !line.is_empty())
        .map(fields)
}

fn fields(line: &'static str) -> Vec<&'static str> {
    let mut found = Vec::new();
    let mut rest = line;
    loop {
        let (field, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => match rest.find(',') {
                Some(comma) => rest.split_at(comma),
                None => (rest, ""),
            },
        };
        found.push(field);
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None => return found,
        }
    }
}

/// The known codes most like `typed`, best first, to put in an error message.
pub(crate) fn nearest<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> Vec<String> {
    let typed = typed.to_lowercase();
    let mut scored: Vec<(usize, &str)> = known
        .map(|code| (shared_pairs(&typed, code), code))
        .filter(|(shared, _)| *shared > 0)
        .collect();
    scored.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    scored
        .into_iter()
        .take(3)
        .map(|(_, code)| code.to_owned())
        .collect()
}

/// How many pairs of neighbouring letters two words share, less what the second has alone.
fn shared_pairs(a: &str, b: &str) -> usize {
    let pairs =
        |word: &str| -> Vec<(char, char)> { word.chars().zip(word.chars().skip(1)).collect() };
    let (in_a, in_b) = (pairs(a), pairs(b));
    let shared = in_b.iter().filter(|pair| in_a.contains(pair)).count();
    (shared * 4).saturating_sub(in_b.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_field_may_hold_a_comma() {
        let found: Vec<_> = rows("a,b,c\n1,\"twee, drie\",4\n5,,6\n").collect();
        assert_eq!(found, [vec!["1", "twee, drie", "4"], vec!["5", "", "6"]]);
    }

    #[test]
    fn the_nearest_code_is_named_first() {
        let known = ["dorpshuis", "speeltuin", "commons"];
        assert_eq!(nearest("dorphuis", known.into_iter())[0], "dorpshuis");
        assert!(nearest("qqq", known.into_iter()).is_empty());
    }
}
