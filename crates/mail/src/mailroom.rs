//! The two ways in for mail that comes back: a Maildir that a mail server fills, or an SMTP listener of our own.

mod conversation;
mod listener;
mod maildir;

pub use listener::{Listener, ListenerDeadlines, Taken};
pub use maildir::{Maildir, MaildirMessage};
