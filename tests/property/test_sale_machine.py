"""Random people do random things to several sales of a few houses, while clocks jump and services go down.

Sales are pushed on as often as they are disturbed, and begin anywhere a walk came to, so that every part of their life
is met. ``QIANSHU_THOROUGH=1`` plays many more, and other ones each time.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from errors import QianshuError
from filing.acts.perform import Asked, SystemCaller, perform_act
from filing.later import HANDLERS
from filing.lifecycle import TERMINAL, State
from filing.outside import OutsideService, OutsideUnavailable
from filing.outside.house import Restriction as RegisteredRestriction
from filing.outside.house import UseCategory
from filing.profile import Actor
from tests.attacks.callers import KINDS
from tests.attacks.matrix import EVERYTHING, ON_CASES, OTHERS, rightful
from tests.attacks.trying import swapped
from tests.builders.cases import CERTIFICATE, SALES, SELLER, WIFE, acting, owner, registered, standing
from tests.builders.said import example, said_by
from tests.builders.town import UNSAID
from tests.builders.walk import Snapshot, cast_of
from tests.builders.walked import walked
from tests.property.invariants import Seen, wrong_in

if TYPE_CHECKING:
    from tests.builders.town import Town

BACKWARDS: Final = frozenset(
    {
        "book-cancel-appointment",
        "drop-amendment",
        "drop-cancel",
        "drop-representation",
        "drop-scan-pages",
        "expire",
        "decide-certificate-change",
        "notary-change-certificate",
        "notary-let-go",
        "notary-refuse",
        "notary-supplement",
        "propose-amendment",
        "registry-reject",
        "release-review",
        "remove-material",
        "reopen-text",
        "request-cancel",
        "return-materials",
        "return-text",
        "set-representation",
        "void-qualification-code",
        "withdraw-from-notary",
    }
)
"""Acts that do not carry a sale on, or lead it aside."""

OF_JOBS: Final = frozenset(act.name for act in ON_CASES if act.by == {Actor.SYSTEM}) - {"expire"}
"""What the service records of its own work; it comes by working that off."""

ONWARDS: Final = tuple(act for act in ON_CASES if act.name not in BACKWARDS | OF_JOBS)
ASIDE: Final = tuple(act for act in ON_CASES if act.name in BACKWARDS)
WILD: Final = tuple(act for act in ON_CASES if act.name not in OF_JOBS)

WRITING: Final = frozenset({"set-buyers"})
"""Carries a sale on while the text is open; later it leads back to there."""

FAR: Final = 24
"""Acts in a row: from an opened case to a signed one."""

MOST_CASES: Final = 4

SERVICES: Final = {
    "land_register": OutsideService.LAND_REGISTER,
    "qualification": OutsideService.QUALIFICATION,
    "use_category": OutsideService.USE_CATEGORY,
    "licences": OutsideService.E_LICENCES,
    "bank": OutsideService.BANK,
    "recipients": OutsideService.RECIPIENTS,
    "face": OutsideService.FACE,
    "sms": OutsideService.SMS,
}

POINTS: Final = st.tuples(st.integers(0, 6), st.integers(0, 40))
"""A way, and a point on it, counted round."""


class Sales(RuleBasedStateMachine):
    """A town with a few houses and everybody in it."""

    def __init__(self) -> None:
        super().__init__()
        self.town: Town = None  # type: ignore[assignment]
        self.seen = Seen()
        self.tried: set[tuple[object, ...]] = set()
        self.turn = 0

    @initialize(point=POINTS, pushes=st.integers(0, FAR))
    def begin(self, point: tuple[int, int], pushes: int) -> None:
        """A sale somewhere in its life, pushed on a little, and a town around it."""
        walks = list(walked().values())
        seen = list(walks[point[0] % len(walks)].seen.values())
        snapshot = seen[point[1] % len(seen)]
        self.town = snapshot.town.fork()
        self.town.land.check_codes = {CERTIFICATE[city]: "A1B2" for city in SALES}
        there = {house.city for house in self.town.land.houses}
        self.town.land.houses += tuple(_house(city) for city in SALES if city not in there)
        for turn in range(pushes):
            self._push(snapshot.case_no, turn)
        self._look()

    # --- people ------------------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.town.book.cases) < MOST_CASES)
    @rule(city=st.none() | st.sampled_from(SALES), pushes=st.integers(0, FAR))
    def somebody_opens(self, city: str | None, pushes: int) -> None:
        """The same owner again, on the same house; without a city, where the first sale is."""
        first = self.town.case(self._number(0)).head.city
        where = city or (first if first in SALES else SALES[0])
        number = self.town.open(where, acting(SELLER, where)).case.case_no
        for turn in range(pushes):
            self._push(number, turn)
        self._look()

    @rule(which=st.integers(0, 3), first=st.integers(0, 200), steps=st.integers(1, 8))
    def a_sale_goes_on(self, which: int, first: int, steps: int) -> None:
        for step in range(steps):
            self._push(self._number(which), first + step)
        self._look()

    @rule(which=st.integers(0, 3), first=st.integers(0, 200))
    def a_sale_goes_far(self, which: int, first: int) -> None:
        number = self._number(which)
        for step in range(FAR):
            if self.town.state(number) in TERMINAL:
                break
            self._push(number, first + step)
            if step % 3 == 0:
                self.jobs_are_done()
                self.offices_decide()
        self._look()

    @rule(which=st.integers(0, 3), first=st.integers(0, 60))
    def a_sale_turns_aside(self, which: int, first: int) -> None:
        number = self._number(which)
        open_ = [act for act in ASIDE if self.town.state(number) in act.states]
        start = first % len(open_) if open_ else 0
        acts = (*open_[start:], *open_[:start])
        able = ((act, caller) for act in acts for caller in self._rightful(number, act))
        any(self._do(number, act, caller) for act, caller in able)
        self._look()

    @rule(
        which=st.integers(0, 3),
        act=st.sampled_from(WILD),
        kind=st.sampled_from(sorted(set(KINDS) - {"agent bound"})),
        said=st.sampled_from(["own", "victim's", "example", *sorted(OTHERS)]),
    )
    def anybody_tries_anything(self, which: int, act: Any, kind: str, said: str) -> None:
        number = self._number(which)
        snapshot = Snapshot(self.town.case(number).head.city, "now", self.town, number)
        caller, _ = KINDS[kind](snapshot)
        speaker = caller if said == "own" else rightful(snapshot, act.by)
        value = act.input(**said_by(self.town, snapshot.case, act.name, speaker))
        if said == "example":
            value = example(act)
        elif said in OTHERS:
            value = swapped(value, OTHERS[said]) or value
        self._ask(number, Asked(act, value, caller, getattr(value, "reason", None)))
        self._look()

    # --- the world ---------------------------------------------------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 11, 31, 180, 25 * 60, 4 * 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.town.now += timedelta(minutes=minutes)

    @rule(name=st.sampled_from(sorted(SERVICES)))
    def a_service_goes_down(self, name: str) -> None:
        self.town.outside[name].down = OutsideUnavailable(SERVICES[name], "unreachable")

    @rule()
    def services_come_back(self) -> None:
        for fake in self.town.outside.values():
            fake.down = None

    @rule()
    def offices_decide(self) -> None:
        town = self.town
        for code, (_, answer) in list(town.qualification.applications.items()):
            if answer.state.value == "applied":
                town.qualification.decide(code, "passed")
        for ref, (_, said) in list(town.use_office.questions.items()):
            if said.decided_at is None:
                decided = {"use_category": UseCategory.RESIDENTIAL, "restriction": RegisteredRestriction.FREE}
                town.use_office.decide(ref, **decided)
        for ref in list(town.bank.accounts):
            town.bank.decide(ref, "opened")

    @rule()
    def jobs_are_done(self) -> None:
        """Whatever is waiting, each row on its own: what fails stays."""
        for _ in range(3):
            for row in self.town.waiting():
                self._work(row)
        self._look()

    # --- how ---------------------------------------------------------------------------------------------------------

    def _push(self, number: str, turn: int) -> None:
        """One act that carries the sale on, preferably one that was not done in this state yet."""
        state = self.town.state(number)
        here = (number, state, self.town.case(number).text.version)
        open_ = [
            (act, caller)
            for act in ONWARDS
            if state in act.states and (state is State.DRAFTING or act.name not in WRITING)
            for caller in self._rightful(number, act)
        ]
        start = turn % len(open_) if open_ else 0
        for act, caller in sorted((*open_[start:], *open_[:start]), key=lambda one: self._done(here, *one)):
            if self._do(number, act, caller):
                self.tried.add((*here, act.name, caller))
                return

    def _done(self, here: tuple[object, ...], act: Any, caller: Any) -> bool:
        return (*here, act.name, caller) in self.tried

    def _rightful(self, number: str, act: Any) -> list[Any]:
        cast = cast_of(self.town.case(number).head.city)
        people = {
            Actor.SELLER: cast.seller,
            Actor.DEVELOPER: cast.seller,
            Actor.BUYER: cast.buyer,
            Actor.REVIEWER: cast.reviewer,
            Actor.SEALING_OFFICER: cast.sealer,
            Actor.WINDOW_STAFF: cast.clerk,
            Actor.REGISTRY: cast.registry,
            Actor.NOTARY: cast.notary,
            Actor.SYSTEM: None,
        }
        callers = [people[actor] for actor in Actor if actor in act.by]
        return callers if self.turn % 2 else callers[::-1]

    def _do(self, number: str, act: Any, caller: Any) -> bool:
        self.turn += 1
        self.town.looked_at()
        said = said_by(self.town, self.town.case(number), act.name, caller)
        return self._ask(number, self.town.asked(act.name, caller or _SERVICE, **said))

    def _ask(self, number: str, asked: Asked) -> bool:
        before, was = self.town.book.versions[number], self.town.case(number)
        try:
            performed = perform_act(self.town.house, number, asked)
        except QianshuError:
            assert self.town.book.versions[number] == before, "what is refused is not written"
            return False
        self.town.answers[number, asked.act.name] = performed.answer
        said = self.town.book.journals[number][-1].event
        # A captcha that is posed changes nothing of the sale: the word for it is the records' own.
        told = was == performed.case or said != UNSAID or asked.act.name == "show-captcha"
        assert told, f"{asked.act.name} changed the case without a fact"
        return True

    def _work(self, row: Any) -> None:
        try:
            HANDLERS[row.kind](self.town.later, row)
        except QianshuError:
            return
        self.town.done.add(row.task_id)

    def _number(self, which: int) -> str:
        numbers = sorted(self.town.book.cases)
        return numbers[which % len(numbers)]

    def _look(self) -> None:
        wrong = wrong_in(self.town, self.seen)
        assert wrong == []
        self.seen = Seen.of(self.town)


def _house(city: str) -> Any:
    """Of a city's house what makes its sale longest: two owners, a restriction, an unclear use."""
    if city == "shenzhen":
        unclear = standing(use=UseCategory.UNCLEAR, restriction=RegisteredRestriction.RESTRICTED)
        return registered(city, standing=unclear)
    return registered(city, owner(SELLER), owner(WIFE)) if city == "zhongshan" else registered(city)


_SERVICE: Final = SystemCaller()


def test_random_sales_hold_what_the_house_promises() -> None:
    often = settings(
        max_examples=400 if EVERYTHING else 30,
        stateful_step_count=60 if EVERYTHING else 20,
        derandomize=not EVERYTHING,
        deadline=None,
        database=None,
        # Making a failure smaller takes minutes: only where there is time.
        phases=tuple(Phase) if EVERYTHING else (Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Sales, settings=often)
