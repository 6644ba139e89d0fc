"""Read a notice and tick it: the receipt names the digest of the very words that were shown (HS-04, WH-08, ZS-34)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from documents.papers import paper_digest
from filing.acts.spec import ActDoc, ActSpec
from filing.case.text import ReadReceipt
from filing.engine.outcome import Outcome
from filing.errors import FilingError
from filing.lifecycle import State
from filing.papers import read_paper
from filing.profile import Actor
from identity.subjects import Side

if TYPE_CHECKING:
    from filing.acts.world import World
    from filing.engine.situation import Situation

__all__ = ["READ_NOTICE", "NoticeTick", "receipt_for", "require_shown"]

_SIDES: Final = {Actor.SELLER: Side.SELLER, Actor.BUYER: Side.BUYER}


@dataclass(frozen=True, slots=True)
class NoticeTick:
    """A notice that was read."""

    notice: str
    """Name of the notice, as the city's profile has it."""

    sha256: str
    """Digest of the words that were shown (hex)."""


def require_shown(shown_sha256: str, ticked_sha256: str) -> None:
    """What was ticked is what the notice says now. Raises ``FilingError`` (``notice.other``)."""
    if shown_sha256 != ticked_sha256:
        raise FilingError("notice.other", zh="须知已经更新，请重新阅读", en="the notice has changed: read it again")


def receipt_for(situation: Situation, tick: NoticeTick, party: str | None) -> ReadReceipt:
    """That whoever acts has read it."""
    return ReadReceipt(situation.who.account_id, tick.notice, tick.sha256, situation.now, party)


def _check(situation: Situation, tick: NoticeTick) -> None:
    side = _SIDES.get(situation.who.actor)
    if all(notice.template != tick.notice or side not in notice.sides for notice in situation.sale.entry.notices):
        raise FilingError(
            "notice.unknown", zh="本市没有需要您阅读的该项须知", en="this city has no such notice for you to read"
        )


def _gather(situation: Situation, tick: NoticeTick, world: World) -> str:
    return paper_digest(read_paper(world.read_text, situation, tick.notice))


def _decide(situation: Situation, tick: NoticeTick, shown_sha256: str) -> Outcome:
    require_shown(shown_sha256, tick.sha256)
    case, side = situation.case, _SIDES[situation.who.actor]
    mine = [
        key for key in situation.who.parties if (party := case.people.party(key)) is not None and party.side is side
    ]
    read = tuple(receipt_for(situation, tick, key) for key in mine) or (receipt_for(situation, tick, None),)
    kept = tuple(
        one
        for one in case.text.receipts
        if (one.reader, one.subject, one.party) not in {(new.reader, new.subject, new.party) for new in read}
    )
    text = replace(case.text, receipts=(*kept, *read))
    return (
        Outcome(case).with_case(text=text).noting("notice.read", notice=tick.notice, sha256=tick.sha256, parties=mine)
    )


READ_NOTICE: Final = ActSpec(
    name="read-notice",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=frozenset({State.OPENED, State.DRAFTING, State.TEXT_READY}),
    input=NoticeTick,
    check=_check,
    gather=_gather,
    decide=_decide,
    fits=lambda profile, _: profile.sale is not None and bool(profile.sale.entry.notices),
    doc=ActDoc(
        zh="阅读并勾选同意须知；回执记录所显示文本的摘要。",
        en="Read a notice and tick that you agree; the receipt names the digest of the words shown.",
        example={"notice": "signing_notice", "sha256": "9f2c" * 16},
        errors=("notice.unknown", "notice.other"),
    ),
    rules=("HS-04", "HS-24", "WH-08", "WH-15", "WH-16", "ZS-34", "H-12"),
)
"""Somebody reads what must be read."""
