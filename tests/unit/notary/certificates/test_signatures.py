"""A certificate counts only as the office signed it: every signature its own, in time, stamped, not revoked, whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from notary.certificates import OfficeTrust, verify_certificate
from notary.errors import CertificateRefused
from notary.offices import OfficeCertificate
from qianshu.demo_data.notary_office import DemoOffice, demo_office
from qianshu.demo_data.notary_pki import make_pki
from tests.builders.notary_office import DAY, EXPECTED, NOW, agreement, certificate, codes, office, trust

if TYPE_CHECKING:
    from qianshu.demo_data.notary_pki import OfficeSigner

pytestmark = pytest.mark.rule("ZN-19")


def found(pdf: bytes, held: OfficeTrust | None = None) -> set[str]:
    with pytest.raises(CertificateRefused) as refused:
        verify_certificate(pdf, held or trust(), EXPECTED, NOW)
    return codes(refused.value)


def pinning(signer: OfficeSigner, **changes: object) -> OfficeTrust:
    entered = OfficeCertificate(signer.der, signer.chain_der)
    return OfficeTrust(replace(office().record, certificates=(entered,)), **changes)  # type: ignore[arg-type]


def stranger() -> DemoOffice:
    return demo_office(NOW - DAY, "广东省珠海市香洲公证处", "粤珠香洲", make_pki(NOW - DAY, "另一家电子认证"))


@pytest.mark.rule("ZN-21")
def test_takes_the_certificate_of_the_office() -> None:
    facts = verify_certificate(certificate(), trust(), EXPECTED, NOW)
    assert (facts.number, facts.issued_on.isoformat()) == ("（2026）粤中石岐第001234号", "2026-11-21")
    assert (facts.level, facts.signed_at, facts.page_count) == ("B-LTA", NOW, 1)


def test_refuses_another_office_of_the_same_authority() -> None:
    """Their certificates have one issuer: only what the bureau entered for this office signs for it."""
    other = demo_office(NOW - DAY, "广东省中山市菊城公证处", "粤中菊城", office().pki)
    assert found(office().signed(agreement(), NOW, other.signer)) == {"certificate.other_signer"}


def test_refuses_an_office_of_another_authority() -> None:
    other = stranger()
    wrong = found(replace(other, record=office().record).signed(agreement(), NOW))
    assert {"certificate.other_signer", "office_signature.trust.no_chain"} <= wrong


def test_trusts_a_root_of_time_stamps_for_nothing_else() -> None:
    other = stranger()
    pdf = replace(other, record=office().record).signed(agreement(), NOW)
    pinned = OfficeCertificate(other.signer.der, trust().office.certificates[0].issuers)
    held = OfficeTrust(replace(office().record, certificates=(pinned,)), time_roots=(other.pki.root.der,))
    assert "office_signature.trust.no_chain" in found(pdf, held)


def test_refuses_a_certificate_that_had_expired_when_it_signed() -> None:
    signer = office().pki.office_signer(office().record.name, NOW - 60 * DAY, 30 * DAY)
    pdf = office().signed(agreement(), NOW, signer)
    assert "office_signature.certificate.outside_validity" in found(pdf, pinning(signer))


def test_refuses_a_certificate_revoked_before_it_signed() -> None:
    house = demo_office(NOW - 30 * DAY)
    house.pki.revoke(house.signer, NOW - DAY)
    pdf = house.signed(agreement(), NOW)
    assert "office_signature.certificate.revoked" in found(pdf, OfficeTrust(house.record))


def test_takes_what_was_signed_before_the_revocation() -> None:
    """The time-stamp is older than the revocation."""
    house = demo_office(NOW - 30 * DAY)
    sealed = house.sealed(house.typeset(agreement(), NOW - 2 * DAY // 48), NOW - 2 * DAY // 48)
    house.pki.revoke(house.signer, NOW)
    pdf = house.archived(sealed, NOW)
    assert verify_certificate(pdf, OfficeTrust(house.record), EXPECTED, NOW).level == "B-LTA"


def test_says_that_nobody_knows_of_a_revocation() -> None:
    pdf = office().sealed(office().typeset(agreement(), NOW), NOW)
    assert "office_signature.revocation.unknown" in found(pdf)
    told = replace(trust(), revocation=office().pki.crls(NOW))
    assert verify_certificate(pdf, told, EXPECTED, NOW).level == "B-T"


def test_refuses_a_pinned_certificate_without_its_issuers() -> None:
    """It would be its own anchor, and nobody could ever revoke it."""
    assert "office_signature.trust.no_chain" in found(certificate(), trust(issuers=()))
    house = office()
    pdf = house.signed(agreement(), NOW, house.signer)
    alone = OfficeCertificate(house.signer.der, (house.signer.der,))
    held = OfficeTrust(replace(house.record, certificates=(alone,)), time_roots=(house.pki.root.der,))
    assert "office_signature.trust.no_chain" in found(pdf, held)


def test_refuses_what_the_bureau_no_longer_trusts_or_not_yet() -> None:
    assert found(certificate(), trust(withdrawn_at=NOW)) == {"certificate.signer_withdrawn"}
    assert found(certificate(), trust(trusted_from=NOW + DAY)) == {"certificate.signer_not_yet"}


def test_refuses_a_time_stamp_of_nobody_known() -> None:
    house = office()
    pdf = replace(stranger(), record=house.record).sealed(house.typeset(agreement(), NOW), NOW, house.signer)
    assert "certificate.no_timestamp" in found(pdf, replace(trust(), revocation=house.pki.crls(NOW)))
