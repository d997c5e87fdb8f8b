//! What the letters say: their words, the same in text and HTML, and safe whatever people filled in.

use std::collections::BTreeSet;

use super::sample::{SETTINGS_LINK, letters, letters_saying};
use crate::pages::{self, Pages};

fn pages() -> Vec<(&'static str, Pages)> {
    letters()
        .into_iter()
        .map(|(name, letter)| (name, pages::write(&letter, SETTINGS_LINK).unwrap()))
        .collect()
}

#[test]
fn every_letter_reads_as_it_was_agreed() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (name, page) in pages() {
            insta::assert_snapshot!(
                name,
                format!("Onderwerp: {}\n\n{}", page.subject, page.text)
            );
        }
        let (_, invitation) = pages()
            .into_iter()
            .find(|(name, _)| *name == "invitation_asker")
            .unwrap();
        insta::assert_snapshot!("invitation_asker_html", invitation.html);
    });
}

#[test]
fn text_and_html_hold_the_same_links() {
    for (name, page) in pages() {
        let in_text: BTreeSet<String> = page
            .text
            .split_whitespace()
            .filter(|word| word.starts_with("https://"))
            .map(str::to_owned)
            .collect();
        let in_html: BTreeSet<String> = page
            .html
            .split("href=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .map(|link| link.replace("&#38;", "&"))
            .collect();
        assert_eq!(in_text, in_html, "{name}");
        assert!(in_text.contains(SETTINGS_LINK), "{name}");
    }
}

#[test]
fn whatever_the_text_says_the_html_says_too() {
    for (name, page) in pages() {
        let said = without_tags(&page.html);
        let facts = page
            .text
            .lines()
            .map(|line| line.trim_start_matches("> ").trim_start_matches("- "))
            .map(|line| line.trim_end_matches(':'))
            .filter(|line| !line.is_empty() && !line.starts_with("https://"))
            .filter(|line| !matches!(*line, "--" | ">"));
        for fact in facts {
            assert!(said.contains(fact), "{name}: {fact:?} is missing in {said}");
        }
    }
}

/// The words of a page, with one space between them.
fn without_tags(html: &str) -> String {
    let body = html.split("<body>").nth(1).unwrap();
    let words: String = body
        .split('<')
        .map(|piece| piece.split_once('>').map_or("", |(_tag, words)| words))
        .collect::<Vec<_>>()
        .join(" ");
    let words = words.replace("&#38;", "&").replace("&#39;", "'");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn html_is_one_safe_page_in_dutch() {
    for (name, page) in pages() {
        assert!(
            page.html.starts_with("<!doctype html>\n<html lang=\"nl\">"),
            "{name}"
        );
        for unwanted in ["<img", "<script", "http://", "src=", "url(", "onclick"] {
            assert!(!page.html.contains(unwanted), "{name}: {unwanted}");
        }
        for tag in ["p", "ul", "li", "h2", "blockquote", "main", "footer", "a"] {
            let opened = page.html.matches(&format!("<{tag}>")).count()
                + page.html.matches(&format!("<{tag} ")).count();
            let closed = page.html.matches(&format!("</{tag}>")).count();
            assert_eq!(opened, closed, "{name}: <{tag}>");
        }
    }
}

#[test]
fn no_letter_shows_its_template() {
    for (name, page) in pages() {
        for part in [&page.subject, &page.text, &page.html] {
            for leftover in ["{{", "}}", "{%", "%}", "Line(", "None", "Some("] {
                assert!(!part.contains(leftover), "{name}: {leftover} in {part}");
            }
        }
        assert!(!page.text.contains("\n\n\n"), "{name}");
        assert!(
            !page.subject.contains('\n') && !page.subject.is_empty(),
            "{name}"
        );
    }
}

#[test]
fn sentences_are_short() {
    for (name, page) in pages() {
        let ours: String = page
            .text
            .lines()
            .filter(|line| !line.starts_with('>') && !line.starts_with("https://"))
            .map(|line| format!("{line}\n"))
            .collect();
        let lengths: Vec<usize> = ours
            .split(['.', '?', '!', ':', '\n'])
            .map(|sentence| sentence.split_whitespace().count())
            .filter(|words| *words > 0)
            .collect();
        let words: usize = lengths.iter().sum();
        assert!(
            words <= 12 * lengths.len(),
            "{name}: {words} in {}",
            lengths.len()
        );
        assert!(
            lengths.iter().all(|words| *words <= 18),
            "{name}: {lengths:?}"
        );
    }
}

#[test]
fn a_letter_asks_one_question_at_most() {
    for (name, page) in pages() {
        let asked = page.text.matches("? ").count() + page.text.matches("?\n").count();
        assert!(asked <= 1, "{name}: {}", page.text);
    }
}

#[test]
fn what_people_fill_in_stays_text() {
    let hostile = "<script>alert(1)</script> \"'&<a href=x>";
    for (name, letter) in letters_saying(hostile) {
        let page = pages::write(&letter, SETTINGS_LINK).unwrap();
        assert!(!page.html.contains("<script"), "{name}");
        assert!(!page.html.contains("<a href=x>"), "{name}");
        if !name.starts_with("review") {
            assert!(page.html.contains("&#60;script&#62;"), "{name}");
            assert!(page.text.contains("<script>alert(1)</script>"), "{name}");
        }
    }
}

#[test]
fn a_field_cannot_add_a_line_of_its_own() {
    for (name, letter) in letters_saying("Eve\r\n\r\nhttps://kwaad.example\u{202e}") {
        let page = pages::write(&letter, SETTINGS_LINK).unwrap();
        assert!(!page.subject.contains(['\r', '\n', '\u{202e}']), "{name}");
        assert!(!page.text.contains('\u{202e}'), "{name}");
        assert!(
            page.text
                .lines()
                .all(|line| !line.starts_with("https://kwaad")),
            "{name}"
        );
    }
}
