"""Every state × every event × every city: a case moves exactly as its city's table says, and otherwise not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from errors import QianshuError
from filing.case import case_to_json
from filing.engine.fire import advance
from filing.engine.outcome import Outcome
from filing.lifecycle import TERMINAL, TRANSITIONS, UNDOES_AN_END, Event, State
from filing.profile import Actor, city_transitions, passing_states, reached_states
from notary.every_act import EVERY_ACT
from tests.builders.cases import cities, situation
from tests.builders.events import FIRED_BY
from tests.builders.quick_uploads import quick_uploads
from tests.builders.said import said_by
from tests.builders.walk import cast_of, moves_in
from tests.builders.walked import BY_CERTIFICATE, WAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filing.profile import FlowProfile
    from tests.builders.town import Town
    from tests.builders.walk import Snapshot, Walk

CITY_NAMES = sorted(cities())

OF_TABLE = frozenset(
    {
        "case.not_possible_in_state",
        "profile.not_in_this_city",
        "profile.not_this_actor",
        "case.not_this_actor",
        "act.not_now",
        "act.not_yours",
        "act.not_in_city",
    }
)
"""Refusals that say: not in this state, not here, not you. All others say what is missing."""

OF_NOTARY = frozenset({"notary-refuse", "notary-let-go", "decide-certificate-change"})
"""Acts of a matter before a notary that move the case."""

AS_SELLER = frozenset({"give-amend-code", "sign-amendment"})
"""Whoever brings the last code, it is the seller's change that takes effect (ZS-44)."""


@dataclass(frozen=True)
class Tried:
    """One attempt to move a case."""

    snapshot: Snapshot
    event: Event
    act: str
    actor: Actor
    moved: bool
    """The event happened."""
    code: str | None
    """What it was refused for."""
    unchanged: bool
    """The case is the same to the byte."""

    def __str__(self) -> str:
        return f"{self.snapshot} {self.event.value} by {self.actor.value} with {self.act}: {self.code or 'done'}"


def callers(snapshot: Snapshot) -> Iterator[tuple[Actor, Any]]:
    """Everybody by the capacity they have, told by how the case was made and not by asking the service."""
    cast = cast_of(snapshot.city)
    numbers = {party.identified.id_number for party in snapshot.case.people.parties}
    imported = snapshot.way == "zhongshan-notary"
    yield (Actor.DEVELOPER if imported else Actor.SELLER), cast.seller
    if cast.buyer.subject.number.normalised in numbers:
        yield Actor.BUYER, cast.buyer
    yield Actor.REVIEWER, cast.reviewer
    yield Actor.SEALING_OFFICER, cast.sealer
    yield Actor.WINDOW_STAFF, cast.clerk
    yield Actor.REGISTRY, cast.registry
    matter = snapshot.case.notary.current
    if matter is not None and matter.office is not None:
        yield Actor.NOTARY, cast.notary
    yield Actor.SYSTEM, None


def tries(snapshot: Snapshot) -> Iterator[Tried]:
    for event, acts in FIRED_BY.items():
        for act in acts:
            if None in EVERY_ACT[act].states:
                continue
            for actor, caller in callers(snapshot):
                yield tried(snapshot, (event, act), actor, caller)


def tried(snapshot: Snapshot, what: tuple[Event, str], actor: Actor, caller: Any) -> Tried:
    event, act = what
    town, case_no = snapshot.town.fork(), snapshot.case_no
    if event is Event.EXPIRE:
        # A deadline has passed only after it has passed.
        town.now = max(town.now, snapshot.case.head.opened_at).replace(year=2027)
    before, journal = case_to_json(snapshot.case), len(town.book.journals[case_no])
    code = _refusal(town, case_no, act, caller)
    entries = town.book.journals[case_no][journal:]
    moved = [entry.data["event"] for entry in entries if entry.event == "case.moved"]
    return Tried(snapshot, event, act, actor, event.value in moved, code, case_to_json(town.case(case_no)) == before)


def _refusal(town: Town, case_no: str, act: str, caller: Any) -> str | None:
    try:
        town.do(case_no, act, caller, **said_by(town, town.case(case_no), act, caller))
    except QianshuError as refusal:
        return refusal.code
    return None


def in_table(profile: FlowProfile, state: State, event: Event, actor: Actor) -> bool:
    """Read off the lifecycle and the city's own lines, not asked of the code that reads them."""
    return (state, event) in TRANSITIONS and any(
        actor in rule.by and (rule.sources is None or state in rule.sources)
        for rule in profile.transitions.get(event, ())
    )


@pytest.fixture(scope="module")
def attempts(walks: dict[str, Walk]) -> dict[str, list[Tried]]:
    with quick_uploads():
        return {way: [one for snapshot in walk.seen.values() for one in tries(snapshot)] for way, walk in walks.items()}


@pytest.mark.parametrize("way", WAYS)
def test_nothing_moves_that_the_citys_table_does_not_move(attempts: dict[str, list[Tried]], way: str) -> None:
    wrong = [str(one) for one in attempts[way] if one.moved and not _allowed(one)]
    assert wrong == []


@pytest.mark.parametrize("way", WAYS)
def test_what_the_table_has_is_refused_only_for_what_is_missing(attempts: dict[str, list[Tried]], way: str) -> None:
    mine = [one for one in attempts[way] if one.actor in EVERY_ACT[one.act].by and _is_here(one)]
    wrong = [str(one) for one in mine if one.code in OF_TABLE and _allowed(one)]
    assert wrong == []


@pytest.mark.parametrize("way", WAYS)
def test_what_is_refused_leaves_the_case_as_it_was(attempts: dict[str, list[Tried]], way: str) -> None:
    wrong = [str(one) for one in attempts[way] if one.code is not None and not one.unchanged]
    assert wrong == []


@pytest.mark.parametrize("city", CITY_NAMES)
def test_every_arrow_of_a_city_is_taken(attempts: dict[str, list[Tried]], walks: dict[str, Walk], city: str) -> None:
    ways = [way for way, (of, _) in WAYS.items() if of == city]
    taken = {move for way in ways for move in walks[way].moves}
    taken |= {(one.snapshot.state.value, one.event.value) for way in ways for one in attempts[way] if one.moved}
    arrows = {
        (None if arrow.source is None else arrow.source.value, arrow.event.value)
        for arrow in city_transitions(cities()[city])
    }
    assert taken == arrows


def test_every_state_of_every_city_is_walked_to(walks: dict[str, Walk]) -> None:
    for city in CITY_NAMES:
        profile = cities()[city]
        seen = {snapshot.state for way, (of, _) in WAYS.items() if of == city for snapshot in walks[way].seen.values()}
        assert seen == reached_states(profile) - passing_states(profile)


BY_PEN = {
    *("download-text", "add-scan-page", "drop-scan-pages", "hand-in-scan-pages"),
    *("upload-signed-scan", "upload-extra-paper"),
}
"""Signing with a pen needs printed and scanned pages: ``tests/integration/offline_signing`` walks that way."""


def test_every_act_is_done_somewhere(walks: dict[str, Walk]) -> None:
    done = {act for walk in walks.values() for act, _, _ in walk.done}
    assert done | BY_PEN | BY_CERTIFICATE == set(EVERY_ACT)


@pytest.mark.parametrize("way", WAYS)
def test_a_case_at_rest_has_nothing_left_to_do_by_itself(walks: dict[str, Walk], way: str) -> None:
    for snapshot in walks[way].seen.values():
        at_rest = Outcome(snapshot.case)
        assert advance(situation(snapshot.case, Actor.SYSTEM, now=snapshot.town.now), at_rest) == at_rest, snapshot


@pytest.mark.parametrize("way", WAYS)
def test_nothing_leaves_an_end(attempts: dict[str, list[Tried]], walks: dict[str, Walk], way: str) -> None:
    ends = [one for one in attempts[way] if one.snapshot.state in TERMINAL]
    undone = {act for event in UNDOES_AN_END for act in FIRED_BY[event]}
    assert not [str(one) for one in ends if (one.moved or one.code is None) and one.act not in undone]
    assert {one.event for one in ends if one.moved} <= UNDOES_AN_END
    assert ends or not {snapshot.state for snapshot in walks[way].seen.values()} & TERMINAL


@pytest.mark.parametrize("way", WAYS)
def test_only_the_registry_leads_out_of_registering(walks: dict[str, Walk], attempts: Any, way: str) -> None:
    out = {one.event for one in attempts[way] if one.snapshot.state is State.REGISTERING and one.moved}
    assert out <= {Event.REGISTRY_DONE, Event.REGISTRY_REJECT}
    walked = {event for state, event in moves_in_walk(walks[way]) if state == State.REGISTERING.value}
    assert walked <= {"registry_done", "registry_reject"}


def _is_here(one: Tried) -> bool:
    """A city without a notary drops and finishes cancellations by other acts."""
    return bool(cities()[one.snapshot.city].cancelling.notary) or one.act not in OF_NOTARY


def moves_in_walk(walk: Walk) -> set[tuple[str | None, str]]:
    return walk.moves.union(*(moves_in(snapshot.town, snapshot.case_no) for snapshot in walk.seen.values()))


def _allowed(one: Tried) -> bool:
    actor = Actor.SELLER if one.act in AS_SELLER else one.actor
    return in_table(cities()[one.snapshot.city], one.snapshot.state, one.event, actor)
