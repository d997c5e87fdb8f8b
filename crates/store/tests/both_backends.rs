//! Every query on SQLite and on PostgreSQL: the same answers on both.
//!
//! SQLite is always tested, PostgreSQL when `TEST_POSTGRES_URL` names a server where databases may be made. Each test
//! has a database of its own on each of them, dropped at the end.

#[cfg(test)]
mod both_backends {
    // What every test stands on: an empty database on each backend, what is stored in it, and the values to store.
    #[path = "../../../../tests/support/fresh.rs"]
    mod fresh;
    mod kept;
    mod market;

    // The tables are the same on both, and a database opens or says why not.
    mod opening;
    mod privacy;
    mod tables;

    // Transactions: all or nothing, durable, also when many write at once and some fail or panic.
    mod writing;

    // Who takes part, and what happened to them.
    mod history;
    mod members;
    mod organisations;
    mod sessions;

    // Requests and offers: what each keeps, what they share, who sees them, how lists are narrowed and walked.
    mod capacity;
    mod filters;
    mod offers;
    mod pages;
    mod posts;
    mod requests;
    mod viewers;

    // How posts meet, and how every process hears of what another changed.
    mod changes;
    mod matches;

    // What members follow, and what they were told.
    mod subscriptions;

    // The outbox: letters, who delivers them, what comes of it; and the links in them.
    mod claims;
    mod deliveries;
    mod letters;
    mod links;
}
