//! What `samenspel suggest` says of a post it has read.

use super::files::advice;
use crate::invalid::Invalid;

/// What standard input is called in a message.
pub fn standard_input() -> &'static str {
    "(invoer)"
}

/// What somebody who types the post themselves is told.
pub fn type_it() -> &'static str {
    "Typ de titel op de eerste regel en daaronder de tekst. Sluit af met Ctrl-D op een lege regel."
}

/// The columns of the answer.
pub fn columns() -> [&'static str; 4] {
    ["veld", "voorstel", "zekerheid", "woorden"]
}

/// The names of the fields a value is proposed for.
pub fn theme() -> &'static str {
    "thema"
}

/// The phase.
pub fn phase() -> &'static str {
    "fase"
}

/// A kind of help.
pub fn support() -> &'static str {
    "soort hulp"
}

/// The municipality.
pub fn municipality() -> &'static str {
    "gemeente"
}

/// How sure a value is, from a share of 0 to 1: `73 %`.
pub fn confidence(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// Words that led to a value.
pub fn words(words: &[String]) -> String {
    words.join(", ")
}

/// The places that may be meant when the municipality is not clear.
pub fn places(labels: &[String]) -> String {
    format!(
        "De gemeente is niet duidelijk. Het kan zijn: {}. Kies er een met --place.",
        labels.join("; ")
    )
}

/// A text of which nothing could be told.
pub fn nothing() -> &'static str {
    "In deze tekst is geen thema, fase, soort hulp of plaats te vinden. Schrijf meer over wat u doet en wat u zoekt of biedt."
}

/// A file without a text.
pub fn empty(file: &str) -> String {
    format!("In {file} staat niets. Zet de titel op de eerste regel en daaronder de tekst.")
}

/// A file that is larger than any post.
pub fn too_large(file: &str) -> String {
    format!(
        "{file} is te groot voor één bericht. Een titel heeft hoogstens 120 tekens en een tekst hoogstens 5000."
    )
}

/// A part of a post that is too long, with what to do.
pub fn problem(problem: &Invalid) -> String {
    let part = match problem.field.as_str() {
        "title" => "De titel (de eerste regel)",
        "body" => "De tekst (na de eerste regel)",
        _ => "De plaats",
    };
    format!("{part}: {}", advice(problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_shown_as_a_percentage() {
        assert_eq!(confidence(0.734), "73 %");
        assert_eq!(confidence(1.0), "100 %");
    }

    #[test]
    fn a_part_that_is_too_long_is_named_in_dutch() {
        let wrong = crate::dutch::problems::too_long(121, 120).at("title");
        assert_eq!(
            problem(&wrong),
            "De titel (de eerste regel): Deze tekst heeft 121 tekens. Gebruik er hoogstens 120."
        );
    }
}
