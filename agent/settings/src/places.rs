//! Where a person's Tanba lives.

use platform::files;
use std::path::{Path, PathBuf};

/// The folders of one person's Tanba. Making a value makes no folder; [`Places::create`] does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    config: PathBuf,
    data: PathBuf,
    state: PathBuf,
    runtime: PathBuf,
    /// The one folder that everything was put under, when it was.
    root: Option<PathBuf>,
    /// The administrator's settings, where they are not where the system's conventions have them.
    administrators_settings: Option<PathBuf>,
}

/// Why there is no place for Tanba's files.
#[derive(Debug, thiserror::Error)]
pub enum PlacesError {
    /// The system names no home folder.
    #[error("this user has no home folder; name a folder with --data-dir")]
    NoHome,
    /// A folder cannot be made or closed to others.
    #[error("the folder {} cannot be used: {error}", path.display())]
    Unusable {
        /// Which.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
}

impl Places {
    /// The folders of the current user, as the system's conventions have them (on Linux `$XDG_CONFIG_HOME/tanba` and
    /// its kind).
    ///
    /// # Errors
    /// [`PlacesError::NoHome`].
    pub fn of_user() -> Result<Self, PlacesError> {
        let folders = directories::ProjectDirs::from("kz", "Tanba", "Tanba").ok_or(PlacesError::NoHome)?;
        let data = folders.data_local_dir().to_owned();
        let state = folders.state_dir().map_or_else(|| data.join("state"), Path::to_owned);
        Ok(Self {
            config: folders.config_dir().to_owned(),
            // Without a session there is no runtime folder; what lies there is only ever a lock.
            runtime: folders.runtime_dir().map_or_else(|| state.join("run"), Path::to_owned),
            data,
            state,
            root: None,
            administrators_settings: None,
        })
    }

    /// Everything under one folder, for tests and for people who keep two of them.
    #[must_use]
    pub fn under(root: &Path) -> Self {
        Self {
            config: root.join("config"),
            data: root.join("data"),
            state: root.join("state"),
            runtime: root.join("run"),
            root: Some(root.to_owned()),
            administrators_settings: None,
        }
    }

    /// [`Places::under`] where a folder was named, [`Places::of_user`] where none was.
    ///
    /// # Errors
    /// [`PlacesError::NoHome`]; [`PlacesError::Unusable`] when a relative folder has nothing to be relative to.
    pub fn choose(root: Option<&Path>) -> Result<Self, PlacesError> {
        match root {
            // A child process may have another working folder.
            Some(root) => std::path::absolute(root)
                .map(|root| Self::under(&root))
                .map_err(|error| PlacesError::Unusable { path: root.to_owned(), error }),
            None => Self::of_user(),
        }
    }

    /// Makes all four folders, each closed to other users.
    ///
    /// # Errors
    /// [`PlacesError::Unusable`] for the first that fails.
    pub fn create(&self) -> Result<(), PlacesError> {
        for path in [&self.config, &self.data, &self.state, &self.runtime] {
            files::create_private_dir(path).map_err(|error| PlacesError::Unusable { path: path.clone(), error })?;
        }
        Ok(())
    }

    /// Makes those that are not there. What is there stays as it is: whoever only looks mends nothing.
    ///
    /// # Errors
    /// [`PlacesError::Unusable`] for the first that fails.
    pub fn create_missing(&self) -> Result<(), PlacesError> {
        for path in [&self.config, &self.data, &self.state, &self.runtime].into_iter().filter(|path| !path.exists()) {
            files::create_private_dir(path).map_err(|error| PlacesError::Unusable { path: path.clone(), error })?;
        }
        Ok(())
    }

    /// The folder given to [`Places::under`], to hand on to another program of Tanba.
    #[must_use]
    pub fn root(&self) -> Option<&Path> {
        self.root.as_deref()
    }

    /// What the person chose: the settings file.
    #[must_use]
    pub fn config(&self) -> &Path {
        &self.config
    }

    /// What must not be lost: the local certificate, the list of keys, permissions.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// What has happened: the journal.
    #[must_use]
    pub fn state(&self) -> &Path {
        &self.state
    }

    /// What is true only while Tanba runs: locks.
    #[must_use]
    pub fn runtime(&self) -> &Path {
        &self.runtime
    }

    /// The settings file.
    #[must_use]
    pub fn settings_file(&self) -> PathBuf {
        self.config.join("settings.toml")
    }

    /// The administrator's settings file, which holds for everybody on this computer, in whichever folder their own Tanba
    /// lives; not necessarily there. `None` where the system has no place for one.
    #[must_use]
    pub fn administrators_settings_file(&self) -> Option<PathBuf> {
        self.administrators_settings.clone().or_else(|| files::administrators("settings.toml"))
    }

    /// The same places, with the administrator's settings somewhere else.
    #[must_use]
    pub fn with_administrators_settings(self, file: PathBuf) -> Self {
        Self { administrators_settings: Some(file), ..self }
    }

    /// The libraries of tokens that the person added; not necessarily there.
    #[must_use]
    pub fn tokens_file(&self) -> PathBuf {
        self.config.join("tokens.toml")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_folder_holds_everything_and_is_closed_to_others() {
        let root = tempfile::tempdir().unwrap();
        let places = Places::choose(Some(root.path())).unwrap();
        places.create().unwrap();
        for folder in [places.config(), places.data(), places.state(), places.runtime()] {
            assert!(folder.starts_with(root.path()));
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                assert_eq!(std::fs::metadata(folder).unwrap().permissions().mode() & 0o777, 0o700);
            }
        }
        assert_eq!(places.root(), Some(root.path()));
    }

    #[cfg(unix)]
    #[test]
    fn who_only_looks_makes_what_is_missing_and_closes_nothing() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        let places = Places::under(root.path());
        places.create().unwrap();
        std::fs::set_permissions(places.data(), std::fs::Permissions::from_mode(0o755)).unwrap();
        std::fs::remove_dir(places.state()).unwrap();
        places.create_missing().unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(places.data()), mode(places.state())), (0o755, 0o700));
    }

    #[test]
    fn a_relative_folder_is_made_absolute() {
        let places = Places::choose(Some(Path::new("here"))).unwrap();
        assert!(places.root().is_some_and(Path::is_absolute));
    }

    #[test]
    fn a_file_in_the_way_is_named() {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("data"), b"").unwrap();
        let Err(PlacesError::Unusable { path, .. }) = Places::under(root.path()).create() else {
            panic!("a file is no folder")
        };
        assert!(path.ends_with("data"));
    }
}
