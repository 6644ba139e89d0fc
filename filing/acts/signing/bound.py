"""What every act of signing rests on: this very text, the signer in person, and the step whose turn it is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from filing.case.signers import signer_of
from filing.engine.outcome import Outcome
from filing.engine.roles import require_party
from filing.errors import FilingError, NotYours
from filing.guards.signing import steps_of
from identity.subjects import PartyKind

if TYPE_CHECKING:
    from filing.case import Case
    from filing.case.people import CaseParty
    from filing.case.signers import Signer
    from filing.case.signing import SigningTask, StepDone
    from filing.case.text import FixedText
    from filing.engine.situation import Situation
    from filing.profile.signing import SignStep

__all__ = [
    "fixed_text",
    "not_the_signer",
    "party_named",
    "replaced_task",
    "require_step",
    "require_text",
    "signer_named",
    "signers_task",
    "step_taken",
]


def fixed_text(case: Case) -> FixedText:
    """The text that stands. Raises ``FilingError`` (``text.not_fixed``)."""
    if case.text.fixed is None:
        raise FilingError("text.not_fixed", zh="合同文本尚未生成", en="the text is not fixed yet")
    return case.text.fixed


def require_text(case: Case, sha256: str) -> FixedText:
    """The text, if it is the one meant. Raises ``FilingError`` (``text.other``): nobody agrees to what they have not
    before them.
    """
    fixed = fixed_text(case)
    if fixed.sha256 != sha256:
        raise FilingError(
            "text.other",
            zh="合同文本已经更新，请重新查看后再办理",
            en="this is not the text that stands now: read it again",
            version=fixed.version,
        )
    return fixed


def party_named(case: Case, key: str) -> CaseParty:
    """The party. Raises ``NotYours``: whoever names a party that is not there is told no more than a stranger."""
    party = case.people.party(key)
    if party is None:
        raise NotYours("party.not_yours", zh="您不能代表该当事人办理", en="you do not act for this party", party=key)
    return party


def signer_named(situation: Situation, key: str) -> Signer:
    """Who signs for the party. Raises ``FilingError`` (``signing.nobody_signs``)."""
    signer = signer_of(situation.profile, situation.case, party_named(situation.case, key), situation.now)
    if signer is None:
        raise FilingError(
            "signing.nobody_signs",
            zh="尚未确定由谁代为签署",
            en="somebody must sign for this party and nobody is named",
            party=key,
        )
    return signer


def signers_task(situation: Situation, key: str, text_sha256: str) -> SigningTask:
    """The task of the party, if whoever asks is its signer in person; a link in their hands proves nothing (HS-32).

    Raises ``FilingError`` (``text.other``, ``signing.no_task``, ``signing.done``) and ``NotYours``.
    """
    require_text(situation.case, text_sha256)
    require_party(situation.who.parties, key)
    task = situation.case.signing.task(key)
    if task is None or task.text_sha256 != text_sha256:
        raise FilingError("signing.no_task", zh="没有待签署的任务", en="there is nothing to sign here", party=key)
    if not _is_signer(situation, task):
        raise not_the_signer(key)
    if task.revision_sha256 is not None:
        raise FilingError("signing.done", zh="您已经完成签署", en="this party has signed already", party=key)
    return task


def not_the_signer(key: str) -> NotYours:
    """To whoever stands for the party but is not the one who signs."""
    return NotYours(
        "signing.not_the_signer", zh="须由签署人本人办理", en="only the signer in person may do this", party=key
    )


def require_step(situation: Situation, task: SigningTask, step: SignStep) -> None:
    """That it is the turn of ``step``: everything the city puts before it is done (SZ-69…73).

    Raises ``FilingError`` (``signing.not_a_step``, ``signing.out_of_order``).
    """
    steps = steps_of(situation)
    if step not in steps:
        raise FilingError(
            "signing.not_a_step", zh="本市签署流程没有这一步", en="signing here has no such step", step=step.value
        )
    done = {each.step for each in task.steps}
    missing = [each.value for each in steps[: steps.index(step)] if each not in done]
    if missing:
        raise FilingError(
            "signing.out_of_order",
            zh="请按顺序完成签署步骤",
            en="the steps of signing have an order: an earlier one is not done",
            missing=missing,
        )


def step_taken(situation: Situation, task: SigningTask, *done: StepDone) -> SigningTask:
    """The task with steps done; a step done again voids those that came after it."""
    steps, earliest = steps_of(situation), min(done, key=lambda each: steps_of(situation).index(each.step)).step
    kept = tuple(each for each in task.steps if steps.index(each.step) < steps.index(earliest))
    return replace(task, steps=(*kept, *done))


def replaced_task(case: Case, task: SigningTask) -> Outcome:
    """The case with this task in place of the party's former one."""
    tasks = tuple(task if each.party == task.party else each for each in case.signing.tasks)
    return Outcome(case).with_case(signing=replace(case.signing, tasks=tasks))


def _is_signer(situation: Situation, task: SigningTask) -> bool:
    """By identity number. An organisation nobody is named for acts by whoever came as it (``signer_of``)."""
    if situation.who.key == task.signer:
        return True
    party, person = situation.case.people.party(task.party), situation.who.person
    if party is None or person is None or party.identified.kind is PartyKind.PERSON:
        return False
    named = signer_of(situation.profile, situation.case, party, situation.now)
    return named is not None and named.basis is None and person.acts_for(situation.now) is not None
