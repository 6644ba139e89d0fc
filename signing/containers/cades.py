"""CAdES baseline B-LT from B-T: certificates and revocation answers into the SignedData (ETSI EN 319 122-1 § 6.3).

What is signed and what is stamped stays byte for byte; the two sets beside it grow. An OCSP response stands there as
RFC 5940 says; with one in it SignedData is version 5 (RFC 5652 § 5.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from asn1crypto import cms as asn1_cms
from cryptography import x509

from signing import der

if TYPE_CHECKING:
    from collections.abc import Iterable

    from signing.pades import RevocationAnswers, RevocationSource

__all__ = ["certificates_of", "to_long_term"]

_OCSP_RESPONSE = der.oid("1.3.6.1.5.5.7.16.2")
_TIME_STAMP = "signature_time_stamp_token"


def to_long_term(cms_der: bytes, revocation: RevocationSource) -> bytes:
    """B-LT: the same signature with everything that judging it and its time-stamp takes.

    Raises whatever ``revocation`` raises: an unknown status is never left out silently.
    """
    return _extended(cms_der, revocation.answers_for(certificates_of(cms_der)))


def certificates_of(cms_der: bytes) -> tuple[x509.Certificate, ...]:
    """Certificates in a CMS signature and in its time-stamps, in order of appearance; our own, trusted to be sound."""
    ders = dict.fromkeys(_certificates(asn1_cms.ContentInfo.load(cms_der)["content"]))
    return tuple(map(x509.load_der_x509_certificate, ders))


def _certificates(signed_data: asn1_cms.SignedData) -> Iterable[bytes]:
    for choice in signed_data["certificates"]:
        yield choice.chosen.dump()
    for info in signed_data["signer_infos"]:
        for attribute in info["unsigned_attrs"] or ():
            if attribute["type"].native == _TIME_STAMP:
                for token in attribute["values"]:
                    yield from _certificates(token["content"])


def _extended(cms_der: bytes, answers: RevocationAnswers) -> bytes:
    outer = der.Reader(cms_der).enter(der.SEQUENCE)
    content_type = outer.take_encoded(der.OBJECT_IDENTIFIER)
    data = outer.enter(der.context(0) | 0x20).enter(der.SEQUENCE)
    data.take(der.INTEGER)
    digests, content = data.take_encoded(der.SET), data.take_encoded(der.SEQUENCE)
    present = data.enter(der.context(0) | 0x20)
    certificates = dict.fromkeys(_members(present))
    certificates.update(dict.fromkeys(answers.certificates))
    signers = data.take_encoded(der.SET)
    data.finish()
    ocsp = [der.implicit(1, der.sequence(_OCSP_RESPONSE, response)) for response in answers.ocsp_responses]
    return der.sequence(
        content_type,
        der.explicit(
            0,
            der.sequence(
                der.integer(5 if ocsp else 1),
                digests,
                content,
                der.implicit(0, der.set_of(*certificates)),
                der.implicit(1, der.set_of(*answers.crls, *ocsp)),
                signers,
            ),
        ),
    )


def _members(reader: der.Reader) -> Iterable[bytes]:
    while not reader.at_end:
        yield reader.take_encoded()
