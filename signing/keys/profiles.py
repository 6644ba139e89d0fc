"""What each certificate may do and how long: the profiles, as data.

RFC 5280 § 4.2, ETSI EN 319 412-2/-3, EN 319 422 § 6 (time-stamp unit: ``timeStamping`` alone, critical), RFC 6960
§ 4.2.2.2 (OCSP responder), RFC 9336 (document signing). A certificate never outlives its issuer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID as AccessOID
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from signing.keys import refusals
from signing.keys.moments import utc_seconds
from signing.keys.subjects import Role

if TYPE_CHECKING:
    from cryptography.x509 import Certificate, ExtensionType

    from signing.keys.subjects import AuthorityNames

__all__ = [
    "CLOCK_SKEW",
    "PARTY_LIFETIME",
    "PARTY_PROFILE",
    "PROFILES",
    "Profile",
    "extensions_of",
    "require_in_force",
    "validity_of",
]

# How far the clocks of two hosts of one service may differ; certificates begin that much earlier.
CLOCK_SKEW: Final = timedelta(minutes=1)

# An event-type certificate: long enough for one ceremony, too short to be worth stealing.
PARTY_LIFETIME: Final = timedelta(days=1)

_YEAR: Final = timedelta(days=365)
_DOCUMENT_SIGNING: Final = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
# documentSigning is the purpose (RFC 9336); emailProtection is what NSS asks of a signer, and so poppler and others.
_SIGNING_PURPOSES: Final = (_DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION)
_ANY_POLICY: Final = ObjectIdentifier("2.5.29.32.0")


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of certificate."""

    lifetime: timedelta
    """From now to ``notAfter``, unless the issuer ends sooner."""

    least_lifetime: timedelta
    """Refused when the issuer's own end would leave less."""

    key_usage: x509.KeyUsage
    """Always critical."""

    extended_key_usage: tuple[ObjectIdentifier, ...] = ()
    """Empty: the extension is absent."""

    sole_purpose: bool = False
    """Whether the extended key usage is critical, i.e. everybody must refuse any other use."""

    path_length: int | None = None
    """Of a CA: how many CAs may follow; nothing for the root."""

    is_authority: bool = False
    """basicConstraints cA."""

    key_use: timedelta | None = None
    """How long the private key itself may sign (privateKeyUsagePeriod), when shorter than the certificate."""


def _usage(*names: str) -> x509.KeyUsage:
    every = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: name in names for name in every})


_CA: Final = _usage("key_cert_sign", "crl_sign")
_COMMITMENT: Final = _usage("content_commitment")
_SEAL: Final = Profile(
    lifetime=5 * _YEAR,
    least_lifetime=4 * _YEAR,
    key_usage=_COMMITMENT,
    extended_key_usage=_SIGNING_PURPOSES,
    key_use=4 * _YEAR,
)

PARTY_PROFILE: Final = Profile(
    lifetime=PARTY_LIFETIME,
    least_lifetime=PARTY_LIFETIME,
    key_usage=_COMMITMENT,
    extended_key_usage=_SIGNING_PURPOSES,
)

PROFILES: Final = {
    Role.ROOT: Profile(lifetime=30 * _YEAR, least_lifetime=30 * _YEAR, key_usage=_CA, is_authority=True),
    Role.ISSUING: Profile(
        lifetime=15 * _YEAR, least_lifetime=7 * _YEAR, key_usage=_CA, is_authority=True, path_length=0
    ),
    # The key signs for a year, the certificate lives for six, never below five: every token can be checked for four
    # years at least before a renewal has to cover it (EN 319 421 § 7.7.1: a limited key usage period).
    Role.TIMESTAMP_UNIT: Profile(
        lifetime=6 * _YEAR,
        least_lifetime=5 * _YEAR,
        key_usage=_usage("digital_signature", "content_commitment"),
        extended_key_usage=(ExtendedKeyUsageOID.TIME_STAMPING,),
        sole_purpose=True,
        key_use=_YEAR,
    ),
    Role.SERVICE_SEAL: _SEAL,
    Role.FILING_SEAL: _SEAL,
    Role.OCSP: Profile(
        lifetime=3 * _YEAR,
        least_lifetime=timedelta(days=1),  # an old CA is answered for until its last day
        key_usage=_usage("digital_signature"),
        extended_key_usage=(ExtendedKeyUsageOID.OCSP_SIGNING,),
    ),
}


def validity_of(profile: Profile, now: datetime, issuer: Certificate | None) -> tuple[datetime, datetime]:
    """``notBefore`` and ``notAfter``: never past the issuer's end, refused when that leaves too little."""
    moment = utc_seconds(now)
    not_before, not_after = moment - CLOCK_SKEW, moment + profile.lifetime
    if issuer is None:
        return not_before, not_after
    end = issuer.not_valid_after_utc
    if end - moment < profile.least_lifetime:
        raise refusals.authority_expiring(end)
    return max(not_before, issuer.not_valid_before_utc), min(not_after, end)


def extensions_of(
    role: Role | None, issuer: Certificate | None, issuer_stem: str, names: AuthorityNames
) -> tuple[tuple[ExtensionType, bool], ...]:
    """Every extension but subjectKeyIdentifier and privateKeyUsagePeriod, with its criticality.

    ``role`` is absent for a party; ``issuer`` for the self-signed root, which carries neither policy nor addresses
    (RFC 5280 § 4.2.1.1: nor does it need an authorityKeyIdentifier). ``issuer_stem`` names the issuer's files.
    """
    profile = PARTY_PROFILE if role is None else PROFILES[role]
    found: list[tuple[ExtensionType, bool]] = [
        (x509.BasicConstraints(ca=profile.is_authority, path_length=profile.path_length), True),
        (profile.key_usage, True),
    ]
    if profile.extended_key_usage:
        found.append((x509.ExtendedKeyUsage(profile.extended_key_usage), profile.sole_purpose))
    if issuer is None:
        return tuple(found)
    identifier = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    found.append((x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), False))
    policy = _ANY_POLICY if profile.is_authority else ObjectIdentifier(names.policy_oid)
    found.append((x509.CertificatePolicies([x509.PolicyInformation(policy, None)]), False))
    if role is Role.OCSP:
        found.append((x509.OCSPNoCheck(), False))
    elif names.base_url is not None:
        found.extend(_addresses(names.base_url, issuer_stem))
    return tuple(found)


def _addresses(base_url: str, issuer_stem: str) -> list[tuple[ExtensionType, bool]]:
    crl = x509.UniformResourceIdentifier(f"{base_url}/crl/{issuer_stem}.crl")
    issuer = x509.UniformResourceIdentifier(f"{base_url}/ca/{issuer_stem}.cer")
    access = [x509.AccessDescription(AccessOID.CA_ISSUERS, issuer)]
    if issuer_stem.startswith(Role.ISSUING.value):  # the root answers by CRL alone: its key is offline
        access.insert(0, x509.AccessDescription(AccessOID.OCSP, x509.UniformResourceIdentifier(f"{base_url}/ocsp")))
    return [
        (x509.CRLDistributionPoints([x509.DistributionPoint([crl], None, None, None)]), False),
        (x509.AuthorityInformationAccess(access), False),
    ]


def require_in_force(certificate: Certificate, now: datetime) -> None:
    """Refuse a key outside its certificate's validity or its own usage period (RFC 3280 § 4.2.1.4).

    Does not look at revocation: that is the authority's to say.
    """
    not_before, not_after = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    try:
        period = certificate.extensions.get_extension_for_class(x509.PrivateKeyUsagePeriod).value
    except x509.ExtensionNotFound:
        pass
    else:
        if period.not_after is not None:
            # cryptography gives naive UTC here.
            not_after = min(not_after, period.not_after.replace(tzinfo=UTC))
    if not not_before <= now <= not_after:
        raise refusals.not_in_force(certificate.subject.rfc4514_string(), not_before, not_after)
