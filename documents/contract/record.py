"""``contract.json``: the terms as the contract's PDF carries them, written and read back.

The PDF is the contract and carries its own data; whoever has the file can rebuild the terms without the service.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pikepdf

from documents.contract.codec import canonical_json, to_data
from documents.contract.parse import parse_terms
from documents.contract.schema import SCHEMA_ID
from documents.errors import TermsError

if TYPE_CHECKING:
    from documents.contract.terms import ContractTerms

__all__ = ["CONTRACT_JSON", "ContractRecord", "read_embedded_record", "read_record", "write_record"]

CONTRACT_JSON = "contract.json"
"""Name of the associated file."""


@dataclass(frozen=True, slots=True)
class ContractRecord:
    """What the contract says of itself."""

    case_no: str
    """Contract number as printed."""

    made_at: datetime
    """When the text was set, aware, to the second."""

    terms: ContractTerms
    """What was agreed."""


def write_record(record: ContractRecord) -> bytes:
    """Canonical JSON of a record."""
    return canonical_json(
        {
            "schema": SCHEMA_ID,
            "case_no": record.case_no,
            "made_at": record.made_at.isoformat(timespec="seconds"),
            "terms": to_data(record.terms),
        }
    )


def read_record(text: bytes) -> ContractRecord:
    """Read ``contract.json``. Raises :class:`TermsError`."""
    try:
        data = json.loads(text)
        schema, case_no, made_at = data["schema"], str(data["case_no"]), datetime.fromisoformat(data["made_at"])
        terms = data["terms"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _unreadable() from error
    if schema != SCHEMA_ID:
        raise _unreadable()
    return ContractRecord(case_no, made_at, parse_terms(terms))


def read_embedded_record(pdf: bytes) -> ContractRecord:
    """Read ``contract.json`` out of a contract's PDF. Raises :class:`TermsError`.

    Says nothing of whether the file is intact: that is validation's work.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf)) as document:
            return read_record(document.attachments[CONTRACT_JSON].get_file().read_bytes())
    except (pikepdf.PdfError, KeyError) as error:
        raise _unreadable() from error


def _unreadable() -> TermsError:
    return TermsError(
        "terms.unreadable_record",
        zh="文件中没有可读取的合同数据 contract.json",
        en="there is no contract.json that this version can read",
    )
