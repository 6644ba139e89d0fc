"""The contract itself: its terms, their JSON, and the document made of them."""

from __future__ import annotations

from documents.contract.parse import parse_terms, parse_terms_json
from documents.contract.record import ContractRecord, read_embedded_record, read_record, write_record
from documents.contract.render import render_contract
from documents.contract.schema import SCHEMA_ID, contract_schema
from documents.contract.terms import ContractTerms

__all__ = [
    "SCHEMA_ID",
    "ContractRecord",
    "ContractTerms",
    "contract_schema",
    "parse_terms",
    "parse_terms_json",
    "read_embedded_record",
    "read_record",
    "render_contract",
    "write_record",
]
