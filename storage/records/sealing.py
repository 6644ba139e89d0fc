"""Contents at rest: deflated, then encrypted under a context that says which row they belong to.

An envelope copied into another row, or an older version of the case put back, does not open.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.records.values import Answer, SealingKey

__all__ = ["answer_context", "case_context", "entry_context", "opened", "sealed", "sealed_answer"]


def sealed(key: SealingKey, content: bytes, context: str) -> bytes:
    """What is stored of ``content``."""
    return key.encrypt(zlib.compress(content), context)


def opened(key: SealingKey, envelope: bytes, context: str) -> bytes:
    """What was sealed. No limit while inflating: only what this house sealed gets past the key."""
    return zlib.decompress(key.decrypt(envelope, context))


def case_context(case_no: str, version: int) -> str:
    """Context of a case's body."""
    return f"records.case/{case_no}/{version}"


def entry_context(case_no: str, seq: int) -> str:
    """Context of what a journal entry carries sealed."""
    return f"records.journal/{case_no}/{seq}"


def answer_context(principal: str, key: str) -> str:
    """Context of an answer's body. The key last: it is the caller's, and may hold anything."""
    return f"records.answer/{principal}/{key}"


def sealed_answer(key: SealingKey, answer: Answer) -> bytes:
    """What is stored of an answer's body."""
    return sealed(key, answer.body, answer_context(answer.request.principal, answer.request.key))
