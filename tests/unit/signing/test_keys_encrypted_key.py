"""Private keys at rest: PBES2 with scrypt, readable by others' tools, silent about everything else."""

from __future__ import annotations

import subprocess

import pytest
from asn1crypto import pem
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from signing.der import integer, octet_string, oid, sequence
from signing.errors import KeyStoreError
from signing.keys import PRODUCTION_COST, ScryptCost
from signing.keys.encrypted_key import KeyEnvelope, cost_of

PASSPHRASE = b"correct horse battery staple"
CHEAP = ScryptCost(n=2, r=1, p=1)


@pytest.fixture(scope="module")
def key():
    return ec.generate_private_key(ec.SECP256R1())


def _raw(key) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _refusal(act) -> KeyStoreError:
    with pytest.raises(KeyStoreError) as caught:
        act()
    return caught.value


def test_opens_what_it_sealed(key):
    sealed = KeyEnvelope(PASSPHRASE).seal(key, CHEAP)
    assert _raw(KeyEnvelope(PASSPHRASE).open(sealed, "x.key")) == _raw(key)


def test_cryptography_opens_it_too(key):
    sealed = KeyEnvelope(PASSPHRASE).seal(key, ScryptCost(n=1024))
    assert _raw(load_pem_private_key(sealed, PASSPHRASE)) == _raw(key)


@pytest.mark.needs("openssl")
def test_openssl_opens_a_key_sealed_at_production_cost(key, tmp_path):
    path, secret = tmp_path / "k.pem", tmp_path / "secret"
    path.write_bytes(KeyEnvelope(PASSPHRASE).seal(key, PRODUCTION_COST))
    secret.write_bytes(PASSPHRASE)
    command = ["openssl", "pkey", "-in", str(path), "-passin", f"file:{secret}", "-outform", "DER"]
    opened = subprocess.run(command, check=True, capture_output=True).stdout
    assert opened == key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())


def test_production_cost_is_as_dear_as_the_owasp_floor_and_fits_openssl():
    # N = 2^17, p = 1 and its equals; OpenSSL allows scrypt 32 MiB by default.
    assert (PRODUCTION_COST.n, PRODUCTION_COST.r, PRODUCTION_COST.p) == (1 << 14, 8, 5)
    assert 128 * PRODUCTION_COST.n * PRODUCTION_COST.r < 32 << 20


def test_files_of_one_envelope_share_the_salt_but_never_the_iv(key):
    envelope = KeyEnvelope(PASSPHRASE)
    one, two = (pem.unarmor(envelope.seal(key, CHEAP))[2] for _ in range(2))
    assert one != two
    assert (
        len(
            {
                sealed[: sealed.index(bytes.fromhex("301d0609608648016503040 12a".replace(" ", "")))]
                for sealed in (one, two)
            }
        )
        == 1
    )


def test_a_wrong_passphrase_says_so_and_nothing_else(key):
    sealed = KeyEnvelope(PASSPHRASE).seal(key, CHEAP)
    # 600 wrong ones: about two decrypt to well-formed padding and must be refused all the same.
    for number in range(600):
        refusal = _refusal(lambda n=number: KeyEnvelope(b"guess %d" % n).open(sealed, "issuing-0001.key"))
        assert refusal.code == "key.wrong_passphrase"
        assert refusal.__cause__ is None
        assert refusal.fields == {"file": "issuing-0001.key"}


def _container(
    algorithm: str = "1.3.6.1.4.1.11591.4.11", n: int = 2, r: int = 1, p: int = 1, iv: bytes = bytes(16)
) -> bytes:
    scrypt = sequence(oid(algorithm), sequence(octet_string(bytes(16)), integer(n), integer(r), integer(p)))
    aes = sequence(oid("2.16.840.1.101.3.4.1.42"), octet_string(iv))
    info = sequence(sequence(oid("1.2.840.113549.1.5.13"), sequence(scrypt, aes)), octet_string(bytes(32)))
    return pem.armor("ENCRYPTED PRIVATE KEY", info)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a key",
        pem.armor("ENCRYPTED PRIVATE KEY", b"\x30\x80"),
        pem.armor("PRIVATE KEY", pem.unarmor(_container())[2]),
        _container(algorithm="1.2.840.113549.1.5.12"),
        _container(n=1 << 30),
        _container(n=3),
        _container(r=1 << 24),
        _container(p=1000),
        _container(iv=bytes(8)),
    ],
    ids=["empty", "text", "not DER", "not encrypted", "PBKDF2", "4 TB", "not a power", "wide", "slow", "short IV"],
)
def test_refuses_a_file_it_would_not_have_written(content):
    assert _refusal(lambda: KeyEnvelope(PASSPHRASE).open(content, "x.key")).code == "key.file_damaged"


def test_refuses_a_kind_of_key_nothing_here_signs_with(key):
    sealed = KeyEnvelope(PASSPHRASE).seal(ed25519.Ed25519PrivateKey.generate(), CHEAP)
    assert _refusal(lambda: KeyEnvelope(PASSPHRASE).open(sealed, "x.key")).code == "key.file_damaged"


def test_knows_what_a_stored_key_cost(key):
    assert cost_of(KeyEnvelope(PASSPHRASE).seal(key, ScryptCost(4, 2, 3)), "x.key") == ScryptCost(4, 2, 3)
