"""Every act × every kind of caller × every point of every way, with the best input there is and with another's."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from filing.profile import Actor
from notary.every_act import EVERY_ACT
from tests.attacks.callers import callers_of
from tests.attacks.trying import attempt, swapped
from tests.builders.cases import STRANGER
from tests.builders.said import example, said_by
from tests.builders.walk import cast_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.attacks.callers import Kind
    from tests.attacks.trying import Attempt
    from tests.builders.walk import Snapshot, Walk

__all__ = ["EVERYTHING", "ON_CASES", "OTHERS", "Tried", "matrix_of", "rightful"]

EVERYTHING: Final = os.environ.get("QIANSHU_THOROUGH") == "1"
"""CI tries everything. Otherwise: each state once, whoever may where the act is done with every input, and everybody
else with each act at every :data:`SAMPLE`-th point; which points, differs from act to act.
"""

SAMPLE: Final = 9

ON_CASES: Final = tuple(act for act in EVERY_ACT.values() if None not in act.states)
"""Acts on a case there is."""

OTHER_TEXT: Final = "f" * 64
OTHER_NUMBER: Final = STRANGER.number

_DIGESTS: Final = frozenset({"text_sha256", "sha256", "warning_sha256"})
_NUMBERS: Final = frozenset({"id_number", "seller_id_number", "owner_id_number", "contract_number"})

OTHERS: Final = {
    "other text": lambda name, _: OTHER_TEXT if name in _DIGESTS else None,
    "no such party": lambda name, _: "buyer-9" if name == "party" else None,
    "other side": lambda name, key: _opposite(key) if name == "party" else None,
    "other number": lambda name, _: OTHER_NUMBER if name in _NUMBERS else None,
}
"""Another's identifiers in place of the right ones."""


def _opposite(key: str) -> str:
    return "seller-1" if key.startswith("buyer") else "buyer-1"


@dataclass(frozen=True)
class Tried:
    """An attempt, and what was said with it."""

    said: str
    attempt: Attempt
    capable: bool
    """The caller has a capacity the act is for."""

    def __str__(self) -> str:
        return f"{self.attempt} ({self.said})"


def matrix_of(walk: Walk) -> Iterator[Tried]:
    points = [one for one in walk.seen.values() if EVERYTHING or one.name == one.state.value]
    for place, snapshot in enumerate(points):
        yield from _at(snapshot, place)


def _at(snapshot: Snapshot, place: int) -> Iterator[Tried]:
    town = snapshot.town.fork()
    kinds = list(enumerate(callers_of(snapshot)))
    for row, act in enumerate(ON_CASES):
        best = act.input(**said_by(town, snapshot.case, act.name, rightful(snapshot, act.by)))
        for column, kind in kinds:
            hopeless = not kind.may(act.by) or _state_of(kind) not in act.states
            if not EVERYTHING and hopeless and (place + row + column) % SAMPLE:
                continue
            for said, value in _inputs(town, kind, act, best):
                yield Tried(said, attempt(town, kind, act.name, value, str(snapshot)), kind.may(act.by))


def _inputs(town: Any, kind: Kind, act: Any, best: Any) -> Iterator[tuple[str, Any]]:
    """Whoever may not comes with what the one who may would say; whoever may, also with what is another's."""
    if not kind.may(act.by):
        # Whoever has all three keys of a case is let in to it: that they have not is what a stranger is (HS-25).
        for name, value in (("the victim's", best), *((("example", example(act)),) if EVERYTHING else ())):
            yield name, value if act.newcomer is None else swapped(value, OTHERS["other number"])
        return
    own = act.input(**said_by(town, kind.case, act.name, kind.caller))
    yield "own", own
    if _state_of(kind) not in act.states and not EVERYTHING:
        return
    yield "example", example(act)
    for name, swap in OTHERS.items():
        other = swapped(own, swap)
        if other is not None:
            yield name, other


def _state_of(kind: Kind) -> Any:
    return None if kind.case.position is None else kind.case.position.state


def rightful(snapshot: Snapshot, by: frozenset[Actor]) -> Any:
    """Whoever may do it, by capacity; what they would say is the best a thief can have."""
    cast = cast_of(snapshot.city)
    people = {
        Actor.SELLER: cast.seller,
        Actor.DEVELOPER: cast.seller,
        Actor.BUYER: cast.buyer,
        Actor.REVIEWER: cast.reviewer,
        Actor.SEALING_OFFICER: cast.sealer,
        Actor.WINDOW_STAFF: cast.clerk,
        Actor.REGISTRY: cast.registry,
        Actor.NOTARY: cast.notary,
    }
    return next((people[actor] for actor in people if actor in by), None)
