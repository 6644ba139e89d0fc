"""One connection that is kept, as browsers and programs keep theirs: dialling is not what is measured."""

from __future__ import annotations

import http.client
import json
import secrets
import time
from base64 import b64encode
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from qianshu.demo.city.browser import Browser
from qianshu.demo.city.client import Client
from qianshu.service.trial import REGISTRY

if TYPE_CHECKING:
    from bench.processes import Stand

__all__ = ["RegistryWire", "Wire", "as_person"]


TOKEN_SECONDS = 300.0
"""Half of a token's life."""


class Refused(RuntimeError):  # noqa: N818 - as the errors of this house
    """What was to be measured was refused."""


class Wire:
    """A connection with the headers of somebody."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self._host = urlsplit(url).netloc
        self._headers = headers
        self._connection = http.client.HTTPConnection(self._host, timeout=60)

    def get(self, path: str) -> bytes:
        """The body."""
        return self._answer("GET", path, None, {})

    def post(self, path: str, said: object) -> bytes:
        """The body of the answer."""
        body = json.dumps(said, ensure_ascii=False).encode()
        named = {"Content-Type": "application/json", "Idempotency-Key": secrets.token_hex(16)}
        return self._answer("POST", path, body, named)

    def upload(self, path: str, pdf: bytes) -> bytes:
        """The body of the answer to a form with one file (RFC 7578)."""
        edge = secrets.token_hex(16)
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="c.pdf"\r\n'
        body = f"{head}Content-Type: application/pdf\r\n\r\n".encode() + pdf + f"\r\n--{edge}--\r\n".encode()
        return self._answer("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={edge}"})

    def _answer(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> bytes:
        self._connection.request(method, quote(path, safe="/?&=%"), body, {**self._headers, **headers})
        response = self._connection.getresponse()
        content = response.read()
        if response.status >= 300:
            raise Refused(f"{method} {path}: {response.status} {content[:300]!r}")
        return content


def as_person(where: Stand, person: str) -> tuple[Wire, Client]:
    """Somebody of the sandbox, logged in."""
    client = Client(where.url, where.sandbox_url, person)
    jar = next(one for one in client.browser._opener.handlers if hasattr(one, "cookiejar"))  # type: ignore[attr-defined]  # noqa: SLF001
    cookie = "; ".join(f"{one.name}={one.value}" for one in jar.cookiejar)
    return Wire(where.url, {"Cookie": cookie, "X-CSRF-Token": client.me["csrf_token"]}), client


class RegistryWire(Wire):
    """The land registry's program; a new token before the old one ends."""

    def __init__(self, where: Stand, secret: str) -> None:
        self._where, self._secret = where, secret
        super().__init__(where.url, self._authorised())

    def _authorised(self) -> dict[str, str]:
        self._renew_at = time.monotonic() + TOKEN_SECONDS
        basic = b64encode(f"{REGISTRY}:{self._secret}".encode()).decode()
        asked = {"grant_type": "client_credentials"}
        token = Browser(self._where.url).form("/v1/oauth/token", asked, Authorization=f"Basic {basic}").json
        return {"Authorization": f"Bearer {token['access_token']}"}

    def _answer(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> bytes:
        if time.monotonic() > self._renew_at:
            self._headers = self._authorised()
        return super()._answer(method, path, body, headers)
