//! Posts made of bytes; used by the checks that need a market.

use arbitrary::{Arbitrary as _, Result, Unstructured};
use chrono::{DateTime, TimeDelta, Utc};
use domain::phase::Phase;
use domain::support::Support;
use domain::theme::Theme;
use matching::{Demand, Neighbours, Standing, Supply};

/// Words that the engine knows, so that posts have something in common.
const WORDS: [&str; 16] = [
    "moestuin",
    "buurthuis",
    "zaaltje",
    "subsidie",
    "penningmeester",
    "statuten",
    "eenzaamheid",
    "zonnepanelen",
    "wij zoeken",
    "we hebben al",
    "net begonnen",
    "geen",
    "de",
    "gezocht",
    "taalles",
    "vrijwilligers",
];
/// Places beside and around each other, and what holds them.
const AREAS: [&str; 8] = [
    "NL", "PV25", "PV23", "PV26", "CR13", "GM0200", "GM0285", "GM0344",
];
/// The most pieces a text is made of.
const MAX_PIECES: usize = 12;
/// The most codes in a list.
const MAX_CODES: usize = 4;

/// The moment at which a made-up market is ranked.
pub(crate) fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

/// A request with this key.
pub(crate) fn demand(key: String, bytes: &mut Unstructured<'_>) -> Result<Demand> {
    Ok(Demand {
        key,
        organisation: organisation(bytes)?,
        title: text(bytes)?,
        body: text(bytes)?,
        municipality: bytes.choose(&AREAS)?.parse().ok(),
        themes: some(bytes, Theme::all())?,
        phase: some(bytes, Phase::all())?.pop(),
        support: some(bytes, Support::all())?,
        opened_at: if bool::arbitrary(bytes)? {
            now().checked_sub_signed(TimeDelta::hours(i32::arbitrary(bytes)?.into()))
        } else {
            None
        },
        standing: standing(bytes)?,
    })
}

/// An offer with this key.
pub(crate) fn supply(key: String, bytes: &mut Unstructured<'_>) -> Result<Supply> {
    let areas = some(bytes, AREAS.into_iter())?;
    Ok(Supply {
        key,
        organisation: organisation(bytes)?,
        title: text(bytes)?,
        body: text(bytes)?,
        reach: areas.iter().filter_map(|code| code.parse().ok()).collect(),
        neighbours: if bool::arbitrary(bytes)? {
            Neighbours::Included
        } else {
            Neighbours::Excluded
        },
        themes: some(bytes, Theme::all())?,
        phases: some(bytes, Phase::all())?,
        support: some(bytes, Support::all())?,
        capacity_left: u8::arbitrary(bytes)?.into(),
        introduced_lately: u32::arbitrary(bytes)?,
        standing: standing(bytes)?,
    })
}

/// Up to four of these, in any order, at times one of them twice.
fn some<T>(bytes: &mut Unstructured<'_>, all: impl Iterator<Item = T>) -> Result<Vec<T>>
where
    T: Copy,
{
    let all: Vec<T> = all.collect();
    let number = bytes.int_in_range(0..=MAX_CODES)?;
    (0..number).map(|_| bytes.choose(&all).copied()).collect()
}

/// Known words between pieces of anything.
fn text(bytes: &mut Unstructured<'_>) -> Result<String> {
    let mut text = String::new();
    for _ in 0..bytes.int_in_range(0..=MAX_PIECES)? {
        if bytes.ratio(3, 4)? {
            text.push_str(bytes.choose(&WORDS)?);
        } else {
            text.push_str(<&str>::arbitrary(bytes)?);
        }
        text.push(' ');
    }
    Ok(text)
}

fn organisation(bytes: &mut Unstructured<'_>) -> Result<String> {
    let name = bytes.choose(&["", "", "Stimenz", "Dock"])?;
    Ok((*name).to_owned())
}

fn standing(bytes: &mut Unstructured<'_>) -> Result<Standing> {
    let usual = Standing::Live;
    let all = [
        usual,
        usual,
        usual,
        usual,
        usual,
        Standing::NotOpen,
        Standing::NotVerified,
    ];
    bytes.choose(&all).copied()
}
