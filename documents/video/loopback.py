"""One recording on loopback, for one reader, for as long as it is looked at: HTTP with ranges under a random path.

The sender's bytes are encrypted at rest, and a tool that reads films must seek: a telephone writes its index at the
end. A pipe does not seek; a file would put the recording in clear on the disk, and one in memory would take its size.
So the tool asks for ranges, and they are decrypted as it asks. The path is 256 random bits; as a path stands in a
process's arguments, which others may read, the connection must also be this very user's (Linux says whose it is).
"""

from __future__ import annotations

import os
import re
import secrets
import socket
import socketserver
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["served_on_loopback"]

_BLOCK_BYTES: Final = 256 << 10
_SLACK_BYTES: Final = 64 << 20
_MOST_READINGS: Final = 8
"""A tool that reads a film more often than so is being led in circles."""

_RANGE = re.compile(r"bytes=([0-9]{1,18})-([0-9]{0,18})")


@contextmanager
def served_on_loopback(recording: BinaryIO) -> Iterator[str]:
    """The address of ``recording`` while the block runs. Nobody else may read it meanwhile."""
    with _Server(recording) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="loopback", daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}{server.path}"
        finally:
            server.shutdown()
            thread.join()


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    # The recording is closed after the block: no handler may still read it.
    block_on_close = True

    def __init__(self, recording: BinaryIO) -> None:
        self.path = f"/{secrets.token_urlsafe(32)}"
        self.size_bytes = recording.seek(0, os.SEEK_END)
        self._recording = recording
        self._lock = threading.Lock()
        self._left_bytes = _MOST_READINGS * self.size_bytes + _SLACK_BYTES
        self._is_over = False
        super().__init__(("127.0.0.1", 0), _Handler)

    def read_at(self, offset: int, size: int) -> bytes:
        """A piece; nothing once enough was read, or it is over."""
        with self._lock:
            if self._is_over or self._left_bytes <= 0:
                return b""
            self._recording.seek(offset)
            piece = self._recording.read(size)
            self._left_bytes -= len(piece)
            return piece

    def server_close(self) -> None:
        self._is_over = True
        super().server_close()

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ANN401 - as socketserver has it
        request.settimeout(30)
        return _is_ours(client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as above
        """A tool that has seen enough hangs up; what it could not read it says itself."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        first = self._first()
        if not secrets.compare_digest(self.path, self.server.path) or first is None:
            self.send_error(404)
            return
        size = self.server.size_bytes
        self.send_response(206)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Range", f"bytes {first}-{size - 1}/{size}")
        self.send_header("Content-Length", str(size - first))
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        with suppress(OSError):
            self._send_from(first)

    def _first(self) -> int | None:
        """First byte asked for: ffmpeg asks for everything from somewhere, and hangs up when it has enough."""
        asked = self.headers.get("Range", "bytes=0-")
        found = _RANGE.fullmatch(asked)
        first = int(found[1]) if found else 0
        return first if first < self.server.size_bytes else None

    def _send_from(self, offset: int) -> None:
        while offset < self.server.size_bytes:
            piece = self.server.read_at(offset, min(_BLOCK_BYTES, self.server.size_bytes - offset))
            if not piece:
                return
            self.wfile.write(piece)
            offset += len(piece)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - as the library has it
        """Nothing is logged: the path is a secret."""


def _is_ours(address: tuple[str, int]) -> bool:
    """Whether the other end of a loopback connection belongs to this user (proc_pid_net(5))."""
    try:
        lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return True  # not Linux: the path alone
    host, port = address
    wanted = f"{int.from_bytes(socket.inet_aton(host), 'little'):08X}:{port:04X}"
    owners = [fields[7] for fields in map(str.split, lines) if fields[1] == wanted]
    return str(os.getuid()) in owners
