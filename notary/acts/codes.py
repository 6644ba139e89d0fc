"""Codes that purchasers scan: the office has the package and calls them, one code each; lost ones are made again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from filing.acts.signing.start import sms_task
from filing.acts.spec import ActDoc, ActSpec
from filing.case.notary import NotaryState
from filing.engine.outcome import Outcome
from filing.lifecycle import State
from filing.profile import Actor
from notary.acts.inputs import CodesWanted, Received
from notary.errors import NotaryError
from notary.matter import (
    MATTER_STATES,
    has_cancelling,
    has_notary,
    matter_of,
    procedure_of,
    require_office,
    require_state,
    task_of,
    with_exchange,
    with_matter,
    with_task,
)
from notary.world import notary_world

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filing.acts.world import World
    from filing.case.notary import NotaryMatter, PackageVersion, QrToken
    from filing.engine.situation import Situation

__all__ = ["NOTARY_RECEIVE", "REISSUE_NOTARY_CODES"]

_CANCELLING: Final[frozenset[State | None]] = frozenset({State.CANCELLING})

_CALLED: Final = (NotaryState.QR_RETURNED, NotaryState.VERIFYING)
"""The office has called the purchasers already: asked again it is told the same codes."""


@dataclass(frozen=True, slots=True)
class Code:
    """A purchaser's code."""

    party: str
    """Key of the purchaser."""

    token: QrToken
    """What the case keeps of it."""

    url: str
    """What is in the picture."""

    message: Mapping[str, object] | None = None
    """What is sent to them; nothing of a code that was sent before."""


def _check_receive(situation: Situation, said: Received) -> None:
    matter = matter_of(situation)
    require_office(situation, matter)
    require_state(matter, NotaryState.PUSHED, *_received_states(matter))
    package = _counting(matter)
    if package is None or package.sha256 != said.package_sha256:
        raise NotaryError(
            "package.other",
            zh="该材料包已被新的版本替代，请重新领取",
            en="this is not the package that counts now: pull it again",
            number=None if package is None else package.number,
        )


def _received_states(matter: NotaryMatter) -> tuple[NotaryState, ...]:
    """Where receiving leads, and is answered again; with nobody to call the matter is complete as it came (SZ-80)."""
    return _CALLED if matter.tasks else (NotaryState.SUBMITTED,)


def _counting(matter: NotaryMatter) -> PackageVersion | None:
    """The package that counts: built, and superseded by none."""
    built = (each for each in matter.exchange.packages if each.sha256 is not None and each.superseded_at is None)
    return next(built, None)


def _gather_receive(situation: Situation, _: Received, world: World) -> tuple[Code, ...]:
    matter = matter_of(situation)
    if matter.state in _received_states(matter):
        desk = notary_world(world).scan_codes
        known = ((task.party, task.qr) for task in matter.tasks if task.qr is not None)
        return tuple(Code(party, qr, desk.address(situation, qr)) for party, qr in known)
    return tuple(_minted(situation, task.party, world) for task in matter.tasks)


def _minted(situation: Situation, key: str, world: World) -> Code:
    party = situation.case.people.party(key)
    if party is None:
        raise LookupError(f"{key}: a task of nobody")
    hours = procedure_of(situation, matter_of(situation)).qr_hours
    made = notary_world(world).scan_codes.mint(situation, party, timedelta(hours=hours))
    return Code(key, made.token, made.url, made.message)


def _receive(situation: Situation, said: Received, codes: tuple[Code, ...]) -> Outcome:
    matter = matter_of(situation)
    if matter.state in _received_states(matter):
        return _telling(Outcome(situation.case).noting("notary.received_again", matter=matter.number), codes)
    received = replace(matter.exchange.decision, received_at=situation.now)
    state, *_ = _received_states(matter)
    called = with_exchange(replace(_with_codes(matter, codes), state=state), decision=received)
    noted = with_matter(Outcome(situation.case), called).noting(
        "notary.received", matter=matter.number, package=said.package_sha256, codes=_digests(codes)
    )
    return _telling(noted, codes)


def _with_codes(matter: NotaryMatter, codes: tuple[Code, ...]) -> NotaryMatter:
    for code in codes:
        matter = with_task(matter, replace(task_of(matter, code.party), qr=code.token))
    return matter


def _digests(codes: tuple[Code, ...]) -> dict[str, str]:
    return {code.party: code.token.token_sha256 for code in codes}


def _telling(outcome: Outcome, codes: tuple[Code, ...]) -> Outcome:
    """The messages, and for whoever asked what to show."""
    messages = (sms_task(outcome.case, code.message) for code in codes if code.message is not None)
    shown = [{"party": code.party, "url": code.url, "expires_at": code.token.expires_at.isoformat()} for code in codes]
    return outcome.then(*messages).answering(codes=shown)


def _check_reissue(situation: Situation, said: CodesWanted) -> None:
    matter = matter_of(situation)
    if situation.who.actor is Actor.NOTARY:
        require_office(situation, matter)
    require_state(matter, *_CALLED, NotaryState.SUPPLEMENT)
    if task_of(matter, said.party).submitted_at is not None:
        raise NotaryError(
            "notary.submitted", zh="该买受人已完成提交", en="this purchaser has handed everything in", party=said.party
        )


def _gather_reissue(situation: Situation, said: CodesWanted, world: World) -> tuple[Code, ...]:
    return (_minted(situation, said.party, world),)


def _reissue(situation: Situation, _: CodesWanted, codes: tuple[Code, ...]) -> Outcome:
    matter = _with_codes(matter_of(situation), codes)
    noted = with_matter(Outcome(situation.case), matter).noting(
        "notary.code_reissued", matter=matter.number, codes=_digests(codes)
    )
    return _telling(noted, codes)


NOTARY_RECEIVE: Final = ActSpec(
    name="notary-receive",
    by=frozenset({Actor.NOTARY}),
    states=MATTER_STATES,
    input=Received,
    check=_check_receive,
    gather=_gather_receive,
    decide=_receive,
    fits=has_notary,
    doc=ActDoc(
        zh="公证处确认收到材料包，返回每位买受人各自的二维码地址：一次有效、到期作废；重复确认返回相同的地址。"
        "合同公证没有二维码，确认收到后即可受理。",
        en="The office says that it has the package; the answer holds an address for each purchaser's code, good once"
        " and for a while. Said again, the answer is the same. Of a contract nobody is called: it can be accepted.",
        example={"package_sha256": "9f2c" * 16},
        errors=("notary.none", "notary.not_now", "package.other"),
    ),
    rules=("ZN-06", "H-40", "SZ-80"),
)
"""Received."""

REISSUE_NOTARY_CODES: Final = ActSpec(
    name="reissue-notary-codes",
    by=frozenset({Actor.DEVELOPER, Actor.NOTARY}),
    states=_CANCELLING,
    input=CodesWanted,
    check=_check_reissue,
    gather=_gather_reissue,
    decide=_reissue,
    fits=has_cancelling,
    doc=ActDoc(
        zh="重新生成买受人的二维码，原二维码作废。",
        en="Make a fresh code for a purchaser; the old one is worthless.",
        example={"party": "buyer-1"},
        errors=("notary.none", "notary.not_now", "notary.no_task", "notary.submitted"),
    ),
    rules=("ZN-06", "H-40"),
)
"""A lost or worn code."""
