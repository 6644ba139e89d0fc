"""Send messages: what to say and where to is looked up only now, from the case as it is."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Final

from filing.case.signers import signer_of
from filing.effects.telling import ENTRANT
from filing.later.later import case_of, profile_of
from filing.messages.book import Language, language_for, names_in
from filing.messages.keys import MessageKey
from filing.papers.values import paper_values
from identity.codes import SealedMessage, unseal_message

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filing.acts.perform import House
    from filing.case import Case
    from filing.later.later import Job, Later

__all__ = ["send_message", "send_sealed"]

NO_WORDS: Final = "—"
"""Where a text names something that is not known."""


def send_message(later: Later, job: Job) -> None:
    """``notify``: one message to one recipient, at most once (the row is its request). Raises ``OutsideUnavailable``.

    Whoever has left no telephone is not told; the case shows everything to them when they log in.
    """
    case_no, to = str(job.payload["case_no"]), str(job.payload["to"])
    house = later.house_of(case_no)
    case = case_of(house, case_no)
    reached = _reached(later, house, case, to)
    if reached is None:
        return
    phone, language = reached
    text = later.books[case.head.city].text(MessageKey(str(job.payload["message"])), language)
    values = _values(later, house, case)
    filled = {name: values.get(name, NO_WORDS) for name in sorted(names_in(text))}
    later.sms.send(phone, text, filled, request_id=f"notify-{job.task_id}")


def send_sealed(later: Later, job: Job) -> None:
    """``sms``: a message with a code or a link in it, sealed until now; not sent once it is worthless. Of a case or
    not: a code that belongs to none is sent by this too.
    """
    number = str(job.payload.get("code_id") or job.payload["link_id"])
    sealed = SealedMessage(number, base64.b64decode(str(job.payload["sealed"])))
    message = unseal_message(later.sealer, sealed)
    if message.expires_at <= later.clock():
        return
    later.sms.send(message.phone, message.template, message.values, request_id=number)


def _reached(later: Later, house: House, case: Case, to: str) -> tuple[str, Language] | None:
    """Telephone and language of a recipient: of whoever signs for the party (H-11)."""
    if to == ENTRANT:
        phone = later.phone_of_account(case.head.entrant)
        return None if phone is None else (phone, Language.ZH)
    party = case.people.party(to)
    if party is None:
        return None
    signer = signer_of(profile_of(house, case), case, party, later.clock())
    if signer is None or signer.phone is None:
        return None
    return signer.phone, language_for(signer.identified.region)


def _values(later: Later, house: House, case: Case) -> Mapping[str, str]:
    values = paper_values(profile_of(house, case), case, later.clock())
    names = {"case_no": "case_no", "house": "house_location", "price": "price", "number": "filing_number"}
    known = {word: text for word, name in names.items() if isinstance(text := values.get(name), str)}
    return {**known, "reason": _reason(case)}


def _reason(case: Case) -> str:
    """The newest reason anybody gave: of the registry, of a reviewer, of an ended cancellation."""
    if case.registry.rejected_reason is not None:
        return case.registry.rejected_reason
    if case.filing.review is not None and case.filing.review.reasons:
        return "；".join(case.filing.review.reasons)
    past = case.cancelling.past
    return (past[-1].reason if past else None) or NO_WORDS
