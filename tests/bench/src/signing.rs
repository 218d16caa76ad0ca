//! One signature with a key file, as the signer makes it once the password is typed: the key file read and opened, the
//! key checked against its certificate, the document signed, the signature verified.

use crate::{
    Fault, Line,
    statistics::{median, milliseconds},
};
use keystore::{KeyFile, KeyStore, Password, demo};
use pki::Timestamp;
use signature::cms;
use std::{
    fs,
    hint::black_box,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

const RUNS: usize = 201;
const DOCUMENT: usize = 10 * 1024;

pub(crate) fn measure() -> Result<Vec<Line>, Fault> {
    let now = Timestamp::from_unix(i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())?);
    let password = || Password::new("Qwerty12".to_owned());
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("demo.p12");
    fs::write(&path, demo::make(now, &password()?)?.key_file)?;
    let document = vec![b'x'; DOCUMENT];

    let (mut opened, mut signed, mut whole) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let password = password()?;
        let begin = Instant::now();
        let store = KeyFile::at(&path).unlock(&password)?;
        let key = store.list().first().ok_or("the demo key file holds no key")?;
        let signer = store.signer(&key.id)?;
        opened.push(begin.elapsed());
        let middle = Instant::now();
        black_box(cms::sign(signer.as_ref(), cms::Content::Attached(&document), now)?);
        signed.push(middle.elapsed());
        whole.push(begin.elapsed());
    }
    let slowest = whole.iter().max().copied().unwrap_or(Duration::ZERO);
    Ok(vec![
        Line::new(
            "a signature of 10 KB with a GOST-512 key file",
            milliseconds(median(whole)),
            format!("bar 10 ms; median of {RUNS}, the slowest {}", milliseconds(slowest)),
        ),
        Line::new("  the key file read, opened, checked", milliseconds(median(opened)), "MAC, 3DES, RC2-40; d·G = Q"),
        Line::new("  signed and verified", milliseconds(median(signed)), "CAdES-BES, attached"),
    ])
}
