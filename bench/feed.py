"""The land registry reads a backlog: 100 thousand filings through the feed, and their PDFs, against what the bare
object store gives for the same objects in the same run.

``python -m bench feed [--cases 115000] [--fetch 4000] [--full] [--clients 4] [--processes 1]``

Most PDFs are stand-ins of 16 kB, no two alike, because a hundred thousand real ones are 60 GB; a real one is measured
beside them. ``--full`` fetches all of them. With ``QIANSHU_MINIO_ENDPOINT`` the same is done with a bucket.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bench.databases import PostgresMissing, server_url
from bench.filling import Patterns, filing_number_of, fill
from bench.growth import patterns_of
from bench.history import FILED, History
from bench.processes import beside, serving, stand
from bench.sheet import Sheet
from bench.wire import RegistryWire
from filing.case import case_from_json
from qianshu.archives import open_archive
from signing.keys.private_files import write_private
from storage.objects.facts import facts_to_json
from storage.objects.ports import ObjectRef
from storage.objects.reading import read_verified

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from bench.processes import Stand
    from storage.objects.ports import ObjectStore

__all__ = ["arguments", "measure"]

STAND_IN_BYTES = 16_000
BATCH = 500
REAL = 300
MAX_BYTES = 1 << 24
KEPT_UNTIL = datetime(2099, 1, 1, tzinfo=UTC)


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--cases", type=int, default=115_000, help="87 of 100 are filed; a multiple of 1000")
    parser.add_argument("--fetch", type=int, default=4_000, help="PDFs fetched")
    parser.add_argument("--full", action="store_true", help="fetch the PDF of every filing")
    parser.add_argument("--clients", type=int, default=4, help="connections of the registry")
    parser.add_argument("--processes", type=int, default=1, help="server processes")


@dataclass(frozen=True, slots=True)
class Both:
    """The same objects through the service and straight from the store, in turn."""

    count: int
    """How many."""

    size_bytes: int
    """Of each."""

    api_seconds: float
    """Through the service."""

    store_seconds: float
    """Straight."""


@dataclass(frozen=True, slots=True)
class Filed:
    """One filing."""

    number: str
    """备案编号."""

    sha256: str
    """Of its file."""


def measure(given: Namespace) -> list[Sheet]:
    if server_url() is None:
        raise PostgresMissing
    history = History(given.cases)
    with ExitStack() as stack:
        first = stack.enter_context(stand())
        draft, filed = patterns_of(first)
        where = stack.enter_context(beside(first))
        with serving(where, 1):
            secret = where.admit()
        objects = where.settings.archive_folder / "objects"
        sealed = tuple(_stand_in(objects, number) for number in range(history.filings))
        fill(where.settings_file, Patterns(draft, filed, "nobody", sealed), history)
        real = case_from_json(filed).filing.sealed
        files = _filings(history, filed, sealed)
        lines = _measured(where, secret, files, given)
        lines += _real(first, filed, real.sha256 if real else "", given)
    note = f"{given.clients} connections, {given.processes} server process; the store is read by as many threads."
    columns = ("what", "contracts", "kB each", "through the API, per s", "from the store, per s", "share")
    return [Sheet("feed", f"The registry reads {history.filings:,} filings", columns, tuple(lines), (note,))]


def _filings(history: History, filed: bytes, sealed: Sequence[str]) -> list[Filed]:
    numbers = (number for number in range(history.total) if history.state(number) in FILED)
    return [
        Filed(filing_number_of(filed, history.case_no(number)), sealed[history.position(number) - 1])
        for number in numbers
    ]


def _measured(where: Stand, secret: str, files: list[Filed], given: Namespace) -> list[tuple[object, ...]]:
    wanted = files if given.full else files[:: max(1, len(files) // given.fetch)]
    with serving(where, given.processes):
        count, seconds = _pages(RegistryWire(where, secret))
        store = open_archive(where.settings).objects
        found = _both(where, secret, store, wanted, given.clients)
    pages = ("feed, 1000 lines a page, one connection", count, None, round(count / seconds, 1), None, None)
    lines: list[tuple[object, ...]] = [pages]
    lines.append(_line("feed's PDFs, folder", found))
    alone = found.count / (found.api_seconds + seconds * found.count / count)
    share = round(alone / (found.count / found.store_seconds), 3)
    store_rate = round(found.count / found.store_seconds, 1)
    lines.append(("both: lines and PDFs", found.count, None, round(alone, 1), store_rate, share))
    if os.environ.get("QIANSHU_MINIO_ENDPOINT"):
        lines.append(_line("feed's PDFs, MinIO", _in_bucket(where, secret, wanted[: given.fetch], given)))
    return lines


def _real(where: Stand, filed: bytes, sha256: str, given: Namespace) -> list[tuple[object, ...]]:
    """The contract that the pattern was walked to, fetched again and again from where that was done."""
    number = str(case_from_json(filed).filing.number)
    with serving(where, given.processes):
        secret = where.admit()
        store = open_archive(where.settings).objects
        found = _both(where, secret, store, [Filed(number, sha256)] * REAL, given.clients)
    return [_line("a real contract, folder", found)]


def _in_bucket(where: Stand, secret: str, wanted: list[Filed], given: Namespace) -> Both:
    """The same objects in a bucket of their own, and a service that keeps its objects there."""
    settings_file = where.folder / "settings-bucket.toml"
    settings_file.write_text(where.settings_file.read_text(encoding="utf-8") + _bucket(where.folder), encoding="utf-8")
    elsewhere = replace(where, settings_file=settings_file)
    store, kept = open_archive(elsewhere.settings).objects, open_archive(where.settings).objects
    for one in wanted:
        content = read_verified(kept, one.sha256, MAX_BYTES)
        store.put(content, media_type="application/pdf", retain_until=KEPT_UNTIL)
    with serving(elsewhere, given.processes):
        return _both(elsewhere, secret, store, wanted, given.clients)


def _bucket(folder: Path) -> str:
    for name in ("access", "secret"):
        write_private(folder / f"minio-{name}", os.environ[f"QIANSHU_MINIO_{name.upper()}_KEY"].encode())
    endpoint, bucket = os.environ["QIANSHU_MINIO_ENDPOINT"], f"qianshu-bench-{secrets.token_hex(6)}"
    return (
        f'[objects]\nstore = "minio"\nendpoint = "{endpoint}"\nbucket = "{bucket}"\ntransport = "http"\n'
        f'access_key_file = "{folder / "minio-access"}"\nsecret_key_file = "{folder / "minio-secret"}"\n'
    )


def _pages(wire: RegistryWire) -> tuple[int, float]:
    """Lines read from the first to the last, and the seconds that took."""
    began, count, after = time.perf_counter(), 0, ""
    while True:
        piece = json.loads(wire.get(f"/v1/registry/feed?limit=1000{after}"))
        count += len(piece["items"])
        if not piece["more"]:
            return count, time.perf_counter() - began
        after = f"&after={piece['cursor']}"


def _both(where: Stand, secret: str, store: ObjectStore, wanted: list[Filed], clients: int) -> Both:
    wires = [RegistryWire(where, secret) for _ in range(clients)]
    size = store.stat(wanted[0].sha256).size_bytes

    def through(job: tuple[int, list[Filed]]) -> None:
        for one in job[1]:
            content = wires[job[0]].get(f"/v1/registry/contracts/{one.number}.pdf?sha256={one.sha256}")
            if hashlib.sha256(content).hexdigest() != one.sha256:
                raise ValueError("another file came")

    def straight(job: tuple[int, list[Filed]]) -> None:
        for one in job[1]:
            read_verified(store, one.sha256, MAX_BYTES)

    spent = {through: 0.0, straight: 0.0}
    with ThreadPoolExecutor(clients) as pool:
        for ask in spent:
            _timed(pool, ask, wanted[:BATCH:10], clients)
        for start in range(0, len(wanted), BATCH):
            for ask in spent:
                spent[ask] += _timed(pool, ask, wanted[start : start + BATCH], clients)
    return Both(len(wanted), size, spent[through], spent[straight])


def _timed(
    pool: ThreadPoolExecutor, ask: Callable[[tuple[int, list[Filed]]], None], wanted: list[Filed], clients: int
) -> float:
    began = time.perf_counter()
    list(pool.map(ask, [(number, wanted[number::clients]) for number in range(clients)]))
    return time.perf_counter() - began


def _line(what: str, found: Both) -> tuple[object, ...]:
    api, store = found.count / found.api_seconds, found.count / found.store_seconds
    return what, found.count, round(found.size_bytes / 1000), round(api, 1), round(store, 1), round(api / store, 3)


def _stand_in(objects: Path, number: int) -> str:
    """An object as the folder keeps it, but not waited for on the disk: nothing here is to outlive the bench."""
    content = (b"%%PDF-1.7 stand-in %08d\n" % number).ljust(STAND_IN_BYTES, b"%")
    sha256 = hashlib.sha256(content).hexdigest()
    folder = objects / sha256[:2] / sha256[2:4]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / sha256).write_bytes(content)
    (folder / f"{sha256}.json").write_bytes(
        facts_to_json(ObjectRef(sha256, len(content), "application/pdf", KEPT_UNTIL))
    )
    return sha256
