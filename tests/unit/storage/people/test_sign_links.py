"""Sign links on both databases: for one person, one case, one text, one purpose."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from identity.errors import SignLinkError
from identity.keys import person_key
from identity.numbers import IdType
from identity.sign_links import (
    LinkPurpose,
    LinkRequest,
    LinkVisit,
    check_visit,
    greet,
    invite,
    spend_link,
    whose_case,
)
from storage.people import SqlSignLinks
from storage.people.tables import sign_links
from storage.records.database import Database
from tests.unit.identity.somebody import BUYER, NOW, OTHER_TEXT, SECRET, SELLER, SELLER_OLD_NUMBER, TEXT, person

BUYER_KEY = person_key(SECRET, BUYER.number)
SELLER_KEY = person_key(SECRET, SELLER.number)
REQUEST = LinkRequest("case-1", "buyer-1", (BUYER_KEY,), LinkPurpose.SIGN, TEXT, timedelta(days=3))
VISIT = LinkVisit(BUYER_KEY, "case-1", LinkPurpose.SIGN, TEXT)


@pytest.fixture
def links(database: Database) -> SqlSignLinks:
    return SqlSignLinks(database)


def refusal(links: SqlSignLinks, token: str, key: str = BUYER_KEY, now: datetime = NOW) -> str:
    with pytest.raises(SignLinkError) as caught:
        whose_case(SECRET, links, token, key, now)
    return caught.value.code


@pytest.mark.rule("HS-31")
def test_the_person_it_was_sent_to_comes_to_their_case(links: SqlSignLinks) -> None:
    made = invite(SECRET, links, REQUEST, NOW)

    found = whose_case(SECRET, links, made.token, BUYER_KEY, NOW)
    assert (found.case_id, found) == ("case-1", made.link)
    check_visit(found, VISIT, NOW)


@pytest.mark.rule("HS-31")
def test_forwarded_it_is_worthless_and_like_one_that_never_was(links: SqlSignLinks) -> None:
    made = invite(SECRET, links, REQUEST, NOW)

    assert refusal(links, made.token, SELLER_KEY) == "sign_link.another_person"
    assert refusal(links, "A" * 43) == "sign_link.another_person"
    with pytest.raises(SignLinkError, match="another_person"):
        check_visit(made.link, replace(VISIT, person_key=SELLER_KEY), NOW)
    assert whose_case(SECRET, links, made.token, BUYER_KEY, NOW)


def test_either_generation_of_the_number_opens_it(links: SqlSignLinks) -> None:
    old = person_key(SECRET, person(number=SELLER_OLD_NUMBER, id_type=IdType.RESIDENT_ID_15).number)
    made = invite(SECRET, links, replace(REQUEST, person_keys=(old,)), NOW)
    assert whose_case(SECRET, links, made.token, SELLER_KEY, NOW)


def test_before_the_login_it_says_only_to_log_in() -> None:
    assert "登录" in greet().zh
    assert "case" not in greet().en


def test_it_expires(links: SqlSignLinks) -> None:
    made = invite(SECRET, links, REQUEST, NOW)

    assert whose_case(SECRET, links, made.token, BUYER_KEY, made.link.expires_at - timedelta(seconds=1))
    assert refusal(links, made.token, now=made.link.expires_at) == "sign_link.expired"
    assert not links.spend(made.link.link_id, made.link.expires_at)


def test_a_new_invitation_ends_the_old_one_and_nobody_elses(links: SqlSignLinks) -> None:
    old = invite(SECRET, links, REQUEST, NOW)
    other_purpose = invite(SECRET, links, replace(REQUEST, purpose=LinkPurpose.CONFIRM), NOW)
    other_person = invite(SECRET, links, replace(REQUEST, recipient="buyer-2"), NOW)
    new = invite(SECRET, links, REQUEST, NOW)

    assert refusal(links, old.token) == "sign_link.replaced"
    for alive in (other_purpose, other_person, new):
        assert whose_case(SECRET, links, alive.token, BUYER_KEY, NOW)


@pytest.mark.parametrize(
    ("visit", "code"),
    [
        (replace(VISIT, case_id="case-2"), "sign_link.other_case"),
        (replace(VISIT, text_sha256=OTHER_TEXT), "sign_link.text_changed"),
        (replace(VISIT, purpose=LinkPurpose.CONFIRM), "sign_link.other_purpose"),
    ],
)
def test_it_fits_no_other_case_text_or_purpose(links: SqlSignLinks, visit: LinkVisit, code: str) -> None:
    made = invite(SECRET, links, REQUEST, NOW)
    with pytest.raises(SignLinkError) as caught:
        check_visit(made.link, visit, NOW)
    assert caught.value.code == code


def test_a_changed_text_ends_every_link_of_the_case(links: SqlSignLinks) -> None:
    mine = invite(SECRET, links, REQUEST, NOW)
    elsewhere = invite(SECRET, links, replace(REQUEST, case_id="case-2"), NOW)

    assert links.end_all("case-1", NOW) == 1
    assert refusal(links, mine.token) == "sign_link.replaced"
    assert whose_case(SECRET, links, elsewhere.token, BUYER_KEY, NOW)


def test_it_is_used_up_once(links: SqlSignLinks) -> None:
    made = invite(SECRET, links, REQUEST, NOW)
    spend_link(links, made.link, NOW)

    with pytest.raises(SignLinkError, match=r"sign_link\.used"):
        spend_link(links, made.link, NOW)
    assert refusal(links, made.token) == "sign_link.used"


def test_the_token_is_long_kept_nowhere_and_shown_nowhere(links: SqlSignLinks, database: Database) -> None:
    made = invite(SECRET, links, REQUEST, NOW)
    with database.reading() as connection:
        row = connection.execute(select(sign_links)).one()

    assert len(made.token) == 43
    assert made.token not in str(tuple(row))
    assert made.token not in repr(made)
