//! A session bus of the test's own, and a tray on it.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;
use zbus::Connection;
use zbus::zvariant::{DynamicType, OwnedValue, Structure, Value};

const LONG: Duration = Duration::from_secs(30);
const ITEM: &str = "/StatusNotifierItem";
const MENU: &str = "/MenuBar";

pub(crate) struct Bus {
    daemon: Child,
    pub(crate) address: String,
}

impl Bus {
    /// `None`, with a line that says so, where there is no daemon.
    pub(crate) fn new() -> Option<Self> {
        Self::start(&[])
    }

    /// One whose address is this file, whichever daemon has it.
    pub(crate) fn at(file: &Path) -> Option<Self> {
        let address = format!("unix:path={}", file.display());
        let mut bus = Self::start(&["--address", &address])?;
        // What it says of itself names this daemon, and the next one is another.
        bus.address = address;
        Some(bus)
    }

    fn start(more: &[&str]) -> Option<Self> {
        let mut command = Command::new("dbus-daemon");
        command.args(["--session", "--print-address", "--nofork", "--nopidfile"]).args(more);
        let Ok(mut daemon) = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn() else {
            println!("NOT RUN: dbus-daemon is not here");
            return None;
        };
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Some(Self { daemon, address: address.trim().to_owned() })
    }

    /// A tray, which waits for items.
    pub(crate) fn tray(&self) -> Tray {
        let (sender, registered) = channel();
        let connection = pollster::block_on(async {
            zbus::connection::Builder::address(self.address.as_str())
                .unwrap()
                .serve_at("/StatusNotifierWatcher", Watcher { sender })
                .unwrap()
                .name("org.kde.StatusNotifierWatcher")
                .unwrap()
                .build()
                .await
                .unwrap()
        });
        Tray { connection, registered }
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

struct Watcher {
    sender: Sender<String>,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: &str) {
        let _ = self.sender.send(service.to_owned());
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }
}

pub(crate) struct Tray {
    connection: Connection,
    registered: Receiver<String>,
}

impl Tray {
    /// The item that registers next.
    pub(crate) fn item(&self) -> Item {
        let name = self.registered.recv_timeout(LONG).expect("an item");
        Item { connection: self.connection.clone(), name }
    }

    pub(crate) fn has_none_for(&self, time: Duration) {
        assert!(self.registered.recv_timeout(time).is_err(), "an item came");
    }

    /// Goes, as a panel that is started anew.
    pub(crate) fn leave(self) {
        pollster::block_on(async {
            self.connection.release_name("org.kde.StatusNotifierWatcher").await.unwrap();
            self.connection.close().await.unwrap();
        });
    }
}

pub(crate) struct Item {
    connection: Connection,
    name: String,
}

/// A line of the menu.
pub(crate) struct Line {
    id: i32,
    pub(crate) label: String,
    pub(crate) is_enabled: bool,
}

impl Item {
    fn call<B: zbus::export::serde::Serialize + DynamicType>(
        &self,
        path: &str,
        interface: &str,
        method: &str,
        body: &B,
    ) -> zbus::Message {
        let name = self.name.as_str();
        let call = self.connection.call_method(Some(name), path, Some(interface), method, body);
        pollster::block_on(call).unwrap_or_else(|error| panic!("{method}: {error}"))
    }

    fn property(&self, name: &str) -> OwnedValue {
        let body = ("org.kde.StatusNotifierItem", name);
        self.call(ITEM, "org.freedesktop.DBus.Properties", "Get", &body).body().deserialize().unwrap()
    }

    pub(crate) fn says(&self, name: &str) -> String {
        self.property(name).try_into().unwrap()
    }

    /// Whether it is on the bus still.
    pub(crate) fn is_there(&self) -> bool {
        pollster::block_on(async {
            let bus = zbus::fdo::DBusProxy::new(&self.connection).await.unwrap();
            bus.name_has_owner(self.name.as_str().try_into().unwrap()).await.unwrap()
        })
    }

    /// What the pointer over the icon shows.
    pub(crate) fn tip(&self) -> String {
        type Tip = (String, Vec<(i32, i32, Vec<u8>)>, String, String);
        let (_, _, _, description): Tip = self.property("ToolTip").try_into().unwrap();
        description
    }

    /// Which of the signs it shows, by the colour of its seal.
    pub(crate) fn sign(&self) -> &'static str {
        let pictures: Vec<(i32, i32, Vec<u8>)> = self.property("IconPixmap").try_into().unwrap();
        let sizes: Vec<i32> = pictures.iter().map(|(width, _, _)| *width).collect();
        assert_eq!(sizes, [16, 22, 24, 32, 48]);
        let (width, height, pixels) = &pictures[4];
        // In the middle of the left edge there is nothing but the seal.
        let place = usize::try_from(height / 2 * width + 3).unwrap() * 4;
        match pixels[place..place + 4] {
            [255, 34, 150, 82] => "ready",
            [255, 217, 134, 0] => "attention",
            [255, 214, 48, 49] => "fault",
            [255, 122, 128, 138] => "paused",
            ref other => panic!("no sign has {other:?}"),
        }
    }

    pub(crate) fn activate(&self) {
        self.call(ITEM, "org.kde.StatusNotifierItem", "Activate", &(0, 0));
    }

    pub(crate) fn about_to_show(&self) {
        self.call(MENU, "com.canonical.dbusmenu", "AboutToShow", &0);
    }

    pub(crate) fn menu(&self) -> Vec<Line> {
        type Layout = (u32, (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>));
        let layout = self.call(MENU, "com.canonical.dbusmenu", "GetLayout", &(0, -1, Vec::<&str>::new()));
        let (_, (_, _, lines)): Layout = layout.body().deserialize().unwrap();
        lines.into_iter().map(line).collect()
    }

    /// Chooses a line by its label.
    pub(crate) fn click(&self, label: &str) {
        let menu = self.menu();
        let line = menu.iter().find(|line| line.label == label);
        let labels: Vec<_> = menu.iter().map(|line| line.label.as_str()).collect();
        let line = line.unwrap_or_else(|| panic!("no {label} in {labels:?}"));
        assert!(line.is_enabled, "{label}");
        self.call(MENU, "com.canonical.dbusmenu", "Event", &(line.id, "clicked", Value::from(0), 0_u32));
    }
}

fn line(line: OwnedValue) -> Line {
    let line: Structure<'_> = line.try_into().unwrap();
    let (id, properties, _): (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>) = line.try_into().unwrap();
    let label = properties.get("label").map(|label| String::try_from(label.clone()).unwrap()).unwrap_or_default();
    let is_enabled = properties.get("enabled").is_none_or(|enabled| bool::try_from(enabled).unwrap());
    Line { id, label, is_enabled }
}
