//! Ranks offers for a request and says why; pure.
