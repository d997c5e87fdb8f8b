//! `/v1/matches`: the queue, matches by hand, and outcomes told by a party who signed in.

#![expect(
    unused_qualifications,
    reason = "the contract macro names the query type by its path"
)]

use actix_web::web;
use app::{App, MatchFilter};
use chrono::{DateTime, Utc};
use domain::dutch::reasons::{self, Reader};
use domain::explanation::{Explanation, Part};
use domain::fields::{Gather, one_of};
use domain::ids::{MatchId, OfferId, RequestId};
use domain::matches::{Outcome, Side};
use domain::members::{Member, Viewer};
use domain::offers::Offer;
use domain::posts::Posted;
use domain::region::Region;
use domain::requests::Request;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::posts::Owner;
use crate::api::{Answer, List, created, ok};
use crate::error::Problem;
use crate::extract::{Body, Id, Query, Who, slice};

/// A match, as a party or a coordinator may see it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Match)]
pub(crate) struct MatchView {
    /// Kenmerk.
    #[schema(example = "mat_019ab3c4d5e67f8091a2b3c4d5e6f708")]
    id: String,
    /// De vraag.
    request: Half,
    /// Het aanbod.
    offer: Half,
    /// De staat waarin de koppeling is.
    #[schema(example = "proposed")]
    state: String,
    /// Sinds wanneer.
    since: DateTime<Utc>,
    /// Hoe goed ze passen, 0 tot en met 1.
    #[schema(example = 0.78)]
    score: f64,
    /// De redenen in één regel.
    #[schema(example = "Zelfde gemeente (Apeldoorn) · thema ontmoeten")]
    summary: String,
    /// De redenen als gegevens; de bijdragen zijn samen de score.
    #[schema(value_type = Vec<Object>)]
    reasons: Vec<Part>,
    /// De versie van de rekenregel die de score maakte.
    algorithm: String,
    /// `engine` of `manual`.
    origin: String,
    /// De hoeveelste poging met dit paar.
    round: i32,
    /// Aan welke kant de kijker staat: `request`, `offer` of null.
    side: Option<String>,
    /// Wat de eigen kant antwoordde: `yes`, `no` of null. Voor een coördinator null.
    own_answer: Option<String>,
    /// Wat de eigen kant over de uitkomst zei. Voor een coördinator null.
    own_outcome: Option<String>,
    /// Alleen voor coördinatoren.
    #[serde(skip_serializing_if = "Option::is_none")]
    review: Option<ReviewView>,
    /// Met wie u kunt spreken: pas na de kennismaking, en alleen voor de twee kanten.
    #[serde(skip_serializing_if = "Option::is_none")]
    contacts: Option<Vec<Contact>>,
    /// Wanneer de koppeling gemaakt is.
    created_at: DateTime<Utc>,
    /// Telt de veranderingen; stuur het mee met een oordeel om alleen te beslissen over wat u zag.
    version: i32,
}

/// One of the two posts of a match.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Half {
    /// Kenmerk.
    id: String,
    /// Titel.
    title: String,
    /// Het verhaal.
    body: String,
    /// Van wie het is.
    organisation: Owner,
}

impl From<&Posted<Request>> for Half {
    fn from(found: &Posted<Request>) -> Self {
        Self {
            id: found.post.id.to_string(),
            title: found.post.content.title.to_string(),
            body: found.post.content.body.to_string(),
            organisation: Owner::from(&found.owner),
        }
    }
}

impl From<&Posted<Offer>> for Half {
    fn from(found: &Posted<Offer>) -> Self {
        Self {
            id: found.post.id.to_string(),
            title: found.post.content.title.to_string(),
            body: found.post.content.body.to_string(),
            organisation: Owner::from(&found.owner),
        }
    }
}

/// Why two posts fit, in one line for who is on this side.
pub(crate) fn summary(app: &App, explanation: &Explanation, side: Option<Side>) -> String {
    let reader = match side {
        Some(Side::Request) => Reader::Asker,
        Some(Side::Offer) => Reader::Giver,
        None => Reader::Other,
    };
    reasons::line(explanation, reader, |region: Region| {
        app.region_label(region)
    })
}

/// What coordinators see of a match.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ReviewView {
    /// Wat de vragende kant antwoordde.
    asker_answer: Option<String>,
    /// Wat de gevende kant antwoordde.
    giver_answer: Option<String>,
    /// De code van de reden van afkeuren, afwijzen of vervallen; anders leeg.
    reason: String,
    /// Wat de coördinator erbij schreef.
    note: String,
    /// Welke kant nee zei.
    declined_by: Option<String>,
    /// Wie beoordeelde.
    reviewed_by: Option<String>,
    /// Welke coördinator er nu mee bezig is.
    claim: Option<ClaimView>,
}

/// A coordinator who is looking at a proposal.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Claim)]
struct ClaimView {
    /// Kenmerk van de coördinator.
    by: String,
    /// Naam.
    name: String,
    /// Tot wanneer.
    until: DateTime<Utc>,
}

/// Somebody to speak to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Contact {
    /// Naam.
    name: String,
    /// E-mailadres.
    email: String,
}

impl From<&Member> for Contact {
    fn from(member: &Member) -> Self {
        Self {
            name: member.name.to_string(),
            email: member.email.to_string(),
        }
    }
}

impl MatchView {
    pub(crate) fn new(app: &App, viewer: &Viewer, seen: &app::MatchView) -> Self {
        let found = &seen.found;
        let own = seen.side.map(|side| found.voice(side));
        Self {
            id: found.id.to_string(),
            request: Half::from(&seen.request),
            offer: Half::from(&seen.offer),
            state: found.state.to_string(),
            since: found.since,
            score: found.explanation.score,
            summary: summary(app, &found.explanation, seen.side),
            reasons: found.explanation.parts.clone(),
            algorithm: found.explanation.algorithm.clone(),
            origin: found.origin.to_string(),
            round: found.round,
            side: seen.side.map(String::from),
            own_answer: own.and_then(|voice| voice.answer).map(String::from),
            own_outcome: own.and_then(|voice| voice.outcome).map(String::from),
            review: viewer.coordinates().then(|| ReviewView {
                asker_answer: found.asker.answer.map(String::from),
                giver_answer: found.giver.answer.map(String::from),
                reason: found.reason.clone(),
                note: found.note.clone(),
                declined_by: found.declined_by.map(String::from),
                reviewed_by: found.reviewed_by.map(String::from),
                claim: seen.claim.as_ref().map(|claim| ClaimView {
                    by: claim.by.to_string(),
                    name: claim.name.clone(),
                    until: claim.until,
                }),
            }),
            contacts: seen
                .contacts
                .as_ref()
                .map(|people| people.iter().map(Contact::from).collect()),
            created_at: found.created_at,
            version: found.version,
        }
    }
}

/// Which matches a list shows.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct MatchQuery {
    /// Een staat, zoals `proposed`.
    #[serde(default)]
    state: String,
    /// Gebied waarin de vraag ligt: een code of een naam.
    #[serde(default)]
    region: String,
    /// Aantal per bladzijde, 1 tot en met 100.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    page_size: Option<String>,
    /// Waar de vorige bladzijde ophield.
    cursor: Option<String>,
}

/// A request and an offer to bring together by hand.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct NewMatch {
    /// Kenmerk van de vraag.
    request_id: String,
    /// Kenmerk van het aanbod.
    offer_id: String,
}

/// What a party says came of an introduction.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct OutcomeTold {
    /// `succeeded`, `failed` of `busy`.
    #[schema(example = "succeeded")]
    pub(crate) outcome: String,
}

/// Koppelingen, de nieuwste eerst: voor een coördinator die in de eigen regio's, voor een lid die van de eigen organisatie. Een coördinator krijgt met `state=proposed` de wachtrij: wat het meest waard is om te beoordelen eerst, dus een hoge score, en elke twee weken wachten telt als een verdubbeling daarvan.
#[utoipa::path(get, path = "/matches", operation_id = "listMatches", tag = "koppelingen", params(MatchQuery), security(("bearer" = [])),
    responses((status = 200, body = List<MatchView>), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub(crate) async fn list(app: web::Data<App>, who: Who, query: Query<MatchQuery>) -> Answer {
    let query = query.0;
    let mut problems = Gather::default();
    let state = problems.at("?state", one_of(&query.state));
    let region = problems.at(
        "?region",
        match query.region.trim() {
            "" => Ok(None),
            typed => app.find_region(typed).map(Some),
        },
    );
    let filter = problems
        .done(|| {
            Some(MatchFilter {
                states: state?.into_iter().collect(),
                region: region?,
            })
        })
        .map_err(Problem::invalid)?;
    let slice = slice(&app, query.page_size.as_deref(), query.cursor.as_deref())?;
    let page = app.list_matches(&who.0, filter, slice).await?;
    ok(&List::of(&app, page, |seen| {
        MatchView::new(&app, &who.0, &seen)
    })?)
}

/// Een koppeling.
#[utoipa::path(get, path = "/matches/{id}", operation_id = "getMatch", tag = "koppelingen", params(("id" = String, Path, description = "Kenmerk.")),
    security(("bearer" = [])),
    responses((status = 200, body = MatchView), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn get(app: web::Data<App>, who: Who, id: Id<MatchId>) -> Answer {
    let seen = app.find_match(&who.0, id.0).await?;
    ok(&MatchView::new(&app, &who.0, &seen))
}

/// Breng een vraag en aanbod met de hand bij elkaar; beide kanten krijgen meteen een mail.
#[utoipa::path(post, path = "/matches", operation_id = "matchByHand", tag = "koppelingen", request_body = NewMatch, security(("bearer" = [])),
    responses((status = 201, body = MatchView), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn post(app: web::Data<App>, who: Who, body: Body<NewMatch>) -> Answer {
    let mut problems = Gather::default();
    let request = problems.at("requestId", body.0.request_id.parse::<RequestId>());
    let offer = problems.at("offerId", body.0.offer_id.parse::<OfferId>());
    let (request, offer) = problems
        .done(|| Some((request?, offer?)))
        .map_err(Problem::invalid)?;
    let seen = app.match_by_hand(&who.0, request, offer).await?;
    created(
        format!("/v1/matches/{}", seen.found.id),
        &MatchView::new(&app, &who.0, &seen),
    )
}

/// Vertel als betrokken kant wat er van een kennismaking kwam.
#[utoipa::path(post, path = "/matches/{id}/outcomes", operation_id = "tellOutcome", tag = "koppelingen", params(("id" = String, Path, description = "Kenmerk.")),
    request_body = OutcomeTold, security(("bearer" = [])),
    responses((status = 201, body = MatchView), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn outcome(
    app: web::Data<App>,
    who: Who,
    id: Id<MatchId>,
    body: Body<OutcomeTold>,
) -> Answer {
    let outcome: Outcome = body
        .0
        .outcome
        .parse()
        .map_err(|problem| Problem::invalid(vec![problem]))?;
    let found = app.tell_outcome(&who.0, id.0, outcome).await?;
    let seen = app.find_match(&who.0, found.id).await?;
    created(
        format!("/v1/matches/{}", found.id),
        &MatchView::new(&app, &who.0, &seen),
    )
}
