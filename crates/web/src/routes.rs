//! Every address the service answers to, and nothing else.

use actix_web::http::{StatusCode, header};
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{
    Handler, HttpRequest, HttpResponse, Resource, Responder, ResponseError, Route, guard,
};
use domain::dutch::answers;
use domain::links::LinkPurpose;

use crate::api::{
    consents, health, login_links, match_reviews, match_runs, matches, me, members, offers,
    openapi, organisations, outbox, outcomes, places, promises, registrations, reports, requests,
    sessions, subscriptions, suggestions, unsubscriptions, verifications, vocabularies,
};
use crate::error::Problem;
use crate::{admission, feeds, idempotency, metrics, pages, security_txt};

/// Fills the table.
pub(crate) fn configure(service: &mut ServiceConfig) {
    service
        .service(at("/healthz/live", [get(health::live)]))
        .service(at("/healthz/ready", [get(health::ready)]))
        .service(at("/metrics", [get(metrics::get)]))
        .service(at("/.well-known/security.txt", [get(security_txt::get)]))
        .service(
            web::scope("/v1")
                // The last is asked first: who must sign in hears that before anything is done under a key.
                .wrap(from_fn(idempotency::once))
                .wrap(from_fn(promises::keep))
                .wrap(from_fn(admission::tell))
                .configure(api)
                .default_service(web::to(nothing)),
        )
        .configure(site)
        .configure(feeds)
        .default_service(web::to(nothing));
}

/// The pages. What a link in a letter leads to has its address in `app`, where the letters are written.
fn site(service: &mut ServiceConfig) {
    let of_link = |purpose| format!("{}/{{token}}", app::page_path(purpose));
    service
        .service(at("/", [get(pages::home::get)]))
        .service(at("/vragen", [get(pages::requests::list)]))
        .service(at("/vragen/{id}", [get(pages::requests::get)]))
        .service(at("/aanbod", [get(pages::offers::list)]))
        .service(at("/aanbod/{id}", [get(pages::offers::get)]))
        .service(at("/begrippen", [get(pages::vocabulary::get)]))
        .service(at("/privacy", [get(pages::privacy::get)]))
        .service(at(
            &format!("{}/{{token}}", app::UNSUBSCRIBE_PATH),
            [
                get(pages::unsubscriptions::get),
                post(pages::unsubscriptions::post),
            ],
        ))
        .service(at("/static/{file}", [get(pages::files::get)]))
        .service(at(
            &of_link(LinkPurpose::Consent),
            [get(pages::consents::get), post(pages::consents::post)],
        ))
        .service(at(
            &of_link(LinkPurpose::Outcome),
            [get(pages::outcomes::get), post(pages::outcomes::post)],
        ))
        .service(at(
            &of_link(LinkPurpose::Renew),
            [get(pages::renewals::get), post(pages::renewals::post)],
        ))
        .service(at(
            &of_link(LinkPurpose::Close),
            [get(pages::closures::get), post(pages::closures::post)],
        ))
        .service(at(
            app::page_path(LinkPurpose::Confirm),
            [get(pages::confirmations::done)],
        ))
        .service(at(
            &of_link(LinkPurpose::Confirm),
            [
                get(pages::confirmations::get),
                post(pages::confirmations::post),
            ],
        ))
        .service(at(
            app::page_path(LinkPurpose::Login),
            [get(pages::sessions::show)],
        ))
        .service(at(
            &of_link(LinkPurpose::Login),
            [get(pages::sessions::get), post(pages::sessions::post)],
        ))
        .service(at("/uitloggen", [post(pages::sessions::end)]))
        .service(at(
            app::page_path(LinkPurpose::Settings),
            [get(pages::settings::explain)],
        ))
        .service(at(
            &of_link(LinkPurpose::Settings),
            [get(pages::settings::get), post(pages::settings::post)],
        ));
}

/// The public lists for feed readers.
fn feeds(service: &mut ServiceConfig) {
    service
        .service(at("/feeds/requests.atom", [get(feeds::requests_atom)]))
        .service(at("/feeds/requests.json", [get(feeds::requests_json)]))
        .service(at("/feeds/offers.atom", [get(feeds::offers_atom)]))
        .service(at("/feeds/offers.json", [get(feeds::offers_json)]));
}

fn api(service: &mut ServiceConfig) {
    service
        .configure(people)
        .configure(market)
        .configure(meetings)
        .configure(words);
}

/// Who takes part: they come in, sign in, and follow the market.
fn people(service: &mut ServiceConfig) {
    service
        .service(at("/registrations", [post(registrations::post)]))
        .service(at("/login-links", [post(login_links::post)]))
        .service(at("/sessions", [post(sessions::post)]))
        .service(at("/sessions/refreshes", [post(sessions::refresh)]))
        .service(at("/sessions/current", [delete(sessions::delete)]))
        .service(at(
            "/me",
            [get(me::get), patch(me::patch), delete(me::delete)],
        ))
        .service(at("/me/export", [get(me::export)]))
        .service(at("/organisations", [get(organisations::list)]))
        .service(at(
            "/organisations/{id}",
            [get(organisations::get), patch(organisations::patch)],
        ))
        .service(at(
            "/organisations/{id}/members",
            [get(members::list), post(members::post)],
        ))
        .service(at(
            "/organisations/{id}/members/{memberId}",
            [delete(members::delete)],
        ))
        .service(at(
            "/organisations/{id}/verifications",
            [post(verifications::post)],
        ))
        .service(at(
            "/subscriptions",
            [get(subscriptions::list), post(subscriptions::post)],
        ))
        .service(at(
            "/subscriptions/{id}",
            [
                get(subscriptions::get),
                patch(subscriptions::patch),
                delete(subscriptions::delete),
            ],
        ));
}

/// What is asked and offered.
fn market(service: &mut ServiceConfig) {
    service
        .service(at("/requests", [get(requests::list), post(requests::post)]))
        .service(at(
            "/requests/{id}",
            [get(requests::get), patch(requests::patch)],
        ))
        .service(at("/requests/{id}/closures", [post(requests::close)]))
        .service(at("/requests/{id}/pauses", [post(requests::pause)]))
        .service(at("/requests/{id}/reopenings", [post(requests::reopen)]))
        .service(at("/requests/{id}/renewals", [post(requests::renew)]))
        .service(at("/requests/{id}/hidings", [post(requests::hide)]))
        .service(at("/requests/{id}/matches", [get(requests::matches)]))
        .service(at("/offers", [get(offers::list), post(offers::post)]))
        .service(at("/offers/{id}", [get(offers::get), patch(offers::patch)]))
        .service(at("/offers/{id}/closures", [post(offers::close)]))
        .service(at("/offers/{id}/pauses", [post(offers::pause)]))
        .service(at("/offers/{id}/reopenings", [post(offers::reopen)]))
        .service(at("/offers/{id}/renewals", [post(offers::renew)]))
        .service(at("/offers/{id}/hidings", [post(offers::hide)]))
        .service(at("/offers/{id}/matches", [get(offers::matches)]));
}

/// What fits, what came of it, and the figures about it.
fn meetings(service: &mut ServiceConfig) {
    service
        .service(at("/matches", [get(matches::list), post(matches::post)]))
        .service(at("/matches/{id}", [get(matches::get)]))
        .service(at("/matches/{id}/claims", [post(match_reviews::claim)]))
        .service(at("/matches/{id}/reviews", [post(match_reviews::one)]))
        .service(at("/match-reviews", [post(match_reviews::many)]))
        .service(at("/matches/{id}/outcomes", [post(matches::outcome)]))
        .service(at(
            "/match-runs",
            [get(match_runs::list), post(match_runs::post)],
        ))
        .service(at("/match-runs/{id}", [get(match_runs::get)]))
        .service(at("/match-runs/{id}/sign-offs", [post(match_runs::sign)]))
        .service(at(
            "/consents/{token}",
            [get(consents::get), post(consents::post)],
        ))
        .service(at(
            "/outcomes/{token}",
            [get(outcomes::get), post(outcomes::post)],
        ))
        .service(at("/reports/{report}", [get(reports::get)]))
        .service(at("/outbox", [get(outbox::list)]))
        .service(at("/outbox/{id}/retries", [post(outbox::retry)]));
}

/// The contract, the words it uses, and what needs no account.
fn words(service: &mut ServiceConfig) {
    service
        .service(at("/openapi.json", [get(openapi::json)]))
        .service(at("/openapi.yaml", [get(openapi::yaml)]))
        .service(at(
            "/unsubscriptions/{token}",
            [get(unsubscriptions::get), post(unsubscriptions::post)],
        ))
        .service(at("/vocabularies/themes", [get(vocabularies::themes)]))
        .service(at(
            "/vocabularies/review-reasons",
            [get(vocabularies::review_reasons)],
        ))
        .service(at("/vocabularies/phases", [get(vocabularies::phases)]))
        .service(at(
            "/vocabularies/support-kinds",
            [get(vocabularies::support_kinds)],
        ))
        .service(at("/vocabularies/regions", [get(vocabularies::regions)]))
        .service(at("/places", [get(places::list)]))
        .service(at("/suggestions", [post(suggestions::post)]));
}

/// What answers one method at an address.
struct Answers {
    methods: &'static str,
    route: Route,
}

/// A function that has a method of HTTP answered by a handler.
macro_rules! answered {
    ($name:ident, $methods:literal, $route:expr) => {
        fn $name<F, Args>(handler: F) -> Answers
        where
            F: Handler<Args>,
            Args: actix_web::FromRequest + 'static,
            F::Output: Responder + 'static,
        {
            Answers {
                methods: $methods,
                route: $route.to(handler),
            }
        }
    };
}

answered!(
    get,
    "GET, HEAD",
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
);
answered!(post, "POST", web::post());
answered!(patch, "PATCH", web::patch());
answered!(delete, "DELETE", web::delete());

/// An address with what answers each method; any other method is told which ones there are.
fn at<const N: usize>(path: &str, answers: [Answers; N]) -> Resource {
    let allowed = answers
        .iter()
        .map(|each| each.methods)
        .collect::<Vec<_>>()
        .join(", ");
    answers
        .into_iter()
        .fold(web::resource(path), |resource, each| {
            resource.route(each.route)
        })
        .default_service(web::to(move || {
            let allowed = allowed.clone();
            async move { wrong_method(&allowed) }
        }))
}

fn wrong_method(allowed: &str) -> HttpResponse {
    let problem = Problem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        answers::method_not_allowed(allowed),
    );
    let mut answer = problem.error_response();
    if let Ok(value) = header::HeaderValue::from_str(allowed) {
        answer.headers_mut().insert(header::ALLOW, value);
    }
    answer
}

/// Nothing stands at this address: said on a page to a browser, as problem details to anything else.
async fn nothing(request: HttpRequest) -> HttpResponse {
    let accepted = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    let is_browser = accepted.is_some_and(|kinds| kinds.contains("text/html"));
    if is_browser && !request.path().starts_with("/v1") {
        pages::not_found()
    } else {
        Problem::not_found().error_response()
    }
}
