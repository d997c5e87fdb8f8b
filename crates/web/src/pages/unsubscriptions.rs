//! No more reminders, or no more digests: one button, and the click a mail program sends by itself (RFC 8058), which has no more to say.

use actix_web::{HttpResponse, web};
use app::{App, UNSUBSCRIBE_PATH, Unsubscription as Asked};
use askama::Template;
use domain::dutch::subscriptions as words;
use domain::links::LinkPurpose;
use domain::person_name::DisplayName;

use super::{Answer, link_address, personal, see_other, token_text};

/// What a mail program sends, as a form of either kind.
const ONE_CLICK: &[u8] = b"One-Click";

#[derive(Template)]
#[template(path = "nl/unsubscription.html")]
pub(super) struct Unsubscription {
    pub(super) name: DisplayName,
    /// Whether reminders still come.
    pub(super) reminders: bool,
    /// The address of the settings page.
    pub(super) settings: String,
}

#[derive(Template)]
#[template(path = "nl/digest_stop.html")]
pub(super) struct DigestStop {
    pub(super) name: DisplayName,
    /// What the digest is about and how often it comes; none when it ended.
    pub(super) followed: Option<(String, &'static str)>,
}

/// `GET /afmelden/{token}`
pub(crate) async fn get(app: web::Data<App>, token: web::Path<String>) -> Answer {
    match app.unsubscription_of(&token).await? {
        Asked::Reminders(member) => personal(&Unsubscription {
            name: member.name,
            reminders: member.wants_reminders,
            settings: link_address(LinkPurpose::Settings, &token),
        }),
        Asked::Digest(member, subscription) => personal(&DigestStop {
            name: member.name,
            followed: subscription.map(|found| {
                let content = found.content;
                (
                    words::what(&content.kinds),
                    words::how_often(content.frequency),
                )
            }),
        }),
    }
}

/// `POST /afmelden/{token}`: the button leads on, and the click of a mail program is answered where it is, because some
/// of them do not follow (RFC 8058 §3.1).
pub(crate) async fn post(
    app: web::Data<App>,
    token: web::Path<String>,
    body: web::Bytes,
) -> Answer {
    app.unsubscribe(&token).await?;
    if body.windows(ONE_CLICK.len()).any(|part| part == ONE_CLICK) {
        return Ok(HttpResponse::Ok().finish());
    }
    see_other(&format!("{UNSUBSCRIBE_PATH}/{}", token_text(&token)))
}
