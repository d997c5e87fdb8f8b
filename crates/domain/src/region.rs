//! Codes of Dutch areas: the country, a province, a COROP region, a municipality. Which of them exist, what they are
//! called and where they lie is known by the `regions` crate.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::dutch::problems;
use crate::ids::as_text;
use crate::invalid::Invalid;

/// The code of a municipality in the national register, such as `GM0344` for Utrecht.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Municipality(u16);

impl Municipality {
    /// The municipality with this number in the national register.
    pub const fn from_number(number: u16) -> Self {
        Self(number)
    }

    /// The number in the national register.
    pub const fn number(self) -> u16 {
        self.0
    }
}

impl FromStr for Municipality {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text.parse()? {
            Region::Municipality(code) => Ok(code),
            _ => Err(problems::malformed_region(text).at("municipality")),
        }
    }
}

as_text!(Municipality, |this| format!("GM{:04}", this.0));

/// An area an offer can reach.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Region {
    /// The whole country, `NL`.
    Netherlands,
    /// A province, `PV20` to `PV31`.
    Province(u8),
    /// A COROP region, `CR01` to `CR40`: several municipalities around a town, the level between municipality and province.
    Corop(u8),
    /// A municipality, such as `GM0344`.
    Municipality(Municipality),
}

impl FromStr for Region {
    type Err = Invalid;

    /// Reads a code; only its form is checked here.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let code = text.trim().to_ascii_uppercase();
        let number = |prefix: &str, digits: usize| -> Option<u16> {
            let rest = code.strip_prefix(prefix)?;
            (rest.len() == digits && rest.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| rest.parse().ok())
                .flatten()
        };
        let small = |prefix: &str| number(prefix, 2).and_then(|number| u8::try_from(number).ok());
        if code == "NL" {
            return Ok(Self::Netherlands);
        }
        small("PV")
            .map(Self::Province)
            .or_else(|| small("CR").map(Self::Corop))
            .or_else(|| number("GM", 4).map(|found| Self::Municipality(Municipality(found))))
            .ok_or_else(|| problems::malformed_region(text))
    }
}

as_text!(Region, |this| match this {
    Region::Netherlands => "NL".to_owned(),
    Region::Province(number) => format!("PV{number:02}"),
    Region::Corop(number) => format!("CR{number:02}"),
    Region::Municipality(code) => code.to_string(),
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_read_back() {
        for code in ["NL", "PV26", "CR07", "GM0344"] {
            assert_eq!(code.parse::<Region>().unwrap().to_string(), code);
        }
        assert_eq!("gm0344".parse::<Municipality>().unwrap().number(), 344);
    }

    #[test]
    fn other_text_is_refused() {
        for text in ["", "GM344", "PV", "Utrecht", "GM03440", "CR+1"] {
            assert!(text.parse::<Region>().is_err(), "{text}");
        }
        assert!("PV26".parse::<Municipality>().is_err());
    }
}
