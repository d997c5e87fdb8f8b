//! `/v1/reports/{report}`: figures for coordinators and funders, as JSON, CSV or a workbook by the Accept header.

#![expect(
    unused_qualifications,
    reason = "the contract macro names the query type by its path"
)]

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use app::App;
use app::reports::{self, ReportFields};
use domain::dutch::answers;
use domain::reports::ReportKind;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::{Answer, ok};
use crate::error::Problem;
use crate::extract::{Query, Who};

/// The media type of a workbook (Office Open XML, as registered with IANA).
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The media type of CSV (RFC 7111), with the names of the columns in the first line.
const CSV: &str = "text/csv; charset=utf-8; header=present";

/// What a report is asked about.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
#[derive(Default)]
pub(crate) struct ReportQuery {
    /// Eerste dag, zoals 2026-01-01; leeg is vanaf het begin.
    #[param(value_type = Option<String>, example = "2026-01-01")]
    from: String,
    /// Laatste dag, die meetelt; leeg is tot nu.
    #[param(value_type = Option<String>, example = "2026-03-31")]
    to: String,
    /// Gebied waar de vraag ligt of het aanbod werkt: een code of een naam.
    #[param(value_type = Option<String>)]
    region: String,
    /// Thema; een hoofdthema telt alles eronder mee.
    #[param(value_type = Option<String>)]
    theme: String,
    /// Fase.
    #[param(value_type = Option<String>)]
    phase: String,
    /// Soort hulp.
    #[param(value_type = Option<String>)]
    support: String,
}

/// A report: which one it is, and its rows. The API guide explains the columns of each.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Report, example = json!({ "report": "gaps", "items": [
    { "region": "PV25", "regionName": "Gelderland", "theme": "ontmoeten", "phase": "start", "support": "ruimte",
      "unansweredRequests": 4, "unusedOffers": null }
] }))]
struct ReportView {
    /// Welk rapport het is.
    report: String,
    /// De regels, met de kolommen van dit rapport als velden. Een cijfer is null als er niets te tellen is, of als het te
    /// klein is om aan anderen dan coördinatoren te laten zien.
    #[schema(value_type = Vec<Object>)]
    items: Vec<serde_json::Value>,
}

/// The ways a report goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Csv,
    Workbook,
}

/// Een rapport: `overview` (van bericht tot gelukte kennismaking), `gaps` (wat niemand beantwoordt of gebruikt), `outcomes` (wat ervan kwam) of `fairness` (wie hoe vaak aan de beurt komt).
///
/// De kop Accept kiest de vorm: `application/json`, `text/csv` of een Excel-werkmap. Een coördinator ziet alle cijfers van de eigen regio's. Andere leden van een gecontroleerde organisatie zien geen cijfers onder 3 en andere cijfers afgerond op een veelvoud van 3, en kiezen hele maanden en provincies.
#[utoipa::path(get, path = "/reports/{report}", operation_id = "getReport", tag = "rapporten",
    params(("report" = String, Path, description = "`overview`, `gaps`, `outcomes` of `fairness`."), ReportQuery), security(("bearer" = [])),
    responses((status = 200, description = "Het rapport.", content(
            (ReportView = "application/json"), (String = "text/csv"),
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
        (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem),
        (status = 406, body = Problem)))]
pub(crate) async fn get(
    app: web::Data<App>,
    who: Who,
    request: HttpRequest,
    query: Query<ReportQuery>,
) -> Answer {
    let kind: ReportKind = request
        .match_info()
        .get("report")
        .and_then(|code| code.parse().ok())
        .ok_or_else(Problem::not_found)?;
    let form = wanted(&request)?;
    let fields = ReportFields {
        from: query.0.from,
        to: query.0.to,
        region: query.0.region,
        theme: query.0.theme,
        phase: query.0.phase,
        support: query.0.support,
    };
    let report = app.report(&who.0, kind, "?", &fields).await?;
    let mut answer = match form {
        Form::Json => ok(&reports::json(&report))?,
        Form::Csv => file(kind, CSV, "csv", reports::csv(&report))?,
        Form::Workbook => file(kind, WORKBOOK, "xlsx", reports::workbook(&report))?,
    };
    let by_header = header::HeaderValue::from_static("accept");
    answer.headers_mut().insert(header::VARY, by_header);
    Ok(answer)
}

/// A file to keep.
fn file(
    kind: ReportKind,
    media: &'static str,
    ending: &str,
    made: Result<Vec<u8>, reports::FileError>,
) -> Answer {
    let bytes = made.map_err(|error| app::AppError::Broken(error.into()))?;
    let name = format!("attachment; filename=\"samenspel-{kind}.{ending}\"");
    Ok(HttpResponse::Ok()
        .content_type(media)
        .insert_header((header::CONTENT_DISPOSITION, name))
        .body(bytes))
}

/// The first form in the Accept header that there is; JSON for who takes anything or does not say.
fn wanted(request: &HttpRequest) -> Result<Form, Problem> {
    let accepted = request.headers().get(header::ACCEPT);
    let Some(accepted) = accepted.and_then(|value| value.to_str().ok()) else {
        return Ok(Form::Json);
    };
    let media = |kind: &str| {
        kind.split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_lowercase()
    };
    accepted
        .split(',')
        .find_map(|kind| match media(kind).as_str() {
            "" | "*/*" | "application/*" | "application/json" => Some(Form::Json),
            "text/csv" | "text/*" => Some(Form::Csv),
            WORKBOOK => Some(Form::Workbook),
            _ => None,
        })
        .ok_or_else(|| {
            Problem::new(
                StatusCode::NOT_ACCEPTABLE,
                "not_acceptable",
                answers::not_acceptable(&["application/json", "text/csv", WORKBOOK]),
            )
        })
}
