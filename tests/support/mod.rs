//! What the tests stand on.

pub(crate) mod client;
pub(crate) mod database;
pub(crate) mod folder;
pub(crate) mod mailbox;
pub(crate) mod market;
pub(crate) mod node;
pub(crate) mod posts;
pub(crate) mod process;
pub(crate) mod python;
pub(crate) mod server;
pub(crate) mod sessions;

pub(crate) use client::{Answer, Client};
pub(crate) use database::{Database, on_each, on_each_server, on_postgres};
pub(crate) use folder::{Folder, Ran, example};
pub(crate) use mailbox::Mailbox;
pub(crate) use market::Market;
pub(crate) use process::{ended, signal, until};
pub(crate) use server::{ASKED_OFTEN, Server};
