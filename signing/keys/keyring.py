"""All keys of a process, decrypted once: :func:`load_keys` at the start, then no file and no passphrase again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from signing.keys import refusals
from signing.keys.authority import CertificateAuthority
from signing.keys.encrypted_key import KeyEnvelope
from signing.keys.issuance_log import IssuanceLog
from signing.keys.issuer import CertificateIssuer, IssuerIdentity
from signing.keys.pkcs11_token import Pkcs11Signer
from signing.keys.private_files import read_private
from signing.keys.signers import SoftwareSigner
from signing.keys.store import KeyFolder, issued_by
from signing.keys.subjects import AuthorityNames, Role
from signing.keys.token_key import TokenKey

if TYPE_CHECKING:
    from pathlib import Path

    from cryptography.x509 import Certificate

    from signing.keys.encrypted_key import PrivateKey
    from signing.keys.store import Stem
    from signing.ports import Signer

__all__ = ["KeyRing", "load_issuer", "load_keys"]


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys in daily use and every certificate validation needs. Not the root's key: daily work never needs it."""

    names: AuthorityNames
    """What the certificates say."""

    root: Certificate
    """The root above the current issuing CA."""

    trust_anchors: tuple[Certificate, ...]
    """Every root there has been, oldest first."""

    issuing: CertificateAuthority
    """Issues party certificates."""

    authorities: tuple[CertificateAuthority, ...]
    """Every generation of the issuing CA, oldest first: each answers for what it issued."""

    timestamp_unit: Signer
    """For the time-stamp authority alone."""

    service_seal: Signer
    """Certifies the fixed text, seals reports and manifests."""

    filing_seal: Signer
    """The housing authority's; possibly in a token."""

    ocsp: Signer
    """Responder of the current issuing CA."""

    root_crls: tuple[bytes, ...] = field(repr=False)
    """DER, one per root, oldest first: the status of the issuing CAs."""

    @property
    def root_crl(self) -> bytes:
        """DER CRL of :attr:`root`."""
        return self.root_crls[self.trust_anchors.index(self.root)]

    def authority_of(self, certificate: Certificate) -> CertificateAuthority:
        """The generation that issued a certificate; ``key.not_issued_here`` when none did."""
        for authority in self.authorities:
            if issued_by(certificate, authority.certificate):
                return authority
        raise refusals.not_issued_here()

    def __reduce__(self) -> NoReturn:
        raise refusals.never_leaves()


def load_keys(folder: Path, passphrase: bytes) -> KeyRing:
    """Open a key folder made by :func:`signing.keys.init_keys`; all or nothing, wrong passphrase included.

    Says nothing of dates: see :func:`signing.keys.require_in_force`. After a renewal, load again.
    """
    store = KeyFolder(folder)
    store.require_complete()
    return _Loader(store, KeyEnvelope(passphrase)).load()


class _Loader:
    def __init__(self, folder: KeyFolder, envelope: KeyEnvelope) -> None:
        self.folder = folder
        self.envelope = envelope
        self.roots = tuple(folder.certificate(stem) for stem in folder.generations(Role.ROOT))

    def load(self) -> KeyRing:
        folder = self.folder
        authorities = tuple(self._authority(stem) for stem in folder.generations(Role.ISSUING))
        issuing = authorities[-1]
        return KeyRing(
            names=folder.names(),
            root=issuing.chain[-1],
            trust_anchors=self.roots,
            issuing=issuing,
            authorities=authorities,
            timestamp_unit=self._signer(folder.latest(Role.TIMESTAMP_UNIT), authorities),
            service_seal=self._signer(folder.latest(Role.SERVICE_SEAL), authorities),
            filing_seal=self._signer(folder.latest(Role.FILING_SEAL), authorities),
            ocsp=issuing.responder,
            root_crls=tuple(read_private(folder.file(stem, "crl")) for stem in folder.generations(Role.ROOT)),
        )

    def _authority(self, stem: Stem) -> CertificateAuthority:
        issuer = load_issuer(self.folder, stem, self.envelope)
        chain = (issuer.identity.certificate, *issuer.identity.issuers)
        for candidate in reversed(self.folder.generations(Role.OCSP)):
            certificate = self.folder.certificate(candidate)
            if issued_by(certificate, chain[0]):
                responder = SoftwareSigner(_open(self.folder, candidate, self.envelope), certificate, chain)
                return CertificateAuthority(issuer, responder)
        raise refusals.store_incomplete(f"{Role.OCSP.value} of {stem}")

    def _signer(self, stem: Stem, authorities: tuple[CertificateAuthority, ...]) -> Signer:
        certificate = self.folder.certificate(stem)
        chain = next((a.chain for a in authorities if issued_by(certificate, a.certificate)), None)
        if chain is None:
            raise refusals.store_incomplete(f"issuer of {stem}")
        token = self.folder.file(stem, "token")
        if token.is_file():
            key = TokenKey.from_uri(read_private(token).decode().strip())
            return Pkcs11Signer(key, certificate, chain)
        return SoftwareSigner(_open(self.folder, stem, self.envelope), certificate, chain)


def load_issuer(folder: KeyFolder, stem: Stem, envelope: KeyEnvelope) -> CertificateIssuer:
    """A CA that can issue: the root in ceremonies, the issuing CA in daily work."""
    certificate = folder.certificate(stem)
    roots = (folder.certificate(root) for root in folder.generations(Role.ROOT))
    issuers = tuple(root for root in roots if root != certificate and issued_by(certificate, root))
    if stem.role is not Role.ROOT and not issuers:
        raise refusals.store_incomplete(f"root of {stem}")
    key = _open(folder, stem, envelope)
    if not isinstance(key, EllipticCurvePrivateKey):
        raise refusals.key_mismatch(f"{stem}.key")
    identity = IssuerIdentity(certificate, issuers, str(stem), folder.names())
    return CertificateIssuer(key, identity, IssuanceLog(folder.file(stem, "log")))


def _open(folder: KeyFolder, stem: Stem, envelope: KeyEnvelope) -> PrivateKey:
    key = envelope.open(folder.sealed_key(stem), f"{stem}.key")
    if key.public_key() != folder.certificate(stem).public_key():
        raise refusals.key_mismatch(f"{stem}.key")
    return key
