//! Senders that mean harm, or are broken.

use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{LONG, PATH, PATIENT, Room, SHORT, start};
use crate::{ListenerDeadlines, MAX_INCOMING, Taken};

#[tokio::test]
async fn a_message_cannot_hide_another() {
    let room = Room::open().await;
    let second = format!("MAIL FROM:<>\r\nRCPT TO:<{PATH}>\r\nDATA\r\nforged\r\n.\r\n");
    for end in [
        "\n.\n",
        "\n.\r\n",
        "\r\n.\n",
        "\r.\r",
        "\r.\r\n",
        "\r\n.\r",
        "\r\r\n.\r\n",
        "\n\r\n.\r\n",
        "\r\n\r.\r\n",
        "\r\n.\r\r\n",
    ] {
        let said = format!("{}x{end}{second}", start());
        assert_eq!(room.codes(said).await, "250 250 250 354 521", "{end:?}");
        assert!(room.taken().is_empty(), "{end:?}");
    }
}

#[tokio::test]
async fn what_is_too_long_is_cut_off() {
    let room = Room::open().await;
    let codes = |said: String| room.codes(said);
    let line = |length: usize| format!("{}\r\n", "x".repeat(length - 2));
    assert_eq!(codes(format!("NOOP {}", line(995))).await, "250");
    assert_eq!(codes(format!("NOOP {}", line(996))).await, "500");
    let fits = format!("{}{}.\r\n", start(), line(1_000));
    assert_eq!(codes(fits).await, "250 250 250 354 250");
    let does_not = format!("{}{}.\r\n", start(), line(1_001));
    assert_eq!(codes(does_not).await, "250 250 250 354 500");
    let lines = MAX_INCOMING / 1_000;
    let rest = line(MAX_INCOMING % 1_000);
    let fits = format!("{}{}{rest}.\r\n", start(), line(1_000).repeat(lines));
    assert_eq!(codes(fits).await, "250 250 250 354 250");
    let does_not = format!("{}{}{rest}\r\n.\r\n", start(), line(1_000).repeat(lines));
    assert_eq!(codes(does_not).await, "250 250 250 354 552");
    let lengths: Vec<usize> = room.taken().iter().map(|(_, bytes)| bytes.len()).collect();
    assert_eq!(lengths, [1_000, MAX_INCOMING]);
}

#[tokio::test]
async fn what_never_ends_is_ended() {
    let room = Room::open().await;
    for endless in [
        "x".repeat(20 << 20),
        format!("{}{}", start(), "x".repeat(20 << 20)),
        format!("{}{}", start(), "een regel\r\n".repeat(2 << 20)),
        "NOOP\r\nFOUT\r\n".repeat(1 << 20),
    ] {
        // The reply may be lost where the connection is closed on who still sends; that it ends is what counts.
        room.hear(endless).await;
    }
    assert!(room.taken().is_empty());
}

#[tokio::test]
async fn who_goes_before_the_end_has_sent_nothing() {
    let room = Room::open().await;
    let whole = format!("{}Subject: x\r\n\r\ntext\r\n.\r\n", start());
    for length in 0..whole.len() {
        room.hear(whole.get(..length).unwrap()).await;
    }
    assert!(room.taken().is_empty());
    room.hear(whole).await;
    assert_eq!(room.taken().len(), 1);
}

#[tokio::test]
async fn who_says_nothing_is_sent_away() {
    let waits = |deadlines, said: String| async move {
        let room = Room::with(deadlines, |_| async { Taken::Stored }).await;
        let mut stream = TcpStream::connect(room.address).await.unwrap();
        stream.write_all(said.as_bytes()).await.unwrap();
        let mut heard = String::new();
        let reading = stream.read_to_string(&mut heard);
        timeout(LONG, reading).await.unwrap().unwrap();
        assert!(heard.ends_with("421 4.4.2 too slow\r\n"), "{heard}");
        assert!(room.taken().is_empty());
    };
    let command = ListenerDeadlines {
        command: SHORT,
        ..PATIENT
    };
    waits(command, String::new()).await;
    waits(command, "EHLO mx\r\nMAIL FR".to_owned()).await;
    let content = ListenerDeadlines {
        content: SHORT,
        ..PATIENT
    };
    waits(content, format!("{}Subject: x\r\n.", start())).await;
}

/// Pieces that make half sense.
fn words() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        "EHLO mx\r\n",
        "MAIL FROM:<>\r\n",
        "RCPT TO:<bounce@samenspel.example>\r\n",
        "DATA\r\n",
        "\r\n.\r\n",
        ".\r\n",
        "text\r\n",
        "..",
        "\n",
        "\r",
        "RSET\r\n",
        "QUIT\r\n",
        "\0",
        "é",
        "\r\n",
    ]);
    prop_oneof![
        6 => known.prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..20),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_said_it_ends_and_nothing_is_made_up(pieces in prop::collection::vec(words(), 0..40)) {
        let said = pieces.concat();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (heard, taken) = runtime.block_on(async {
            let room = Room::open().await;
            (room.hear(&said).await, room.taken())
        });
        let ends = said.windows(3).filter(|bytes| bytes == b".\r\n").count();
        prop_assert!(taken.len() <= ends);
        prop_assert_eq!(taken.len(), heard.matches("250 2.0.0 stored\r\n").count());
        for (recipient, content) in taken {
            prop_assert_eq!(recipient, "bounce@samenspel.example");
            let text = String::from_utf8_lossy(&content).replace("\r\n", "");
            prop_assert!(!text.contains(['\r', '\n']));
        }
    }
}
