//! Proofs of who somebody is: bearer tokens for the API, and the random tokens in mail links.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{MemberId, SessionId};
use domain::members::{Member, Viewer};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use secrecy::{ExposeSecret, SecretString};
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

/// The keys bearer tokens are signed and checked with: one signs, and those of before are still good for checking.
pub(crate) struct Keys {
    signing: EncodingKey,
    /// The name of the key that signs.
    id: String,
    /// Every key that is good, with its name.
    checking: Vec<(String, DecodingKey)>,
}

impl Keys {
    /// Keys made of the secret that signs, and of those that signed before.
    pub(crate) fn new(secret: &str, previous: &[SecretString]) -> Self {
        let good = std::iter::once(secret).chain(previous.iter().map(ExposeSecret::expose_secret));
        Self {
            signing: EncodingKey::from_secret(secret.as_bytes()),
            id: key_id(secret),
            checking: good
                .map(|text| (key_id(text), DecodingKey::from_secret(text.as_bytes())))
                .collect(),
        }
    }

    fn named(&self, id: &str) -> Option<&DecodingKey> {
        let mut good = self.checking.iter();
        good.find(|(name, _)| name == id).map(|(_, key)| key)
    }
}

/// Letters of the name of a key.
const KEY_ID_LENGTH: usize = 16;

/// The name of a key: from the secret itself, so that servers with the same settings use the same names. Who has a
/// token can try secrets on its signature as well, so the name tells nothing more.
fn key_id(secret: &str) -> String {
    hash(&format!("key id of {secret}"))
        .chars()
        .take(KEY_ID_LENGTH)
        .collect()
}

/// Whom a bearer token is of, and the session it was given out for; the command line gives them out without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bearer {
    pub(crate) member: MemberId,
    pub(crate) session: Option<SessionId>,
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sid: Option<SessionId>,
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
        self.token_for(Bearer {
            member: member.id,
            session: None,
        })
    }

    pub(crate) fn token_for(&self, bearer: Bearer) -> Result<(String, DateTime<Utc>), AppError> {
        let now = self.now();
        let end = now + TimeDelta::minutes(self.config().auth.token_minutes);
        let claims = Claims {
            sub: bearer.member.to_string(),
            iss: self.config().http.public_url.clone(),
            aud: AUDIENCE.to_owned(),
            exp: end.timestamp(),
            nbf: now.timestamp(),
            iat: now.timestamp(),
            jti: random_text(),
            sid: bearer.session,
        };
        let header = Header {
            typ: Some(TYPE.to_owned()),
            kid: Some(self.0.keys.id.clone()),
            ..Header::new(Algorithm::HS256)
        };
        jsonwebtoken::encode(&header, &claims, &self.0.keys.signing)
            .map(|token| (token, end))
            .map_err(|error| AppError::Broken(error.into()))
    }

    /// Who comes with this bearer token; nobody in particular without one. The member is read from the database together
    /// with the session, so a change of role and the end of a session count from the next request.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`] when the token does not hold.
    pub async fn viewer(&self, bearer: Option<&str>) -> Result<Viewer, AppError> {
        let Some(token) = bearer else {
            return Ok(Viewer::Anyone);
        };
        let bearer = self.bearer_of(token).ok_or(AppError::NotSignedIn)?;
        let now = self.now();
        let found = self
            .db()
            .read(move |conn| match bearer.session {
                Some(session) => store::sessions::member_of(conn, session, bearer.member, now),
                None => store::members::present(conn, bearer.member),
            })
            .await;
        match found {
            Ok(member) => Ok(Viewer::Member(member)),
            Err(store::StoreError::NotFound) => Err(AppError::NotSignedIn),
            Err(other) => Err(other.into()),
        }
    }

    /// A text that goes out and comes back, with a signature that shows that it is ours.
    ///
    /// # Errors
    /// [`AppError::Broken`] when it cannot be signed.
    pub fn seal(&self, text: &str) -> Result<String, AppError> {
        let key = &self.0.keys.signing;
        jsonwebtoken::crypto::sign(sealed(text).as_bytes(), key, Algorithm::HS256)
            .map(|signature| format!("{text}.{signature}"))
            .map_err(|error| AppError::Broken(error.into()))
    }

    /// The text that [`Self::seal`] gave out; `None` for what we never sealed.
    pub fn unseal(&self, typed: &str) -> Option<String> {
        let (text, signature) = typed.rsplit_once('.')?;
        let message = sealed(text);
        let signed = |key| {
            jsonwebtoken::crypto::verify(signature, message.as_bytes(), key, Algorithm::HS256)
                .unwrap_or(false)
        };
        let mut keys = self.0.keys.checking.iter();
        keys.any(|(_, key)| signed(key)).then(|| text.to_owned())
    }

    /// Whom a bearer token is of, if it holds.
    pub(crate) fn bearer_of(&self, token: &str) -> Option<Bearer> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        let key = self.0.keys.named(header.kid.as_deref()?)?;
        let claims = jsonwebtoken::decode::<Claims>(token, key, &self.validation())
            .ok()?
            .claims;
        let now = self.now().timestamp();
        // What a header calls critical must be understood (RFC 7515 §4.1.11), and we use no extensions.
        let holds = header.typ.as_deref() == Some(TYPE)
            && header.crit.is_none()
            && claims.nbf <= now + LEEWAY
            && claims.exp > now - LEEWAY;
        let member = claims.sub.parse().ok().filter(|_| holds)?;
        Some(Bearer {
            member,
            session: claims.sid,
        })
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

/// What is signed of a text; the space keeps it apart from a bearer token, which has none.
fn sealed(text: &str) -> String {
    format!("sealed {text}")
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

/// The member of a viewer who must coordinate the whole country: letters lie in no region.
///
/// # Errors
/// [`AppError::NotSignedIn`] for anyone, [`AppError::Forbidden`] for a member, and for a coordinator of some regions.
pub(crate) fn coordinator_everywhere(viewer: &Viewer) -> Result<&Member, AppError> {
    coordinator(viewer).and_then(|member| match member.regions.is_empty() {
        true => Ok(member),
        false => Err(AppError::Forbidden),
    })
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
