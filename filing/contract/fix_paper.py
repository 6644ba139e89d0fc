"""Fix a text: typeset it once, remember what it was made of and where its signature fields go.

A contract's terms and a paper with fields of its own (the agreement that ends a contract, ZN-05) are fixed alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from filing.contract.perform import Produced, perform_once
from filing.contract.revisions import PDF, require_same

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from documents.boxes import FieldBox
    from documents.typesetting import TypesetPdf
    from filing.contract.acts import Act
    from filing.contract.perform import ContractCase

__all__ = ["TEXT", "box_facts", "fix_typeset"]

TEXT: Final = "text"


def fix_typeset(case: ContractCase, terms_sha256: str, typeset: Callable[[datetime], TypesetPdf]) -> Act:
    """Typeset what ``terms_sha256`` is the digest of; from here on the text cannot change.

    ``typeset`` gets the time written into the file. Raises what it raises, and ``ActRefused``
    (``act.done_otherwise``) when the text is fixed with other terms.
    """

    def make() -> Produced:
        made_at = case.clock()
        made = typeset(made_at)
        facts = {
            "revision": True,
            "terms_sha256": terms_sha256,
            "pages": made.page_count,
            "made_at": made_at.isoformat(),
            "boxes": [box_facts(box) for box in made.boxes],
        }
        return Produced(made.pdf, PDF, facts)

    return require_same(perform_once(case, TEXT, lambda _: make), "terms_sha256", terms_sha256)


def box_facts(box: FieldBox) -> dict[str, object]:
    """A box as the journal keeps it."""
    millipoints = [round(value * 1000) for value in box.rect]  # a journal holds no floats: they have no canonical form
    return {"name": box.name, "page_index": box.page_index, "rect_millipoints": millipoints, "label": box.label}
