"""Errors of storage: ``StorageError`` ← ``ObjectMissing``, ``ObjectAltered``, ``StorageUnavailable``, and so on."""

from __future__ import annotations

from errors import QianshuError

__all__ = ["ObjectAltered", "ObjectMissing", "StorageError", "StorageFull", "StorageUnavailable"]


class StorageError(QianshuError):
    """Anything that stops an object from being kept or read back."""


class ObjectMissing(StorageError):  # noqa: N818 - the family name says error
    """No object under that digest."""


class ObjectAltered(StorageError):  # noqa: N818
    """The bytes under a digest no longer have that digest."""


class StorageUnavailable(StorageError):  # noqa: N818
    """The backend cannot be reached; nothing was stored."""


class StorageFull(StorageError):  # noqa: N818
    """No room left; nothing was stored."""
