"""Certificates of programs that come over mutual TLS (RFC 8705), told by the proxy that ends the TLS connection.

:class:`ClientCertificates` is the outermost layer, before anything believes ``X-Forwarded-*``: there the peer is still
who really connected. From a proxy of the settings it takes the header ``Client-Cert`` (RFC 9440, or PEM in percent
encoding as nginx has it in ``$ssl_client_escaped_cert``) and hands it inwards as a value of the request; from everybody
else, and from everybody towards the inside, the header is taken off. Nothing further in reads the header.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["ClientCertificates", "certificate_of", "is_registered", "thumbprint"]

HEADER: Final = b"client-cert"
KEY: Final = "qianshu.client_certificate"
LONGEST: Final = 16_384
"""A certificate of a client has about two thousand characters."""


class ClientCertificates:
    """ASGI: believes ``Client-Cert`` from ``proxies`` (addresses or networks) and from nobody else."""

    def __init__(self, app: ASGIApp, proxies: Sequence[str]) -> None:
        self._app = app
        self._proxies = tuple(ip_network(each, strict=False) for each in proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the header off; keep what a proxy said in the scope."""
        if scope["type"] == "http":
            said = [value for name, value in scope["headers"] if name.lower() == HEADER]
            headers = [(name, value) for name, value in scope["headers"] if name.lower() != HEADER]
            # Two headers: one of them was the client's own, and nobody knows which.
            der = read_header(said[0]) if len(said) == 1 and self._believed(scope) else None
            scope = {**scope, "headers": headers, KEY: der}
        await self._app(scope, receive, send)

    def _believed(self, scope: Scope) -> bool:
        try:
            peer = ip_address((scope.get("client") or ("",))[0])
        except ValueError:
            return False
        return any(peer in network for network in self._proxies)


def read_header(value: bytes) -> bytes | None:
    """The certificate, DER; ``None`` for what is none."""
    text = value.decode("latin-1").strip()
    if not 0 < len(text) <= LONGEST:
        return None
    try:
        if text.startswith(":") and text.endswith(":"):  # a byte sequence (RFC 9651 § 3.3.5)
            certificate = x509.load_der_x509_certificate(base64.b64decode(text[1:-1], validate=True))
        else:
            certificate = x509.load_pem_x509_certificate(unquote(text).encode("ascii"))
    except (ValueError, binascii.Error, UnicodeEncodeError):
        return None
    return certificate.public_bytes(Encoding.DER)


def certificate_of(request: Request) -> bytes | None:
    """The certificate this request came with, DER, possession proved to the proxy; else ``None``."""
    der: bytes | None = request.scope.get(KEY)
    return der


def thumbprint(der: bytes) -> str:
    """``x5t#S256`` (RFC 8705 § 3.1)."""
    return base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()


def is_registered(der: bytes, public_keys: str | None, now: datetime) -> bool:
    """Whether this very certificate was registered for a client (RFC 8705 § 2.2: in ``x5c`` of its JWK Set), and is
    within its time. Its chain is not looked at: it was registered itself.
    """
    registered = [] if public_keys is None else json.loads(public_keys)["keys"]
    # RFC 7517 § 4.7: the first of ``x5c`` is the key's own, in base64 (not base64url).
    known = [base64.b64decode(key["x5c"][0]) for key in registered if key.get("x5c")]
    if not any(hmac.compare_digest(der, each) for each in known):
        return False
    certificate = x509.load_der_x509_certificate(der)
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc
