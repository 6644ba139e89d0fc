"""Seal keys that stay in a PKCS #11 token (OASIS PKCS #11 v2.40): made there, used there, never exported.

The library is loaded once per process, and one session is kept per signer. ``python-pkcs11`` initialises a library
without telling it about threads (``C_Initialize(NULL)``, § 5.4), so every call into one library is under one lock.
After a fork the child initialises anew and opens its own session (§ 5.4 again); a session the token has lost is
reopened once. A refused PIN is never tried twice: a few wrong tries lock a token for good.
"""

from __future__ import annotations

import os
from contextlib import suppress
from hashlib import sha256
from threading import RLock
from typing import TYPE_CHECKING, Any, Final, NoReturn

import pkcs11
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters
from pkcs11.util.rsa import encode_rsa_public_key

from signing.keys import refusals
from signing.keys.private_files import read_passphrase
from signing.ports import SignatureAlgorithm

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from signing.keys.token_key import TokenKey

__all__ = ["Pkcs11Signer", "find_or_generate"]

_SESSION_LOST: Final = (
    pkcs11.SessionHandleInvalid,
    pkcs11.SessionClosed,
    pkcs11.DeviceError,
    pkcs11.DeviceRemoved,
    pkcs11.GeneralError,
    pkcs11.KeyHandleInvalid,
    pkcs11.ObjectHandleInvalid,
    pkcs11.TokenNotPresent,
    pkcs11.UserNotLoggedIn,
)
_PIN_REFUSED: Final = (
    pkcs11.PinExpired,
    pkcs11.PinIncorrect,
    pkcs11.PinInvalid,
    pkcs11.PinLenRange,
    pkcs11.PinLocked,
)


class _Module:
    """One library in one process, and the lock that makes it safe for threads."""

    loaded: Final[dict[str, _Module]] = {}
    loading: Final = RLock()

    def __init__(self, path: str) -> None:
        self.lock = RLock()
        self.process_id = os.getpid()
        self.library: Any = pkcs11.lib(path)

    @classmethod
    def of(cls, path: str) -> _Module:
        module = cls.loaded.get(path)
        if module is not None and module.process_id == os.getpid():
            return module  # without the lock below: a fork may have left it held
        with cls.loading:
            module = cls.loaded.get(path)
            if module is None:
                module = cls.loaded[path] = cls(path)
            module.follow_fork()
            return module

    def follow_fork(self) -> None:
        """In a forked child the parent's initialisation does not count, though the library object believes it does."""
        if self.process_id == os.getpid():
            return
        self.lock = RLock()  # the parent's may have been held by a thread that does not exist here
        with suppress(pkcs11.PKCS11Error):  # a library that noticed the fork itself says it was never initialised
            self.library.finalize()
        self.library.initialize()
        self.process_id = os.getpid()


PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


class Pkcs11Signer:
    """A seal whose key is in a token. The session is opened at the first signature; safe for threads and forks."""

    __slots__ = ("_algorithm", "_certificate", "_issuers", "_key", "_pin_refused", "_place", "_process_id", "_session")

    def __init__(self, place: TokenKey, certificate: Certificate, issuers: tuple[Certificate, ...]) -> None:
        self._place = place
        self._certificate = certificate
        self._issuers = issuers
        is_ec = isinstance(certificate.public_key(), ec.EllipticCurvePublicKey)
        self._algorithm = SignatureAlgorithm.ECDSA_WITH_SHA256 if is_ec else SignatureAlgorithm.RSA_WITH_SHA256
        self._session: Any = None
        self._key: Any = None
        self._process_id = 0
        self._pin_refused = False

    @property
    def algorithm(self) -> SignatureAlgorithm:
        return self._algorithm

    @property
    def certificate(self) -> Certificate:
        return self._certificate

    @property
    def issuers(self) -> tuple[Certificate, ...]:
        """Issuing CA first, root last."""
        return self._issuers

    def sign(self, data: bytes) -> bytes:
        """Signature over SHA-256 of ``data`` (ECDSA: DER), made in the token."""
        label = self._place.token_label
        try:
            module = _Module.of(self._place.module_path)
            with module.lock:
                try:
                    return self._sign_in_session(data)
                except _SESSION_LOST:
                    self._session = None  # once more in a new session: a second signature of a seal harms nobody
                    return self._sign_in_session(data)
        except pkcs11.PKCS11Error as error:
            if isinstance(error, _PIN_REFUSED):
                self._pin_refused = True
                raise refusals.pin_refused(label) from error
            raise refusals.token_unavailable(label, type(error).__name__) from error

    def _sign_in_session(self, data: bytes) -> bytes:
        # A session of the parent process is forgotten, not closed: its number may be another session's here.
        if self._session is None or self._process_id != os.getpid():
            self._open()
        if self._algorithm is SignatureAlgorithm.RSA_WITH_SHA256:
            return bytes(self._key.sign(data, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS))
        raw: bytes = self._key.sign(sha256(data).digest(), mechanism=pkcs11.Mechanism.ECDSA)
        half = len(raw) // 2  # PKCS #11 v2.40 mechanisms § 2.3.1: r and s side by side
        return encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))

    def _open(self) -> None:
        if self._pin_refused:
            raise refusals.pin_refused(self._place.token_label)
        self._session = None
        session = _open_session(self._place)
        self._key = _the_one(session, self._place, pkcs11.ObjectClass.PRIVATE_KEY)
        self._session, self._process_id = session, os.getpid()

    def __repr__(self) -> str:
        return f"Pkcs11Signer(serial={self._certificate.serial_number:x})"

    def __reduce__(self) -> NoReturn:
        raise refusals.never_leaves()


def find_or_generate(place: TokenKey) -> PublicKey:
    """The public half of the key at ``place``; a P-256 key is made there when there is none yet.

    A key that is there already is taken as it is: in a real ceremony the token's custodian makes it beforehand.
    """
    try:
        module = _Module.of(place.module_path)
        with module.lock, _open_session(place, rw=True) as session:
            if not _find(session, place, pkcs11.ObjectClass.PUBLIC_KEY):
                _generate(session, place)
            return _public_key(_the_one(session, place, pkcs11.ObjectClass.PUBLIC_KEY))
    except _PIN_REFUSED as error:
        raise refusals.pin_refused(place.token_label) from error
    except pkcs11.PKCS11Error as error:
        raise refusals.token_unavailable(place.token_label, type(error).__name__) from error


def _open_session(place: TokenKey, **mode: bool) -> Any:  # noqa: ANN401 - python-pkcs11 is untyped
    pin = read_passphrase(place.pin_path).decode()
    token = pkcs11.lib(place.module_path).get_token(token_label=place.token_label)
    try:
        return token.open(user_pin=pin, **mode)
    except pkcs11.UserAlreadyLoggedIn:
        return token.open(**mode)  # § 5.6: the login is the process's, another seal's session made it


def _generate(session: Any, place: TokenKey) -> None:  # noqa: ANN401 - python-pkcs11 is untyped
    curve = {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters("secp256r1")}
    parameters = session.create_domain_parameters(pkcs11.KeyType.EC, curve, local=True)
    parameters.generate_keypair(
        id=place.key_id or os.urandom(8),
        label=place.key_label,
        store=True,
        capabilities=pkcs11.MechanismFlag.SIGN | pkcs11.MechanismFlag.VERIFY,
        mechanism=pkcs11.Mechanism.EC_KEY_PAIR_GEN,
    )


def _find(session: Any, place: TokenKey, kind: pkcs11.ObjectClass) -> list[Any]:  # noqa: ANN401 - untyped
    wanted = {pkcs11.Attribute.CLASS: kind, pkcs11.Attribute.LABEL: place.key_label}
    if place.key_id is not None:
        wanted[pkcs11.Attribute.ID] = place.key_id
    return list(session.get_objects(wanted))


def _the_one(session: Any, place: TokenKey, kind: pkcs11.ObjectClass) -> Any:  # noqa: ANN401 - untyped
    found = _find(session, place, kind)
    if len(found) != 1:
        raise refusals.token_key_missing(place.token_label, place.key_label)
    return found[0]


def _public_key(key: Any) -> PublicKey:  # noqa: ANN401 - python-pkcs11 is untyped
    if key.key_type is pkcs11.KeyType.RSA:
        loaded = load_der_public_key(encode_rsa_public_key(key))
    else:
        loaded = load_der_public_key(encode_ec_public_key(key))
    if not isinstance(loaded, (ec.EllipticCurvePublicKey, rsa.RSAPublicKey)):
        raise TypeError("neither EC nor RSA")
    return loaded
