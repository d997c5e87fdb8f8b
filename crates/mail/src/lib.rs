//! Turns a letter into an e-mail and hands it to a transport.
