//! The listener, in a folder of its own, and the one line that says where everything is.

use crate::Fault;
use crate::hub::Hub;
use listener::{Listener, Setup, SignerCommand};
use platform::peer::{Connection, Owner, PeerError, Peers, PortHolder, Program, ProgramKind, Sighting, SystemPeers};
use platform::trust::{Leaf, Store, TrustError, TrustStores};
use settings::{Places, Settings};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use tokio::io::AsyncReadExt as _;

/// The word by which this program is the signer.
pub(crate) const SIGNER: &str = "signer";

/// The word by which this program watches tokens.
pub(crate) const WATCHER: &str = "watcher";

/// No store of this computer learns of this listener's certificate.
struct NoStores;

impl TrustStores for NoStores {
    fn status(&self, _: Leaf<'_>) -> Result<Vec<Store>, TrustError> {
        Ok(Vec::new())
    }

    fn install(&self, _: Leaf<'_>) -> Result<Vec<Store>, TrustError> {
        Ok(Vec::new())
    }

    fn remove(&self, _: Leaf<'_>) -> Result<Vec<Store>, TrustError> {
        Ok(Vec::new())
    }
}

/// What the system knows, but for one thing: whoever calls is a browser. The pages of the kit are many sites; a program
/// that is no browser and claims to be many is slowed down, and rightly.
struct Browsers(SystemPeers);

impl Peers for Browsers {
    fn owner(&self, connection: &Connection) -> Result<Owner, PeerError> {
        self.0.owner(connection)
    }

    fn program(&self, connection: &Connection, since: Instant) -> Result<Sighting, PeerError> {
        let seen = self.0.program(connection, since)?;
        Ok(Sighting { program: Program { kind: ProgramKind::Browser, ..seen.program }, ..seen })
    }

    fn holder_of_port(&self, port: u16) -> Result<Option<PortHolder>, PeerError> {
        self.0.holder_of_port(port)
    }
}

/// Serves until the standard input ends: whoever started this program need not kill it.
pub(crate) fn serve(port: u16) -> Result<(), Fault> {
    let folder = tempfile::tempdir()?;
    let hub = Hub::open()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(listen(folder.path(), port, &hub))?;
    // A thread that waits for the input would not end.
    runtime.shutdown_background();
    Ok(())
}

async fn listen(folder: &Path, port: u16, hub: &Hub) -> Result<(), Fault> {
    let places = Places::under(&folder.join("tanba"));
    places.create()?;
    let signer = SignerCommand {
        program: std::env::current_exe()?,
        arguments: vec![SIGNER.into(), hub.signers.to_string().into(), folder.into()],
    };
    let watcher = SignerCommand {
        program: std::env::current_exe()?,
        // It hears what the signers hear.
        arguments: vec![WATCHER.into(), hub.signers.to_string().into()],
    };
    let mut setup = Setup::new(places, Settings::default(), port, signer)?;
    setup.watcher = Some(watcher);
    setup.trust = Arc::new(NoStores);
    setup.peers = Arc::new(Browsers(SystemPeers::default()));
    let listener = Listener::open(setup)?;
    let url = format!("wss://127.0.0.1:{}", listener.port());
    let place =
        serde_json::json!({"url": url, "signer": hub.kits.to_string(), "tokens": true, "pid": std::process::id()});
    writeln!(std::io::stdout(), "{place}")?;
    listener
        .serve(async {
            let mut rest = Vec::new();
            // However it ends, nobody is there any more.
            let _ = tokio::io::stdin().read_to_end(&mut rest).await;
        })
        .await;
    Ok(())
}
