"""Who plays in the cancellation, by their names in the sandbox."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["MAINLANDERS", "WITH_OVERSEAS", "Cast"]


@dataclass(frozen=True, slots=True)
class Cast:
    """The people of one cancellation."""

    developer: str
    """The organisation that sold."""

    operator: str
    """Who acts for it."""

    purchasers: tuple[str, ...]
    """Who bought, in the order of the contract."""

    reviewer: str = "staff-reviewer"
    """Who confirms at the bureau."""


WITH_OVERSEAS = Cast("org-cuiheng", "developer-operator", ("huang-jiahao", "chan-kaming"))
"""One purchaser of the mainland, one of Hong Kong: the second shows their document and a video in place of a face."""

MAINLANDERS = Cast("org-cuiheng", "developer-operator", ("huang-jiahao", "wang-lei"))
"""Where no video can be made."""
