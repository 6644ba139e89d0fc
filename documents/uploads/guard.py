"""Take an upload in: inspected and made clean by a child process, or kept as it is where it is signed."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from documents.errors import UploadError
from documents.uploads.child import DEFAULT_BOUNDS, run_in_child, serve_parent
from documents.uploads.facts import MediaType
from documents.uploads.inspect import inspect_upload
from documents.uploads.limits import DEFAULT_LIMITS, UploadLimits
from documents.uploads.normalise import combine_uploads

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from documents.uploads.child import ChildBounds

__all__ = ["TakenIn", "main", "take_in"]

_MADE = "made.pdf"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A file that may be stored."""

    content: bytes
    """A clean PDF; the upload's own bytes where they are signed."""

    page_count: int
    """Pages."""

    came_as: tuple[MediaType, ...]
    """What the uploads were, by content."""

    is_signed: bool
    """The bytes were kept because a signature covers them."""

    @property
    def media_type(self) -> str:
        """Of ``content``: always a PDF, pictures became pages."""
        return MediaType.PDF.value


def take_in(
    contents: Sequence[bytes], *, limits: UploadLimits = DEFAULT_LIMITS, bounds: ChildBounds = DEFAULT_BOUNDS
) -> TakenIn:
    """One or several uploads as one clean PDF, in their order. Raises :class:`documents.errors.UploadError`.

    A single signed PDF, say an e-licence, is inspected and kept byte for byte: rewriting would break what it proves.
    """
    with tempfile.TemporaryDirectory(prefix="upload-") as name:
        folder = Path(name)
        sources = [_written(folder / f"source-{number}", content) for number, content in enumerate(contents)]
        request = {"sources": sources, "limits": {field: getattr(limits, field) for field in UploadLimits.__slots__}}
        answer = run_in_child(__name__, request, folder, bounds)
        signed = bool(answer["signed"])
        content = contents[0] if signed else (folder / _MADE).read_bytes()
        return TakenIn(content, int(answer["pages"]), tuple(MediaType(each) for each in answer["came_as"]), signed)


def main() -> None:
    """The child."""
    serve_parent(_work, UploadError)


def _work(request: Mapping[str, Any]) -> dict[str, Any]:
    limits = UploadLimits(**request["limits"])
    sources = [Path(each) for each in request["sources"]]
    if len(sources) == 1:
        facts = inspect_upload(sources[0], limits=limits)
        if facts.is_signed:
            return {"signed": True, "pages": facts.page_count, "came_as": [facts.media_type.value]}
    made = combine_uploads(sources, Path(_MADE).absolute(), limits=limits)
    return {
        "signed": False,
        "pages": made.page_count,
        "came_as": [each.media_type.value for each in made.sources],
    }


def _written(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return str(path)
