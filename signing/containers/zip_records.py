"""The records of a ZIP, each read with suspicion (PKWARE APPNOTE 6.3.10 § 4.3): the end of the directory, its entries,
the local headers. ``zip_reader.py`` puts them together.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from signing.containers.codes import CONTAINER_CODES, container_finding
from signing.errors import ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from signing.validation.report import Finding

__all__ = [
    "DEFLATED",
    "DESCRIPTOR",
    "FULL32",
    "End",
    "ZipEntry",
    "central_entries",
    "exactly",
    "find_end",
    "refused",
    "with_local",
]

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR64 = struct.Struct("<4sIQI")
_END_MARK = b"PK\x05\x06"
_MAX_COMMENT = 0xFFFF
_FULL16, FULL32 = 0xFFFF, 0xFFFFFFFF

_ENCRYPTED = 0x1 | 0x40 | 0x2000
DESCRIPTOR = 0x8
_UTF8_NAME = 0x800
_STORED, DEFLATED = 0, 8
_LINK, _KIND_MASK = 0o120000, 0o170000

_ZIP64 = 0x0001
_HARMLESS_EXTRAS = frozenset({_ZIP64, 0x000A, 0x5455, 0x7875, 0xCAFE})
"""ZIP64, times, Unix owners, Java's mark. Not the Unicode path (0x7075): it is a second name."""

_COMMENT = b"mimetype="
"""EN 319 162-1 § A.1: the only comment there is a use for."""


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """One entry, as directory and header agree on it."""

    name: str
    """Its path; hostile."""

    method: int
    """0 stored, 8 deflated."""

    flags: int
    """General purpose flags."""

    crc32: int
    """Of the file."""

    packed_bytes: int
    """In the container."""

    size_bytes: int
    """Of the file."""

    offset: int
    """Of its local header."""

    data_offset: int
    """Of its data."""

    has_extra: bool
    """Whether its local header has an extra field, which that of ``mimetype`` must not."""

    @property
    def data_end(self) -> int:
        """First byte after the data."""
        return self.data_offset + self.packed_bytes


@dataclass(frozen=True, slots=True)
class End:
    count: int
    size_bytes: int
    offset: int
    begins_at: int


def find_end(stream: BinaryIO, size: int, findings: list[Finding]) -> End:
    """§ 4.3.16. Every place that could be read as the end record counts: two of them are two archives."""
    start = max(0, size - _MAX_COMMENT - _END.size)
    tail = exactly(stream, start, size - start)
    places = [at for at in _all_places(tail, _END_MARK) if at + _END.size <= len(tail)]
    ending = [at for at in places if at + _END.size + _END.unpack_from(tail, at)[7] == len(tail)]
    if not places:
        raise refused("container.not_zip")
    if not ending:
        findings.append(container_finding("container.foreign_bytes", offset=start + places[-1]))
        ending = places[-1:]
    if places[-1] > ending[0]:
        raise refused("container.two_directories")
    at = ending[0]
    comment = tail[at + _END.size :]
    if comment and not comment.startswith(_COMMENT) and not findings:
        findings.append(container_finding("container.foreign_bytes", offset=start + at + _END.size))
    return _end_record(stream, start + at, tail[at : at + _END.size])


def _end_record(stream: BinaryIO, at: int, record: bytes) -> End:
    _, disk, directory_disk, here, count, size, offset, _ = _END.unpack(record)
    if disk or directory_disk or here != count:
        raise refused("container.damaged")
    locator = exactly(stream, at - _LOCATOR64.size, _LOCATOR64.size) if at >= _LOCATOR64.size else b""
    if locator[:4] == b"PK\x06\x07":
        return _end_record64(stream, at, locator, End(count, size, offset, at))
    if count == _FULL16 or FULL32 in (size, offset):
        raise refused("container.damaged")
    return _checked_end(End(count, size, offset, at))


def _end_record64(stream: BinaryIO, at: int, locator: bytes, narrow: End) -> End:
    """§ 4.3.14–15; what the narrow record says besides "too large for me" must be the same."""
    begins_at = at - _LOCATOR64.size - _END64.size
    _, _, place, disks = _LOCATOR64.unpack(locator)
    if begins_at < 0 or place != begins_at or disks > 1:
        raise refused("container.damaged")
    record = _END64.unpack(exactly(stream, begins_at, _END64.size))
    mark, length, _, _, disk, directory_disk, here, count, size, offset = record
    pairs = ((narrow.count, count, _FULL16), (narrow.size_bytes, size, FULL32), (narrow.offset, offset, FULL32))
    agree = all(small in (wide, full) for small, wide, full in pairs)
    if mark != b"PK\x06\x06" or length != _END64.size - 12 or disk or directory_disk or here != count or not agree:
        raise refused("container.damaged")
    return _checked_end(End(count, size, offset, begins_at))


def _checked_end(end: End) -> End:
    if end.offset + end.size_bytes > end.begins_at:
        raise refused("container.damaged")
    return end


def central_entries(directory: bytes, count: int, findings: list[Finding]) -> list[ZipEntry]:
    entries: list[ZipEntry] = []
    at = 0
    for _ in range(count):
        if directory[at : at + 4] != b"PK\x01\x02" or at + _CENTRAL.size > len(directory):
            raise refused("container.damaged")
        entry, at = _central_entry(directory, at, findings)
        entries.append(entry)
    if at != len(directory):
        raise refused("container.damaged")
    return entries


def _central_entry(directory: bytes, at: int, findings: list[Finding]) -> tuple[ZipEntry, int]:
    _, made_by, _, flags, method, _, _, crc32, packed, size, n, x, c, disk, _, outside, offset = _CENTRAL.unpack_from(
        directory, at
    )
    name_at = at + _CENTRAL.size
    end = name_at + n + x + c
    if end > len(directory) or disk:
        raise refused("container.damaged")
    name = _name(directory[name_at : name_at + n], flags)
    if flags & _ENCRYPTED:
        raise refused("container.encrypted", name=name)
    if method not in (_STORED, DEFLATED):
        raise refused("container.method", name=name, method=method)
    if made_by >> 8 == 3 and (outside >> 16) & _KIND_MASK == _LINK:
        findings.append(container_finding("container.link", name=name))
    extras = _extras(directory[name_at + n : name_at + n + x], name, findings)
    size, packed, offset = _widened(extras.get(_ZIP64, b""), (size, packed, offset))
    return ZipEntry(name, method, flags, crc32, packed, size, offset, 0, has_extra=bool(x)), end


def with_local(stream: BinaryIO, entry: ZipEntry, findings: list[Finding]) -> ZipEntry:
    """The entry, its local header compared with the directory."""
    fixed = exactly(stream, entry.offset, _LOCAL.size)
    mark, _, flags, method, _, _, crc32, packed, size, n, x = _LOCAL.unpack(fixed)
    if mark != b"PK\x03\x04":
        raise refused("container.damaged")
    variable = exactly(stream, entry.offset + _LOCAL.size, n + x)
    name = _name(variable[:n], flags)
    extras = _extras(variable[n:], name, findings)
    size, packed, _ = _widened(extras.get(_ZIP64, b""), (size, packed, 0))
    sizes = (crc32, packed, size)
    said = (entry.crc32, entry.packed_bytes, entry.size_bytes)
    # With a data descriptor the header may be silent about them (§ 4.4.4), never say something else.
    agree = sizes == said or (flags & DESCRIPTOR and sizes == (0, 0, 0))
    if (name, flags, method) != (entry.name, entry.flags, entry.method) or not agree:
        findings.append(container_finding("container.headers_differ", name=entry.name))
    data_offset = entry.offset + _LOCAL.size + n + x
    return replace(entry, data_offset=data_offset, has_extra=bool(x))


def _name(raw: bytes, flags: int) -> str:
    """UTF-8 if said so, else ASCII: beyond that code page 437 and UTF-8 would differ, and so would readers."""
    try:
        return raw.decode("utf-8" if flags & _UTF8_NAME else "ascii")
    except UnicodeDecodeError as cause:
        raise refused("container.damaged") from cause


def _extras(raw: bytes, name: str, findings: list[Finding]) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(raw):
        kind, length = struct.unpack_from("<2H", raw, at)
        if kind not in _HARMLESS_EXTRAS or kind in found:
            findings.append(container_finding("container.extra_field", name=name, kind=kind))
        found.setdefault(kind, raw[at + 4 : at + 4 + length])
        at += 4 + length
    if at != len(raw):
        findings.append(container_finding("container.extra_field", name=name, kind=-1))
    return found


def _widened(extra: bytes, values: tuple[int, int, int]) -> tuple[int, int, int]:
    """Values of 32 bits that are full stand in the ZIP64 field, in this order (§ 4.5.3)."""
    wide = iter(struct.unpack(f"<{len(extra) // 8}Q", extra[: len(extra) // 8 * 8]))
    try:
        first, second, third = (next(wide) if value == FULL32 and extra else value for value in values)
    except (RuntimeError, StopIteration, ValueError) as cause:
        raise refused("container.damaged") from cause
    return first, second, third


def _all_places(data: bytes, mark: bytes) -> Iterator[int]:
    at = data.find(mark)
    while at >= 0:
        yield at
        at = data.find(mark, at + 1)


def exactly(stream: BinaryIO, offset: int, size: int) -> bytes:
    """Never fewer bytes than asked for, whatever the stream does."""
    stream.seek(offset)
    data = stream.read(size)
    while len(data) < size:
        more = stream.read(size - len(data))
        if not more:
            raise refused("container.damaged")
        data += more
    return data


def refused(code: str, **fields: object) -> ValidationError:
    text = CONTAINER_CODES[code]
    return ValidationError(code, zh=text.zh, en=text.en, **fields)
