"""The windows of one program as a screen reader meets them: AT-SPI's tree, one JSON object a line.

usage: tree.py PROCESS_ID [PROCESS_ID ...]

Each line: role, name, description, text (of an editable field), value, states, and the rectangle on the screen.
"""
import json
import sys

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402

# A busy machine answers late; the short default would give half a tree.
Atspi.set_timeout(15000, 15000)

STATES = ["ENABLED", "SENSITIVE", "FOCUSED", "FOCUSABLE", "CHECKED", "SELECTED", "SHOWING", "VISIBLE", "EDITABLE"]


def text_of(node):
    try:
        interface = node.get_text_iface()
        return Atspi.Text.get_text(interface, 0, -1) if interface else None
    except Exception:
        return None


def rectangle(node):
    try:
        box = node.get_component_iface().get_extents(Atspi.CoordType.SCREEN)
        return [box.x, box.y, box.width, box.height]
    except Exception:
        return None


def walk(node, depth, out):
    if node is None or depth > 40:
        return
    try:
        states = node.get_state_set()
        out.append({
            "depth": depth,
            "role": node.get_role_name(),
            "name": node.get_name(),
            "description": node.get_description(),
            "text": text_of(node),
            "states": [name.lower() for name in STATES if states.contains(getattr(Atspi.StateType, name))],
            "box": rectangle(node),
        })
        for index in range(node.get_child_count()):
            walk(node.get_child_at_index(index), depth + 1, out)
    except Exception:
        return  # the window closed meanwhile


def main():
    wanted = {int(arg) for arg in sys.argv[1:]}
    desktop = Atspi.get_desktop(0)
    out = []
    for index in range(desktop.get_child_count()):
        program = desktop.get_child_at_index(index)
        try:
            if program is not None and program.get_process_id() in wanted:
                walk(program, 0, out)
        except Exception:
            continue
    for line in out:
        print(json.dumps(line, ensure_ascii=False))


main()
