//! What the tests stand on.

pub(crate) mod client;
pub(crate) mod database;
pub(crate) mod mailbox;
pub(crate) mod market;
pub(crate) mod server;

pub(crate) use client::{Answer, Client};
pub(crate) use database::{Database, on_each};
pub(crate) use mailbox::Mailbox;
pub(crate) use market::Market;
pub(crate) use server::Server;
