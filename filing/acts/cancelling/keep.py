"""Keep a paper that came in: inspected, made a clean PDF unless it is signed, sealed among the case's files."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from documents.uploads import inspect_upload, normalise_upload

if TYPE_CHECKING:
    from filing.acts.spec import Upload
    from filing.acts.world import World

__all__ = ["keep_upload"]

PDF = "application/pdf"


def keep_upload(world: World, case_no: str, upload: Upload) -> str:
    """SHA-256 of what is kept. Raises ``UploadError``. A signed file keeps its every byte."""
    facts = inspect_upload(io.BytesIO(upload.content))
    if facts.is_signed:
        return world.evidence.put(case_no, upload.content, PDF)
    clean = io.BytesIO()
    normalise_upload(io.BytesIO(upload.content), clean)
    return world.evidence.put(case_no, clean.getvalue(), PDF)
