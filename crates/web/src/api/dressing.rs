//! What every operation of the contract has in common: the headers of its answers and the problems it can give. Said
//! once here, so that a new operation only describes what is its own; used by `openapi`.

use utoipa::Modify;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::{
    Content, Header, HttpMethod, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder,
};

/// A problem that operations can give: its status, its name in the contract, what it means, and its own headers.
type Known = (u16, &'static str, &'static str, &'static [Named]);

/// A header with what it says.
type Named = (&'static str, &'static str);

/// Every problem of the table in `error`, by status.
const PROBLEMS: [Known; 16] = [
    (
        400,
        "Invalid",
        "De vraag, het adres of de inhoud klopt niet; `errors` noemt elk veld.",
        &[],
    ),
    (
        401,
        "NotSignedIn",
        "Er is geen token, of het geldt niet.",
        &[("WWW-Authenticate", "Hoe u zich aanmeldt: `Bearer`.")],
    ),
    (403, "Forbidden", "De rol mag dit niet.", &[]),
    (404, "NotFound", "Hier is niets, of het is niet van u.", &[]),
    (406, "NotAcceptable", "Dit soort antwoord is er niet.", &[]),
    (408, "TooSlow", "De inhoud kwam niet op tijd.", &[]),
    (409, "Conflict", "Dit kan nu niet; `code` zegt waarom.", &[]),
    (410, "LinkOver", "De link is te oud of al gebruikt.", &[]),
    (
        412,
        "Stale",
        "Iemand anders heeft dit intussen gewijzigd.",
        &[],
    ),
    (413, "TooLarge", "De inhoud is te groot.", &[]),
    (
        415,
        "MediaType",
        "De inhoud is niet van het goede soort.",
        &[],
    ),
    (
        422,
        "KeyReused",
        "Deze `Idempotency-Key` is voor iets anders gebruikt.",
        &[],
    ),
    (
        428,
        "PreconditionRequired",
        "Stuur de versie mee die u zag, in `If-Match`.",
        &[],
    ),
    (
        429,
        "TooMany",
        "Te vaak of te veel tegelijk.",
        &[RETRY_AFTER, BUDGET[0], BUDGET[1]],
    ),
    (500, "Broken", "Een fout van ons.", &[]),
    (503, "Busy", "Het is te druk.", &[RETRY_AFTER]),
];

const RETRY_AFTER: Named = (
    "Retry-After",
    "Na hoeveel seconden u het weer kunt proberen.",
);

/// What an answer tells of how often somebody may ask.
const BUDGET: [Named; 2] = [
    (
        "RateLimit-Policy",
        "Hoe vaak u dit mag vragen: `q` keer in `w` seconden.",
    ),
    (
        "RateLimit",
        "Hoe vaak u dit nog mag vragen (`r`), en over hoeveel seconden dat weer meer is (`t`).",
    ),
];

/// Statuses that any operation can answer with.
const ALWAYS: [u16; 4] = [400, 406, 500, 503];

/// Statuses of an operation that reads a body.
const WITH_BODY: [u16; 3] = [408, 413, 415];

/// Statuses of an operation that is done once under an `Idempotency-Key`.
const REPEATED: [u16; 2] = [409, 422];

/// Addresses where that header means nothing: their answers hold tokens, which are kept nowhere.
const NEVER_REPEATED: &str = "/sessions";

/// A header that a client may send: its name, what it says, and the form it has, if it must have one.
type Asked = (&'static str, &'static str, &'static str);

const IDEMPOTENCY_KEY: Asked = (
    "Idempotency-Key",
    "Een sleutel die u zelf kiest, zoals een UUID. Wat u binnen een dag met dezelfde sleutel nog eens stuurt, gebeurt niet nog eens; u krijgt hetzelfde antwoord.",
    r"^[!#-\[\]-~]{1,255}$",
);

const IF_MATCH: Asked = (
    "If-Match",
    "De `ETag` van wat u zag. Heeft iemand het intussen gewijzigd, dan krijgt u 412 en verandert er niets.",
    // What is no tag matches nothing, so anything may be sent.
    "",
);

/// Gives every operation what all of its kind have.
pub(crate) struct Dressing;

impl Modify for Dressing {
    fn modify(&self, contract: &mut OpenApi) {
        let components = contract.components.get_or_insert_default();
        for (path, item) in &mut contract.paths.paths {
            for (method, operation) in operations(item) {
                dress(operation, &method, path);
                let named = operation.responses.responses.keys();
                for known in PROBLEMS
                    .iter()
                    .filter(|known| named.clone().any(|status| *status == known.0.to_string()))
                {
                    components
                        .responses
                        .insert(known.1.to_owned(), RefOr::T(problem(known)));
                }
            }
        }
    }
}

/// The operations of an address, each with its method.
pub(crate) fn operations(item: &mut PathItem) -> Vec<(HttpMethod, &mut Operation)> {
    let PathItem {
        get,
        put,
        post,
        delete,
        patch,
        ..
    } = item;
    [
        (HttpMethod::Get, get),
        (HttpMethod::Put, put),
        (HttpMethod::Post, post),
        (HttpMethod::Delete, delete),
        (HttpMethod::Patch, patch),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
    .collect()
}

fn dress(operation: &mut Operation, method: &HttpMethod, path: &str) {
    let mut wanted = ALWAYS.to_vec();
    if operation.request_body.is_some() {
        wanted.extend(WITH_BODY);
    }
    if operation.security.is_some() {
        wanted.push(401);
    }
    if path.contains('{') {
        wanted.push(404);
    }
    if *method == HttpMethod::Post && !path.starts_with(NEVER_REPEATED) {
        wanted.extend(REPEATED);
        ask(operation, &IDEMPOTENCY_KEY);
    }
    if operation.responses.responses.contains_key("412") {
        ask(operation, &IF_MATCH);
    }
    let answers = &mut operation.responses.responses;
    let is_counted = answers.contains_key("429");
    for status in wanted {
        answers
            .entry(status.to_string())
            .or_insert_with(|| Response::default().into());
    }
    for (status, answer) in answers {
        match PROBLEMS.iter().find(|known| *status == known.0.to_string()) {
            Some(known) => *answer = RefOr::Ref(Ref::from_response_name(known.1)),
            None => {
                if let RefOr::T(answer) = answer {
                    succeed(answer, status, method);
                    if is_counted {
                        tell(answer, &BUDGET);
                    }
                }
            }
        }
    }
}

/// Adds a header that may be sent.
fn ask(operation: &mut Operation, (name, meaning, form): &Asked) {
    let header = ParameterBuilder::new()
        .name(*name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(*meaning))
        .schema(Some(
            ObjectBuilder::new()
                .schema_type(SchemaType::Type(Type::String))
                .pattern((!form.is_empty()).then_some(*form)),
        ))
        .build();
    operation
        .parameters
        .get_or_insert_default()
        .push(RefOr::T(header));
}

/// What an answer that is no problem has.
fn succeed(answer: &mut Response, status: &str, method: &HttpMethod) {
    if answer.description.is_empty() {
        let said = match status {
            "201" => "Gemaakt of gedaan.",
            "202" => "Aangenomen.",
            "204" => "Gedaan; er is niets te melden.",
            _ => "Gelukt.",
        };
        said.clone_into(&mut answer.description);
    }
    tell(answer, &[VERSION]);
    if *method == HttpMethod::Post && status == "201" {
        tell(answer, &[("Location", "Waar dit staat.")]);
    }
}

/// Adds headers to the description of an answer.
fn tell(answer: &mut Response, headers: &[Named]) {
    for header in headers {
        let (name, header) = described(*header);
        answer.headers.entry(name).or_insert(header);
    }
}

const VERSION: Named = ("API-Version", "De versie van de API, zoals `1.0.0`.");

fn problem((_, _, meaning, own): &Known) -> Response {
    let mut answer = ResponseBuilder::new()
        .description(*meaning)
        .content(
            "application/problem+json",
            Content::new(Some(Ref::from_schema_name("Problem"))),
        )
        .build();
    tell(&mut answer, &[VERSION]);
    tell(&mut answer, own);
    answer
}

fn described((name, meaning): Named) -> (String, RefOr<Header>) {
    let header: Header = HeaderBuilder::new()
        .schema(Some(
            ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)),
        ))
        .description(Some(meaning))
        .build();
    (name.to_owned(), header.into())
}
