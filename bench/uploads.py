"""Uploads: one recording through the application, against nginx and against the bare object store, by the same sender.

Ours is the application on uvicorn with one process: session, CSRF and case checked, every byte digested (SHA-256 and
CRC-32), encrypted, written and flushed to the disk before the answer. nginx takes the same bytes by PUT into a file
(WebDAV module) and flushes nothing; MinIO takes them by a presigned PUT. In turn, medians, all cores, all on loopback,
sender included. Cases and sessions are in memory: a recording asks for them once.

``python -m bench uploads [--megabytes 256] [--rounds 5]``
"""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bench.sheet import Sheet
from qianshu.service.run import free_port

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterator

__all__ = ["arguments", "measure"]

MB = 1_000_000
START_SECONDS = 60.0

_NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{
    access_log off; client_body_temp_path {folder}/body; client_max_body_size 0;
    proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{
        listen 127.0.0.1:{port};
        location / {{ root {folder}/files; dav_methods PUT DELETE; create_full_put_path on; }}
    }}
}}
"""


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--megabytes", type=int, default=256, help="size of the recording")
    parser.add_argument("--rounds", type=int, default=5, help="uploads to each, in turn")


@dataclass(frozen=True, slots=True)
class Taker:
    """Something that takes an upload."""

    name: str
    """In the table."""

    take: Callable[[Path], None]
    """One file, to its end."""


def measure(given: Namespace) -> list[Sheet]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="qianshu-bench-")))
        film = _film(folder, given.megabytes)
        takers = [stack.enter_context(_ours(folder))]
        takers += [stack.enter_context(_nginx(folder))] if shutil.which("nginx") else []
        takers += [stack.enter_context(_minio())] if os.environ.get("QIANSHU_MINIO_ENDPOINT") else []
        times: dict[str, list[float]] = {taker.name: [] for taker in takers}
        for number in range(given.rounds + 1):
            for taker in takers:
                began = time.perf_counter()
                taker.take(film)
                if number:  # the first of each warms up
                    times[taker.name].append(time.perf_counter() - began)
    return [_sheet(times, given)]


def _sheet(times: dict[str, list[float]], given: Namespace) -> Sheet:
    speeds = {name: given.megabytes / statistics.median(seconds) for name, seconds in times.items()}
    ours = next(iter(speeds.values()))
    lines = tuple((name, round(speed), round(ours / speed, 2)) for name, speed in speeds.items())
    missing = "" if len(speeds) == 3 else " nginx or MinIO is not here and was left out."
    notes = (
        "Ours flushes to the disk before it answers, digests and encrypts; nginx does none of it.",
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} when it ended.{missing}",
    )
    title = f"Uploads of {given.megabytes} MB over loopback"
    return Sheet("uploads", title, ("to", "MB/s", "ours as a share of it"), lines, notes)


def _film(folder: Path, megabytes: int) -> Path:
    film = folder / "film"
    with film.open("wb") as file:
        for _ in range(megabytes):
            file.write(secrets.token_bytes(MB))
    return film


def _send(url: str, head: list[str], film: Path) -> bytes:
    """One request by hand, the body straight from the file; the head of the answer."""
    parts = urlsplit(url)
    size = film.stat().st_size
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [head[0].format(path=path), f"Host: {parts.netloc}", f"Content-Length: {size}", *head[1:], "", ""]
    with socket.create_connection((parts.hostname or "", parts.port or 80)) as connection, film.open("rb") as file:
        connection.sendall("\r\n".join(lines).encode())
        connection.sendfile(file)
        answer = connection.recv(65_536)
    if answer.split(b" ", 2)[1] not in {b"200", b"201", b"204"}:
        raise RuntimeError(f"refused: {answer[:300]!r}")
    return answer


@contextmanager
def _ours(folder: Path) -> Iterator[Taker]:
    """The application in a process of its own, and somebody who may upload."""
    from tests.builders.api import Client  # noqa: PLC0415 - the people of the tests, with an open notary task
    from tests.builders.cases import BUYER  # noqa: PLC0415
    from tests.builders.uploading import BODY, metadata  # noqa: PLC0415

    command = [sys.executable, "-m", "tests.builders.uploading_server", str(folder / "ours")]
    root = Path(__file__).parents[1]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            assert server.stdout is not None
            url = server.stdout.readline().strip()
            client = Client(base_url=url, headers={"tus-resumable": "1.0.0"}, trust_env=False).log_in(BUYER.account)
            cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())

            def take(film: Path) -> None:
                headers = {"upload-length": str(film.stat().st_size), "upload-metadata": metadata()}
                location = client.post("/v1/uploads", headers=headers).headers["location"]
                _send(
                    f"{url}{location}",
                    [
                        "PATCH {path} HTTP/1.1",
                        f"Cookie: {cookies}",
                        f"X-CSRF-Token: {client.headers['x-csrf-token']}",
                        "Tus-Resumable: 1.0.0",
                        "Upload-Offset: 0",
                        f"Content-Type: {BODY}",
                    ],
                    film,
                )
                client.delete(location)

            yield Taker("ours, encrypted, digested, flushed", take)
            client.close()
        finally:
            server.kill()


@contextmanager
def _nginx(folder: Path) -> Iterator[Taker]:
    where, port = folder / "nginx", free_port()
    (where / "files").mkdir(parents=True)
    (where / "nginx.conf").write_text(_NGINX.format(folder=where, port=port), encoding="utf-8")
    user = [] if os.getuid() else ["-g", "user root;"]
    with subprocess.Popen(["nginx", "-c", str(where / "nginx.conf"), *user], stderr=subprocess.DEVNULL) as server:
        try:
            _wait_listening(port)

            def take(film: Path) -> None:
                _send(f"http://127.0.0.1:{port}/film", ["PUT {path} HTTP/1.1", "Connection: close"], film)
                (where / "files" / "film").unlink()

            yield Taker("nginx, a plain file", take)
        finally:
            server.terminate()


@contextmanager
def _minio() -> Iterator[Taker]:
    from minio import Minio  # noqa: PLC0415 - 30 MB

    client: Any = Minio(
        os.environ["QIANSHU_MINIO_ENDPOINT"],
        access_key=os.environ["QIANSHU_MINIO_ACCESS_KEY"],
        secret_key=os.environ["QIANSHU_MINIO_SECRET_KEY"],
        secure=False,
    )
    bucket = f"qianshu-bench-{secrets.token_hex(6)}"
    client.make_bucket(bucket)

    def take(film: Path) -> None:
        url = client.presigned_put_object(bucket, "film", timedelta(minutes=5))
        _send(url, ["PUT {path} HTTP/1.1", "Connection: close"], film)
        client.remove_object(bucket, "film")

    yield Taker("MinIO, the bare object store", take)
    client.remove_bucket(bucket)


def _wait_listening(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("nginx does not listen")
