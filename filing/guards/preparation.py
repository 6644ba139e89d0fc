"""Guards: what is done before signing. Qualification, undertakings, materials."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from filing.facts import house_facts
from filing.lifecycle import Event, State
from filing.profile import Answer, Guard, QualificationState, qualification_needed
from identity.findings import Finding
from identity.subjects import Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from filing.case import Case
    from filing.case.people import CaseParty
    from filing.engine.situation import Situation
    from filing.guards import GuardCheck
    from filing.profile import Ruling
    from filing.profile.entry import Material
    from identity.findings import Findings

__all__ = [
    "GUARDS",
    "IDENTITY_CHANGE",
    "SLOTS_OF_THE_HOUSE",
    "identity_changed",
    "missing_materials",
    "qualification_ruling",
]

IDENTITY_CHANGE: Final = "identity_change"
"""Proof that a buyer who owns a part under an older identity is the same person (SZ-55)."""

SLOTS_OF_THE_HOUSE: Final = frozenset({"title"})
"""Papers about the house: one seller hands them in for all. Every other paper is each party's own."""

_ORDER: Final = (Event.GENERATE_TEXT, Event.START_SIGNING, Event.COMPLETE_SIGNING, Event.SUBMIT_FILING)
"""Events papers may be needed before, as a case meets them."""

_NEXT: Final = MappingProxyType(
    {
        State.OPENED: Event.GENERATE_TEXT,
        State.DRAFTING: Event.GENERATE_TEXT,
        State.TEXT_READY: Event.START_SIGNING,
        State.SIGNING: Event.COMPLETE_SIGNING,
    }
)
"""Which of them comes next; from ``signed`` on everything is needed."""

_PASSED: Final = frozenset({QualificationState.PASSED, QualificationState.USED})


def qualification_ruling(situation: Situation) -> Ruling:
    """Whether the buyer of this house must be qualified (SZ-62, H-17)."""
    return qualification_needed(situation.sale, house_facts(situation.case))


def identity_changed(party: CaseParty) -> bool:
    """A buyer who is an owner already, and is not named in the title as in their papers of today (SZ-55)."""
    title = party.identified.title_id_number
    return party.side is Side.BUYER and party.on_title and title is not None and title != party.identified.id_number


def missing_materials(situation: Situation) -> tuple[tuple[str, str], ...]:
    """(slot, party) of every paper that is needed before the next step and is not there (HS-18, SZ-75)."""
    rules = situation.sale.preparation.materials
    slots = () if rules is None else rules.slots
    return tuple(missing for slot in slots if _due(situation, slot) for missing in _missing_in(situation.case, slot))


def _due(situation: Situation, slot: Material) -> bool:
    position = situation.case.position
    state = State.OPENED if position is None else position.state
    upcoming = _NEXT.get(state, _ORDER[-1])
    return slot.before in _ORDER and _ORDER.index(slot.before) <= _ORDER.index(upcoming)


def _missing_in(case: Case, slot: Material) -> Iterator[tuple[str, str]]:
    parties = [party for side in slot.sides for party in case.people.of_side(side)]
    if slot.slot == IDENTITY_CHANGE:
        needed = [party for party in parties if identity_changed(party)]
    else:
        needed = parties if slot.required else []
    without = [party.key for party in needed if not case.papers.materials_in(slot.slot, party.key)]
    if slot.slot in SLOTS_OF_THE_HOUSE and len(without) < len(needed):
        return
    wanted = without[:1] if slot.slot in SLOTS_OF_THE_HOUSE else without
    yield from ((slot.slot, key) for key in wanted)


def _qualification_settled(situation: Situation) -> Findings:
    ruling, state = qualification_ruling(situation), situation.case.papers.qualification.state
    if ruling.answer is Answer.NO or state in _PASSED:
        return ()
    if ruling.answer is Answer.UNDECIDED:
        return _no(
            "qualification.undecided",
            "房屋用途或限购情况尚未核定，不能判断是否需要购房资格",
            "use or restriction of the house is not decided: it cannot be told whether a qualification is needed",
        )
    return _no(
        "qualification.not_passed",
        "买方购房资格审查尚未通过",
        "the buyer's qualification has not been passed",
        state=state.value,
    )


def _undertakings_complete(situation: Situation) -> Findings:
    fixed = situation.case.text.fixed
    digest = None if fixed is None else fixed.sha256
    have = {file.template for file in situation.case.papers.undertakings if file.text_sha256 == digest}
    return tuple(
        finding
        for undertaking in situation.sale.preparation.undertakings
        if undertaking.template not in have
        for finding in _no(
            "undertaking.missing",
            "尚未上传经签署的承诺书，或者承诺书与当前合同文本不对应",
            "the signed undertaking for this very text has not been handed in",
            template=undertaking.template,
        )
    )


def _materials_complete(situation: Situation) -> Findings:
    return tuple(
        finding
        for slot, party in missing_materials(situation)
        for finding in _no(
            "material.missing", "必须提交的材料尚未上传", "a required paper is missing", slot=slot, party=party
        )
    )


def _no(code: str, zh: str, en: str, **facts: str) -> Findings:
    return (Finding(code, zh, en, facts=tuple(facts.items())),)


GUARDS: Final[Mapping[Guard, GuardCheck]] = MappingProxyType(
    {
        Guard.QUALIFICATION_SETTLED: _qualification_settled,
        Guard.UNDERTAKINGS_COMPLETE: _undertakings_complete,
        Guard.MATERIALS_COMPLETE: _materials_complete,
    }
)
"""By name. ``confirmations_complete`` is with the text."""
