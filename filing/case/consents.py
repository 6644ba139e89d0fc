"""Separate consents (单独同意): what somebody allowed to be done with their face, document or voice, in one case.

个人信息保护法 art. 14, 15, 29: each for its own, voluntary, told beforehand, and taken back as easily as it was given.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

__all__ = ["ConsentKind", "SeparateConsent"]


class ConsentKind(StrEnum):
    """What is allowed; none of them allows another."""

    FACE = "face"
    """A face is shown to the face check (人脸核验)."""
    ID_PHOTO = "id_photo"
    """Photos of the identity document, and of its holder with it, are sent in."""
    VIDEO = "video"
    """A film with face and voice is made and sent in."""


@dataclass(frozen=True, slots=True)
class SeparateConsent:
    """Somebody's own word on one of them; kept after it was taken back, as evidence of what was done before."""

    person_key: str
    """``identity.keys.person_key`` of who consented: for themselves, whomever they stand for."""

    account_id: str
    """The account they did it with."""

    kind: ConsentKind
    """To what."""

    sha256: str
    """Digest of the sentence they were shown."""

    given_at: datetime
    """When; aware UTC."""

    withdrawn_at: datetime | None = None
    """When it was taken back (art. 15); aware UTC."""
