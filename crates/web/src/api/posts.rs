//! What `/v1/requests` and `/v1/offers` share: filters, the operations on a post's life, and its matches.

use actix_web::HttpResponse;
use actix_web::http::header;
use app::{App, Whereabouts, may_manage};
use domain::fields::{Gather, one_of};
use domain::members::Viewer;
use domain::organisations::Organisation;
use domain::posts::{CloseReason, Life, Post, PostFilter, PostId, PostState};
use domain::text::Note;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::fits::FitView;
use crate::api::{Answer, List, ok};
use crate::error::Problem;
use crate::extract::tag;

/// Which posts a list shows.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PostQuery {
    /// Woorden in titel of tekst.
    #[serde(default)]
    q: String,
    /// Gebied: een code (`GM0200`, `PV25`, `CR13`, `NL`) of een naam.
    #[serde(default)]
    region: String,
    /// Code van een thema; een hoofdthema telt ook zijn onderdelen mee.
    #[serde(default)]
    theme: String,
    /// Code van een fase.
    #[serde(default)]
    phase: String,
    /// Code van een soort hulp.
    #[serde(default)]
    support: String,
    /// `open`, of voor de eigenaar ook `pending`, `paused`, `hidden`, `closed`, `expired`.
    #[serde(default)]
    state: String,
    /// Kenmerk van een organisatie.
    #[serde(default)]
    organisation: String,
    /// Aantal per bladzijde, 1 tot en met 100.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100)]
    pub(crate) page_size: Option<String>,
    /// Waar de vorige bladzijde ophield.
    pub(crate) cursor: Option<String>,
}

impl PostQuery {
    /// The filter the query asks for.
    ///
    /// # Errors
    /// Every parameter that cannot be accepted, by its name.
    pub(crate) fn filter(&self, app: &App) -> Result<PostFilter, Problem> {
        let mut problems = Gather::default();
        let region = problems.at(
            "?region",
            match self.region.trim() {
                "" => Ok(None),
                typed => app.find_region(typed).map(Some),
            },
        );
        let theme = problems.at("?theme", one_of(&self.theme));
        let phase = problems.at("?phase", one_of(&self.phase));
        let support = problems.at("?support", one_of(&self.support));
        let state = problems.at("?state", one_of(&self.state));
        let organisation = problems.at("?organisation", one_of(&self.organisation));
        problems
            .done(|| {
                Some(PostFilter {
                    words: self.q.clone(),
                    areas: region?.into_iter().collect(),
                    themes: theme?.into_iter().collect(),
                    phase: phase?,
                    support: support?,
                    states: state?.into_iter().collect(),
                    organisation: organisation?,
                    ..PostFilter::default()
                })
            })
            .map_err(Problem::invalid)
    }
}

/// Whose a post is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Owner {
    /// Kenmerk van de organisatie.
    id: String,
    /// Naam.
    name: String,
    /// `initiative`, `partner` of `system_party`.
    kind: String,
}

impl From<&Organisation> for Owner {
    fn from(organisation: &Organisation) -> Self {
        Self {
            id: organisation.id.to_string(),
            name: organisation.name.to_string(),
            kind: organisation.kind.to_string(),
        }
    }
}

/// What only the owner and coordinators see of a post.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OwnView {
    /// `ask` of `standing`: hoe de eigenaar toestemming geeft voor een kennismaking.
    consent: String,
    /// Waarom de post gesloten of verborgen is; leeg als dat niet zo is.
    reason: String,
    /// Kenmerk uit het bestand waaruit de post komt.
    reference: Option<String>,
}

/// The part of a post that only some may see; `None` for others.
pub(crate) fn own_view(
    viewer: &Viewer,
    post: impl Into<Whereabouts>,
    consent: domain::posts::Consent,
    reference: Option<&str>,
    life: &Life,
) -> Option<OwnView> {
    may_manage(viewer, post).then(|| OwnView {
        consent: consent.to_string(),
        reason: life.reason.clone(),
        reference: reference.map(str::to_owned),
    })
}

/// Why a post is closed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Closure {
    /// `fulfilled_here`, `fulfilled_elsewhere`, `no_longer_needed`, `no_response`, `out_of_scope` of `duplicate`.
    #[schema(example = "fulfilled_here")]
    #[serde(default)]
    reason: String,
}

/// Why a post is hidden.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Hiding {
    /// Waarom, in hele zinnen: de eigenaar ziet dit.
    #[serde(default)]
    reason: String,
}

/// A post after something was done to its life.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct LifeView {
    /// Kenmerk.
    id: String,
    /// De staat waarin de post nu is.
    #[schema(example = "paused")]
    state: String,
    /// Wanneer de post vanzelf eindigt.
    expires_at: chrono::DateTime<chrono::Utc>,
}

/// Makes the operations on the life of one kind of post, each with its description in the contract.
///
/// Takes the kind's id, how that becomes the id of a post, its tag, and for each operation its address and name.
macro_rules! operations {
    ($id:ty, $post:path, $tag:literal, $(($operation:ident, $path:literal, $name:literal),)+) => {
        $(crate::api::posts::operation!($operation, $id, $post, $tag, $path, $name);)+
    };
}
pub(crate) use operations;

/// One operation: without a body, with one, or one that reads.
macro_rules! operation {
    (close, $id:ty, $post:path, $tag:literal, $path:literal, $name:literal) => {
        /// Sluit een post, met een reden. Niets wordt weggegooid; heropenen kan.
        #[utoipa::path(post, path = $path, operation_id = $name, tag = $tag, params(("id" = String, Path, description = "Kenmerk.")),
            request_body = crate::api::posts::Closure, security(("bearer" = [])),
            responses((status = 201, body = crate::api::posts::LifeView), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
        pub(crate) async fn close(app: web::Data<App>, who: Who, id: Id<$id>, body: Body<crate::api::posts::Closure>) -> Answer {
            crate::api::posts::close(&app, &who.0, $post(id.0), &body.0).await
        }
    };
    (hide, $id:ty, $post:path, $tag:literal, $path:literal, $name:literal) => {
        /// Verberg een post als coördinator, met een reden die de eigenaar ziet.
        #[utoipa::path(post, path = $path, operation_id = $name, tag = $tag, params(("id" = String, Path, description = "Kenmerk.")),
            request_body = crate::api::posts::Hiding, security(("bearer" = [])),
            responses((status = 201, body = crate::api::posts::LifeView), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
        pub(crate) async fn hide(app: web::Data<App>, who: Who, id: Id<$id>, body: Body<crate::api::posts::Hiding>) -> Answer {
            crate::api::posts::hide(&app, &who.0, $post(id.0), &body.0).await
        }
    };
    (matches, $id:ty, $post:path, $tag:literal, $path:literal, $name:literal) => {
        /// Wat nu bij een post past, het beste eerst, met de redenen.
        ///
        /// Dit zijn de koppelingen die lopen, aangevuld tot tien met wat verder past. Wat gesloten, verborgen of op pauze
        /// is, staat er niet bij.
        #[utoipa::path(get, path = $path, operation_id = $name, tag = $tag, params(("id" = String, Path, description = "Kenmerk.")),
            security(("bearer" = [])),
            responses((status = 200, body = List<crate::api::fits::FitView>), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)))]
        pub(crate) async fn matches(app: web::Data<App>, who: Who, id: Id<$id>) -> Answer {
            crate::api::posts::fits(&app, &who.0, $post(id.0)).await
        }
    };
    ($operation:ident, $id:ty, $post:path, $tag:literal, $path:literal, $name:literal) => {
        /// Zet een post even uit (`pauses`), open hem weer (`reopenings`), of zeg dat hij nog klopt (`renewals`).
        #[utoipa::path(post, path = $path, operation_id = $name, tag = $tag, params(("id" = String, Path, description = "Kenmerk.")),
            security(("bearer" = [])),
            responses((status = 201, body = crate::api::posts::LifeView), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
        pub(crate) async fn $operation(app: web::Data<App>, who: Who, id: Id<$id>) -> Answer {
            crate::api::posts::$operation(&app, &who.0, $post(id.0)).await
        }
    };
}
pub(crate) use operation;

pub(crate) async fn close(app: &App, viewer: &Viewer, id: PostId, closure: &Closure) -> Answer {
    let reason: CloseReason = closure
        .reason
        .parse()
        .map_err(|problem| Problem::invalid(vec![problem]))?;
    after(&app.close_post(viewer, id, reason).await?)
}

pub(crate) async fn pause(app: &App, viewer: &Viewer, id: PostId) -> Answer {
    after(&app.pause_post(viewer, id).await?)
}

pub(crate) async fn reopen(app: &App, viewer: &Viewer, id: PostId) -> Answer {
    after(&app.reopen_post(viewer, id).await?)
}

pub(crate) async fn renew(app: &App, viewer: &Viewer, id: PostId) -> Answer {
    after(&app.renew_post(viewer, id).await?)
}

pub(crate) async fn hide(app: &App, viewer: &Viewer, id: PostId, hiding: &Hiding) -> Answer {
    let mut problems = Gather::default();
    let reason = problems.at("reason", hiding.reason.parse::<Note>());
    if hiding.reason.trim().is_empty() {
        problems.keep::<()>(Err(domain::dutch::problems::required("reason")));
    }
    let reason = problems.done(|| reason).map_err(Problem::invalid)?;
    after(&app.hide_post(viewer, id, reason).await?)
}

/// What fits a post now, best first.
pub(crate) async fn fits(app: &App, viewer: &Viewer, id: PostId) -> Answer {
    let found = app.fits_of_post(viewer, id).await?;
    let items = found
        .into_iter()
        .map(|fit| FitView::new(app, viewer, &fit))
        .collect();
    ok(&List { items, next: None })
}

fn after(post: &Post) -> Answer {
    let noun = match post.id {
        PostId::Request(_) => "requests",
        PostId::Offer(_) => "offers",
    };
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, format!("/v1/{noun}/{}", post.id)))
        .insert_header(tag(post.life.version))
        .json(LifeView {
            id: post.id.to_string(),
            state: post.life.state.to_string(),
            expires_at: post.life.expires_at,
        }))
}

/// The states a list shows when nobody asked for one: what is open, and for an owner's own list everything.
pub(crate) fn usual_states(viewer: &Viewer, filter: &mut PostFilter) {
    let own = filter
        .organisation
        .is_some_and(|organisation| viewer.acts_for(organisation));
    if filter.states.is_empty() && !own && !viewer.coordinates() {
        filter.states = vec![PostState::Open];
    }
}
