"""What is said with the acts on papers."""

from dataclasses import dataclass

from filing.acts.spec import Upload

__all__ = ["LicencesAuthorised", "MaterialNamed", "MaterialUpload", "OfOffice", "UndertakingNamed", "UndertakingUpload"]


@dataclass(frozen=True, slots=True)
class UndertakingNamed:
    """One of the city's undertakings."""

    template: str = "undertaking"
    """Which, as the city calls it."""


@dataclass(frozen=True, slots=True)
class UndertakingUpload:
    """A signed undertaking."""

    text_sha256: str
    """SHA-256, hex, of the contract text it was signed for."""

    upload: Upload
    """The signed paper as PDF (SZ-65)."""

    template: str = "undertaking"
    """Which, as the city calls it."""


@dataclass(frozen=True, slots=True)
class MaterialUpload:
    """A paper for one slot of one party."""

    slot: str
    """Which slot, as the city calls it."""

    party: str
    """Key of the party whose paper it is."""

    upload: Upload
    """PDF, JPEG or PNG."""


@dataclass(frozen=True, slots=True)
class MaterialNamed:
    """One paper handed in before."""

    slot: str
    """Which slot."""

    party: str
    """Key of the party."""

    number: int
    """Running number in the slot."""


@dataclass(frozen=True, slots=True)
class LicencesAuthorised:
    """A party's signed authorisation to fetch its e-licences (SZ-98)."""

    party: str
    """Key of the party."""

    upload: Upload
    """The authorisation it signed."""


@dataclass(frozen=True, slots=True)
class OfOffice:
    """What the qualification office is to be told."""

    action: str
    """``use`` at filing, ``release`` when the filing is revoked."""
