"""Contradictions between a profile's data and its transitions: each stops the boot, with the place it stands in."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final

from filing.lifecycle import ANSWERS_OF_REGISTRY, TERMINAL, Event, State, sources_of
from filing.profile.entry import Confirmers, QualificationNeed
from filing.profile.errors import Problem
from filing.profile.flow import AUTOMATIC, city_transitions, reached_states
from filing.profile.model import Kind
from filing.profile.signing import FilingTrigger
from filing.profile.vocabulary import Actor, Effect, Guard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filing.profile.marked_yaml import Path
    from filing.profile.model import FlowProfile, Sale

__all__ = ["check_flow"]

_FILING_EVENT: Final = {
    FilingTrigger.SIGNING_COMPLETE: Event.AUTO_FILE,
    FilingTrigger.APPROVAL: Event.APPROVE_FILING,
    FilingTrigger.REGISTRY_ACCEPT: Event.REGISTRY_ACCEPT,
    FilingTrigger.IMPORTED: Event.IMPORT_FILED,
}

_OF_REVIEW: Final = frozenset({Event.SUBMIT_FILING, Event.APPROVE_FILING, Event.RETURN_TEXT, Event.RETURN_MATERIALS})

_MADE_BY_DATA: Final = frozenset(
    {
        Guard.QUALIFICATION_SETTLED,
        Guard.UNDERTAKINGS_COMPLETE,
        Guard.CONFIRMATIONS_COMPLETE,
        Guard.MATERIALS_COMPLETE,
        Guard.NOTICE_READ,
        Guard.SIDE_CODES_VERIFIED,
        Guard.EXTRA_PAPERS_PRESENT,
        Guard.TRUST_LEVEL_REACHED,
        Guard.PROPERTY_QUERY_FRESH,
        Guard.CO_OWNER_CHOICE_MADE,
        Guard.FORMS_COMPLETE,
    }
)
"""Guards that only mean something where the profile declares what they look at, and that it must then name."""


@dataclass(frozen=True, slots=True)
class _Due:
    """A guard that declared data makes necessary."""

    event: Event
    """Before which event."""

    guard: Guard
    """Which guard."""

    path: Path
    """Where the data stands."""


def check_flow(profile: FlowProfile) -> Iterator[Problem]:
    """Every contradiction in the transitions."""
    yield from _sources(profile)
    yield from _answers(profile)
    yield from _dead_ends(profile)
    yield from _filing(profile)
    yield from _events_of_data(profile)
    yield from _guards(profile)


def _sources(profile: FlowProfile) -> Iterator[Problem]:
    reached = reached_states(profile)
    for event, rules in profile.transitions.items():
        taken: set[tuple[State | None, Actor]] = set()
        for place, rule in enumerate(rules):
            path: Path = ("transitions", event.value, place)
            named = sources_of(event) if rule.sources is None else frozenset(rule.sources)
            for state in sorted(named - sources_of(event), key=str):
                yield _problem((*path, "sources"), f"“{event}”不能发生在“{state}”", f"{event} cannot happen in {state}")
            if rule.sources is not None:
                for state in sorted(frozenset(rule.sources) - reached):
                    yield _problem((*path, "sources"), f"本市不会到达“{state}”", f"no case gets to {state} here")
            mine = set(product(named, rule.by))
            if taken & mine:
                zh, en = f"“{event}”有两条规则适用同一状态和同一人", f"two rules of {event} cover one state and actor"
                yield _problem(path, zh, en)
            taken |= mine


def _answers(profile: FlowProfile) -> Iterator[Problem]:
    """(a) Nobody but the registry leaves ``registering``; nobody but the service takes its own steps."""
    own = dict.fromkeys(ANSWERS_OF_REGISTRY, Actor.REGISTRY)
    own |= dict.fromkeys(AUTOMATIC | {Event.EXPIRE}, Actor.SYSTEM)
    for event, actor in own.items():
        for place, rule in enumerate(profile.transitions.get(event, ())):
            if rule.by != (actor,):
                path = ("transitions", event.value, place, "by")
                yield _problem(path, f"“{event}”只能由“{actor}”作出", f"{event} is {actor}'s alone")


def _dead_ends(profile: FlowProfile) -> Iterator[Problem]:
    left = {arrow.source for arrow in city_transitions(profile)}
    for state in sorted(reached_states(profile) - TERMINAL):
        if state not in left:
            yield _problem(("transitions",), f"没有离开“{state}”的办法", f"there is no way out of {state}")
    if State.TRANSFERRED not in reached_states(profile):
        yield _problem(("transitions",), "案件无法走到“transferred”", "no case ever gets to transferred")
    beginning = Event.OPEN if profile.kind is Kind.STOCK_SALE else Event.IMPORT_FILED
    other = Event.IMPORT_FILED if beginning is Event.OPEN else Event.OPEN
    if beginning not in profile.transitions or other in profile.transitions:
        zh, en = f"此类案件只能以“{beginning}”开始", f"a case of this kind begins with {beginning} alone"
        yield _problem(("transitions",), zh, en)


def _filing(profile: FlowProfile) -> Iterator[Problem]:
    filing, event = profile.filing, _FILING_EVENT[profile.filing.trigger]
    present = frozenset(profile.transitions)
    if event not in present:
        yield _problem(("filing", "trigger"), f"缺少“{event}”", f"the trigger needs event {event}")
    for each in sorted(_OF_REVIEW):
        if (each in present) != filing.review:
            yield _problem(("filing", "review"), f"与“{each}”不一致", f"review and event {each} contradict")
    for each in sorted(frozenset(_FILING_EVENT.values()) - {event, Event.REGISTRY_ACCEPT}):
        if each in present:
            yield _problem(("filing", "trigger"), f"与“{each}”矛盾", f"the trigger contradicts event {each}")
    effects = {effect for rule in profile.transitions.get(event, ()) for effect in rule.effects}
    wanted = (
        (Effect.STAMP_FILING, "stamp", filing.stamp),
        (Effect.PUSH_TO_RECIPIENTS, "recipients", filing.recipients),
    )
    for effect, field, declared in wanted:
        if (effect in effects) != bool(declared):
            yield _problem(
                ("filing", field), f"与“{event}”的“{effect}”不一致", f"{field} and {effect} of {event} contradict"
            )
    if filing.trigger is FilingTrigger.REGISTRY_ACCEPT:
        yield from _filed_by_registry(profile, effects)


def _filed_by_registry(profile: FlowProfile, effects: set[Effect]) -> Iterator[Problem]:
    """Filed when the registry takes the transfer (WH-12), so a reject must undo it."""
    undone = {effect for rule in profile.transitions.get(Event.REGISTRY_REJECT, ()) for effect in rule.effects}
    if Effect.RECORD_FILING not in effects or Effect.REVOKE_FILING not in undone:
        yield _problem(
            ("filing", "trigger"),
            "登记受理即备案时，受理须记录备案，退回须撤销备案",
            "filed by the registry: accepting must record the filing and rejecting must revoke it",
        )


def _events_of_data(profile: FlowProfile) -> Iterator[Problem]:
    present = frozenset(profile.transitions)
    expires = profile.sale is not None and profile.sale.entry.expires_after_hours is not None
    pairs: tuple[tuple[Event, bool, Path], ...] = (
        (Event.AMEND, profile.filing.amend is not None, ("filing", "amend")),
        (Event.EXPIRE, expires, ("sale", "entry", "expires_after_hours")),
    )
    for event, declared, path in pairs:
        if (event in present) != declared:
            yield _problem(path, f"与“{event}”不一致", f"this and event {event} contradict")
    straight = any(
        Guard.FILING_NOT_REQUIRED in arrow.guards and arrow.source is State.TEXT_READY
        for arrow in city_transitions(profile)
    )
    if straight != bool(profile.filing.exempt):
        yield _problem(("filing", "exempt"), "与免备案的登记途径不一致", "this and the way past filing contradict")


def _guards(profile: FlowProfile) -> Iterator[Problem]:
    due = tuple(_all_due(profile))
    needed = {(each.event, each.guard) for each in due}
    named = {
        (event, guard): ("transitions", event.value, place, "guards")
        for event, rules in profile.transitions.items()
        for place, rule in enumerate(rules)
        for guard in rule.guards
    }
    for each in due:
        if (each.event, each.guard) not in named:
            zh = f"“{each.event}”缺少条件“{each.guard}”"
            yield _problem(each.path, zh, f"{each.event} must have guard {each.guard} because of this")
    for (event, guard), path in named.items():
        if guard in _MADE_BY_DATA and (event, guard) not in needed:
            yield _problem(path, f"没有数据支持条件“{guard}”", f"nothing is declared for guard {guard} of {event}")


def _all_due(profile: FlowProfile) -> Iterator[_Due]:
    for place, code in enumerate(profile.people.phones.codes):
        yield _Due(code.at, Guard.SIDE_CODES_VERIFIED, ("people", "phones", "codes", place))
    if profile.people.trust is not None:
        yield _Due(Event.VERIFY_PROPERTY, Guard.TRUST_LEVEL_REACHED, ("people", "trust"))
    if profile.sale is not None:
        yield from _due_of_entry(profile.sale)
        yield from _due_of_preparation(profile.sale)
        if profile.sale.signing.wet_extra:
            yield _Due(Event.COMPLETE_SIGNING, Guard.EXTRA_PAPERS_PRESENT, ("sale", "signing", "wet_extra"))


def _due_of_entry(sale: Sale) -> Iterator[_Due]:
    path: Path = ("sale", "entry")
    if sale.house.query_same_day:
        yield _Due(Event.VERIFY_PROPERTY, Guard.PROPERTY_QUERY_FRESH, ("sale", "house", "query_same_day"))
    if sale.entry.co_owner_choice:
        yield _Due(Event.GENERATE_TEXT, Guard.CO_OWNER_CHOICE_MADE, (*path, "co_owner_choice"))
    if any(form.required for form in sale.entry.forms):
        yield _Due(Event.START_SIGNING, Guard.FORMS_COMPLETE, (*path, "forms"))
    for place, notice in enumerate(sale.entry.notices):
        yield _Due(notice.before, Guard.NOTICE_READ, (*path, "notices", place))


def _due_of_preparation(sale: Sale) -> Iterator[_Due]:
    path: Path = ("sale", "preparation")
    if sale.preparation.qualification.need is not QualificationNeed.NEVER:
        yield _Due(Event.START_SIGNING, Guard.QUALIFICATION_SETTLED, (*path, "qualification"))
    if sale.preparation.confirmers is not Confirmers.NOBODY:
        yield _Due(Event.START_SIGNING, Guard.CONFIRMATIONS_COMPLETE, (*path, "confirmers"))
    for place, undertaking in enumerate(sale.preparation.undertakings):
        yield _Due(undertaking.before, Guard.UNDERTAKINGS_COMPLETE, (*path, "undertakings", place))
    for place, slot in enumerate(sale.preparation.materials.slots if sale.preparation.materials else ()):
        if slot.required:
            yield _Due(slot.before, Guard.MATERIALS_COMPLETE, (*path, "materials", "slots", place))


def _problem(path: Path, zh: str, en: str) -> Problem:
    return Problem(path=path, zh=zh, en=en)
