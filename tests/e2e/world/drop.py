"""Drops a file on a window, as a file manager does: the drag-and-drop protocol of X11 (XDND, version 5), from its other side.

usage: drop.py WINDOW_ID PATH
"""
import pathlib
import sys
import time

from Xlib import X, Xatom, display
from Xlib.protocol import event

VERSION = 5
PATIENCE = 15.0


def main():
    target_id, path = int(sys.argv[1]), pathlib.Path(sys.argv[2])
    connection = display.Display()
    atom = connection.intern_atom
    screen = connection.screen()
    target = connection.create_resource_object("window", target_id)
    source = screen.root.create_window(0, 0, 1, 1, 0, screen.root_depth, event_mask=X.PropertyChangeMask)
    uris = atom("text/uri-list")
    source.set_selection_owner(atom("XdndSelection"), X.CurrentTime)
    geometry = target.get_geometry()
    corner = target.translate_coords(screen.root, 0, 0)
    x, y = -corner.x + geometry.width // 2, -corner.y + geometry.height // 2

    def send(kind, *data):
        message = event.ClientMessage(window=target, client_type=atom(kind), data=(32, (list(data) + [0] * 5)[:5]))
        target.send_event(message, event_mask=X.NoEventMask)
        connection.flush()

    def until(kind):
        """Answers whoever asks what is dragged, until that message has come."""
        end = time.time() + PATIENCE
        while time.time() < end:
            if not connection.pending_events():
                time.sleep(0.02)
                continue
            came = connection.next_event()
            if came.type == X.SelectionRequest:
                text = f"{path.as_uri()}\r\n".encode()
                came.requestor.change_property(came.property, came.target, 8, text)
                answer = event.SelectionNotify(
                    time=came.time, requestor=came.requestor, selection=came.selection, target=came.target, property=came.property
                )
                came.requestor.send_event(answer)
                connection.flush()
            elif came.type == X.ClientMessage and came.client_type == atom(kind):
                return came
        raise SystemExit(f"no {kind} came")

    send("XdndEnter", source.id, VERSION << 24, uris)
    send("XdndPosition", source.id, 0, x << 16 | y, X.CurrentTime, atom("XdndActionCopy"))
    status = until("XdndStatus")
    if not status.data[1][1] & 1:
        raise SystemExit("the window takes no drop")
    send("XdndDrop", source.id, 0, X.CurrentTime)
    until("XdndFinished")


main()
