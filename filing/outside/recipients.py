"""Bodies to which a filed contract is pushed: registry, tax, housing fund, banks (HS-34, WH-09)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

__all__ = ["ContractRecipients", "FiledContract", "PushReceipt"]


@dataclass(frozen=True, slots=True)
class FiledContract:
    """What is pushed."""

    city: str
    """Name of the city."""

    case_number: str
    """The case."""

    filing_number: str
    """Number of the filing; with case and recipient the key of the push."""

    filed_at: datetime
    """When it was filed; aware."""

    pdf: bytes
    """The contract."""

    pdf_sha256: str
    """Its digest, hex."""

    facts: Mapping[str, object]
    """The same as data, JSON-ready (the contract's record)."""


@dataclass(frozen=True, slots=True)
class PushReceipt:
    """The recipient has it."""

    recipient: str
    """Who, as the city's profile names them."""

    ref: str
    """Their number."""

    received_at: datetime
    """When; aware."""

    pdf_sha256: str
    """Digest of what they have; equal to what was sent."""


class ContractRecipients(Protocol):
    """Bodies that take filed contracts.

    ``push`` MUST be harmless twice (the same receipt), MUST raise unless the recipient confirmed the very digest, and
    MUST NOT send to a recipient that is not configured.
    """

    def push(self, recipient: str, contract: FiledContract) -> PushReceipt: ...
