//! `/v1/suggestions`: what a post that is still being written is probably about.

use actix_web::web;
use app::{App, AppError, Draft, DraftPlace, Suggested, SuggestionFields};
use domain::members::Viewer;
use domain::posts::PostKind;
use domain::region::Region;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::near_duplicates::{self, NearDuplicateView};
use crate::api::{Answer, ok};
use crate::error::Problem;
use crate::extract::Body;

/// A post that is still being written; every field may be left out.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Writing {
    /// Titel, hoogstens 120 tekens.
    #[schema(example = "Zaal gezocht voor onze buurtmaaltijd")]
    title: String,
    /// Het verhaal, hoogstens 5000 tekens.
    #[schema(example = "Wij zijn net begonnen en zoeken een ruimte om samen te koken.")]
    body: String,
    /// Plaats, wijk of postcode, hoogstens 120 tekens.
    #[schema(example = "De Heeze, Apeldoorn")]
    place: Option<String>,
}

/// Values for the fields of a post.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Suggestions)]
pub(crate) struct SuggestionsView {
    /// Thema's, hoogstens vier, het zekerste eerst.
    themes: Vec<Suggestion>,
    /// De fase; null als de tekst die niet verraadt.
    phase: Option<Suggestion>,
    /// Soorten hulp, hoogstens vier, de zekerste eerst.
    support: Vec<Suggestion>,
    /// De gemeente; null als plaats en tekst er niet één aanwijzen.
    municipality: Option<Suggestion>,
    /// Plaatsen die bedoeld kunnen zijn als de gemeente niet duidelijk is; vul een ervan in als plaats.
    #[schema(example = json!([]))]
    places: Vec<String>,
    /// Open vragen uit die gemeente die bijna hetzelfde zijn, hoogstens drie.
    near_duplicates: Vec<NearDuplicateView>,
}

/// A value for a field.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Suggestion {
    /// De code.
    #[schema(example = "ruimte")]
    code: String,
    /// De naam.
    #[schema(example = "Ruimte")]
    label: String,
    /// Hoe zeker dit is, 0 tot en met 1.
    #[schema(example = 0.73)]
    confidence: f64,
    /// De woorden uit titel, tekst en plaats waaruit dit blijkt.
    #[schema(example = json!(["zaal gezocht"]))]
    evidence: Vec<String>,
}

impl Suggestion {
    fn new<T: Copy + ToString>(found: Suggested<T>, label: impl Fn(T) -> String) -> Self {
        Self {
            code: found.value.to_string(),
            label: label(found.value),
            confidence: found.confidence,
            evidence: found.evidence,
        }
    }
}

/// Laat zien waar een bericht over gaat, voor velden die nog leeg zijn. Niets wordt bewaard.
#[utoipa::path(post, path = "/suggestions", operation_id = "suggest", tag = "woordenlijsten", request_body = Writing,
    responses((status = 200, body = SuggestionsView), (status = 400, body = Problem)))]
pub(crate) async fn post(app: web::Data<App>, body: Body<Writing>) -> Answer {
    let Writing { title, body, place } = body.0;
    let fields = SuggestionFields {
        title,
        body,
        place: place.unwrap_or_default(),
    };
    let found = app::suggest(&fields, PostKind::Request).map_err(AppError::Invalid)?;
    let near_duplicates = match &found.municipality {
        Some(home) => {
            let draft = Draft {
                id: None,
                title: fields.title,
                body: fields.body,
                place: DraftPlace::Request(home.value),
            };
            near_duplicates::of(&app, &Viewer::Anyone, draft).await
        }
        None => Vec::new(),
    };
    let municipality = |code| app.region_label(Region::Municipality(code));
    ok(&SuggestionsView {
        themes: all(found.themes, |theme| theme.label().to_owned()),
        phase: found
            .phase
            .map(|phase| Suggestion::new(phase, |phase| phase.label().to_owned())),
        support: all(found.support, |kind| kind.label().to_owned()),
        municipality: found
            .municipality
            .map(|found| Suggestion::new(found, municipality)),
        places: found.places,
        near_duplicates,
    })
}

fn all<T: Copy + ToString>(
    found: Vec<Suggested<T>>,
    label: impl Fn(T) -> String,
) -> Vec<Suggestion> {
    found
        .into_iter()
        .map(|each| Suggestion::new(each, &label))
        .collect()
}
