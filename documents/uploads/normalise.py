"""Uploads made into one clean PDF, before the first signature and never after."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pikepdf

from documents.uploads.errors import refusal
from documents.uploads.facts import MediaType, NormalisedUpload, UploadFacts
from documents.uploads.image_pages import add_image_page
from documents.uploads.images import read_whole
from documents.uploads.inspect import Source, inspect_opened, opened_source
from documents.uploads.limits import DEFAULT_LIMITS, UploadLimits
from documents.uploads.pdf_cleaning import clean_pdf
from documents.uploads.pdfa import declare_pdfa, save_options
from documents.uploads.qpdf import guarded, opened_for_rewriting

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["combine_uploads", "normalise_upload"]


_COMBINED = "combined.pdf"


def normalise_upload(source: Source, target: Source, *, limits: UploadLimits = DEFAULT_LIMITS) -> NormalisedUpload:
    """Inspect one upload and write it to ``target`` as a clean PDF that looks the same; equal input, equal bytes.

    The result has one classic cross-reference section, version 1.7, one box a page and no /Rotate, no actions, form
    fields, annotations (drawn into the page) or metadata. A picture becomes a page, its coded data unchanged. A
    ``target`` path appears whole or not at all; a stream is written from its position.

    Raises :class:`documents.errors.UploadError`: whatever inspection refuses, ``upload.signed_not_rewritten`` for a
    signed file, ``upload.form_without_appearance``.
    """
    return combine_uploads([source], target, limits=limits)


def combine_uploads(
    sources: Sequence[Source], target: Source, *, limits: UploadLimits = DEFAULT_LIMITS
) -> NormalisedUpload:
    """As :func:`normalise_upload`, several uploads one after the other into one PDF.

    Outlines, structure and embedded files belong to a document and are not carried over when there are several.
    """
    with ExitStack() as stack:
        files = [stack.enter_context(opened_source(source)) for source in sources]
        facts = tuple(inspect_opened(file, limits) for file in files)
        _check_may_be_rewritten(facts, limits)
        stack.enter_context(guarded(limits.stream_bytes))
        if len(facts) == 1 and facts[0].media_type is MediaType.PDF:
            pdf = stack.enter_context(opened_for_rewriting(files[0]))
            changes = clean_pdf(pdf)
        else:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            changes = _combine(zip(files, facts, strict=True), folder, limits)
            pdf = stack.enter_context(pikepdf.Pdf.open(folder / _COMBINED, conversion_mode="explicit"))
        is_pdfa = declare_pdfa(pdf)
        result = _write(pdf, target, limits)
    return NormalisedUpload(
        sha256_hex=result.sha256_hex,
        size_bytes=result.size_bytes,
        page_count=result.page_count,
        sources=facts,
        is_pdfa_3b=is_pdfa,
        changes=tuple(sorted(changes)),
    )


def _check_may_be_rewritten(facts: Sequence[UploadFacts], limits: UploadLimits) -> None:
    if not facts:
        raise refusal("upload.no_pages")
    if any(upload.is_signed for upload in facts):
        raise refusal("upload.signed_not_rewritten")
    if sum(upload.page_count for upload in facts) > limits.pages:
        raise refusal("upload.too_many_pages", limit=limits.pages)


def _combine(uploads: Iterable[tuple[BinaryIO, UploadFacts]], folder: Path, limits: UploadLimits) -> set[str]:
    """Write every upload as a PDF of nothing but pages, then all their pages into one.

    On disk and by qpdf's own job, which copies stream by stream: pages taken from one ``Pdf`` into another with
    pikepdf are copied into memory at once.
    """
    changes: set[str] = set()
    parts: list[str] = []
    for file, facts in uploads:
        part = folder / f"{len(parts)}.pdf"
        changes |= _write_part(file, facts.media_type, part, limits)
        parts.append(str(part))
    arguments = ["--empty", "--object-streams=disable", "--static-id", "--no-warn", "--warning-exit-0"]
    pikepdf.Job(["pikepdf", *arguments, "--pages", *parts, "--", str(folder / _COMBINED)]).run()
    return changes


def _write_part(file: BinaryIO, media_type: MediaType, part: Path, limits: UploadLimits) -> set[str]:
    if media_type is MediaType.PDF:
        with opened_for_rewriting(file) as pdf:
            changes = clean_pdf(pdf) | _reduce_to_pages(pdf)
            pdf.save(part, **save_options())
            return changes
    with pikepdf.Pdf.new(conversion_mode="explicit") as pdf:
        add_image_page(pdf, read_whole(file, limits), media_type)
        pdf.save(part, **save_options())
    return {"picture_wrapped"}


def _reduce_to_pages(pdf: pikepdf.Pdf) -> set[str]:
    """Take from the pages what points into the document they leave; its code when the document had more than pages."""
    for page in pdf.pages:
        for key in ("/Annots", "/StructParents", "/Tabs"):
            if key in page.obj:
                del page.obj[key]
    return {"document_structure"} if set(pdf.Root.keys()) - {"/Type", "/Pages"} else set()


def _write(pdf: pikepdf.Pdf, target: Source, limits: UploadLimits) -> UploadFacts:
    """Write beside the target, inspect what was written, then put it in place."""
    with ExitStack() as stack:
        if isinstance(target, Path):
            scratch = stack.enter_context(_replacing(target))
        else:
            scratch = stack.enter_context(tempfile.TemporaryFile())
        pdf.save(scratch, **save_options())
        result = inspect_opened(scratch, limits)
        if not isinstance(target, Path):
            scratch.seek(0)
            shutil.copyfileobj(scratch, target)
    return result


@contextmanager
def _replacing(target: Path) -> Iterator[BinaryIO]:
    """A file that takes the target's name when all went well and vanishes otherwise."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
