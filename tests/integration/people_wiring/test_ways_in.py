"""What the ways in build on the stores of people: sessions, and rates counted for all processes together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from api.errors import TooMany
from api.ports import SessionFacts
from api.rates import Rate, Rates
from api.services import ApiSettings
from api.sessions import SessionBook
from identity.outside import LoginStart
from identity.trust_level import Card, CheckMethod
from signing.envelope import EvidenceKey
from storage.people import DatabaseLimits, SqlSessions
from storage.records.database import Database
from tests.builders.databases import open_database, url_of
from tests.builders.sandbox import NOW

KEY = EvidenceKey(b"k" * 32)
FACTS = SessionFacts("account-1", (CheckMethod.YSS_FACE,), NOW)
START = LoginStart("https://id.example/a", "state", "nonce", "verifier", "https://sign.example/back")


@pytest.fixture
def book(database: Database) -> SessionBook:
    return SessionBook(SqlSessions(database, KEY), ApiSettings("https://sign.example", b"s" * 32))


def test_a_session_is_read_as_it_was_kept_and_changed(book: SessionBook) -> None:
    token = book.log_in(FACTS, NOW)
    session = book.read(token, NOW)
    chosen = replace(FACTS, card=Card.ORGANISATION, organisation_account_id="company", code_phone="13800000001")

    assert session.facts == FACTS
    assert book.change(token, session, chosen)
    assert book.read(token, NOW).facts == chosen
    assert book.read("another", NOW) is None


def test_it_ends_idle_old_or_ended_and_a_late_request_does_not_bring_it_back(book: SessionBook) -> None:
    token = book.log_in(FACTS, NOW)
    session = book.read(token, NOW)
    assert book.read(token, NOW + timedelta(minutes=30)) is None
    book.renew(token, session, NOW + timedelta(minutes=20))
    assert book.read(token, NOW + timedelta(minutes=30)) is not None

    book.end(token)
    book.renew(token, session, NOW + timedelta(minutes=25))
    assert not book.change(token, session, FACTS)
    assert book.read(token, NOW) is None


def test_of_many_browsers_that_come_back_with_one_login_one_takes_it(book: SessionBook) -> None:
    token = book.begin_login(START, "/cases", NOW)
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(lambda _: book.take_login(token, NOW), range(16)))

    (session,) = [one for one in taken if one is not None]
    assert (session.login, session.return_to) == (START, "/cases")


def test_every_session_of_an_account_ends_at_once(book: SessionBook, database: Database) -> None:
    mine = [book.log_in(FACTS, NOW) for _ in range(3)]
    theirs = book.log_in(replace(FACTS, account_id="account-2"), NOW)

    assert SqlSessions(database, KEY).end_all("account-1") == 3
    assert [book.read(token, NOW) for token in mine] == [None] * 3
    assert book.read(theirs, NOW) is not None


def test_what_guards_a_secret_is_counted_for_all_processes_together(database: Database) -> None:
    def clock() -> datetime:
        return datetime.now(UTC)

    with open_database(url_of(database)) as another:
        processes = [Rates(DatabaseLimits(one, clock), 1.0) for one in (database, another)]
        for turn in range(Rate.CODE.per_minute):
            processes[turn % 2].spend(Rate.CODE, "account-1")
        for rates in processes:
            with pytest.raises(TooMany):
                rates.spend(Rate.CODE, "account-1")
            rates.spend(Rate.CODE, "account-2")
            rates.spend(Rate.LOGIN, "account-1")
