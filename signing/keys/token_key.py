"""Where a key in a PKCS #11 token is found, written as a PKCS #11 URI (RFC 7512)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes

from signing.keys import refusals

__all__ = ["TokenKey"]


@dataclass(frozen=True, slots=True)
class TokenKey:
    """Where a key is, written as an RFC 7512 URI; the PIN is a file, never in the URI."""

    module_path: str
    """The vendor's shared library."""

    token_label: str
    """CKA_LABEL of the token."""

    key_label: str
    """CKA_LABEL of the key pair."""

    pin_path: Path
    """File with the user PIN, 0600."""

    key_id: bytes | None = None
    """CKA_ID, when the label alone is not unique."""

    @classmethod
    def from_uri(cls, uri: str) -> TokenKey:
        """``pkcs11:token=…;object=…[;id=%01]?module-path=…&pin-source=file:…`` (RFC 7512 § 2.3)."""
        scheme, _, rest = uri.partition(":")
        if scheme.lower() != "pkcs11":
            raise refusals.pkcs11_uri_refused("the scheme is not pkcs11")
        path, _, query = rest.partition("?")
        attributes = _attributes(path.split(";")) | _attributes(query.split("&"))
        if "pin-value" in attributes:
            raise refusals.pkcs11_uri_refused("pin-value would put the PIN into a file for all to read: use pin-source")
        texts = [_text(attributes, name) for name in ("module-path", "token", "object", "pin-source")]
        module_path, token_label, key_label, pin_source = texts
        pin_path = Path(re.sub(r"^file:(//)?", "", pin_source))
        return cls(module_path, token_label, key_label, pin_path, attributes.get("id"))

    def to_uri(self) -> str:
        parts = [f"token={quote(self.token_label, safe='')}", f"object={quote(self.key_label, safe='')}"]
        if self.key_id is not None:
            parts.append(f"id={quote(self.key_id, safe='')}")
        pin_source = quote(f"file:{self.pin_path}", safe=":/")
        return f"pkcs11:{';'.join(parts)}?module-path={quote(self.module_path, safe='/')}&pin-source={pin_source}"


def _attributes(parts: list[str]) -> dict[str, bytes]:
    pairs = (part.partition("=") for part in parts if part)
    return {name: unquote_to_bytes(value) for name, _, value in pairs}


def _text(attributes: dict[str, bytes], name: str) -> str:
    try:
        return attributes[name].decode()
    except KeyError:
        raise refusals.pkcs11_uri_refused(f"{name} is missing") from None
    except UnicodeDecodeError:
        raise refusals.pkcs11_uri_refused(f"{name} is not UTF-8") from None
