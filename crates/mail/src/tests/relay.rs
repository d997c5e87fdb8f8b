//! A relay on this machine that follows a script: well-behaved but where the script says otherwise.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Where in the conversation the relay is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    Connected,
    Ehlo,
    Auth,
    Mail,
    Rcpt,
    Data,
    Content,
    Quit,
}

/// What it does instead of answering well.
#[derive(Debug, Clone, Copy)]
pub(super) enum Act {
    /// Says this line, and goes on.
    Say(&'static str),
    /// Says nothing more, and waits until the client goes.
    Hush,
    /// Closes the connection.
    Drop,
}

/// What reached the relay.
#[derive(Debug, Default, Clone)]
pub(super) struct Seen {
    pub(super) connections: usize,
    pub(super) commands: Vec<String>,
    pub(super) contents: Vec<String>,
}

pub(super) struct Relay {
    pub(super) port: u16,
    seen: Arc<Mutex<Seen>>,
}

impl Relay {
    /// Starts it; each entry of `script` is used once, in the order given for its moment.
    pub(super) async fn start(script: &[(Moment, Act)]) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let mut talk = Talk {
            script: script.to_vec(),
            seen: Arc::clone(&seen),
        };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                talk.with(stream).await;
            }
        });
        Self { port, seen }
    }

    pub(super) fn seen(&self) -> Seen {
        self.seen.lock().unwrap().clone()
    }
}

struct Talk {
    script: Vec<(Moment, Act)>,
    seen: Arc<Mutex<Seen>>,
}

impl Talk {
    async fn with(&mut self, stream: TcpStream) {
        self.seen.lock().unwrap().connections += 1;
        let mut stream = BufReader::new(stream);
        let mut moment = Moment::Connected;
        while self.answer(&mut stream, moment).await {
            let heard = if moment == Moment::Data {
                read_content(&mut stream).await
            } else {
                read_line(&mut stream).await
            };
            let Some(heard) = heard else { return };
            let mut seen = self.seen.lock().unwrap();
            if moment == Moment::Data {
                seen.contents.push(heard);
                moment = Moment::Content;
            } else {
                moment = moment_of(&heard);
                seen.commands.push(heard);
            }
        }
    }

    /// Answers, and tells whether the conversation goes on.
    async fn answer(&mut self, stream: &mut BufReader<TcpStream>, moment: Moment) -> bool {
        let planned = self.script.iter().position(|(when, _)| *when == moment);
        let act = planned.map_or(Act::Say(usual(moment)), |place| self.script.remove(place).1);
        match act {
            Act::Say(words) => {
                let line = format!("{words}\r\n");
                stream.write_all(line.as_bytes()).await.is_ok() && moment != Moment::Quit
            }
            Act::Hush => {
                let mut rest = Vec::new();
                stream.read_to_end(&mut rest).await.ok();
                false
            }
            Act::Drop => false,
        }
    }
}

fn usual(moment: Moment) -> &'static str {
    match moment {
        Moment::Connected => "220 relay.example ESMTP",
        Moment::Ehlo => "250-relay.example\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME",
        Moment::Auth => "235 2.7.0 welcome",
        Moment::Mail | Moment::Rcpt => "250 2.1.0 ok",
        Moment::Data => "354 go on",
        Moment::Content => "250-2.0.0 taken\r\n250 2.0.0 as 4711",
        Moment::Quit => "221 bye",
    }
}

fn moment_of(command: &str) -> Moment {
    match command.get(..4).unwrap_or_default() {
        "EHLO" => Moment::Ehlo,
        "AUTH" => Moment::Auth,
        "MAIL" => Moment::Mail,
        "RCPT" => Moment::Rcpt,
        "DATA" => Moment::Data,
        "QUIT" => Moment::Quit,
        _ => panic!("the client said {command:?}"),
    }
}

async fn read_line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    match stream.read_line(&mut line).await {
        Ok(length) if length > 0 => Some(line.trim_end().to_owned()),
        _ => None,
    }
}

/// The content up to the lone dot, with the doubled dots made single again (RFC 5321 §4.5.2).
async fn read_content(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut content = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if line == ".\r\n" {
            return Some(content);
        }
        content.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
