//! Which letters the keyboard gives now: layout and Caps Lock, said beside the password field.
//!
//! X11 is asked where it is the screen; elsewhere the typed letters tell.

use slint::winit_030::winit::keyboard::{Key, NamedKey};
use texts::{Texts, Value};

/// The layout the next letter will come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    English,
    Russian,
    Kazakh,
    /// Another one, by the name the system has for it.
    Other(String),
}

impl Layout {
    /// The layout of an XKB name such as `us`, `ru`, `kz(latin)`.
    fn from_xkb(name: &str) -> Option<Self> {
        let symbols = name.split('(').next().unwrap_or_default().trim();
        match symbols {
            "" => None,
            "us" | "gb" => Some(Self::English),
            "ru" => Some(Self::Russian),
            "kz" => Some(Self::Kazakh),
            other => Some(Self::Other(other.chars().filter(char::is_ascii_alphanumeric).take(4).collect())),
        }
    }

    /// The layout that a typed letter must have come from.
    fn from_letter(letter: char) -> Option<Self> {
        match letter {
            'a'..='z' | 'A'..='Z' => Some(Self::English),
            _ if is_kazakh(letter) => Some(Self::Kazakh),
            '\u{400}'..='\u{52f}' => Some(Self::Russian),
            _ => None,
        }
    }

    /// Two or three letters for the badge.
    pub(super) fn badge(&self) -> String {
        match self {
            Self::English => "EN".to_owned(),
            Self::Russian => "RU".to_owned(),
            Self::Kazakh => "KZ".to_owned(),
            Self::Other(name) => name.to_uppercase(),
        }
    }

    /// The badge for a screen reader.
    pub(super) fn spoken(&self, texts: &Texts) -> String {
        texts.format("window-layout", &[("layout", Value::Text(&self.badge()))])
    }
}

/// The letters of the Kazakh Cyrillic alphabet that Russian lacks.
fn is_kazakh(letter: char) -> bool {
    "ӘәҒғҚқҢңӨөҰұҮүҺһІі".contains(letter)
}

/// Whether a key is one to go through a window with, to press what is under the focus, or only changes what other keys
/// mean.
pub(super) fn moves_or_presses(key: &Key) -> bool {
    let Key::Named(named) = key else { return false };
    matches!(
        named,
        NamedKey::Tab
            | NamedKey::ArrowUp
            | NamedKey::ArrowDown
            | NamedKey::ArrowLeft
            | NamedKey::ArrowRight
            | NamedKey::PageUp
            | NamedKey::PageDown
            | NamedKey::Escape
            | NamedKey::Enter
            | NamedKey::Space
            | NamedKey::Shift
            | NamedKey::Control
            | NamedKey::Alt
            | NamedKey::AltGraph
            | NamedKey::Super
            | NamedKey::CapsLock
            | NamedKey::NumLock
    )
}

pub(super) fn is_tab(key: &Key) -> bool {
    matches!(key, Key::Named(NamedKey::Tab))
}

pub(super) fn is_escape(key: &Key) -> bool {
    matches!(key, Key::Named(NamedKey::Escape))
}

/// What is known of the keyboard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reading {
    pub(super) layout: Option<Layout>,
    pub(super) caps_lock: bool,
}

impl Reading {
    /// What a typed letter tells: a small one with Shift, or a capital one without, comes from Caps Lock.
    pub(super) fn learn(&mut self, typed: &str, shift: bool) {
        let mut letters = typed.chars();
        let (Some(letter), None) = (letters.next(), letters.next()) else {
            return;
        };
        if let Some(layout) = Layout::from_letter(letter) {
            // Most letters of a Kazakh layout are Russian ones.
            if !(layout == Layout::Russian && self.layout == Some(Layout::Kazakh)) {
                self.layout = Some(layout);
            }
            self.caps_lock = letter.is_uppercase() != shift;
        }
    }
}

/// What to say about a password that is being typed; empty when there is nothing. The password itself is only looked
/// at: which letters are in it is not said, only that there are Cyrillic ones.
pub(super) fn hint(texts: &Texts, password: &str, reading: &Reading) -> String {
    if password.chars().any(|letter| matches!(letter, '\u{400}'..='\u{52f}')) {
        texts.text("window-hint-cyrillic")
    } else if reading.caps_lock {
        texts.text("window-hint-caps-lock")
    } else {
        String::new()
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
pub(super) use x11::Keyboard;

#[cfg(all(unix, not(target_os = "macos")))]
mod x11 {
    use super::{Layout, Reading};
    use x11rb::connection::Connection;
    use x11rb::protocol::xkb::{self, ConnectionExt as _};
    use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _, ModMask};
    use x11rb::rust_connection::RustConnection;

    /// A connection of our own to the X server, which says what the toolkit does not.
    pub(in crate::window) struct Keyboard {
        server: RustConnection,
        root: u32,
        rules: u32,
    }

    impl Keyboard {
        /// `None` where the screen is not X11: Xwayland's keyboard is not the one that types.
        pub(in crate::window) fn open() -> Option<Self> {
            let wayland = ["WAYLAND_DISPLAY", "WAYLAND_SOCKET"]
                .into_iter()
                .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
            if wayland {
                return None;
            }
            let (server, screen) = x11rb::connect(None).ok()?;
            if !server.xkb_use_extension(1, 0).ok()?.reply().ok()?.supported {
                return None;
            }
            let root = server.setup().roots.get(screen)?.root;
            let rules = server.intern_atom(false, b"_XKB_RULES_NAMES").ok()?.reply().ok()?.atom;
            Some(Self { server, root, rules })
        }

        /// How the keyboard stands now.
        pub(in crate::window) fn read(&self) -> Option<Reading> {
            let state = self.server.xkb_get_state(xkb::ID::USE_CORE_KBD.into()).ok()?.reply().ok()?;
            let names =
                self.server.get_property(false, self.root, self.rules, AtomEnum::STRING, 0, 1024).ok()?.reply().ok()?;
            // rules, model, layouts, variants, options: each ends with a zero octet.
            let layouts = names.value.split(|octet| *octet == 0).nth(2).unwrap_or_default();
            let layout = std::str::from_utf8(layouts)
                .ok()
                .and_then(|layouts| layouts.split(',').nth(usize::from(u8::from(state.group))))
                .and_then(Layout::from_xkb);
            let caps_lock = u16::from(state.locked_mods) & u16::from(ModMask::LOCK) != 0;
            Some(Reading { layout, caps_lock })
        }
    }
}

/// Elsewhere only the typed letters tell.
#[cfg(not(all(unix, not(target_os = "macos"))))]
pub(super) struct Keyboard;

#[cfg(not(all(unix, not(target_os = "macos"))))]
impl Keyboard {
    pub(super) fn open() -> Option<Self> {
        None
    }

    pub(super) fn read(&self) -> Option<Reading> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use texts::Locale;

    fn typed(keys: &[(&str, bool)]) -> Reading {
        let mut reading = Reading::default();
        for (key, shift) in keys {
            reading.learn(key, *shift);
        }
        reading
    }

    #[test]
    fn letters_are_meant_for_somebody_and_moving_through_the_window_is_not() {
        for letter in ["a", "ж", "ә", "7", "."] {
            assert!(!moves_or_presses(&Key::Character(letter.into())), "{letter}");
        }
        for named in [NamedKey::Backspace, NamedKey::Delete, NamedKey::F5] {
            assert!(!moves_or_presses(&Key::Named(named)), "{named:?}");
        }
        for named in [NamedKey::Tab, NamedKey::Shift, NamedKey::ArrowDown, NamedKey::Enter, NamedKey::Escape] {
            assert!(moves_or_presses(&Key::Named(named)), "{named:?}");
        }
    }

    #[test]
    fn a_typed_letter_tells_the_layout() {
        assert_eq!(typed(&[("q", false)]).layout, Some(Layout::English));
        assert_eq!(typed(&[("й", false)]).layout, Some(Layout::Russian));
        assert_eq!(typed(&[("қ", false)]).layout, Some(Layout::Kazakh));
        assert_eq!(typed(&[("қ", false), ("п", false)]).layout, Some(Layout::Kazakh));
        assert_eq!(typed(&[("й", false), ("1", false)]).layout, Some(Layout::Russian));
    }

    #[test]
    fn a_capital_letter_without_shift_tells_of_caps_lock() {
        assert!(typed(&[("Q", false)]).caps_lock);
        assert!(typed(&[("q", true)]).caps_lock);
        assert!(!typed(&[("Q", true)]).caps_lock);
        assert!(!typed(&[("Q", false), ("q", false)]).caps_lock);
        assert!(!typed(&[("1", false)]).caps_lock);
        assert!(!typed(&[("\u{f700}", false)]).caps_lock);
    }

    #[test]
    fn xkb_names_become_badges() {
        let badge = |name| Layout::from_xkb(name).map(|layout| layout.badge());
        assert_eq!(badge("us").as_deref(), Some("EN"));
        assert_eq!(badge("ru(phonetic)").as_deref(), Some("RU"));
        assert_eq!(badge("kz").as_deref(), Some("KZ"));
        assert_eq!(badge("de").as_deref(), Some("DE"));
        assert_eq!(badge(""), None);
    }

    #[test]
    fn cyrillic_letters_in_a_password_are_pointed_out_before_caps_lock() {
        let texts = Texts::new(Locale::Ru);
        let caps = Reading { layout: None, caps_lock: true };
        assert_eq!(hint(&texts, "Qwerty12", &Reading::default()), "");
        assert_eq!(hint(&texts, "Йцукен", &caps), texts.text("window-hint-cyrillic"));
        assert_eq!(hint(&texts, "QWERTY", &caps), texts.text("window-hint-caps-lock"));
    }
}
