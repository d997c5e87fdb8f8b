//! Enumerations that travel as a code: states, kinds, reasons.

/// Makes an enumeration whose values have one code each, for the wire, for files and for rows.
///
/// Takes the documentation and name, the field a wrong value is reported under, and the values with their codes.
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident in $field:literal { $($(#[$about:meta])* $value:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum $name {
            $($(#[$about])* $value,)+
        }

        impl $name {
            /// Every value, in the order above.
            pub const ALL: &'static [Self] = &[$(Self::$value,)+];

            /// The code on the wire, in files and in rows.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$value => $code,)+
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::invalid::Invalid;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL
                    .iter()
                    .copied()
                    .find(|known| known.code() == text.trim())
                    .ok_or_else(|| {
                        $crate::dutch::problems::unknown_choice($field, text, &[$($code,)+])
                    })
            }
        }

        $crate::ids::as_text!($name, |this| this.code());
    };
}
pub(crate) use codes;
