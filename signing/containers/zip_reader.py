"""ZIP read with suspicion: every byte belongs to one entry or to the one directory, or it is said.

A ZIP can be read by its directory, at the end, or by its local headers, from the front; hostile ones say different
things in the two. Here both must say the same (PKWARE APPNOTE 6.3.10 § 4.3), entries must follow one another without
gap or overlap, and the directory must end with the file. What cannot be read one way only raises ``ValidationError``
with a ``container.…`` code; what is merely wrong is a finding.
"""

from __future__ import annotations

import struct
import unicodedata
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from signing.containers.codes import container_finding
from signing.containers.files import is_plain_path
from signing.containers.zip_records import (
    DEFLATED,
    DESCRIPTOR,
    FULL32,
    ZipEntry,
    central_entries,
    exactly,
    find_end,
    refused,
    with_local,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from signing.validation.report import Finding

__all__ = ["DEFAULT_LIMITS", "ContainerLimits", "ZipDirectory", "ZipEntry", "read_directory"]

CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class ContainerLimits:
    """How much of a stranger's container is looked at."""

    file_bytes: int = 16 << 30
    """Of the container."""

    unpacked_bytes: int = 16 << 30
    """Of all files in it."""

    entries: int = 4096
    """Files in it."""

    directory_bytes: int = 4 << 20
    """Of the directory, held in memory."""

    small_bytes: int = 4 << 20
    """Of a manifest or a signature, held in memory."""


DEFAULT_LIMITS = ContainerLimits()


class ZipDirectory:
    """The entries of one archive, in the order they lie in it."""

    def __init__(self, stream: BinaryIO, entries: tuple[ZipEntry, ...], findings: tuple[Finding, ...]) -> None:
        self._stream = stream
        self.entries = entries
        self.findings = findings

    def pieces(self, entry: ZipEntry) -> Iterator[bytes]:
        """The file, unpacked, a mebibyte at a time. Raises ``ValidationError`` (``container.entry_damaged``)."""
        crc32, size = 0, 0
        for piece in self._unpacked(entry):
            size += len(piece)
            if size > entry.size_bytes:
                raise refused("container.entry_damaged", name=entry.name)
            crc32 = zlib.crc32(piece, crc32)
            yield piece
        if size != entry.size_bytes or crc32 != entry.crc32:
            raise refused("container.entry_damaged", name=entry.name)

    def read(self, entry: ZipEntry, max_bytes: int) -> bytes:
        """A small file as a whole. Raises ``ValidationError`` (``container.limit``, ``container.entry_damaged``)."""
        if entry.size_bytes > max_bytes:
            raise refused("container.limit", name=entry.name)
        return b"".join(self.pieces(entry))

    def _unpacked(self, entry: ZipEntry) -> Iterator[bytes]:
        return _inflated(self._packed(entry), entry.name) if entry.method == DEFLATED else self._packed(entry)

    def _packed(self, entry: ZipEntry) -> Iterator[bytes]:
        at, end = entry.data_offset, entry.data_end
        while at < end:
            piece = exactly(self._stream, at, min(CHUNK_BYTES, end - at))
            at += len(piece)
            yield piece


def _inflated(packed: Iterator[bytes], name: str) -> Iterator[bytes]:
    """Raw deflate (RFC 1951), never more than a mebibyte at once, whatever it claims to expand to."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for piece in packed:
            rest = piece
            while rest:
                yield inflater.decompress(rest, CHUNK_BYTES)
                rest = inflater.unconsumed_tail
                if inflater.unused_data:
                    raise refused("container.entry_damaged", name=name)
        while not inflater.eof:
            more = inflater.decompress(b"", CHUNK_BYTES)
            if not more:
                raise refused("container.entry_damaged", name=name)
            yield more
    except zlib.error as cause:
        raise refused("container.entry_damaged", name=name) from cause


def read_directory(stream: BinaryIO, limits: ContainerLimits = DEFAULT_LIMITS) -> ZipDirectory:
    """The directory of the archive in ``stream``, which must seek.

    Raises ``ValidationError``: ``container.not_zip``, ``damaged``, ``two_directories``, ``encrypted``, ``method``,
    ``limit``.
    """
    size = stream.seek(0, 2)
    if size > limits.file_bytes:
        raise refused("container.limit", size_bytes=size)
    findings: list[Finding] = []
    end = find_end(stream, size, findings)
    if end.count > limits.entries or end.size_bytes > limits.directory_bytes:
        raise refused("container.limit", entries=end.count)
    listed = central_entries(exactly(stream, end.offset, end.size_bytes), end.count, findings)
    if sum(entry.size_bytes for entry in listed) > limits.unpacked_bytes:
        raise refused("container.limit", unpacked_bytes=sum(entry.size_bytes for entry in listed))
    entries = tuple(with_local(stream, entry, findings) for entry in sorted(listed, key=lambda entry: entry.offset))
    findings += _gaps(stream, entries, end.offset)
    findings += _odd_names(entries)
    if end.offset + end.size_bytes != end.begins_at:
        findings.append(container_finding("container.foreign_bytes", offset=end.offset + end.size_bytes))
    return ZipDirectory(stream, entries, tuple(findings))


def _gaps(stream: BinaryIO, entries: tuple[ZipEntry, ...], directory_offset: int) -> Iterator[Finding]:
    """Entries lie end to end from the first byte to the directory; between them nothing but data descriptors."""
    expected = 0
    for entry, following in zip(entries, [*(entry.offset for entry in entries[1:]), directory_offset], strict=True):
        if entry.offset != expected:
            yield container_finding("container.foreign_bytes", offset=expected)
        if entry.data_end > following:
            raise refused("container.damaged", name=entry.name)
        expected = entry.data_end
        if entry.flags & DESCRIPTOR:
            expected += _descriptor_bytes(stream, entry, following - expected)
    if expected != directory_offset:
        yield container_finding("container.foreign_bytes", offset=expected)


def _descriptor_bytes(stream: BinaryIO, entry: ZipEntry, room: int) -> int:
    """How long the data descriptor of the entry is (§ 4.3.9), 0 if there is none that tells the truth."""
    numbers = (entry.crc32, entry.packed_bytes, entry.size_bytes)
    forms = [struct.pack("<I2Q", *numbers)]
    if max(numbers) <= FULL32:
        forms.append(struct.pack("<3I", *numbers))
    for form in (marked for plain in forms for marked in (b"PK\x07\x08" + plain, plain)):
        if len(form) == room and exactly(stream, entry.data_end, room) == form:
            return room
    return 0


def _odd_names(entries: tuple[ZipEntry, ...]) -> Iterator[Finding]:
    seen: set[str] = set()
    for entry in entries:
        folded = unicodedata.normalize("NFC", entry.name).casefold()
        if folded in seen:
            yield container_finding("container.name_twice", name=entry.name)
        seen.add(folded)
        if not is_plain_path(entry.name):
            yield container_finding("container.name", name=entry.name)
