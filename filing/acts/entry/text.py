"""Make the text, open it again, confirm it (SZ-60, HS-28…30, WH-35, H-22, H-44; invariant b)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from filing.acts.entry.opening import require_event
from filing.acts.spec import ActDoc, ActSpec, NoInput
from filing.case.text import Confirmation, FixedText, TextSource
from filing.contract import certify_text, fix_text
from filing.engine.fire import fire
from filing.engine.outcome import Outcome
from filing.engine.roles import require_party
from filing.errors import ActRefused, FilingError
from filing.lifecycle import Event, State
from filing.profile import Actor
from filing.profile.entry import Confirmers
from filing.profile.people import CheckPurpose
from filing.terms import build_terms
from identity.subjects import Side

if TYPE_CHECKING:
    from documents.contract import ContractTerms
    from filing.acts.world import World
    from filing.contract import Act
    from filing.engine.situation import Situation
    from filing.profile import FlowProfile

__all__ = ["CONFIRM_TEXT", "GENERATE_TEXT", "REOPEN_TEXT", "TextConfirmed"]

MOST_LOST_VERSIONS: Final = 20
"""So many texts may have been made and never committed before somebody has to look."""


@dataclass(frozen=True, slots=True)
class TextConfirmed:
    """A party says yes to this very text."""

    text_sha256: str
    """Digest (hex) of the text that was read."""

    party: str | None = None
    """Key of the party; left out: every party whoever asks stands for."""


def _check_generate(situation: Situation, _: NoInput) -> None:
    require_event(situation, Event.GENERATE_TEXT)


def _make(situation: Situation, _: NoInput, world: World) -> FixedText:
    """The text of the next version, typeset and certified; harmless twice, and after a kill at any point.

    A version made by a process that was killed before the case knew of it stands in the archive with other terms:
    it is passed over, never reused for another text.
    """
    terms = build_terms(situation.case, situation.profile)
    first = situation.case.text.version + 1
    for version in range(first, first + MOST_LOST_VERSIONS):
        made = _version(situation, terms, version, world)
        if made is not None:
            return made
    raise FilingError("text.versions", zh="文本版本异常，请联系运维人员", en="too many texts were made and lost")


def _version(situation: Situation, terms: ContractTerms, version: int, world: World) -> FixedText | None:
    contract = world.contract(situation.case.case_no, version)
    try:
        typeset = fix_text(contract, terms)
    except ActRefused as refusal:
        if refusal.code != "act.done_otherwise":
            raise
        return None
    certified = certify_text(contract, world.desk)
    return FixedText(version, str(certified.sha256), situation.now, _source(typeset))


def _source(typeset: Act) -> TextSource:
    boxes, pages = typeset.facts["boxes"], typeset.facts["pages"]
    if not isinstance(boxes, (list, tuple)) or not isinstance(pages, int):
        raise TypeError("the journal tells boxes and pages of a text")
    return TextSource(str(typeset.facts["terms_sha256"]), pages, tuple(str(box["name"]) for box in boxes))


def _generated(situation: Situation, _: NoInput, made: FixedText) -> Outcome:
    case = situation.case
    text = replace(case.text, version=made.version, fixed=made)
    done = fire(situation, Event.GENERATE_TEXT, Outcome(case).with_case(text=text))
    method = done.case.signing.method
    return done.answering(
        text_sha256=made.sha256,
        version=made.version,
        pages=made.source.page_count,
        method=None if method is None else method.value,
        bars=[{"party": bar.party, "circumstance": bar.circumstance.value} for bar in done.case.signing.bars],
        filing_required=done.case.filing.required,
    )


def _reopened(situation: Situation, _: NoInput, __: None) -> Outcome:
    signed = [task.party for task in situation.case.signing.tasks if task.signed_at is not None]
    # Whoever reopens is told what it cost: signatures, confirmations and undertakings on the old text (H-22).
    return fire(situation, Event.REOPEN_TEXT).answering(
        voided_signatures=signed, voided_confirmations=[one.party for one in situation.case.text.confirmations]
    )


def _check_confirm(situation: Situation, said: TextConfirmed) -> None:
    fixed = situation.case.text.fixed
    if fixed is None or fixed.sha256 != said.text_sha256:
        raise FilingError("text.other", zh="合同文本已经更新，请重新阅读", en="this is not the text as it stands")
    for key in _confirming(situation, said):
        require_party(situation.who.parties, key)
    _require_check(situation)


def _confirming(situation: Situation, said: TextConfirmed) -> tuple[str, ...]:
    """The named party, or everybody of the own side whom whoever asks stands for."""
    if said.party is not None:
        return (said.party,)
    side = Side.SELLER if situation.who.actor is Actor.SELLER else Side.BUYER
    return tuple(party.key for party in situation.case.people.of_side(side) if party.key in situation.who.parties)


def _require_check(situation: Situation) -> None:
    """The person is checked once more where the city wants it before a confirmation."""
    for rule in situation.profile.people.checks:
        passed = any(
            check.person_key == situation.who.key and check.purpose is rule.purpose and check.method in rule.any_of
            for check in situation.case.people.checks
        )
        if rule.purpose is CheckPurpose.CONFIRM and not passed:
            raise FilingError(
                "person.unchecked", zh="须先完成身份核验", en="the person must be checked first", purpose="confirm"
            )


def _confirmed(situation: Situation, said: TextConfirmed, _: None) -> Outcome:
    case, keys = situation.case, _confirming(situation, said)
    standing = {one.party for one in case.text.confirmations if one.text_sha256 == said.text_sha256}
    new = tuple(
        Confirmation(key, said.text_sha256, situation.now, situation.who.account_id)
        for key in keys
        if key not in standing
    )
    text = replace(case.text, confirmations=(*case.text.confirmations, *new))
    return Outcome(case).with_case(text=text).noting("text.confirmed", parties=list(keys), sha256=said.text_sha256)


def _confirms_here(profile: FlowProfile, _: Actor) -> bool:
    return profile.sale is not None and profile.sale.preparation.confirmers is not Confirmers.NOBODY


GENERATE_TEXT: Final = ActSpec(
    name="generate-text",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=frozenset({State.DRAFTING}),
    input=NoInput,
    check=_check_generate,
    gather=_make,
    decide=_generated,
    event=Event.GENERATE_TEXT,
    doc=ActDoc(
        zh="生成合同示范文本：排版、固定并以系统签名保护；签署方式和是否需要备案由规则判定。",
        en="Make the contract: typeset, fixed and certified. How it is signed and whether it is filed follows by rule.",
        example={},
        errors=("case.guards_refuse", "profile.not_this_actor", "time.unavailable", "glyph.missing"),
    ),
    rules=("ZS-25", "SZ-44", "SZ-60", "SZ-67", "HS-28", "WH-35"),
)
"""The text is made."""

REOPEN_TEXT: Final = ActSpec(
    name="reopen-text",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=frozenset({State.TEXT_READY, State.SIGNING, State.SIGNED, State.IN_REVIEW}),
    input=NoInput,
    decide=_reopened,
    event=Event.REOPEN_TEXT,
    doc=ActDoc(
        zh="修改合同：重新编辑后，原文本上的签名、确认、承诺书全部作废，并告知各方。",
        en="Open the text again: signatures, confirmations and undertakings on the old one count no more.",
        example={},
        errors=("profile.not_this_actor", "profile.not_in_this_city"),
    ),
    rules=("SZ-84", "SZ-85", "WH-26", "WH-35", "H-22", "H-44", "ZS-42"),
)
"""The text is opened again."""

CONFIRM_TEXT: Final = ActSpec(
    name="confirm-text",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=frozenset({State.TEXT_READY}),
    input=TextConfirmed,
    check=_check_confirm,
    decide=_confirmed,
    fits=_confirms_here,
    doc=ActDoc(
        zh="确认合同：买受人以及买卖双方的每一名共有人各自登录确认后，才能发起签署。",
        en="Confirm this very text: the buyer and every co-owner of both sides do so before signing starts.",
        example={"text_sha256": "9f2c" * 16},
        errors=("act.not_in_city", "text.other", "party.not_yours", "person.unchecked"),
    ),
    rules=("HS-29", "HS-30"),
)
"""A party confirms the text."""
