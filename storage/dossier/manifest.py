"""The manifest: what one case consists of, by digest. Published form: ``docs/schemas/dossier.schema.json``.

Canonical JSON, so that equal manifests are equal bytes, and each object carries two digests by unrelated designs:
SHA-256 (FIPS 180-4) and SM3 (GB/T 32905-2016). A seal over the manifest then holds all objects, also for a reader in
thirty years who no longer trusts one of them. Each manifest repeats everything the one before listed and names its
digest: the newest one is the whole dossier.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from storage.canonical import canonical_json, instant_from_text, instant_text
from storage.errors import DossierError

if TYPE_CHECKING:
    from datetime import datetime

__all__ = [
    "FORMAT",
    "JournalHead",
    "Listed",
    "Manifest",
    "Previous",
    "Role",
    "check_case_no",
    "manifest_from_json",
    "manifest_name",
    "manifest_number",
    "seal_name",
]

FORMAT = "qianshu.dossier/1"

MAX_CASE_NO_BYTES = 200
"""A case number names a folder: 255 bytes is what file systems take."""

_CASE_NO = re.compile(r"[\w(\[〔（【][\w.()\[\]〔〕（）【】-]*")
_SHA256_OR_SM3 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_MANIFEST_NAME = re.compile(r"manifest-([0-9]{4,9})\.json", re.ASCII)
SEAL_SUFFIX = ".p7s"


class Role(StrEnum):
    """What an object is in its case."""

    CONTRACT_TEXT = "contract_text"
    """The contract's text as fixed, before any signature."""

    SIGNED_REVISION = "signed_revision"
    """The contract after one more signature or stamp."""

    CONTRACT_FINAL = "contract_final"
    """The contract filed and sealed."""

    CONTRACT_RENEWED = "contract_renewed"
    """The contract with a later archive time-stamp."""

    TERMS = "terms"
    """The data the text was made from."""

    STROKES = "strokes"
    """One signer's handwriting, encrypted."""

    EVIDENCE = "evidence"
    """Any other proof of an act: a notice read, a code given, a face checked."""

    EVIDENCE_REPORT = "evidence_report"
    """The sealed report of all evidence."""

    VERIFICATION = "verification"
    """The verifier's own report, as JSON."""

    ATTACHMENT = "attachment"
    """A paper that was handed in."""

    JOURNAL = "journal"
    """The journal up to the head this manifest names."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One object of the dossier."""

    role: Role
    """What it is."""

    name: str
    """Its name in this dossier, unique, for people: ``contract.pdf``."""

    sha256: str
    """SHA-256 in lower-case hex; its name in the store."""

    sm3: str
    """SM3 in lower-case hex."""

    size_bytes: int
    """Length."""

    media_type: str
    """Media type."""

    retain_until: datetime
    """Must be kept at least until then (aware UTC)."""


@dataclass(frozen=True, slots=True)
class JournalHead:
    """Where the journal stood when the manifest was made."""

    seq: int
    """Number of its last entry."""

    sha256: str
    """Digest of that entry, and through the chain of all before."""


@dataclass(frozen=True, slots=True)
class Previous:
    """The manifest before this one."""

    number: int
    """Its number."""

    sha256: str
    """SHA-256 of its bytes."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The list of one case's objects at one time."""

    case_no: str
    """The case."""

    number: int
    """1 for the first, then one more each time."""

    created_at: datetime
    """When it was drawn up (aware UTC); when it existed is proved by the seal's time-stamp."""

    previous: Previous | None
    """The manifest it follows; none for the first."""

    journal: JournalHead | None
    """Head of the journal; none where no journal was given."""

    objects: tuple[Listed, ...]
    """Every object, ordered by role and name."""

    def to_json(self) -> bytes:
        """The canonical bytes that are sealed."""
        return canonical_json(
            {
                "format": FORMAT,
                "case_no": self.case_no,
                "number": self.number,
                "created_at": instant_text(self.created_at),
                "previous": self.previous and {"number": self.previous.number, "sha256": self.previous.sha256},
                "journal": self.journal and {"seq": self.journal.seq, "sha256": self.journal.sha256},
                "objects": [_listed_to_json(item) for item in self.objects],
            }
        )


def _listed_to_json(item: Listed) -> dict[str, object]:
    return {
        "role": item.role.value,
        "name": item.name,
        "sha256": item.sha256,
        "sm3": item.sm3,
        "size_bytes": item.size_bytes,
        "media_type": item.media_type,
        "retain_until": instant_text(item.retain_until),
    }


def manifest_from_json(content: bytes) -> Manifest:
    """The manifest in ``content``; ``DossierError`` unless it is exactly as this house writes them."""
    try:
        manifest = _manifest(json.loads(content))
        as_written = manifest.to_json() == content
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        as_written = False
    if not as_written:
        raise DossierError(
            "dossier.malformed",
            zh="案卷清单格式不符或已损坏",
            en="the manifest is not one this service writes, or is damaged",
        )
    return manifest


def _manifest(read: dict[str, Any]) -> Manifest:
    objects = tuple(_listed(item) for item in read["objects"])
    if len({item.name for item in objects}) != len(objects):
        raise ValueError("two objects of one name")
    if list(objects) != sorted(objects, key=listing_order):
        raise ValueError("objects out of order")
    previous, journal = read["previous"], read["journal"]
    return Manifest(
        case_no=check_case_no(read["case_no"]),
        number=_count(read["number"]),
        created_at=instant_from_text(read["created_at"]),
        previous=None if previous is None else Previous(_count(previous["number"]), _digest(previous["sha256"])),
        journal=None if journal is None else JournalHead(_count(journal["seq"]), _digest(journal["sha256"])),
        objects=objects,
    )


def _listed(read: dict[str, Any]) -> Listed:
    return Listed(
        role=Role(read["role"]),
        name=_text(read["name"]),
        sha256=_digest(read["sha256"]),
        sm3=_digest(read["sm3"]),
        size_bytes=_size(read["size_bytes"]),
        media_type=_text(read["media_type"]),
        retain_until=instant_from_text(read["retain_until"]),
    )


def listing_order(item: Listed) -> tuple[str, str]:
    """Where an object stands in the list."""
    return item.role.value, item.name


def check_case_no(case_no: str) -> str:
    """``case_no`` itself; ``ValueError`` unless it can name a folder anywhere: it comes from outside."""
    if not _CASE_NO.fullmatch(case_no) or len(case_no.encode()) > MAX_CASE_NO_BYTES:
        raise ValueError(
            "a case number is letters, digits and . ( ) [ ] 〔〕 （） 【】 -, and begins with neither . nor -"
        )
    if unicodedata.normalize("NFC", case_no) != case_no:
        raise ValueError("a case number is in Unicode normal form C, or two of them could look the same")
    return case_no


def manifest_name(number: int) -> str:
    """File name of manifest ``number``."""
    return f"manifest-{number:04d}.json"


def seal_name(number: int) -> str:
    """File name of its seal: CMS, detached (CAdES-B-T)."""
    return manifest_name(number) + SEAL_SUFFIX


def manifest_number(name: str) -> int | None:
    """The number in a manifest's file name; none for any other name."""
    found = _MANIFEST_NAME.fullmatch(name)
    number = int(found[1]) if found else 0
    return number if number and manifest_name(number) == name else None


def _digest(value: object) -> str:
    text = _text(value)
    if not _SHA256_OR_SM3.fullmatch(text):
        raise ValueError("not a digest")
    return text


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError("not a text")
    return value


def _count(value: object) -> int:
    if _size(value) == 0:
        raise ValueError("counting starts at one")
    return _size(value)


def _size(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError("not a size")
    return value
