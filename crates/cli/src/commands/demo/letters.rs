//! The letters of the demo: the links in the invitations, and the introductions that were written.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use app::{App, page_path};
use domain::dutch::commands::demo as said;
use domain::ids::LetterId;
use domain::letters::LetterKind;
use domain::links::LinkPurpose;

use super::folder::Folder;
use crate::commands::outbox::listed;
use crate::screen;

/// The tokens of the consent links in the invitations of a folder, one a letter.
pub(super) fn tokens(mail: &Path) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    for path in letters(mail, LetterKind::Invitation)? {
        found.extend(token(&fs::read_to_string(path)?));
    }
    Ok(found)
}

/// Lists the introductions: to whom, about what, and in which file.
pub(super) async fn show_introductions(app: &App, folder: &Folder) -> anyhow::Result<()> {
    let paths = letters(&folder.mail(), LetterKind::Introduction)?;
    let mut written: BTreeMap<LetterId, (String, Vec<String>)> = BTreeMap::new();
    for each in listed(app, None, usize::MAX).await? {
        if each.kind == LetterKind::Introduction {
            let (_, readers) = written
                .entry(each.delivery.letter)
                .or_insert((each.subject, Vec::new()));
            readers.push(each.delivery.recipient.to_string());
        }
    }
    for (letter, (subject, mut readers)) in written {
        readers.sort();
        let id = letter.to_string();
        let path = paths
            .iter()
            .find(|path| path.to_string_lossy().contains(&id));
        let path = path
            .map(|path| path.display().to_string())
            .unwrap_or_default();
        screen::say(&said::introduction(&readers.join(", "), &subject, &path))?;
    }
    Ok(())
}

/// The letters of one kind in a folder, oldest first: the kind is in the name of the file.
fn letters(mail: &Path, kind: LetterKind) -> anyhow::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(mail)? {
        let path = entry?.path();
        if path.to_string_lossy().contains(&format!("-{kind}-")) {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// The token of the first consent link in a message. Lines may be folded with `=` (RFC 2045 §6.7), also inside a link.
fn token(message: &str) -> Option<String> {
    let message = message.replace("=\r\n", "");
    let start = format!("{}/", page_path(LinkPurpose::Consent));
    let (_, rest) = message.split_once(&start)?;
    Some(
        rest.chars()
            .take_while(|letter| letter.is_ascii_alphanumeric() || "-_".contains(*letter))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_read_across_folded_lines() {
        let message =
            "Ga naar:\r\nhttp://127.0.0.1:8080/toest=\r\nemming/aB_c-=\r\n9Z\r\nen zeg ja.\r\n";
        assert_eq!(token(message).as_deref(), Some("aB_c-9Z"));
        assert_eq!(token("Geen link."), None);
    }
}
