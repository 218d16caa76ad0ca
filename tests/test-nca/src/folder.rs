//! A folder of key files and certificates, with a list of what is in it.

use std::{fs, path::Path};

use keystore::Password;
use pki::{Timestamp, revocation::Reason};
use serde_json::{Value, json};

use crate::{Holding, Issued, Person, TestNca, TestNcaError, services::Services};

/// Writes into `folder`, which is made when it is not there: `root.cer`, `nca.cer`; for each holder a key file and its
/// certificate (`person`, `auth`, `head`, `employee`, `right-to-sign`, `expired`, `not-yet`); `stranger`, which another
/// authority of the same kind has issued; and `manifest.json`, which says what is what. Files of those names are
/// written over.
///
/// The holders' certificates run from `from` to `to`, but those of `expired` and `not-yet`, which lie before and after
/// the authority's present. `note` is what the manifest says of the password.
///
/// # Errors
/// [`TestNcaError`].
pub fn write_folder(
    nca: &TestNca,
    stranger: &TestNca,
    folder: &Path,
    (from, to): (Timestamp, Timestamp),
    password: &Password,
    note: Option<&str>,
) -> Result<(), TestNcaError> {
    let holders = holders(nca, stranger, (from, to))?;
    write_holders(nca, &holders, folder, (password, note), None)
}

/// As [`write_folder`], for an authority whose services can be asked at `url`: there are `revoked` and `on-hold` too,
/// which are so for OCSP and on the list, and `forgotten`, which was revoked after the list was made: only OCSP and the
/// changes to the list know it. The certificates run for a year.
///
/// # Errors
/// [`TestNcaError`].
pub fn write_served_folder(
    services: &Services,
    stranger: &TestNca,
    folder: &Path,
    url: &str,
    (password, note): (&Password, Option<&str>),
) -> Result<(), TestNcaError> {
    let (nca, now) = (services.nca(), services.nca().now());
    let period = (now.plus_days(-1), now.plus_days(364));
    let mut holders = holders(nca, stranger, period)?;
    for (name, reason) in [("revoked", Reason::Superseded), ("on-hold", Reason::CertificateHold)] {
        let issued = nca.person()?;
        services.revoke(issued.certificate.serial(), now.plus_seconds(-3600), reason);
        holders.push((name, issued));
    }
    services.publish(now);
    let forgotten = nca.person()?;
    services.revoke(forgotten.certificate.serial(), now, Reason::KeyCompromise);
    holders.push(("forgotten", forgotten));
    write_holders(nca, &holders, folder, (password, note), Some(url))
}

type Holders = Vec<(&'static str, Issued)>;

fn holders(nca: &TestNca, stranger: &TestNca, (from, to): (Timestamp, Timestamp)) -> Result<Holders, TestNcaError> {
    let holding = |holding: Holding| nca.issue(&holding, from, to);
    Ok(vec![
        ("person", holding(Holding::signing(Person::Citizen))?),
        ("auth", holding(Holding::authentication(Person::Citizen))?),
        ("head", holding(Holding::signing(Person::Head))?),
        ("employee", holding(Holding::signing(Person::Employee))?),
        ("right-to-sign", holding(Holding::signing(Person::RightToSign))?),
        ("expired", nca.expired()?),
        ("not-yet", nca.not_yet()?),
        ("stranger", stranger.person()?),
    ])
}

fn write_holders(
    nca: &TestNca,
    holders: &Holders,
    folder: &Path,
    (password, note): (&Password, Option<&str>),
    services: Option<&str>,
) -> Result<(), TestNcaError> {
    fs::create_dir_all(folder).map_err(|error| failed(folder, &error))?;
    write(folder, "root.cer", nca.root().der())?;
    write(folder, "nca.cer", nca.authority().der())?;
    let mut keys = Vec::new();
    for (name, issued) in holders {
        write(folder, &format!("{name}.p12"), &issued.key_file(password)?)?;
        write(folder, &format!("{name}.cer"), issued.certificate.der())?;
        keys.push(described(name, issued));
    }
    let manifest = json!({
        "root": "root.cer",
        "authority": "nca.cer",
        "now": nca.now().iso8601().to_string(),
        "password": note,
        "services": services,
        "keys": keys,
    });
    write(folder, "manifest.json", format!("{manifest:#}\n").as_bytes())
}

fn described(name: &str, issued: &Issued) -> Value {
    let certificate = &issued.certificate;
    let holder = certificate.holder();
    json!({
        "name": name,
        "key_file": format!("{name}.p12"),
        "certificate": format!("{name}.cer"),
        "subject": certificate.subject().to_dn_string(),
        "common_name": holder.name,
        "iin": holder.iin.map(|iin| iin.to_string()),
        "bin": holder.bin.map(|bin| bin.to_string()),
        "serial_number": certificate.serial().to_hex(),
        "not_before": certificate.not_before().iso8601().to_string(),
        "not_after": certificate.not_after().iso8601().to_string(),
        "extended_key_usage": certificate.extended_key_usage().iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

fn write(folder: &Path, name: &str, content: &[u8]) -> Result<(), TestNcaError> {
    let path = folder.join(name);
    fs::write(&path, content).map_err(|error| failed(&path, &error))
}

fn failed(path: &Path, error: &std::io::Error) -> TestNcaError {
    TestNcaError::File(format!("{}: {error}", path.display()))
}
