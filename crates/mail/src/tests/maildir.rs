//! Mail that waits in a folder.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::{MAX_INCOMING, Maildir, MaildirMessage};

fn made() -> (TempDir, Maildir) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("new")).unwrap();
    let maildir = Maildir::new(folder.path());
    (folder, maildir)
}

fn put(folder: &TempDir, name: &str, bytes: &[u8]) {
    fs::write(folder.path().join("new").join(name), bytes).unwrap();
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn texts(messages: &[MaildirMessage]) -> Vec<&str> {
    messages
        .iter()
        .map(|message| str::from_utf8(&message.bytes).unwrap())
        .collect()
}

#[tokio::test]
async fn what_waits_is_read_in_order_until_it_is_done() {
    let (folder, maildir) = made();
    put(&folder, "1776164712.M2P1.host", b"two");
    put(&folder, "1776164711.M1P1.host", b"one");
    let waiting = maildir.waiting().await.unwrap();
    assert_eq!(texts(&waiting), ["one", "two"]);
    assert_eq!(maildir.waiting().await.unwrap(), waiting);
    maildir.done(&waiting[0]).await.unwrap();
    assert_eq!(texts(&maildir.waiting().await.unwrap()), ["two"]);
    assert_eq!(
        names(&folder.path().join("cur")),
        ["1776164711.M1P1.host:2,S"]
    );
    // Another instance was first.
    maildir.done(&waiting[0]).await.unwrap();
}

#[tokio::test]
async fn many_come_a_few_at_a_time_the_oldest_first() {
    let (folder, maildir) = made();
    for number in (0..45).rev() {
        put(
            &folder,
            &format!("{number:03}"),
            format!("{number}").as_bytes(),
        );
    }
    let mut seen = Vec::new();
    loop {
        let waiting = maildir.waiting().await.unwrap();
        if waiting.is_empty() {
            break;
        }
        assert!(waiting.len() <= 20);
        seen.extend(texts(&waiting).into_iter().map(str::to_owned));
        for message in &waiting {
            maildir.done(message).await.unwrap();
        }
    }
    let expected: Vec<String> = (0..45).map(|number| number.to_string()).collect();
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn what_is_too_large_goes_aside_unread() {
    let (folder, maildir) = made();
    put(&folder, "1", &vec![b'x'; MAX_INCOMING + 1]);
    put(&folder, "2", &vec![b'x'; MAX_INCOMING]);
    let waiting = maildir.waiting().await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].bytes.len(), MAX_INCOMING);
    assert_eq!(names(&folder.path().join("new")), ["2"]);
    assert_eq!(names(&folder.path().join("too-large")), ["1"]);
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_no_file_is_left_alone() {
    let (folder, maildir) = made();
    fs::create_dir(folder.path().join("new/folder")).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", folder.path().join("new/link")).unwrap();
    assert!(maildir.waiting().await.unwrap().is_empty());
    assert_eq!(names(&folder.path().join("new")), ["folder", "link"]);
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let problem = Maildir::new(folder.path()).waiting().await.unwrap_err();
    let new = folder.path().join("new").display().to_string();
    assert!(problem.to_string().starts_with(&new), "{problem}");
}
