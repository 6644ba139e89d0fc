"""Outside services as operators see them: where each is asked, what is known of it. Not known is said, not guessed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from api.ports import CertificateLine, OutsideLine, OutsideState
from identity.outside import SERVICE_NAMES
from qianshu.service.outside_ledger import TIMESTAMP
from signing.keys import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from cryptography.x509 import Certificate

    from filing.contract import SigningDesk
    from qianshu.settings import Settings
    from storage.operations import OutsideStanding, SqlOutsideCalls

__all__ = ["OutsideBoard", "authorities_of"]

GOOD_FOR: Final = timedelta(days=1)
"""An older answer says nothing of today."""

_YEAR: Final = timedelta(days=365)

RENEW_AFTER: Final = {
    Role.ROOT: 22 * _YEAR,
    Role.ISSUING: 10 * _YEAR,
    Role.TIMESTAMP_UNIT: _YEAR,
    Role.SERVICE_SEAL: 4 * _YEAR,
    Role.FILING_SEAL: 4 * _YEAR,
    Role.OCSP: 2 * _YEAR,
}
"""How old a certificate is when a ceremony should replace it (``docs/renewal.md``, "What lives how long")."""

ROOT_CRL: Final = "root_crl"


@dataclass(frozen=True, slots=True)
class OutsideBoard:
    """Every service that the settings name."""

    calls: SqlOutsideCalls
    """How each answered last."""

    settings: Settings
    """Where each is."""

    def lines(self, now: datetime) -> Sequence[OutsideLine]:
        """In the order of the settings; time-stamp authorities last."""
        known = self.calls.every()
        return (*self._services(known, now), *self._timestamps(known, now))

    def _services(self, known: Mapping[str, OutsideStanding], now: datetime) -> Iterator[OutsideLine]:
        for service, (zh, en) in SERVICE_NAMES.items():
            address = getattr(self.settings.service.outside, service.value)
            url = None if address is None else getattr(address, "url", None) or address.issuer
            yield _line((service.value, zh, en), _host(url), known.get(service.value), now)

    def _timestamps(self, known: Mapping[str, OutsideStanding], now: datetime) -> Iterator[OutsideLine]:
        names = ("时间戳机构", "the time-stamp authority")
        for url in self.settings.timestamps.urls:
            yield _line((TIMESTAMP + urlsplit(url).netloc, *names), _host(url), known.get(_source(url)), now)
        if self.settings.timestamps.trust_file is None:
            yield OutsideLine("timestamp", *names, None, OutsideState.EMBEDDED, None, None, None, None, None)


def authorities_of(desks: Mapping[str, SigningDesk], cities: Sequence[str]) -> Sequence[CertificateLine]:
    """Certificates in use of each city's keys, and the list of its root; the soonest to be renewed first."""
    found = [one for city in cities if city in desks for one in _of_desk(city, desks[city])]
    return tuple(sorted(found, key=lambda one: one.renew_from or one.not_after))


def _of_desk(city: str, desk: SigningDesk) -> Iterator[CertificateLine]:
    keys = desk.keys
    used = (
        (Role.ROOT, keys.root),
        (Role.ISSUING, keys.issuing.certificate),
        (Role.TIMESTAMP_UNIT, keys.timestamp_unit.certificate),
        (Role.SERVICE_SEAL, keys.service_seal.certificate),
        (Role.FILING_SEAL, desk.filing_seal.certificate),
        (Role.OCSP, keys.ocsp.certificate),
    )
    for role, certificate in used:
        begun, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        yield CertificateLine(city, role.value, _algorithm(certificate), begun, ends, begun + RENEW_AFTER[role])
    crl = x509.load_der_x509_crl(keys.root_crl)
    if crl.next_update_utc is not None:
        begun, ends = crl.last_update_utc, crl.next_update_utc
        yield CertificateLine(city, ROOT_CRL, _algorithm(keys.root), begun, ends, begun + _YEAR)


def _algorithm(certificate: Certificate) -> str:
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC {key.curve.name}"
    return f"RSA {key.key_size}" if isinstance(key, rsa.RSAPublicKey) else type(key).__name__


def _line(
    names: tuple[str, str, str], address: str | None, known: OutsideStanding | None, now: datetime
) -> OutsideLine:
    if known is None:
        return OutsideLine(*names, address, OutsideState.UNKNOWN, None, None, None, None, None)
    return OutsideLine(
        *names,
        address,
        _state(known, now),
        answered_at=known.answered_at,
        took_ms=known.took_ms,
        failed_at=known.failed_at,
        failure=known.failure,
        failing_since_at=known.failing_since_at,
    )


def _state(known: OutsideStanding, now: datetime) -> OutsideState:
    if known.failing_since_at is not None:
        return OutsideState.FAILING
    if known.answered_at is None:
        return OutsideState.UNKNOWN
    return OutsideState.ANSWERING if now - known.answered_at < GOOD_FOR else OutsideState.QUIET


def _source(url: str) -> str:
    return TIMESTAMP + urlsplit(url).netloc


def _host(url: str | None) -> str | None:
    if url is None:
        return None
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
