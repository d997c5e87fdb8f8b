//! Ids that say what they are: `req_…`, `off_…`; made here, in order of time, so no database has to.

use chrono::{DateTime, Utc};
use uuid::{NoContext, Timestamp, Uuid};

use crate::dutch::problems;
use crate::invalid::Invalid;

/// Gives a type that has one text form its `Display`, `Debug` and the conversions serde uses.
macro_rules! as_text {
    ($name:ty, |$this:ident| $text:expr) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let $this = self;
                out.write_str(AsRef::<str>::as_ref(&$text))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, out)
            }
        }

        impl From<$name> for String {
            fn from($this: $name) -> Self {
                Self::from(AsRef::<str>::as_ref(&$text))
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::invalid::Invalid;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }
    };
}
pub(crate) use as_text;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Uuid);

        impl $name {
            /// What every id of this kind starts with.
            pub const PREFIX: &'static str = $prefix;

            /// A new id; ids made later sort later.
            pub fn new(now: DateTime<Utc>) -> Self {
                Self(time_ordered(now))
            }
        }

        impl std::str::FromStr for $name {
            type Err = Invalid;

            fn from_str(text: &str) -> Result<Self, Invalid> {
                text.strip_prefix($prefix)
                    .filter(|rest| rest.len() == 32)
                    .and_then(|rest| Uuid::try_parse(rest).ok())
                    .map(Self)
                    .ok_or_else(|| problems::malformed_id(text, $prefix))
            }
        }

        as_text!($name, |this| format!("{}{}", $prefix, this.0.simple()));
    };
}

id!(
    /// An organisation.
    OrganisationId,
    "org_"
);
id!(
    /// A member of an organisation.
    MemberId,
    "mem_"
);
id!(
    /// A request (vraag).
    RequestId,
    "req_"
);
id!(
    /// An offer (aanbod).
    OfferId,
    "off_"
);
id!(
    /// A match of one request and one offer.
    MatchId,
    "mat_"
);
id!(
    /// A letter with its frozen bytes; also its Message-ID.
    LetterId,
    "let_"
);
id!(
    /// One letter on its way to one address.
    DeliveryId,
    "del_"
);
id!(
    /// A link sent by mail that lets its holder do one thing.
    LinkId,
    "lnk_"
);
id!(
    /// A session: from a login until it ends.
    SessionId,
    "ses_"
);
id!(
    /// A line of history.
    EventId,
    "his_"
);
id!(
    /// A subscription to what is new.
    SubscriptionId,
    "sub_"
);
id!(
    /// One full rematch.
    RunId,
    "run_"
);

/// Milliseconds of `now`, then randomness (UUID version 7, RFC 9562 §5.7); times before 1970 count as 1970.
fn time_ordered(now: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(
        NoContext,
        seconds,
        now.timestamp_subsec_nanos(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_refuses_another_kind() {
        let id = RequestId::new(DateTime::from_timestamp(1_000, 0).unwrap());
        assert_eq!(id.to_string().parse::<RequestId>().unwrap(), id);
        assert!(id.to_string().parse::<OfferId>().is_err());
        assert!("req_1".parse::<RequestId>().is_err());
    }

    #[test]
    fn ids_sort_by_the_time_they_were_made() {
        let early = DateTime::from_timestamp(1_000, 0).unwrap();
        let late = DateTime::from_timestamp(1_001, 0).unwrap();
        assert!(MatchId::new(early).to_string() < MatchId::new(late).to_string());
    }
}
