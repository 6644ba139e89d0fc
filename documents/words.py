"""Strangers' files looked into in one child process: what each is, the words of a PDF, and what is attached to it.

A look changes nothing: the bytes are kept as they came. It says nothing of who made a file, nor whether its signatures
hold.
"""

from __future__ import annotations

import base64
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pikepdf
import pypdfium2

from documents.errors import UploadError
from documents.pages import PDFIUM_LOCK
from documents.uploads.child import DEFAULT_BOUNDS, run_in_child, serve_parent
from documents.uploads.errors import refusal
from documents.uploads.facts import MediaType
from documents.uploads.inspect import inspect_upload
from documents.uploads.limits import DEFAULT_LIMITS, UploadLimits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Attached", "Look", "look_into"]

MOST_LETTERS: Final = 2_000_000
"""Characters read of one file: a contract with every annex has some 200 000."""

MOST_ATTACHED_BYTES: Final = 64 * 1024
"""Of one attachment; what a machine reads of a certificate has some 500 bytes. Larger ones are named, not given."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file attached to a PDF (ISO 32000-2 § 7.11.4)."""

    name: str
    """As the PDF names it."""

    content: bytes | None
    """Its bytes; ``None`` where there are too many."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one file is."""

    media_type: MediaType
    """By content."""

    page_count: int
    """Pages; 1 for a picture."""

    is_signed: bool
    """Whether it carries a signature, of whatever worth."""

    words: tuple[str, ...] = ()
    """The text of each page, lines as they are set; nothing for a picture."""

    attached: tuple[Attached, ...] = ()
    """Attachments by name."""


def look_into(contents: Sequence[bytes], *, limits: UploadLimits = DEFAULT_LIMITS) -> tuple[Look | UploadError, ...]:
    """A look into each file, or why it is refused (``documents.uploads.REFUSALS``), in their order.

    Raises :class:`UploadError` where the child itself came to no answer.
    """
    with tempfile.TemporaryDirectory(prefix="look-") as name:
        folder = Path(name)
        sources = [folder / f"source-{number}" for number in range(len(contents))]
        for path, content in zip(sources, contents, strict=True):
            path.write_bytes(content)
        request = {
            "sources": [str(path) for path in sources],
            "limits": {field: getattr(limits, field) for field in UploadLimits.__slots__},
        }
        answer = run_in_child(__name__, request, folder, DEFAULT_BOUNDS)
        return tuple(_read(said) for said in answer["looks"])


def main() -> None:
    """The child."""
    serve_parent(_work, UploadError)


def _work(request: Mapping[str, Any]) -> dict[str, Any]:
    limits = UploadLimits(**request["limits"])
    return {"looks": [_look(Path(source), limits) for source in request["sources"]]}


def _look(path: Path, limits: UploadLimits) -> dict[str, Any]:
    try:
        facts = inspect_upload(path, limits=limits)
        is_pdf = facts.media_type is MediaType.PDF
        return {
            "media_type": facts.media_type.value,
            "pages": facts.page_count,
            "signed": facts.is_signed,
            "words": _words(path) if is_pdf else [],
            "attached": _attached(path) if is_pdf else [],
        }
    except UploadError as error:
        return {"refused": error.code, "fields": {key: str(value) for key, value in error.fields.items()}}


def _words(path: Path) -> list[str]:
    """Line by line: a number or date alone on its line is one that was set so."""
    with PDFIUM_LOCK:
        try:
            document = pypdfium2.PdfDocument(path)
            pages = [page.get_textpage().get_text_bounded() for page in document]
        except pypdfium2.PdfiumError:
            raise refusal("upload.malformed", reason="text") from None
    if sum(map(len, pages)) > MOST_LETTERS:
        raise refusal("upload.too_large", limit=MOST_LETTERS)
    return pages


def _attached(path: Path) -> list[dict[str, str | None]]:
    found: list[dict[str, str | None]] = []
    with pikepdf.open(path) as pdf:
        for name, specification in pdf.attachments.items():
            data = specification.get_file().read_bytes()
            small = base64.b64encode(data).decode() if len(data) <= MOST_ATTACHED_BYTES else None
            found.append({"name": name, "content": small})
    return found


def _read(said: Mapping[str, Any]) -> Look | UploadError:
    if "refused" in said:
        return refusal(said["refused"], **said["fields"])
    return Look(
        MediaType(said["media_type"]),
        said["pages"],
        said["signed"],
        tuple(said["words"]),
        tuple(
            Attached(each["name"], None if each["content"] is None else base64.b64decode(each["content"]))
            for each in said["attached"]
        ),
    )
