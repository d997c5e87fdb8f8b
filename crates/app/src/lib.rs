//! What the product does: one function per thing a person can do, with its jobs, settings and tokens.
