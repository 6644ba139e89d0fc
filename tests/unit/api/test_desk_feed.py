"""The registrar's counter: the last lines of the feed, what came since, what came before, and how each case stands."""

from __future__ import annotations

import pytest

from filing.case.filing import CaseFiling, Sealed
from filing.lifecycle import State
from identity.staff import StaffRole
from tests.builders.cases import SELLER, in_state, staff

CASE = "2026112100001"
FEED = "/v1/desk/huangshi/feed"


@pytest.fixture
def registrar(served, world):
    world.know(staff(StaffRole.REGISTRAR))
    return served.client().log_in(staff(StaffRole.REGISTRAR).account_id)


def numbers(piece):
    return [item["case_no"] for item in piece["items"]]


def test_the_last_lines_come_first_and_older_ones_page_by_page(world, registrar):
    for number in range(7):
        world.tell("huangshi" if number != 3 else "wuhan", str(number))
    piece = registrar.get(FEED, params={"limit": 3}).json()
    assert numbers(piece) == ["4", "5", "6"]
    older = registrar.get(FEED, params={"limit": 3, "before": piece["older"]}).json()
    assert numbers(older) == ["0", "1", "2"]
    assert older["older"] is None


@pytest.mark.rule("HS-34")
def test_what_is_filed_later_comes_once_by_the_cursor(world, registrar):
    world.tell("huangshi", "1")
    cursor = registrar.get(FEED).json()["cursor"]
    empty = registrar.get(FEED, params={"after": cursor}).json()
    assert (empty["items"], empty["older"]) == ([], None)
    world.tell("huangshi", "2")
    later = registrar.get(FEED, params={"after": empty["cursor"]}).json()
    assert numbers(later) == ["2"]
    assert numbers(registrar.get(FEED, params={"after": later["cursor"]}).json()) == []


def test_a_line_says_how_its_case_stands_now(world, registrar):
    filing = CaseFiling(number="HS-1", filed_at=world.now, sealed=Sealed("b" * 64, world.now))
    world.keep(in_state("huangshi", State.FILED, filing=filing))
    world.tell("huangshi", CASE, sha256="a" * 64)
    world.tell("huangshi", CASE, "amended", sha256="b" * 64)
    first, second = registrar.get(FEED).json()["items"]
    assert (first["state"], first["is_current"]) == ("filed", False)
    assert (second["is_current"], second["rejected_reason"]) == (True, None)
    assert second["sellers"] == [SELLER.name]


def test_it_is_the_registrars_alone(world, served, registrar):
    assert served.client().log_in(SELLER.account).get(FEED).json()["code"] == "auth.role"
    assert registrar.get("/v1/desk/wuhan/feed").json()["code"] == "auth.role"
    assert registrar.get(FEED, params={"after": "x"}).json()["code"] == "cursor.refused"
