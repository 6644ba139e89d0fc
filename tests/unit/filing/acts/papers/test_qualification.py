"""The buyer's qualification (SZ-61…64, H-17, H-18)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from filing.effects import EFFECTS
from filing.engine.outcome import Outcome
from filing.guards import GUARDS
from filing.lifecycle import CasePosition, State
from filing.outside import QualificationState as OfficeState
from filing.profile import Actor, Effect, Guard, HouseUse, QualificationState, Restriction
from identity.outside import OutsideRefused
from tests.builders.cases import BUYER, BUYER_2, SELLER, acting, drafting, party, situation
from tests.builders.desks import Desks, code_of

Ready = Callable[..., Desks]


def house(use: HouseUse = HouseUse.RESIDENTIAL, restriction: Restriction = Restriction.RESTRICTED):
    case = drafting("shenzhen")
    return replace(case.house, checked=replace(case.house.checked, use=use, restriction=restriction))


@pytest.fixture
def shenzhen(text_ready: Ready) -> Desks:
    return text_ready("shenzhen", house=house())


def state(desks: Desks) -> QualificationState:
    return desks.case.papers.qualification.state


def objections(desks: Desks) -> list[str]:
    found = GUARDS[Guard.QUALIFICATION_SETTLED](situation(desks.case))
    return [finding.code for finding in found]


@pytest.mark.rule("SZ-61")
@pytest.mark.rule("SZ-63")
@pytest.mark.rule("SZ-64")
def test_the_buyer_applies_gets_a_code_and_both_sides_hear_of_the_result(shenzhen: Desks) -> None:
    answer = shenzhen.do("apply-qualification", acting(BUYER, "shenzhen")).answer
    assert answer["code"] == "ZG2026001"
    assert state(shenzhen) is QualificationState.APPLIED
    assert objections(shenzhen) == ["qualification.not_passed"]
    waiting = shenzhen.tasks[-1]
    assert waiting.kind == "settle-qualification"
    assert waiting.not_before > shenzhen.now

    shenzhen.office.answer = OfficeState.PASSED
    shenzhen.do("settle-qualification", None)
    assert state(shenzhen) is QualificationState.PASSED
    assert objections(shenzhen) == []
    told = [(task.payload["message"], task.payload["to"]) for task in shenzhen.tasks if task.kind == "notify"]
    assert told == [("qualification_passed", "seller-1"), ("qualification_passed", "buyer-1")]


@pytest.mark.rule("SZ-61")
def test_only_a_buyer_applies(shenzhen: Desks) -> None:
    assert code_of(lambda: shenzhen.do("apply-qualification", acting(SELLER, "shenzhen"))) == "act.not_yours"
    assert shenzhen.office.asked == []


@pytest.mark.rule("SZ-62")
@pytest.mark.rule("H-17")
@pytest.mark.parametrize(
    ("use", "restriction", "code", "objection"),
    [
        (HouseUse.RESIDENTIAL, Restriction.FREE, "qualification.not_needed", []),
        (HouseUse.INDUSTRIAL, Restriction.RESTRICTED, "qualification.not_needed", []),
        (HouseUse.UNCLEAR, Restriction.RESTRICTED, "qualification.undecided", ["qualification.undecided"]),
        (HouseUse.RESIDENTIAL, Restriction.UNKNOWN, "qualification.undecided", ["qualification.undecided"]),
    ],
)
def test_needed_only_for_what_is_residential_and_restricted(
    text_ready: Ready, use: HouseUse, restriction: Restriction, code: str, objection: list[str]
) -> None:
    desks = text_ready("shenzhen", house=house(use, restriction))
    assert code_of(lambda: desks.do("apply-qualification", acting(BUYER, "shenzhen"))) == code
    assert objections(desks) == objection


@pytest.mark.rule("SZ-63")
def test_a_refusal_is_kept_with_its_reason_and_may_be_followed_by_another_application(shenzhen: Desks) -> None:
    shenzhen.do("apply-qualification", acting(BUYER, "shenzhen"))
    assert code_of(lambda: shenzhen.do("apply-qualification", acting(BUYER, "shenzhen"))) == "qualification.applied"
    shenzhen.office.answer, shenzhen.office.reason = OfficeState.REFUSED, "社保不足"
    shenzhen.do("settle-qualification", acting(BUYER, "shenzhen"))
    assert (state(shenzhen), shenzhen.case.papers.qualification.reason) == (QualificationState.REFUSED, "社保不足")
    assert shenzhen.tasks[-1].payload["message"] == "qualification_refused"
    shenzhen.do("apply-qualification", acting(BUYER, "shenzhen"))
    assert state(shenzhen) is QualificationState.APPLIED


def test_an_open_application_is_asked_about_again_later(shenzhen: Desks) -> None:
    shenzhen.do("apply-qualification", acting(BUYER, "shenzhen"))
    count = len(shenzhen.tasks)
    shenzhen.do("settle-qualification", None)
    assert state(shenzhen) is QualificationState.APPLIED
    assert [task.kind for task in shenzhen.tasks[count:]] == ["settle-qualification"]


@pytest.mark.rule("SZ-64")
@pytest.mark.rule("H-18")
def test_the_buyer_voids_the_code_until_it_is_used(shenzhen: Desks) -> None:
    buyer = acting(BUYER, "shenzhen")
    assert code_of(lambda: shenzhen.do("void-qualification-code", buyer)) == "qualification.none"
    shenzhen.do("apply-qualification", buyer)
    assert code_of(lambda: shenzhen.do("void-qualification-code", acting(SELLER, "shenzhen"))) == "act.not_yours"
    shenzhen.do("void-qualification-code", buyer)
    assert state(shenzhen) is QualificationState.VOIDED
    assert code_of(lambda: shenzhen.do("void-qualification-code", buyer)) == "qualification.not_voidable"


@pytest.mark.rule("SZ-64")
def test_another_buyer_does_not_void_it(text_ready: Ready) -> None:
    parties = (party(SELLER, "seller-1"), party(BUYER, "buyer-1"), party(BUYER_2, "buyer-2"))
    desks = text_ready("shenzhen", *parties, house=house())
    desks.do("apply-qualification", acting(BUYER, "shenzhen"))
    attempt = lambda: desks.do("void-qualification-code", acting(BUYER_2, "shenzhen"))  # noqa: E731
    assert code_of(attempt) == "qualification.not_yours"


def test_a_refusal_of_the_office_leaves_the_code_as_it_was(shenzhen: Desks) -> None:
    shenzhen.do("apply-qualification", acting(BUYER, "shenzhen"))
    shenzhen.office.void_refused = True
    with pytest.raises(OutsideRefused):
        shenzhen.do("void-qualification-code", acting(BUYER, "shenzhen"))
    assert state(shenzhen) is QualificationState.APPLIED


@pytest.mark.rule("H-18")
def test_filing_uses_the_code_and_cancelling_releases_it(shenzhen: Desks) -> None:
    shenzhen.do("apply-qualification", acting(BUYER, "shenzhen"))
    shenzhen.office.answer = OfficeState.PASSED
    shenzhen.do("settle-qualification", None)
    used = EFFECTS[Effect.USE_QUALIFICATION](situation(shenzhen.case, Actor.SYSTEM), Outcome(shenzhen.case))
    assert used.case.papers.qualification.state is QualificationState.USED
    assert used.tasks[0].payload["action"] == "use"
    released = EFFECTS[Effect.RELEASE_QUALIFICATION](situation(used.case, Actor.SYSTEM), Outcome(used.case))
    assert released.case.papers.qualification.state is QualificationState.PASSED
    assert released.tasks[0].payload["action"] == "release"
    untouched = EFFECTS[Effect.RELEASE_QUALIFICATION](situation(shenzhen.case, Actor.SYSTEM), Outcome(shenzhen.case))
    assert not untouched.tasks


@pytest.mark.rule("H-18")
def test_the_office_is_told_by_the_service_alone(shenzhen: Desks) -> None:
    shenzhen.do("apply-qualification", acting(BUYER, "shenzhen"))
    shenzhen.case = replace(shenzhen.case, position=CasePosition(State.FILED))
    shenzhen.do("report-qualification", None, action="use")
    assert shenzhen.office.asked[-1] == ("use", "ZG2026001")
    attempt = lambda: shenzhen.do("report-qualification", acting(BUYER, "shenzhen"), action="use")  # noqa: E731
    assert code_of(attempt) == "act.not_yours"
