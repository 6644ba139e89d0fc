"""Keys that sign and never leave; a party's key signs once."""

from __future__ import annotations

import copy
import gc
import logging
import pickle
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from signing.errors import KeyStoreError
from signing.keys import SoftwareSigner, one_time_signer
from signing.keys.encrypted_key import KeyEnvelope
from signing.ports import SignatureAlgorithm
from tests.builders.keyring import BUYER, NOW, SELLER, make_keyring

THREADS = 8


@pytest.fixture(scope="module")
def ring(tmp_path_factory):
    return make_keyring(tmp_path_factory.mktemp("signers"))


def _verify(signer, signature: bytes, data: bytes) -> None:
    signer.certificate.public_key().verify(signature, data, ec.ECDSA(hashes.SHA256()))


def _private_keys_reachable_from(thing: object) -> list[object]:
    kinds = (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey)
    return [found for found in gc.get_referents(thing) if isinstance(found, kinds)]


@pytest.mark.parametrize("role", ["timestamp_unit", "service_seal", "filing_seal", "ocsp"])
def test_each_key_signs_what_its_certificate_verifies(ring, role):
    signer = getattr(ring, role)
    _verify(signer, signer.sign(b"text"), b"text")
    with pytest.raises(InvalidSignature):
        _verify(signer, signer.sign(b"text"), b"other text")
    assert signer.algorithm is SignatureAlgorithm.ECDSA_WITH_SHA256
    assert signer.issuers == (ring.issuing.certificate, ring.root)


def test_signs_with_rsa_too(ring):
    key = rsa.generate_private_key(65537, 2048)
    signer = SoftwareSigner(key, ring.service_seal.certificate, ())
    assert signer.algorithm is SignatureAlgorithm.RSA_WITH_SHA256
    key.public_key().verify(signer.sign(b"text"), b"text", padding.PKCS1v15(), hashes.SHA256())


def test_one_key_serves_many_threads(ring):
    with ThreadPoolExecutor(THREADS) as pool:
        texts = [b"text %d" % number for number in range(80)]
        for text, signature in zip(texts, pool.map(ring.service_seal.sign, texts), strict=True):
            _verify(ring.service_seal, signature, text)


def test_a_partys_key_signs_once(ring):
    signer = one_time_signer(ring.issuing, SELLER, NOW)
    _verify(signer, signer.sign(b"contract"), b"contract")
    for _ in range(2):
        with pytest.raises(KeyStoreError) as caught:
            signer.sign(b"contract")
        assert caught.value.code == "key.already_used"


def test_of_eight_threads_exactly_one_signs(ring):
    for _ in range(10):
        signer = one_time_signer(ring.issuing, SELLER, NOW)
        start = Barrier(THREADS)

        def attempt(number: int, signer=signer, start=start) -> bytes | str:
            start.wait()
            try:
                return signer.sign(b"%d" % number)
            except KeyStoreError as refusal:
                return refusal.code

        with ThreadPoolExecutor(THREADS) as pool:
            outcomes = list(pool.map(attempt, range(THREADS)))
        winners = [number for number, outcome in enumerate(outcomes) if isinstance(outcome, bytes)]
        assert len(winners) == 1
        assert outcomes.count("key.already_used") == THREADS - 1
        _verify(signer, outcomes[winners[0]], b"%d" % winners[0])


def test_the_key_is_gone_once_it_has_signed(ring):
    signer = one_time_signer(ring.issuing, SELLER, NOW)
    assert _private_keys_reachable_from(signer)  # the look finds it while it is there
    signer.sign(b"contract")
    assert _private_keys_reachable_from(signer) == []


def test_the_key_is_gone_even_when_signing_fails(ring):
    signer = one_time_signer(ring.issuing, SELLER, NOW)
    with pytest.raises(TypeError):
        signer.sign("not octets")
    with pytest.raises(KeyStoreError):
        signer.sign(b"octets")
    assert _private_keys_reachable_from(signer) == []


def test_an_abandoned_key_never_signs(ring):
    signer = one_time_signer(ring.issuing, SELLER, NOW)
    signer.abandon()
    signer.abandon()
    assert _private_keys_reachable_from(signer) == []
    with pytest.raises(KeyStoreError) as caught:
        signer.sign(b"contract")
    assert caught.value.code == "key.abandoned"


def test_leaving_the_block_abandons_an_unused_key(ring):
    with pytest.raises(ZeroDivisionError), one_time_signer(ring.issuing, SELLER, NOW) as signer:
        raise ZeroDivisionError
    with pytest.raises(KeyStoreError) as caught:
        signer.sign(b"contract")
    assert caught.value.code == "key.abandoned"


def test_leaving_the_block_after_signing_changes_nothing(ring):
    with one_time_signer(ring.issuing, SELLER, NOW) as signer:
        signer.sign(b"contract")
    with pytest.raises(KeyStoreError) as caught:
        signer.sign(b"contract")
    assert caught.value.code == "key.already_used"


def test_two_parties_never_share_a_key_or_a_serial(ring):
    signers = [one_time_signer(ring.issuing, subject, NOW) for subject in (SELLER, SELLER, BUYER)]
    assert len({signer.certificate.serial_number for signer in signers}) == 3
    assert len({signer.certificate.public_key().public_numbers().x for signer in signers}) == 3


@pytest.mark.parametrize("take", [pickle.dumps, copy.copy, copy.deepcopy], ids=["pickle", "copy", "deepcopy"])
def test_no_object_with_a_key_can_be_copied_or_pickled(ring, take):
    things = (
        ring,
        ring.issuing,
        ring.service_seal,
        one_time_signer(ring.issuing, SELLER, NOW),
        KeyEnvelope(b"correct horse battery"),
        ring.issuing._issuer,
    )
    for thing in things:
        with pytest.raises(KeyStoreError) as caught:
            take(thing)
        assert caught.value.code == "key.never_leaves"


def test_what_is_printed_or_logged_tells_serials_and_no_secret(ring, caplog):
    caplog.set_level(logging.DEBUG)
    party = one_time_signer(ring.issuing, SELLER, NOW)
    envelope = KeyEnvelope(b"correct horse battery")
    things = (ring, ring.issuing, ring.service_seal, party, ring.issuing._issuer, envelope)
    text = " ".join(f"{thing!r} {thing}" for thing in things) + caplog.text
    assert "PrivateKey" not in text
    assert "correct horse" not in text
    assert SELLER.name not in text  # not even the person: a log keeps it longer than the case
    assert f"{party.certificate.serial_number:x}" in text


def test_a_signer_has_no_public_way_to_its_key(ring):
    for signer in (ring.service_seal, one_time_signer(ring.issuing, SELLER, NOW)):
        reached = [getattr(signer, name) for name in dir(signer) if not name.startswith("_")]
        assert not any(isinstance(thing, ec.EllipticCurvePrivateKey) for thing in reached)
