//! The style and the picture every page loads: compiled in, named with their version, so that browsers keep them.

use std::hash::{DefaultHasher, Hash, Hasher};

use actix_web::http::header::{self, EntityTag, IfNoneMatch};
use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::{Answer, not_found};
use crate::extract::tagged;

struct File {
    name: &'static str,
    kind: &'static str,
    text: &'static str,
}

const FILES: [File; 2] = [
    File {
        name: "style.css",
        kind: "text/css; charset=utf-8",
        text: include_str!("../../static/style.css"),
    },
    File {
        name: "logo.svg",
        kind: "image/svg+xml",
        text: include_str!("../../static/logo.svg"),
    },
];

impl File {
    fn find(name: &str) -> Option<&'static Self> {
        FILES.iter().find(|file| file.name == name)
    }

    /// Another for every other content.
    fn version(&self) -> String {
        let mut hasher = DefaultHasher::new();
        self.text.hash(&mut hasher);
        format!("{:016x}", hasher.finish())
    }
}

/// The address of a file with its version, for the frame of every page.
pub(crate) fn address(name: &str) -> String {
    let version = File::find(name).map(File::version).unwrap_or_default();
    format!("/static/{name}?v={version}")
}

/// Which version of a file is asked.
#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    v: String,
}

/// `GET /static/{file}`
pub(crate) async fn get(
    name: web::Path<String>,
    asked: Option<web::Query<Asked>>,
    known: Option<web::Header<IfNoneMatch>>,
) -> Answer {
    let Some(file) = File::find(&name) else {
        return Ok(not_found());
    };
    let version = file.version();
    let keep = if asked.is_some_and(|asked| asked.v == version) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let tag = EntityTag::new_strong(version);
    let whole = HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, keep))
        .insert_header((header::CONTENT_TYPE, file.kind))
        .body(file.text);
    Ok(tagged(tag, known, whole))
}
