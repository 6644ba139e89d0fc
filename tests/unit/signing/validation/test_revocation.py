"""What counts as an authentic statement about a certificate, and what says nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from signing.validation.revocation import RevocationStore, StatusAnswer
from tests.builders.validation_pki import BIRTH, DAY, YEAR, Holder, Pki, make_pki

AT = BIRTH + 10 * DAY


@pytest.fixture(scope="module")
def pki() -> Pki:
    return make_pki("Revocation")


@pytest.fixture(scope="module")
def party(pki: Pki) -> Holder:
    return pki.party("Party")


def answers(pki: Pki, party: Holder, *items: bytes) -> tuple[StatusAnswer, ...]:
    return RevocationStore((), items).answers(party.der, pki.issuing.der)


def crl_with(
    pki: Pki, *extensions: tuple[x509.ExtensionType, bool], key: ec.EllipticCurvePrivateKey | None = None
) -> bytes:
    builder = x509.CertificateRevocationListBuilder(pki.issuing.certificate.subject, AT, AT + DAY)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(key or pki.issuing.key, hashes.SHA256()).public_bytes(Encoding.DER)


def scope(**chosen: bool) -> x509.IssuingDistributionPoint:
    plain = {
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    return x509.IssuingDistributionPoint(
        full_name=None, relative_name=None, only_some_reasons=None, **{**plain, **chosen}
    )


def test_plain_list_says_good_and_revoked(pki: Pki, party: Holder) -> None:
    other = pki.party("Other")
    revoked_at = AT - DAY
    crl = pki.crl(pki.issuing, AT, ((other, revoked_at),))
    assert [item.revoked_at for item in answers(pki, party, crl)] == [None]
    assert [item.revoked_at for item in answers(pki, other, crl)] == [revoked_at]


def test_list_for_user_certificates_speaks_about_users(pki: Pki, party: Holder) -> None:
    assert len(answers(pki, party, crl_with(pki, (scope(only_contains_user_certs=True), True)))) == 1


@pytest.mark.parametrize(
    "made",
    [
        lambda pki: crl_with(pki, key=ec.generate_private_key(ec.SECP256R1())),
        lambda pki: crl_with(pki, (scope(indirect_crl=True), True)),
        lambda pki: crl_with(pki, (scope(only_contains_ca_certs=True), True)),
        lambda pki: crl_with(pki, (scope(only_contains_attribute_certs=True), True)),
        lambda pki: crl_with(pki, (x509.DeltaCRLIndicator(1), True)),
        lambda pki: crl_with(pki, (x509.DeltaCRLIndicator(1), False)),
        lambda pki: crl_with(pki, (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00"), True)),
        lambda pki: pki.crl(pki.root, AT),
        lambda _: b"nothing",
        lambda _: b"",
    ],
    ids=[
        "forged",
        "indirect",
        "for CAs",
        "for attributes",
        "delta",
        "soft delta",
        "unknown",
        "root's",
        "noise",
        "empty",
    ],
)
def test_list_that_does_not_fit_says_nothing(pki: Pki, party: Holder, made: Callable[[Pki], bytes]) -> None:
    assert answers(pki, party, made(pki)) == ()


def test_responder_named_by_the_authority_is_heard(pki: Pki, party: Holder) -> None:
    responder = pki.responder("Responder", BIRTH - 20 * YEAR, 80 * YEAR)
    assert [item.revoked_at for item in answers(pki, party, pki.ocsp(party, responder, AT))] == [None]
    assert [item.revoked_at for item in answers(pki, party, pki.ocsp(party, responder, AT, AT - DAY))] == [AT - DAY]


def test_authority_may_answer_itself(pki: Pki, party: Holder) -> None:
    oneself = make_pki("Old", BIRTH - 20 * YEAR, 80 * YEAR)
    someone = oneself.party("Someone")
    answer = oneself.ocsp(someone, oneself.issuing, AT)
    assert len(RevocationStore((), (answer,)).answers(someone.der, oneself.issuing.der)) == 1
    assert answers(pki, party, answer) == ()


def test_responder_of_another_authority_says_nothing(pki: Pki, party: Holder) -> None:
    other = make_pki("Another", BIRTH - 20 * YEAR, 80 * YEAR)
    responder = other.responder("Foreign responder", BIRTH - 20 * YEAR, 80 * YEAR)
    assert answers(pki, party, pki.ocsp(party, responder, AT)) == ()


def test_certificate_for_another_purpose_may_not_answer(pki: Pki, party: Holder) -> None:
    stamper = pki.stamper("No responder", BIRTH - 20 * YEAR, 80 * YEAR, no_check=True)
    usage = stamper.certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert ExtendedKeyUsageOID.OCSP_SIGNING not in usage
    assert answers(pki, party, pki.ocsp(party, stamper, AT)) == ()


def test_responder_whose_certificate_is_over_says_nothing(pki: Pki, party: Holder) -> None:
    # produced_at is the clock of the machine, which is past 2001 by now.
    expired = pki.responder("Expired responder", BIRTH - 30 * YEAR, YEAR)
    assert answers(pki, party, pki.ocsp(party, expired, AT)) == ()


def test_answer_signed_with_another_key_than_its_certificate_says_nothing(pki: Pki, party: Holder) -> None:
    responder = pki.responder("Robbed responder", BIRTH - 20 * YEAR, 80 * YEAR)
    robber = replace(responder, key=ec.generate_private_key(ec.SECP256R1()))
    good = pki.ocsp(party, responder, AT)
    assert len(answers(pki, party, good)) == 1
    tampered = bytearray(good)
    tampered[good.index(responder.certificate.serial_number.to_bytes(20, "big")[4:]) - 200] ^= 1
    assert robber.key is not responder.key
    assert answers(pki, party, bytes(tampered)) == ()


def test_answer_about_somebody_else_says_nothing(pki: Pki, party: Holder) -> None:
    responder = pki.responder("Responder", BIRTH - 20 * YEAR, 80 * YEAR)
    assert answers(pki, party, pki.ocsp(pki.party("Else"), responder, AT)) == ()


def test_data_in_the_file_are_told_from_data_of_the_caller(pki: Pki, party: Holder) -> None:
    crl = pki.crl(pki.issuing, AT)
    inside = RevocationStore((crl,), (crl,)).answers(party.der, pki.issuing.der)
    outside = RevocationStore((), (crl,)).answers(party.der, pki.issuing.der)
    assert ([item.embedded for item in inside], [item.embedded for item in outside]) == ([True], [False])


def test_list_says_whether_it_keeps_expired_certificates(pki: Pki, party: Holder) -> None:
    keeping, forgetting = pki.crl(pki.issuing, AT), pki.crl(pki.issuing, AT, expired_too=False)
    assert [item.covers_expired for item in answers(pki, party, keeping, forgetting)] == [True, False]
    assert answers(pki, party, keeping)[0].next_update == AT + timedelta(days=30)
