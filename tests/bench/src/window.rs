//! From a page's request to a window that is painted and takes keys, on a screen of its own (Xvfb, drawn by the processor).

use crate::{
    Fault, Line, agent,
    statistics::{median, milliseconds, percentile},
    websocket::{Scheme, Socket, frame},
};
use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use x11rb::{
    connection::Connection as _,
    protocol::xproto::{AtomEnum, ConnectionExt as _, ImageFormat, Window},
    rust_connection::RustConnection,
};

const COLD: usize = 7;
const WARM: usize = 15;

/// A text frame with FIN.
const TEXT: u8 = 0x81;

const SIGN: &str = r#"{"module":"kz.gov.pki.knca.basics","method":"sign","args":{"format":"cms","data":"QSB0ZXh0Lg==","signingParams":{"decode":true},"signerParams":{"extKeyUsageOids":[]}}}"#;

/// How long anything may take before it counts as not coming.
const PATIENCE: Duration = Duration::from_secs(20);

/// Side of the square in the middle of a window that is looked at, in points, and how many colours it has when letters and
/// frames stand in it. Before the first picture it has one.
const SQUARE: u16 = 240;
const COLOURS: usize = 8;

/// Between two requests, so that none waits for the manners that the agent keeps towards a page that asks all the time.
const PAUSE: Duration = Duration::from_millis(1500);

pub(crate) fn measure(programs: &Path) -> Result<Vec<Line>, Fault> {
    let screen = Screen::start()?;
    let data = tempfile::tempdir()?;
    let made = Command::new(programs.join("tanba"))
        .args(["keys", "demo", "--data-dir"])
        .arg(data.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()?;
    if !made.success() {
        return Err(format!("tanba keys demo: {made}").into());
    }
    let scheme = Scheme::wss()?;
    let start = || agent::start_with(programs, data.path(), &scheme, &screen.variables);
    // The very first window of a person's life makes the folder of fonts; it is counted, but by itself.
    let (_, agent, mut socket) = start()?;
    let first = screen.time_of_a_window(&mut socket)?;
    drop((socket, agent));
    let mut cold = Vec::new();
    for _ in 0..COLD {
        let (_, agent, mut socket) = start()?;
        cold.push(screen.time_of_a_window(&mut socket)?);
        drop((socket, agent));
    }
    let (_, _agent, mut socket) = start()?;
    screen.time_of_a_window(&mut socket)?;
    let mut warm = Vec::new();
    for _ in 0..WARM {
        thread::sleep(PAUSE);
        warm.push(screen.time_of_a_window(&mut socket)?);
    }
    let slowest = |times: &mut Vec<Duration>| format!("slowest {}", milliseconds(percentile(times, 100)));
    let (slowest_cold, slowest_warm) = (slowest(&mut cold), slowest(&mut warm));
    Ok(vec![
        Line::new(
            "request to a painted window, cold",
            milliseconds(median(cold)),
            format!("bar 300 ms; the signer starts for it; median of {COLD}, {slowest_cold}"),
        ),
        Line::new(
            "request to a painted window, warm",
            milliseconds(median(warm)),
            format!("bar 100 ms; the signer runs; median of {WARM}, {slowest_warm}"),
        ),
        Line::new("the very first one", milliseconds(first), "in a new folder"),
    ])
}

/// A display with a window manager, and a session bus as any desktop has.
struct Screen {
    connection: RustConnection,
    root: Window,
    active: u32,
    /// For the programs that are to be on it.
    variables: Vec<(&'static str, String)>,
    _server: Ends,
    _manager: Ends,
    _bus: Ends,
}

/// A program that ends with the value.
struct Ends(Child);

impl Drop for Ends {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Screen {
    fn start() -> Result<Self, Fault> {
        let (server, number) = told(Command::new("Xvfb").args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            "1366x768x24",
            "-nolisten",
            "tcp",
            "-noreset",
        ]))?;
        let display = format!(":{number}");
        let (bus, address) = told(Command::new("dbus-daemon").args(["--session", "--nofork", "--print-address"]))?;
        let variables = vec![
            ("DISPLAY", display.clone()),
            ("DBUS_SESSION_BUS_ADDRESS", address),
            ("WAYLAND_DISPLAY", String::new()),
        ];
        let manager = Command::new("openbox")
            .arg("--sm-disable")
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stderr(Stdio::null())
            .spawn()?;
        let (connection, number) = x11rb::connect(Some(&display))?;
        let root = connection.setup().roots.get(number).ok_or("no screen")?.root;
        let active = connection.intern_atom(false, b"_NET_ACTIVE_WINDOW")?.reply()?.atom;
        let screen = Self {
            connection,
            root,
            active,
            variables,
            _server: Ends(server),
            _manager: Ends(manager),
            _bus: Ends(bus),
        };
        // A window manager that is there says so on the root window.
        let supporting = screen.connection.intern_atom(false, b"_NET_SUPPORTING_WM_CHECK")?.reply()?.atom;
        screen.until("the window manager", |screen| Ok(screen.window_in(supporting)?.is_some()))?;
        Ok(screen)
    }

    /// Has a page ask for a signature; gives the time until the window is there, and takes it off the screen again.
    fn time_of_a_window(&self, socket: &mut Socket) -> Result<Duration, Fault> {
        socket.wait_up_to(PATIENCE)?;
        let begin = Instant::now();
        socket.write_all(&frame(TEXT, SIGN.as_bytes()))?;
        socket.flush()?;
        self.until("a painted window", |screen| {
            Ok(screen.focused_window()?.is_some_and(|window| screen.is_painted(window)))
        })?;
        let time = begin.elapsed();
        // Escape is heard at once; a decision would not be for half a second.
        let pressed = Command::new("xdotool")
            .args(["key", "Escape"])
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .status()?;
        if !pressed.success() {
            return Err(format!("xdotool: {pressed}").into());
        }
        socket.hear()?;
        self.until("the end of the window", |screen| Ok(screen.focused_window()?.is_none()))?;
        Ok(time)
    }

    /// The window that is in front and has the keys.
    fn focused_window(&self) -> Result<Option<Window>, Fault> {
        let Some(window) = self.window_in(self.active)? else { return Ok(None) };
        let focus = self.connection.get_input_focus()?.reply()?.focus;
        Ok((focus == window).then_some(window))
    }

    fn window_in(&self, property: u32) -> Result<Option<Window>, Fault> {
        let reply = self.connection.get_property(false, self.root, property, AtomEnum::WINDOW, 0, 1)?.reply()?;
        Ok(reply.value32().and_then(|mut windows| windows.next()).filter(|window| *window != 0))
    }

    /// Whether there is more in its middle than the colour it was made with. A window that goes meanwhile is not.
    fn is_painted(&self, window: Window) -> bool {
        let colours = || {
            let size = self.connection.get_geometry(window).ok()?.reply().ok()?;
            let side = SQUARE.min(size.width).min(size.height);
            let (x, y) = ((size.width - side) / 2, (size.height - side) / 2);
            let (x, y) = (i16::try_from(x).ok()?, i16::try_from(y).ok()?);
            let image =
                self.connection.get_image(ImageFormat::Z_PIXMAP, window, x, y, side, side, !0).ok()?.reply().ok()?;
            let mut colours: Vec<[u8; 4]> = image.data.as_chunks().0.to_vec();
            colours.sort_unstable();
            colours.dedup();
            Some(colours.len())
        };
        colours().is_some_and(|colours| colours >= COLOURS)
    }

    fn until(&self, what: &str, mut is_there: impl FnMut(&Self) -> Result<bool, Fault>) -> Result<(), Fault> {
        let begin = Instant::now();
        while !is_there(self)? {
            if begin.elapsed() > PATIENCE {
                return Err(format!("{what} did not come in {PATIENCE:?}").into());
            }
            thread::sleep(Duration::from_millis(1));
        }
        Ok(())
    }
}

/// Starts a program, and gives the first line that it says.
fn told(command: &mut Command) -> Result<(Child, String), Fault> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("{name}: {error}"))?;
    let mut line = String::new();
    BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut line)?;
    Ok((child, line.trim().to_owned()))
}
