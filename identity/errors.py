"""Errors of identity.

IdentityError
├── NumberError             a number of a person or an organisation is not what it says it is
├── CertificateNumberError  a number of a title, a real-estate unit or a case cannot be read
├── CapacityError           civil capacity cannot be told
└── RuleTableError          a table of rules (data of a city) contradicts itself

Refusals of people's acts are not errors but findings (``identity.findings``): a decision names all its reasons.
"""

from __future__ import annotations

from errors import QianshuError

__all__ = ["CapacityError", "CertificateNumberError", "IdentityError", "NumberError", "RuleTableError"]


class IdentityError(QianshuError):
    """Anything that stops somebody from being identified. ``fields`` never hold the number itself."""


class NumberError(IdentityError):
    """The text is not a number of this kind.

    Codes: ``number.format``, ``number.checksum``, ``number.birth_date``, ``number.area``.
    ``fields["id_type"]`` names the kind.
    """


class CertificateNumberError(IdentityError):
    """A number of a thing cannot be read. Codes: ``certificate.format``, ``certificate.year``, ``unit_number.format``,
    ``unit_number.fixture``, ``unit_number.area``, ``business_number.format``, ``business_number.date``,
    ``business_number.serial``.
    """


class CapacityError(IdentityError):
    """Civil capacity cannot be told. Codes: ``capacity.birth_date``, ``capacity.declaration_missing``."""


class RuleTableError(IdentityError):
    """A city's table contradicts itself; this stops the start, not a person. Codes begin with ``rule_table.``."""
