"""Effects: a cancellation is carried out. Nothing is deleted: evidence and journal stay (H-50)."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from filing.case.cancelling import CancelOutcome, PastCancellation, Tombstone
from filing.case.filing import FilingPast
from filing.effects.notary import close_contract_matter
from filing.effects.telling import tell
from filing.engine.outcome import FeedItem
from filing.guards.cancel_situation import missing_consents, row_of
from filing.messages.keys import MessageKey
from filing.profile import Effect

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from filing.case import Case
    from filing.case.cancelling import CaseCancelling
    from filing.case.filing import CaseFiling
    from filing.effects import Follow
    from filing.engine.outcome import Outcome
    from filing.engine.situation import Situation

__all__ = ["EFFECTS", "closed"]


def closed(
    cancelling: CaseCancelling, outcome: CancelOutcome, now: datetime, reason: str | None = None
) -> CaseCancelling:
    """The cancellation under way, ended."""
    if cancelling.current is None:
        return cancelling
    ended = PastCancellation(cancelling.current, outcome, now, reason)
    return replace(cancelling, current=None, past=(*cancelling.past, ended))


def _revoke_filing(situation: Situation, outcome: Outcome) -> Outcome:
    """SZ-93, SZ-94; of a case that was never filed only the request itself is closed."""
    case = outcome.case
    done = outcome.with_case(cancelling=closed(case.cancelling, CancelOutcome.DONE, situation.now))
    if not case.filing.in_force:
        return done
    revoked = done.with_case(filing=_revoked(case.filing, situation.now))
    revoked = revoked.noting("filing.revoked", number=case.filing.number)
    # A contract that was filed elsewhere reached the registry from there: it is called back all the same.
    offered = case.filing.sealed is not None or situation.profile.sale is None
    return revoked.feeding(_revoked_item(case)) if offered else revoked


def _revoked(filing: CaseFiling, now: datetime) -> CaseFiling:
    past = FilingPast(
        reviews=filing.past.reviews if filing.review is None else (*filing.past.reviews, filing.review),
        numbers=filing.past.numbers if filing.number is None else (*filing.past.numbers, filing.number),
        sealed=filing.past.sealed if filing.sealed is None else (*filing.past.sealed, filing.sealed),
    )
    return replace(filing, revoked_at=now, past=past, review=None, sealed=None, sealed_by=None, amending=None)


def _revoked_item(case: Case) -> FeedItem:
    """Only what was offered is called back."""
    sealed = case.filing.sealed
    return FeedItem(
        "revoked",
        None if sealed is None else sealed.sha256,
        {"filing_number": case.filing.number, "case_no": case.case_no},
    )


def _release_property(_: Situation, outcome: Outcome) -> Outcome:
    """The index shows the house as free as soon as the state holds it no longer (``filing.case.index``)."""
    return outcome.noting("property.released")


def _hide_content(situation: Situation, outcome: Outcome) -> Outcome:
    hidden = replace(outcome.case.cancelling, hidden_at=situation.now)
    # A case that has ended waits for no deadline: the job that looks for them would find it for ever.
    head = replace(outcome.case.head, expires_at=None)
    ended = outcome.with_case(cancelling=hidden, head=head).noting("content.hidden")
    return close_contract_matter(situation, ended)


def _leave_tombstone(situation: Situation, outcome: Outcome) -> Outcome:
    position = outcome.case.position
    what = "expired" if position is None else position.state.value
    left = replace(outcome.case.cancelling, tombstone=Tombstone(what, situation.now))
    return outcome.with_case(cancelling=left).noting("tombstone.left", what=what)


def _ask_consents(situation: Situation, outcome: Outcome) -> Outcome:
    asked = outcome.case.cancelling.current
    if asked is None:
        return outcome
    wanted = missing_consents(outcome.case, asked, row_of(situation.profile, asked))
    return tell(outcome, MessageKey.CONSENT_WANTED, wanted, f"consent@{situation.now.isoformat()}")


def _restore_filing(_: Situation, outcome: Outcome) -> Outcome:
    """The certificate the cancellation rested on is void from the start (公证法 art. 39): the filing never lapsed.

    The records refuse it where another case holds the house by now (H-48). The number it was filed under is its own
    again.
    """
    case, filing = outcome.case, outcome.case.filing
    past = replace(filing.past, numbers=tuple(each for each in filing.past.numbers if each != filing.number))
    restored = outcome.with_case(
        filing=replace(filing, revoked_at=None, past=past), cancelling=replace(case.cancelling, hidden_at=None)
    )
    item = FeedItem("restored", None, {"filing_number": filing.number, "case_no": case.case_no})
    return restored.noting("filing.restored", number=filing.number).feeding(item)


EFFECTS: Final[Mapping[Effect, Follow]] = MappingProxyType(
    {
        Effect.REVOKE_FILING: _revoke_filing,
        Effect.RELEASE_PROPERTY: _release_property,
        Effect.HIDE_CONTENT: _hide_content,
        Effect.LEAVE_TOMBSTONE: _leave_tombstone,
        Effect.ASK_CONSENTS: _ask_consents,
        Effect.RESTORE_FILING: _restore_filing,
    }
)
"""By name."""
