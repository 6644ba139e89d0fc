"""tus 1.0.0 on a real server with a real staging folder: nothing lost, nobody else's, refusals as the protocol has."""

from __future__ import annotations

import base64
import hashlib
import io
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from tusclient.client import TusClient

from api import receiving
from api.rates import Rate
from filing.case.notary import (
    CaseNotary,
    NotaryState,
    ScriptPosed,
)
from storage.recordings import staging as staging_module
from tests.builders.api import Served, serving_services
from tests.builders.cases import BUYER, SELLER, STRANGER, acting
from tests.builders.keyring import NOW
from tests.builders.recordings import store_in
from tests.builders.uploading import CITY, METADATA, metadata, notary_case, raw_request, upload_services
from tests.fakes.api import World

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.builders.api import Client
    from tests.builders.recordings import Store

FILM = hashlib.shake_256(b"a film").digest(3_000_001)
SMALL = b"a short film"
LARGEST = 4 << 20
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator[tuple[World, Served, Store]]:
    world = World()
    store = store_in(tmp_path_factory.mktemp("store"), lambda: world.now)
    with serving_services(upload_services(world, store, recording_bytes=LARGEST)) as served:
        yield world, served, store


@pytest.fixture
def world(running) -> World:
    world = running[0]
    world.__init__()  # type: ignore[misc]  # the same one, empty again
    world.know(acting(SELLER, CITY), acting(BUYER, CITY), acting(STRANGER, CITY))
    world.keep(notary_case())
    return world


@pytest.fixture
def store(running) -> Iterator[Store]:
    store = running[2]
    yield store
    for path in (store.staging._root).iterdir():
        store.staging.discard(path.name)


@pytest.fixture
def buyer(running, world, store) -> Client:
    client = running[1].client(**{"tus-resumable": "1.0.0"})
    return client.log_in(BUYER.account)


def create(client: Client, size: int = len(FILM), **more) -> httpx.Response:
    headers = {"upload-length": str(size), "upload-metadata": metadata(), **more.pop("headers", {})}
    return client.post("/v1/uploads", headers=headers, **more)


def send(client: Client, url: str, content: bytes, offset: int, **headers: str) -> httpx.Response:
    body = {"content-type": "application/offset+octet-stream", "upload-offset": str(offset), **headers}
    return client.patch(url, content=content, headers=body)


def at(client: Client, url: str) -> int:
    found = client.head(url)
    assert found.status_code == 200
    return int(found.headers["upload-offset"])


def came(store: Store, url: str) -> bytes:
    with store.recordings.open_upload(url.rpartition("/")[2]) as stream:
        return stream.read()


# ── the protocol ──


def test_says_what_it_speaks(buyer: Client) -> None:
    found = buyer.options("/v1/uploads")
    assert found.status_code == 204
    assert found.headers["tus-version"] == found.headers["tus-resumable"] == "1.0.0"
    assert found.headers["tus-max-size"] == str(LARGEST)
    assert found.headers["tus-extension"] == "creation,creation-with-upload,expiration,termination,checksum"
    assert "sha1" in found.headers["tus-checksum-algorithm"].split(",")


@pytest.mark.rule("ZN-14")
def test_an_upload_in_pieces_comes_whole(buyer: Client, store: Store) -> None:
    created = create(buyer)
    assert (created.status_code, created.headers["upload-offset"]) == (201, "0")
    assert created.headers["upload-expires"] == "Sun, 22 Nov 2026 08:00:00 GMT"
    url = created.headers["location"]
    first = send(buyer, url, FILM[:1_000_000], 0)
    assert (first.status_code, first.headers["upload-offset"]) == (204, "1000000")
    found = buyer.head(url)
    assert found.headers["upload-length"] == str(len(FILM))
    assert found.headers["upload-metadata"] == metadata()
    assert found.headers["cache-control"] == "no-store"
    assert send(buyer, url, FILM[1_000_000:], 1_000_000).headers["upload-offset"] == str(len(FILM))
    facts = store.recordings.finished(url.rpartition("/")[2])
    assert facts.sha256 == hashlib.sha256(FILM).hexdigest()
    assert (facts.case_no, facts.owner, facts.metadata["attempt"]) == ("2026112100001", BUYER.account, "a-1")


def test_bytes_may_come_with_the_creation(buyer: Client, store: Store) -> None:
    created = create(buyer, content=FILM[:500_000], headers={"content-type": "application/offset+octet-stream"})
    assert (created.status_code, created.headers["upload-offset"]) == (201, "500000")
    url = created.headers["location"]
    send(buyer, url, FILM[500_000:], 500_000)
    assert came(store, url) == FILM


def test_a_method_may_be_overridden(buyer: Client, store: Store) -> None:
    url = create(buyer, len(SMALL)).headers["location"]
    headers = {
        "content-type": "application/offset+octet-stream",
        "upload-offset": "0",
        "x-http-method-override": "PATCH",
    }
    assert buyer.post(url, content=SMALL, headers=headers).status_code == 204
    assert came(store, url) == SMALL
    assert buyer.post(url, headers={"x-http-method-override": "DELETE"}).status_code == 204
    assert buyer.head(url).status_code == 404
    assert buyer.post(url, headers={"x-http-method-override": "PUT"}).status_code == 405


def test_an_upload_can_be_ended(buyer: Client) -> None:
    url = create(buyer).headers["location"]
    assert buyer.delete(url).status_code == 204
    assert send(buyer, url, FILM, 0).status_code == 404


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_checksum_is_held(buyer: Client, store: Store, algorithm: str) -> None:
    url = create(buyer).headers["location"]
    checksum = base64.b64encode(hashlib.new(algorithm, FILM).digest()).decode()
    wrong = send(buyer, url, FILM[:-1] + b"?", 0, **{"upload-checksum": f"{algorithm} {checksum}"})
    assert (wrong.status_code, wrong.json()["code"]) == (460, "upload.checksum")
    assert at(buyer, url) == 0
    assert send(buyer, url, FILM, 0, **{"upload-checksum": f"{algorithm} {checksum}"}).status_code == 204
    assert came(store, url) == FILM


REFUSED = {
    "no version": (412, "upload.version", {"tus-resumable": ""}),
    "another version": (412, "upload.version", {"tus-resumable": "0.2.2"}),
    "no length": (400, "upload.header", {"upload-length": ""}),
    "length to follow": (400, "upload.header", {"upload-length": "", "upload-defer-length": "1"}),
    "negative length": (400, "upload.header", {"upload-length": "-1"}),
    "too large": (413, "upload.too_large", {"upload-length": str(LARGEST + 1)}),
    "no metadata": (404, "case.unknown", {"upload-metadata": ""}),
    "no Base64": (400, "upload.metadata", {"upload-metadata": "case_no ???"}),
    "key twice": (400, "upload.metadata", {"upload-metadata": "party Yg==,party Yg=="}),
    "key empty": (400, "upload.metadata", {"upload-metadata": ",party Yg=="}),
    "control characters": (400, "upload.metadata", {"upload-metadata": "party Ygo="}),
    "too much metadata": (400, "upload.metadata", {"upload-metadata": metadata(filename="长" * 2000)}),
    "body of another type": (415, "request.media_type", {"content-type": "video/mp4"}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_a_wrong_creation(buyer: Client, store: Store, name: str) -> None:
    status, code, headers = REFUSED[name]
    found = create(buyer, headers=headers, content=b"x" if "content-type" in headers else None)
    assert (found.status_code, found.json()["code"]) == (status, code)
    assert found.headers["tus-resumable"] == "1.0.0"
    assert ("tus-version" in found.headers) == (status == 412)


def test_refuses_bytes_from_another_place(buyer: Client) -> None:
    url = create(buyer).headers["location"]
    send(buyer, url, FILM[:1000], 0)
    for offset in ("0", "999", "1001"):
        found = send(buyer, url, b"x", 0, **{"upload-offset": offset})
        assert (found.status_code, found.json()["code"]) == (409, "upload.offset")
        assert found.json()["facts"]["offset"] == 1000
    assert send(buyer, url, b"x", 0, **{"upload-offset": "x"}).status_code == 400
    assert at(buyer, url) == 1000


def test_refuses_wrong_pieces(buyer: Client) -> None:
    url = create(buyer, 10).headers["location"]
    assert send(buyer, url, b"x", 0, **{"content-type": "video/mp4"}).status_code == 415
    assert send(buyer, url, b"01234567890", 0).status_code == 413
    assert send(buyer, url, b"x", 0, **{"upload-checksum": "md5 AAAA"}).status_code == 400
    assert send(buyer, url, b"x", 0, **{"upload-checksum": "sha1 ?"}).status_code == 400
    assert send(buyer, url, b"x", 0, **{"tus-resumable": "2.0.0"}).status_code == 412
    chunked = buyer.patch(
        url,
        content=(part for part in (b"012345", b"678901")),
        headers={"content-type": "application/offset+octet-stream", "upload-offset": "0"},
    )
    assert (chunked.status_code, chunked.json()["code"]) == (413, "upload.too_long")
    assert at(buyer, url) == 0
    send(buyer, url, b"0123456789", 0)
    assert send(buyer, url, b"", 10).json()["code"] == "upload.whole"


def test_an_expired_upload_is_gone(buyer: Client, world: World, store: Store) -> None:
    url = create(buyer).headers["location"]
    world.now = NOW + timedelta(hours=24)
    client = buyer.log_in(BUYER.account)
    found = send(client, url, FILM, 0)
    assert (found.status_code, found.json()["code"]) == (410, "upload.expired")
    store.staging.sweep(world.now)
    assert client.head(url).status_code == 410


# ── who ──


@pytest.mark.rule("ZN-14")
def test_only_whoever_stands_for_the_purchaser_uploads(running, buyer: Client, world: World) -> None:
    served = running[1]
    seller = served.client(**{"tus-resumable": "1.0.0"}).log_in(acting(SELLER, CITY))
    assert create(seller).json()["code"] == "party.not_yours"
    stranger = served.client(**{"tus-resumable": "1.0.0"}).log_in(STRANGER.account)
    assert create(stranger).json()["code"] == "case.unknown"
    nobody = served.client(**{"tus-resumable": "1.0.0"})
    assert create(nobody).status_code == 401
    assert create(buyer, headers={"upload-metadata": metadata(party="seller-1")}).json()["code"] == "party.not_yours"


def test_an_upload_is_its_owners(running, buyer: Client) -> None:
    url = create(buyer).headers["location"]
    for person in (STRANGER, SELLER):
        other = running[1].client(**{"tus-resumable": "1.0.0"}).log_in(person.account)
        for found in (other.head(url), send(other, url, FILM, 0), other.delete(url)):
            assert found.status_code == 404
    assert at(buyer, url) == 0


def test_another_page_cannot_upload_with_somebodys_cookie(buyer: Client) -> None:
    url = create(buyer).headers["location"]
    token = buyer.headers.pop("x-csrf-token")
    for found in (create(buyer), send(buyer, url, FILM, 0), buyer.delete(url)):
        assert (found.status_code, found.json()["code"]) == (403, "csrf.refused")
    buyer.headers["x-csrf-token"] = token
    assert at(buyer, url) == 0


NO_TASK = {
    "nothing before a notary": (CaseNotary(), "upload.no_task"),
    "submitted": (notary_case(submitted_at=NOW).notary, "upload.no_task"),
    "issued": (
        CaseNotary(replace(notary_case().notary.current, state=NotaryState.ISSUED)),
        "upload.no_task",
    ),
    "no script": (notary_case(script=None).notary, "upload.attempt"),
    "another attempt": (
        notary_case(script=ScriptPosed("a-2", "…", NOW, NOW + timedelta(minutes=30))).notary,
        "upload.attempt",
    ),
    "script too old": (notary_case(script=ScriptPosed("a-1", "…", NOW, NOW)).notary, "upload.attempt"),
}


@pytest.mark.rule("ZN-15")
@pytest.mark.parametrize("name", NO_TASK)
def test_uploads_are_for_the_sentence_just_posed(buyer: Client, world: World, name: str) -> None:
    notary, code = NO_TASK[name]
    world.keep(replace(notary_case(), notary=notary))
    found = create(buyer)
    assert (found.status_code, found.json()["code"]) == (409, code)


def test_one_account_has_few_uploads_at_once(buyer: Client) -> None:
    for _ in range(staging_module.MOST_AT_ONCE):
        assert create(buyer).status_code == 201
    assert (found := create(buyer)).status_code == 429, found.text


def test_pieces_are_counted() -> None:
    assert Rate.UPLOAD.per_minute == 600


# ── broken connections ──


@pytest.mark.parametrize("sent", [1, 65_536, 1_048_576, 1_500_000])
def test_a_cut_connection_loses_nothing(buyer: Client, store: Store, sent: int) -> None:
    url = create(buyer).headers["location"]
    connection = raw_request(buyer, url, len(FILM))
    connection.sendall(FILM[:sent])
    connection.close()
    go_on(buyer, url)
    assert came(store, url) == FILM
    assert store.recordings.finished(url.rpartition("/")[2]).sha256 == hashlib.sha256(FILM).hexdigest()


def test_what_came_before_the_cut_is_kept(buyer: Client, store: Store) -> None:
    url = create(buyer).headers["location"]
    connection = raw_request(buyer, url, len(FILM))
    connection.sendall(FILM[:2_000_000])
    wait_until(lambda: arrived(store, url) >= 1 << 20)
    connection.close()
    assert at(buyer, url) >= 1 << 20


def go_on(client: Client, url: str) -> None:
    """As a client does: until everything is there, whatever a request before it still does."""
    while (offset := at(client, url)) < len(FILM):
        assert send(client, url, FILM[offset:], offset).status_code in {204, 409, 423}


def arrived(store: Store, url: str) -> int:
    data = store.staging._root / url.rpartition("/")[2] / "data"
    return data.stat().st_size if data.exists() else 0


def wait_until(happened) -> None:
    until = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.01)


def test_a_dead_connection_gives_way_to_the_one_that_comes_back(
    buyer: Client, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "LOOK_UP_SECONDS", 0.05)
    url = create(buyer).headers["location"]
    connection = raw_request(buyer, url, len(FILM))
    connection.sendall(FILM[:1_500_000])
    wait_until(lambda: arrived(store, url) >= 1 << 20)
    # The old connection is still open, and silent.
    offset = at(buyer, url)
    assert (1 << 20) <= offset <= 1_500_000
    answer = connection.recv(65_536)
    assert b" 423 " in answer.split(b"\r\n", 1)[0]
    assert b"upload.locked" in answer
    connection.close()
    assert send(buyer, url, FILM[offset:], offset).status_code == 204
    assert came(store, url) == FILM


def test_a_silent_sender_is_let_go(buyer: Client, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "LOOK_UP_SECONDS", 0.02)
    monkeypatch.setattr(receiving, "IDLE_SECONDS", 0.1)
    url = create(buyer).headers["location"]
    connection = raw_request(buyer, url, len(FILM))
    connection.sendall(FILM[:10_000])
    assert b" 408 " in connection.recv(65_536).split(b"\r\n", 1)[0]
    connection.close()
    assert at(buyer, url) == 10_000


def test_two_senders_at_once_do_not_interleave(buyer: Client, store: Store) -> None:
    url = create(buyer).headers["location"]
    statuses: list[int] = []

    def go() -> None:
        statuses.append(send(buyer, url, FILM, 0).status_code)

    threads = [threading.Thread(target=go) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(statuses) <= {204, 409, 423}
    go_on(buyer, url)
    assert came(store, url) == FILM


# ── a client somebody else wrote ──


def tus_client(buyer: Client) -> TusClient:
    cookies = "; ".join(f"{name}={value}" for name, value in buyer.cookies.items())
    headers = {"Cookie": cookies, "X-CSRF-Token": buyer.headers["x-csrf-token"]}
    return TusClient(f"{buyer.base_url}/v1/uploads", headers=headers)


@pytest.mark.parametrize("checksum", [False, True])
def test_tuspy_uploads_in_pieces(buyer: Client, store: Store, checksum: bool) -> None:
    uploader = tus_client(buyer).uploader(
        file_stream=io.BytesIO(FILM), chunk_size=700_000, metadata=METADATA, upload_checksum=checksum
    )
    uploader.upload()
    assert came(store, uploader.url) == FILM


def test_tuspy_resumes(buyer: Client, store: Store) -> None:
    film = io.BytesIO(FILM)
    first = tus_client(buyer).uploader(file_stream=film, chunk_size=700_000, metadata=METADATA)
    first.upload(stop_at=1_400_000)
    again = tus_client(buyer).uploader(file_stream=film, chunk_size=700_000, url=first.url)
    assert again.offset == 1_400_000
    again.upload()
    assert came(store, first.url) == FILM
