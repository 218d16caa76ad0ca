//! The listener with its icon in a tray, idle: what it keeps in memory, and how often it wakes up. On a session bus of its
//! own, with a tray that reads the icon and its menu as a panel does.

use crate::{Fault, Line, agent, machine::switches, websocket::Scheme};
use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{Sender, channel},
    thread,
    time::Duration,
};
use zbus::zvariant::OwnedValue;

/// What happens at a start is over, and no panel asks any more.
const SETTLED: Duration = Duration::from_secs(30);
/// The one look a minute is in it some times.
const WATCHED_MINUTES: u32 = 4;
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) fn measure(programs: &Path) -> Result<Vec<Line>, Fault> {
    let bus = Bus::start()?;
    let data = tempfile::tempdir()?;
    let scheme = Scheme::wss()?;
    let variables = [
        ("DBUS_SESSION_BUS_ADDRESS", bus.address.clone()),
        // No browser's store is looked at that a person of this machine has.
        ("HOME", data.path().to_string_lossy().into_owned()),
    ];
    let (sender, registered) = channel();
    let tray = zbus::block_on(async {
        zbus::connection::Builder::address(bus.address.as_str())?
            .serve_at("/StatusNotifierWatcher", Watcher(sender))?
            .name("org.kde.StatusNotifierWatcher")?
            .build()
            .await
    })?;
    let (_, agent, socket) = agent::start_with(programs, data.path(), &scheme, &variables)?;
    let item = registered.recv_timeout(PATIENCE).map_err(|_| "no icon came to the tray")?;
    let read: usize = [("/StatusNotifierItem", "org.kde.StatusNotifierItem"), ("/MenuBar", "com.canonical.dbusmenu")]
        .into_iter()
        .map(|(path, interface)| properties(&tray, &item, path, interface))
        .sum::<Result<usize, Fault>>()?;
    if read == 0 {
        return Err("the icon says nothing".into());
    }
    drop(socket);
    thread::sleep(SETTLED);
    let before = switches(agent.process())?;
    thread::sleep(Duration::from_secs(60) * WATCHED_MINUTES);
    let woken = switches(agent.process())?.saturating_sub(before);
    Ok(vec![
        Line::new("resident, idle, icon shown", agent.settled_memory()?.to_string(), "bar 15 MB (VmRSS)"),
        Line::new(
            "woken while idle, icon shown",
            format!("{:.1}/min", f64::from(u32::try_from(woken)?) / f64::from(WATCHED_MINUTES)),
            format!("bar one round a minute; context switches of all threads in {WATCHED_MINUTES} min: {woken}"),
        ),
    ])
}

/// How many properties there are.
fn properties(tray: &zbus::Connection, item: &str, path: &str, interface: &str) -> Result<usize, Fault> {
    let body = (interface,);
    let asked = tray.call_method(Some(item), path, Some("org.freedesktop.DBus.Properties"), "GetAll", &body);
    let all: std::collections::HashMap<String, OwnedValue> = zbus::block_on(asked)?.body().deserialize()?;
    Ok(all.len())
}

struct Watcher(Sender<String>);

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: &str) {
        // Nobody waits any more: then it is not needed.
        let _ = self.0.send(service.to_owned());
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }
}

/// A session bus; it ends with the value.
struct Bus {
    daemon: Child,
    address: String,
}

impl Bus {
    fn start() -> Result<Self, Fault> {
        let mut command = Command::new("dbus-daemon");
        command.args(["--session", "--print-address", "--nofork", "--nopidfile"]);
        let mut daemon = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let said = daemon.stdout.take().ok_or("dbus-daemon has no output")?;
        let mut bus = Self { daemon, address: String::new() };
        BufReader::new(said).read_line(&mut bus.address)?;
        bus.address.truncate(bus.address.trim_end().len());
        Ok(bus)
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}
