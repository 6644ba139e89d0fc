"""What a key folder holds, told without a passphrase."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from signing.keys.store import KeyFolder
from signing.keys.subjects import Role

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.x509 import Certificate

    from signing.keys.store import Stem

__all__ = ["InventoryEntry", "KeyPlace", "inventory"]


class KeyPlace(Enum):
    """Where the private key of a certificate is."""

    ENCRYPTED_FILE = "file"
    TOKEN = "token"  # noqa: S105 - a PKCS #11 token, not a secret
    ELSEWHERE = "offline"


@dataclass(frozen=True, slots=True)
class InventoryEntry:
    """One certificate of the folder."""

    stem: Stem
    """Role and generation."""

    certificate: Certificate
    """As stored."""

    key_place: KeyPlace
    """``offline`` is right for a root, and for nothing else in use."""


def inventory(folder: Path) -> tuple[InventoryEntry, ...]:
    """Every certificate by role, oldest generation first."""
    store = KeyFolder(folder)
    store.require_complete()
    stems = (stem for role in Role for stem in store.generations(role))
    return tuple(InventoryEntry(stem, store.certificate(stem), _place(store, stem)) for stem in stems)


def _place(store: KeyFolder, stem: Stem) -> KeyPlace:
    if store.file(stem, "token").is_file():
        return KeyPlace.TOKEN
    return KeyPlace.ENCRYPTED_FILE if store.file(stem, "key").is_file() else KeyPlace.ELSEWHERE
