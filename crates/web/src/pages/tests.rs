//! How pages look.
