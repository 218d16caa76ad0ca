//! Signatures and GOST hashes beside OpenSSL, its GOST engine and nettle, on the same curves, one core, one process each.

use crate::{Fault, Line, statistics::per_second};
use gost::{gost256, gost512, gost2004, hash};
use keystore::{IssuingKey, NewKey, OsEntropy, PrivateKey};
use pki::{BareSigner as _, DigestAlgorithm, SignatureAlgorithm};
use std::{collections::BTreeMap, hint::black_box, process::Command};
use tempfile::TempDir;

/// Small C programs, compiled here and now: starting `openssl` for each signature would measure that.
const ENGINE: &str = include_str!("engine.c");
const NETTLE: &str = include_str!("nettle.c");
/// Each is measured in turns, and the best turn counts: what else the machine did meanwhile then matters least.
const TURNS: usize = 3;
const SECONDS: f64 = 0.5;

type Figures = BTreeMap<String, f64>;

pub(crate) fn measure() -> Result<Vec<Line>, Fault> {
    let mut random = [0; 32 + 64];
    getrandom::fill(&mut random)?;
    let mut ours = Figures::new();
    let mut engine = Other::compile("OpenSSL", ENGINE, "-lcrypto");
    let mut nettle = Other::compile("nettle", NETTLE, "-lnettle");
    for _ in 0..TURNS {
        signatures(&mut ours, &random)?;
        hashes(&mut ours);
        engine.turn();
        nettle.turn();
    }
    let line = |what: &str, unit: &str, name: &str, bar: &str, other: &Other| {
        let ours = ours.get(name).copied().unwrap_or_default();
        Line::new(what, format!("{ours:.0} {unit}"), format!("{}{bar}", other.beside(name, unit, ours)))
    };
    Ok(vec![
        line("GOST 34.310-2015 512: sign", "/s", "gost512-sign", "", &engine),
        line("GOST 34.310-2015 512: verify", "/s", "gost512-verify", "", &engine),
        line("GOST 34.310-2015 256: sign", "/s", "gost256-sign", "", &engine),
        line("GOST 34.310-2015 256: verify", "/s", "gost256-verify", "", &engine),
        line("GOST 34.310-2004: sign", "/s", "gost2004-sign", "", &engine),
        line("GOST 34.310-2004: verify", "/s", "gost2004-verify", "", &engine),
        line("RSA-2048 SHA-256: sign", "/s", "rsa2048-sign", ", bar 0.74", &engine),
        line("RSA-2048 SHA-256: verify", "/s", "rsa2048-verify", "", &engine),
        line("Streebog-512", "MB/s", "streebog512", "", &engine),
        line("Streebog-512", "MB/s", "streebog512", "", &nettle),
        line("GOST 34.311-95", "MB/s", "gost34311", ", bar 1", &engine),
    ])
}

/// Signs and verifies with one kind of GOST key.
macro_rules! gost {
    ($best:ident, $random:ident, $name:literal, $module:ident, $octets:literal, $hash:path) => {{
        let (entropy, secret) = $random.split_at(32);
        let entropy: [u8; 32] = entropy.try_into()?;
        let mut secret: [u8; $octets] = secret.get(..$octets).ok_or("random octets")?.try_into()?;
        // Little-endian: with a clear top octet it is below the order of the group for certain.
        secret[$octets - 1] = 0;
        let key = $module::SecretKey::from_le_bytes(&secret)?;
        let public = key.public_key();
        let digest = $hash(b"a document");
        let signature = key.sign_digest(&digest, &entropy);
        public.verify_digest(&digest, &signature)?;
        let signed = per_second(SECONDS, || key.sign_digest(black_box(&digest), &entropy));
        let verified = per_second(SECONDS, || public.verify_digest(black_box(&digest), black_box(&signature)));
        keep_best($best, [(concat!($name, "-sign"), signed), (concat!($name, "-verify"), verified)]);
    }};
}

fn signatures(best: &mut Figures, random: &[u8; 96]) -> Result<(), Fault> {
    gost!(best, random, "gost512", gost512, 64, hash::streebog512);
    gost!(best, random, "gost256", gost256, 32, hash::streebog256);
    gost!(best, random, "gost2004", gost2004, 32, hash::gost34311);

    let key = PrivateKey::generate(NewKey::Rsa2048, &OsEntropy)?;
    let public = key.public_key().ok_or("an RSA key has a public half")?;
    let signer = IssuingKey::new(&key, &OsEntropy)?;
    let digest = DigestAlgorithm::Sha256.digest(b"a document");
    let signature = signer.sign_digest(&digest)?;
    public.verify(&digest, &signature, SignatureAlgorithm::RsaSha256)?;
    let verify = || public.verify(black_box(&digest), &signature, SignatureAlgorithm::RsaSha256);
    keep_best(
        best,
        [
            ("rsa2048-sign", per_second(SECONDS, || signer.sign_digest(black_box(&digest)))),
            ("rsa2048-verify", per_second(SECONDS, verify)),
        ],
    );
    Ok(())
}

fn hashes(best: &mut Figures) {
    let document = vec![0; 1 << 20];
    let megabytes = |blocks: f64| blocks * f64::from(1 << 20) / 1e6;
    let streebog = per_second(SECONDS, || hash::streebog512(black_box(&document)));
    let gost34311 = per_second(SECONDS, || hash::gost34311(black_box(&document)));
    keep_best(best, [("streebog512", megabytes(streebog)), ("gost34311", megabytes(gost34311))]);
}

fn keep_best<'a>(best: &mut Figures, figures: impl IntoIterator<Item = (&'a str, f64)>) {
    for (name, figure) in figures {
        let entry = best.entry(name.to_owned()).or_default();
        *entry = entry.max(figure);
    }
}

/// A compiled program around somebody else's library, and its best figures.
struct Other {
    name: &'static str,
    program: Result<TempDir, String>,
    best: Figures,
    fault: Option<String>,
}

impl Other {
    fn compile(name: &'static str, source: &str, library: &str) -> Self {
        let program = Self::compiled(source, library).map_err(|error| error.to_string());
        Self { name, fault: program.as_ref().err().cloned(), program, best: Figures::new() }
    }

    fn compiled(source: &str, library: &str) -> Result<TempDir, Fault> {
        let folder = tempfile::tempdir()?;
        let (file, program) = (folder.path().join("program.c"), folder.path().join("program"));
        std::fs::write(&file, source)?;
        let compiled = Command::new("cc").arg("-O2").arg("-o").arg(&program).arg(&file).arg(library).output()?;
        if !compiled.status.success() {
            // The first line says which header is missing.
            let said = String::from_utf8_lossy(&compiled.stderr);
            return Err(said.lines().next().unwrap_or_default().to_owned().into());
        }
        Ok(folder)
    }

    fn turn(&mut self) {
        let Ok(folder) = &self.program else { return };
        match Self::ran(folder) {
            Ok(figures) => keep_best(&mut self.best, figures.iter().map(|(name, figure)| (name.as_str(), *figure))),
            Err(error) => self.fault = Some(error.to_string()),
        }
    }

    fn ran(folder: &TempDir) -> Result<Figures, Fault> {
        let ran = Command::new(folder.path().join("program")).arg(SECONDS.to_string()).output()?;
        if !ran.status.success() {
            let said = String::from_utf8_lossy(&ran.stderr);
            return Err(said.lines().next().unwrap_or_default().to_owned().into());
        }
        let text = String::from_utf8(ran.stdout)?;
        Ok(text
            .lines()
            .filter_map(|line| line.split_once(' '))
            .filter_map(|(name, figure)| Some((name.to_owned(), figure.parse().ok()?)))
            .collect())
    }

    /// Its figure of that name beside ours.
    fn beside(&self, name: &str, unit: &str, ours: f64) -> String {
        match self.best.get(name) {
            Some(theirs) => format!("{} {theirs:.0} {unit}; ratio {:.2}", self.name, ours / theirs),
            None => {
                format!("NOT MEASURED beside {}: {}", self.name, self.fault.as_deref().unwrap_or("no figure"))
            }
        }
    }
}
