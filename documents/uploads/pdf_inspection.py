"""A PDF inspected: raw bytes first, then structure, then every object, then every stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikepdf import Stream

from documents.uploads.active_content import Suspects
from documents.uploads.drawing_cost import DrawingCost
from documents.uploads.errors import refusal
from documents.uploads.facts import EmbeddedFile, MediaType, UploadFacts
from documents.uploads.filters import Allowance
from documents.uploads.media_types import check_pdf_ends, refuse_hidden_archive
from documents.uploads.page_tree import pages_of
from documents.uploads.pdf_streams import StreamMeter, check_object_streams, embedded_file
from documents.uploads.qpdf import OpenedPdf, opened
from documents.uploads.raw_scan import RawPdf, scan_pdf

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

    from documents.uploads.limits import UploadLimits

__all__ = ["inspect_pdf"]

# Distinct image sizes reported; a scan has one or two.
MAX_SIZES_REPORTED = 100


def inspect_pdf(file: BinaryIO, limits: UploadLimits) -> UploadFacts:
    """The facts of a PDF, or the refusal.

    1. Raw bytes: size, digest, forbidden filters, structure, both ends, hidden archives.
    2. qpdf opens it under limits: encryption, object count, object streams measured before any is opened.
    3. The page tree: depth, number, cycles, sizes, nothing lost.
    4. Every object: actions, scripts, forms, media, signatures.
    5. Every stream: decoded size, pixels, damage; what each page draws; embedded files.
    """
    raw = scan_pdf(file, limits)
    overlooked = check_pdf_ends(file, raw.size_bytes)
    refuse_hidden_archive(file, raw.size_bytes)
    with opened(file, limits) as reading:
        return _inspect_opened(reading, raw, overlooked, limits)


def _inspect_opened(reading: OpenedPdf, raw: RawPdf, overlooked: Sequence[str], limits: UploadLimits) -> UploadFacts:
    pdf = reading.pdf
    used = sum(entry.type != 0 for entry in pdf.get_xref_table().values())
    if used > limits.objects:
        raise refusal("upload.too_many_objects", limit=limits.objects)
    check_object_streams(pdf, raw.structure_bytes, limits)
    pages = pages_of(pdf, limits)
    reading.collect_warnings()
    suspects, meter = Suspects(), StreamMeter(limits)
    for obj in pdf.objects:
        suspects.take(obj)
    suspects.take(pdf.trailer)
    reading.collect_warnings()
    for obj in pdf.objects:
        if isinstance(obj, Stream):
            meter.take(obj)
    cost = DrawingCost(limits)
    for page in pages:
        cost.check(page)
    embedded = _embedded_files(suspects, limits)
    reading.collect_warnings()
    repairs = {*overlooked, *reading.repairs}
    _judge_losses(repairs, suspects, meter)
    return UploadFacts(
        media_type=MediaType.PDF,
        size_bytes=raw.size_bytes,
        sha256_hex=raw.sha256_hex,
        page_count=len(pages),
        pixel_sizes=tuple(sorted(meter.sizes, key=lambda size: -size.pixels)[:MAX_SIZES_REPORTED]),
        signature_count=suspects.signature_count or min(raw.byte_ranges, 1),
        repairs=tuple(sorted(repairs)),
        embedded_files=embedded,
        pdf_version=pdf.pdf_version,
        decompressed_bytes=meter.total.spent,
    )


def _embedded_files(suspects: Suspects, limits: UploadLimits) -> tuple[EmbeddedFile, ...]:
    allowance = Allowance(limits.embedded_bytes)
    return tuple(
        dict.fromkeys(
            found
            for specification in suspects.file_specifications
            for found in embedded_file(specification, allowance, limits)
        )
    )


def _judge_losses(repairs: set[str], suspects: Suspects, meter: StreamMeter) -> None:
    """A null object or a stream without its end is common and harmless; in a file cut short it is what was lost."""
    is_cut_short = bool(repairs & {"xref_rebuilt", "end_of_file_missing"})
    if is_cut_short and (meter.has_broken_tail or suspects.unreadable):
        raise refusal("upload.truncated")
    if meter.has_broken_tail:
        repairs.add("stream_end_missing")
