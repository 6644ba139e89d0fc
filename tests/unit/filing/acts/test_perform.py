"""Performing an act: who, when, once; refusals are journalled, whoever refuses."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace

import pytest

from errors import QianshuError
from filing.acts import ACTS
from filing.acts.perform import Asked, House, SystemCaller, open_case, perform_act
from filing.acts.spec import NoInput
from filing.errors import FilingError, NotYours
from filing.lifecycle import CasePosition, State
from filing.profile import Actor
from identity.acting import Machine, MachineKind
from tests.builders.cases import BUYER, SELLER, STRANGER, WIFE, acting, calendar, cities, drafting, key_of, party, ready
from tests.builders.keyring import NOW


class TakenError(QianshuError):
    def __init__(self) -> None:
        super().__init__("case.property_taken", zh="已有", en="taken")


class Unit:
    def __init__(self, case, commit_error=None, refuse_error=None):
        self.case, self.version = case, 7
        self.commit_error, self.refuse_error = commit_error, refuse_error
        self.committed, self.refused = [], []

    def commit(self, outcome, account_id, now):
        if self.commit_error:
            raise self.commit_error
        self.committed.append((outcome, account_id))
        return self.version + 1

    def refuse(self, fact, account_id, now):
        if self.refuse_error:
            raise self.refuse_error
        self.refused.append((fact.event, dict(fact.data), account_id))


class Book:
    def __init__(self, unit):
        self.unit = unit

    @contextmanager
    def exclusive(self, case_no):
        yield self.unit


class World:
    """Only what performing itself needs."""

    key_of = staticmethod(key_of)


def perform(unit, name, caller, *, input_=None, **asked):
    house = House(Book(unit), World(), cities(), calendar(), lambda: NOW)
    return perform_act(house, unit.case.case_no, Asked(ACTS[name], input_ or NoInput(), caller, **asked))


def test_what_was_decided_is_committed_under_the_name_of_who_asked():
    unit = Unit(ready("wuhan"))
    done = perform(unit, "reopen-text", acting(SELLER, "wuhan"))
    ((outcome, account),) = unit.committed
    assert (done.case, done.version, account) == (outcome.case, 8, SELLER.account)
    assert unit.refused == []


def test_a_refusal_names_act_code_and_account_and_never_the_input():
    unit = Unit(ready("wuhan"))
    with pytest.raises(NotYours):
        perform(unit, "reopen-text", acting(STRANGER, "wuhan"))
    assert unit.refused == [
        ("act.refused", {"act": "reopen-text", "code": "act.not_yours"}, STRANGER.account),
    ]
    assert unit.committed == []


@pytest.mark.rule("H-48")
def test_what_the_records_refuse_is_journalled_too():
    unit = Unit(ready("wuhan"), commit_error=TakenError())
    with pytest.raises(TakenError):
        perform(unit, "reopen-text", acting(SELLER, "wuhan"))
    assert [data["code"] for _, data, _ in unit.refused] == ["case.property_taken"]


def test_the_first_failure_is_told_when_the_journal_fails_as_well():
    unit = Unit(ready("wuhan"), commit_error=TakenError(), refuse_error=FilingError("journal.down", zh="坏", en="down"))
    with pytest.raises(TakenError):
        perform(unit, "reopen-text", acting(SELLER, "wuhan"))


def test_a_case_that_changed_meanwhile_is_read_again_first():
    unit = Unit(ready("wuhan"))
    with pytest.raises(FilingError) as refused:
        perform(unit, "reopen-text", acting(SELLER, "wuhan"), if_version=6)
    assert refused.value.code == "case.changed"
    perform(unit, "reopen-text", acting(SELLER, "wuhan"), if_version=7)


def test_a_wrong_state_is_told_to_those_the_case_concerns():
    unit = Unit(drafting("wuhan"))
    with pytest.raises(FilingError) as refused:
        perform(unit, "reopen-text", acting(SELLER, "wuhan"))
    assert refused.value.code == "act.not_now"
    with pytest.raises(NotYours):
        perform(unit, "reopen-text", acting(STRANGER, "wuhan"))


def test_whoever_is_several_things_chooses_as_what_they_act():
    # A co-owner who buys the other's share (SZ-55).
    unit = Unit(ready("wuhan", party(SELLER, "seller-1"), party(BUYER, "seller-2"), party(BUYER, "buyer-1")))
    perform(unit, "reopen-text", acting(BUYER, "wuhan"))
    with pytest.raises(FilingError):
        perform(unit, "reopen-text", acting(BUYER, "wuhan"), as_actor=Actor.BUYER)
    with pytest.raises(NotYours):
        perform(unit, "reopen-text", acting(WIFE, "wuhan"), as_actor=Actor.SELLER)


def test_whoever_opened_a_case_is_nobody_in_it_once_the_title_names_others():
    """An agent whose mandate is over must not go on as the seller they once entered the contract for."""
    case = ready("wuhan")
    unit = Unit(replace(case, head=replace(case.head, entrant=WIFE.account)))
    with pytest.raises(NotYours):
        perform(unit, "reopen-text", acting(WIFE, "wuhan"))


def test_a_stranger_is_not_told_what_a_city_has():
    """Nor, by that, that there is such a case."""
    with pytest.raises(NotYours):
        perform(Unit(drafting("wuhan")), "join", acting(STRANGER, "wuhan"))


def test_the_service_and_machines_do_only_what_is_theirs():
    for caller in (SystemCaller(), Machine("reg", MachineKind.REGISTRY, ("wuhan",), ())):
        with pytest.raises(NotYours):
            perform(Unit(ready("wuhan")), "reopen-text", caller)
    case = ready("wuhan", position=CasePosition(State.SIGNED))
    with pytest.raises(NotYours):
        perform(Unit(case), "registry-accept", Machine("reg", MachineKind.REGISTRY, ("huangshi",), ()))


def test_an_unknown_city_has_no_cases():
    house = House(Book(None), World(), cities(), calendar(), lambda: NOW)
    with pytest.raises(FilingError) as refused:
        open_case(house, "atlantis", Asked(ACTS["open"], NoInput(), acting(SELLER)))
    assert refused.value.code == "city.unknown"
