"""Databases to measure on: PostgreSQL where ``QIANSHU_TEST_POSTGRES_URL`` says where, else the embedded one."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import NullPool, create_engine, make_url, text

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PostgresMissing", "fresh_database", "server_url"]

VARIABLE = "QIANSHU_TEST_POSTGRES_URL"


class PostgresMissing(RuntimeError):  # noqa: N818 - as the family of this house
    """This part needs a PostgreSQL server."""

    def __init__(self) -> None:
        super().__init__(f"{VARIABLE} is not set: scripts/postgres_server.sh start, then . out/services/postgres.env")


def server_url() -> str | None:
    """The address of the server, as its superuser; none where there is none."""
    return os.environ.get(VARIABLE)


@contextmanager
def fresh_database() -> Iterator[str | None]:
    """The address of an empty database, dropped afterwards; ``None`` for the embedded one."""
    server = server_url()
    if server is None:
        yield None
        return
    name = f"qianshu_bench_{secrets.token_hex(6)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
