//! The listener, in a folder of its own, and the one line that says where everything is.

use crate::Fault;
use crate::hub::Hub;
use listener::{Listener, Setup, SignerCommand};
use platform::trust::{Leaf, Store, TrustError, TrustStores};
use settings::{Places, Settings};
use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use tokio::io::AsyncReadExt as _;

/// The word by which this program is the signer.
pub(crate) const SIGNER: &str = "signer";

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
    let mut setup = Setup::new(places, Settings::default(), port, signer)?;
    setup.trust = Arc::new(NoStores);
    let listener = Listener::open(setup)?;
    let url = format!("wss://127.0.0.1:{}", listener.port());
    let place = serde_json::json!({"url": url, "signer": hub.kits.to_string(), "pid": std::process::id()});
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
