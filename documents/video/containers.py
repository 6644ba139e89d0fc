"""Which container, by its bytes alone: names and announced types are the sender's."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final

from documents.errors import VideoError
from documents.video.ebml import doc_type_of, is_whole_ebml
from documents.video.mp4 import brand_of, is_whole_mp4

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Container", "container_of", "is_whole"]

_HEAD_BYTES: Final = 1024
"""Where readers of PDF look for its header (ISO 32000-1, Annex H, note 13), and browsers for markup."""

_TAIL_BYTES: Final = 22 + 65_535
"""Where readers of ZIP look for its end (APPNOTE 4.3.16): the record, and a comment as long as can be."""

_FOREIGN_HEADS: Final = (b"%pdf-", b"<html", b"<script", b"<!doctype", b"<svg", b"<?php")
_ZIP_END: Final = b"PK\x05\x06"


@dataclass(frozen=True, slots=True)
class Container:
    """A kind of container."""

    media_type: str
    """What it is called."""

    demuxer: str
    """ffmpeg's name for what reads it: no other may, least of all one that opens further files."""

    walk: Callable[[BinaryIO, int], bool]
    """Whether it accounts for every byte."""


def container_of(recording: BinaryIO) -> Container:
    """MP4, QuickTime, WebM, Matroska. Raises ``video.unreadable`` for anything else."""
    recording.seek(0)
    head = recording.read(_HEAD_BYTES)
    brand = brand_of(head)
    if brand is not None:
        return Container("video/quicktime" if brand == b"qt  " else "video/mp4", "mov", is_whole_mp4)
    doc_type = doc_type_of(head)
    if doc_type in (b"webm", b"matroska"):
        media_type = "video/webm" if doc_type == b"webm" else "video/x-matroska"
        return Container(media_type, "matroska", is_whole_ebml)
    raise VideoError(
        "video.unreadable", zh="文件不是可识别的视频", en="this is no video that can be read", reason="container"
    )


def is_whole(recording: BinaryIO, container: Container) -> bool:
    """Whether the file is this container from its first byte to its last, and nothing else as well."""
    size = recording.seek(0, os.SEEK_END)
    return not _is_something_else_too(recording, size) and container.walk(recording, size)


def _is_something_else_too(recording: BinaryIO, size: int) -> bool:
    recording.seek(0)
    head = recording.read(_HEAD_BYTES).lower()
    if any(mark in head for mark in _FOREIGN_HEADS):
        return True
    recording.seek(max(0, size - _TAIL_BYTES))
    tail = recording.read(_TAIL_BYTES)
    at = tail.rfind(_ZIP_END)
    while at >= 0:
        # Film data holds the four bytes by chance once in 65 thousand files; then the length does not fit.
        comment = int.from_bytes(tail[at + 20 : at + 22], "little")
        if len(tail) - at >= 22 and at + 22 + comment <= len(tail) and tail[at + 4 : at + 8] == bytes(4):
            return True
        at = tail.rfind(_ZIP_END, 0, at)
    return False
