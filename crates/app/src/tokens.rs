//! Proofs of who somebody is: bearer tokens for the API, and the random tokens in mail links.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::MemberId;
use domain::members::{Member, Viewer};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::App;
use crate::error::AppError;

/// The kind of token a bearer token says it is (RFC 9068 §2.1).
const TYPE: &str = "at+jwt";

/// Whom bearer tokens are for.
const AUDIENCE: &str = "samenspel-api";

/// Bytes of randomness in the token of a mail link: 256 bits.
const TOKEN_BYTES: usize = 32;

/// The keys bearer tokens are signed and checked with.
pub(crate) struct Secret {
    signing: EncodingKey,
    checking: DecodingKey,
}

impl Secret {
    pub(crate) fn new(text: &str) -> Self {
        Self {
            signing: EncodingKey::from_secret(text.as_bytes()),
            checking: DecodingKey::from_secret(text.as_bytes()),
        }
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    sub: String,
    iss: String,
    aud: String,
    exp: i64,
    nbf: i64,
    iat: i64,
    jti: String,
}

impl App {
    /// A bearer token for the member with this address, and when it ends.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when nobody has the address.
    pub async fn issue_token(&self, email: &str) -> Result<(String, DateTime<Utc>), AppError> {
        let email: domain::email_address::EmailAddress = email.parse()?;
        let member = self
            .db()
            .read(move |conn| store::members::find_by_email(conn, &email))
            .await?
            .ok_or(AppError::NotFound)?;
        self.token_for(member.id)
    }

    pub(crate) fn token_for(&self, member: MemberId) -> Result<(String, DateTime<Utc>), AppError> {
        let now = self.now();
        let end = now + TimeDelta::minutes(self.config().auth.token_minutes);
        let claims = Claims {
            sub: member.to_string(),
            iss: self.config().http.public_url.clone(),
            aud: AUDIENCE.to_owned(),
            exp: end.timestamp(),
            nbf: now.timestamp(),
            iat: now.timestamp(),
            jti: random_text(),
        };
        let header = Header {
            typ: Some(TYPE.to_owned()),
            ..Header::new(Algorithm::HS256)
        };
        jsonwebtoken::encode(&header, &claims, &self.0.secret.signing)
            .map(|token| (token, end))
            .map_err(|error| AppError::Broken(error.into()))
    }

    /// Who comes with this bearer token; nobody in particular without one. The member is read from the database, so a
    /// change of role counts from the next request.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`] when the token does not hold.
    pub async fn viewer(&self, bearer: Option<&str>) -> Result<Viewer, AppError> {
        let Some(token) = bearer else {
            return Ok(Viewer::Anyone);
        };
        let id = self.subject_of(token).ok_or(AppError::NotSignedIn)?;
        match self
            .db()
            .read(move |conn| store::members::find(conn, id))
            .await
        {
            Ok(member) => Ok(Viewer::Member(member)),
            Err(store::StoreError::NotFound) => Err(AppError::NotSignedIn),
            Err(other) => Err(other.into()),
        }
    }

    fn subject_of(&self, token: &str) -> Option<MemberId> {
        let read =
            jsonwebtoken::decode::<Claims>(token, &self.0.secret.checking, &self.validation())
                .ok()?;
        let now = self.now().timestamp();
        let holds = read.header.typ.as_deref() == Some(TYPE)
            && read.claims.nbf <= now + LEEWAY
            && read.claims.exp > now - LEEWAY;
        holds.then(|| read.claims.sub.parse().ok()).flatten()
    }

    /// The one description of a token that holds. The library checks a claim only when it is there, so each is required
    /// by name; the times are checked against our own clock.
    fn validation(&self) -> Validation {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        validation.set_issuer(&[&self.config().http.public_url]);
        validation.set_audience(&[AUDIENCE]);
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation
    }
}

/// Seconds clocks of different machines may differ.
const LEEWAY: i64 = 5;

/// The member of a viewer who must have signed in.
///
/// # Errors
/// [`AppError::NotSignedIn`] for anyone.
pub(crate) fn signed_in(viewer: &Viewer) -> Result<&Member, AppError> {
    viewer.member().ok_or(AppError::NotSignedIn)
}

/// The member of a viewer who must coordinate.
///
/// # Errors
/// [`AppError::NotSignedIn`] for anyone, [`AppError::Forbidden`] for a member.
pub(crate) fn coordinator(viewer: &Viewer) -> Result<&Member, AppError> {
    let member = signed_in(viewer)?;
    if member.coordinates() {
        Ok(member)
    } else {
        Err(AppError::Forbidden)
    }
}

/// Unguessable text of 43 characters that can stand in a URL.
pub(crate) fn random_text() -> String {
    let mut bytes = [0_u8; TOKEN_BYTES];
    rand::fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What is kept of a token: its SHA-256 in hexadecimal. The token is random, so it needs no salt.
pub(crate) fn hash(token: &str) -> String {
    hexadecimal(&Sha256::digest(token.as_bytes()))
}

/// Bytes as text, two digits each.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
