"""Proofs of existence: the earliest time each thing is known to have been there (ETSI EN 319 102-1 § 5.6.2.3)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from signing.validation.report import TimeProof

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Proofs"]


@dataclass(slots=True)
class Proofs:
    """Earliest time each thing is proven to have existed."""

    now: datetime
    """Everything exists now."""

    known: dict[bytes, tuple[datetime, TimeProof, str | None]] = field(default_factory=dict)
    """By SHA-256."""

    def register(self, data: bytes, at: datetime, proof: TimeProof, source: str | None) -> None:
        self.register_digest(hashlib.sha256(data).digest(), at, proof, source)

    def register_digest(self, digest: bytes, at: datetime, proof: TimeProof, source: str | None) -> None:
        present = self.known.get(digest)
        # At the same second the signature's own time-stamp is the plainer proof.
        if present is None or at < present[0] or (at == present[0] and proof is TimeProof.TIME_STAMP):
            self.known[digest] = (at, proof, source)

    def entry(self, data: bytes) -> tuple[datetime, TimeProof, str | None] | None:
        return self.known.get(hashlib.sha256(data).digest())

    def at(self, data: bytes) -> datetime:
        found = self.entry(data)
        return self.now if found is None else found[0]

    def at_digest(self, digest: bytes) -> datetime:
        found = self.known.get(digest)
        return self.now if found is None else found[0]
