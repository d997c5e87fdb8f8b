//! `/v1/matches/{id}/claims`, `/v1/matches/{id}/reviews` and `/v1/match-reviews`: coordinators decide about proposals.

use actix_web::web;
use app::{App, AppError, ReviewFields, Reviewing};
use domain::dutch::problems;
use domain::fields::{Gather, one_of};
use domain::ids::MatchId;
use domain::invalid::Invalid;
use domain::matches::{MatchState, ReviewReason};
use domain::reviews::MAX_BULK;
use domain::text::Note;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::matches::MatchView;
use crate::api::{Answer, created, ok};
use crate::error::Problem;
use crate::extract::{Body, Id, Who};

/// What a coordinator decides about a proposal.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Review {
    /// `approve` of `reject`.
    #[schema(example = "approve")]
    decision: String,
    /// `good_fit`, `no_fit`, `wrong_region`, `wrong_phase`, `wrong_support`, `already_in_touch` of `other`.
    #[schema(example = "good_fit")]
    reason: String,
    /// In eigen woorden.
    note: String,
    /// De versie van de koppeling die u zag; weglaten mag.
    version: Option<i32>,
}

/// What a coordinator decides about many proposals alike.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct BulkReview {
    /// Kenmerken van de koppelingen, samen met `matches` 1 tot en met 100.
    match_ids: Vec<String>,
    /// Koppelingen met de versie die u zag.
    matches: Vec<SeenMatch>,
    /// `approve` of `reject`.
    #[schema(example = "approve")]
    decision: String,
    /// Een code zoals bij één oordeel.
    #[schema(example = "good_fit")]
    reason: String,
    /// In eigen woorden, bij elke koppeling.
    note: String,
}

/// A match as a coordinator saw it.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct SeenMatch {
    /// Kenmerk.
    match_id: String,
    /// De versie.
    version: Option<i32>,
}

/// What became of each match of a bulk review.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Reviews {
    /// Per koppeling, in dezelfde volgorde.
    items: Vec<Reviewed>,
}

/// What became of one match.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Reviewed {
    /// Kenmerk.
    match_id: String,
    /// De staat waarin de koppeling nu is; null als het oordeel niet is aangenomen.
    state: Option<String>,
    /// Waarom het oordeel niet is aangenomen.
    problem: Option<Problem>,
}

/// Neem een voorstel een half uur voor uzelf, zodat niemand hetzelfde doet. Nog eens verlengt het.
#[utoipa::path(post, path = "/matches/{id}/claims", operation_id = "claimMatch", tag = "koppelingen", params(("id" = String, Path, description = "Kenmerk.")),
    security(("bearer" = [])),
    responses((status = 201, body = MatchView), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
pub(crate) async fn claim(app: web::Data<App>, who: Who, id: Id<MatchId>) -> Answer {
    let seen = app.claim_match(&who.0, id.0).await?;
    created(
        format!("/v1/matches/{}", seen.found.id),
        &MatchView::new(&app, &who.0, &seen),
    )
}

/// Beoordeel een voorstel. Na `approve` krijgen beide kanten een mail.
#[utoipa::path(post, path = "/matches/{id}/reviews", operation_id = "reviewMatch", tag = "koppelingen", params(("id" = String, Path, description = "Kenmerk.")),
    request_body = Review, security(("bearer" = [])),
    responses((status = 201, body = MatchView), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 412, body = Problem)))]
pub(crate) async fn one(
    app: web::Data<App>,
    who: Who,
    id: Id<MatchId>,
    body: Body<Review>,
) -> Answer {
    let sent = body.0;
    let mut problems = Gather::default();
    let review = read(&mut problems, &sent.decision, &sent.reason, &sent.note);
    let review = problems.done(|| review).map_err(Problem::invalid)?;
    let reviewing = Reviewing {
        id: id.0,
        version: sent.version,
    };
    let seen = app.review_match(&who.0, reviewing, review).await?;
    created(
        format!("/v1/matches/{}", seen.found.id),
        &MatchView::new(&app, &who.0, &seen),
    )
}

/// Beoordeel veel voorstellen op dezelfde manier. Elk staat op zichzelf: het antwoord zegt per koppeling wat ervan kwam.
#[utoipa::path(post, path = "/match-reviews", operation_id = "reviewMatches", tag = "koppelingen", request_body = BulkReview, security(("bearer" = [])),
    responses((status = 200, body = Reviews), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn many(app: web::Data<App>, who: Who, body: Body<BulkReview>) -> Answer {
    let sent = body.0;
    let mut problems = Gather::default();
    let review = read(&mut problems, &sent.decision, &sent.reason, &sent.note);
    let all = problems.all(those(&sent));
    let (review, all) = problems
        .done(|| Some((review?, all?)))
        .map_err(Problem::invalid)?;
    let results = app.review_matches(&who.0, &all, &review).await?;
    let result = |(reviewing, result): (&Reviewing, Result<MatchState, AppError>)| {
        let (state, problem) = match result {
            Ok(state) => (Some(state.to_string()), None),
            Err(error) => (None, Some(Problem::from(error))),
        };
        Reviewed {
            match_id: reviewing.id.to_string(),
            state,
            problem,
        }
    };
    ok(&Reviews {
        items: all.iter().zip(results).map(result).collect(),
    })
}

fn read(problems: &mut Gather, decision: &str, reason: &str, note: &str) -> Option<ReviewFields> {
    let decision = problems.keep(decision.parse());
    let reason = problems.keep(one_of::<ReviewReason>(reason));
    let note = problems.at("note", note.parse::<Note>());
    Some(ReviewFields {
        decision: decision?,
        reason: reason?.unwrap_or(ReviewReason::Other),
        note: note?,
    })
}

/// The matches of a bulk review, each once.
fn those(sent: &BulkReview) -> Result<Vec<Reviewing>, Vec<Invalid>> {
    let mut problems = Gather::default();
    let mut all: Vec<Reviewing> = Vec::new();
    let ids = (0..).zip(&sent.match_ids);
    let named = ids.map(|(place, id)| (format!("matchIds.{place}"), id, None));
    let seen = (0..).zip(&sent.matches);
    let seen = seen.map(|(place, seen): (usize, _)| {
        (
            format!("matches.{place}.matchId"),
            &seen.match_id,
            seen.version,
        )
    });
    for (field, id, version) in named.chain(seen) {
        let id = problems.at(&field, id.parse::<MatchId>());
        if let Some(id) = id.filter(|id| all.iter().all(|known| known.id != *id)) {
            all.push(Reviewing { id, version });
        }
    }
    let count = sent.match_ids.len() + sent.matches.len();
    if count == 0 {
        problems.keep::<()>(Err(problems::required("matchIds")));
    }
    if count > MAX_BULK {
        problems.keep::<()>(Err(problems::too_many("matchIds", count, MAX_BULK)));
    }
    problems.done(|| Some(all))
}
