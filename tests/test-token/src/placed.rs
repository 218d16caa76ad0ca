//! Libraries and cards that were made: pulled out, put in, looked into.

use std::{
    fs,
    path::{Path, PathBuf},
};

use pki::{Certificate, PublicKey};

use crate::{
    card::{Body, CardFolder, Object, Record, write_whole},
    config::{CardConfig, Fault, ModuleConfig},
    fault::{count_file, unplugged},
    library::{config_of, counts_of, counts_of_card},
    place::PlaceError,
    watched,
};

/// A library that was placed.
#[derive(Clone, Debug)]
pub struct PlacedModule {
    driver: PathBuf,
    cards: Vec<PlacedCard>,
}

impl PlacedModule {
    pub(crate) fn new(library: PathBuf, cards: Vec<PlacedCard>) -> Self {
        Self { driver: library, cards }
    }

    /// The library's file.
    #[must_use]
    pub fn driver(&self) -> &Path {
        &self.driver
    }

    /// The card of that slot.
    ///
    /// # Errors
    /// [`PlaceError::NoSuchCard`].
    pub fn card(&self, slot: usize) -> Result<&PlacedCard, PlaceError> {
        self.cards.get(slot).ok_or(PlaceError::NoSuchCard(slot))
    }

    /// All cards, by slot.
    #[must_use]
    pub fn cards(&self) -> &[PlacedCard] {
        &self.cards
    }

    /// Other faults than before, whose counts begin anew. Processes that have the library loaded see them with their next
    /// call.
    ///
    /// # Errors
    /// [`PlaceError::File`].
    pub fn set_faults(&self, faults: &[Fault]) -> Result<(), PlaceError> {
        let path = config_of(&self.driver);
        let mut config: ModuleConfig = watched::read(&path).map_err(|error| PlaceError::File(path.clone(), error))?;
        forget_counts(&counts_of(&self.driver), &config.fault);
        config.fault = faults.to_vec();
        self.write(&config)
    }

    pub(crate) fn write(&self, config: &ModuleConfig) -> Result<(), PlaceError> {
        let path = config_of(&self.driver);
        forget_counts(&counts_of(&self.driver), &config.fault);
        let text = toml::to_string(config).map_err(|error| PlaceError::Spec(error.to_string()))?;
        write_whole(&path, text.as_bytes()).map_err(|error| PlaceError::File(path, error))
    }
}

/// A card that was made.
#[derive(Clone, Debug)]
pub struct PlacedCard(CardFolder);

impl PlacedCard {
    /// The card whose folder this is, or will be when it is plugged in.
    #[must_use]
    pub fn at(folder: &Path) -> Self {
        Self(CardFolder(folder.to_owned()))
    }

    /// Its folder, while it is plugged in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.0.0
    }

    /// Its folder, while it is not.
    #[must_use]
    pub fn folder_while_unplugged(&self) -> PathBuf {
        unplugged(self.folder())
    }

    /// Whether it is plugged in.
    #[must_use]
    pub fn is_plugged_in(&self) -> bool {
        self.0.insertion().is_some()
    }

    /// Pulls it out.
    ///
    /// # Errors
    /// [`PlaceError::File`], also where it is out already.
    pub fn unplug(&self) -> Result<(), PlaceError> {
        self.renamed(self.folder(), &self.folder_while_unplugged())
    }

    /// Puts it in again. Sessions from before are dead, however quickly it went.
    ///
    /// # Errors
    /// [`PlaceError::File`], also where it is in already.
    pub fn plug(&self) -> Result<(), PlaceError> {
        let out = self.folder_while_unplugged();
        CardFolder(out.clone()).mark_insertion().map_err(|error| PlaceError::File(out.clone(), error))?;
        self.renamed(&out, self.folder())
    }

    /// What it is, and what it remembers.
    ///
    /// # Errors
    /// [`PlaceError::Card`].
    pub fn config(&self) -> Result<CardConfig, PlaceError> {
        self.0.settings().map_err(PlaceError::Card)
    }

    /// Changes what it is. The counts of its faults begin anew.
    ///
    /// # Errors
    /// [`PlaceError::Card`].
    pub fn change(&self, change: impl FnOnce(&mut CardConfig)) -> Result<(), PlaceError> {
        let changed = |config: &mut CardConfig| {
            forget_counts(&counts_of_card(self.folder()), &config.fault);
            change(config);
        };
        self.0.change(changed).map_err(PlaceError::Card)
    }

    /// How many wrong PINs are left.
    ///
    /// # Errors
    /// [`PlaceError::Card`].
    pub fn tries_left(&self) -> Result<u32, PlaceError> {
        Ok(self.config()?.tries())
    }

    /// CKA_ID and public key of every private key.
    ///
    /// # Errors
    /// [`PlaceError`].
    pub fn keys(&self) -> Result<Vec<(Vec<u8>, PublicKey)>, PlaceError> {
        let private = |object: Object| match object.body {
            Body::Private(_, public) => Some((object.record.id, public)),
            _ => None,
        };
        Ok(self.objects()?.into_iter().filter_map(private).collect())
    }

    /// CKA_ID and value of every certificate.
    ///
    /// # Errors
    /// [`PlaceError`].
    pub fn certificates(&self) -> Result<Vec<(Vec<u8>, Certificate)>, PlaceError> {
        let certificate = |object: Object| match object.body {
            Body::Certificate(certificate) => Some((object.record.id, *certificate)),
            _ => None,
        };
        Ok(self.objects()?.into_iter().filter_map(certificate).collect())
    }

    fn objects(&self) -> Result<Vec<Object>, PlaceError> {
        let mut objects = Vec::new();
        for name in self.0.objects().map_err(PlaceError::Card)? {
            let path = self.0.object_path(&name);
            let record: Record = watched::read(&path).map_err(|error| PlaceError::File(path.clone(), error))?;
            objects.push(Object::new(record).ok_or(keystore::BrokenKey)?);
        }
        Ok(objects)
    }

    fn renamed(&self, from: &Path, to: &Path) -> Result<(), PlaceError> {
        fs::rename(from, to).map_err(|error| PlaceError::File(from.to_owned(), error))
    }
}

fn forget_counts(counts: &Path, faults: &[Fault]) {
    for (position, _) in faults.iter().enumerate() {
        // A fault that was never met has no file.
        let _ = fs::remove_file(count_file(counts, position));
    }
}
