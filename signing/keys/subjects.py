"""Who stands in a certificate: the names of the authority's own certificates, and the person signing.

Subjects follow ETSI EN 319 412-2 (natural persons) and -3 (legal persons), v2.2.1/v1.3.1, text in UTF8String as RFC
5280 § 4.1.2.4 asks. One departure: a person's ``givenName`` and ``surname`` are left out, because a Chinese name cannot
be split safely (复姓); ``commonName`` carries it whole.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.x509.oid import NameOID

from signing.keys import refusals

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, Name

__all__ = ["AuthorityNames", "PartySubject", "Role", "masked_reference_of", "party_name", "role_name"]

# RFC 5280 appendix A: ub-common-name, ub-organization-name, ub-organizational-unit-name, ub-serial-number.
MAX_ATTRIBUTE_CHARACTERS: Final = 64

# Room for the suffix a role adds to an organisation's name in commonName.
MAX_ORGANIZATION_CHARACTERS: Final = 50

# ETSI EN 319 412-1 v1.5.1 § 5.1.4: type of number, country, hyphen, number. NTRCN- and a USCC in mainland China.
_ORGANIZATION_IDENTIFIER: Final = re.compile(r"(VAT|NTR|PSD|LEI)[A-Z]{2}-[0-9A-Za-z]{1,58}")

# X.520: serialNumber is a PrintableString, which has no asterisk. A full stop stands for it: no ID number has one.
_REFERENCE: Final = re.compile(r"[0-9A-Za-z*() -]{1,64}")

# A UUID below 2.25 (ITU-T X.667) needs no registration; it names this project's default certificate policy.
DEFAULT_POLICY: Final = "2.25.183164013115775903716615750672045416708"


class Role(Enum):
    """What a key of the authority is for; the value begins its file names."""

    ROOT = "root"
    ISSUING = "issuing"
    TIMESTAMP_UNIT = "tsu"
    SERVICE_SEAL = "service"
    FILING_SEAL = "filing"
    OCSP = "ocsp"


@dataclass(frozen=True, slots=True)
class AuthorityNames:
    """What the authority's certificates say, stored beside the keys because renewals need it again."""

    organization: str
    """Who runs the service: root, issuing CA, time-stamp unit, service seal, OCSP responder."""

    filing_organization: str
    """The housing authority whose seal the filing stamp is."""

    organization_identifier: str | None = None
    """Of the operator, as EN 319 412-1 § 5.1.4 writes it, e.g. ``NTRCN-`` and the USCC."""

    filing_organization_identifier: str | None = None
    """Of the housing authority."""

    base_url: str | None = None
    """Where CRLs, CA certificates and OCSP are served; without it certificates carry no addresses."""

    policy_oid: str = DEFAULT_POLICY
    """The certificate policy named in end-entity certificates."""

    def __post_init__(self) -> None:
        for field in ("organization", "filing_organization"):
            _check_text(field, getattr(self, field), MAX_ORGANIZATION_CHARACTERS)
        for field in ("organization_identifier", "filing_organization_identifier"):
            identifier = getattr(self, field)
            if identifier is not None and not _ORGANIZATION_IDENTIFIER.fullmatch(identifier):
                raise refusals.subject_refused(field, "格式应为 NTRCN-统一社会信用代码", "expected e.g. NTRCN-<USCC>")
        if self.base_url is not None and not re.fullmatch(r"https?://[!-~]*[!-.0-~]", self.base_url):
            raise refusals.subject_refused(
                "base_url", "须为 http(s) 地址且不以 / 结尾", "must be an http(s) URL without a slash at its end"
            )

        if not re.fullmatch(r"[0-2](\.(0|[1-9]\d*))+", self.policy_oid):
            raise refusals.subject_refused("policy_oid", "不是对象标识符", "not an object identifier")

    def to_dict(self) -> dict[str, object]:
        """JSON-ready."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class PartySubject:
    """The person a one-time certificate speaks for."""

    name: str
    """As on the identity paper."""

    reference: str
    """The masked number of that paper, e.g. ``4202**********0034``; never the number itself."""

    case_no: str
    """The case this certificate signs in."""

    def __post_init__(self) -> None:
        _check_text("name", self.name, MAX_ATTRIBUTE_CHARACTERS)
        _check_text("case_no", self.case_no, MAX_ATTRIBUTE_CHARACTERS)
        if not _REFERENCE.fullmatch(self.reference):
            raise refusals.subject_refused("reference", "只允许数字、字母和 *", "digits, letters and * only")
        if "*" not in self.reference:
            # A certificate is public for ever; a whole ID number in it could never be taken back.
            raise refusals.subject_refused("reference", "证件号码必须掩码", "an ID number must be masked")


def _check_text(field: str, text: str, max_characters: int) -> None:
    if not text.strip() or text != text.strip():
        raise refusals.subject_refused(field, "为空或首尾有空格", "empty, or with spaces around it")
    if len(text) > max_characters:
        raise refusals.subject_refused(
            field, f"超过 {max_characters} 个字符", f"longer than {max_characters} characters"
        )
    if any(ord(character) < 0x20 or ord(character) == 0x7F for character in text):
        raise refusals.subject_refused(field, "含有控制字符", "it has a control character")


def party_name(subject: PartySubject) -> Name:
    """The subject of a party's certificate; the case number is its organisational unit."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, subject.case_no),
            x509.NameAttribute(NameOID.COMMON_NAME, subject.name),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, subject.reference.replace("*", ".")),
        ]
    )


def masked_reference_of(certificate: Certificate) -> str | None:
    """The masked ID reference of a party's certificate with its asterisks again; nothing in other certificates."""
    found = certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    return str(found[0].value).replace(".", "*") if found else None


def role_name(names: AuthorityNames, role: Role, generation: int) -> Name:
    """The subject of one of the authority's own certificates.

    The generation is part of it, so that two certificates of one role never share a name (RFC 5280 § 4.1.2.6: a
    subject names one entity; path building by name stays unambiguous).
    """
    filing = role is Role.FILING_SEAL
    organization = names.filing_organization if filing else names.organization
    identifier = names.filing_organization_identifier if filing else names.organization_identifier
    attributes = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization),
        x509.NameAttribute(NameOID.COMMON_NAME, f"{organization} {_SUFFIX[role]} G{generation}"),
    ]
    if identifier is not None:
        attributes.append(x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, identifier))
    return x509.Name(attributes)


_SUFFIX: Final = {
    Role.ROOT: "根证书",
    Role.ISSUING: "签发证书",
    Role.TIMESTAMP_UNIT: "时间戳单元",
    Role.SERVICE_SEAL: "电子印章",
    Role.FILING_SEAL: "备案专用章",
    Role.OCSP: "状态查询",
}
