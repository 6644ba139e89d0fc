"""Errors of storage: everything that stops an object, a journal or a dossier from being kept or read back.

StorageError
├── ObjectMissing       no object under that digest
├── ObjectAltered       bytes, or the facts beside them, are no longer what was stored
├── DigestMismatch      what was handed in is not what the caller announced
├── RetentionHeld       WORM: not before the retention ends, and never shorter
├── StorageUnavailable  the backend cannot be reached or refuses; nothing was stored
├── StorageFull         no room left; nothing was stored
├── JournalBroken       the hash chain of a journal does not hold
└── DossierError        a manifest cannot be read, or cannot be written now
"""

from __future__ import annotations

from errors import QianshuError

__all__ = [
    "DigestMismatch",
    "DossierError",
    "JournalBroken",
    "ObjectAltered",
    "ObjectMissing",
    "RetentionHeld",
    "StorageError",
    "StorageFull",
    "StorageUnavailable",
]


class StorageError(QianshuError):
    """Anything that stops an object from being kept or read back."""


class ObjectMissing(StorageError):  # noqa: N818 - the family name says error
    """No object under that digest."""


class ObjectAltered(StorageError):  # noqa: N818
    """The bytes under a digest no longer have that digest."""


class DigestMismatch(StorageError):  # noqa: N818
    """The bytes handed in do not have the digest announced for them; nothing was stored."""


class RetentionHeld(StorageError):  # noqa: N818
    """The object is kept until its retention ends; retention can grow and never shrink."""


class StorageUnavailable(StorageError):  # noqa: N818
    """The backend cannot be reached; nothing was stored."""


class StorageFull(StorageError):  # noqa: N818
    """No room left; nothing was stored."""


class JournalBroken(StorageError):  # noqa: N818
    """An entry of a journal is not what its hash, or its successor, says it is."""


class DossierError(StorageError):
    """A manifest cannot be read, or another one took its place meanwhile."""
