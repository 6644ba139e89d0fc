"""One-time codes and sign links, as acts ask for them, over identity's and the records'."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from filing.acts.world import CodeVerified
from identity.codes import (
    CodeDesk,
    CodePolicy,
    CodePurpose,
    CodeRequest,
    CodeSubject,
    SendLimits,
    prove_code,
    redeem_code,
    send_code,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from filing.acts.world import CodeRequest as Wanted
    from identity.codes import CodeText
    from identity.keys import LookupSecret
    from identity.ports import Sealer
    from storage.people import SqlCodes

__all__ = ["Codes"]


class Codes:
    """``filing.acts.world.CodeDesk``: sends by the outbox, counts tries before it compares."""

    def __init__(
        self, store: SqlCodes, secret: LookupSecret, sealer: Sealer, text_of: Callable[[CodePurpose], CodeText]
    ) -> None:
        """``text_of`` gives the registered text of a purpose."""
        self._store = store
        self._desk = CodeDesk(secret, sealer, store)
        self._text_of = text_of

    def request(self, request: Wanted, account_id: str, now: datetime) -> Mapping[str, object]:
        """Issue a code; the payload of the task ``sms``."""
        subject = _subject(request)
        wanted = CodeRequest(subject, account_id, self._text_of(subject.purpose), request.words, _policy(request))
        sent = send_code(self._desk, self._store, wanted, now)
        return {**sent.message.to_payload(), "resend_at": sent.resend_at.isoformat()}

    def verify(self, request: Wanted, code: str, now: datetime) -> CodeVerified:
        """Take a code back, once."""
        proof = prove_code(self._desk, _subject(request), code, now)
        redeem_code(self._store, proof, now)
        return CodeVerified(proof.code_id, proof.proved_at)


def _subject(request: Wanted) -> CodeSubject:
    """``bound_to`` is case, whose consent, and digest of the text: a code for a new text takes the old one's place."""
    bound, _, text_sha256 = request.bound_to.rpartition("/")
    case_no, _, recipient = bound.partition("/")
    return CodeSubject(CodePurpose(request.purpose), request.phone, recipient, case_no, text_sha256)


def _policy(request: Wanted) -> CodePolicy:
    return CodePolicy(SendLimits(resend_after=timedelta(seconds=request.resend_seconds)))
