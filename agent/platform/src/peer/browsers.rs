//! Browsers that Tanba knows, by the file name of the executable that makes their connections.

/// File name and the name a person knows.
const BROWSERS: [(&str, &str); 20] = [
    ("chromium", "Chromium"),
    ("chromium-browser", "Chromium"),
    ("chrome", "Chrome"),
    ("google-chrome", "Chrome"),
    ("firefox", "Firefox"),
    ("firefox-bin", "Firefox"),
    ("firefox-esr", "Firefox"),
    ("msedge", "Edge"),
    ("microsoft-edge", "Edge"),
    ("brave", "Brave"),
    ("brave-browser", "Brave"),
    ("opera", "Opera"),
    ("vivaldi-bin", "Vivaldi"),
    ("vivaldi", "Vivaldi"),
    ("yandex_browser", "Yandex Browser"),
    ("librewolf", "LibreWolf"),
    ("waterfox", "Waterfox"),
    ("waterfox-bin", "Waterfox"),
    ("floorp", "Floorp"),
    ("falkon", "Falkon"),
];

/// Flatpak's names for them, whose files lie under `/app` inside and under one of these outside.
#[cfg(target_os = "linux")]
pub(super) const FLATPAKS: [&str; 10] = [
    "org.chromium.Chromium",
    "com.google.Chrome",
    "org.mozilla.firefox",
    "com.microsoft.Edge",
    "com.brave.Browser",
    "com.opera.Opera",
    "com.vivaldi.Vivaldi",
    "ru.yandex.Browser",
    "io.gitlab.librewolf-community",
    "net.waterfox.waterfox",
];

/// The name a person knows a browser by.
pub(super) fn name_of(file_name: &str) -> Option<&'static str> {
    BROWSERS.iter().find(|(file, _)| *file == file_name).map(|(_, name)| *name)
}
