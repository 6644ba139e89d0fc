"""Where manifests and their seals (in a folder, journals too) stand, by case number and name. Port, and the folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from storage import durable
from storage.dossier.manifest import check_case_no

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

__all__ = ["CaseShelf", "FolderShelf"]


class CaseShelf(Protocol):
    """Small named records of each case, written once.

    ``create`` MUST be durable and whole when it returns true, MUST NOT replace what has the name, and MUST leave
    nothing under the name when it raises.
    """

    @property
    def holds_journals(self) -> bool:
        """Whether the live journal of a case stands here too, as ``journal.jsonl``."""
        ...

    def create(self, case_no: str, name: str, content: bytes, retain_until: datetime) -> bool:
        """Write a record; false when the name is taken."""
        ...

    def read(self, case_no: str, name: str) -> bytes | None:
        """The record first written under the name; none when there is none."""
        ...

    def names(self, case_no: str) -> tuple[str, ...]:
        """Names of the case's records in order."""
        ...

    def case_nos(self) -> Iterator[str]:
        """Every case that has a record, in order."""
        ...


class FolderShelf:
    """A :class:`CaseShelf` in ``<root>/<case_no>/<name>``, beside ``storage.journal.Journal`` of the same folder."""

    holds_journals = True

    def __init__(self, root: Path) -> None:
        """The cases under ``root``, made if absent."""
        self._root = root
        with durable.translated_os_errors():
            durable.make_folders(root)

    def create(self, case_no: str, name: str, content: bytes, retain_until: datetime) -> bool:  # noqa: ARG002 - a folder has no clock; what is here is never removed by this code
        folder = self._folder(case_no)
        with durable.translated_os_errors():
            durable.make_folders(folder)
            try:
                durable.create_file(folder / name, content, folder)
            except FileExistsError:
                return False
        return True

    def read(self, case_no: str, name: str) -> bytes | None:
        with durable.translated_os_errors():
            try:
                return (self._folder(case_no) / name).read_bytes()
            except FileNotFoundError:
                return None

    def names(self, case_no: str) -> tuple[str, ...]:
        with durable.translated_os_errors():
            folder = self._folder(case_no)
            return tuple(sorted(path.name for path in folder.iterdir())) if folder.is_dir() else ()

    def case_nos(self) -> Iterator[str]:
        with durable.translated_os_errors():
            names = sorted(path.name for path in self._root.iterdir() if path.is_dir())
        yield from names

    def _folder(self, case_no: str) -> Path:
        return self._root / check_case_no(case_no)
