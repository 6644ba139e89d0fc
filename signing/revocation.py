"""Revocation answers from our own authority: fresh OCSP for end entities, CRLs for issuing CAs.

A certificate that our authority did not issue (a foreign time-stamp authority's) needs answers from elsewhere; asked of
this source it is refused, because an unknown status is never left out silently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding

from signing.pades import RevocationAnswers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from cryptography.x509 import Certificate

    from signing.keys import KeyRing

__all__ = ["KeyRingRevocation"]


class KeyRingRevocation:
    """:class:`signing.pades.RevocationSource` over a key ring."""

    def __init__(self, keys: KeyRing, clock: Callable[[], datetime]) -> None:
        self._keys = keys
        self._clock = clock
        self._authorities = {authority.certificate for authority in keys.authorities}
        self._responders = {authority.responder.certificate for authority in keys.authorities}

    def answers_for(self, certificates: Iterable[Certificate]) -> RevocationAnswers:
        """Answers as of now. Raises ``KeyStoreError`` (``key.not_issued_here``) for a stranger's certificate."""
        now = self._clock()
        every: dict[Certificate, None] = {}
        ocsp_responses: list[bytes] = []
        for certificate in certificates:
            every.setdefault(certificate)
            if certificate in self._keys.trust_anchors or certificate in self._authorities:
                continue
            authority = self._keys.authority_of(certificate)
            every.update(dict.fromkeys((*authority.chain, authority.responder.certificate)))
            if certificate not in self._responders:  # id-pkix-ocsp-nocheck, RFC 6960 § 4.2.2.2.1
                ocsp_responses.append(authority.ocsp_response(certificate, now))
        return RevocationAnswers(
            tuple(certificate.public_bytes(Encoding.DER) for certificate in every),
            tuple(ocsp_responses),
            self._keys.root_crls,
        )
