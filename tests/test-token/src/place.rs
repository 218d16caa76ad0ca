//! Making libraries and cards.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use keystore::{BrokenKey, EntropyError, NewKey, OsEntropy, PrivateKey};
use pki::{Certificate, PublicKey};
use zeroize::Zeroizing;

use crate::{
    card::{CardFolder, Class, Octets, Record},
    config::{ByteOrder, CardConfig, Fault, ModuleConfig, Parameters, SlotConfig},
    placed::{PlacedCard, PlacedModule},
};

/// Why a library or a card was not made, or not reached.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlaceError {
    /// The library was not built yet.
    #[error("{0} is in none of {1:?}: build it with `cargo build -p tanba-test-token`")]
    NotBuilt(String, Vec<PathBuf>),
    /// A file.
    #[error("{0}: {1}")]
    File(PathBuf, #[source] io::Error),
    /// No random numbers.
    #[error(transparent)]
    Entropy(#[from] EntropyError),
    /// A private key cannot be read.
    #[error(transparent)]
    Key(#[from] BrokenKey),
    /// A specification that asks for what cannot be.
    #[error("{0}")]
    Spec(String),
    /// The card said no, by this CK_RV.
    #[error("the card answers {0:#x}")]
    Card(cryptoki_sys::CK_RV),
    /// There is no such card.
    #[error("there is no card {0}")]
    NoSuchCard(usize),
}

/// A key for a card.
#[derive(Clone)]
pub struct CardKey {
    key: PrivateKey,
    public_key: PublicKey,
    id: Vec<u8>,
    label: String,
    certificate: Option<Certificate>,
    has_public_object: bool,
}

impl CardKey {
    /// A new key, called `key`; CKA_ID is SHA-1 of the public key, as the NCA's identifiers are.
    ///
    /// # Errors
    /// [`PlaceError::Entropy`].
    pub fn generate(kind: NewKey) -> Result<Self, PlaceError> {
        Self::of(&PrivateKey::generate(kind, &OsEntropy)?)
    }

    /// A key from elsewhere.
    ///
    /// # Errors
    /// [`PlaceError::Key`] for one whose algorithm is not known.
    pub fn of(key: &PrivateKey) -> Result<Self, PlaceError> {
        let public_key = key.public_key().ok_or(BrokenKey)?;
        let id = public_key.key_identifier().ok_or(BrokenKey)?.to_vec();
        let label = "key".to_owned();
        Ok(Self { key: key.clone(), public_key, id, label, certificate: None, has_public_object: true })
    }

    /// CKA_ID of the key and of its certificate.
    #[must_use]
    pub fn id(self, id: &[u8]) -> Self {
        Self { id: id.to_vec(), ..self }
    }

    /// CKA_LABEL of the key and of its certificate.
    #[must_use]
    pub fn label(self, label: &str) -> Self {
        Self { label: label.to_owned(), ..self }
    }

    /// Its certificate, or another one that is to stand beside it.
    #[must_use]
    pub fn certificate(self, certificate: &Certificate) -> Self {
        Self { certificate: Some(certificate.clone()), ..self }
    }

    /// Without an object for the public key, as on many cards.
    #[must_use]
    pub fn without_public_object(self) -> Self {
        Self { has_public_object: false, ..self }
    }

    /// The public key.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The private key.
    #[must_use]
    pub fn private_key(&self) -> &PrivateKey {
        &self.key
    }

    pub(crate) fn id_bytes(&self) -> &[u8] {
        &self.id
    }

    pub(crate) fn label_text(&self) -> &str {
        &self.label
    }

    fn records(&self) -> Result<Vec<Record>, PlaceError> {
        let record = |class, value| Record {
            class,
            id: self.id.clone(),
            label: self.label.clone(),
            local: false,
            value: Octets(value),
        };
        let mut records = vec![record(Class::Private, self.key.to_pkcs8())];
        if self.has_public_object {
            let spki = self.public_key.to_spki_der().ok_or(BrokenKey)?;
            records.push(record(Class::Public, Zeroizing::new(spki)));
        }
        if let Some(certificate) = &self.certificate {
            records.push(record(Class::Certificate, Zeroizing::new(certificate.der().to_vec())));
        }
        Ok(records)
    }
}

/// A card to be made.
#[derive(Clone)]
pub struct Card {
    name: String,
    config: CardConfig,
    keys: Vec<CardKey>,
    certificates: Vec<Certificate>,
}

impl Card {
    /// An empty card whose folder has this name; its PIN is `12345678`, with ten tries.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let config = CardConfig { label: name.to_owned(), ..CardConfig::default() };
        Self { name: name.to_owned(), config, keys: Vec::new(), certificates: Vec::new() }
    }

    /// Changes anything of [`CardConfig`].
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut CardConfig)) -> Self {
        change(&mut self.config);
        self
    }

    /// What its owner calls it; the folder's name where nothing is said.
    #[must_use]
    pub fn label(self, label: &str) -> Self {
        self.with(|card| card.label = label.to_owned())
    }

    /// Its serial number.
    #[must_use]
    pub fn serial(self, serial: &str) -> Self {
        self.with(|card| card.serial = serial.to_owned())
    }

    /// Who made it, and its model.
    #[must_use]
    pub fn made_by(self, manufacturer: &str, model: &str) -> Self {
        self.with(|card| (card.manufacturer, card.model) = (manufacturer.to_owned(), model.to_owned()))
    }

    /// The PIN.
    #[must_use]
    pub fn pin(self, pin: &str) -> Self {
        self.with(|card| card.pin = pin.to_owned())
    }

    /// How many wrong PINs lock it.
    #[must_use]
    pub fn max_tries(self, tries: u32) -> Self {
        self.with(|card| card.max_tries = tries)
    }

    /// How a GOST signature comes out.
    #[must_use]
    pub fn byte_order(self, order: ByteOrder) -> Self {
        self.with(|card| card.byte_order = order)
    }

    /// By whose object identifiers GOST parameters are named.
    #[must_use]
    pub fn parameters(self, parameters: Parameters) -> Self {
        self.with(|card| card.parameters = parameters)
    }

    /// Something that goes wrong with this card.
    #[must_use]
    pub fn fault(self, fault: Fault) -> Self {
        self.with(|card| card.fault.push(fault))
    }

    /// A key, with its certificate where it has one.
    #[must_use]
    pub fn key(mut self, key: CardKey) -> Self {
        self.keys.push(key);
        self
    }

    /// A certificate without a key.
    #[must_use]
    pub fn certificate(mut self, certificate: &Certificate) -> Self {
        self.certificates.push(certificate.clone());
        self
    }

    /// Makes the card's folder inside of another one, without a library; a card of that name that is there already is
    /// replaced.
    ///
    /// # Errors
    /// [`PlaceError`].
    pub fn make(&self, folder: &Path) -> Result<PlacedCard, PlaceError> {
        let path = folder.join(&self.name);
        let placed = PlacedCard::at(&path);
        for old in [path.clone(), placed.folder_while_unplugged()] {
            match fs::remove_dir_all(&old) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(PlaceError::File(old, error)),
                _ => {}
            }
        }
        let card = CardFolder(path.clone());
        let mut config = self.config.clone();
        config.hide_pin()?;
        card.create(&config).map_err(|error| PlaceError::File(path.clone(), error))?;
        let mut records = Vec::new();
        for key in &self.keys {
            records.extend(key.records()?);
        }
        for certificate in &self.certificates {
            let id = certificate.public_key().key_identifier().map(|id| id.to_vec()).unwrap_or_default();
            let value = Octets(Zeroizing::new(certificate.der().to_vec()));
            let label = "certificate".to_owned();
            records.push(Record { class: Class::Certificate, id, label, local: false, value });
        }
        card.add(&records.iter().collect::<Vec<_>>(), usize::MAX).map_err(PlaceError::Card)?;
        Ok(placed)
    }
}

/// A library to be placed, with its readers and the cards in them.
#[derive(Clone)]
pub struct Module {
    name: String,
    config: ModuleConfig,
    cards: Vec<Card>,
    readers: usize,
}

impl Module {
    /// A library whose file will be `<name>.so`.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), config: ModuleConfig::default(), cards: Vec::new(), readers: 0 }
    }

    /// A card in a reader of its own: slot 0 for the first, slot 1 for the next.
    #[must_use]
    pub fn card(mut self, card: Card) -> Self {
        self.cards.push(card);
        self
    }

    /// So many readers without a card, behind those with one.
    #[must_use]
    pub fn empty_readers(self, readers: usize) -> Self {
        Self { readers, ..self }
    }

    /// Something that goes wrong, whatever the card.
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.config.fault.push(fault);
        self
    }

    /// Changes anything of [`ModuleConfig`] but its slots.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut ModuleConfig)) -> Self {
        change(&mut self.config);
        self
    }

    /// Copies the library into a folder, with its configuration, and makes its cards there, each in a folder of its name.
    ///
    /// # Errors
    /// [`PlaceError`]; [`PlaceError::NotBuilt`] when cargo has not built the library.
    pub fn place(self, folder: &Path) -> Result<PlacedModule, PlaceError> {
        let built = built()?;
        let file = |path: &Path, error| PlaceError::File(path.to_owned(), error);
        fs::create_dir_all(folder).map_err(|error| file(folder, error))?;
        // The kernel tells a library its path without links.
        let folder = folder.canonicalize().map_err(|error| file(folder, error))?;
        let library = folder.join(format!("{}{}", self.name, env::consts::DLL_SUFFIX));
        let Self { mut config, cards, readers, .. } = self;
        let mut placed = Vec::new();
        for card in &cards {
            placed.push(card.make(&folder)?);
        }
        let names = cards.iter().map(|card| PathBuf::from(&card.name));
        let empty = (0..readers).map(|reader| PathBuf::from(format!("{}-empty-{reader}", self.name)));
        let slot = |(number, card)| SlotConfig { reader: format!("{} reader {number}", self.name), card };
        config.slot = (0..).zip(names.chain(empty)).map(slot).collect();
        // The library last: who watches the folder for it finds all of it.
        let module = PlacedModule::new(library.clone(), placed);
        module.write(&config)?;
        // By renaming: a process may have the old one loaded.
        let beside = library.with_extension("new");
        fs::copy(&built, &beside).map_err(|error| file(&built, error))?;
        fs::rename(&beside, &library).map_err(|error| file(&library, error))?;
        Ok(module)
    }
}

/// The library as cargo built it: beside the program that runs, or where cargo keeps what programs depend on.
fn built() -> Result<PathBuf, PlaceError> {
    let name = format!("{}tanba_test_token{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    let program = env::current_exe().map_err(|error| PlaceError::File("the program".into(), error))?;
    // target/debug/program, target/debug/deps/test, target/debug/examples/example.
    let beside = program.parent().map(Path::to_owned).unwrap_or_default();
    let above = beside.parent().map(Path::to_owned).unwrap_or_default();
    let folders = vec![beside.clone(), beside.join("deps"), above.clone(), above.join("deps")];
    let found = folders.iter().map(|folder| folder.join(&name)).filter_map(|path| {
        let built = fs::metadata(&path).and_then(|file| file.modified()).ok()?;
        Some((built, path))
    });
    // Cargo leaves an older copy where it did not build for.
    found.max().map(|(_, path)| path).ok_or(PlaceError::NotBuilt(name, folders))
}
