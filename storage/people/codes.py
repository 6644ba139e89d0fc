"""One-time codes in the database: ``identity.ports.SentCodes`` and ``CodeTries``.

Locks are always taken in one order, so that no two transactions wait for each other: tallies of sends, then the code,
then the tally of tries.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from identity.codes.model import SendLimits, SentCode, Spent, SpentState
from identity.errors import CodeError
from storage.people.tables import one_time_codes
from storage.people.tallying import Counting, count_within, forget, tally_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from storage.people.tallying import Tally
    from storage.records.database import Database

__all__ = ["SqlCodes"]

DAY = timedelta(days=1)


class SqlCodes:
    """Codes of all processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def replace(self, sent: SentCode, limits: SendLimits, now: datetime) -> None:
        """Count the send, end the code before, store the new one."""
        c = one_time_codes.c
        with self._database.writing() as connection:
            for code, counting in _sends(sent, limits):
                if count_within(connection, counting, now) is None:
                    raise _refusal(code, tally_of(connection, counting.name, now))
            connection.execute(
                update(one_time_codes).where(c.slot == sent.slot, c.ended_at.is_(None)).values(ended_at=now)
            )
            connection.execute(insert(one_time_codes), _to_row(sent, now))

    def spend(self, slot: str, now: datetime) -> Spent:
        """Count one try, before anything is compared."""
        c = one_time_codes.c
        with self._database.writing() as connection:
            row = connection.execute(
                update(one_time_codes)
                .where(c.slot == slot, c.ended_at.is_(None), c.expires_at > now, c.tries < c.tries_allowed)
                .values(tries=c.tries + 1)
                .returning(*c)
            ).one_or_none()
            if row is None:
                return Spent(_why_not(connection, slot, now))
            if count_within(connection, Counting(_tries(row.phone_key), DAY, row.wrong_allowed_daily), now) is None:
                return Spent(SpentState.LOCKED)
            return Spent(SpentState.COUNTED, _from_row(row), row.tries_allowed - row.tries)

    def redeem(self, code_id: str, now: datetime) -> bool:
        """End a code that was right; its phone's tries begin anew."""
        c = one_time_codes.c
        with self._database.writing() as connection:
            row = connection.execute(
                update(one_time_codes)
                .where(c.code_id == code_id, c.ended_at.is_(None), c.expires_at > now)
                .values(ended_at=now)
                .returning(c.phone_key)
            ).one_or_none()
            if row is not None:
                forget(connection, _tries(row.phone_key))
        return row is not None


def _sends(sent: SentCode, limits: SendLimits) -> Iterator[tuple[str, Counting]]:
    """(code of the refusal, what is counted), always in this order."""
    yield "code.too_soon", Counting(f"code-resend:{sent.slot}", limits.resend_after, 1)
    yield "code.too_many", Counting(f"code-phone:{sent.phone_key}", DAY, limits.per_phone_daily)
    yield "code.too_many", Counting(f"code-account:{sent.account_key}", DAY, limits.per_account_daily)


def _tries(phone_key: str) -> str:
    return f"code-tries:{phone_key}"


def _why_not(connection: Connection, slot: str, now: datetime) -> SpentState:
    c = one_time_codes.c
    row = connection.execute(
        select(c.expires_at, c.tries, c.tries_allowed).where(c.slot == slot, c.ended_at.is_(None))
    ).one_or_none()
    if row is None:
        return SpentState.NONE
    return SpentState.EXPIRED if row.expires_at <= now else SpentState.LOCKED


def _refusal(code: str, full: Tally | None) -> CodeError:
    if code == "code.too_soon":
        zh, en = "验证码发送过于频繁，请稍后重新获取", "a code was sent a moment ago: wait before asking again"
    else:
        zh, en = "今日获取验证码次数已达上限", "no more codes can be sent today"
    return CodeError(code, zh=zh, en=en, retry_at=None if full is None else full.window_ends_at.isoformat())


def _to_row(sent: SentCode, now: datetime) -> dict[str, Any]:
    return {
        "code_id": sent.code_id,
        "slot": sent.slot,
        "purpose": sent.purpose,
        "phone_key": sent.phone_key,
        "account_key": sent.account_key,
        "code_hash": sent.code_hash,
        "text_sha256": sent.text_sha256,
        "tries_allowed": sent.tries_allowed,
        "tries": 0,
        "wrong_allowed_daily": sent.wrong_allowed_daily,
        "sent_at": now,
        "expires_at": sent.expires_at,
    }


def _from_row(row: Row[Any]) -> SentCode:
    return SentCode(
        row.code_id,
        row.slot,
        phone_key=row.phone_key,
        account_key=row.account_key,
        code_hash=row.code_hash,
        text_sha256=row.text_sha256,
        tries_allowed=row.tries_allowed,
        wrong_allowed_daily=row.wrong_allowed_daily,
        expires_at=row.expires_at,
        purpose=row.purpose,
    )
