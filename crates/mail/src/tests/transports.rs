//! Letters that go to files and to memory.

use std::fs;

use super::sample::{letter_id, parcel};
use crate::{Folder, MailBox, Phase, Transport, Verdict};

#[tokio::test]
async fn both_recipients_of_a_letter_share_one_file() {
    let directory = tempfile::tempdir().unwrap();
    let folder = directory.path().join("post");
    let transport = Transport::Files(Folder::new(&folder));
    for recipient in ["ria@heeze.example", "jan@orden.example"] {
        let receipt = transport.transmit(&parcel(recipient)).await.unwrap();
        assert!(receipt.text.ends_with(".eml"));
    }
    let names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(
        names,
        [format!("20260414T110509-introduction-{}.eml", letter_id())]
    );
    assert_eq!(
        fs::read(folder.join(&names[0])).unwrap(),
        parcel("ria@heeze.example").mime
    );
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_to_holds_up_the_queue_and_loses_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let taken = directory.path().join("post");
    fs::write(&taken, "a file").unwrap();
    let transport = Transport::Files(Folder::new(&taken));
    let failure = transport
        .transmit(&parcel("ria@heeze.example"))
        .await
        .unwrap_err();
    assert_eq!(
        (failure.phase, failure.verdict),
        (Phase::Content, Verdict::RelayDown)
    );
    assert_eq!(fs::read_to_string(&taken).unwrap(), "a file");
}

#[tokio::test]
async fn memory_keeps_what_was_sent_and_not_what_was_only_offered() {
    let mailbox = MailBox::default();
    let transport = Transport::Memory(mailbox.clone());
    let (ria, jan) = (parcel("ria@heeze.example"), parcel("jan@orden.example"));
    let session = transport.open_session().await.unwrap();
    let (_, session) = session.offer(&ria).await.unwrap().content().await.unwrap();
    drop(session.offer(&jan).await.unwrap());
    assert_eq!(mailbox.parcels(), [ria]);
}
