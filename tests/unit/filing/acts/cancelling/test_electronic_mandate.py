"""A proxy at the window with an electronic mandate: what the notary certified counts, not what is typed (ZS-48, 49)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from filing.acts.cancelling.attendance import PersonPresent
from filing.acts.spec import Upload
from filing.lifecycle import State
from filing.profile.cancelling import Channel
from identity.representation import Basis
from notary.errors import CertificateRefused
from qianshu.demo_data.notary_papers import MandateNotarised, mandate_paper
from tests.builders.cases import AGENT, BUYER, SELLER, STRANGER
from tests.builders.desks import code_of
from tests.builders.filed import clerk, filed
from tests.builders.notary_office import DAY, NOW, TODAY, codes, picture
from tests.builders.notary_office import office as notary_office

pytestmark = [pytest.mark.rule("ZS-48"), pytest.mark.rule("ZS-49")]

CITY = "zhongshan"
MANDATE = MandateNotarised(
    number="（2026）粤中石岐第002001号",
    dated=TODAY - DAY,
    principal=(SELLER.name, SELLER.number),
    agent=(AGENT.name, AGENT.number),
    matters=("注销存量房买卖合同网签备案",),
    period=(TODAY - DAY, TODAY + 10 * DAY),
)
PROXY = PersonPresent(AGENT.name, AGENT.id_type, AGENT.number, original_seen=True, basis=Basis.AGENT_POA)


@pytest.fixture
def office(make):
    """Somebody is at the window."""
    made = make(filed, CITY)
    made.do("request-cancel", clerk(CITY), channel=Channel.WINDOW)
    made.do("upload-cancel-paper", clerk(CITY), paper="cancel_form", upload=Upload(picture(), "form.jpg"))
    return made


def hand_in(office, content: bytes | None = None, who=AGENT, **changes):
    pdf = content or notary_office().signed(mandate_paper(replace(MANDATE, **changes)), NOW)
    agent = {"agent_name": who.name, "agent_id_type": who.id_type, "agent_id_number": who.number}
    upload = Upload(pdf, "委托书.pdf")
    return office.do("hand-in-mandate", clerk(CITY), party="seller-1", **agent, upload=upload).answer


def attend(office, key: str, person: PersonPresent):
    return office.do("attend-cancel", clerk(CITY), party=key, present=(person,))


def test_the_attendance_rests_on_the_certificate(office):
    assert code_of(lambda: attend(office, "seller-1", PROXY)) == "input.refused"
    answer = hand_in(office)
    assert answer["number"] == MANDATE.number
    (kept,) = office.case.cancelling.current.file.mandates
    assert office.files.kept[office.case.case_no, kept.sha256].startswith(b"%PDF")
    attend(office, "seller-1", PROXY)
    attend(office, "buyer-1", PersonPresent(BUYER.name, BUYER.id_type, BUYER.number, original_seen=True))
    assert office.state is State.VOID


def test_it_speaks_for_nobody_else(office):
    hand_in(office)
    stranger = PersonPresent(STRANGER.name, STRANGER.id_type, STRANGER.number, original_seen=True, basis=PROXY.basis)
    assert code_of(lambda: attend(office, "seller-1", stranger)) == "input.refused"
    assert code_of(lambda: attend(office, "buyer-1", PROXY)) == "input.refused"


def test_what_it_says_counts_also_against_what_is_typed(office):
    """A mandate for another matter is refused, and leaves nothing behind."""
    with pytest.raises(CertificateRefused) as refused:
        hand_in(office, matters=("签订存量房买卖合同",))
    assert codes(refused.value) == {"mandate.matter"}
    assert not office.case.cancelling.current.file.mandates


def test_it_ends_with_its_period(office):
    hand_in(office)
    office.now += timedelta(days=11)
    assert code_of(lambda: attend(office, "seller-1", PROXY)) == "input.refused"


def test_a_photograph_of_a_mandate_is_none(office):
    with pytest.raises(CertificateRefused):
        hand_in(office, picture())


def test_handed_in_again_the_newest_counts(office):
    hand_in(office)
    hand_in(office, number="（2026）粤中石岐第002002号")
    assert [each.mandate.number for each in office.case.cancelling.current.file.mandates] == [
        "（2026）粤中石岐第002002号"
    ]
