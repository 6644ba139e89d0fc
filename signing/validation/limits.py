"""How much work one file may cost. Every bound is here, with its reason."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEFAULT_LIMITS", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one verification. Over a bound, the file is unreadable (``limit.…``), never half-examined."""

    file_bytes: int = 512 * 1024 * 1024
    """A 200-page colour scan is about 100 MB; five times that is generous."""

    pages: int = 2_000
    """The longest contract with annexes is some 200 pages."""

    objects: int = 200_000
    """A tagged 20-page contract has about 10 000 objects; each costs some microseconds."""

    revisions: int = 100
    """A contract has about ten; twenty years of renewals add some ten more."""

    signatures: int = 50
    """Many co-owners and agents still sign fewer."""

    certificates: int = 500
    """Path building grows with these, and a file can carry any number."""

    expanded_bytes: int = 64 * 1024 * 1024
    """What one stream may inflate to; validation data and object streams are far smaller."""

    cpu_seconds: int = 60
    """Guarded runs only: processor time of the child."""

    wall_seconds: float = 90.0
    """Guarded runs only: patience of the parent; more than ``cpu_seconds`` so that a slow disk is not a verdict."""

    memory_bytes: int = 1024 * 1024 * 1024
    """Guarded runs only: address space of the child, of which libraries map about a third without touching it."""


DEFAULT_LIMITS = Limits()
