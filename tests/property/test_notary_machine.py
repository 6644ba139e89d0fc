"""A matter before a notary: whatever its people do, in whatever order, somebody can go on, and nothing is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from errors import QianshuError
from filing.acts.cancelling.review import CancelDecision
from filing.case import case_from_json, case_to_json
from filing.case.notary import NotaryState
from filing.lifecycle import State
from notary.matter import packages_of
from notary.movers import NotaryMover, next_movers
from tests.builders.cases import FOREIGNER, acting
from tests.builders.quick_uploads import quick_uploads
from tests.builders.said import said_by
from tests.builders.walk import cast_of
from tests.builders.walked import walked_on

if TYPE_CHECKING:
    from filing.case import Case
    from filing.case.notary import NotaryMatter
    from tests.builders.town import Town

CITY: Final = "zhongshan-notary"

ONWARDS: Final = {
    NotaryMover.DEVELOPER: ("push-to-notary", "answer-supplement"),
    NotaryMover.OFFICE: ("notary-receive", "notary-accept", "notary-issue"),
    NotaryMover.PURCHASERS: (
        "notary-claim",
        "notary-face-begin",
        "notary-enter-id",
        "notary-read-page",
        "notary-agree",
        "notary-upload-photo",
        "notary-give-signature",
        "notary-video-script",
        "notary-submit",
    ),
    NotaryMover.BUREAU: ("decide-cancel", "decide-certificate-change"),
}
"""What each mover does to carry a matter on."""

ANYTHING: Final = (
    ("seller", "withdraw-from-notary"),
    ("seller", "correct-purchaser"),
    ("seller", "reissue-notary-codes"),
    ("seller", "answer-supplement"),
    ("seller", "drop-cancel"),
    ("seller", "request-cancel"),
    ("notary", "notary-receive"),
    ("notary", "notary-accept"),
    ("notary", "notary-supplement"),
    ("notary", "notary-refuse"),
    ("notary", "notary-let-go"),
    ("notary", "notary-change-certificate"),
    ("reviewer", "decide-certificate-change"),
    ("reviewer", "decide-cancel"),
    ("buyer", "notary-claim"),
    ("buyer", "notary-read-page"),
    ("buyer", "notary-upload-photo"),
    ("buyer", "notary-submit"),
    ("service", "notary-package"),
    ("service", "tell-notary-overdue"),
)
"""Everything anybody might do next; what signs or typesets is left to the walks."""

STARTS: Final = (
    "cancelling",
    "cancelling-ordered",
    "cancelling-pushed",
    "cancelling-called",
    "cancelling-verifying",
    "cancelling-submitted",
    "cancelling-accepted",
    "cancelling-supplement",
    "cancelling-issued",
    "void-revoked",
)


class Life:
    """One case whose people do as they please."""

    def __init__(self, start: str) -> None:
        snapshot = walked_on(CITY).seen[start]
        self.town: Town = snapshot.town.fork()
        self.case_no = snapshot.case_no

    @property
    def case(self) -> Case:
        return self.town.case(self.case_no)

    def attempt(self, who: str, act: str) -> bool:
        """Whether it was done; a refusal changes nothing."""
        before = self.case
        if who == "service":
            self.town.work_off(act)
            return self.case != before
        try:
            self.town.do(self.case_no, act, self._caller(who), **self._said(who, act))
        except QianshuError:
            assert self.case == before
            return False
        return True

    def _caller(self, who: str) -> Any:
        return acting(FOREIGNER, CITY) if who == "foreigner" else getattr(cast_of(CITY), who)

    def _said(self, who: str, act: str) -> dict[str, Any]:
        said = said_by(self.town, self.case, act, self._caller(who))
        return {**said, "decision": CancelDecision.PASS} if act == "decide-cancel" else said

    def fork(self) -> Life:
        other = object.__new__(Life)
        other.town, other.case_no = self.town.fork(), self.case_no
        return other


def can_go_on(life: Life, matter: NotaryMatter) -> bool:
    """Somebody whose move it is has something to do that is done."""
    movers = next_movers(matter)
    if NotaryMover.SERVICE in movers:
        return life.fork().attempt("service", "notary-package")
    people = {
        NotaryMover.DEVELOPER: ("seller",),
        NotaryMover.OFFICE: ("notary",),
        NotaryMover.PURCHASERS: ("buyer", "foreigner"),
        NotaryMover.BUREAU: ("reviewer",),
    }
    return any(life.fork().attempt(who, act) for mover in movers for who in people[mover] for act in ONWARDS[mover])


def look(life: Life) -> None:
    case, matter = life.case, life.case.notary.current
    assert case_from_json(case_to_json(case)) == case
    state = life.town.state(life.case_no)
    if state is State.CANCELLING:
        assert matter is not None
        assert next_movers(matter), f"nobody moves {matter.state}"
        assert can_go_on(life, matter), f"{matter.state}: {next_movers(matter)}"
    if state is State.FILED:
        assert matter is None or matter.state is NotaryState.ISSUED, "nothing is left before an office"
    numbers = [package.number for package in packages_of(case)]
    assert numbers == sorted(set(numbers)), "packages are counted over all matters"
    matters = [*case.notary.past, *([] if matter is None else [matter])]
    assert [each.number for each in matters] == list(range(1, len(matters) + 1))
    for ended in case.notary.past:
        assert ended.state in {NotaryState.WITHDRAWN, NotaryState.REFUSED, NotaryState.ISSUED}
        if ended.state is not NotaryState.ISSUED:
            assert all(package.superseded_at is not None for package in ended.exchange.packages)
            assert all(task.qr is None for task in ended.tasks)
    offered = [each for each in matters[-1].exchange.packages if each.sha256 and not each.superseded_at]
    assert len(offered) <= 1, "an office holds one package at a time"


@pytest.mark.rule("H-40")
@pytest.mark.rule("H-41")
@pytest.mark.parametrize("start", STARTS)
def test_somebody_can_go_on_from_every_point_of_the_way(start: str) -> None:
    with quick_uploads():
        look(Life(start))


@pytest.mark.rule("H-40")
@pytest.mark.rule("H-41")
@settings(
    max_examples=120,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
@given(st.sampled_from(STARTS), st.lists(st.sampled_from(ANYTHING), min_size=1, max_size=6))
def test_no_order_of_acts_leaves_a_matter_without_a_next_mover(start: str, acts: list[tuple[str, str]]) -> None:
    with quick_uploads():
        life = Life(start)
        for who, act in acts:
            if life.attempt(who, act):
                look(life)
