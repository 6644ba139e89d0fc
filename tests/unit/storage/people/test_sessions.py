"""Sessions on both databases: sealed, ended for good, everywhere at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from signing.envelope import EvidenceKey
from storage.people import SqlSessions, sweep_people
from storage.people.tables import web_sessions
from storage.records.database import Database
from tests.unit.identity.somebody import NOW

END = NOW + timedelta(hours=8)


@pytest.fixture
def sessions(database: Database, key: EvidenceKey) -> SqlSessions:
    return SqlSessions(database, key)


def test_what_was_written_is_read_until_it_expires(sessions: SqlSessions) -> None:
    sessions.create("k", "account-1", b"before", NOW)
    assert sessions.update("k", b"after", END)

    assert sessions.read("k", END - timedelta(seconds=1)) == b"after"
    assert sessions.read("k", END) is None
    assert sessions.read("other", NOW) is None
    assert sessions.alive("account-1", NOW) == 1


def test_an_ended_session_is_not_written_back_by_a_request_under_way(sessions: SqlSessions) -> None:
    sessions.create("k", "account-1", b"content", END)

    assert [sessions.remove("k"), sessions.remove("k")] == [True, False]
    assert not sessions.update("k", b"content", END)
    assert sessions.read("k", NOW) is None


def test_nobody_chooses_the_key_of_a_session_that_is_there(sessions: SqlSessions) -> None:
    sessions.create("k", "account-1", b"content", END)
    with pytest.raises(Exception, match=r"pk_web_sessions|web_sessions\.session_key"):
        sessions.create("k", "account-2", b"other", END)
    assert sessions.read("k", NOW) == b"content"


def test_logging_out_everywhere_ends_every_session_of_the_account_and_no_other(sessions: SqlSessions) -> None:
    for name, account in (("a", "account-1"), ("b", "account-1"), ("c", "account-2"), ("d", None)):
        sessions.create(name, account, b"content", END)

    assert sessions.end_all("account-1") == 2
    assert [sessions.read(name, NOW) for name in "abcd"] == [None, None, b"content", b"content"]
    assert sessions.end_all("account-1") == 0


def test_the_database_alone_shows_no_session(sessions: SqlSessions, database: Database) -> None:
    sessions.create("k", "account-1", b"a word in clear", END)
    with database.reading() as connection:
        assert b"a word in clear" not in connection.execute(select(web_sessions.c.content)).scalar_one()


def test_one_sessions_content_does_not_open_as_anothers(sessions: SqlSessions, database: Database) -> None:
    sessions.create("mine", "account-1", b"mine", END)
    sessions.create("theirs", "account-2", b"theirs", END)
    c = web_sessions.c
    with database.writing() as connection:
        stolen = connection.execute(select(c.content).where(c.session_key == "theirs")).scalar_one()
        connection.execute(update(web_sessions).where(c.session_key == "mine").values(content=stolen))
    with pytest.raises(Exception, match=r"evidence\.not_opened"):
        sessions.read("mine", NOW)


def test_what_is_over_is_swept(sessions: SqlSessions, database: Database) -> None:
    sessions.create("k", "account-1", b"content", END)

    assert sweep_people(database, END) == 0
    assert sweep_people(database, END + timedelta(days=2)) == 1
    assert sweep_people(database, END + timedelta(days=2)) == 0
