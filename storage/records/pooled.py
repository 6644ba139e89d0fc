"""Whether a pooled connection to PostgreSQL still stands, asked without a round trip where the answer is near at hand.

A server that closed a connection has sent its end, which the socket shows without asking. What a socket does not show
(a server lost without a word) takes time to happen: a connection that rested longer than :data:`RESTED_SECONDS` is
asked aloud. Asking each time costs as much as the statement it is for.
"""

from __future__ import annotations

import select
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.exc import InvalidatePoolError

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["RESTED_SECONDS", "check_connections"]

RESTED_SECONDS = 5.0
"""So long a connection is believed unless its socket says otherwise: shorter than any server takes to come back."""

_RESTS_SINCE = "qianshu_rests_since"


def check_connections(engine: Engine) -> None:
    """Have every connection of the pool checked when it is taken; of a broken one the whole pool is made anew."""

    @event.listens_for(engine, "checkin")
    def rest(_connection: Any, record: Any) -> None:  # noqa: ANN401 - the pool's own
        record.info[_RESTS_SINCE] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def check(connection: Any, record: Any, _fairy: Any) -> None:  # noqa: ANN401 - the driver's and the pool's own
        rests_since = record.info.get(_RESTS_SINCE, time.monotonic())  # one just opened has not rested
        if time.monotonic() - rests_since < RESTED_SECONDS and _is_silent(connection):
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as cause:
            raise InvalidatePoolError from cause


def _is_silent(connection: Any) -> bool:  # noqa: ANN401 - the driver's
    """Nothing came that nobody asked for: neither the end of the connection nor a word of the server."""
    if connection.closed:
        return False
    poll = select.poll()
    poll.register(connection.pgconn.socket, select.POLLIN)
    return not poll.poll(0)
