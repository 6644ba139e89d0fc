"""Where the built pages of ``web`` are: beside this module, put there by ``make web`` and shipped with the package."""

from __future__ import annotations

from pathlib import Path
from typing import Final

__all__ = ["PAGES_FOLDER", "built_pages"]

PAGES_FOLDER: Final = Path(__file__).with_name("built_pages")
"""Not in version control."""


def built_pages() -> Path | None:
    """The folder, once they were built; a service without pages is an interface for programs."""
    from api.pages import are_built  # noqa: PLC0415 - a worker never answers

    return PAGES_FOLDER if are_built(PAGES_FOLDER) else None
