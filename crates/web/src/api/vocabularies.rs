//! `/v1/vocabularies`: the codes people choose from.

use actix_web::web;
use app::App;
use domain::dutch::reviews;
use domain::matches::ReviewReason;
use domain::phase::Phase;
use domain::region::Region;
use domain::support::Support;
use domain::theme::Theme;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::{Answer, List, ok};

/// A code with its Dutch name.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Term {
    /// De code.
    #[schema(example = "dorpshuis")]
    code: String,
    /// De naam.
    #[schema(example = "Dorpshuis")]
    label: String,
    /// Wat eronder valt; leeg als de naam genoeg zegt.
    description: String,
    /// De code van het hoofdthema waar dit bij hoort, of van het gebied waar dit in ligt.
    #[schema(example = "ontmoeten")]
    parent: Option<String>,
}

fn terms(items: Vec<Term>) -> Answer {
    ok(&List { items, next: None })
}

/// Thema's in twee lagen.
#[utoipa::path(get, path = "/vocabularies/themes", operation_id = "listThemes", tag = "woordenlijsten",
    responses((status = 200, body = List<Term>)))]
pub(crate) async fn themes() -> Answer {
    let term = |theme: Theme| Term {
        code: theme.to_string(),
        label: theme.label().to_owned(),
        description: theme.description().to_owned(),
        parent: theme.parent().map(String::from),
    };
    terms(Theme::all().map(term).collect())
}

/// Fasen, van idee tot vernieuwing.
#[utoipa::path(get, path = "/vocabularies/phases", operation_id = "listPhases", tag = "woordenlijsten",
    responses((status = 200, body = List<Term>)))]
pub(crate) async fn phases() -> Answer {
    let term = |phase: Phase| Term {
        code: phase.to_string(),
        label: phase.label().to_owned(),
        description: phase.description().to_owned(),
        parent: None,
    };
    terms(Phase::all().map(term).collect())
}

/// Soorten hulp.
#[utoipa::path(get, path = "/vocabularies/support-kinds", operation_id = "listSupportKinds", tag = "woordenlijsten",
    responses((status = 200, body = List<Term>)))]
pub(crate) async fn support_kinds() -> Answer {
    let term = |kind: Support| Term {
        code: kind.to_string(),
        label: kind.label().to_owned(),
        description: kind.description().to_owned(),
        parent: None,
    };
    terms(Support::all().map(term).collect())
}

/// Redenen bij een oordeel over een voorstel; `description` is een tekst om een toelichting mee te beginnen.
#[utoipa::path(get, path = "/vocabularies/review-reasons", operation_id = "listReviewReasons", tag = "woordenlijsten",
    responses((status = 200, body = List<Term>)))]
pub(crate) async fn review_reasons() -> Answer {
    let term = |reason: &ReviewReason| Term {
        code: reason.to_string(),
        label: reviews::reason(*reason).to_owned(),
        description: reviews::canned(*reason).to_owned(),
        parent: None,
    };
    terms(ReviewReason::ALL.iter().map(term).collect())
}

/// Gebieden: het land, provincies, COROP-gebieden en gemeenten.
#[utoipa::path(get, path = "/vocabularies/regions", operation_id = "listRegions", tag = "woordenlijsten",
    responses((status = 200, body = List<Term>)))]
pub(crate) async fn regions(app: web::Data<App>) -> Answer {
    let term = |(region, name): (Region, &str)| Term {
        code: region.to_string(),
        label: name.to_owned(),
        description: String::new(),
        parent: app.region_parent(region).map(String::from),
    };
    terms(app.regions().map(term).collect())
}
