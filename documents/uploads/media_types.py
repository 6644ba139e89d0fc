"""What a file is by its content, whatever its name says: its type, and whether it is a second thing as well."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

from documents.uploads.errors import refusal
from documents.uploads.facts import MediaType

if TYPE_CHECKING:
    from typing import BinaryIO

__all__ = ["check_pdf_ends", "executable_kind", "looks_like", "media_type", "refuse_hidden_archive"]

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"  # ISO/IEC 15948 § 5.2
JPEG_SIGNATURE = b"\xff\xd8\xff"  # ISO/IEC 10918-1 annex B: SOI, then any marker
PDF_SIGNATURE = b"%PDF-"  # ISO 32000-2 § 7.5.2

# Adobe's readers accept a header within the first 1024 bytes (ISO 32000-1 annex H.3, note 13), so a file hiding one
# there is a PDF to them. Only white space and a byte order mark, which careless downloads add, are let pass.
HEADER_WITHIN_BYTES = 1024
_LEADING_PADDING = b"\xef\xbb\xbf\0\t\n\x0c\r "
_TRAILING_PADDING = b"\0\t\n\x0c\r \x1a"

# Readers look for %%EOF in the last 1024 bytes (same annex, note 18); printers pad with NULs, hence more.
TAIL_BYTES = 64 << 10

# The end-of-central-directory record has 22 bytes and a comment of up to 65 535 (APPNOTE § 4.3.16).
ZIP_TAIL_BYTES = 22 + 0xFFFF

_MORE_OBJECTS = re.compile(rb"\s*(?:\d+\s+\d+\s+obj|xref|trailer|startxref)\b")

_CONTENT_SIGNS: tuple[tuple[str, bytes], ...] = (
    ("ZIP", b"PK\x03\x04"),
    ("ZIP", b"PK\x05\x06"),
    ("RAR", b"Rar!\x1a\x07"),
    ("7-Zip", b"7z\xbc\xaf\x27\x1c"),
    ("gzip", b"\x1f\x8b\x08"),
    ("xz", b"\xfd7zXZ\0"),
    ("cabinet", b"MSCF"),
    ("OLE", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ("PDF", PDF_SIGNATURE),
    ("JPEG", JPEG_SIGNATURE),
    ("PNG", PNG_SIGNATURE),
)

# Programs by their first bytes: Microsoft PE/COFF, ELF gABI, Mach-O loader.h (both orders, fat), Java class file
# (shares 0xCAFEBABE), Android DEX, WebAssembly, Windows shortcut (MS-SHLLINK § 2.1), compiled HTML help, compiled Lua.
_PROGRAM_SIGNS: tuple[tuple[str, bytes], ...] = (
    ("PE", b"MZ"),
    ("ELF", b"\x7fELF"),
    ("Mach-O", b"\xfe\xed\xfa\xce"),
    ("Mach-O", b"\xfe\xed\xfa\xcf"),
    ("Mach-O", b"\xce\xfa\xed\xfe"),
    ("Mach-O", b"\xcf\xfa\xed\xfe"),
    ("Mach-O", b"\xca\xfe\xba\xbe"),
    ("DEX", b"dex\n"),
    ("WebAssembly", b"\0asm"),
    ("shortcut", b"L\0\0\0\x01\x14\x02\0"),
    ("compiled help", b"ITSF"),
    ("Lua", b"\x1bLua"),
    ("script", b"#!"),
    ("script", b"<?php"),
    ("script", b"@echo"),
    ("script", b"[desktop entry]"),
    ("script", b"<script"),
    ("script", b"<html"),
    ("script", b"<!doctype html"),
    ("script", b"<hta:"),
    ("script", b"<svg"),
)

# What Windows, macOS and Linux desktops start on a double click, whatever the content. A name only ever makes a file
# worse, never better.
_PROGRAM_SUFFIX = re.compile(
    r"\.(?:action|app|appimage|bat|bin|cmd|com|command|cpl|desktop|dll|dmg|exe|gadget|hta|html?|inf|ins|isp|jar|jse?|lnk"
    r"|mjs|msc|msi|msix|msp|mst|osx|pif|pl|ps1|ps1xml|psc1|psm1|pyc?|pyw|rb|reg|rpm|run|scf|scr|sct|settingcontent-ms"
    r"|sh|shb|svg|sys|url|vb|vbe|vbs|vbscript|vxd|workflow|ws|wsc|wsf|wsh|xbap|xht|xhtml)$",
    re.IGNORECASE,
)


def media_type(head: bytes) -> MediaType:
    """The type of a file from its first 1024 bytes."""
    if not head:
        raise refusal("upload.empty")
    if head.startswith(PNG_SIGNATURE):
        return MediaType.PNG
    if head.startswith(JPEG_SIGNATURE):
        return MediaType.JPEG
    if head.lstrip(_LEADING_PADDING).startswith(PDF_SIGNATURE):
        return MediaType.PDF
    if PDF_SIGNATURE in head[:HEADER_WITHIN_BYTES]:
        raise refusal("upload.leading_data", looks_like=looks_like(head))
    raise refusal("upload.unknown_type")


def looks_like(data: bytes) -> str:
    """A name for what these bytes begin with, ``data`` when nothing is known of them."""
    for name, sign in (*_CONTENT_SIGNS, *_PROGRAM_SIGNS):
        if data.startswith(sign):
            return name
    return "data"


def executable_kind(data: bytes, name: str) -> str | None:
    """What kind of program or script an embedded file is, by content first and by its name second."""
    start = data[:512].lstrip(_LEADING_PADDING).lower()
    for kind, sign in _PROGRAM_SIGNS:
        if data.startswith(sign) or start.startswith(sign.lower()):
            return kind
    suffix = _PROGRAM_SUFFIX.search(name.rstrip(". "))
    return suffix.group().lower() if suffix else None


def check_pdf_ends(file: BinaryIO, size: int) -> tuple[str, ...]:
    """Refuse a PDF with anything foreign before its header or after its last %%EOF; return what was overlooked."""
    file.seek(0)
    head = file.read(HEADER_WITHIN_BYTES)
    overlooked = () if head.startswith(PDF_SIGNATURE) else ("leading_padding",)
    tail = _tail(file, size, TAIL_BYTES)
    _, marker, after = tail.rpartition(b"%%EOF")
    if not marker:
        return (*overlooked, "end_of_file_missing")
    rest = after.strip(_TRAILING_PADDING)
    if not rest:
        return overlooked
    if _MORE_OBJECTS.match(rest):
        # An incremental update that broke off: the part that is missing may be the part that matters.
        raise refusal("upload.truncated")
    raise refusal("upload.trailing_data", looks_like=looks_like(rest))


def refuse_hidden_archive(file: BinaryIO, size: int) -> None:
    """Refuse a file that other programs open as an archive although it begins and ends as it should.

    A ZIP is found from its end and may begin anywhere; tar, ISO 9660 and DICOM have their mark at a fixed offset.
    """
    for name, offset, mark in (("tar", 257, b"ustar"), ("ISO 9660", 0x8001, b"CD001"), ("DICOM", 128, b"DICM")):
        file.seek(offset)
        if file.read(len(mark)) == mark:
            raise refusal("upload.hidden_archive", looks_like=name)
    tail = _tail(file, size, ZIP_TAIL_BYTES)
    at = tail.find(b"PK\x05\x06")
    while at >= 0:
        if _is_zip_end(file, size - len(tail) + at, tail[at : at + 22]):
            raise refusal("upload.hidden_archive", looks_like="ZIP")
        at = tail.find(b"PK\x05\x06", at + 1)


def _is_zip_end(file: BinaryIO, position: int, record: bytes) -> bool:
    """Whether a central directory really stands before this end record (APPNOTE § 4.3.12, 4.3.16)."""
    if len(record) < 22:
        return False
    directory_size: int = struct.unpack_from("<I", record, 12)[0]
    if directory_size == 0 or directory_size > position:
        return False
    file.seek(position - directory_size)
    return file.read(4) == b"PK\x01\x02"


def _tail(file: BinaryIO, size: int, length: int) -> bytes:
    file.seek(max(0, size - length))
    return file.read(length)
