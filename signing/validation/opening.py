"""One untrusted file, opened by every parser that will be asked, and what is odd about its structure.

Everything a stranger's file can make a parser raise is caught here and becomes a finding; what follows works on values.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import pikepdf

from signing.errors import ValidationError
from signing.validation.changed_fields import signature_field_values
from signing.validation.codes import finding
from signing.validation.fields import FormField, form_fields
from signing.validation.rawscan import RawScan, scan, upto
from signing.validation.revisions import Revisions

if TYPE_CHECKING:
    from signing.validation.limits import Limits
    from signing.validation.report import Finding
    from signing.validation.revisions import ObjectId

__all__ = ["OpenedFile", "hidden_revisions", "open_file"]

_RETRIES = 5
"""Ends of revisions tried when the file cannot be read from its end: an attack or a cut needs one."""

# pyHanko logs every anomaly of a hostile file with a traceback; findings say the same in order.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """The file as each parser sees it."""

    file: BinaryIO
    """The bytes; the caller's to close."""

    scan: RawScan
    """What stands where."""

    readable_bytes: int
    """Up to where the parsers read; less than the size if the end makes no sense."""

    revisions: Revisions
    """pyHanko's view."""

    pdf: pikepdf.Pdf
    """qpdf's view."""

    fields: tuple[FormField, ...]
    """Form fields by qpdf."""

    findings: tuple[Finding, ...]
    """What is odd."""


def open_file(file: BinaryIO, limits: Limits) -> OpenedFile:
    """Open ``file`` with every parser. Raises ``ValidationError`` whose code is that of a finding."""
    raw = scan(file)
    if raw.header_offset is None:
        raise ValidationError("file.not_pdf", zh="不是 PDF 文件", en="not a PDF file")
    if raw.header_offset > 0:
        # Some readers count offsets from the header, some from the first byte: not one document but two.
        raise ValidationError("structure.header_offset", zh="文件头之前有多余数据", en="bytes before the header")
    revisions, readable = _revisions(file, raw, limits)
    if revisions.encrypted:
        raise ValidationError("file.encrypted", zh="文件已加密", en="the file is encrypted")
    _limit("limit.revisions", revisions.count, limits.revisions)
    _limit("limit.objects", revisions.object_count(), limits.objects)
    pdf, findings = _qpdf(upto(file, readable))
    try:
        _limit("limit.pages", len(pdf.pages), limits.pages)
        fields = form_fields(pdf)
        findings += _structure(raw, revisions)
        findings += _differences(pdf, fields, revisions, limits)
    except ValidationError:
        pdf.close()
        raise
    except Exception as cause:  # qpdf raises several unrelated kinds on broken page trees
        pdf.close()
        raise ValidationError("file.unreadable", zh="文件结构损坏", en=f"broken structure: {cause}") from cause
    return OpenedFile(file, raw, readable, revisions, pdf, fields, tuple(findings))


def hidden_revisions(opened: OpenedFile, after: int) -> list[Finding]:
    """Ends of revisions after offset ``after`` that no chain of cross-references leads to."""
    known = opened.revisions.startxrefs()
    hidden = [
        end
        for end in opened.scan.eof_ends
        if end > after and (start := _startxref_before(opened.file, end)) is not None and start not in known
    ]
    return [finding("structure.hidden_revision", offset=end) for end in hidden]


def _revisions(file: BinaryIO, raw: RawScan, limits: Limits) -> tuple[Revisions, int]:
    """The revisions, read from the end of the file or, failing that, from the last end that makes sense."""
    ends = [raw.size_bytes, *[end for end in reversed(raw.eof_ends) if end < raw.size_bytes]][: _RETRIES + 1]
    first: ValidationError | None = None
    for end in ends:
        try:
            return Revisions(upto(file, end), limits), end
        except ValidationError as error:
            first = first or error
    raise first or ValidationError("file.unreadable", zh="文件结构损坏", en="no end of file")


def _qpdf(view: BinaryIO) -> tuple[pikepdf.Pdf, list[Finding]]:
    try:
        return _open(view, attempt_recovery=False), []
    except pikepdf.PasswordError as cause:
        raise ValidationError("file.encrypted", zh="文件已加密", en="the file is encrypted") from cause
    except Exception:  # noqa: BLE001 - then with repairs, and said so
        view.seek(0)
    try:
        return _open(view, attempt_recovery=True), [finding("structure.damaged")]
    except Exception as cause:  # qpdf raises several unrelated kinds
        raise ValidationError("file.unreadable", zh="文件结构损坏", en=f"broken structure: {cause}") from cause


def _open(view: BinaryIO, *, attempt_recovery: bool) -> pikepdf.Pdf:
    """Never mapped into memory: somebody may cut the file short while it is read, and a mapping would be fatal."""
    mode = pikepdf.AccessMode.stream
    return pikepdf.open(view, attempt_recovery=attempt_recovery, suppress_warnings=True, access_mode=mode)


def _structure(raw: RawScan, revisions: Revisions) -> list[Finding]:
    found: list[Finding] = []
    if revisions.is_hybrid():
        found.append(finding("structure.hybrid_xref"))
    if revisions.out_of_order():
        found.append(finding("structure.xref_anomaly"))
    found += _duplicates(raw)
    return found


def _duplicates(raw: RawScan) -> list[Finding]:
    """Object numbers written twice between two ends of file. Files within files look alike, hence only a note."""
    found: list[Finding] = []
    ends = iter((*raw.eof_ends, raw.size_bytes))
    end, seen = next(ends), set[tuple[int, int]]()
    for offset, number, generation in raw.objects:
        while offset >= end:
            end, seen = next(ends, raw.size_bytes + 1), set()
        if (number, generation) in seen and len(found) < 10:
            found.append(finding("structure.duplicate_object", number=number, offset=offset))
        seen.add((number, generation))
    return found


def _differences(
    pdf: pikepdf.Pdf, fields: tuple[FormField, ...], revisions: Revisions, limits: Limits
) -> list[Finding]:
    """Where the two parsers disagree about what the document is."""
    seen_by_qpdf: dict[str, object] = {
        "root": _id(pdf.Root),
        "pages": [_id(page.obj) for page in pdf.pages],
        "fields": {field.object_id: _value_id(field) for field in fields if field.is_signature},
    }
    seen_by_pyhanko: dict[str, object] = {
        "root": revisions.root,
        "pages": revisions.pages(limits.pages),
        "fields": signature_field_values(revisions),
    }
    return [
        finding("structure.parser_differential", about=about)
        for about, value in seen_by_qpdf.items()
        if value != seen_by_pyhanko[about]
    ]


def _value_id(field: FormField) -> ObjectId | None:
    if field.value is None:
        return None
    target = _id(field.value)
    return None if target == (0, 0) else target


def _id(value: pikepdf.Object) -> ObjectId:
    number, generation = value.objgen
    return int(number), int(generation)


def _limit(code: str, value: int, bound: int) -> None:
    if value > bound:
        raise ValidationError(code, zh="超过上限", en=f"{value} is more than {bound}", value=value, bound=bound)


def _startxref_before(file: BinaryIO, end: int) -> int | None:
    file.seek(max(0, end - 64))
    tail = file.read(min(64, end))
    _, found, number = tail.rpartition(b"startxref")
    digits = number.split(b"%%EOF")[0].strip()
    return int(digits) if found and digits.isdigit() and int(digits) > 0 else None
