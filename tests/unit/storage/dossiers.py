"""A small archive of two cases, sealed with a real signature, for the tests of manifests and of the walk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.dossier import ArchiveFinding, Dossier, Item, Role, Severity, seal_dossier

if TYPE_CHECKING:
    from storage.dossier import Archive, SealedManifest
    from storage.journal import Entry

KEY = Ed25519PrivateKey.generate()
NOW = datetime(2026, 11, 21, 3, 4, 5, tzinfo=UTC)
UNTIL = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)
CASE_NO = "黄房网签字〔2026〕第0001号"

CONTENTS = {
    (Role.CONTRACT_TEXT, "contract-text.pdf"): b"%PDF-1.7 text",
    (Role.SIGNED_REVISION, "contract-seller-1.pdf"): b"%PDF-1.7 text and a signature",
    (Role.CONTRACT_FINAL, "contract.pdf"): b"%PDF-1.7 text and all signatures",
    (Role.STROKES, "strokes-seller-1.bin"): bytes(range(256)),
}


def seal(manifest: bytes) -> bytes:
    return KEY.sign(manifest)


def check_seal(manifest: bytes, made: bytes) -> list[ArchiveFinding]:
    try:
        KEY.public_key().verify(made, manifest)
    except InvalidSignature:
        return [ArchiveFinding("archive.seal_broken", Severity.FAILED, "封存签名不符", "the seal does not hold")]
    return []


def stored_items(archive: Archive, contents: dict[tuple[Role, str], bytes] = CONTENTS) -> tuple[Item, ...]:
    return tuple(
        Item(role, name, archive.objects.put(content, media_type="application/pdf", retain_until=UNTIL).sha256)
        for (role, name), content in contents.items()
    )


def sealed_case(archive: Archive, journal: tuple[Entry, ...], case_no: str = CASE_NO) -> SealedManifest:
    return seal_dossier(archive, Dossier(case_no, stored_items(archive), journal, UNTIL), seal, NOW)
