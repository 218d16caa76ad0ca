//! Linux: an item for the tray of KDE, Xfce, Cinnamon, MATE, LXQt, and of GNOME with an extension, over the session's bus
//! (org.kde.StatusNotifierItem, com.canonical.dbusmenu).

use super::Wish;
use super::face::{Face, Sign};
use super::mark::{SIZES, picture};
use futures_util::StreamExt as _;
use ksni::menu::{MenuItem, StandardItem};
use ksni::{Category, Handle, OfflineReason, Status, ToolTip, TrayMethods as _};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::mpsc;
use zbus::{Connection, MessageStream};

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub(super) enum ShowError {
    /// Nobody answered in time.
    #[error("the session's bus does not answer")]
    NoAnswer,
    /// There is no bus, or it refuses.
    #[error("{0}")]
    Bus(#[from] ksni::Error),
    /// The same, before the icon was put on it.
    #[error("{0}")]
    Connection(#[from] zbus::Error),
}

/// The icon, wherever a tray shows it now or later.
pub(super) struct Icon {
    handle: Handle<Item>,
    /// A connection beside the icon's, on which nothing is said: the icon's own does not tell when the bus ends.
    bus: MessageStream,
}

impl fmt::Debug for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Icon(..)")
    }
}

impl Icon {
    /// Puts it on the bus. A tray that is not there yet finds it when it comes.
    pub(super) async fn show(face: Face, wish: mpsc::Sender<Wish>) -> Result<Self, ShowError> {
        let item = Item { face, wish, is_said: AtomicBool::new(false) };
        let bus = Connection::session().await?.into();
        Ok(Self { handle: item.assume_sni_available(true).spawn().await?, bus })
    }

    /// Gives it another face.
    pub(super) async fn change(&self, face: Face) {
        self.handle.update(move |item| item.face = face).await;
    }

    /// Ends when the bus has ended.
    pub(super) async fn lost(&mut self) {
        // Whoever says something to it is not heard.
        while let Some(Ok(_)) = self.bus.next().await {}
    }

    /// Whether it was taken off the bus.
    pub(super) fn is_lost(&self) -> bool {
        self.handle.is_closed()
    }

    /// Takes it away.
    pub(super) async fn hide(self) {
        self.handle.shutdown().await;
    }
}

/// What the bus is told.
struct Item {
    face: Face,
    wish: mpsc::Sender<Wish>,
    /// That no tray is there was said.
    is_said: AtomicBool,
}

impl Item {
    /// More than are waited for are a slip.
    fn wish(&self, wish: Wish) {
        let _ = self.wish.try_send(wish);
    }

    fn line(label: &str, wish: Wish) -> MenuItem<Self> {
        let activate = Box::new(move |item: &mut Self| item.wish(wish));
        StandardItem { label: plain(label), activate, ..StandardItem::default() }.into()
    }
}

impl ksni::Tray for Item {
    fn id(&self) -> String {
        "kz.tanba.Tanba".to_owned()
    }

    fn title(&self) -> String {
        "Tanba".to_owned()
    }

    fn category(&self) -> Category {
        Category::ApplicationStatus
    }

    fn status(&self) -> Status {
        // Trays that hide what is quiet show this all the same.
        if self.face.sign == Sign::Fault { Status::NeedsAttention } else { Status::Active }
    }

    fn icon_pixmap(&self) -> Vec<ksni::Icon> {
        let of_size = |size: i32| ksni::Icon { width: size, height: size, data: picture(self.face.sign, size) };
        SIZES.into_iter().map(of_size).collect()
    }

    fn attention_icon_pixmap(&self) -> Vec<ksni::Icon> {
        self.icon_pixmap()
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip { title: "Tanba".to_owned(), description: self.face.tip.clone(), ..ToolTip::default() }
    }

    fn activate(&mut self, _: i32, _: i32) {
        self.wish(Wish::Open);
    }

    fn menu_about_to_show(&mut self) {
        self.wish(Wish::Look);
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        let face = &self.face;
        let pause = if face.sign == Sign::Paused { Wish::GoOn } else { Wish::Pause };
        vec![
            StandardItem { label: plain(&face.line), enabled: false, ..StandardItem::default() }.into(),
            MenuItem::Separator,
            Self::line(&face.open, Wish::Open),
            Self::line(&face.check, Wish::Check),
            MenuItem::Separator,
            Self::line(&face.pause, pause),
            MenuItem::Separator,
            Self::line(&face.quit, Wish::Quit),
        ]
    }

    fn watcher_online(&self) {
        tracing::info!("a tray has come, and shows how Tanba stands");
    }

    fn watcher_offline(&self, _: OfflineReason) -> bool {
        if !self.is_said.swap(true, Ordering::Relaxed) {
            tracing::info!("no tray is there to show how Tanba stands; sites are served all the same");
        }
        true
    }
}

/// A label with nothing in it that menus take for the mark of a key.
fn plain(label: &str) -> String {
    label.replace('_', "__")
}
