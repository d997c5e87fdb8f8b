//! Tests of letters and transports.
