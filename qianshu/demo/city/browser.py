"""A small browser: cookies, redirects, JSON, files. Speaks HTTP and nothing else, so that a demonstration proves what a
client can do. Python's own library, because an HTTP client is the gateways' business.
"""

from __future__ import annotations

import http.client
import json
import secrets
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Any
from urllib.request import Request

from errors import QianshuError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Answer", "Browser", "RequestRefused"]

TIMEOUT_SECONDS = 60
"""Longer than any single step of a sale takes on a slow machine."""

ARRIVED_SECONDS = 0.5
"""After which what was sent on this machine has arrived."""


class RequestRefused(QianshuError):  # noqa: N818 - the family name says error
    """The service said no: its problem (RFC 9457) as it came."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(
            str(problem.get("code", f"http.{status}")),
            zh=str(problem.get("zh", problem.get("title", ""))),
            en=str(problem.get("en", problem.get("title", ""))),
            status=status,
            findings=problem.get("findings", []),
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    """HTTP status."""

    headers: Mapping[str, str]
    """Names in lower case."""

    content: bytes
    """The body."""

    url: str
    """Where it came from, after redirects."""

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the service says
        """The body as JSON."""
        return json.loads(self.content)


class Browser:
    """One person's, or one program's: cookies are its own."""

    def __init__(self, base_url: str, headers: Mapping[str, str] | None = None) -> None:
        self.base_url = base_url
        self.headers = dict(headers or {})
        self._cookies = CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self._cookies))

    def get(self, path: str, **query: str) -> Answer:
        """Ask for a page."""
        address = f"{path}?{urllib.parse.urlencode(query)}" if query else path
        return self._send(Request(self._url(address), headers=self.headers))  # noqa: S310

    def post(self, path: str, body: object = None, **headers: str) -> Answer:
        """Send JSON; every request has a name of its own, so that it may be repeated."""
        content = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        return self._post(path, content, {"Content-Type": "application/json", **headers})

    def form(self, path: str, values: Mapping[str, str], **headers: str) -> Answer:
        """Send a form."""
        content = urllib.parse.urlencode(values).encode()
        return self._post(path, content, {"Content-Type": "application/x-www-form-urlencoded", **headers})

    def upload(self, path: str, said: str, file: tuple[str, bytes, str]) -> Answer:
        """Send a form of two fields: ``input``, JSON, and ``file``: (name, content, media type)."""
        boundary = secrets.token_hex(16)
        content = _multipart(boundary, {"input": said}, file)
        return self._post(path, content, {"Content-Type": f"multipart/form-data; boundary={boundary}"})

    def send(self, method: str, path: str, content: bytes | None = None, **headers: str) -> Answer:
        """Any other request; names of ``headers`` with underscores for hyphens."""
        return self._send(self._request(method, path, content, headers))

    def break_off(self, method: str, path: str, content: bytes, sent: int, **headers: str) -> None:
        """Begin to send ``content``, and lose the connection after ``sent`` bytes of it."""
        request = self._request(method, path, content, headers)
        self._cookies.add_cookie_header(request)
        host = urllib.parse.urlsplit(request.full_url)
        connection = http.client.HTTPConnection(str(host.hostname), host.port, timeout=TIMEOUT_SECONDS)
        connection.putrequest(method, host.path)
        for name, value in {
            **request.headers,
            **request.unredirected_hdrs,
            "Content-Length": str(len(content)),
        }.items():
            connection.putheader(name, value)
        connection.endheaders(content[:sent])
        time.sleep(ARRIVED_SECONDS)
        connection.close()

    def _request(self, method: str, path: str, content: bytes | None, headers: Mapping[str, str]) -> Request:
        named = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return Request(self._url(path), content, named, method=method)  # noqa: S310 - the service's own address

    def _post(self, path: str, content: bytes, headers: Mapping[str, str]) -> Answer:
        named = {"Idempotency-Key": secrets.token_hex(16), **self.headers, **headers}
        return self._send(Request(self._url(path), content, named, method="POST"))  # noqa: S310

    def _url(self, path: str) -> str:
        return urllib.parse.urljoin(self.base_url, urllib.parse.quote(path, safe="/:?&=%+,"))

    def _send(self, request: urllib.request.Request) -> Answer:
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as response:
                return Answer(response.status, _lower(response.headers), response.read(), response.url)
        except urllib.error.HTTPError as refusal:
            with refusal:
                raise RequestRefused(refusal.code, _problem(refusal.read())) from refusal


def _problem(content: bytes) -> Mapping[str, Any]:
    try:
        problem = json.loads(content)
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}


def _lower(headers: Any) -> dict[str, str]:  # noqa: ANN401 - a message of the library
    return {name.lower(): value for name, value in headers.items()}


def _multipart(boundary: str, values: Mapping[str, str], file: tuple[str, bytes, str]) -> bytes:
    """RFC 7578."""
    fields = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in values.items()
    )
    name, content, media_type = file
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        f"Content-Type: {media_type}\r\n\r\n"
    )
    return fields.encode() + head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
