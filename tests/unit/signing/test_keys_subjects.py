"""Names in certificates: whole, masked, and never longer than X.520 lets them be."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from signing.errors import KeyStoreError
from signing.keys import AuthorityNames, PartySubject, Role, masked_reference_of
from signing.keys.subjects import party_name, role_name
from tests.builders.keyring import BUYER, NAMES, NOW, SELLER, make_keyring


@pytest.mark.parametrize(
    ("change", "attribute"),
    [
        ({"name": ""}, "name"),
        ({"name": " 张伟"}, "name"),
        ({"name": "张\n伟"}, "name"),
        ({"name": "张" * 65}, "name"),
        ({"case_no": ""}, "case_no"),
        ({"reference": "420200197812120034"}, "reference"),
        ({"reference": "4202****/0034"}, "reference"),
        ({"reference": ""}, "reference"),
        ({"reference": "*" * 65}, "reference"),
    ],
)
def test_refuses_what_may_not_stand_in_a_party_certificate(change, attribute):
    fields = {"name": "张伟", "reference": "4202**********0034", "case_no": "HS-1"} | change
    with pytest.raises(KeyStoreError) as caught:
        PartySubject(**fields)
    assert caught.value.code == "key.subject_refused"
    assert caught.value.fields == {"attribute": attribute}  # the value itself is nobody's business


def test_an_unmasked_number_is_not_repeated_in_the_refusal():
    with pytest.raises(KeyStoreError) as caught:
        PartySubject("张伟", "420200197812120034", "HS-1")
    assert "420200197812120034" not in f"{caught.value} {caught.value.zh} {caught.value.fields}"


@pytest.mark.parametrize("subject", [SELLER, BUYER, PartySubject("𠮷田·阿卜杜拉", "E12****78", "穗2026-0001")])
def test_party_name_carries_the_person_and_the_masked_reference(subject):
    name = party_name(subject)
    assert x509.Name.from_rfc4514_string(name.rfc4514_string()).rfc4514_string() == name.rfc4514_string()
    found = {attribute.oid: attribute.value for attribute in name}
    assert found[NameOID.COMMON_NAME] == subject.name
    assert found[NameOID.ORGANIZATIONAL_UNIT_NAME] == subject.case_no
    assert "*" not in found[NameOID.SERIAL_NUMBER]  # X.520: PrintableString has none


def test_masked_reference_comes_back_with_its_asterisks(tmp_path):
    ring = make_keyring(tmp_path)
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    certificate = ring.issuing.issue_party_certificate(SELLER, key, NOW)
    assert masked_reference_of(certificate) == "4202**********0034"
    assert masked_reference_of(ring.filing_seal.certificate) is None


def test_text_is_utf8string_and_country_printable():
    kinds = {attribute.oid: attribute._type.name for attribute in role_name(NAMES, Role.FILING_SEAL, 1)}
    assert kinds[NameOID.COUNTRY_NAME] == "PrintableString"
    assert {kind for oid, kind in kinds.items() if oid != NameOID.COUNTRY_NAME} == {"UTF8String"}


def test_each_role_and_generation_has_a_name_of_its_own():
    names = {role_name(NAMES, role, generation).public_bytes() for role in Role for generation in (1, 2)}
    assert len(names) == 2 * len(Role)


def test_the_filing_seal_is_the_housing_authoritys():
    seal = role_name(NAMES, Role.FILING_SEAL, 1)
    assert seal.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value == NAMES.filing_organization


@pytest.mark.parametrize(
    "change",
    [
        {"organization": ""},
        {"filing_organization": "局" * 51},
        {"organization_identifier": "91350100M000100Y43"},
        {"filing_organization_identifier": "NTRCN91350100M000100Y43"},
        {"base_url": "ftp://pki.example"},
        {"base_url": "http://pki.example/"},
        {"base_url": "http://pki.example/有"},
        {"policy_oid": "1.2.ours"},
    ],
)
def test_refuses_names_no_certificate_can_carry(change):
    fields = {"organization": "甲", "filing_organization": "乙"} | change
    with pytest.raises(KeyStoreError) as caught:
        AuthorityNames(**fields)
    assert caught.value.code == "key.subject_refused"
    assert caught.value.fields == {"attribute": next(iter(change))}
