"""Say yes to what is done with one's face, document or voice, each by itself; take it back.

个人信息保护法 art. 14, 15, 29.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from filing.acts.spec import ActDoc, ActSpec
from filing.case.consents import ConsentKind, SeparateConsent
from filing.engine.outcome import Outcome
from filing.errors import FilingError
from filing.guards.consents import CONSENT_WORDS, consent_in_force
from filing.lifecycle import TERMINAL, State
from filing.profile import Actor

if TYPE_CHECKING:
    from filing.engine.situation import Situation

__all__ = ["GIVE_CONSENT", "WITHDRAW_CONSENT", "ConsentGivenTo", "ConsentTakenBack"]

_ASKED: Final[frozenset[State | None]] = frozenset(
    {State.OPENED, State.DRAFTING, State.TEXT_READY, State.SIGNING, State.CANCELLING}
)
"""Where a face, a document or a film may be asked for."""

_WHILE_OPEN: Final[frozenset[State | None]] = frozenset(State) - TERMINAL


@dataclass(frozen=True, slots=True)
class ConsentGivenTo:
    """One consent, to the sentence that was shown."""

    kind: ConsentKind
    """``face``, ``id_photo`` or ``video``."""

    sha256: str
    """Digest of the sentence, as ``/v1/consents`` tells it (hex)."""


@dataclass(frozen=True, slots=True)
class ConsentTakenBack:
    """One consent."""

    kind: ConsentKind
    """``face``, ``id_photo`` or ``video``."""


def _check_given(_: Situation, said: ConsentGivenTo) -> None:
    if said.sha256 != CONSENT_WORDS[said.kind].sha256:
        raise FilingError(
            "consent.other_words", zh="告知内容已经更新，请重新阅读", en="the words have changed: read them again"
        )


def _give(situation: Situation, said: ConsentGivenTo, _: None) -> Outcome:
    key, people = situation.who.key or "", situation.case.people
    if consent_in_force(situation.case, key, said.kind) is not None:
        return Outcome(situation.case).noting("consent.repeated", kind=said.kind.value)
    given = SeparateConsent(key, situation.who.account_id, said.kind, said.sha256, situation.now)
    return (
        Outcome(situation.case)
        .with_case(people=replace(people, consents=(*people.consents, given)))
        .noting("consent.given", kind=said.kind.value, sha256=said.sha256)
    )


def _take_back(situation: Situation, said: ConsentTakenBack, _: None) -> Outcome:
    people, key = situation.case.people, situation.who.key
    if consent_in_force(situation.case, key, said.kind) is None:
        raise FilingError("consent.none", zh="没有可撤回的同意", en="there is no consent to take back")
    consents = tuple(
        replace(one, withdrawn_at=situation.now)
        if (one.person_key, one.kind, one.withdrawn_at) == (key, said.kind, None)
        else one
        for one in people.consents
    )
    # What was begun and not brought back rests on it.
    begun = tuple(one for one in people.begun if said.kind is not ConsentKind.FACE or one.person_key != key)
    return (
        Outcome(situation.case)
        .with_case(people=replace(people, consents=consents, begun=begun))
        .noting("consent.withdrawn", kind=said.kind.value)
    )


GIVE_CONSENT: Final = ActSpec(
    name="give-consent",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=_ASKED,
    input=ConsentGivenTo,
    check=_check_given,
    decide=_give,
    doc=ActDoc(
        zh="单独同意：人脸核验、证件照片、视频各自单独同意，记录所显示告知内容的摘要；不同意的可改用其他方式办理。",
        en="Agree to the use of your face, your document's photos or a film, each by itself; the record names the"
        " digest of the sentence shown. Whoever does not agree has another way.",
        example={"kind": "face", "sha256": CONSENT_WORDS[ConsentKind.FACE].sha256},
        errors=("consent.other_words",),
    ),
)
"""Somebody allows one thing."""

WITHDRAW_CONSENT: Final = ActSpec(
    name="withdraw-consent",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=_WHILE_OPEN,
    input=ConsentTakenBack,
    decide=_take_back,
    doc=ActDoc(
        zh="撤回单独同意：撤回后不再进行该项处理，已开始的人脸核验作废；不影响撤回之前已完成的办理。",
        en="Take a consent back: nothing more is done by it, and a face check under way is void. What was finished"
        " before stays as it is.",
        example={"kind": "face"},
        errors=("consent.none",),
    ),
)
"""And takes it back."""
