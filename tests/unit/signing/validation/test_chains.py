"""Chains to trust anchors: found, refused, and never searched for without end."""

from __future__ import annotations

from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from signing.validation.chains import SIGNING, STAMPING, ChainBuilder, load_certificate
from tests.builders.validation_pki import BIRTH, DAY, YEAR, make_pki

PKI = make_pki("Chains")


def test_chain_goes_from_leaf_to_anchor() -> None:
    party = PKI.party("Party")
    chain = ChainBuilder([PKI.root.der], [load_certificate(PKI.issuing.der)]).chain(
        load_certificate(party.der), SIGNING
    )
    assert chain.problem is None
    assert [item.dump() for item in chain.certificates] == [party.der, PKI.issuing.der, PKI.root.der]


def test_chain_without_the_issuer_is_not_found() -> None:
    chain = ChainBuilder([PKI.root.der], []).chain(load_certificate(PKI.party("Party").der), SIGNING)
    assert (chain.problem, chain.sub_indication) == ("trust.no_chain", "NO_CERTIFICATE_CHAIN_FOUND")


def test_trust_anchor_itself_is_a_chain_of_one() -> None:
    party = PKI.party("Anchor")
    chain = ChainBuilder([party.der], []).chain(load_certificate(party.der), SIGNING)
    assert [item.dump() for item in chain.certificates] == [party.der]


def test_purpose_is_held() -> None:
    party = load_certificate(PKI.party("Party").der)
    chain = ChainBuilder([PKI.root.der], [load_certificate(PKI.issuing.der)]).chain(party, STAMPING)
    assert chain.problem == "trust.constraints"


def test_root_of_time_stamps_is_none_of_signatures() -> None:
    chains = ChainBuilder([], [load_certificate(PKI.issuing.der)], [PKI.root.der])
    assert chains.chain(load_certificate(PKI.stamper("Unit").der), STAMPING).problem is None
    assert chains.chain(load_certificate(PKI.party("Party").der), SIGNING).problem == "trust.no_chain"


def test_certificate_that_outlived_its_issuer_by_all_its_days_has_no_chain() -> None:
    short = make_pki("Short", BIRTH, 10 * DAY)
    late = short.party("Late", BIRTH + 20 * DAY, YEAR)
    chain = ChainBuilder([short.root.der], [load_certificate(short.issuing.der)]).chain(
        load_certificate(late.der), SIGNING
    )
    assert chain.problem == "trust.constraints"


def test_authorities_of_one_name_are_not_tried_in_every_order() -> None:
    # Twelve of them have 479 001 600 orders.
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Everybody")])
    authorities = [load_certificate(_anybody(name, is_ca=True)) for _ in range(12)]
    leaf = load_certificate(_anybody(name, is_ca=False))
    chain = ChainBuilder([PKI.root.der], authorities).chain(leaf, SIGNING)
    assert chain.problem == "trust.no_chain"


def _anybody(name: x509.Name, *, is_ca: bool) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    usage = x509.KeyUsage(
        digital_signature=not is_ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BIRTH)
        .not_valid_after(BIRTH + timedelta(days=100))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.DER)
    )
