//! What is said about a body that has another shape than was asked: what is wrong, and what to do.

/// A field that does not exist; `known` are those that do.
pub fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a String>) -> (String, String) {
    let known: Vec<&str> = known.map(String::as_str).collect();
    (
        format!("Het veld {name} kennen wij hier niet."),
        format!("Laat het weg, of kies uit: {}.", known.join(", ")),
    )
}

/// A field that must be there and is not.
pub fn missing() -> (String, String) {
    (
        "Dit veld ontbreekt.".to_owned(),
        "Stuur het mee.".to_owned(),
    )
}

/// A value of another type; `expected` is the type as JSON Schema names it.
pub fn wrong_type(expected: &str) -> (String, String) {
    let (noun, example) = match expected {
        "string" => ("tekst", "\"tekst\""),
        "integer" => ("een heel getal", "3"),
        "number" => ("een getal", "0.5"),
        "boolean" => ("waar of niet waar", "true"),
        "array" => ("een lijst", "[\"een\", \"twee\"]"),
        _ => ("een object met velden", "{\"veld\": \"waarde\"}"),
    };
    (
        format!("Dit is iets anders dan {noun}."),
        format!("Schrijf het zo: {example}."),
    )
}
