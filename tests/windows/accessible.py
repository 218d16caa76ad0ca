#!/usr/bin/python3
"""Reads the window's accessibility tree as a screen reader does, prints it, and fails when something is wrong.

    accessible.py PROGRAM-NAME [--secret TEXT]

Every control must have a name, and the secret must appear nowhere in the tree. Needs python3-pyatspi and a session bus
with at-spi2-core.
"""

import sys
import time

import pyatspi

CONTROLS = {"push button", "toggle button", "radio button", "password text", "text", "entry", "list item", "check box"}

program = sys.argv[1]
secret = sys.argv[3] if len(sys.argv) > 3 else None
faults = []


def find():
    for _ in range(50):
        for application in pyatspi.Registry.getDesktop(0):
            if application is not None and application.name.endswith(program) and application.childCount:
                return application
        time.sleep(0.1)
    sys.exit(f"{program} is not on the accessibility bus")


def text_of(node):
    try:
        text = node.queryText()
        return text.getText(0, -1)
    except NotImplementedError:
        return ""


def walk(node, depth):
    role, name, said = node.getRoleName(), node.name, text_of(node)
    states = node.getState()
    marks = [
        word
        for word, state in (
            ("focused", pyatspi.STATE_FOCUSED),
            ("checked", pyatspi.STATE_CHECKED),
            ("selected", pyatspi.STATE_SELECTED),
        )
        if states.contains(state)
    ]
    if role in CONTROLS and not states.contains(pyatspi.STATE_ENABLED):
        marks.append("disabled")
    print("  " * depth + role, repr(name), *(["text=" + repr(said)] if said else []), *marks)
    if role in CONTROLS and not name:
        faults.append(f"a {role} without a name")
    for value in (name, said, node.description):
        if secret and secret in (value or ""):
            faults.append(f"the secret is in a {role}")
    for child in node:
        if child is not None:
            walk(child, depth + 1)


walk(find(), 0)
for fault in faults:
    print("FAULT:", fault)
sys.exit(1 if faults else 0)
