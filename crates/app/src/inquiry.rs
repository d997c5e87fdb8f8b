//! Asks the relay whether it has a letter, through a command of whoever runs the product: each relay keeps its log
//! elsewhere.

use std::process::Stdio;
use std::time::Duration;

use domain::email_address::EmailAddress;
use tokio::process::Command;
use tokio::time::timeout;

/// How long the command may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// The exit codes that count. The second is far from what a broken script answers, because it leads to a second copy.
const TAKEN: i32 = 0;
const MISSING: i32 = 100;

/// What the relay says of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    /// It took the letter.
    Taken,
    /// It never took it, and will not.
    Missing,
    /// It cannot tell.
    None,
}

/// Runs `command` with the Message-ID and the address after its own arguments: exit code 0 means taken, 100 not taken,
/// anything else that nobody knows.
pub(crate) async fn ask(command: &[String], mime: &[u8], recipient: &EmailAddress) -> Word {
    let (Some((program, arguments)), Some(message_id)) = (command.split_first(), message_id(mime))
    else {
        return Word::None;
    };
    let asked = Command::new(program)
        .args(arguments)
        .arg(message_id)
        .arg(recipient.as_str())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .status();
    match timeout(PATIENCE, asked).await {
        Ok(Ok(status)) => match status.code() {
            Some(TAKEN) => Word::Taken,
            Some(MISSING) => Word::Missing,
            code => {
                tracing::warn!(code, "the command that asks the relay cannot tell");
                Word::None
            }
        },
        Ok(Err(error)) => {
            tracing::error!(%error, "the command that asks the relay does not start");
            Word::None
        }
        Err(_elapsed) => {
            tracing::warn!("the command that asks the relay took too long");
            Word::None
        }
    }
}

/// The Message-ID in a frozen letter, with its angle brackets.
fn message_id(mime: &[u8]) -> Option<&str> {
    let text = str::from_utf8(mime).ok()?;
    let (head, _) = text.split_once("\r\n\r\n")?;
    head.split("\r\n")
        .find_map(|line| line.strip_prefix("Message-ID: "))
        .map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LETTER: &[u8] =
        b"From: a@b.example\r\nMessage-ID: <let_1@samenspel.example>\r\n\r\nMessage-ID: <no>\r\n";

    async fn said(command: &[&str]) -> Word {
        let command: Vec<String> = command.iter().map(|&word| word.to_owned()).collect();
        ask(&command, LETTER, &"ria@heeze.example".parse().unwrap()).await
    }

    async fn answer(script: &str) -> Word {
        said(&["sh", "-c", script, "ask"]).await
    }

    #[tokio::test]
    async fn only_the_two_agreed_codes_count() {
        assert_eq!(answer("exit 0").await, Word::Taken);
        assert_eq!(answer("exit 100").await, Word::Missing);
        for other in ["exit 1", "exit 2", "exit 127", "kill -9 $$"] {
            assert_eq!(answer(other).await, Word::None, "{other}");
        }
        assert_eq!(said(&["/no/such/command"]).await, Word::None);
    }

    #[tokio::test]
    async fn it_is_asked_by_message_id_and_address() {
        let script =
            "test \"$1 $2\" = '<let_1@samenspel.example> ria@heeze.example' && exit 100; exit 1";
        assert_eq!(answer(script).await, Word::Missing);
    }
}
