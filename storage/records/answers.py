"""Requests with an ``Idempotency-Key`` (draft-ietf-httpapi-idempotency-key-header): one effect, one answer.

1. :meth:`Answers.begin` takes the key for this request, or gives the answer, or refuses;
2. the act commits with its answer beside it (``Unit.commit(…, answer=…)``), or changes no case and :meth:`Answers.keep`
   is called, or comes to nothing and :meth:`Answers.drop` is.

A request whose process died in between left nothing (else the answer would be there): after ``ABANDONED_AFTER`` the
same request may take the key over. Should the first be only slow, then both act, and the one that commits second is
rolled back: an answer is kept once, in the transaction of its act.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, select, update

from storage.errors import RequestInProgress, RequestMismatch
from storage.records.sealing import answer_context, opened, sealed_answer
from storage.records.tables import AnswerState, idempotency
from storage.records.upserts import insert_into
from storage.records.values import Answer
from storage.records.writing import keep_answer

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, RowMapping

    from storage.records.means import Means
    from storage.records.values import NamedRequest

__all__ = ["ABANDONED_AFTER", "KEPT_FOR", "Answers"]

ABANDONED_AFTER = timedelta(minutes=5)
"""Longer than any request waits for a lock, a time-stamp and the outside world together."""

KEPT_FOR = timedelta(days=7)
"""How long a repeated request gets its old answer."""

_C = idempotency.c


class Answers:
    """Requests by key, among all processes."""

    def __init__(self, means: Means) -> None:
        self._means = means

    def begin(self, request: NamedRequest, now: datetime) -> Answer | None:
        """The answer given before; none if the request is ours to answer now.

        Raises ``RequestMismatch`` where the key was used for another request, ``RequestInProgress`` while somebody is
        at it.
        """
        with self._means.database.writing() as connection:
            if self._taken(connection, request, now):
                return None
            # Locked: of several who find it abandoned, one takes it over and the others see that.
            row = connection.execute(select(idempotency).where(_is(request)).with_for_update()).mappings().one()
            if row["request_sha256"] != request.request_sha256:
                raise RequestMismatch
            if row["state"] == AnswerState.DONE:
                return self._answer(request, row)
            if row["taken_at"] > now - ABANDONED_AFTER:
                raise RequestInProgress
            connection.execute(update(idempotency).where(_is(request)).values(taken_at=now))
            return None

    def keep(self, answer: Answer) -> None:
        """The answer of a request that was refused or changed no case; ``RequestInProgress`` if it has one already."""
        with self._means.database.writing() as connection:
            keep_answer(connection, answer, sealed_answer(self._means.key, answer))

    def drop(self, request: NamedRequest) -> None:
        """The request came to nothing and may come again at once; nothing happens where it has an answer."""
        with self._means.database.writing() as connection:
            unanswered = _C.state == AnswerState.IN_PROGRESS
            connection.execute(delete(idempotency).where(_is(request), unanswered))

    def forget_expired(self, now: datetime) -> int:
        """Remove what need not be answered again; how many."""
        with self._means.database.writing() as connection:
            return connection.execute(delete(idempotency).where(_C.expires_at <= now)).rowcount

    def _taken(self, connection: Connection, request: NamedRequest, now: datetime) -> bool:
        """Whether nobody has used the key, or long ago."""
        connection.execute(delete(idempotency).where(_is(request), _C.expires_at <= now))
        row = {
            "key": request.key,
            "principal": request.principal,
            "request_sha256": request.request_sha256,
            "state": AnswerState.IN_PROGRESS,
            "taken_at": now,
            "expires_at": now + KEPT_FOR,
        }
        first = insert_into(connection, idempotency).values(row).on_conflict_do_nothing().returning(_C.key)
        return connection.execute(first).scalar_one_or_none() is not None

    def _answer(self, request: NamedRequest, row: RowMapping) -> Answer:
        body = opened(self._means.key, row["body"], answer_context(request.principal, request.key))
        return Answer(request, row["status"], json.loads(row["headers"]), body)


def _is(request: NamedRequest) -> ColumnElement[bool]:
    return and_(_C.key == request.key, _C.principal == request.principal)
