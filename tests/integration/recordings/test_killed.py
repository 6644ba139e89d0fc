"""Two processes share the staging folder; one is killed while bytes come in."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tests.builders.api import Client
from tests.builders.cases import BUYER
from tests.builders.recordings import store_in
from tests.builders.uploading import BODY, metadata, raw_request

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[3]
FILM = hashlib.shake_256(b"a film").digest(5_000_001)


@contextmanager
def server(folder: Path) -> Iterator[tuple[subprocess.Popen[str], Client]]:
    command = [sys.executable, "-m", "tests.builders.uploading_server", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            url = process.stdout.readline().strip()
            with Client(base_url=url, headers={"tus-resumable": "1.0.0"}, trust_env=False) as client:
                yield process, client.log_in(BUYER.account)
        finally:
            process.kill()


def arrived(data: Path) -> int:
    return data.stat().st_size if data.exists() else 0


def begun(client: Client) -> str:
    created = client.post("/v1/uploads", headers={"upload-length": str(len(FILM)), "upload-metadata": metadata()})
    return created.headers["location"]


def go_on(client: Client, url: str) -> int:
    """To the end; where it went on at first."""
    first = offset = int(client.head(url).headers["upload-offset"])
    while offset < len(FILM):
        client.patch(url, content=FILM[offset:], headers={"content-type": BODY, "upload-offset": str(offset)})
        offset = int(client.head(url).headers["upload-offset"])
    return first


def test_another_process_goes_on_and_nothing_is_lost(tmp_path: Path) -> None:
    with server(tmp_path) as (first, one), server(tmp_path) as (_, other):
        taken_over, killed = begun(one), begun(one)
        with raw_request(one, taken_over, len(FILM)) as connection:
            connection.sendall(FILM[:100_000])
            go_on(other, taken_over)  # the first still receives
        with raw_request(one, killed, len(FILM)) as connection:
            connection.sendall(FILM[:3_000_000])
            until = time.monotonic() + 20
            while arrived(tmp_path / "uploads" / killed.rpartition("/")[2] / "data") < 2 << 20:
                assert time.monotonic() < until
                time.sleep(0.01)
            first.kill()
            first.wait()
            # Of what lay there only whole pieces count; the rest is sent again.
            assert 1 << 20 <= go_on(other, killed) <= 3_000_000
    for url in (taken_over, killed):
        facts = store_in(tmp_path).recordings.finished(url.rpartition("/")[2])
        assert (facts.sha256, facts.size_bytes) == (hashlib.sha256(FILM).hexdigest(), len(FILM))
