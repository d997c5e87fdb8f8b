//! What senders may do to the listener, and what they may not.

mod harm;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::{Listener, ListenerDeadlines, Taken};

const PATH: &str = "bounce+019d8b4c5a7070008000000000000001@samenspel.example";
const LONG: Duration = Duration::from_secs(30);
const SHORT: Duration = Duration::from_millis(200);

/// Patient everywhere, so that a busy machine changes nothing.
const PATIENT: ListenerDeadlines = ListenerDeadlines {
    command: LONG,
    content: LONG,
    storing: LONG,
    connection: LONG,
};

type Letters = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

/// A listener that runs, and what it was handed.
struct Room {
    address: SocketAddr,
    taken: Letters,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

impl Room {
    async fn open() -> Self {
        Self::with(PATIENT, |_| async { Taken::Stored }).await
    }

    /// One whose storing ends as `store` says for each content.
    async fn with<Fut>(
        deadlines: ListenerDeadlines,
        store: impl Fn(Vec<u8>) -> Fut + Clone + Send + Sync + 'static,
    ) -> Self
    where
        Fut: Future<Output = Taken> + Send + 'static,
    {
        let base = "bounce@samenspel.example".parse().unwrap();
        let anywhere = (Ipv4Addr::LOCALHOST, 0).into();
        let listener = Listener::bind(anywhere, base, "samenspel.example")
            .await
            .unwrap()
            .with_deadlines(deadlines);
        let address = listener.local_addr().unwrap();
        let taken = Letters::default();
        let letters = Arc::clone(&taken);
        let take = move |recipient: String, content: Vec<u8>| {
            letters.lock().unwrap().push((recipient, content.clone()));
            store(content)
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let ended = tokio::spawn(listener.serve(take, async {
            stopped.await.ok();
        }));
        Self {
            address,
            taken,
            stop,
            ended,
        }
    }

    /// Says all of it at once, goes, and gives what was answered.
    async fn hear(&self, said: impl AsRef<[u8]>) -> String {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let (mut replies, mut words) = stream.into_split();
        let said = said.as_ref().to_vec();
        let saying = tokio::spawn(async move {
            // The listener may hang up before the end, which is what some of these tests want.
            words.write_all(&said).await.ok();
            words.shutdown().await.ok();
        });
        let mut heard = Vec::new();
        let reading = timeout(LONG, replies.read_to_end(&mut heard));
        reading.await.unwrap().ok();
        saying.await.unwrap();
        String::from_utf8(heard).unwrap()
    }

    /// The reply codes to it, after the greeting.
    async fn codes(&self, said: impl AsRef<[u8]>) -> String {
        let heard = self.hear(said).await;
        let codes: Vec<&str> = heard
            .lines()
            .filter(|line| line.get(3..4) == Some(" "))
            .filter_map(|line| line.get(..3))
            .collect();
        assert_eq!(codes.first(), Some(&"220"), "{heard}");
        codes[1..].join(" ")
    }

    fn taken(&self) -> Vec<(String, Vec<u8>)> {
        self.taken.lock().unwrap().clone()
    }
}

/// Everything before the content.
fn start() -> String {
    format!("EHLO mx\r\nMAIL FROM:<>\r\nRCPT TO:<{PATH}>\r\nDATA\r\n")
}

#[tokio::test]
async fn a_message_is_handed_over_whole_and_once() {
    let room = Room::open().await;
    let content = "Subject: x\r\n\r\nEen regel.\r\n..\r\n.. twee\r\n.drie\r\n";
    let said = format!("{}{content}.\r\nQUIT\r\n", start());
    assert_eq!(room.codes(&said).await, "250 250 250 354 250 221");
    let expected = "Subject: x\r\n\r\nEen regel.\r\n.\r\n. twee\r\ndrie\r\n";
    assert_eq!(
        room.taken(),
        [(PATH.to_owned(), expected.as_bytes().to_vec())]
    );
}

#[tokio::test]
async fn a_connection_carries_more_messages_and_each_is_judged() {
    let room = Room::with(PATIENT, |content| async move {
        if content.starts_with(b"no") {
            Taken::NotNow
        } else {
            Taken::Stored
        }
    })
    .await;
    let next = start().replace("EHLO mx\r\n", "");
    let said = format!(
        "{}no\r\n.\r\n{next}yes\r\n.\r\nRSET\r\nNOOP\r\nVRFY x\r\nQUIT\r\n",
        start()
    );
    let expected = "250 250 250 354 451 250 250 354 250 250 250 252 221";
    assert_eq!(room.codes(said).await, expected);
    assert_eq!(room.taken().len(), 2);
}

#[tokio::test]
async fn only_the_return_path_is_taken_and_nothing_is_sent_on() {
    let room = Room::open().await;
    let to = |address: &str| {
        format!("EHLO mx\r\nMAIL FROM:<x@y.example>\r\nRCPT TO:<{address}>\r\nDATA\r\n")
    };
    for ours in [
        PATH,
        "bounce@samenspel.example",
        "Bounce@Samenspel.Example",
        "BOUNCE+019D8B4C5A7070008000000000000001@SAMENSPEL.EXAMPLE",
    ] {
        assert_eq!(room.codes(to(ours)).await, "250 250 250 354", "{ours}");
    }
    for other in [
        "",
        "post@samenspel.example",
        "ria@heeze.example",
        "bounce+x@samenspel.example",
        "bounce+019d8b4c5a7070008000000000000001@elders.example",
        "@elders.example:bounce@samenspel.example",
        "ria%heeze.example@samenspel.example",
        "bounce@samenspel.example@elders.example",
        "\"bounce@samenspel.example\"@elders.example",
    ] {
        assert_eq!(room.codes(to(other)).await, "250 250 550 503", "{other}");
    }
    assert!(room.taken().is_empty());
}

/// What is said, and the codes of the replies.
const CONVERSATIONS: [(&str, &str); 22] = [
    ("MAIL FROM:<>\r\nRCPT TO:<x>\r\nDATA\r\n", "503 503 503"),
    (
        "HELO mx\r\nDATA\r\nRCPT TO:<bounce@samenspel.example>\r\n",
        "250 503 503",
    ),
    (
        "EHLO mx\r\nMAIL FROM:<>\r\nMAIL FROM:<>\r\nDATA\r\n",
        "250 250 503 503",
    ),
    (
        "EHLO mx\r\nMAIL FROM:<>\r\nRSET\r\nRCPT TO:<bounce@samenspel.example>\r\n",
        "250 250 250 503",
    ),
    (
        "EHLO mx\r\nMAIL FROM:<>\r\nEHLO mx\r\nRCPT TO:<bounce@samenspel.example>\r\n",
        "250 250 250 503",
    ),
    ("RSET\r\nMAIL FROM:<>\r\n", "250 503"),
    (
        "ehlo mx\r\nmail from:<>\r\nrcpt to:<bounce@samenspel.example>\r\ndata\r\n",
        "250 250 250 354",
    ),
    (
        "EHLO mx\r\nMAIL FROM: <a@b.example>\r\nRCPT TO: <bounce@samenspel.example>\r\n",
        "250 250 250",
    ),
    (
        "EHLO mx\r\nMAIL FROM:<a@b.example> BODY=8BITMIME SIZE=2000\r\n",
        "250 250",
    ),
    (
        "EHLO mx\r\nMAIL FROM:<> SIZE=1048577\r\nMAIL FROM:<> SIZE=x\r\n",
        "250 552 552",
    ),
    (
        "EHLO mx\r\nMAIL FROM:<> SMTPUTF8\r\nMAIL FROM:<> AUTH=<>\r\n",
        "250 555 555",
    ),
    (
        "EHLO mx\r\nMAIL FROM:\r\nMAIL FROM:x\r\nMAIL FROM:<x\r\nMAIL TO:<x>\r\nMAIL\r\n",
        "250 501 501 501 501 501",
    ),
    ("EHLO mx\r\nMAIL FROM:<>x\r\n", "250 501"),
    (
        "EHLO mx\r\nMAIL FROM:<>\r\nRCPT TO:<bounce@samenspel.example> NOTIFY=NEVER\r\n",
        "250 250 555",
    ),
    (
        "EHLO mx\r\nMAIL FROM:<>\r\nRCPT TO:<bounce@samenspel.example>\r\nRCPT TO:<bounce@samenspel.example>\r\nDATA\r\n",
        "250 250 250 452 354",
    ),
    (
        "EHLO mx\r\nMAIL FROM:<>\r\nRCPT TO:<bounce@samenspel.example>\r\nDATA now\r\n",
        "250 250 250 502",
    ),
    (
        "AUTH PLAIN AHgAeA==\r\nSTARTTLS\r\nBDAT 3 LAST\r\nETRN x\r\n\r\n",
        "502 502 502 502 502",
    ),
    ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", "502 502 502"),
    ("EHLO\nMAIL FROM:<>\r\n", "521"),
    ("EHLO \r mx\r\n", "521"),
    ("EHLO mx\r\n\u{e9}\r\nNOOP\r\n", "250 502 250"),
    (
        "a\r\nb\r\nc\r\nd\r\ne\r\nf\r\ng\r\nh\r\ni\r\nj\r\nNOOP\r\n",
        "502 502 502 502 502 502 502 502 502 421",
    ),
];

#[tokio::test]
async fn what_is_out_of_order_or_unknown_is_refused() {
    let room = Room::open().await;
    for (said, expected) in CONVERSATIONS {
        assert_eq!(room.codes(said).await, expected, "{said:?}");
    }
    assert_eq!(room.codes(b"EHLO \xff\r\nNOOP\r\n").await, "501");
    assert!(room.taken().is_empty());
}

#[tokio::test]
async fn what_is_not_stored_in_time_stays_with_the_sender() {
    let deadlines = ListenerDeadlines {
        storing: SHORT,
        ..PATIENT
    };
    let room = Room::with(deadlines, |_| std::future::pending()).await;
    let said = format!("{}x\r\n.\r\n", start());
    assert_eq!(room.codes(said).await, "250 250 250 354 451");
}

#[tokio::test]
async fn a_store_that_panics_says_nothing_and_ends_nobody_else() {
    let room = Room::with(PATIENT, |content| async move {
        assert!(!content.starts_with(b"bang"), "as the test wants");
        Taken::Stored
    })
    .await;
    let said = |text: &str| format!("{}{text}\r\n.\r\n", start());
    assert_eq!(room.codes(said("bang")).await, "250 250 250 354");
    assert_eq!(room.codes(said("x")).await, "250 250 250 354 250");
}

/// A connection, and the first line it hears.
async fn greeted(address: SocketAddr) -> (BufReader<TcpStream>, String) {
    let mut stream = BufReader::new(TcpStream::connect(address).await.unwrap());
    let mut line = String::new();
    timeout(LONG, stream.read_line(&mut line))
        .await
        .unwrap()
        .unwrap();
    (stream, line)
}

#[tokio::test]
async fn the_twenty_first_connection_comes_back_later() {
    let room = Room::open().await;
    let mut held = Vec::new();
    for _ in 0..20 {
        let (stream, line) = greeted(room.address).await;
        assert!(line.starts_with("220"), "{line}");
        held.push(stream);
    }
    let (_, line) = greeted(room.address).await;
    assert_eq!(line, "421 4.3.2 too many connections\r\n");
    held.pop();
    let finds_a_seat = async {
        while !greeted(room.address).await.1.starts_with("220") {
            tokio::task::yield_now().await;
        }
    };
    timeout(LONG, finds_a_seat).await.unwrap();
}

#[tokio::test]
async fn it_stops_when_it_is_told_to() {
    let room = Room::open().await;
    let (mut stream, _) = greeted(room.address).await;
    room.stop.send(()).unwrap();
    timeout(LONG, room.ended).await.unwrap().unwrap();
    let mut rest = Vec::new();
    timeout(LONG, stream.read_to_end(&mut rest))
        .await
        .unwrap()
        .ok();
    assert!(rest.is_empty());
    assert!(TcpStream::connect(room.address).await.is_err());
}

#[tokio::test]
async fn it_listens_on_this_machine_only() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:25"] {
        let base = "bounce@samenspel.example".parse().unwrap();
        let refusal = Listener::bind(address.parse().unwrap(), base, "x").await;
        assert!(refusal.unwrap_err().to_string().contains("127.0.0.1"));
    }
}
