"""The contract's document: terms, number and time to a PDF/A-3a file with its own data inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents.contract.codec import to_data
from documents.contract.record import CONTRACT_JSON, ContractRecord, write_record
from documents.contract.view import CONTRACT_TITLE, contract_title, contract_view
from documents.fonts import refuse_missing_glyphs
from documents.typesetting import TEMPLATES, Attachment, Manuscript, TypesetPdf, Typesetter, default_typesetter

if TYPE_CHECKING:
    from datetime import datetime

    from documents.contract.terms import ContractTerms

__all__ = ["CONTRACT_TITLE", "render_contract"]


def render_contract(
    terms: ContractTerms, *, case_no: str, made_at: datetime, typesetter: Typesetter | None = None
) -> TypesetPdf:
    """Set the contract. Equal arguments give equal bytes.

    ``made_at`` is aware; its whole second is written into the file. Raises :class:`GlyphError` naming the field of the
    terms (as in ``sellers.0.name``) whose character the fonts lack.
    """
    setter = typesetter or default_typesetter()
    refuse_missing_glyphs(to_data(terms), setter.fonts)
    refuse_missing_glyphs(case_no, setter.fonts, "case_no")
    record = ContractRecord(case_no, made_at, terms)
    attachment = Attachment(CONTRACT_JSON, write_record(record), "application/json", "合同条款数据（机器可读）")
    template = TEMPLATES / "contract" / "contract.typ"
    title = f"{contract_title(terms)}（{case_no}）"
    return setter.typeset(Manuscript(template, title, contract_view(record), record.made_at, attachment))
