"""No act of staff without a place at a desk: what the pages offer to whom is compared with the table of acts.

``web/src/desk/logic/offered.json`` is what the desks' pages are made of and what their own tests walk through.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from filing.profile import Actor
from notary.every_act import EVERY_ACT

OFFERED = json.loads(
    (Path(__file__).resolve().parents[3] / "web/src/desk/logic/offered.json").read_text(encoding="utf-8")
)

AT_DESKS = (Actor.REVIEWER, Actor.SEALING_OFFICER, Actor.WINDOW_STAFF, Actor.REGISTRY, Actor.NOTARY)


@pytest.mark.parametrize("actor", AT_DESKS)
def test_every_act_open_to_staff_is_offered_at_their_desk(actor: Actor) -> None:
    assert sorted(OFFERED[actor.value]) == sorted(name for name, act in EVERY_ACT.items() if actor in act.by)


def test_no_desk_offers_an_act_twice_or_to_nobody() -> None:
    assert set(OFFERED) == {actor.value for actor in AT_DESKS}
    assert all(len(set(names)) == len(names) for names in OFFERED.values())
