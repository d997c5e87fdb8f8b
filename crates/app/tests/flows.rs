//! What people do with the product, from their first letter to the outcome, on SQLite and on PostgreSQL.
//!
//! SQLite is always tested, PostgreSQL when `TEST_POSTGRES_URL` names a server where databases may be made. Each test
//! has a database and a folder of letters of its own on each of them. Time is moved by hand, and links are taken from
//! the letters that were written.

#[cfg(test)]
mod flows {
    // What every test stands on: an empty database on each backend, a town that uses the product, its letters, and
    // everything that is stored.
    mod dump;
    #[path = "../../../../tests/support/fresh.rs"]
    mod fresh;
    mod letters;
    mod town;

    // People and organisations come in, and each may do what is theirs.
    mod registrations;
    mod roles;

    // Posts: what happens to them, and how they end.
    mod expiries;
    mod post_links;
    mod posts;

    // Matches: from a proposal to an introduction, and every way out of it.
    mod consents;
    mod ends;
    mod fits;
    mod proposals;
    mod reviews;
    mod standing;

    // Several processes on one database.
    mod following;

    // Many at once: capacity holds, nothing waits for ever, nobody gets a letter twice.
    mod capacity;
    mod races;

    // What came of it, and what that says of the fit.
    mod judgments;
    mod outcomes;

    // Files of posts, all or nothing.
    mod imports;

    // Letters on their way.
    mod outbox;

    // Everything together, over time.
    mod exits;
    mod half_year;
    mod random_markets;
    mod year;
}
