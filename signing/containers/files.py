"""What goes into a container, and the names that ETSI EN 319 162-1 gives to what it adds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from signing.errors import SigningError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

__all__ = [
    "ARCHIVE_MANIFEST_NAME",
    "ARCHIVE_STAMP_NAME",
    "MANIFEST_NAME",
    "MEDIA_TYPE",
    "META_INF",
    "MIMETYPE_NAME",
    "SIGNATURE_NAME",
    "ContainerFile",
    "require_packable",
]

MEDIA_TYPE = "application/vnd.etsi.asic-e+zip"
"""§ 4.4.3.2 1) c."""

MIMETYPE_NAME = "mimetype"
META_INF = "META-INF/"
MANIFEST_NAME = "META-INF/ASiCManifest001.xml"
SIGNATURE_NAME = "META-INF/signature001.p7s"
ARCHIVE_MANIFEST_NAME = "META-INF/ASiCArchiveManifest.xml"
"""Annex A.7 1) c: the newest archive manifest has this name and no other."""
ARCHIVE_STAMP_NAME = "META-INF/timestamp001.tst"

MAX_NAME_BYTES = 240
"""Unpacked below a folder the path must still fit Windows's 260 characters."""

_SEGMENT = re.compile(r"[^\x00-\x1f\x7f<>:\"|?*\\/]+")
"""What both Windows and Unix can keep as the name of a file."""


@dataclass(frozen=True, slots=True)
class ContainerFile:
    """One data file. Digest, CRC and size are known beforehand and checked while the bytes go by."""

    name: str
    """Path in the container, ``/`` between folders."""

    media_type: str
    """For the manifest."""

    sha256: str
    """Hex, of the bytes."""

    crc32: int
    """ISO 3309, of the bytes."""

    size_bytes: int
    """Of the bytes."""

    open: Callable[[], AbstractContextManager[BinaryIO]]
    """The bytes; called once."""

    is_root: bool = False
    """Whether whoever opens the container should begin with it (``Rootfile``, § A.4); one at most."""


def require_packable(files: tuple[ContainerFile, ...]) -> None:
    """Refuse what no container may hold: nothing at all, odd names, one name twice, two beginnings."""
    folded = [file.name.casefold() for file in files]
    for file in files:
        if not is_plain_path(file.name) or file.name.startswith(META_INF) or file.name == MIMETYPE_NAME:
            raise _not_packable("container.name", "文件名不能用于容器", "no name for a file of a container", file.name)
    for name in folded:
        if folded.count(name) > 1:
            raise _not_packable("container.name_twice", "文件名重复", "a name stands twice", name)
    if not files or sum(file.is_root for file in files) > 1:
        raise _not_packable("container.root", "容器为空或有多个主文件", "empty, or more than one beginning", "")


def is_plain_path(name: str) -> bool:
    """Whether ``name`` unpacks to the same place below any folder of any system, and nowhere else."""
    segments = name.split("/")
    return len(name.encode("utf-8", "replace")) <= MAX_NAME_BYTES and all(
        _SEGMENT.fullmatch(segment) and not segment.endswith((".", " ")) for segment in segments
    )


def _not_packable(code: str, zh: str, en: str, name: str) -> SigningError:
    return SigningError(code, zh=zh, en=en, name=name)
