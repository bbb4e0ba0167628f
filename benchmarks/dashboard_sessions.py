"""A reader of the dashboard without a browser: a session over the server's own WebSocket.

Streamlit answers one message (draw this page) with many (the parts of the page), the last of which says
that the page is drawn. What a browser would do with them is not needed to see what they say.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

SECONDS = 60  # for a page on a busy machine
FINISHED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_EARLY_FOR_RERUN)


class PageFailed(Exception):
    """A page was not drawn to its end, or shows an exception."""


@dataclass(frozen=True)
class Drawing:
    """What was sent for a page. One that is not the last was begun anew, and may be part of a page."""

    sent: bytes
    is_last: bool


class Session:
    """What one open tab of a browser is to the server."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    def draw(self) -> Iterator[Drawing]:
        """Have the first page drawn; give it as it is drawn.

        A page that sees a newer release is drawn anew at once, so that there may be many before the last.
        """
        request = BackMsg()
        request.rerun_script.query_string = ""
        self._socket.send(request.SerializeToString())
        sent = b""
        while True:
            data = self._socket.recv(timeout=SECONDS)
            assert isinstance(data, bytes)
            sent += data
            message = ForwardMsg.FromString(data)
            if message.delta.new_element.HasField("exception"):
                raise PageFailed(message.delta.new_element.exception.message)
            if message.WhichOneof("type") != "script_finished":
                continue
            if message.script_finished not in FINISHED:
                raise PageFailed(ForwardMsg.ScriptFinishedStatus.Name(message.script_finished))
            is_last = message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
            yield Drawing(sent, is_last)
            if is_last:
                return
            sent = b""


@contextmanager
def open_session(port: int) -> Iterator[Session]:
    """Open a session with the dashboard that listens on ``port`` of this machine; close it at the end."""
    with connect(f"ws://127.0.0.1:{port}/_stcore/stream", max_size=None, proxy=None) as socket:
        yield Session(socket)
