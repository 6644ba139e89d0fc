"""Scan the code and take one's task (ZN-06, ZN-08, H-40, H-42): good once, for one purchaser, in their own hands.

A code that was forwarded is worthless to whoever holds it, and stays good for whom it is for.
"""

from __future__ import annotations

import hmac
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from filing.acts.spec import ActDoc, ActSpec
from filing.case.notary import NotaryState, StepTaken
from filing.guards.acting_people import group_of
from filing.lifecycle import State
from filing.profile import Actor
from filing.profile.cancelling import NotaryStep
from notary.applicant.bound import current_matter, replaced_task, task_of
from notary.applicant.inputs import CodeScanned
from notary.applicant.who import applicant_person, require_applicant
from notary.errors import NotaryError, NotYourTask
from notary.matter import has_cancelling, procedure_of, with_matter
from notary.scan_codes import token_digest

if TYPE_CHECKING:
    from filing.case.notary import ApplicantTask, QrToken
    from filing.engine.outcome import Outcome
    from filing.engine.situation import Situation
    from filing.profile.people import PersonGroup

__all__ = ["CLAIM"]


def _check(situation: Situation, asked: CodeScanned) -> None:
    _require_code(situation, _task(situation, asked), asked.token)
    require_applicant(situation, asked.party)
    _group(situation)


def _task(situation: Situation, asked: CodeScanned) -> ApplicantTask:
    """The task; a code in the hands of another party of the case is as worthless as in a stranger's."""
    current_matter(situation)
    if asked.party not in situation.who.parties:
        raise _not_your_code(asked.party)
    return task_of(situation, asked.party)


def _not_your_code(party: str) -> NotYourTask:
    return NotYourTask(
        "notary.not_your_code",
        zh="该二维码不是发给您的，或者已经重新生成",
        en="this code is not yours, or a newer one has taken its place",
        party=party,
    )


def _require_code(situation: Situation, task: ApplicantTask, token: str) -> QrToken:
    if task.qr is None or not hmac.compare_digest(token_digest(token), task.qr.token_sha256):
        raise _not_your_code(task.party)
    if task.submitted_at is not None:
        raise NotaryError(
            "notary.submitted", zh="您已提交，无需重复办理", en="it was handed in already", party=task.party
        )
    if task.qr.used_at is not None:
        raise NotaryError(
            "notary.code_used",
            zh="该二维码已使用，请直接继续办理，或请公证处重新生成",
            en="this code was scanned before: simply go on, or ask for a new one",
            party=task.party,
        )
    if task.qr.expires_at <= situation.now:
        raise NotaryError(
            "notary.code_expired",
            zh="二维码已过期，请重新获取",
            en="this code is over: ask for a new one",
            party=task.party,
        )
    return task.qr


def _group(situation: Situation) -> PersonGroup:
    """How the manual tells applicants apart; who applies counts, which may be an agent (H-42)."""
    group = group_of(applicant_person(situation))
    if group not in procedure_of(situation, current_matter(situation)).steps:
        raise NotaryError(
            "notary.group_not_served",
            zh="请以个人身份登录办理",
            en="log in as the person you are: an organisation cannot apply",
        )
    return group


def _decide(situation: Situation, asked: CodeScanned, _: None) -> Outcome:
    task = _task(situation, asked)
    qr = _require_code(situation, task, asked.token)
    own = require_applicant(situation, asked.party)
    claimed = replace(_begun(situation, task), qr=replace(qr, used_at=situation.now))
    outcome = replaced_task(situation, claimed)
    matter = current_matter(situation)
    if matter.state is NotaryState.QR_RETURNED and outcome.case.notary.current is not None:
        outcome = with_matter(outcome, replace(outcome.case.notary.current, state=NotaryState.VERIFYING))
    by = "principal" if own is None else own.basis.value
    return outcome.noting(
        "notary.claimed", matter=matter.number, party=task.party, by=by, group=claimed.group.value
    ).answering(group=claimed.group.value)


def _begun(situation: Situation, task: ApplicantTask) -> ApplicantTask:
    """The task in the applicant's hands. The same person goes on where they were; another begins."""
    if task.applicant == situation.who.key:
        return task
    step = StepTaken(NotaryStep.SELECT_SELF, situation.now, "code", None if task.qr is None else task.qr.token_sha256)
    return replace(
        task,
        group=_group(situation),
        applicant=situation.who.key,
        steps=(step,),
        pages=(),
        files=(),
        script=None,
        videos=(),
    )


CLAIM: Final = ActSpec(
    name="notary-claim",
    by=frozenset({Actor.BUYER}),
    states=frozenset({State.CANCELLING}),
    input=CodeScanned,
    check=_check,
    decide=_decide,
    fits=has_cancelling,
    doc=ActDoc(
        zh="扫码认领：购房人本人，或者持有委托书的代理人，扫描公证处返回的二维码后开始办理；转发给他人的二维码无效。",
        en="Take one's task by the code: the purchaser, or their agent with a mandate. A forwarded code is worthless.",
        example={"party": "buyer-1", "token": "kL0v2mXb5nQhT8sZ1cYwJfRgPdUeA7oiK3tNxVqBy4E"},
        errors=(
            *("party.not_yours", "notary.none", "notary.no_task", "notary.not_now", "notary.submitted"),
            *("notary.not_your_code", "notary.code_used", "notary.code_expired", "notary.group_not_served"),
        ),
    ),
    rules=("ZN-06", "ZN-08", "H-40", "H-42"),
)
"""立即扫码, and oneself chosen."""
