"""Revocation answers from our own authority: fresh OCSP for end entities, CRLs for issuing CAs.

A certificate that our authority did not issue (a foreign time-stamp authority's) needs answers from elsewhere; asked of
this source it is refused, because an unknown status is never left out silently. Refused likewise: an answer that no
validator would believe, because the responder's certificate or the root's list is out of date.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.errors import KeyStoreError
from signing.keys import require_in_force
from signing.pades import RevocationAnswers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from cryptography.x509 import Certificate

    from signing.keys import CertificateAuthority, KeyRing

__all__ = ["KeyRingRevocation"]


class KeyRingRevocation:
    """:class:`signing.pades.RevocationSource` over a key ring.

    Answers besides for our own time-stamp unit: it is about to stamp, and whoever reads the file the day after finds
    its status there.
    """

    def __init__(self, keys: KeyRing, clock: Callable[[], datetime]) -> None:
        self._keys = keys
        self._clock = clock
        self._responders = {authority.responder.certificate for authority in keys.authorities}

    def answers_for(
        self, certificates: Iterable[Certificate], settled: Iterable[Certificate] = ()
    ) -> RevocationAnswers:
        """Answers as of now; none for ``settled`` certificates of an authority that has ended.

        Raises ``KeyStoreError``: ``key.not_issued_here`` for a stranger's certificate, ``key.not_in_force`` when the
        authority or its responder has ended, ``revocation.crl_out_of_date``.
        """
        now = self._clock()
        asked = dict.fromkeys((*certificates, self._keys.timestamp_unit.certificate))
        asked.update(dict.fromkeys(self._still_answerable(settled, now)))
        every: dict[Certificate, None] = {}
        ocsp_responses: list[bytes] = []
        for certificate in asked:
            every.setdefault(certificate)
            if certificate in self._keys.trust_anchors:
                continue
            authority = self._authority(certificate)
            require_in_force(authority.responder.certificate, now)  # which never outlives the authority
            every.update(dict.fromkeys((*authority.chain, authority.responder.certificate)))
            # The responder is exempt (id-pkix-ocsp-nocheck, RFC 6960 § 4.2.2.2.1); for the authority the root's list.
            if certificate not in {*self._responders, authority.certificate}:
                ocsp_responses.append(authority.ocsp_response(certificate, now))
        return RevocationAnswers(
            tuple(certificate.public_bytes(Encoding.DER) for certificate in every),
            tuple(ocsp_responses),
            tuple(self._root_crls(every, now)),
        )

    def _authority(self, certificate: Certificate) -> CertificateAuthority:
        """Who answers: the authority itself if it is one of ours, else the one that issued the certificate."""
        own = (each for each in self._keys.authorities if each.certificate == certificate)
        return next(own, None) or self._keys.authority_of(certificate)

    def _still_answerable(self, settled: Iterable[Certificate], now: datetime) -> Iterator[Certificate]:
        for certificate in settled:
            is_root = certificate in self._keys.trust_anchors
            if not is_root and now <= self._authority(certificate).certificate.not_valid_after_utc:
                yield certificate

    def _root_crls(self, certificates: Iterable[Certificate], now: datetime) -> Iterator[bytes]:
        """The list of every root above ``certificates``; each one MUST still be the newest there is."""
        above = set(certificates)
        for root, crl_der in zip(self._keys.trust_anchors, self._keys.root_crls, strict=True):
            if root in above:
                _require_newest(crl_der, now)
                yield crl_der


def _require_newest(crl_der: bytes, now: datetime) -> None:
    next_update = x509.load_der_x509_crl(crl_der).next_update_utc
    if next_update is None or next_update < now:
        raise KeyStoreError(
            "revocation.crl_out_of_date",
            zh="根证书的吊销列表已过期, 请先执行 qianshu keys renew-root-crl",
            en="the root's revocation list is out of date: run `qianshu keys renew-root-crl` first",
            next_update=None if next_update is None else next_update.isoformat(),
        )
