"""An archive: objects by digest, and the shelf that says which of them belong to which case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.dossier.shelf import FolderShelf
from storage.objects.folder import FolderObjectStore

if TYPE_CHECKING:
    from pathlib import Path

    from storage.dossier.shelf import CaseShelf
    from storage.objects.ports import ObjectStore

__all__ = ["Archive", "open_folder_archive"]


@dataclass(frozen=True, slots=True)
class Archive:
    """Everything that outlives the database."""

    objects: ObjectStore
    """Contents, under their SHA-256."""

    shelf: CaseShelf
    """Manifests and seals, by case."""


def open_folder_archive(root: Path) -> Archive:
    """The embedded archive: ``<root>/objects`` and ``<root>/cases``."""
    return Archive(FolderObjectStore(root / "objects"), FolderShelf(root / "cases"))
