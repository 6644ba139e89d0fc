"""The returned bundle is complete or refused (ZN-20): fixed names, the very contract, nothing hidden, nothing heavy."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
from dataclasses import replace

import pytest

from notary.certificates import take_in_bundle
from notary.errors import CertificateRefused, NotaryError
from tests.builders.hostile_pdf import with_action, with_embedded
from tests.builders.notary_office import (
    EXPECTED,
    NOW,
    agreement,
    bundle_of,
    bundle_parts,
    certificate,
    contract,
    office,
    picture,
    trust,
)

pytestmark = pytest.mark.rule("ZN-20")

WANTED = replace(EXPECTED, contract_sha256=hashlib.sha256(contract()).hexdigest())


def found(bundle: bytes) -> dict[str, list[str]]:
    """Parts by finding."""
    with pytest.raises(CertificateRefused) as refused:
        take_in_bundle(bundle, trust(), WANTED, NOW)
    by_code: dict[str, list[str]] = {}
    for finding in refused.value.findings:
        by_code.setdefault(finding.code, []).append(dict(finding.facts).get("part", ""))
    return by_code


@pytest.mark.rule("ZN-21")
def test_takes_a_complete_bundle() -> None:
    taken = take_in_bundle(bundle_of(), trust(), WANTED, NOW)
    assert [part.name for part in taken.parts] == sorted(bundle_parts())
    assert taken.certificate.number == "（2026）粤中石岐第001234号"
    kept = taken.part("certificate.pdf")
    assert kept is not None
    assert (kept.content, kept.sha256) == (certificate(), taken.certificate.sha256)
    assert {part.media_type for part in taken.parts} == {"application/pdf", "image/jpeg", "image/png"}


def test_names_every_part_that_is_missing() -> None:
    parts = bundle_parts(seller_licence__jpg=None, **{"buyer-2_id_back__jpg": None, "legal_rep_id_back__png": None})
    assert found(bundle_of(parts)) == {
        "bundle.part_missing": ["seller_licence", "legal_rep_id_back", "buyer-2_id_back"],
    }


@pytest.mark.rule("SZ-80")
def test_what_was_sent_comes_back_with_the_text_it_carries() -> None:
    sent = with_embedded(b"text.pdf", contract())
    parts = bundle_parts(contract__pdf=sent)
    wanted = replace(WANTED, contract_sha256=hashlib.sha256(sent).hexdigest())
    taken = take_in_bundle(bundle_of(parts), trust(), wanted, NOW)
    kept = taken.part("contract.pdf")
    assert kept is not None
    assert (kept.content, kept.media_type) == (sent, "application/pdf")
    assert found(bundle_of(parts)) == {
        "bundle.part_refused": ["contract.pdf"],
        "bundle.contract_differs": [""],
    }, "nobody else's file carries another"


def test_asks_no_back_of_a_document_with_one_side() -> None:
    parts = bundle_parts(**{"buyer-2_id_back__jpg": None})
    one_sided = replace(WANTED, one_sided=frozenset({"buyer-2"}))
    assert take_in_bundle(bundle_of(parts), trust(), one_sided, NOW).certificate.number


def test_asks_for_what_the_profile_names_and_no_more() -> None:
    alone = replace(WANTED, returned=("certificate",))
    assert len(take_in_bundle(bundle_of({"certificate.pdf": certificate()}), trust(), alone, NOW).parts) == 1
    with pytest.raises(NotaryError) as unknown:
        take_in_bundle(bundle_of(), trust(), replace(WANTED, returned=("horoscope",)), NOW)
    assert unknown.value.code == "bundle.kind_unknown"


@pytest.mark.parametrize(
    "name",
    ["../certificate.pdf", "/etc/passwd", "ids/buyer-1_id_front.jpg", "buyer-3_id_front.jpg", "readme.txt", "x/"],
)
def test_refuses_a_part_that_nobody_knows(name: str) -> None:
    assert found(bundle_of(bundle_parts() | {name: b"x"})) == {"bundle.part_unknown": [name]}


def test_refuses_one_part_twice() -> None:
    sink = io.BytesIO(bundle_of())
    with zipfile.ZipFile(sink, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("certificate.pdf", certificate())
    assert found(sink.getvalue()) == {"bundle.part_twice": ["certificate.pdf"]}
    both = bundle_parts(seller_licence__png=picture("PNG"))
    assert found(bundle_of(both)) == {"bundle.part_twice": ["seller_licence"]}


def test_refuses_another_contract() -> None:
    other = office().typeset(agreement(house="别处"), NOW).pdf
    assert set(found(bundle_of(bundle_parts(contract__pdf=other)))) == {"bundle.contract_differs"}


def test_refuses_a_part_that_is_not_what_its_name_says() -> None:
    parts = bundle_parts(seller_licence__jpg=picture("PNG"), legal_rep_id_front__jpg=b"MZ\x90\x00 a program")
    wrong = found(bundle_of(parts))
    assert wrong == {"bundle.part_type": ["seller_licence.jpg"], "bundle.part_refused": ["legal_rep_id_front.jpg"]}


def test_refuses_active_content_in_any_part() -> None:
    script = with_action(b"<< /S /JavaScript /JS (app.beep) >>")
    parts = bundle_parts(seller_licence__jpg=None, seller_licence__pdf=script)
    assert found(bundle_of(parts)) == {"bundle.part_refused": ["seller_licence.pdf"]}
    assert set(found(bundle_of(bundle_parts(certificate__pdf=script)))) == {"certificate.file"}


def test_says_what_is_wrong_with_the_certificate_and_with_the_rest() -> None:
    pdf = office().signed(agreement(number="（2026）粤珠香洲第1号", attached=False), NOW)
    parts = bundle_parts(certificate__pdf=pdf, seller_licence__jpg=None)
    assert set(found(bundle_of(parts))) == {"certificate.number_office", "bundle.part_missing"}


def test_refuses_what_is_no_zip() -> None:
    assert set(found(certificate())) == {"bundle.not_zip"}
    assert set(found(b"")) == {"bundle.not_zip"}
    assert set(found(bundle_of()[:-40])) == {"bundle.broken"}
    assert set(found(b"MZ\x90" + bundle_of())) == {"bundle.not_zip"}


def test_refuses_an_archive_within_an_archive() -> None:
    inside = b"PK\x03\x04" + bytes(60) + bundle_of()
    assert set(found(inside)) == {"bundle.foreign_bytes"}


def test_refuses_encrypted_parts() -> None:
    bundle = bytearray(bundle_of())
    directory = bundle.index(b"PK\x01\x02")
    bundle[directory + 8] |= 1
    assert set(found(bytes(bundle))) == {"bundle.encrypted"}


def test_refuses_a_bomb_by_what_it_claims_and_by_what_it_holds() -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("certificate.pdf", bytes(65 << 20))
    assert set(found(sink.getvalue())) == {"bundle.part_too_large"}
    lying = bytearray(sink.getvalue())
    struct.pack_into("<I", lying, lying.index(b"PK\x01\x02") + 24, 1000)  # the size the directory claims
    assert set(found(bytes(lying))) == {"bundle.broken"}


def test_refuses_more_parts_than_anybody_sends() -> None:
    assert "bundle.too_large" in found(bundle_of({f"part-{number}": b"" for number in range(65)}))
