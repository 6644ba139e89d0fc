"""What the service notes by itself: packages that were built, terms that have run out; killed and called twice."""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType

import pytest

from filing.case.notary import NotaryState
from notary.later import HANDLERS
from signing.errors import TimeStampError
from tests.builders.notary_world import OFFICE_ID
from tests.builders.town import Row

PACKAGE = "notary-package"


def job(case, number: int = 1) -> Row:
    return Row(99, PACKAGE, {"case_no": case.case_no, "number": number})


@pytest.mark.rule("ZN-05")
@pytest.mark.rule("ZN-06")
def test_a_package_that_is_there_is_offered_to_its_office(at):
    ordered = at("cancelling-ordered")
    ordered.town.work_off(PACKAGE)
    (package,) = ordered.exchange.packages
    assert ordered.matter.state is NotaryState.PUSHED
    assert ordered.town.packages.built[ordered.case_no, 1]
    (line,) = ordered.lines(f"office:{OFFICE_ID}")
    assert (line.kind, line.sha256, line.data["complete"]) == ("package", package.sha256, False)


@pytest.mark.rule("ZN-07")
def test_the_newest_package_supersedes_and_the_old_one_stays(at):
    submitted = at("cancelling-submitted")
    submitted.town.work_off(PACKAGE)
    old, new = submitted.exchange.packages
    assert (old.superseded_at, new.superseded_at) == (submitted.town.now, None)
    assert old.sha256 is not None
    assert submitted.matter.state is NotaryState.SUBMITTED


def test_called_twice_a_package_is_built_once(at):
    pushed = at("cancelling-pushed")
    before, built = pushed.case, dict(pushed.town.packages.built)
    HANDLERS[PACKAGE](pushed.town.exchange, job(pushed))
    assert (pushed.case, pushed.town.packages.built) == (before, built)


def test_killed_between_building_and_recording_it_is_built_anew(at):
    ordered = at("cancelling-ordered")
    ordered.town.exchange.packages.build("zhongshan-notary", _plan(ordered))
    assert ordered.matter.exchange.packages[0].sha256 is None
    ordered.town.work_off(PACKAGE)
    assert ordered.matter.state is NotaryState.PUSHED


def _plan(case):
    from notary.later import _plan as plan_of  # noqa: PLC0415 - what a killed process had planned

    _, plan = plan_of(case.town.exchange, case.town.house, case.case_no, 1)
    return plan


def test_without_a_time_stamp_the_work_waits(at):
    ordered = at("cancelling-ordered")
    ordered.town.packages.fails.append(TimeStampError("time.unavailable", zh="x", en="x"))
    with pytest.raises(TimeStampError):
        ordered.town.work_off(PACKAGE)
    assert ordered.matter.state is NotaryState.PREPARED
    ordered.town.work_off(PACKAGE)
    assert ordered.matter.state is NotaryState.PUSHED


def test_taken_back_while_it_was_built_it_is_not_recorded(at):
    """Another process takes the matter back between the plan and the record."""
    ordered = at("cancelling-ordered")
    build = ordered.town.packages.build

    def meanwhile(city, plan):
        ordered.developer("withdraw-from-notary")
        return build(city, plan)

    ordered.town.packages.build = meanwhile
    ordered.town.work_off(PACKAGE)
    assert ordered.matter.state is NotaryState.PREPARED
    assert ordered.case.notary.past[0].exchange.packages[0].sha256 is None
    assert [item.kind for item in ordered.lines(f"office:{OFFICE_ID}")] == ["withdrawn"]


def test_an_older_package_never_takes_the_newers_place(at):
    """Two are ordered, the second is there first."""
    submitted = at("cancelling-submitted")
    submitted.office("notary-supplement")
    submitted.developer("answer-supplement")
    submitted.do("notary-upload-photo", submitted.cast.buyer)
    assert submitted.refused("record-notary-package", None, number=1) == "package.not_wanted"
    submitted.do("record-notary-package", None, number=2)
    assert submitted.refused("record-notary-package", None, number=2) == "package.not_wanted"


@pytest.mark.rule("ZN-18")
def test_a_term_that_has_run_out_is_told_once(at):
    accepted = at("cancelling-accepted")
    due = accepted.exchange.decision.due_on
    accepted.town.work_off("tell-notary-overdue")
    assert accepted.exchange.decision.overdue_told_at is None, "not before its day is over"
    accepted.town.now += timedelta(days=21)
    accepted.town.work_off("tell-notary-overdue")
    assert accepted.exchange.decision.overdue_told_at == accepted.town.now
    lines = [item for item in accepted.lines(f"office:{OFFICE_ID}") if item.kind == "overdue"]
    assert [line.data["due_on"] for line in lines] == [due.isoformat()]
    assert len(accepted.entries("notary.overdue")) == 1
    assert accepted.refused("tell-notary-overdue", None, due_on=due) == "notary.not_overdue"
    assert accepted.matter.state is NotaryState.ACCEPTED, "the certificate may still come"


@pytest.mark.rule("ZN-18")
@pytest.mark.parametrize("name", ["cancelling-supplement", "cancelling-issued"])
def test_a_term_that_pauses_or_is_done_is_told_to_nobody(at, name):
    case = at(name)
    case.town.now += timedelta(days=60)
    case.town.work_off("tell-notary-overdue")
    assert case.entries("notary.overdue") == []


def test_every_kind_of_work_has_a_handler(at):
    assert isinstance(HANDLERS, MappingProxyType)
    kinds = {row.kind for row in at("cancelling-issued").town.book.tasks.values()}
    assert {"notary-package", "tell-notary-overdue"} <= kinds
    assert set(HANDLERS) == {"notary-package", "tell-notary-overdue"}
