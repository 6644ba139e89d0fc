"""Every guard and every effect that city data may name does something; every act is described for strangers."""

from __future__ import annotations

import dataclasses
from typing import get_args, get_type_hints

import pytest

from filing.effects import EFFECTS
from filing.engine.tables import merged
from filing.guards import GUARDS
from filing.profile import Actor, Effect, Guard
from notary.every_act import EVERY_ACT


@pytest.mark.parametrize("guard", Guard)
def test_no_guard_is_without_implementation(guard):
    assert callable(GUARDS[guard])


@pytest.mark.parametrize("effect", Effect)
def test_no_effect_is_without_implementation(effect):
    assert callable(EFFECTS[effect])


def test_a_name_in_two_tables_stops_the_import():
    with pytest.raises(RuntimeError, match="release"):
        merged({"release": 1}, {"keep": 2}, {"release": 3})


@pytest.mark.parametrize("name", EVERY_ACT)
def test_an_act_says_what_it_is(name):
    act = EVERY_ACT[name]
    assert act.name == name == name.lower()
    assert act.by <= set(Actor)
    assert act.by
    assert act.states
    assert act.doc.zh
    assert act.doc.en
    assert isinstance(act.doc.example, dict)


@pytest.mark.parametrize("name", EVERY_ACT)
def test_an_acts_input_can_be_read_by_the_ways_in(name):
    """Types resolve at run time, field by field, and every field is described."""
    seen: set[type] = set()
    _walk(EVERY_ACT[name].input, seen)
    assert EVERY_ACT[name].input in seen


def _walk(kind: type, seen: set[type]) -> None:
    if not dataclasses.is_dataclass(kind) or kind in seen:
        return
    seen.add(kind)
    for hint in get_type_hints(kind).values():
        for each in (hint, *get_args(hint)):
            _walk(each, seen)
