//! One request as it lies on disk: JSON.

use super::{Application, Filed, Place};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use keystore::pkcs11::TokenId;
use pki::{Timestamp, request::CertificationRequest};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The form of the file.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct OnDisk {
    version: u32,
    id: String,
    /// Seconds since 1970.
    created: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    subject: String,
    algorithm: String,
    place: PlaceOnDisk,
    public_key_sha256: String,
    /// Base64 of the DER.
    request: String,
}

/// A [`Place`]. What lies on disk has a form of its own: the words between the signer and a token host may change.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum PlaceOnDisk {
    File(PathBuf),
    Token { token: TokenOnDisk, key: String },
}

#[derive(Serialize, Deserialize)]
struct TokenOnDisk {
    manufacturer: String,
    model: String,
    serial: String,
    label: String,
}

impl PlaceOnDisk {
    fn of(place: &Place) -> Self {
        match place {
            Place::File(path) => Self::File(path.clone()),
            Place::Token { token: TokenId { manufacturer, model, serial, label }, key } => {
                let (manufacturer, model) = (manufacturer.clone(), model.clone());
                let token = TokenOnDisk { manufacturer, model, serial: serial.clone(), label: label.clone() };
                Self::Token { token, key: key.clone() }
            }
        }
    }

    fn into_place(self) -> Place {
        match self {
            Self::File(path) => Place::File(path),
            Self::Token { token: TokenOnDisk { manufacturer, model, serial, label }, key } => {
                Place::Token { token: TokenId { manufacturer, model, serial, label }, key }
            }
        }
    }
}

pub(super) fn write(application: &Application) -> Result<Vec<u8>, serde_json::Error> {
    let (number, date) = match &application.filed {
        Some(filed) => (Some(filed.number.clone()), Some(filed.date.clone())),
        None => (None, None),
    };
    serde_json::to_vec_pretty(&OnDisk {
        version: VERSION,
        id: application.id.clone(),
        created: application.created.as_unix(),
        number,
        date,
        subject: application.subject.clone(),
        algorithm: application.algorithm.clone(),
        place: PlaceOnDisk::of(&application.place),
        public_key_sha256: hex::encode(application.public_key_sha256()),
        request: STANDARD.encode(application.request.der()),
    })
}

/// `None` when it is not what was written: what it says of the request has to be what the request says.
pub(super) fn read(text: &[u8]) -> Option<Application> {
    let on_disk: OnDisk = serde_json::from_slice(text).ok()?;
    let request = CertificationRequest::from_der(&STANDARD.decode(&on_disk.request).ok()?).ok()?;
    let mut application = Application::new(request, on_disk.place.into_place(), Timestamp::from_unix(on_disk.created));
    let is_whole = on_disk.version == VERSION
        && on_disk.id == application.id
        && on_disk.subject == application.subject
        && on_disk.algorithm == application.algorithm
        && on_disk.public_key_sha256 == hex::encode(application.public_key_sha256());
    application.filed = on_disk.number.zip(on_disk.date).map(|(number, date)| Filed { number, date });
    is_whole.then_some(application)
}
