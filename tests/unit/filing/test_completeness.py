"""Nothing is named that is not there: guards, effects, acts, their examples, their rules, and every event of a city."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, get_type_hints

import msgspec
import pytest
import yaml

from filing.acts.spec import FileInput, Upload
from filing.effects import EFFECTS
from filing.engine.fire import BY_ITSELF
from filing.guards import GUARDS
from filing.lifecycle import PERMITS, TERMINAL, State
from filing.profile import Actor, Effect, Guard, city_transitions, reached_states
from notary.every_act import EVERY_ACT
from tests.builders.cases import CITIES, cities
from tests.builders.events import FIRED_BY

if TYPE_CHECKING:
    from filing.profile import FlowProfile

SPECS = list(EVERY_ACT.values())
NAMES = [spec.name for spec in SPECS]


def test_every_guard_and_effect_is_there() -> None:
    assert set(GUARDS) == set(Guard)
    assert set(EFFECTS) == set(Effect)


def test_every_state_permits_something_and_ends_are_known() -> None:
    assert set(PERMITS) == set(State)
    assert {State.VOID, State.EXPIRED, State.TRANSFERRED} == TERMINAL


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_taken_by_its_act(name: str) -> None:
    spec = EVERY_ACT[name]
    known = {field.name for field in dataclasses.fields(spec.input)}
    files = [field for field, kind in get_type_hints(spec.input).items() if kind is Upload]
    said = dict(spec.doc.example)
    assert set(said) <= known, "an example names nothing that is not asked"
    assert (spec.file is FileInput.ONE) == bool(files)
    for each in files:
        said[each] = {"content": b"", "name": "a.pdf"}
    read = msgspec.convert(said, spec.input)
    assert isinstance(read, spec.input)


@pytest.mark.parametrize("name", NAMES)
def test_an_act_says_what_it_does_and_for_whom(name: str) -> None:
    spec = EVERY_ACT[name]
    assert spec.name == name
    assert spec.doc.zh
    assert spec.doc.en
    assert spec.by
    assert spec.states
    assert len(set(spec.doc.errors)) == len(spec.doc.errors)


def test_acts_name_rules_that_are_there() -> None:
    known = yaml.safe_load((CITIES.parent / "docs" / "rules.yaml").read_text(encoding="utf-8"))
    listed = {rule for section in known.values() if isinstance(section, dict) for rule in section}
    unknown = {(spec.name, rule) for spec in SPECS for rule in spec.rules if rule not in listed}
    assert unknown == set()


@pytest.mark.parametrize("city", sorted(cities()))
def test_every_event_of_a_city_is_fired_by_somebody(city: str) -> None:
    profile = cities()[city]
    silent = [
        (arrow.event.value, arrow.source)
        for arrow in city_transitions(profile)
        if not _by_itself(arrow) and not _fired(profile, arrow)
    ]
    assert silent == []


def _by_itself(arrow: Any) -> bool:
    return arrow.event in BY_ITSELF and Actor.SYSTEM in arrow.by


def _fired(profile: FlowProfile, arrow: Any) -> bool:
    acts = [EVERY_ACT[name] for name in FIRED_BY.get(arrow.event, ()) if arrow.source in EVERY_ACT[name].states]
    return any(_has(spec, profile, who) for spec in acts for who in arrow.by)


def _has(spec: Any, profile: FlowProfile, actor: Actor) -> bool:
    return actor in spec.by and (spec.fits is None or spec.fits(profile, actor))


def test_an_act_that_says_its_event_is_the_one_that_fires_it() -> None:
    wrong = [spec.name for spec in SPECS if spec.event is not None and spec.name not in FIRED_BY[spec.event]]
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_every_act_can_be_reached_in_some_city(name: str) -> None:
    """In a state the city comes to, by somebody the city lets act (walks hold that it is then done: tests/property)."""
    spec = EVERY_ACT[name]
    reached = [
        profile.city.name
        for profile in cities().values()
        if spec.states & {None, *reached_states(profile)} and any(_has(spec, profile, who) for who in spec.by)
    ]
    assert reached
