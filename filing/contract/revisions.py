"""What is the same for every act that makes a new revision of the contract PDF."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from filing.errors import ActRefused
from signing.pades import PdfBase

if TYPE_CHECKING:
    from filing.contract.acts import Act, Acts
    from signing.pades import SignedRevision

__all__ = ["PDF", "field_size", "require_done", "revision_facts"]

PDF = "application/pdf"


def revision_facts(made: SignedRevision) -> dict[str, object]:
    """What is journalled of a signed revision; the level recorded is the level reached."""
    return {
        "revision": True,
        "field": made.field_name,
        "level": made.level.value,
        "time_stamped_at": made.timestamp.gen_time.isoformat(),
        "time_stamp_source": made.timestamp.source_name,
    }


def require_done(acts: Acts, name: str) -> Act:
    """The act ``name``, which must be done before this one."""
    act = acts.done(name)
    if act is None:
        raise ActRefused("act.too_early", zh="前一步尚未完成", en="an earlier step is not done", missing=name)
    return act


def field_size(pdf: bytes, field_name: str) -> tuple[float, float]:
    """Width and height of a signature field in points."""
    with PdfBase(io.BytesIO(pdf)) as base:
        field = base.signature_fields().get(field_name)
    if field is None:
        raise ActRefused("field.missing", zh="没有这个签名域", en="no such signature field", field=field_name)
    x0, y0, x1, y1 = field.rect
    return x1 - x0, y1 - y0
