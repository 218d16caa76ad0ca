"""One state of the window: what a person can do to it, and what it and the accessibility tree say."""

import os
import queue
import re
import subprocess
import threading
import time

import pyatspi
from gi.repository import GLib

PROGRAM = os.environ["TANBA_WINDOW_STATES"]
ENABLED, CHECKED, FOCUSED = (int(state) for state in (pyatspi.STATE_ENABLED, pyatspi.STATE_CHECKED, pyatspi.STATE_FOCUSED))
# Longer than the window's deafness after it appears or comes back.
HEARD = 0.8


def xdotool(*arguments):
    subprocess.run(["xdotool", *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)


def keys(*names):
    for name in names:
        xdotool("key", name)
        time.sleep(0.08)


def type_text(text):
    xdotool("type", "--delay", "60", text)
    time.sleep(0.2)


def clipboard():
    taken = subprocess.run(["xclip", "-o", "-selection", "clipboard"], capture_output=True, timeout=5)
    return taken.stdout.decode() if taken.returncode == 0 else ""


def selection():
    taken = subprocess.run(["xclip", "-o", "-selection", "primary"], capture_output=True, timeout=5)
    return taken.stdout.decode() if taken.returncode == 0 else ""


class Window:
    """One state of the window, from its first picture to its end."""

    def __init__(self, state, language="ru", settle=HEARD, environment=None):
        self.process = subprocess.Popen(
            [PROGRAM, state, language],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        try:
            self.expect("Shown")
            self.id = subprocess.run(
                ["xdotool", "search", "--sync", "--onlyvisible", "--pid", str(self.process.pid)],
                capture_output=True,
                text=True,
                check=True,
                timeout=20,
            ).stdout.split()[-1]
        except BaseException:
            self.__exit__()
            raise
        time.sleep(settle)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.strip())

    def expect(self, pattern, within=8.0):
        try:
            line = self.lines.get(timeout=within)
        except queue.Empty:
            raise AssertionError(f"no {pattern} came") from None
        assert re.fullmatch(pattern, line), f"{line} came, not {pattern}"
        return line

    def expect_nothing(self, for_a_while=0.5):
        time.sleep(for_a_while)
        assert self.lines.empty(), f"{self.lines.get()} came"

    def expect_end(self, within=8.0):
        self.process.wait(timeout=within)
        assert self.process.returncode == 0, f"ended with {self.process.returncode}"
        assert self.lines.empty(), f"{self.lines.get()} came after the end"

    def tree(self):
        """Every node as (role, name, text, states), from the top down."""
        for _ in range(60):
            try:
                application = self.application()
                if application is not None and application.childCount:
                    return list(walk(application))
            except GLib.Error:
                # A node that a new state of the window took away while it was looked at: the tree is read again.
                pass
            time.sleep(0.1)
        raise AssertionError("the window is not on the accessibility bus")

    def application(self):
        """The root of this program's tree, or None before it is on the bus."""
        for application in pyatspi.Registry.getDesktop(0):
            try:
                if application is not None and application.get_process_id() == self.process.pid:
                    return application
            except GLib.Error:
                # Another program that ended while the bus was asked for it.
                continue
        return None

    def node(self, role, name=None):
        for node in self.tree():
            if node[0] == role and (name is None or name in node[1]):
                return node
        raise AssertionError(f"no {role} {name!r}")

    def says(self, text):
        return any(text in name or text in said for _, name, said, _ in self.tree())

    def wait_until_it_says(self, text, within=4.0):
        end = time.time() + within
        while time.time() < end:
            if self.says(text):
                return
            time.sleep(0.1)
        raise AssertionError(f"it does not say {text!r}")

    def focused(self):
        for _ in range(20):
            for role, name, _, states in self.tree():
                if FOCUSED in states:
                    return role, name
            time.sleep(0.1)
        raise AssertionError("nothing has the focus")

    def focus_settles(self, role, name, within=4.0):
        """Waits until exactly this has the focus: a busy machine is told of it later."""
        settles(lambda: self.focused() == (role, name), lambda: f"{self.focused()} has the focus, not {name}", within)

    def step(self, key):
        """Presses a key that moves the focus, and waits for it to move. Gives what has it then."""
        before = self.focused()
        keys(key)
        end = time.time() + 1.0
        while self.focused() == before and time.time() < end:
            time.sleep(0.05)
        return self.focused()

    def press(self, name):
        """Does what a screen reader does to press a button."""
        button = self.button(name)
        try:
            button.queryAction().doAction(0)
        except GLib.Error:
            # A button that ends the window may take the program away before it has answered. What the press came to,
            # the caller sees in what the window says.
            pass

    def button(self, name):
        for _ in range(20):
            try:
                application = self.application()
                for node in accessibles(application) if application is not None else ():
                    if node.getRoleName() == "push button" and name in (node.name or ""):
                        return node
            except GLib.Error:
                # As in `tree`.
                pass
            time.sleep(0.1)
        raise AssertionError(f"no button {name!r}")

    def click_primary(self):
        """Clicks where the main button is: in the lower right corner."""
        said = subprocess.run(["xdotool", "getwindowgeometry", "--shell", self.id], capture_output=True, text=True).stdout
        size = dict(line.split("=") for line in said.split())
        xdotool("mousemove", "--window", self.id, int(size["WIDTH"]) - 80, int(size["HEIGHT"]) - 32, "click", 1)


def settles(condition, what, within=4.0):
    """Waits until something is so. `what` is said when it never is: a text, or what gives one."""
    end = time.time() + within
    while not condition():
        assert time.time() < end, what() if callable(what) else what
        time.sleep(0.1)


def walk(node):
    try:
        text = node.queryText().getText(0, -1)
    except NotImplementedError:
        text = ""
    yield node.getRoleName(), node.name or "", text, {int(state) for state in node.getState().getStates()}
    for child in node:
        if child is not None:
            yield from walk(child)


def accessibles(node):
    yield node
    for child in node:
        if child is not None:
            yield from accessibles(child)


def every_state():
    return subprocess.run([PROGRAM], capture_output=True, text=True, check=True).stdout.split()
