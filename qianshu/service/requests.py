"""Requests that may come twice, over the records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.ports import KeptAnswer
from storage.records.values import Answer, NamedRequest

if TYPE_CHECKING:
    from datetime import datetime

    from api.ports import RequestKey
    from storage.records.answers import Answers

__all__ = ["Requests", "named"]


class Requests:
    """``api.ports.RequestBook``."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    def begin(self, key: RequestKey, now: datetime) -> KeptAnswer | None:
        """The answer given before; ``None`` if the request is ours to answer now."""
        given = self._answers.begin(named(key), now)
        return None if given is None else KeptAnswer(given.status, given.headers, given.body)

    def keep(self, key: RequestKey, answer: KeptAnswer, now: datetime) -> None:  # noqa: ARG002 - kept from its taking
        """The answer of a request that changed no case."""
        self._answers.keep(Answer(named(key), answer.status, answer.headers, answer.body))

    def drop(self, key: RequestKey) -> None:
        """The request came to nothing."""
        self._answers.drop(named(key))


def named(key: RequestKey) -> NamedRequest:
    """The records' word for it."""
    return NamedRequest(key.key, key.principal, key.request_sha256)
