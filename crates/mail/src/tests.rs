//! Tests of letters, their bytes and the ways they go.

mod frozen;
mod incoming;
mod listener;
mod maildir;
mod sample;
mod smtp;
mod transports;
mod verp;
mod words;
