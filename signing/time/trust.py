"""Whose time is believed: pinned issuers, and the check of a time-stamp unit's certificate against them.

The path is built and checked by cryptography's verifier: signatures, names, CA rights, path lengths, key strengths, no
critical extension unknown. What it knows nothing of, time-stamping, is checked here. Revocation is not: it is gathered
with the long-term data and judged by validation, which sees the CRL or OCSP answer of after the signature.

Checking a chain costs a millisecond and units are few, so the result is kept per certificate, together with the
interval in which every certificate of the chain is current; outside it the chain is checked afresh.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    Policy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from signing import der
from signing.time.faults import fault

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

__all__ = ["TimeStampTrust", "TimeStampUnit", "issuer_name", "require_time_stamping_only"]

_Value = TypeVar("_Value")
_Kind = TypeVar("_Kind", bound=x509.ExtensionType)

# Units seen in one process are a handful; a stranger's tokens must not fill the memory.
_MAX_KNOWN_UNITS: Final = 256

# Root, policy CA, issuing CA, unit, and one more: deeper paths are an attack on patience.
_MAX_CHAIN_DEPTH: Final = 4

# What cryptography raises for octets that are no certificate; not all of it is ValueError.
_UNREADABLE: Final = (
    ValueError,
    TypeError,  # a name whose value has another type than its attribute
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)


@dataclass(frozen=True, slots=True)
class TimeStampUnit:
    """A certificate that may sign time-stamps, read once."""

    public_key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey
    """Verifies its tokens."""

    issuer_der: bytes
    """Name of the issuer, as encoded."""

    serial_number: int
    """Serial number of the certificate."""

    key_identifier: bytes | None
    """subjectKeyIdentifier, or none."""

    sha256: bytes
    """Digest of the certificate, as signingCertificateV2 names it."""

    certificate: x509.Certificate
    """The certificate itself."""


@dataclass(frozen=True, slots=True)
class _TrustedSpan:
    """When a chain that was found is current as a whole."""

    not_before: datetime
    not_after: datetime


class TimeStampTrust:
    """The issuers pinned for time-stamps; ``intermediates`` help where a token brings only its own certificate."""

    def __init__(self, anchors: Sequence[x509.Certificate], intermediates: Sequence[x509.Certificate] = ()) -> None:
        self._store = Store(list(anchors))
        self._intermediates = list(intermediates)
        self._units: dict[bytes, TimeStampUnit] = {}
        self._spans: dict[bytes, _TrustedSpan] = {}

    def unit(self, certificate_der: bytes) -> TimeStampUnit:
        """The certificate as a time-stamp unit; trusted or not is :meth:`require_trusted`'s to say.

        Raises :class:`signing.errors.TimeStampError`: ``time.bad_response``, ``time.algorithm``.
        """
        known = self._units.get(certificate_der)
        if known is None:
            known = _read_unit(certificate_der)
            _keep(self._units, certificate_der, known)
        return known

    def require_trusted(self, unit: TimeStampUnit, others_der: Sequence[bytes], moment: datetime) -> None:
        """Refuse a unit that is not one for time-stamping only, not current at ``moment``, or of no pinned issuer.

        ``others_der`` are the other certificates of the token: material for the path, trusted for nothing. Raises
        :class:`signing.errors.TimeStampError`: ``time.wrong_usage``, ``time.certificate_expired``, ``time.untrusted``.
        """
        span = self._spans.get(unit.sha256)
        if span is not None and span.not_before <= moment <= span.not_after:
            return
        require_time_stamping_only(unit.certificate)
        certificate = unit.certificate
        if not certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc:
            raise fault(
                "time.certificate_expired",
                not_before=certificate.not_valid_before_utc.isoformat(),
                not_after=certificate.not_valid_after_utc.isoformat(),
            )
        chain = self._chain(certificate, others_der, moment)
        not_before = max(link.not_valid_before_utc for link in chain)
        not_after = min(link.not_valid_after_utc for link in chain)
        _keep(self._spans, unit.sha256, _TrustedSpan(not_before, not_after))

    def _chain(
        self, certificate: x509.Certificate, others_der: Sequence[bytes], moment: datetime
    ) -> list[x509.Certificate]:
        policy = PolicyBuilder().store(self._store).time(moment).max_chain_depth(_MAX_CHAIN_DEPTH)
        # A "client" verifier is the one that asks for no host name; its TLS key purpose is replaced below.
        verifier = policy.extension_policies(ca_policy=_CA_POLICY, ee_policy=_UNIT_POLICY).build_client_verifier()
        try:
            return verifier.verify(certificate, self._intermediates + _readable(others_der)).chain
        except (VerificationError, *_UNREADABLE) as error:
            raise fault("time.untrusted", reason=str(error)) from error


def _keep(known: dict[bytes, _Value], key: bytes, value: _Value) -> None:
    if len(known) >= _MAX_KNOWN_UNITS:
        known.clear()
    known[key] = value


def _readable(certificates_der: Sequence[bytes]) -> list[x509.Certificate]:
    """The certificates that can be read; the others are no help, and no harm, on the way to an anchor."""
    readable = []
    for certificate_der in certificates_der:
        with suppress(*_UNREADABLE):
            readable.append(x509.load_der_x509_certificate(certificate_der))
    return readable


def _read_unit(certificate_der: bytes) -> TimeStampUnit:
    try:
        certificate = x509.load_der_x509_certificate(certificate_der)
        identifier = _value(certificate, x509.SubjectKeyIdentifier)
        return TimeStampUnit(
            public_key=_usable_key(certificate),
            issuer_der=issuer_name(certificate_der),
            serial_number=certificate.serial_number,
            key_identifier=identifier.value.digest if identifier is not None else None,
            sha256=hashlib.sha256(certificate_der).digest(),
            certificate=certificate,
        )
    except _UNREADABLE as error:
        raise fault("time.bad_response", reason=f"certificate: {error}") from error


def _usable_key(certificate: x509.Certificate) -> ec.EllipticCurvePublicKey | rsa.RSAPublicKey:
    try:
        public_key = certificate.public_key()
    except UnsupportedAlgorithm as error:
        raise fault("time.algorithm", reason=str(error)) from error
    if not isinstance(public_key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        raise fault("time.algorithm", reason=f"{type(public_key).__name__} is neither ECDSA nor RSA")
    return public_key


def issuer_name(certificate_der: bytes) -> bytes:
    """The issuer's name, octet for octet as the certificate has it; writing it anew might write it differently."""
    body = der.Reader(certificate_der).enter(der.SEQUENCE).enter(der.SEQUENCE)
    if body.peek() == 0xA0:  # version
        body.next()
    body.next(der.INTEGER)  # serialNumber
    body.next(der.SEQUENCE)  # signature
    return body.take_encoded(der.SEQUENCE)


def require_time_stamping_only(certificate: x509.Certificate) -> None:
    """Refuse (``time.wrong_usage``) what RFC 3161 § 2.3 does not allow to sign a time-stamp.

    The extended key usage must be there, critical, and name time-stamping alone; the key must be one for signatures
    and not a CA's.
    """
    usages = _value(certificate, x509.ExtendedKeyUsage)
    if usages is None or not usages.critical or list(usages.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise fault("time.wrong_usage", reason="extended key usage is not critical time-stamping alone")
    constraints = _value(certificate, x509.BasicConstraints)
    if constraints is not None and constraints.value.ca:
        raise fault("time.wrong_usage", reason="certificate of a CA")
    usage = _value(certificate, x509.KeyUsage)
    if usage is not None and not (usage.value.digital_signature or usage.value.content_commitment):
        raise fault("time.wrong_usage", reason="key usage is not for signatures")


def _value(certificate: x509.Certificate, kind: type[_Kind]) -> x509.Extension[_Kind] | None:
    try:
        return certificate.extensions.get_extension_for_class(kind)
    except x509.ExtensionNotFound:
        return None


def _require_certificate_signing(_: Policy, __: x509.Certificate, usage: x509.KeyUsage | None) -> None:
    if usage is not None and not usage.key_cert_sign:
        raise ValueError("keyUsage of a CA without keyCertSign")


def _allow_time_stamping_below(_: Policy, __: x509.Certificate, usages: x509.ExtendedKeyUsage | None) -> None:
    """A CA limited to certain purposes must have time-stamping among them, as the usual nesting of purposes has it."""
    allowed = (ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE)
    if usages is not None and not any(usage in allowed for usage in usages):
        raise ValueError("extendedKeyUsage of a CA without time-stamping")


# The verifier's Web defaults demand TLS purposes of a CA and refuse one made for time-stamping: RFC 5280 is enough.
_CA_POLICY: Final = (
    ExtensionPolicy.permit_all()
    .require_present(x509.BasicConstraints, Criticality.AGNOSTIC, None)  # with it, the verifier itself demands cA
    .may_be_present(x509.KeyUsage, Criticality.AGNOSTIC, _require_certificate_signing)
    .may_be_present(x509.ExtendedKeyUsage, Criticality.AGNOSTIC, _allow_time_stamping_below)
)
_UNIT_POLICY: Final = ExtensionPolicy.permit_all()  # require_time_stamping_only has looked
