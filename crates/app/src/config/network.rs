//! Which addresses are near: on this machine, or on a network that is not the internet.

use std::net::IpAddr;

/// Ends of names that only a network of one's own gives out (RFC 6761, RFC 6762, RFC 8375, and `.internal`).
const NEAR_NAMES: [&str; 5] = [".localhost", ".local", ".home.arpa", ".internal", ".lan"];

/// Ends of names that belong to nobody (RFC 2606).
const NOBODYS_NAMES: [&str; 7] = [
    ".example",
    ".test",
    ".invalid",
    ".localhost",
    ".example.com",
    ".example.net",
    ".example.org",
];

/// Whether an address is on this machine or on a private network (RFC 1918, RFC 3927, RFC 4193).
pub fn is_near(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(four) => four.is_loopback() || four.is_private() || four.is_link_local(),
        IpAddr::V6(six) => {
            six.is_loopback() || six.is_unique_local() || six.is_unicast_link_local()
        }
    }
}

/// Whether a host is near by its address, or by a name that the internet cannot know, such as that of a container.
pub(super) fn is_near_host(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']).to_ascii_lowercase();
    match host.parse() {
        Ok(address) => is_near(address),
        Err(_a_name) => !host.contains('.') || NEAR_NAMES.iter().any(|end| host.ends_with(end)),
    }
}

/// Whether a name is one that stands in examples, and reaches nobody.
pub(super) fn is_nobodys(host: &str) -> bool {
    let whole = format!(".{}", host.to_ascii_lowercase());
    NOBODYS_NAMES.iter().any(|end| whole.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_is_told_from_the_internet() {
        for near in [
            "127.0.0.1",
            "localhost",
            "::1",
            "[::1]",
            "10.1.2.3",
            "172.16.0.9",
            "192.168.1.1",
            "169.254.1.1",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
            "mailsink",
            "relay.internal",
        ] {
            assert!(is_near_host(near), "{near}");
        }
        for far in [
            "8.8.8.8",
            "172.32.0.1",
            "2001:db8::1",
            "::ffff:8.8.8.8",
            "0.0.0.0",
            "smtp.relay.nl",
            "internal.relay.nl",
        ] {
            assert!(!is_near_host(far), "{far}");
        }
    }

    #[test]
    fn names_of_examples_reach_nobody() {
        for nobodys in [
            "samenspel.example",
            "EXAMPLE.org",
            "post.example.com",
            "x.test",
        ] {
            assert!(is_nobodys(nobodys), "{nobodys}");
        }
        for real in ["samenspel.nl", "example.nl", "myexample.com"] {
            assert!(!is_nobodys(real), "{real}");
        }
    }
}
