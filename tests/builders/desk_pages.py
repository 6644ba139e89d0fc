"""What staff do at their desks to a case, by its pages: claim, approve, seal, transfer. Looked at elsewhere."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.builders.browsers import DESK
from tests.builders.service import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.builders.browsers import Chromium, Person
    from tests.builders.service import CityService

NAMES = {"reviewer": "严谨", "sealing_officer": "印安", "registrar": "慎思远"}

HOMES = {"reviewer": "/desk/queue", "sealing_officer": "/desk/queue", "registrar": "/desk/registry"}


@contextmanager
def at_desk(chromium: Chromium, city: CityService, role: str, case_no: str) -> Iterator[Person]:
    """Somebody of this role, with the case before them."""
    with chromium.person(city.url, DESK) as staff:
        staff.logs_in(NAMES[role], HOMES[role])
        staff.goes(f"/desk/cases/{case_no}")
        staff.page.locator(".leaf img").first.wait_for()
        yield staff


def does(staff: Person, act: str, fills: dict[str, str] | None = None) -> None:
    """Press the button of an act, fill its form in, press it again."""
    staff.presses(act)
    dialog = staff.page.get_by_role("dialog")
    for label, text in (fills or {}).items():
        dialog.get_by_label(label).fill(text)
    dialog.get_by_role("button", name=act).click()
    dialog.wait_for(state="hidden")


def claims(reviewer: Person) -> None:
    reviewer.presses("领取")
    reviewer.page.get_by_role("button", name="审核通过").wait_for()


def reviews_and_seals(chromium: Chromium, city: CityService, case_no: str) -> None:
    """A reviewer approves; somebody else puts on the seal."""
    with at_desk(chromium, city, "reviewer", case_no) as reviewer:
        claims(reviewer)
        does(reviewer, "审核通过")
        reviewer.page.get_by_text("已通过，待用印").wait_for()
        assert reviewer.page.get_by_role("button", name="备案用印").count() == 0
    seals(chromium, city, case_no)


def seals(chromium: Chromium, city: CityService, case_no: str) -> None:
    with at_desk(chromium, city, "sealing_officer", case_no) as officer:
        does(officer, "备案用印")
        officer.page.locator(".dossier-title").get_by_text("已备案").wait_for()
    sealed_at_last(city, case_no)


def sealed_at_last(city: CityService, case_no: str) -> None:
    """The archive's time-stamp is put on after the answer."""
    client = city.client("staff-reviewer")
    until(lambda: client.case(case_no)["filing"]["sealed"], "not sealed")


def sends_back(registrar: Person) -> None:
    """With the first of the reasons that are usual."""
    registrar.presses("登记退回")
    dialog = registrar.page.get_by_role("dialog")
    dialog.get_by_role("checkbox").first.check()
    dialog.get_by_role("button", name="登记退回").click()
    dialog.wait_for(state="hidden")


def accepts(registrar: Person, case_no: str) -> None:
    does(registrar, "登记受理", {"受理编号": f"BDC{case_no}"})
    registrar.page.get_by_role("button", name="登记办结").wait_for()


def transfers(registrar: Person) -> None:
    does(registrar, "登记办结")
    registrar.page.locator(".dossier-title").get_by_text("已过户").wait_for()


def accepts_and_transfers(chromium: Chromium, city: CityService, case_no: str) -> None:
    with at_desk(chromium, city, "registrar", case_no) as registrar:
        accepts(registrar, case_no)
        transfers(registrar)
