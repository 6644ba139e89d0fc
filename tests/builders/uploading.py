"""Uploads through the real application, for somebody with an open notary task; the rest of the world is in memory."""

from __future__ import annotations

import base64
import socket
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from filing.case.notary import ApplicantTask, CaseNotary, NotaryMatter, NotaryPurpose, NotaryState, ScriptPosed
from filing.lifecycle import State
from filing.profile.people import PersonGroup
from qianshu.service.recordings import StagedUploads
from tests.builders.api import serving_services
from tests.builders.cases import BUYER, acting, in_state
from tests.builders.keyring import NOW
from tests.builders.recordings import store_in
from tests.fakes.api import World, services

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from api import ApiServices
    from filing.case import Case
    from storage.dossier import Archive
    from tests.builders.api import Client
    from tests.builders.recordings import Store

CITY = "zhongshan-notary"
CASE_NO = "2026112100001"
METADATA = {"case_no": CASE_NO, "party": "buyer-1", "attempt": "a-1", "filename": "录像.mp4"}
BODY = "application/offset+octet-stream"


def notary_case(**changes: Any) -> Case:
    """A purchaser from overseas has been posed a sentence."""
    script = ScriptPosed("a-1", "今天是二〇二六年十一月二十一日", NOW, NOW + timedelta(minutes=30))
    task = replace(ApplicantTask("buyer-1", PersonGroup.OVERSEAS, script=script), **changes)
    matter = NotaryMatter(1, NotaryPurpose.CANCELLATION, "cancellation", NOW, NotaryState.VERIFYING, tasks=(task,))
    return replace(in_state(CITY, State.CANCELLING), notary=CaseNotary(matter))


def upload_services(world: World, store: Store, **settings: Any) -> ApiServices:
    """Everything in memory but uploads."""
    made = services(world, limits_scale=10_000, **settings)
    return replace(made, cases=replace(made.cases, uploads=StagedUploads(store.staging)))


def metadata(**changes: str) -> str:
    """As a header says it."""
    said = {**METADATA, **changes}
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items() if value)


@contextmanager
def serving_uploads(folder: Path, archive: Archive | None = None, **settings: Any) -> Iterator[tuple[Client, Store]]:
    """A purchaser who is logged in, and what stands behind the door."""
    world = World()
    world.know(acting(BUYER, CITY))
    world.keep(notary_case())
    store = store_in(folder, lambda: world.now, archive)
    with serving_services(upload_services(world, store, **settings)) as served:
        yield served.client(**{"tus-resumable": "1.0.0"}).log_in(BUYER.account), store


def raw_request(client: Client, url: str, size: int, offset: int = 0) -> socket.socket:
    """A request begun by hand: its head is sent, its body not yet."""
    parts = urlsplit(str(client.base_url))
    connection = socket.create_connection((parts.hostname, parts.port))
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    head = (
        f"PATCH {url} HTTP/1.1\r\nHost: {parts.netloc}\r\nCookie: {cookies}\r\n"
        f"X-CSRF-Token: {client.headers['x-csrf-token']}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: {offset}\r\n"
        f"Content-Type: {BODY}\r\nContent-Length: {size}\r\n\r\n"
    )
    connection.sendall(head.encode())
    return connection


def sent_by_hand(client: Client, pieces: Sequence[bytes]) -> str:
    """One upload in one request; its address."""
    size = sum(map(len, pieces))
    created = client.post("/v1/uploads", headers={"upload-length": str(size), "upload-metadata": metadata()})
    assert created.status_code == 201, created.text
    url = created.headers["location"]
    with raw_request(client, url, size) as connection:
        for piece in pieces:
            connection.sendall(piece)
        answer = connection.recv(65_536)
    assert b" 204 " in answer.split(b"\r\n", 1)[0], answer
    return url
