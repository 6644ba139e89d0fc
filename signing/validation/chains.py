"""From a certificate to a trust anchor: RFC 5280 § 6.1 by pyhanko-certvalidator, without revocation and without clock.

Time and revocation are judged in ``ades.py``, which knows what existed when; here a chain is checked at a moment in
which all its certificates were in their validity period (ETSI EN 319 102-1 § 5.6.2.1.2). Nothing is ever fetched.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar, cast

from asn1crypto import x509
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import InvalidCertificateError, PathBuildingError, ValidationError
from pyhanko_certvalidator.policy_decl import NO_REVOCATION, AcceptAllAlgorithms, CertRevTrustPolicy
from pyhanko_certvalidator.registry import CertificateRegistry, PathBuilder, SimpleTrustManager
from pyhanko_certvalidator.validate import async_validate_path

from signing.errors import ValidationError as HouseValidationError

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable, Iterator

    from pyhanko_certvalidator.path import ValidationPath
    from pyhanko_certvalidator.registry import TrustManager

    from signing.validation.foreign import Asn1Value

__all__ = ["SIGNING", "STAMPING", "Chain", "ChainBuilder", "load_certificate"]

_T = TypeVar("_T")

_MAX_PATHS = 10
"""Candidate paths tried per certificate; cross-certificates can make exponentially many."""

SIGNING = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"})
"""ETSI EN 319 412-2 § 4.3.2 prefers nonRepudiation; certificates with digitalSignature only are common and lawful."""

STAMPING = KeyUsageConstraints(extd_key_usage={"time_stamping"})
"""RFC 3161 § 2.3."""


_MAX_STEPS = 500
"""Issuers looked up per certificate. Authorities that all bear one name make every order of them a candidate."""


class _BoundedRegistry(CertificateRegistry):
    """A registry that stops answering when asked too often, which ends the search for a chain."""

    steps_left = _MAX_STEPS

    def find_potential_issuers(self, cert: Asn1Value, trust_manager: TrustManager) -> Iterator[Asn1Value]:
        self.steps_left -= 1
        return iter(()) if self.steps_left < 0 else super().find_potential_issuers(cert, trust_manager)


@dataclass(frozen=True, slots=True)
class Chain:
    """A certificate and those above it."""

    certificates: tuple[Asn1Value, ...]
    """asn1crypto certificates, leaf first, trust anchor last."""

    problem: str | None
    """Finding code when no acceptable chain was found; then only the leaf is in ``certificates``."""

    sub_indication: str | None
    """ETSI sub-indication of that problem."""


class ChainBuilder:
    """Builds chains out of a fixed set of certificates; the answer for each certificate is remembered.

    ``time_roots`` are anchors for :data:`STAMPING` only.
    """

    def __init__(self, anchors: Iterable[bytes], others: Iterable[Asn1Value], time_roots: Iterable[bytes] = ()) -> None:
        roots, more = ([load_certificate(der) for der in ders] for ders in (anchors, time_roots))
        self._registry = _BoundedRegistry.build((*roots, *more, *others))
        self._signing = SimpleTrustManager.build(trust_roots=roots)
        self._stamping = SimpleTrustManager.build(trust_roots=[*roots, *more])
        self._known: dict[tuple[bytes, int], Chain] = {}

    def chain(self, certificate: Asn1Value, purpose: KeyUsageConstraints) -> Chain:
        """The chain of ``certificate`` for ``purpose``, or why there is none."""
        key = (certificate.sha256, id(purpose))
        if key not in self._known:
            self._known[key] = self._find(certificate, purpose)
        return self._known[key]

    def _find(self, certificate: Asn1Value, purpose: KeyUsageConstraints) -> Chain:
        problem = ("trust.no_chain", "NO_CERTIFICATE_CHAIN_FOUND")
        self._registry.steps_left = _MAX_STEPS
        try:
            purpose.validate(certificate)
            trust = self._stamping if purpose is STAMPING else self._signing
            for path in _run(self._candidates(certificate, trust)):
                if self._acceptable(path, trust):
                    return Chain(tuple(reversed(list(path.iter_certs(include_root=True)))), None, None)
                problem = ("trust.constraints", "CHAIN_CONSTRAINTS_FAILURE")
        except InvalidCertificateError:
            problem = ("trust.constraints", "CHAIN_CONSTRAINTS_FAILURE")
        except Exception:  # noqa: BLE001 - hostile certificates surface as almost anything
            problem = ("trust.no_chain", "NO_CERTIFICATE_CHAIN_FOUND")
        return Chain((certificate,), *problem)

    async def _candidates(self, certificate: Asn1Value, trust: TrustManager) -> list[ValidationPath]:
        found: list[ValidationPath] = []
        try:
            async for path in PathBuilder(trust, self._registry).async_build_paths_lazy(certificate):
                found.append(path)
                if len(found) >= _MAX_PATHS:
                    break
        except PathBuildingError:
            pass
        return found

    def _acceptable(self, path: ValidationPath, trust: TrustManager) -> bool:
        certificates = list(path.iter_certs(include_root=False))
        if not certificates:
            return True
        # If they never were valid all at once, some is not yet valid at this moment, and the path is refused for that.
        moment = min(certificate.not_valid_after for certificate in certificates)
        context = ValidationContext(
            trust_manager=trust,
            certificate_registry=self._registry,
            moment=moment,
            crls=[],
            ocsps=[],
            revinfo_policy=CertRevTrustPolicy(NO_REVOCATION),
            algorithm_usage_policy=AcceptAllAlgorithms(),
            time_tolerance=timedelta(seconds=1),
            allow_fetching=False,
        )
        try:
            _run(async_validate_path(context, path))
        except ValidationError:
            return False
        return True


def load_certificate(der: bytes) -> Asn1Value:
    """DER as an asn1crypto certificate, parsed through. Raises ``ValidationError`` of this house."""
    try:
        certificate = x509.Certificate.load(der, strict=True)
        _ = certificate.subject.native, certificate.public_key.algorithm, certificate.not_valid_after
    except Exception as cause:  # asn1crypto raises almost anything on hostile DER
        raise HouseValidationError("trust.unreadable", zh="证书无法读取", en="a certificate cannot be read") from cause
    return certificate


def _run(coroutine: Coroutine[object, None, _T]) -> _T:
    """Run a coroutine that never waits: nothing is fetched, so there is nothing to wait for, and no loop is needed."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return cast("_T", done.value)
    coroutine.close()
    raise RuntimeError("path validation tried to wait")
