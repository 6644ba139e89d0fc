"""Errors of identity.

IdentityError
├── NumberError             a number of a person or an organisation is not what it says it is
├── CertificateNumberError  a number of a title, a real-estate unit or a case cannot be read
├── CapacityError           civil capacity cannot be told
├── RuleTableError          a table of rules (data of a city) contradicts itself
├── CodeError               a one-time code is not sent, or not taken
├── SignLinkError           a sign link does not open
├── FaceCheckError          a face check cannot be used
├── AccountError            a login, an old account or an authority to act for somebody is not taken
└── NotAllowed              an act is refused, with every finding against it

Decisions return findings (``identity.findings``): all reasons at once. What may not go on raises :class:`NotAllowed`
with them; a secret that is not right raises an error of its own that says no more than it must.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from errors import QianshuError

if TYPE_CHECKING:
    from identity.findings import Findings

__all__ = [
    "AccountError",
    "CapacityError",
    "CertificateNumberError",
    "CodeError",
    "FaceCheckError",
    "IdentityError",
    "NotAllowed",
    "NumberError",
    "RuleTableError",
    "SignLinkError",
]


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


class CodeError(IdentityError):
    """A one-time code is not sent or not taken.

    Sending: ``code.too_soon``, ``code.too_many`` (``fields["retry_at"]``). Giving back: ``code.wrong``
    (``fields["tries_left"]``), ``code.none``, ``code.expired``, ``code.locked``, ``code.text_changed``, ``code.used``.
    """


class SignLinkError(IdentityError):
    """A sign link does not open. Codes: ``sign_link.expired``, ``.replaced``, ``.used``,
    ``.another_person``, ``.other_case``, ``.text_changed``, ``.other_purpose``.
    """


class FaceCheckError(IdentityError):
    """A face check cannot be used. Codes: ``face.unknown``, ``.other_act``, ``.pending``, ``.failed``, ``.stale``,
    ``.used``. Whatever the code, another way is open.
    """


class AccountError(IdentityError):
    """A login or an old account is not taken.

    Codes: ``account.unknown``, ``account.person_changed``, ``account.closed``, ``account.no_phone``;
    ``link.refused``, ``link.locked``, ``link.taken``, ``link.other_person``, ``link.old_account``;
    ``authority.unknown``, ``authority.ended``.
    """


class NotAllowed(IdentityError):  # noqa: N818 - the family name says error
    """An act of identity that may not be done; ``fields["findings"]`` are all its reasons, ``code`` the first one's."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        super().__init__(
            findings[0].code,
            zh="；".join(finding.zh for finding in findings),
            en="; ".join(finding.en for finding in findings),
            findings=[{"code": one.code, "zh": one.zh, "en": one.en, "facts": dict(one.facts)} for one in findings],
        )
