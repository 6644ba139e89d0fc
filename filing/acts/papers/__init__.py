"""Acts: qualification, undertakings, materials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from filing.acts.papers.materials import AUTHORISE_LICENCES, FETCH_LICENCES, REMOVE_MATERIAL, UPLOAD_MATERIAL
from filing.acts.papers.qualification import (
    APPLY_QUALIFICATION,
    REPORT,
    SETTLE_QUALIFICATION,
    VOID_QUALIFICATION_CODE,
)
from filing.acts.papers.undertakings import DOWNLOAD_UNDERTAKING, UPLOAD_UNDERTAKING

if TYPE_CHECKING:
    from filing.acts.spec import ActSpec

__all__ = ["ACTS"]

ACTS: Final[tuple[ActSpec[Any, Any], ...]] = (
    UPLOAD_MATERIAL,
    REMOVE_MATERIAL,
    AUTHORISE_LICENCES,
    FETCH_LICENCES,
    APPLY_QUALIFICATION,
    SETTLE_QUALIFICATION,
    VOID_QUALIFICATION_CODE,
    REPORT,
    DOWNLOAD_UNDERTAKING,
    UPLOAD_UNDERTAKING,
)
"""In the order in which a case meets them."""
