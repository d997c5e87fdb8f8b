//! Reports: reads the facts, narrows them to what was asked and may be seen, and has them counted.

use std::collections::{BTreeMap, BTreeSet};

use domain::dutch::problems;
use domain::fields::{Gather, one_of};
use domain::ids::RequestId;
use domain::invalid::Invalid;
use domain::matches::MatchState;
use domain::members::Viewer;
use domain::phase::Phase;
use domain::region::{Municipality, Region};
use domain::reports::{Facts, MatchFact, Period, PostFact, Report, ReportKind};
use domain::support::Support;
use domain::theme::Theme;
use regions::Regions;
use store::reports::{self as rows, Review};
use store::{Conn, organisations};

use crate::App;
use crate::coordination::municipalities;
use crate::error::AppError;
use crate::tokens::signed_in;

mod files;

pub use files::{FileError, csv, json, text, workbook};

/// What a report is asked about, as it was typed; an empty field does not narrow it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReportFields {
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// The area the requests lie in and the offers reach: a code or a name.
    pub region: String,
    /// A theme, or a main theme with all below it.
    pub theme: String,
    /// A phase.
    pub phase: String,
    /// A kind of support.
    pub support: String,
}

/// What was asked, understood.
struct Asked {
    period: Period,
    region: Option<Region>,
    theme: Option<Theme>,
    phase: Option<Phase>,
    support: Option<Support>,
}

/// Whose eyes a report is for.
enum Reader {
    Coordinator,
    Outsider,
}

impl App {
    /// Counts a report. Coordinators see every figure of their own regions; other members of a verified organisation see
    /// no small figures, and ask about whole months and provinces. Problems with a field are reported under its name
    /// with `prefix` before it.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`] for anyone, [`AppError::Forbidden`] while the organisation is not verified,
    /// [`AppError::Invalid`] for a field that cannot be understood.
    pub async fn report(
        &self,
        viewer: &Viewer,
        kind: ReportKind,
        prefix: &str,
        fields: &ReportFields,
    ) -> Result<Report, AppError> {
        let member = signed_in(viewer)?.clone();
        let asked = self.understood(prefix, fields)?;
        let reader = if member.coordinates() {
            Reader::Coordinator
        } else {
            refuse_precise(prefix, &asked)?;
            Reader::Outsider
        };
        self.db()
            .read(move |conn| {
                let is_outsider = matches!(reader, Reader::Outsider);
                if is_outsider && !organisations::find(conn, member.organisation)?.is_verified() {
                    return Err(AppError::Forbidden);
                }
                let area = municipalities(&member, asked.region);
                let facts = facts(conn, &asked, area.as_ref())?;
                let report = kind.count(&facts, |region| Regions::shipped().label(region));
                Ok(if is_outsider {
                    report.for_outsiders()
                } else {
                    report
                })
            })
            .await
    }

    fn understood(&self, prefix: &str, fields: &ReportFields) -> Result<Asked, Vec<Invalid>> {
        let mut problems = Gather::default();
        let named = |field: &str| format!("{prefix}{field}");
        let period = problems.all(Period::parse(prefix, &fields.from, &fields.to));
        let region = match fields.region.trim() {
            "" => Ok(None),
            typed => self.find_region(typed).map(Some),
        };
        let region = problems.at(&named("region"), region);
        let theme = problems.at(&named("theme"), one_of(&fields.theme));
        let phase = problems.at(&named("phase"), one_of(&fields.phase));
        let support = problems.at(&named("support"), one_of(&fields.support));
        problems.done(|| {
            Some(Asked {
                period: period?,
                region: region?,
                theme: theme?,
                phase: phase?,
                support: support?,
            })
        })
    }
}

/// Who sees rounded figures cannot ask so precisely that the difference of two answers is about a few people.
fn refuse_precise(prefix: &str, asked: &Asked) -> Result<(), Vec<Invalid>> {
    let mut problems = Gather::default();
    if !asked.period.is_whole_months() {
        let field = format!("{prefix}from");
        problems.keep::<()>(Err(problems::no_whole_months(&field)));
    }
    if let Some(Region::Corop(_) | Region::Municipality(_)) = asked.region {
        let field = format!("{prefix}region");
        problems.keep::<()>(Err(problems::area_too_small(&field)));
    }
    problems.done(|| Some(()))
}

/// Reads everything and keeps what was asked about.
fn facts(
    conn: &mut Conn,
    asked: &Asked,
    area: Option<&BTreeSet<Municipality>>,
) -> Result<Facts, AppError> {
    let (requests, offers) = (rows::requests(conn)?, rows::offers(conn)?);
    let (matches, steps) = (rows::matches(conn)?, rows::steps(conn)?);
    let mut introductions = BTreeMap::<String, usize>::new();
    for found in &matches {
        if was_introduced(found, &steps) {
            *introductions.entry(found.request.to_string()).or_default() += 1;
            *introductions.entry(found.offer.to_string()).or_default() += 1;
        }
    }
    let times = |id: String| introductions.get(&id).copied().unwrap_or_default();
    let mut facts = Facts {
        organisations: rows::names(conn)?,
        ..Facts::default()
    };
    let mut asked_about = BTreeMap::new();
    for (id, request) in &requests {
        let phases: Vec<Phase> = request.phase.into_iter().collect();
        let regions = here(request.municipality, area).into_iter().collect();
        let Some(fact) = asked.narrow(&request.post, &phases, regions) else {
            continue;
        };
        if asked.period.holds(request.post.created_at) {
            facts.requests.push(PostFact {
                introductions: times(id.to_string()),
                ..fact.clone()
            });
        }
        asked_about.insert(*id, (request, fact));
    }
    for (id, offer) in &offers {
        let regions = reached(&offer.reach, area);
        let fact = asked.narrow(&offer.post, &offer.phases, regions);
        if let Some(fact) = fact.filter(|_| asked.period.holds(offer.post.created_at)) {
            facts.offers.push(PostFact {
                introductions: times(id.to_string()),
                ..fact
            });
        }
    }
    let mut seen = BTreeSet::<RequestId>::new();
    for found in &matches {
        let is_first = seen.insert(found.request);
        let (Some((request, _)), Some(offer)) =
            (asked_about.get(&found.request), offers.get(&found.offer))
        else {
            continue;
        };
        if !asked.period.holds(found.created_at) {
            continue;
        }
        let mut fact = match_fact(found, request, offer, &steps);
        fact.waited_since = fact.waited_since.filter(|_| is_first);
        facts.matches.push(fact);
    }
    Ok(facts)
}

fn match_fact(
    found: &rows::Match,
    request: &rows::Request,
    offer: &rows::Offer,
    steps: &rows::Steps,
) -> MatchFact {
    let at = |state| steps.get(&(found.id, state)).copied();
    let approved_at = at(MatchState::Approved);
    // A request that was closed and opened again opened after its first match.
    let opened = request.post.opened_at.filter(|at| *at <= found.created_at);
    MatchFact {
        request: found.request,
        offer: found.offer,
        asker: request.post.organisation,
        giver: offer.post.organisation,
        region: here(request.municipality, None),
        phase: request.phase,
        origin: found.origin,
        state: found.state,
        reason: found.reason.clone(),
        waited_since: Some(opened.unwrap_or(request.post.created_at)),
        made_at: found.created_at,
        reviewed_at: match found.review {
            Review::ByPerson => approved_at.or(at(MatchState::Rejected)),
            Review::None => None,
        },
        approved_at,
        invited_at: at(MatchState::Invited),
        introduced_at: at(MatchState::Introduced),
    }
}

fn was_introduced(found: &rows::Match, steps: &rows::Steps) -> bool {
    let ends = [
        MatchState::Introduced,
        MatchState::Succeeded,
        MatchState::Failed,
        MatchState::Unknown,
    ];
    ends.contains(&found.state) || steps.contains_key(&(found.id, MatchState::Introduced))
}

impl Asked {
    /// The post as it counts, with only the codes that were asked about; nothing when it does not count.
    fn narrow(
        &self,
        post: &rows::Post,
        phases: &[Phase],
        regions: Vec<Region>,
    ) -> Option<PostFact> {
        post.opened_at?;
        let themes: BTreeSet<Theme> = post
            .themes
            .iter()
            .copied()
            .filter(|theme| {
                self.theme
                    .is_none_or(|asked| asked == *theme || asked == theme.main())
            })
            .map(Theme::main)
            .collect();
        let phases = only(phases, self.phase);
        let support = only(&post.support, self.support);
        let counts = !regions.is_empty()
            && (self.theme.is_none() || !themes.is_empty())
            && (self.phase.is_none() || !phases.is_empty())
            && (self.support.is_none() || !support.is_empty());
        counts.then(|| PostFact {
            organisation: post.organisation,
            regions,
            themes: themes.into_iter().collect(),
            phases,
            support,
            state: post.state,
            reason: post.reason.clone(),
            introductions: 0,
        })
    }
}

/// The codes that were asked about.
fn only<T: Copy + PartialEq>(codes: &[T], asked: Option<T>) -> Vec<T> {
    codes
        .iter()
        .copied()
        .filter(|code| asked.is_none_or(|asked| asked == *code))
        .collect()
}

/// The province of a municipality that lies in the area.
fn here(code: Municipality, area: Option<&BTreeSet<Municipality>>) -> Option<Region> {
    if area.is_some_and(|area| !area.contains(&code)) {
        return None;
    }
    Regions::shipped()
        .municipality(code)
        .map(|facts| facts.province)
}

/// The provinces of the municipalities of the area that an offer reaches; the country for one that reaches all of it.
fn reached(reach: &[Region], area: Option<&BTreeSet<Municipality>>) -> Vec<Region> {
    if reach.contains(&Region::Netherlands) {
        return vec![Region::Netherlands];
    }
    let regions = Regions::shipped();
    let provinces: BTreeSet<Region> = regions
        .municipalities()
        .iter()
        .filter(|facts| area.is_none_or(|area| area.contains(&facts.code)))
        .filter(|facts| regions.covering(reach, facts.code).is_some())
        .map(|facts| facts.province)
        .collect();
    provinces.into_iter().collect()
}
