"""Making and renewing keys: rare acts of an operator, each under the folder's lock, each leaving whole generations.

First the whole tree is made beside its place and renamed into it, so a killed ``init`` leaves no folder that looks
like one. Afterwards each act adds a generation and takes nothing away.

Twenty years with these keys, every act with its own ``now``:

1. yearly, :func:`renew_timestamp_unit` (its key signs for one year, its certificate lives for six) and
   :func:`renew_root_crl` (the root's key is taken from its safe for it);
2. every second year, :func:`renew_responder`; every fourth, :func:`renew_seal`;
3. when an act is refused with ``key.authority_expiring`` (ten years in, when the issuing CA no longer
   covers a time-stamp unit's certificate), :func:`renew_issuing`, likewise :func:`renew_root` when that is refused.

Older certificates stay in the folder and in :attr:`KeyRing.authorities`; older issuing CAs go on answering for what
they issued for as long as they live.
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric import ec

from signing.keys import refusals
from signing.keys.encrypted_key import PRODUCTION_COST, KeyEnvelope, ScryptCost, cost_of
from signing.keys.issuance_log import IssuanceLog
from signing.keys.issuer import CertificateIssuer, Issuance, IssuerIdentity, self_signed
from signing.keys.keyring import load_issuer
from signing.keys.pkcs11_token import find_or_generate
from signing.keys.private_files import check_passphrase, make_private_folder, sole_writer, sync_folder, write_private
from signing.keys.profiles import PROFILES
from signing.keys.revocation import CrlWindow
from signing.keys.store import KeyFolder
from signing.keys.subjects import AuthorityNames, Role, role_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
    from cryptography.x509 import Certificate

    from signing.keys.store import Stem
    from signing.keys.token_key import TokenKey

__all__ = [
    "InitOptions",
    "init_keys",
    "renew_issuing",
    "renew_responder",
    "renew_root",
    "renew_root_crl",
    "renew_seal",
    "renew_timestamp_unit",
]

# CA/Browser Forum BR § 4.9.7: the CRL about subordinate CAs at least once a year; a month's grace for the ceremony.
ROOT_CRL_LIFETIME: Final = timedelta(days=396)

_ROOT_CURVE: Final = ec.SECP384R1()
_CURVE: Final = ec.SECP256R1()
SEALS: Final = (Role.SERVICE_SEAL, Role.FILING_SEAL)


@dataclass(frozen=True, slots=True)
class InitOptions:
    """What an installation may choose."""

    scrypt: ScryptCost = PRODUCTION_COST
    """Cost of guessing the passphrase; renewals keep it. Anything cheaper is for tests."""

    tokens: Mapping[Role, TokenKey] = field(default_factory=dict)
    """Seals whose key is made and stays in a PKCS #11 token."""

    def __post_init__(self) -> None:
        if not set(self.tokens) <= set(SEALS):
            raise refusals.pkcs11_uri_refused("only seals can live in a token")


_PRODUCTION: Final = InitOptions()


def init_keys(
    folder: Path, passphrase: bytes, names: AuthorityNames, now: datetime, options: InitOptions = _PRODUCTION
) -> None:
    """Root, issuing CA, time-stamp unit, both seals and OCSP responder in a new folder.

    Refuses an existing folder and a weak passphrase. What a killed run left behind (``<folder>.partial``) was never
    used by anybody and is made anew.
    """
    check_passphrase(passphrase)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with sole_writer(folder.parent):
        if folder.exists():
            raise refusals.store_exists(folder)
        partial = folder.with_name(f"{folder.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        make_private_folder(partial)
        ceremony = _Ceremony(KeyFolder(partial), KeyEnvelope(passphrase), options.scrypt, now)
        ceremony.found(names, options.tokens)
        partial.rename(folder)
        sync_folder(folder.parent)


def renew_timestamp_unit(folder: Path, passphrase: bytes, now: datetime) -> None:
    """A new key and certificate for the time-stamp unit, from the current issuing CA."""
    with _ceremony(folder, passphrase, now) as ceremony:
        ceremony.add_leaf(Role.TIMESTAMP_UNIT, ceremony.current_issuer())


def renew_seal(folder: Path, passphrase: bytes, now: datetime, kind: tuple[Role, TokenKey | None]) -> None:
    """A new key and certificate for the service's or the filing seal, in software or, given one, in a token."""
    role, token = kind
    if role not in SEALS:
        raise ValueError(f"not a seal: {role}")
    with _ceremony(folder, passphrase, now) as ceremony:
        ceremony.add_leaf(role, ceremony.current_issuer(), token)


def renew_responder(folder: Path, passphrase: bytes, now: datetime) -> None:
    """A new OCSP responder for every issuing CA still in force (RFC 6960 § 4.2.2.2: each needs its own)."""
    with _ceremony(folder, passphrase, now) as ceremony:
        for issuer in ceremony.issuers_in_force():
            ceremony.add_leaf(Role.OCSP, issuer)


def renew_issuing(folder: Path, passphrase: bytes, now: datetime) -> None:
    """The next generation of the issuing CA, with its OCSP responder, from the current root (whose key it needs).

    Time-stamp unit and seals keep their certificates until their own renewal.
    """
    with _ceremony(folder, passphrase, now) as ceremony:
        ceremony.add_issuing(ceremony.current_root())


def renew_root(folder: Path, passphrase: bytes, now: datetime) -> None:
    """The next root with its CRL. It takes effect with the next :func:`renew_issuing`; publish it before."""
    with _ceremony(folder, passphrase, now) as ceremony:
        ceremony.current_issuer()  # opens a key: a wrong passphrase stops here
        ceremony.add_root(ceremony.folder.names())


def renew_root_crl(folder: Path, passphrase: bytes, now: datetime) -> None:
    """A fresh CRL from every root whose certificate has not ended; their keys must be in the folder."""
    with _ceremony(folder, passphrase, now) as ceremony:
        for stem in ceremony.folder.generations(Role.ROOT):
            if ceremony.folder.certificate(stem).not_valid_after_utc > now:
                ceremony.write_root_crl(ceremony.issuer(stem))


@contextmanager
def _ceremony(folder: Path, passphrase: bytes, now: datetime) -> Iterator[_Ceremony]:
    store = KeyFolder(folder)
    store.require_complete()
    with sole_writer(folder):
        stem = store.latest(Role.ISSUING)
        cost = cost_of(store.sealed_key(stem), f"{stem}.key")
        yield _Ceremony(store, KeyEnvelope(passphrase), cost, now)


class _Ceremony:
    """One sitting: keys are made, sealed, written, certified, in that order."""

    def __init__(self, folder: KeyFolder, envelope: KeyEnvelope, cost: ScryptCost, now: datetime) -> None:
        self.folder = folder
        self._envelope = envelope
        self._cost = cost
        self._now = now

    def found(self, names: AuthorityNames, tokens: Mapping[Role, TokenKey]) -> None:
        issuer = self.add_issuing(self.add_root(names))
        for role in (Role.TIMESTAMP_UNIT, *SEALS):
            self.add_leaf(role, issuer, tokens.get(role))
        self.folder.write_names(names)

    def add_root(self, names: AuthorityNames) -> CertificateIssuer:
        stem = self.folder.next(Role.ROOT)
        key = self._make_key(stem, _ROOT_CURVE)
        certificate = self_signed(key, role_name(names, Role.ROOT, stem.generation), names, self._now)
        issuer = CertificateIssuer(
            key, IssuerIdentity(certificate, (), str(stem), names), IssuanceLog(self.folder.file(stem, "log"))
        )
        self.write_root_crl(issuer)
        self.folder.write_certificate(stem, certificate)
        return issuer

    def add_issuing(self, root: CertificateIssuer) -> CertificateIssuer:
        stem = self.folder.next(Role.ISSUING)
        key = self._make_key(stem, _CURVE)
        certificate = self._certify(root, stem, key.public_key())
        identity = IssuerIdentity(certificate, (root.identity.certificate,), str(stem), root.identity.names)
        issuer = CertificateIssuer(key, identity, IssuanceLog(self.folder.file(stem, "log")))
        # The responder first: an issuing CA that nobody can ask about would not load.
        self.add_leaf(Role.OCSP, issuer)
        self.folder.write_certificate(stem, certificate)
        return issuer

    def add_leaf(self, role: Role, issuer: CertificateIssuer, token: TokenKey | None = None) -> None:
        stem = self.folder.next(role)
        if token is None:
            public_key: CertificatePublicKeyTypes = self._make_key(stem, _CURVE).public_key()
        else:
            public_key = find_or_generate(token)
            write_private(self.folder.file(stem, "token"), f"{token.to_uri()}\n".encode())
        self.folder.write_certificate(stem, self._certify(issuer, stem, public_key))

    def write_root_crl(self, root: CertificateIssuer) -> None:
        crl = root.crl(CrlWindow(self._now, self._now + ROOT_CRL_LIFETIME))
        write_private(self.folder.path / f"{root.identity.stem}.crl", crl)

    def issuer(self, stem: Stem) -> CertificateIssuer:
        return load_issuer(self.folder, stem, self._envelope)

    def current_issuer(self) -> CertificateIssuer:
        return self.issuer(self.folder.latest(Role.ISSUING))

    def current_root(self) -> CertificateIssuer:
        return self.issuer(self.folder.latest(Role.ROOT))

    def issuers_in_force(self) -> tuple[CertificateIssuer, ...]:
        issuers = (self.issuer(stem) for stem in self.folder.generations(Role.ISSUING))
        return tuple(each for each in issuers if each.identity.certificate.not_valid_after_utc > self._now)

    def _make_key(self, stem: Stem, curve: ec.EllipticCurve) -> ec.EllipticCurvePrivateKey:
        key = ec.generate_private_key(curve)
        write_private(self.folder.file(stem, "key"), self._envelope.seal(key, self._cost))
        return key

    def _certify(self, issuer: CertificateIssuer, stem: Stem, public_key: CertificatePublicKeyTypes) -> Certificate:
        subject = role_name(issuer.identity.names, stem.role, stem.generation)
        return issuer.issue(Issuance(stem.role, subject, public_key, PROFILES[stem.role]), self._now)
