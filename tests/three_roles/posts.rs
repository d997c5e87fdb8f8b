//! What is asked and offered in the script of the three roles. Each cluster has its own theme and kind of help, so that a
//! reader sees which request fits which offer.

use serde_json::{Value, json};

/// Whether something is asked or offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Request,
    Offer,
}

impl Kind {
    /// Its place in the addresses of the API.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Request => "/v1/requests",
            Self::Offer => "/v1/offers",
        }
    }
}

/// Where a request lies, or what an offer reaches.
#[derive(Debug)]
pub(super) struct Place {
    /// As it is written in the post.
    written: &'static [&'static str],
    /// Those of [`MUNICIPALITIES`] that this is or holds; the country for all of it.
    pub(super) holds: &'static [&'static str],
}

/// The municipalities of the script, with their province.
pub(super) const MUNICIPALITIES: [(&str, &str); 4] = [
    ("GM0200", "PV25"),
    ("GM0301", "PV25"),
    ("GM1507", "PV31"),
    ("GM0106", "PV22"),
];

/// What the areas of the figures are called.
pub(super) const AREA_NAMES: [(&str, &str); 4] = [
    ("PV25", "Gelderland"),
    ("PV31", "Limburg"),
    ("PV22", "Drenthe"),
    ("NL", "Nederland"),
];

/// The themes of the script, with their main theme.
pub(super) const THEMES: [(&str, &str); 10] = [
    ("ontmoeten", "ontmoeten"),
    ("dorpshuis", "ontmoeten"),
    ("buurttuin", "groen-en-voedsel"),
    ("wooncooperatie", "wonen"),
    ("wonen", "wonen"),
    ("dorpsvervoer", "mobiliteit-en-openbare-ruimte"),
    ("eenzaamheid", "zorg-en-welzijn"),
    ("muziek-en-theater", "kunst-en-cultuur"),
    ("energiebesparing", "energie-en-klimaat"),
    ("digitale-vaardigheden", "digitaal"),
];

const APELDOORN: Place = Place {
    written: &["Apeldoorn"],
    holds: &["GM0200"],
};
const ZUTPHEN: Place = Place {
    written: &["Zutphen"],
    holds: &["GM0301"],
};
const HORST: Place = Place {
    written: &["Horst aan de Maas"],
    holds: &["GM1507"],
};
const GELDERLAND: Place = Place {
    written: &["PV25"],
    holds: &["GM0200", "GM0301"],
};
const TWO_PROVINCES: Place = Place {
    written: &["PV31", "Gelderland"],
    holds: &["GM0200", "GM0301", "GM1507"],
};
const DRENTHE: Place = Place {
    written: &["Drenthe"],
    holds: &["GM0106"],
};
const COUNTRY: Place = Place {
    written: &["NL"],
    holds: &["NL"],
};

/// A request or an offer before it is placed.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) kind: Kind,
    /// Its name in the script too.
    pub(super) title: &'static str,
    pub(super) place: Place,
    pub(super) themes: &'static [&'static str],
    pub(super) phases: &'static [&'static str],
    pub(super) support: &'static [&'static str],
    /// Introductions an offer carries at once; 0 for a request.
    pub(super) capacity: usize,
}

const fn asks(
    title: &'static str,
    place: Place,
    themes: &'static [&'static str],
    phases: &'static [&'static str],
    support: &'static [&'static str],
) -> Draft {
    Draft {
        kind: Kind::Request,
        title,
        place,
        themes,
        phases,
        support,
        capacity: 0,
    }
}

impl Draft {
    const fn carries(self, capacity: usize) -> Self {
        Self {
            kind: Kind::Offer,
            capacity,
            ..self
        }
    }

    /// What is sent to place it.
    pub(super) fn fields(&self) -> Value {
        let title = self.title;
        let mut fields = json!({
            "title": title,
            "body": format!("{title}. Bel of schrijf ons gerust, wij vertellen er graag meer over."),
            "themes": self.themes,
            "support": self.support,
        });
        match self.kind {
            Kind::Request => {
                fields["place"] = json!(self.place.written[0]);
                fields["phase"] = json!(self.phases.first());
            }
            Kind::Offer => {
                fields["reach"] = json!(self.place.written);
                fields["phases"] = json!(self.phases);
                fields["capacity"] = json!(self.capacity);
            }
        }
        fields
    }
}

pub(super) const MEAL: Draft = asks(
    "Ruimte voor de wijkmaaltijd",
    APELDOORN,
    &["ontmoeten"],
    &["start"],
    &["ruimte"],
);
pub(super) const CHOIR: Draft = asks(
    "Zaal voor het buurtkoor",
    APELDOORN,
    &["ontmoeten"],
    &["groei"],
    &["ruimte"],
);
pub(super) const GARDEN: Draft = asks(
    "Compost en raad voor de moestuin",
    APELDOORN,
    &["buurttuin"],
    &["groei"],
    &["kennis", "materiaal"],
);
pub(super) const STATUTES: Draft = asks(
    "Hulp bij onze statuten",
    ZUTPHEN,
    &["wooncooperatie"],
    &["idee"],
    &["juridisch"],
);
pub(super) const DRIVERS: Draft = asks(
    "Chauffeurs voor de dorpsbus",
    HORST,
    &["dorpsvervoer"],
    &["groei"],
    &["mensen"],
);
pub(super) const COFFEE: Draft = asks(
    "Geld voor de koffieochtend",
    HORST,
    &["eenzaamheid"],
    &["start"],
    &["geld"],
);
/// Nobody answers it; it stands in four places of the gaps.
pub(super) const BAND: Draft = asks(
    "Bekend worden met onze fanfare",
    HORST,
    &["muziek-en-theater", "dorpshuis"],
    &["vernieuwing"],
    &["communicatie", "netwerk"],
);
/// Closed because nobody answered; its phase is not known.
pub(super) const TABLETS: Draft = asks(
    "Oefenen met de tablet",
    ZUTPHEN,
    &["digitale-vaardigheden"],
    &[],
    &["training"],
);
/// Of an organisation that is refused: it never opens and counts nowhere.
pub(super) const LOAN: Draft = asks(
    "Iedereen een lening",
    APELDOORN,
    &["wonen"],
    &["start"],
    &["geld"],
);

pub(super) const HALL: Draft = asks(
    "Zaal met keuken in het buurthuis",
    APELDOORN,
    &["ontmoeten"],
    &["start", "groei"],
    &["ruimte"],
)
.carries(1);
pub(super) const ATTIC: Draft = asks(
    "Zolder boven de bibliotheek",
    APELDOORN,
    &["ontmoeten"],
    &["start", "groei"],
    &["ruimte"],
)
.carries(2);
pub(super) const NURSERY: Draft = asks(
    "Kweker denkt mee en brengt compost",
    GELDERLAND,
    &["buurttuin"],
    &["groei"],
    &["kennis", "materiaal"],
)
.carries(3);
pub(super) const LAWYERS: Draft = asks(
    "Juristen lezen uw statuten",
    COUNTRY,
    &["wonen"],
    &[],
    &["juridisch"],
)
.carries(2);
pub(super) const MINIBUS: Draft = asks(
    "Vrijwilligers die graag rijden",
    HORST,
    &["dorpsvervoer"],
    &["groei", "bestendig"],
    &["mensen"],
)
.carries(2);
pub(super) const FUND: Draft = asks(
    "Klein fonds voor nabijheid",
    TWO_PROVINCES,
    &["eenzaamheid"],
    &["start"],
    &["geld"],
)
.carries(2);
/// Nobody asks for it.
pub(super) const ENERGY: Draft = asks(
    "Cursus voor energiecoaches",
    DRENTHE,
    &["energiebesparing"],
    &["idee", "start"],
    &["training"],
)
.carries(5);
