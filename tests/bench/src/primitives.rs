//! GOST signatures and Streebog beside OpenSSL's GOST engine, on the same curve, one core, one process each.

use crate::{Fault, Line, statistics::per_second};
use gost::{gost512, hash};
use std::{collections::BTreeMap, hint::black_box, process::Command};
use tempfile::TempDir;

/// A small C program around the engine, compiled here and now: starting `openssl` for each signature would measure that.
const ENGINE: &str = include_str!("engine.c");
/// Each is measured in turns, and the best turn counts: what else the machine did meanwhile then matters least.
const TURNS: usize = 3;
const SECONDS: f64 = 1.0;

pub(crate) fn measure() -> Result<Vec<Line>, Fault> {
    let mut random = [0; 32 + 64];
    getrandom::fill(&mut random)?;
    let (entropy, secret) = random.split_at(32);
    let entropy: [u8; 32] = entropy.try_into()?;
    let mut secret: [u8; 64] = secret.try_into()?;
    // Little-endian: with a clear top octet it is below the order of the group for certain.
    secret[63] = 0;
    let key = gost512::SecretKey::from_le_bytes(&secret)?;
    let public = key.public_key();
    let digest = hash::streebog512(b"a document");
    let signature = key.sign_digest(&digest, &entropy);
    public.verify_digest(&digest, &signature)?;
    let document = vec![0; 1 << 20];

    let (mut ours, mut theirs) = (BTreeMap::new(), BTreeMap::new());
    let engine = Engine::compile();
    let mut fault = engine.as_ref().err().map(ToString::to_string);
    for _ in 0..TURNS {
        let blocks = per_second(SECONDS, || hash::streebog512(black_box(&document)));
        keep_best(
            &mut ours,
            [
                ("sign", per_second(SECONDS, || key.sign_digest(black_box(&digest), &entropy))),
                ("verify", per_second(SECONDS, || public.verify_digest(black_box(&digest), black_box(&signature)))),
                ("streebog512", blocks * f64::from(1 << 20) / 1e6),
            ],
        );
        match engine.as_ref().map(Engine::turn) {
            Ok(Ok(figures)) => keep_best(&mut theirs, figures.iter().map(|(name, figure)| (name.as_str(), *figure))),
            Ok(Err(error)) => fault = Some(error.to_string()),
            Err(_) => {}
        }
    }
    let line = |what: &str, unit: &str, name: &str| {
        let ours = ours.get(name).copied().unwrap_or_default();
        let beside = theirs.get(name).map_or_else(
            || format!("NOT MEASURED beside OpenSSL: {}", fault.as_deref().unwrap_or("no figure")),
            |theirs| format!("OpenSSL's gost engine {theirs:.0} {unit}; ratio {:.2}", ours / theirs),
        );
        Line::new(what, format!("{ours:.0} {unit}"), beside)
    };
    Ok(vec![
        line("GOST 34.310-2015 512: sign", "/s", "sign"),
        line("GOST 34.310-2015 512: verify", "/s", "verify"),
        line("Streebog-512", "MB/s", "streebog512"),
    ])
}

fn keep_best<'a>(best: &mut BTreeMap<String, f64>, figures: impl IntoIterator<Item = (&'a str, f64)>) {
    for (name, figure) in figures {
        let entry = best.entry(name.to_owned()).or_default();
        *entry = entry.max(figure);
    }
}

/// The compiled program.
struct Engine {
    folder: TempDir,
}

impl Engine {
    fn compile() -> Result<Self, Fault> {
        let folder = tempfile::tempdir()?;
        let source = folder.path().join("engine.c");
        std::fs::write(&source, ENGINE)?;
        let program = folder.path().join("engine");
        let compiled = Command::new("cc").arg("-O2").arg("-o").arg(&program).arg(&source).arg("-lcrypto").output()?;
        if !compiled.status.success() {
            return Err(String::from_utf8_lossy(&compiled.stderr).into());
        }
        Ok(Self { folder })
    }

    fn turn(&self) -> Result<BTreeMap<String, f64>, Fault> {
        let ran = Command::new(self.folder.path().join("engine")).arg(SECONDS.to_string()).output()?;
        if !ran.status.success() {
            return Err(String::from_utf8_lossy(&ran.stderr).into());
        }
        let text = String::from_utf8(ran.stdout)?;
        Ok(text
            .lines()
            .filter_map(|line| line.split_once(' '))
            .filter_map(|(name, figure)| Some((name.to_owned(), figure.parse().ok()?)))
            .collect())
    }
}
