"""A notarised mandate: an office on the list, principal and agent by their numbers, this very matter, its period."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from identity.numbers import IdType, check_number, folded
from identity.representation import Attestation, Mandate
from identity.subjects import PartyKind, Subject
from notary.certificates import MandateExpected, OfficeTrust, attested, verify_mandate
from notary.certificates.wording import read_period
from notary.errors import CertificateRefused
from qianshu.demo_data.notary_office import demo_office
from qianshu.demo_data.notary_papers import MandateNotarised, mandate_paper
from tests.builders.notary_office import DAY, NOW, TODAY, codes, office, picture, trust

if TYPE_CHECKING:
    from notary.certificates import MandateFacts

pytestmark = [pytest.mark.rule("ZS-48"), pytest.mark.rule("ZS-49"), pytest.mark.rule("SZ-13")]


def person(name: str, number: str) -> Subject:
    return Subject(name, check_number(IdType.RESIDENT_ID, number, TODAY), PartyKind.PERSON)


OWNER = person("何志强", "110101199003070011")
AGENT = person("李明", "440300198506150028")
WORDS = ("注销", "存量房买卖合同", "网签备案")
EXPECTED = MandateExpected(OWNER, AGENT, "cancel_filing", WORDS)

MANDATE = MandateNotarised(
    number="（2026）粤中石岐第002001号",
    dated=TODAY - DAY,
    principal=(OWNER.name, OWNER.number.normalised),
    agent=(AGENT.name, AGENT.number.normalised),
    matters=("办理注销存量房买卖合同网签备案手续", "代为签收有关文书"),
    period=(TODAY - DAY, TODAY + 30 * DAY),
)


def verified(**changes: object) -> MandateFacts:
    pdf = office().signed(mandate_paper(replace(MANDATE, **changes)), NOW)  # type: ignore[arg-type]
    return verify_mandate(pdf, EXPECTED, [trust()], NOW)


def found(**changes: object) -> set[str]:
    with pytest.raises(CertificateRefused) as refused:
        verified(**changes)
    return codes(refused.value)


def test_what_the_notary_certified_takes_the_place_of_what_is_typed() -> None:
    facts = verified()
    assert (facts.number, facts.office, facts.last_day) == (MANDATE.number, office().record.name, TODAY + 30 * DAY)
    mandate = attested(Mandate("", ()), facts, "cancel_filing")
    assert mandate.attestation is Attestation.NOTARISED
    assert (mandate.matters, mandate.papers) == (("cancel_filing",), ("mandate_original",))
    assert all(folded(word) in folded(mandate.scope) for word in WORDS)


def test_takes_a_mandate_until_its_matter_is_done() -> None:
    assert verified(period=None).last_day is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"principal": ("何志刚", OWNER.number.normalised)}, "mandate.principal"),
        ({"principal": (OWNER.name, "110101199003070038")}, "mandate.principal"),
        ({"agent": ("李明", "440300198506150036")}, "mandate.agent"),
        ({"matters": ("办理存量房买卖合同签订手续",)}, "mandate.matter"),
        ({"period": (TODAY - 30 * DAY, TODAY - DAY)}, "mandate.expired"),
        ({"period": (TODAY + DAY, TODAY + 30 * DAY)}, "mandate.not_started"),
        ({"number": "（2026）粤珠香洲第002001号"}, "certificate.number_office"),
        ({"dated": TODAY + DAY}, "certificate.date_future"),
    ],
)
def test_refuses_a_mandate_that_is_another(changes: dict[str, object], code: str) -> None:
    assert found(**changes) == {code}


def test_refuses_an_office_that_is_not_on_the_list() -> None:
    other = demo_office(NOW - DAY, "广东省珠海市香洲公证处", "粤珠香洲")
    pdf = other.signed(mandate_paper(replace(MANDATE, number="（2026）粤珠香洲第1号")), NOW)
    with pytest.raises(CertificateRefused) as refused:
        verify_mandate(pdf, EXPECTED, [trust()], NOW)
    assert codes(refused.value) == {"certificate.unknown_office"}
    assert verify_mandate(pdf, EXPECTED, [trust(), OfficeTrust(other.record)], NOW).office == other.record.name


def test_a_picture_is_no_electronic_mandate() -> None:
    with pytest.raises(CertificateRefused) as refused:
        verify_mandate(picture(), EXPECTED, [trust()], NOW)
    assert codes(refused.value) == {"certificate.not_pdf"}


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("委托期限：自2026年11月1日起至2027年10月31日止。", (date(2026, 11, 1), date(2027, 10, 31))),
        ("委托期限自二〇二六年十一月一日至二〇二七年十月三十一日止", (date(2026, 11, 1), date(2027, 10, 31))),
        ("委托有效期：自签署之日起至上述委托事项办结之日止", (None, None)),
        ("委托期限：自委托人签署本委托书之日起至2027年10月31日止", (None, date(2027, 10, 31))),
        ("委托期限：自签署之日起至2027-10-31止", None),
        ("委托期限：自签署之日起至2027年2月30日止", None),
        ("委托期限：自2026年2月30日起至2027年2月3日止", None),
        ("受托人无转委托权。", None),
    ],
)
def test_reads_a_period_or_none(words: str, period: tuple[date | None, date | None] | None) -> None:
    assert read_period(folded(words)) == period
