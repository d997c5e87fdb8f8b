//! Black-box tests: the real program, over HTTP, SMTP, files and exit codes.
//!
//! Each test starts its own server on its own database and mailbox; none waits a fixed time, none needs another.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "what a test expects and does not find should fail it"
)]

/// The server under test, its mailbox, a client, and the people who use it.
mod support;

/// Who may do what: every operation, for every role.
mod access;
/// What integrators expect of any API: methods, kinds of content, headers, other sites, traces.
mod api_craft;
/// What always holds of the repository itself.
mod architecture;
/// Backups made while a server works, and databases made from them.
mod backups;
/// Posts that open, change and close all the time, on one server and on two.
mod churn;
/// What is typed on the command line: the demo, settings, members, and a server that stops.
mod command_line;
/// `openapi.yaml` against the routes and the real answers.
mod contract;
/// Coordinators of some regions: what lies elsewhere is not theirs to see or to change.
mod coordination;
/// docs/api.md: its walk, run as it stands there.
mod curl_walk;
/// What docs/deploy.md gives people to copy.
mod deploy;
/// The design rules of Dutch government APIs, on `openapi.yaml`.
mod design_rules;
/// A weekly letter to 500 followers over 2,000 posts: everything right, once, also when the program is killed.
mod digests;
/// What goes wrong is said well: every error is a problem document, also for what nobody foresaw.
mod errors;
/// `/feeds/…`: the public lists for feed readers.
mod feeds;
/// Bearer tokens that somebody else made: each is refused, all in the same words.
mod forgeries;
/// What is sent twice under one key is done once.
mod idempotency;
/// Files that come in and go out: `samenspel import` and `samenspel export`.
mod import_export;
/// The main job: two organisations, one request, one offer, consents by mail, one introduction.
mod introductions;
/// What is logged, and what never is.
mod logs;
/// The pages behind the links in letters: looking changes nothing, a button acts.
mod mailed_links;
/// Match runs: what a full rematch looked at is kept, so that it can be done again and signed off.
mod match_runs;
/// Somebody's own data: read and changed by themselves.
mod me;
/// Who acts for an organisation: seen by its own members, who invite more.
mod members;
/// `/metrics`: figures for Prometheus, and who may read them.
mod metrics;
/// Offers: placed, listed, read, changed, and their lives steered.
mod near_duplicates;
mod offers;
/// Organisations: they register, are verified or refused, and are kept right.
mod organisations;
/// Letters on the way: refused, delayed, without a relay, and after a crash.
mod outbox;
/// The pages, as a browser and a person get them.
mod pages;
/// `samenspel rank`: the engine on files, against what a coordinator expects of the examples.
mod ranking;
/// Reports: every figure against what was done, in three forms, and rounded for outsiders.
mod reports;
/// Requests: placed, listed, read, changed, and their lives steered.
mod requests;
/// Mail that comes back: bounces and complaints stop letters, forged ones do nothing.
mod returned_mail;
/// The review dial: how much coordinators review in each region, and the letters about what waits for them there.
mod review_dial;
/// Review at few hours a week: what is worth most first, claims, many at once.
mod reviews;
/// Logging in by mail, staying in, and logging out; and what strangers do not learn of who is known.
mod sessions;
/// Many answers at one moment.
mod simultaneous;
/// What members follow: made and steered by themselves, told once, ended by a link.
mod subscriptions;
/// What a post is about: `POST /v1/suggestions` and `samenspel suggest`.
mod suggestions;
/// An initiative, a partner and a coordinator over HTTP and SMTP only, and every figure of the reports on what they did.
mod three_roles;
/// A relay that misbehaves and a disk that loses its power, for a short time.
mod torture;
/// Weights fitted on judged pairs: `samenspel tune`.
mod tuning;
