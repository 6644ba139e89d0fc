"""Draw up the manifest of a case and have it sealed: the intent is on the shelf before the seal is asked for.

1. A manifest left without its seal by a crash is sealed first: those very bytes, under their own number.
2. If the newest manifest already says all there is to say, it is the answer.
3. The journal's entries are kept as an object, and every object is read once: digests, size, retention.
4. The manifest is written under the next number; whoever else wrote that number meanwhile wins, and this raises.
5. The seal is asked for and written beside it. If that fails, step 1 of the next call goes on from here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes

from storage.canonical import whole_second
from storage.dossier.manifest import (
    JournalHead,
    Listed,
    Manifest,
    Previous,
    Role,
    listing_order,
    manifest_from_json,
    manifest_name,
    manifest_number,
    seal_name,
)
from storage.errors import DossierError
from storage.objects.reading import chunks

if TYPE_CHECKING:
    from datetime import datetime

    from storage.dossier.archive import Archive
    from storage.dossier.shelf import CaseShelf
    from storage.journal import Entry
    from storage.objects.ports import ObjectStore

__all__ = ["Dossier", "Item", "Seal", "SealedManifest", "read_manifest", "seal_dossier", "sm3_of"]

Seal = Callable[[bytes], bytes]
"""From the manifest's bytes to a detached CMS (CAdES-B-T) over them, DER; raises when there is no time-stamp."""

JOURNAL_COPY_NAME = "journal.jsonl"
JOURNAL_MEDIA_TYPE = "application/jsonl"


@dataclass(frozen=True, slots=True)
class Item:
    """One object that belongs to the dossier; it must be in the store already."""

    role: Role
    """What it is."""

    name: str
    """Its name for people, unique in the dossier."""

    sha256: str
    """Its name in the store."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """What a case consists of now."""

    case_no: str
    """The case."""

    items: tuple[Item, ...]
    """Its objects, all of them, the journal excepted."""

    journal: tuple[Entry, ...]
    """Its journal from the first entry on."""

    retain_until: datetime
    """How long all of it must be kept (aware)."""


@dataclass(frozen=True, slots=True)
class SealedManifest:
    """A manifest and its seal, both on the shelf."""

    manifest: Manifest
    """The list."""

    content: bytes
    """Its bytes."""

    seal: bytes
    """DER of the CMS over them."""


def seal_dossier(archive: Archive, dossier: Dossier, seal: Seal, now: datetime) -> SealedManifest:
    """The sealed manifest that lists exactly ``dossier``, made unless it is there. Harmless twice."""
    previous = _finished_newest(archive, dossier, seal)
    if previous is not None and _says(previous.manifest, dossier):
        return previous
    manifest = Manifest(
        case_no=dossier.case_no,
        number=previous.manifest.number + 1 if previous else 1,
        created_at=now,
        previous=_previous(archive.shelf, dossier.case_no, previous.manifest.number if previous else 0),
        journal=_head(dossier.journal),
        objects=_listed_objects(archive.objects, dossier),
    )
    content = manifest.to_json()
    if not archive.shelf.create(dossier.case_no, manifest_name(manifest.number), content, dossier.retain_until):
        raise DossierError(
            "dossier.conflict",
            zh="同一案卷的清单正由他人生成, 请重试",
            en="another manifest of this case was drawn up meanwhile; try again",
            case_no=dossier.case_no,
            number=manifest.number,
        )
    return _sealed(archive.shelf, manifest, seal, dossier.retain_until)


def read_manifest(shelf: CaseShelf, case_no: str, number: int) -> bytes:
    """The bytes of a manifest whose name was seen."""
    content = shelf.read(case_no, manifest_name(number))
    if content is None:
        raise DossierError(
            "dossier.missing", zh="案卷清单缺失", en="the manifest is gone", case_no=case_no, number=number
        )
    return content


def _previous(shelf: CaseShelf, case_no: str, number: int) -> Previous | None:
    if number == 0:
        return None
    return Previous(number, hashlib.sha256(read_manifest(shelf, case_no, number)).hexdigest())


def _finished_newest(archive: Archive, dossier: Dossier, seal: Seal) -> SealedManifest | None:
    shelf, case_no = archive.shelf, dossier.case_no
    number = max((manifest_number(name) or 0 for name in shelf.names(case_no)), default=0)
    if number == 0:
        return None
    content = read_manifest(shelf, case_no, number)
    manifest = manifest_from_json(content)
    existing = shelf.read(case_no, seal_name(number))
    if existing is not None:
        return SealedManifest(manifest, content, existing)
    if not _is_ours(archive, dossier, manifest):
        raise DossierError(
            "dossier.left_over_differs",
            zh="未封存的清单与本案卷不符, 不予封存",
            en="the manifest left without a seal does not list what this case has; it is not sealed",
            case_no=case_no,
            number=number,
        )
    return _sealed(shelf, manifest, seal, dossier.retain_until)


def _is_ours(archive: Archive, dossier: Dossier, manifest: Manifest) -> bool:
    """Whether this code could have drawn up ``manifest`` for ``dossier`` as it was a little earlier.

    Anybody who can write to the shelf can leave an unsealed manifest there; what is sealed must be ours.
    """
    earlier = dossier.journal[: manifest.journal.seq] if manifest.journal else ()
    items = {*dossier.items, *_journal_items(earlier)}
    return (
        manifest.case_no == dossier.case_no
        and manifest.previous == _previous(archive.shelf, dossier.case_no, manifest.number - 1)
        and manifest.journal == _head(earlier)
        and all(Item(listed.role, listed.name, listed.sha256) in items for listed in manifest.objects)
        and all(
            listed.sm3 == sm3_of(archive.objects, listed.sha256)
            and listed.size_bytes == archive.objects.stat(listed.sha256).size_bytes
            for listed in manifest.objects
        )
    )


def _sealed(shelf: CaseShelf, manifest: Manifest, seal: Seal, retain_until: datetime) -> SealedManifest:
    content = manifest.to_json()
    cms = seal(content)
    if not shelf.create(manifest.case_no, seal_name(manifest.number), cms, retain_until):
        # Two sealed the same bytes at once: both seals are good, the first one written is the one kept.
        cms = shelf.read(manifest.case_no, seal_name(manifest.number)) or cms
    return SealedManifest(manifest, content, cms)


def _says(manifest: Manifest, dossier: Dossier) -> bool:
    listed = {(item.role, item.name, item.sha256) for item in manifest.objects if item.role is not Role.JOURNAL}
    until = whole_second(dossier.retain_until)
    return (
        listed == {(item.role, item.name, item.sha256) for item in dossier.items}
        and manifest.journal == _head(dossier.journal)
        and all(item.retain_until >= until for item in manifest.objects)
    )


def _head(journal: tuple[Entry, ...]) -> JournalHead | None:
    return JournalHead(journal[-1].seq, journal[-1].sha256) if journal else None


def _journal_copy(journal: tuple[Entry, ...]) -> bytes:
    return b"".join(entry.to_line() for entry in journal)


def _journal_items(journal: tuple[Entry, ...]) -> tuple[Item, ...]:
    if not journal:
        return ()
    return (Item(Role.JOURNAL, JOURNAL_COPY_NAME, hashlib.sha256(_journal_copy(journal)).hexdigest()),)


def _listed_objects(objects: ObjectStore, dossier: Dossier) -> tuple[Listed, ...]:
    items = dossier.items + _journal_items(dossier.journal)
    if dossier.journal:
        copy = _journal_copy(dossier.journal)
        objects.put(copy, media_type=JOURNAL_MEDIA_TYPE, retain_until=dossier.retain_until)
    return tuple(sorted((_listed(objects, item, dossier.retain_until) for item in items), key=listing_order))


def _listed(objects: ObjectStore, item: Item, retain_until: datetime) -> Listed:
    sm3 = sm3_of(objects, item.sha256)
    ref = objects.stat(item.sha256)
    if ref.retain_until < whole_second(retain_until):
        ref = objects.extend_retention(item.sha256, retain_until)
    return Listed(item.role, item.name, item.sha256, sm3, ref.size_bytes, ref.media_type, ref.retain_until)


def sm3_of(objects: ObjectStore, sha256: str) -> str:
    """SM3 of an object, its SHA-256 verified on the way."""
    digest = hashes.Hash(hashes.SM3())
    with objects.open(sha256) as stream:
        for chunk in chunks(stream):
            digest.update(chunk)
    return digest.finalize().hex()
