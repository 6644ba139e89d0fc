"""Papers that people bring along from outside: a contract filed in another system, photos of documents, a recording,
and what a notary office sends back. Who makes them is told from outside: the sandbox itself typesets and signs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sandbox.people import Person

__all__ = ["BUNDLES", "DECISIONS", "DEVELOPERS", "PURCHASERS", "SIDES", "FiledElsewhere", "PaperError", "PaperMaker"]

SIDES: Final = ("front", "back", "held")
"""Photos of a document: its sides, and held beside the face."""

DEVELOPERS: Final = ("org-cuiheng",)
PURCHASERS: Final = ("huang-jiahao", "wang-lei", "chan-kaming", "leong-meisan")
"""Who can have bought a new house: two of the mainland, one of Hong Kong, one of Macau."""

BUNDLES: Final = {
    "good": "正确 as it should be",
    "digest": "错误：证明的是另一份文件 wrong: it is about another file",
    "parties": "错误：少一名买受人 wrong: a purchaser is missing",
    "key": "错误：用未登记的证书签名 wrong: signed with a certificate nobody registered",
}
"""What a notary office can be told to send back."""

DECISIONS: Final = {"撤销": "撤销 revoked", "更正": "更正 corrected"}


class PaperError(ValueError):
    """What was given is not what such a paper is made of; the words are for whoever looks."""


@dataclass(frozen=True, slots=True)
class FiledElsewhere:
    """A contract another system filed, and what is typed in when it is taken over."""

    pdf: bytes
    """The contract, signed by everybody."""

    filing_number: str
    """备案编号."""

    filed_on: date
    """When."""

    location: str
    """Where the house is."""

    floor_area: str
    """Square metres."""


class PaperMaker(Protocol):
    """Makes them. MUST NOT know the service: what it needs is in its arguments."""

    def filed_contract(self, developer: Person, purchasers: Sequence[Person]) -> FiledElsewhere:
        """A contract of a new house between these."""
        ...

    def document_photo(self, person: Person, side: str) -> bytes:
        """A photo of somebody's document, JPEG; one of :data:`SIDES`."""
        ...

    def film(self) -> bytes | None:
        """A recording, MP4; ``None`` where none can be made."""
        ...

    def certificate_bundle(self, package: bytes, number: str, day: date, kind: str) -> bytes:
        """What an office returns on its package, ZIP; ``kind`` of :data:`BUNDLES`. Raises :class:`PaperError`."""
        ...

    def decision(self, kind: str, number: str, day: date) -> bytes:
        """A decision about the certificate of this number, PDF; ``kind`` of :data:`DECISIONS`."""
        ...
