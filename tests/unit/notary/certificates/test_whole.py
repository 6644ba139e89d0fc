"""A certificate counts only whole: no signature behind another, no page altered, nothing after the last."""

from __future__ import annotations

import pytest

from notary.certificates import verify_certificate
from notary.errors import CertificateRefused
from qianshu.demo_data.notary_office import demo_office
from tests.builders.attacks.updates import append_update
from tests.builders.notary_office import DAY, EXPECTED, NOW, agreement, certificate, codes, office, trust

pytestmark = pytest.mark.rule("ZN-19")


def found(pdf: bytes) -> set[str]:
    with pytest.raises(CertificateRefused) as refused:
        verify_certificate(pdf, trust(), EXPECTED, NOW)
    return codes(refused.value)


def test_good_last_signature_does_not_hide_a_strangers_first() -> None:
    house, paper = office(), office().typeset(agreement(), NOW)
    other = demo_office(NOW - DAY, "广东省中山市菊城公证处", "粤中菊城", house.pki)
    pdf = house.archived(house.seal(house.certified(paper, NOW, other.signer), paper, NOW), NOW)
    assert found(pdf) == {"certificate.other_signer"}


def test_good_last_signature_does_not_hide_a_broken_first() -> None:
    house, paper = office(), office().typeset(agreement(), NOW)
    broken = altered(house.certified(paper, NOW))
    pdf = house.archived(house.seal(broken, paper, NOW), NOW)
    assert "office_signature.signature.hash_mismatch" in found(pdf)


def test_refuses_a_page_altered_after_signing() -> None:
    assert "office_signature.signature.hash_mismatch" in found(altered(certificate()))


def test_refuses_an_update_after_the_last_signature() -> None:
    """Whatever it changes: what follows the last signature is covered by none."""
    harmless = append_update(certificate(), {9999: b"<< /More true >>"})
    assert "certificate.not_whole" in found(harmless)
    assert "certificate.file" in found(certificate() + b"9999 0 obj\n<< >>\nendobj\n")


def test_refuses_a_paper_nobody_signed() -> None:
    assert found(office().typeset(agreement(), NOW).pdf) == {"certificate.not_signed"}


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7\n%%EOF", b"\xff\xd8\xff\xe0"])
def test_refuses_what_is_no_pdf(content: bytes) -> None:
    assert found(content) == {"certificate.file"}


def altered(pdf: bytes) -> bytes:
    """One letter of the document's title, which is signed."""
    place = pdf.index(b"/Title")
    end = pdf.index(b")", place)
    return pdf[: end - 1] + bytes([pdf[end - 1] ^ 1]) + pdf[end:]
