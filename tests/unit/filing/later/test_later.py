"""After the commit: every handler harmless twice, down services asked again, nothing personal in what waits."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from filing.acts import ACTS
from filing.case.signing import WetCopy
from filing.contract import read_object
from filing.effects.telling import tell
from filing.engine.outcome import Outcome, Task
from filing.errors import FilingError
from filing.later import HANDLERS, StillWaiting
from filing.later.follow_up import act_as_system
from filing.later.renew_file import renew_file
from filing.lifecycle import CasePosition, State
from filing.messages import MessageKey
from filing.profile.signing import SignMethod
from identity.codes import SealedMessage
from identity.codes.message import TextMessage, seal_message
from identity.numbers import Region
from identity.outside import OutsideUnavailable
from signing.errors import TimeStampError
from tests.builders.cases import BUYER, FOREIGNER, SELLER, party
from tests.builders.filed import (
    Row,
    Sealer,
    filed,
    fixed,
    in_review,
    registry,
    reviewed_and_filed,
    reviewer,
    sealer,
    signed,
)
from tests.builders.house import no_time
from tests.builders.plain_pdf import plain_pdf


def approved(make):
    """Filed; nothing of what follows is done yet."""
    office = make(in_review)
    office.do("claim-review", reviewer())
    office.do("approve-review", reviewer())
    office.do("seal-filing", sealer())
    return office


@pytest.mark.rule("SZ-78")
def test_stamping_twice_is_stamping_once(make):
    office = approved(make)
    (row,) = office.waiting("stamp")
    HANDLERS["stamp"](office.later, row)
    first, version = office.case.filing.sealed, office.version
    HANDLERS["stamp"](office.later, row)
    assert (office.case.filing.sealed, office.version) == (first, version)
    assert [item.kind for item in office.feed] == ["filed"]


def test_without_a_time_stamp_nothing_is_sealed_and_it_is_tried_again(make):
    office = approved(make)
    service = office.service
    office.service = replace(service, desk=replace(service.desk, timestamper=no_time))
    with pytest.raises(TimeStampError):
        office.work_off("stamp")
    assert office.case.filing.sealed is None
    assert office.feed == []
    office.service = service
    office.work_off("stamp")
    assert office.case.filing.sealed is not None


def test_a_sealed_file_is_renewed_once_and_what_was_filed_stays(make):
    office = approved(make)
    office.work_off("stamp")
    filed_as = office.case.filing.sealed.sha256
    renewed, closing = renew_file(office.later, office.case.case_no, filed_as)
    again, _ = renew_file(office.later, office.case.case_no, filed_as)
    assert renewed == again
    assert office.case.filing.sealed.sha256 == filed_as
    filed_file = read_object(
        office.later.house_of(office.case.case_no).world.contract(office.case.case_no, 1), filed_as
    )
    assert renewed.startswith(filed_file)
    assert closing.kind == "archive"
    with pytest.raises(FilingError) as refused:
        renew_file(office.later, office.case.case_no, "0" * 64)
    assert refused.value.code == "renewal.unknown"


def test_a_filing_revoked_meanwhile_is_not_stamped(make):
    office = make(signed, "wuhan")
    office.do("registry-accept", registry("wuhan"), reference="D-1")
    office.do("registry-reject", registry("wuhan"), reason="材料不齐")
    office.work_off("stamp")
    assert office.case.filing.sealed is None
    assert office.feed == []
    office.do("registry-accept", registry("wuhan"), reference="D-2")
    office.work_off("stamp")
    assert [item.kind for item in office.feed] == ["filed"]


@pytest.mark.rule("SZ-79")
def test_the_scan_of_a_hand_signed_contract_is_stamped(make, service):
    office = make(fixed, "shenzhen")
    scan = plain_pdf()
    sha256 = office.files.put(office.case.case_no, scan, "application/pdf")
    case = office.case
    wet = WetCopy(sha256, office.text, 1, office.now)
    office.case = replace(
        case,
        position=CasePosition(State.FILED),
        signing=replace(case.signing, method=SignMethod.WET, wet=wet),
        filing=replace(case.filing, number="备-9", filed_at=office.now),
    )
    office.queue(Task("stamp", {"case_no": case.case_no, "text_version": 1}))
    office.work_off("stamp")
    acts = office.acts_of_contract()
    assert acts.done("scan").facts["scan_sha256"] == sha256
    assert office.case.filing.sealed.sha256 == acts.done("seal").sha256
    stamped = read_object(office.contract(case.case_no, 1), office.case.filing.sealed.sha256)
    assert stamped.startswith(scan), "the scan itself is untouched"
    assert office.feed[0].kind == "filed"


def test_each_filed_case_gets_its_dossier(make):
    office = make(reviewed_and_filed)
    assert office.dossiers.closed == [(office.case.case_no, 1)]
    assert office.case.filing.sealed.evidence_sha256 == "e" * 64
    office.done.clear()
    office.work_off("archive")
    assert office.case.filing.sealed.evidence_sha256 == "e" * 64


@pytest.mark.rule("HS-34")
def test_a_recipient_that_is_down_is_asked_again_and_the_others_are_not_doubled(make):
    office = make(signed, "wuhan")
    office.recipients.down = {"tax"}
    office.do("registry-accept", registry("wuhan"), reference="D-1")
    office.work_off("stamp")
    for row in office.waiting("push"):
        if row.payload["recipient"] == "tax":
            with pytest.raises(OutsideUnavailable):
                HANDLERS["push"](office.later, row)
        else:
            HANDLERS["push"](office.later, row)
            office.done.add(row.task_id)
    assert "tax" not in dict(office.case.registry.pushed)
    office.recipients.down = set()
    office.work_off("push")
    assert sorted(name for name, _ in office.recipients.got) == ["banks", "housing_fund", "registry", "tax"]


def test_what_waits_names_nobody(make):
    office = make(reviewed_and_filed)
    waiting = json.dumps([row.payload for row in office.rows.values()], ensure_ascii=False)
    for personal in (SELLER.name, BUYER.name, SELLER.phone, BUYER.phone, SELLER.number, "湖滨中路"):
        assert personal not in waiting
    assert office.sms.sent


def test_a_message_service_that_is_down_is_asked_again_and_writes_once(make):
    office = approved(make)
    office.sms.down = True
    with pytest.raises(OutsideUnavailable):
        office.work_off("notify")
    office.sms.down = False
    office.work_off("notify")
    sent = len(office.sms.sent)
    office.done.clear()
    office.work_off("notify")
    assert len(office.sms.sent) == sent
    assert len(office.told(SELLER)) == len(set(office.told(SELLER)))


def test_foreigners_are_written_to_in_english(make):
    guest = party(FOREIGNER, "buyer-1")
    assert guest.identified.region is Region.OTHER
    office = make(filed, "huangshi")
    office.case = replace(office.case, people=replace(office.case.people, parties=(party(SELLER, "seller-1"), guest)))
    told = tell(Outcome(office.case), MessageKey.FILED, ("seller-1", "buyer-1"), "x")
    office.queue(*told.tasks)
    office.work_off("notify")
    assert "passed review" in office.told(FOREIGNER)[0]
    assert "已审核通过" in office.told(SELLER)[0]


def test_somebody_without_a_telephone_stops_nothing(make):
    office = make(filed, "huangshi")
    mute = party(BUYER, "buyer-1", contact=None)
    office.case = replace(office.case, people=replace(office.case.people, parties=(party(SELLER, "seller-1"), mute)))
    office.queue(*tell(Outcome(office.case), MessageKey.FILED, ("buyer-1", "gone-9"), "x").tasks)
    office.work_off("notify")
    assert office.sms.sent == {}


def sealed_row(office, expires_at) -> Row:
    message = TextMessage(BUYER.phone, "验证码{code}", {"code": "246810"}, expires_at)
    payload = seal_message(Sealer(), "code-1", message).to_payload()
    return Row(1, "sms", {"case_no": office.case.case_no, **payload})


def test_a_code_is_opened_only_to_be_sent(make):
    office = make(fixed, "wuhan")
    row = sealed_row(office, office.now + timedelta(minutes=5))
    assert "246810" not in json.dumps(row.payload)
    HANDLERS["sms"](office.later, row)
    HANDLERS["sms"](office.later, row)
    assert office.told(BUYER) == ["验证码246810"]
    assert SealedMessage.from_payload(row.payload).sealed == base64.b64decode(row.payload["sealed"])


def test_a_code_that_is_worthless_is_not_sent(make):
    office = make(fixed, "wuhan")
    HANDLERS["sms"](office.later, sealed_row(office, office.now))
    assert office.sms.sent == {}


def test_every_kind_of_task_has_a_handler(make):
    office = make(reviewed_and_filed)
    assert {row.kind for row in office.rows.values()} <= set(HANDLERS)


def test_acts_of_the_service_come_from_the_table():
    by_act = {kind for kind, handler in HANDLERS.items() if handler is act_as_system}
    assert {"settle-qualification", "settle-assessment", "retry-register", "report-qualification"} <= by_act
    assert by_act <= set(ACTS)


def test_a_case_that_has_moved_on_needs_nothing_more(make):
    office = make(filed, "shenzhen")
    HANDLERS["settle-assessment"](office.later, Row(1, "settle-assessment", {"case_no": office.case.case_no}))
    assert office.refused[-1].data["act"] == "settle-assessment"


def test_undecided_is_asked_again(make, monkeypatch):
    office = make(filed, "shenzhen")
    act = ACTS["settle-assessment"]
    pending = replace(
        act,
        check=None,
        gather=None,
        states=frozenset(State),
        decide=lambda situation, _, __: Outcome(situation.case).answering(state="pending"),
    )
    monkeypatch.setattr("filing.later.follow_up.ACTS", {"settle-assessment": pending})
    with pytest.raises(StillWaiting):
        HANDLERS["settle-assessment"](office.later, Row(1, "settle-assessment", {"case_no": office.case.case_no}))
