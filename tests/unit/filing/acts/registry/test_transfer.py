"""The land registry: it has the file, takes, returns, carries out; what that does to a case in each city."""

from __future__ import annotations

from dataclasses import replace

import pytest

from errors import QianshuError
from filing.effects.telling import tell
from filing.engine.outcome import Outcome
from filing.errors import GuardsRefuse, NotYours
from filing.lifecycle import Event, NotPossibleInState, State, apply
from filing.messages import MessageKey
from filing.profile import HouseUse, NotInThisCity, state_label
from identity.acting import Machine, MachineKind
from identity.staff import StaffRole
from tests.builders.cases import BUYER, COMPANY, SELLER, STRANGER, acting, cities, party, staff
from tests.builders.filed import (
    buyer,
    filed,
    fixed,
    registry,
    reviewed_and_filed,
    seller,
    signed,
)


@pytest.mark.rule("ZS-41")
@pytest.mark.parametrize("city", ["huangshi", "shenzhen", "zhongshan"])
def test_a_filed_contract_goes_through_registration(make, city):
    office = make(filed, city)
    office.do("registry-accept", registry(city), reference="D-1")
    assert office.state is State.REGISTERING
    assert office.case.registry.reference == "D-1"
    office.do("registry-done", registry(city))
    assert office.state is State.TRANSFERRED
    assert office.case.registry.transferred_at == office.now
    office.work_off("notify")
    assert office.told(BUYER)


def test_only_the_registry_answers(make):
    office = make(filed, "huangshi")
    for caller in (seller(), buyer(), registry("wuhan"), Machine("n", MachineKind.NOTARY, ("huangshi",), ())):
        with pytest.raises(NotYours):
            office.do("registry-accept", caller, reference="D-1")
    office.do("registry-accept", staff(StaffRole.REGISTRAR, "huangshi", STRANGER), reference="D-1")
    assert office.state is State.REGISTERING


@pytest.mark.rule("SZ-92")
@pytest.mark.rule("H-07")
@pytest.mark.parametrize("city", ["shenzhen", "zhongshan"])
def test_after_acceptance_nothing_is_cancelled(make, city):
    office = make(filed, city)
    office.do("registry-accept", registry(city), reference="D-1")
    with pytest.raises(QianshuError) as refused:
        office.do("request-cancel", buyer(city))
    assert refused.value.code == "act.not_now"
    assert office.state is State.REGISTERING


def test_a_case_being_cancelled_is_not_accepted(make):
    office = make(filed, "shenzhen")
    office.do("request-cancel", seller("shenzhen"))
    with pytest.raises(QianshuError):
        office.do("registry-accept", registry("shenzhen"), reference="D-1")
    assert office.state is State.CANCELLING


def test_a_rejected_application_leads_back_with_its_reason(make):
    office = make(filed, "huangshi")
    office.do("registry-accept", registry(), reference="D-1")
    with pytest.raises(GuardsRefuse):
        office.do("registry-reject", registry(), reason=" ")
    office.do("registry-reject", registry(), reason="缺少共有人同意书。")
    assert office.state is State.FILED
    assert office.case.filing.in_force
    office.work_off("notify")
    assert "缺少共有人同意书。" in office.told(SELLER)[-1]


@pytest.mark.rule("WH-12")
@pytest.mark.rule("H-35")
def test_in_wuhan_acceptance_files_and_rejection_undoes_it(make):
    office = make(signed, "wuhan")
    number = f"420100备{office.case.case_no}"
    office.do("registry-accept", registry("wuhan"), reference="D-1")
    assert office.case.filing.in_force
    assert office.case.filing.number == number
    office.work_off()
    assert office.feed[0].kind == "filed"
    assert "stamp" not in office.acts_of_contract().by_name, "no stamp in this city"
    assert office.acts_of_contract().done("seal") is not None
    office.do("registry-reject", registry("wuhan"), reason="材料不齐")
    assert office.state is State.SIGNED
    assert not office.case.filing.in_force
    assert [item.kind for item in office.feed] == ["filed", "revoked"]
    office.do("registry-accept", registry("wuhan"), reference="D-2")
    assert office.case.filing.number == f"{number}-2"


@pytest.mark.rule("WH-12")
def test_nothing_is_filed_in_wuhan_before_acceptance(make):
    office = make(signed, "wuhan")
    assert not office.case.filing.in_force
    assert office.feed == []


@pytest.mark.rule("SZ-67")
def test_what_needs_no_filing_goes_straight_to_the_registry(make):
    """Between enterprises, not residential: printed and taken to the registry."""
    companies = (
        party(COMPANY, "seller-1"),
        party(replace(COMPANY, name="深圳市另一示例有限公司", phone="13900000031"), "buyer-1"),
    )
    office = make(fixed, "shenzhen")
    with pytest.raises(GuardsRefuse) as refused:
        office.do("registry-accept", registry("shenzhen"), reference="D-1")
    assert refused.value.findings[0].code == "filing.required"
    case = office.case
    house = replace(case.house, checked=replace(case.house.checked, use=HouseUse.OTHER_NON_RESIDENTIAL))
    office.case = replace(case, house=house, people=replace(case.people, parties=companies))
    with pytest.raises(GuardsRefuse) as refused:
        office.do("start-signing", acting(SELLER, "shenzhen", handles=COMPANY), text_sha256=office.text)
    assert "filing.not_required" in {finding.code for finding in refused.value.findings}
    office.do("registry-accept", registry("shenzhen"), reference="D-1")
    assert office.state is State.REGISTERING


@pytest.mark.rule("SZ-78")
def test_what_needs_filing_is_not_taken_unfiled(make):
    office = make(signed, "shenzhen")
    with pytest.raises(NotInThisCity):
        office.do("registry-accept", registry("shenzhen"), reference="D-1")


def test_the_registry_acknowledges_the_very_file(make):
    office = make(reviewed_and_filed, "huangshi")
    with pytest.raises(QianshuError) as refused:
        office.do("acknowledge-contract", registry(), sha256="0" * 64)
    assert refused.value.code == "registry.other_file"
    office.do("acknowledge-contract", registry(), sha256=office.case.filing.sealed.sha256)
    first = office.case.registry.acknowledged_at
    office.now = office.now.replace(hour=23)
    office.do("acknowledge-contract", registry(), sha256=office.case.filing.sealed.sha256)
    assert office.case.registry.acknowledged_at == first


@pytest.mark.rule("HS-34")
@pytest.mark.rule("WH-09")
@pytest.mark.parametrize(
    ("city", "names"),
    [("huangshi", {"registry"}), ("wuhan", {"registry", "tax", "housing_fund", "banks"})],
)
def test_each_recipient_gets_the_sealed_file_once(make, city, names):
    if city == "huangshi":
        office = make(reviewed_and_filed, city)
    else:
        office = make(signed, city)
        office.do("registry-accept", registry(city), reference="D-1")
        office.work_off()
    sealed = office.case.filing.sealed.sha256
    assert {name for name, _ in office.recipients.got} == names
    assert {contract.pdf_sha256 for _, contract in office.recipients.got} == {sealed}
    assert office.recipients.got[0][1].facts["money"]["price"] == "1286500.00"
    assert {name for name, _ in office.case.registry.pushed} == names
    office.done.clear()
    office.work_off("push")
    assert len(office.recipients.got) == len(names), "harmless twice"


def test_nobody_but_the_registry_leaves_registering(make):
    office = make(filed, "huangshi")
    office.do("registry-accept", registry(), reference="D-1")
    with pytest.raises(QianshuError):
        office.do("drop-cancel", seller())
    with pytest.raises(NotPossibleInState):
        apply(office.case.position, Event.REQUEST_CANCEL, office.now)


@pytest.mark.rule("WH-11")
@pytest.mark.rule("WH-38")
@pytest.mark.rule("WH-39")
@pytest.mark.rule("H-47")
def test_in_wuhan_the_net_signed_contract_is_printed_and_taken_to_the_registry(make):
    """No signed copy has to come back: the registry gets the paper."""
    office = make(signed, "wuhan")
    assert state_label(cities()["wuhan"], office.state) == "已生成合同"
    assert office.pdf().startswith(b"%PDF")
    told = tell(Outcome(office.case), MessageKey.SIGNING_COMPLETE, ("buyer-1",), "signed")
    office.queue(*told.tasks)
    office.work_off("notify")
    assert "下载打印并签章" in office.told(BUYER)[0]
    assert office.case.signing.wet is None
    office.do("registry-accept", registry("wuhan"), reference="D-1")
    assert office.case.filing.in_force
