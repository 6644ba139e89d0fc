"""An OpenID provider over real HTTP that says whatever a test wants it to say."""

from __future__ import annotations

import base64
import hashlib
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc import jws
from joserfc.jwk import ECKey
from joserfc.registry import HeaderParameter

from tests.builders.sandbox import NOW

CLIENT_ID = "qianshu"
KEY = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256", "kid": "provider"})
PERSON = {
    "sub": "wang-lei",
    "kind": "person",
    "name": "王磊",
    "id_type": "resident_id",
    "id_number": "420202199109080335",
    "region": "CN",
    "phone_number": "13800000003",
    "phone_number_verified": True,
    "real_name": {"level": 4, "method": "yss_face", "verified_at": "2025-03-01T02:00:00Z"},
    "handler_of": [],
}
ABSENT = object()
ANYTHING = jws.JWSRegistry(
    {"new": HeaderParameter("a header of the future", "str")}, ["ES256", "RS256", "HS256", "PS256"]
)


@dataclass
class ForgingProvider:
    """What it says; every ``changes`` overrides one answer, :data:`ABSENT` leaves a member out."""

    url: str = ""
    nonce: str = ""
    """The nonce the next id_token carries: tests copy it from the login."""

    now: datetime = NOW
    key: Any = field(default_factory=lambda: KEY)
    keys: list[dict[str, Any]] = field(default_factory=lambda: [KEY.as_dict(private=False)])
    header: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    payload: bytes | None = None
    id_token: str | None = None
    discovery: dict[str, Any] = field(default_factory=dict)
    tokens: dict[str, Any] = field(default_factory=dict)
    user_info: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str) -> dict[str, Any]:
        self.asked.append(path)
        return {
            "/.well-known/openid-configuration": self._discovery,
            "/token": self._tokens,
            "/userinfo": lambda: changed(PERSON, self.user_info),
            "/jwks": lambda: {"keys": self.keys},
        }[path]()

    def token_claims(self) -> dict[str, Any]:
        at = int(self.now.timestamp())
        half = hashlib.sha256(b"access").digest()[:16]
        honest = {
            "iss": self.url,
            "sub": "wang-lei",
            "aud": CLIENT_ID,
            "iat": at,
            "exp": at + 300,
            "auth_time": at,
            "nonce": self.nonce,
            "acr": "4",
            "amr": ["yss_scan"],
            "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
        }
        return changed(honest, self.claims)

    def signed_token(self) -> str:
        header = changed({"alg": "ES256", "kid": "provider"}, self.header)
        payload = self.payload or json.dumps(self.token_claims()).encode()
        return jws.serialize_compact(header, payload, self.key, registry=ANYTHING)

    def _discovery(self) -> dict[str, Any]:
        honest = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
            "authorization_response_iss_parameter_supported": True,
        }
        return changed(honest, self.discovery)

    def _tokens(self) -> dict[str, Any]:
        token = self.id_token or self.signed_token()
        return changed({"access_token": "access", "token_type": "Bearer", "id_token": token}, self.tokens)


def changed(honest: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**honest, **changes}.items() if value is not ABSENT}


class _Handler(BaseHTTPRequestHandler):
    provider: ForgingProvider

    def do_GET(self) -> None:
        body = json.dumps(self.provider.answer(self.path)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class named it
        """Say nothing."""


@contextmanager
def serving_forger(tls: ssl.SSLContext | None = None) -> Iterator[ForgingProvider]:
    """A provider on a loopback port, honest until told otherwise."""
    provider = ForgingProvider()
    handler = type("OneHandler", (_Handler,), {"provider": provider})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        if tls is not None:
            http.socket = tls.wrap_socket(http.socket, server_side=True)
        provider.url = f"{'http' if tls is None else 'https'}://127.0.0.1:{http.server_port}"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield provider
        finally:
            http.shutdown()
            thread.join()
