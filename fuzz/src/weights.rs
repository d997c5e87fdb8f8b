//! Weights of any numbers are refused by name, or rank without surprises.

use arbitrary::{Arbitrary as _, Result, Unstructured};
use domain::explanation::Signal;
use matching::{Demand, Supply, Weights, rank};
use serde_json::Value;

use super::made_up::{demand, now, supply};

/// How far sums of floating-point numbers may differ.
const NEARLY: f64 = 1e-9;
/// Offers that are ranked with weights that were let through.
const OFFERS: usize = 4;

/// Reads bytes as weights: as JSON, as TOML, or as changes to the default weights, by the first byte.
pub fn weights(data: &[u8]) {
    let (first, rest) = data.split_first().unwrap_or((&0, &[]));
    let text = String::from_utf8_lossy(rest);
    let mut bytes = Unstructured::new(rest);
    let read = match first % 4 {
        0 => serde_json::from_str(&text).ok(),
        1 => toml::from_str(&text).ok(),
        _ => changed(&mut bytes).ok(),
    };
    let Some(weights) = read else {
        return;
    };
    match weights.check() {
        Ok(()) => ranks(&weights, &mut bytes),
        Err(problems) => {
            assert!(!problems.is_empty(), "refused without a reason");
            for problem in problems {
                let said = problem.to_string();
                assert!(said.starts_with(problem.field), "{said}");
            }
        }
    }
}

/// The default weights with some numbers replaced; what is out of range must be refused by its name.
fn changed(bytes: &mut Unstructured<'_>) -> Result<Weights> {
    let (mut text, mut wrong) = (String::new(), Vec::new());
    for name in names() {
        let number = match bytes.int_in_range(0..=7_u8)? {
            0 => f64::arbitrary(bytes)?,
            1 => f64::from(u8::arbitrary(bytes)?) / f64::from(u8::MAX),
            _ => continue,
        };
        if !(0.0..=1.0).contains(&number) {
            wrong.push(name.clone());
        }
        text.push_str(&format!("{name} = {}\n", in_toml(number)));
    }
    let weights: Weights = match toml::from_str(&text) {
        Ok(weights) => weights,
        Err(cause) => panic!("{text}cannot be read: {cause}"),
    };
    let problems = weights.check().err().unwrap_or_default();
    for name in wrong {
        let named = problems.iter().any(|problem| problem.field == name);
        assert!(named, "{name} is not refused in\n{text}");
    }
    Ok(weights)
}

/// A number as TOML writes it.
fn in_toml(number: f64) -> String {
    if number.is_nan() {
        "nan".to_owned()
    } else if number.is_infinite() {
        if number > 0.0 { "inf" } else { "-inf" }.to_owned()
    } else {
        format!("{number:?}")
    }
}

/// The names of all weights, as the configuration writes them.
fn names() -> Vec<String> {
    let mut names = Vec::new();
    let Ok(Value::Object(all)) = serde_json::to_value(Weights::default()) else {
        panic!("weights are no object");
    };
    for (name, value) in all {
        match value {
            Value::Object(group) => names.extend(group.keys().map(|key| format!("{name}.{key}"))),
            _ => names.push(name),
        }
    }
    names
}

/// Weights that were let through give scores and parts that can be trusted.
fn ranks(weights: &Weights, bytes: &mut Unstructured<'_>) {
    let Ok((asked, given)) = posts(bytes) else {
        return;
    };
    for found in rank(&asked, &given, weights, now()) {
        let explanation = &found.explanation;
        let sum: f64 = explanation.parts.iter().map(|part| part.contribution).sum();
        assert!((0.0..=1.0).contains(&explanation.score), "{explanation:?}");
        assert!((sum - explanation.score).abs() < NEARLY, "{explanation:?}");
    }
    widths(asked, given, weights);
}

fn posts(bytes: &mut Unstructured<'_>) -> Result<(Demand, Vec<Supply>)> {
    let asked = demand("req".to_owned(), bytes)?;
    let given = (0..OFFERS).map(|number| supply(format!("off_{number}"), bytes));
    Ok((asked, given.collect::<Result<_>>()?))
}

/// Of offers that differ in their reach alone, a narrower one is never worth less.
fn widths(mut asked: Demand, given: Vec<Supply>, weights: &Weights) {
    asked.municipality = "GM0200".parse().ok();
    let Some(one) = given.into_iter().next() else {
        return;
    };
    let mut above = f64::INFINITY;
    for reach in ["GM0200", "CR13", "PV25", "NL"] {
        let offer = Supply {
            reach: reach.parse().into_iter().collect(),
            ..one.clone()
        };
        for found in rank(&asked, std::slice::from_ref(&offer), weights, now()) {
            let value = found
                .explanation
                .part(Signal::Region)
                .map(|part| part.value);
            let value = value.unwrap_or_default();
            assert!(value <= above, "{reach} is worth {value}, narrower {above}");
            above = value;
        }
    }
}
