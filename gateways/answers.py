"""What a service answered, and whether that is an answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import quote

import msgspec

from identity.outside import OutsideAnswerWrong, OutsideRefused, OutsideService, OutsideUnavailable

__all__ = ["Answer", "RawAnswer", "checked_reference", "decoded", "demand_answered", "segment", "wrong"]

T = TypeVar("T")

# Brackets without end are garbage too, not a fault of ours.
_UNREADABLE: Final = (msgspec.MsgspecError, UnicodeDecodeError, ValueError, RecursionError)

_REFERENCE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_SAID: Final = re.compile(r"[a-z0-9_.]{1,60}")


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A service's answer. Unknown keys are refused: a bridge that misspells one would lose it silently."""


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """A whole answer, not judged."""

    status: int
    """HTTP status."""

    content_type: str
    """Media type, lower case, without parameters."""

    body: bytes
    """Everything."""


def decoded(service: OutsideService, answer: RawAnswer, shape: type[T]) -> T:
    """The answer as ``shape``; a wrong type, a missing or an unknown key is :class:`OutsideAnswerWrong`."""
    if answer.content_type != "application/json":
        raise OutsideAnswerWrong(service, "unexpected_type")
    try:
        return msgspec.json.decode(answer.body, type=shape)
    except _UNREADABLE as error:
        # The message of a validation error may quote what was found: it stays in the chain, which logs do not print.
        raise OutsideAnswerWrong(service, "garbage") from error


def segment(text: str) -> str:
    """``text`` as one segment of a path."""
    return quote(text, safe="")


def checked_reference(service: OutsideService, text: str) -> str:
    """A number a service gave for later: it goes into paths and journals, so it must be short and plain."""
    if not _REFERENCE.fullmatch(text):
        raise OutsideAnswerWrong(service, "reference")
    return text


def wrong(service: OutsideService, reason: str) -> OutsideAnswerWrong:
    """The answer does not answer the question."""
    return OutsideAnswerWrong(service, reason)


def demand_answered(service: OutsideService, answer: RawAnswer) -> None:
    """Raise unless the status says that there is an answer."""
    status = answer.status
    if 200 <= status < 300:
        return
    if status in (429, 503):
        raise OutsideUnavailable(service, "busy")
    if status >= 500:
        raise OutsideUnavailable(service, "failing", http_status=str(status))
    if 400 <= status < 500:
        reason = {401: "credential", 403: "credential", 404: "unknown", 409: "conflict"}.get(status, "refused")
        raise OutsideRefused(service, reason, http_status=str(status), **_said(answer))
    raise OutsideAnswerWrong(service, "unexpected_status", http_status=str(status))


def _said(answer: RawAnswer) -> dict[str, str]:
    """The service's own code, if it is one: free text may hold personal data."""
    try:
        code = msgspec.json.decode(answer.body).get("code")
    except (*_UNREADABLE, AttributeError):
        return {}
    return {"said": code} if isinstance(code, str) and _SAID.fullmatch(code) else {}
