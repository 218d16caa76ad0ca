//! `quick_tray FOLDER`: a listener and its icon as `tanba run` has them, but for one thing: what `tanba run` looks at once a
//! minute, the settings and the session's bus, this looks at all the time. For tests that do not last that long.

use listener::tray::Deeds;
use listener::{Listener, Setup, SignerCommand};
use settings::{Places, Settings};
use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;
use time::UtcOffset;
use tokio::sync::oneshot;

fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("which folder?")?);
    let places = Places::under(&folder);
    places.create()?;
    let settings = Settings::load(&places)?.settings;
    // Nothing is signed here, and no window is opened.
    let nobody = SignerCommand { program: "false".into(), arguments: Vec::new() };
    let mut setup = Setup::new(places, settings, 0, nobody.clone())?;
    setup.patience.tray_round = Duration::from_millis(100);
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let (quit, quitted) = oneshot::channel();
        let deeds = Deeds { open: nobody.clone(), check: nobody, quit, offset: UtcOffset::UTC };
        let listener = Listener::open(setup)?;
        println!("{}", listener.page());
        let showing = tokio::spawn(listener.tray(deeds).show());
        listener.serve(async { drop(quitted.await) }).await;
        showing.await?;
        Ok(())
    })
}
