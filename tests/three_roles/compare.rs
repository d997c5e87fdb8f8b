//! The comparison of the script of the three roles: every figure in an answer is struck off, and none may be left.

use std::collections::BTreeMap;

use serde_json::Value;

/// The figures of a report, by what their row is about and the name of their field.
pub(super) type Figures = BTreeMap<(String, String), Option<f64>>;

/// Strikes off every figure of a report that was told; fails when one differs, is not there, or is left.
#[track_caller]
pub(super) fn compare(found: &Value, told: &Figures, about: &str) {
    let mut left = numbers(found, String::new());
    let rows = found["items"].as_array().unwrap();
    for ((row, field), figure) in told {
        let at = rows.iter().position(|item| texts(item) == *row);
        let at = at.unwrap_or_else(|| panic!("{about} has no row {row}: {found:#}"));
        let seen = left.remove(&format!("/items/{at}/{field}"));
        let seen = seen.unwrap_or_else(|| panic!("{about}, {row} has no {field}: {found:#}"));
        assert_eq!(seen.as_f64(), *figure, "{about}, {row}, {field}: {found:#}");
    }
    assert!(left.is_empty(), "{about}: nobody counted {left:?}");
}

/// The texts of a row as an answer has them.
fn texts(item: &Value) -> String {
    let fields = item.as_object().unwrap().iter();
    row(fields.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?))))
}

/// What a row is about: its texts under the names of their fields.
pub(super) fn row<'a>(texts: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let sorted: BTreeMap<&str, &str> = texts.collect();
    format!("{sorted:?}")
}

/// Every number in an answer, and everything that could be one, by where it stands.
fn numbers(value: &Value, at: String) -> BTreeMap<String, Value> {
    match value {
        Value::String(_) => BTreeMap::new(),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items
                .flat_map(|(place, item)| numbers(item, format!("{at}/{place}")))
                .collect()
        }
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, field)| numbers(field, format!("{at}/{name}")))
            .collect(),
        figure => [(at, figure.clone())].into(),
    }
}

/// The file of a report says the same as its JSON, row by row and cell by cell.
#[track_caller]
pub(super) fn is_the_same(file: &[BTreeMap<String, String>], items: &Value, about: &str) {
    let named = |(name, cell): (&String, &String)| (camel_case(name), cell.clone());
    let told = file.iter().map(|row| row.iter().map(named).collect());
    let written = |(name, value): (&String, &Value)| (name.clone(), cell(value));
    let rows = items.as_array().unwrap().iter();
    let rows = rows.map(|row| row.as_object().unwrap().iter().map(written).collect());
    let [told, rows]: [Vec<BTreeMap<String, String>>; 2] = [told.collect(), rows.collect()];
    assert_eq!(told, rows, "{about}");
}

/// A value as a cell of a file has it: nothing for what is not there.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        figure => figure.as_f64().unwrap().to_string(),
    }
}

fn camel_case(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap().to_owned();
    parts.fold(first, |whole, part| {
        whole + &part[..1].to_uppercase() + &part[1..]
    })
}
