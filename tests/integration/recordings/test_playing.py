"""A notary plays a recording from its middle: sealed at rest, by HTTP ranges, a few chunks in memory."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from typing import TYPE_CHECKING

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from api.ranges import Streamed, streamed_response
from storage.errors import ObjectAltered
from tests.builders.recordings import CASE_NO, Store, store_in

if TYPE_CHECKING:
    from pathlib import Path

FILM = hashlib.shake_256(b"a film").digest(3_000_001)
SHA = hashlib.sha256(FILM).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = store_in(tmp_path)
    store.recordings.keep(store.upload(FILM), "video/mp4")
    return store


def got(store: Store, **headers: str) -> httpx.Response:
    def play(request):
        return streamed_response(request, store.streams, Streamed(CASE_NO, SHA, "video/mp4", "录像.mp4"))

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=[Route("/", play)]))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get("/", headers=headers)

    return asyncio.run(ask())


def test_the_whole_film(store: Store) -> None:
    found = got(store)
    assert (found.status_code, found.content) == (200, FILM)
    assert found.headers["content-length"] == str(len(FILM))
    assert found.headers["accept-ranges"] == "bytes"
    assert found.headers["repr-digest"] == f"sha-256=:{base64.b64encode(bytes.fromhex(SHA)).decode()}:"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=65535-65536", 65_535, 65_536),
        ("bytes=1000000-", 1_000_000, 3_000_000),
        ("bytes=-1000", 2_999_001, 3_000_000),
        ("bytes=2999999-9999999", 2_999_999, 3_000_000),
    ],
)
def test_from_anywhere(store: Store, asked: str, first: int, last: int) -> None:
    found = got(store, range=asked)
    assert (found.status_code, found.content) == (206, FILM[first : last + 1])
    assert found.headers["content-range"] == f"bytes {first}-{last}/{len(FILM)}"


def test_if_range_holds_to_the_same_film(store: Store) -> None:
    assert got(store, range="bytes=0-9", **{"if-range": f'"{SHA}"'}).status_code == 206
    assert got(store, range="bytes=0-9", **{"if-range": '"another"'}).status_code == 200
    assert got(store, **{"if-none-match": f'"{SHA}"'}).status_code == 304


def test_an_altered_film_ends_where_it_was_altered(store: Store, tmp_path: Path) -> None:
    envelope = next((tmp_path / "archive" / "objects").rglob(store.evidence.envelope_of(CASE_NO, SHA)))
    envelope.chmod(0o600)
    with envelope.open("r+b") as file:
        file.seek(2_000_000)
        file.write(b"????")
    assert got(store, range="bytes=0-999999").content == FILM[:1_000_000]
    with pytest.raises(ObjectAltered):
        got(store, range="bytes=1900000-2100000")
