#!/usr/bin/python3
"""Answers `org.freedesktop.portal.Settings` on the session bus, as a desktop with this look would.

    portal.py light|dark|contrast|dark-contrast

Prints "ready" once it can be asked. Only for pictures and tests: it knows two settings and nothing else.
"""

import sys

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib

LOOK = sys.argv[1]
SETTINGS = {
    ("org.freedesktop.appearance", "color-scheme"): 1 if LOOK.startswith("dark") else 2,
    ("org.freedesktop.appearance", "contrast"): 1 if LOOK.endswith("contrast") else 0,
}
INTERFACE = """
<node><interface name="org.freedesktop.portal.Settings">
  <method name="ReadOne">
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="out"/>
  </method>
  <signal name="SettingChanged"><arg type="s"/><arg type="s"/><arg type="v"/></signal>
</interface></node>
"""


def answer(_bus, _sender, _path, _interface, _method, arguments, call):
    value = SETTINGS.get(arguments.unpack())
    if value is None:
        call.return_dbus_error("org.freedesktop.portal.Error.NotFound", "no such setting")
    else:
        call.return_value(GLib.Variant("(v)", (GLib.Variant("u", value),)))


loop = GLib.MainLoop()
bus = Gio.bus_get_sync(Gio.BusType.SESSION)
interface = Gio.DBusNodeInfo.new_for_xml(INTERFACE).interfaces[0]
bus.register_object("/org/freedesktop/portal/desktop", interface, answer, None, None)
Gio.bus_own_name_on_connection(
    bus,
    "org.freedesktop.portal.Desktop",
    Gio.BusNameOwnerFlags.NONE,
    lambda *_: print("ready", flush=True),
    lambda *_: loop.quit(),
)
loop.run()
