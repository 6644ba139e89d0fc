"""What CRLs (RFC 5280 § 5, § 6.3) and OCSP responses (RFC 6960) say about a certificate, with their signatures checked.

Data come from the file or from the caller; nothing is fetched. Refused, so that the status stays unknown rather than
guessed: delta and indirect CRLs, CRLs for some reasons only, responders not issued directly by the certificate's CA.
Time is not judged here.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from asn1crypto import ocsp as asn1_ocsp
from asn1crypto.keys import PublicKeyInfo
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from signing.validation.foreign import Asn1Value

__all__ = ["RevocationStore", "StatusAnswer"]

_EXPIRED_CERTS_ON_CRL = ObjectIdentifier("2.5.29.60")
_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha1": hashes.SHA1,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
_MAX_ITEMS = 500
"""CRLs and responses looked at per file."""


@dataclass(frozen=True, slots=True)
class StatusAnswer:
    """One authentic statement about one certificate."""

    digest: bytes
    """SHA-256 of the CRL or response; its proof of existence goes by this."""

    this_update: datetime
    """When the statement was true."""

    next_update: datetime | None
    """Until when a newer one was not yet due."""

    revoked_at: datetime | None
    """Time of revocation, if it is revoked."""

    issuer_not_after: datetime
    """End of validity of the certificate that signed the statement."""

    covers_expired: bool
    """Whether the statement also speaks about certificates that had expired by then."""

    embedded: bool
    """Whether it stands in the file itself."""

    weak: bool
    """Whether it is signed with an algorithm that is no longer safe."""


@dataclass(frozen=True, slots=True)
class _Item:
    digest: bytes
    embedded: bool
    crl: x509.CertificateRevocationList | None
    response: ocsp.OCSPResponse | None


class RevocationStore:
    """All revocation data at hand, from the file and from the caller."""

    def __init__(self, embedded: Iterable[bytes], external: Iterable[bytes]) -> None:
        self._items: list[_Item] = []
        seen: set[bytes] = set()
        for inside, group in ((True, embedded), (False, external)):
            for der in group:
                digest = hashlib.sha256(der).digest()
                if digest not in seen and len(self._items) < _MAX_ITEMS:
                    seen.add(digest)
                    self._items += _load(der, digest, embedded=inside)
        self._answers: dict[tuple[bytes, bytes], tuple[StatusAnswer, ...]] = {}
        self._authentic: dict[tuple[bytes, bytes], bool] = {}

    def answers(self, certificate_der: bytes, issuer_der: bytes) -> tuple[StatusAnswer, ...]:
        """Every authentic statement about the certificate by its issuer or a responder of its issuer."""
        key = (certificate_der, issuer_der)
        if key not in self._answers:
            try:
                self._answers[key] = tuple(self._find(*map(x509.load_der_x509_certificate, key)))
            except (ValueError, TypeError, UnsupportedAlgorithm):
                self._answers[key] = ()
        return self._answers[key]

    def _find(self, certificate: x509.Certificate, issuer: x509.Certificate) -> Iterator[StatusAnswer]:
        for item in self._items:
            try:
                if item.crl is not None:
                    yield from self._from_crl(item, item.crl, certificate, issuer)
                elif item.response is not None:
                    yield from self._from_response(item, item.response, certificate, issuer)
            except (ValueError, TypeError, UnsupportedAlgorithm, x509.DuplicateExtension):
                continue  # hostile or exotic data say nothing

    def _from_crl(
        self, item: _Item, crl: x509.CertificateRevocationList, certificate: x509.Certificate, issuer: x509.Certificate
    ) -> Iterator[StatusAnswer]:
        if crl.issuer != issuer.subject or not _may_sign_crls(issuer) or not _in_scope(crl, certificate):
            return
        if not self._crl_authentic(item, crl, issuer):
            return
        entry = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
        yield StatusAnswer(
            digest=item.digest,
            this_update=crl.last_update_utc,
            next_update=crl.next_update_utc,
            revoked_at=None if entry is None else entry.revocation_date_utc,
            issuer_not_after=issuer.not_valid_after_utc,
            covers_expired=_has_extension(crl.extensions, _EXPIRED_CERTS_ON_CRL),
            embedded=item.embedded,
            weak=_is_weak(crl.signature_hash_algorithm),
        )

    def _crl_authentic(self, item: _Item, crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
        key = (item.digest, issuer.fingerprint(hashes.SHA256()))
        if key not in self._authentic:
            public_key = issuer.public_key()
            usable = isinstance(public_key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey)
            self._authentic[key] = usable and crl.is_signature_valid(public_key)  # type: ignore[arg-type]
        return self._authentic[key]

    def _from_response(
        self, item: _Item, response: ocsp.OCSPResponse, certificate: x509.Certificate, issuer: x509.Certificate
    ) -> Iterator[StatusAnswer]:
        singles = [single for single in response.responses if _is_about(single, certificate, issuer)]
        if not singles:
            return
        responder = self._responder(item, response, issuer)
        if responder is None:
            return
        for single in singles:
            if single.certificate_status is ocsp.OCSPCertStatus.UNKNOWN:
                continue
            yield StatusAnswer(
                digest=item.digest,
                this_update=single.this_update_utc,
                next_update=single.next_update_utc,
                revoked_at=single.revocation_time_utc,
                issuer_not_after=responder.not_valid_after_utc,
                covers_expired=_has_archive_cutoff(response),
                embedded=item.embedded,
                weak=_is_weak(response.signature_hash_algorithm),
            )

    def _responder(self, item: _Item, response: ocsp.OCSPResponse, issuer: x509.Certificate) -> x509.Certificate | None:
        """Whoever signed the response, if it is the CA or a responder the CA named (RFC 6960 § 4.2.2.2)."""
        candidates = [issuer, *(found for found in response.certificates if self._is_delegate(found, issuer))]
        for candidate in candidates:
            key = (item.digest, candidate.fingerprint(hashes.SHA256()))
            if key not in self._authentic:
                self._authentic[key] = _signed_response(response, candidate)
            produced = response.produced_at_utc
            in_time = candidate.not_valid_before_utc <= produced <= candidate.not_valid_after_utc
            if self._authentic[key] and in_time:
                return candidate
        return None

    def _is_delegate(self, candidate: x509.Certificate, issuer: x509.Certificate) -> bool:
        """Issued by the CA itself for OCSP signing, and either exempt from checks or on none of the CA's lists."""
        try:
            usage = candidate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
            candidate.verify_directly_issued_by(issuer)
        except (x509.ExtensionNotFound, ValueError, TypeError, InvalidSignature):
            return False
        if ExtendedKeyUsageOID.OCSP_SIGNING not in usage:
            return False
        if _has_extension(candidate.extensions, x509.OCSPNoCheck.oid):
            return True
        listed = [
            answer
            for item in self._items
            if item.crl is not None
            for answer in self._from_crl(item, item.crl, candidate, issuer)
        ]
        return bool(listed) and all(answer.revoked_at is None for answer in listed)


def _load(der: bytes, digest: bytes, *, embedded: bool) -> list[_Item]:
    try:
        return [_Item(digest, embedded, x509.load_der_x509_crl(der), None)]
    except ValueError:
        pass
    try:
        response = ocsp.load_der_ocsp_response(der)
    except ValueError:
        return []
    if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        return []
    return [_Item(digest, embedded, None, response)]


def _in_scope(crl: x509.CertificateRevocationList, certificate: x509.Certificate) -> bool:
    """Whether the list speaks about the certificate (RFC 5280 § 6.3.3 (b)); unknown critical: no."""
    for extension in crl.extensions:
        value = extension.value
        if isinstance(value, x509.DeltaCRLIndicator):
            return False
        if isinstance(value, x509.IssuingDistributionPoint):
            if not _point_in_scope(value, certificate):
                return False
        elif extension.critical:
            return False
    return True


def _point_in_scope(point: x509.IssuingDistributionPoint, certificate: x509.Certificate) -> bool:
    if point.indirect_crl or point.only_some_reasons or point.only_contains_attribute_certs or point.relative_name:
        return False
    is_ca = _is_ca(certificate)
    if (point.only_contains_user_certs and is_ca) or (point.only_contains_ca_certs and not is_ca):
        return False
    if not point.full_name:
        return True
    try:
        named = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return False
    return any(set(entry.full_name or ()) & set(point.full_name) for entry in named)


def _is_ca(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _may_sign_crls(issuer: x509.Certificate) -> bool:
    try:
        return issuer.extensions.get_extension_for_class(x509.KeyUsage).value.crl_sign
    except x509.ExtensionNotFound:
        return True


def _is_about(single: Asn1Value, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the CertID names the certificate (RFC 6960 § 4.1.1)."""
    algorithm = single.hash_algorithm.name
    if single.serial_number != certificate.serial_number or algorithm not in _HASHES:
        return False
    key = issuer.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    name_hash = hashlib.new(algorithm, issuer.subject.public_bytes(), usedforsecurity=False).digest()
    key_hash = hashlib.new(algorithm, _key_bits(key), usedforsecurity=False).digest()
    return bool(single.issuer_name_hash == name_hash and single.issuer_key_hash == key_hash)


def _key_bits(spki: bytes) -> bytes:
    """The BIT STRING of a SubjectPublicKeyInfo without its unused-bits byte: what CertID hashes."""
    return bytes(PublicKeyInfo.load(spki)["public_key"].contents[1:])


def _signed_response(response: ocsp.OCSPResponse, signer: x509.Certificate) -> bool:
    key, algorithm = signer.public_key(), response.signature_hash_algorithm
    if algorithm is None:
        return False
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(response.signature, response.tbs_response_bytes, ec.ECDSA(algorithm))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(response.signature, response.tbs_response_bytes, padding.PKCS1v15(), algorithm)
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _has_extension(extensions: Iterable[x509.Extension[x509.ExtensionType]], oid: ObjectIdentifier) -> bool:
    return any(extension.oid == oid for extension in extensions)


def _has_archive_cutoff(response: ocsp.OCSPResponse) -> bool:
    """Whether some answer in it carries an archive cutoff (RFC 6960 § 4.4.4); cryptography does not expose it."""
    basic = asn1_ocsp.OCSPResponse.load(response.public_bytes(Encoding.DER)).basic_ocsp_response
    singles = basic["tbs_response_data"]["responses"]
    return any(
        extension["extn_id"].native == "archive_cutoff"
        for single in singles
        for extension in single["single_extensions"] or ()
    )


def _is_weak(algorithm: hashes.HashAlgorithm | None) -> bool:
    return algorithm is not None and algorithm.name in {"md5", "sha1"}
