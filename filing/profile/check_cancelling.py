"""The cancel table of a city is complete and unambiguous: every situation a case can show has one row for each way of
asking, and some way of asking.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from filing.lifecycle import Event, State, sources_of
from filing.profile.cancellation import possible_situations, rows_that_fit
from filing.profile.cancelling import CancelScope
from filing.profile.errors import Problem
from filing.profile.flow import passing_states, reached_states
from identity.subjects import Side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filing.profile.cancellation import CancelSituation
    from filing.profile.cancelling import CancelRule
    from filing.profile.model import FlowProfile

__all__ = ["check_cancelling"]


def check_cancelling(profile: FlowProfile) -> Iterator[Problem]:
    """Every gap and overlap of the table, once per pair of rows and once per state."""
    yield from _rows(profile)
    yield from _scopes(profile)
    overlaps: set[tuple[str, str]] = set()
    for state in _cancellable(profile):
        for situation in possible_situations(profile, state, Side.SELLER):
            rows = tuple(rows_that_fit(profile.cancelling.rows, situation))
            overlaps |= {(a.name, b.name) for a, b in combinations(rows, 2) if _same_way_of_asking(a, b)}
            if not rows:
                yield _gap(state, situation)
                break
    yield from _overlaps(profile, overlaps)


def _cancellable(profile: FlowProfile) -> Iterator[State]:
    """Passing states are left by the service at once and need no row."""
    rest = reached_states(profile) - passing_states(profile)
    if Event.REQUEST_CANCEL in profile.transitions:
        yield from sorted(state for state in sources_of(Event.REQUEST_CANCEL) if state in rest and state is not None)


def _rows(profile: FlowProfile) -> Iterator[Problem]:
    cancellable = frozenset(_cancellable(profile))
    names = [row.name for row in profile.cancelling.rows]
    for place, row in enumerate(profile.cancelling.rows):
        path = ("cancelling", "rows", place)
        if names.index(row.name) != place:
            yield Problem((*path, "name"), f"“{row.name}”重复", f"row {row.name!r} occurs twice")
        for state in row.when.states:
            if state not in cancellable:
                zh, en = f"“{state}”状态不能申请注销", f"nothing can be cancelled in {state} here"
                yield Problem((*path, "when", "states"), zh, en)
    if not cancellable:
        yield Problem(("transitions",), "缺少“request_cancel”", "event request_cancel is missing")


def _scopes(profile: FlowProfile) -> Iterator[Problem]:
    offered = {scope for row in profile.cancelling.rows for scope in row.scopes}
    for scope, event in (
        (CancelScope.NET_SIGN, Event.FINISH_CANCEL_NETSIGN),
        (CancelScope.FILING, Event.FINISH_CANCEL_FILING),
    ):
        if (scope in offered) != (event in profile.transitions):
            yield Problem(
                ("cancelling", "rows"), f"“{scope}”与“{event}”不一致", f"scope {scope} and {event} contradict"
            )
    for place, row in enumerate(profile.cancelling.rows):
        if CancelScope.FILING in row.scopes and row.when.states != (State.FILED,):
            path = ("cancelling", "rows", place, "scopes")
            yield Problem(path, "只有已备案的合同才能注销备案", "only a filed contract has a filing to revoke")


def _same_way_of_asking(one: CancelRule, other: CancelRule) -> bool:
    same = one.channel is other.channel and one.ground is other.ground
    return same and not set(one.by).isdisjoint(other.by) and not set(one.scopes).isdisjoint(other.scopes)


def _gap(state: State, situation: CancelSituation) -> Problem:
    facts = [
        "signed" if situation.signed_sides else "unsigned",
        f"code {situation.qualification}",
        f"method {situation.method or 'undecided'}",
        "downloaded" if situation.downloaded else "not downloaded",
    ]
    said = ", ".join(facts)
    return Problem(("cancelling", "rows"), f"“{state}”（{said}）没有注销规则", f"no row covers {state} ({said})")


def _overlaps(profile: FlowProfile, found: set[tuple[str, str]]) -> Iterator[Problem]:
    names = [row.name for row in profile.cancelling.rows]
    for one, other in sorted(found):
        path = ("cancelling", "rows", max(names.index(one), names.index(other)))
        yield Problem(path, f"“{one}”与“{other}”适用同一情形", f"rows {one!r} and {other!r} fit one situation")
