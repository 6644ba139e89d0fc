"""ASiCManifest: which files a signature or time-stamp stands for, by digest (ETSI EN 319 162-1 v1.1.1 § A.4).

Written in one form, byte for byte from equal input; read from anybody, without document types and entities.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

from signing.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["DIGESTS", "Manifest", "Reference", "manifest_from_xml", "manifest_to_xml"]

_ASIC = "http://uri.etsi.org/02918/v1.2.1#"
_DS = "http://www.w3.org/2000/09/xmldsig#"
_SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"

DIGESTS = {
    _SHA256: "sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384": "sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512": "sha512",
}
"""Algorithms a reference may use (ETSI TS 119 312), by their name in hashlib; we write the first."""

MAX_BYTES = 4 << 20
"""Some thousand references."""

MAX_REFERENCES = 4096


@dataclass(frozen=True, slots=True)
class Reference:
    """One file that is signed for."""

    name: str
    """Its path in the container."""

    digest: str
    """Hex."""

    algorithm: str = "sha256"
    """Name in hashlib."""

    media_type: str | None = None
    """As the manifest says."""

    is_root: bool = False
    """``Rootfile``."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """One manifest."""

    signature: str
    """Path of the signature or time-stamp over it."""

    signature_media_type: str
    """Of that file."""

    references: tuple[Reference, ...]
    """In the order they stand."""


def manifest_to_xml(manifest: Manifest) -> bytes:
    """The manifest in SHA-256, UTF-8, one reference a line."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<asic:ASiCManifest xmlns:asic="{_ASIC}" xmlns:ds="{_DS}">',
        f'<asic:SigReference URI={_uri(manifest.signature)} MimeType="{manifest.signature_media_type}"/>',
        *map(_reference_xml, manifest.references),
        "</asic:ASiCManifest>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _reference_xml(reference: Reference) -> str:
    media_type = f" MimeType={quoteattr(reference.media_type)}" if reference.media_type else ""
    root = ' Rootfile="true"' if reference.is_root else ""
    digest = base64.b64encode(bytes.fromhex(reference.digest)).decode()
    return (
        f"<asic:DataObjectReference URI={_uri(reference.name)}{media_type}{root}>"
        f'<ds:DigestMethod Algorithm="{_SHA256}"/><ds:DigestValue>{digest}</ds:DigestValue>'
        "</asic:DataObjectReference>"
    )


def _uri(name: str) -> str:
    """A relative URI reference (RFC 3986): what is not unreserved or a slash is percent-encoded as UTF-8."""
    return quoteattr(quote(name, safe="/"))


def manifest_from_xml(data: bytes) -> Manifest:
    """Read a manifest. Raises ``ValidationError`` (``container.manifest_unreadable``)."""
    # Entities need a document type; without one, looked for in the only encoding accepted, there are none to expand.
    if len(data) > MAX_BYTES or b"<!DOCTYPE" in data or b"\x00" in data:
        raise _unreadable()
    try:
        data.decode("utf-8")
        root = ET.fromstring(data)  # noqa: S314 - no document type, bounded size
        return _manifest(root)
    except (ET.ParseError, UnicodeDecodeError, LookupError, ValueError, TypeError, binascii.Error) as cause:
        raise _unreadable() from cause


def _manifest(root: ET.Element) -> Manifest:
    if root.tag != f"{{{_ASIC}}}ASiCManifest":
        raise _unreadable()
    (signature,) = root.findall(f"{{{_ASIC}}}SigReference")
    references = tuple(_references(root.findall(f"{{{_ASIC}}}DataObjectReference")))
    names = {reference.name for reference in references}
    if not references or len(references) > MAX_REFERENCES or len(names) != len(references):
        raise _unreadable()
    return Manifest(unquote(signature.attrib["URI"], errors="strict"), signature.attrib.get("MimeType", ""), references)


def _references(elements: Iterable[ET.Element]) -> Iterable[Reference]:
    for element in elements:
        (method,) = element.findall(f"{{{_DS}}}DigestMethod")
        (value,) = element.findall(f"{{{_DS}}}DigestValue")
        algorithm = DIGESTS[method.attrib["Algorithm"]]
        digest = base64.b64decode("".join((value.text or "").split()), validate=True).hex()
        name = unquote(element.attrib["URI"], errors="strict")
        root = element.attrib.get("Rootfile") in {"true", "1"}
        yield Reference(name, digest, algorithm, element.attrib.get("MimeType"), root)


def _unreadable() -> ValidationError:
    return ValidationError("container.manifest_unreadable", zh="容器清单无法读取", en="the manifest cannot be read")
