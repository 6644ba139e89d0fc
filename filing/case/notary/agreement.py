"""Papers of a matter and the agreement that ends the contract, with what the parties settle in it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

__all__ = [
    "Agreement",
    "AgreementSigned",
    "MatterPaper",
    "Settlement",
]


@dataclass(frozen=True, slots=True)
class MatterPaper:
    """A paper generated for the matter (ZN-05, ZN-10)."""

    paper: str
    """Template."""

    sha256: str
    """The PDF, sealed in the archive."""

    page_count: int
    """Pages: each is read by itself."""


@dataclass(frozen=True, slots=True)
class AgreementSigned:
    """A party's own signature in the agreement."""

    party: str
    """Key of the party, also the name of the field."""

    signed_at: datetime
    """Time of its time-stamp."""

    sha256: str
    """The revision with this signature in it."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the parties agreed about the money, where the developer says it with the push; yuan, two places."""

    price: Decimal | None = None
    """合同总价款."""

    paid: Decimal | None = None
    """What the purchasers have paid, loans included."""

    refund: Decimal | None = None
    """What goes back."""

    within_days: int | None = None
    """Days from the cancellation within which it goes back."""

    loan: str | None = None
    """How a loan is settled, in words; ``None``: the general clause."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """The termination agreement: a contract PDF of its own."""

    version: int
    """Version of its text among the contract files of the case; a re-push has a new one."""

    text_sha256: str
    """The text with its fields, certified, nobody's signature in it yet: what is read."""

    head_sha256: str
    """The newest revision."""

    signed: tuple[AgreementSigned, ...] = ()
    """Who has signed, in order."""

    page_count: int = 0
    """Pages: each is read by itself (ZN-10)."""

    settlement: Settlement | None = None
    """The money, as the text says it."""
