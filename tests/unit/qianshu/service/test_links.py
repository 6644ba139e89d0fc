"""Sign links: the token is in the sealed message alone, and opens for the person it was sent to alone."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from filing.messages import load_messages
from identity.codes import SealedMessage, TextMessage, unseal_message
from identity.errors import SignLinkError
from identity.keys import LookupSecret, person_key
from identity.numbers import Region
from qianshu.service.cities import CITIES
from qianshu.service.links import LIFE, SCAN_LIFE, LinkOpened, SignLinkDesk
from signing.envelope import EvidenceKey
from storage.people import SqlSignLinks
from storage.people.tables import sign_links
from storage.records.database import Database
from tests.builders.cases import BUYER, SELLER, STRANGER, acting, party, ready, situation
from tests.builders.keyring import NOW

SECRET = LookupSecret(b"l" * 32)
KEY = EvidenceKey(b"k" * 32)
TEXT = "ab" * 32


@pytest.fixture
def desk(database: Database) -> SignLinkDesk:
    books = load_messages(CITIES)
    return SignLinkDesk(SqlSignLinks(database), SECRET, KEY, books, "https://sign.example/")


def invited(desk: SignLinkDesk, someone=BUYER, key: str = "buyer-1") -> TextMessage:
    return read(desk.invite(party(someone, key), situation(ready("huangshi")), TEXT))


def read(payload) -> TextMessage:
    assert set(payload) == {"code_id", "sealed"}
    return unseal_message(KEY, SealedMessage.from_payload(payload))


def token_of(message: TextMessage) -> str:
    link = message.values["link"]
    assert link.startswith("https://sign.example/s/")
    return link.rpartition("/")[2]


def code_of(attempt) -> str:
    with pytest.raises(SignLinkError) as caught:
        attempt()
    return caught.value.code


@pytest.mark.rule("HS-31")
def test_the_message_goes_to_the_signer_in_the_citys_words_with_the_link(desk: SignLinkDesk) -> None:
    message = invited(desk)

    assert message.phone == BUYER.phone
    assert re.fullmatch(r"https://sign\.example/s/[A-Za-z0-9_-]{43}", message.values["link"])
    assert "{link}" in message.template
    assert message.template.format_map(message.values).startswith("【")
    assert message.expires_at == NOW + LIFE


@pytest.mark.rule("HS-31")
def test_the_link_opens_for_the_person_it_was_sent_to(desk: SignLinkDesk) -> None:
    token = token_of(invited(desk))

    to_the_case = LinkOpened("2026112100001", None)
    assert desk.open_link(token, acting(BUYER), NOW) == to_the_case
    assert desk.open_link(token, acting(BUYER), NOW + LIFE - timedelta(seconds=1)) == to_the_case
    assert code_of(lambda: desk.open_link(token, acting(BUYER), NOW + LIFE)) == "sign_link.expired"


@pytest.mark.rule("HS-31")
def test_forwarded_it_is_worthless_and_looks_as_if_it_had_never_been(desk: SignLinkDesk) -> None:
    token = token_of(invited(desk))
    for other in (SELLER, STRANGER):
        with pytest.raises(SignLinkError) as forwarded:
            desk.open_link(token, acting(other), NOW)
        with pytest.raises(SignLinkError) as unknown:
            desk.open_link("no-such-token", acting(other), NOW)
        assert (forwarded.value.code, forwarded.value.zh) == (unknown.value.code, unknown.value.zh)


def test_a_new_link_voids_the_one_before_of_the_same_party_only(desk: SignLinkDesk) -> None:
    first, sellers = token_of(invited(desk)), token_of(invited(desk, SELLER, "seller-1"))
    second = token_of(invited(desk))

    assert code_of(lambda: desk.open_link(first, acting(BUYER), NOW)) == "sign_link.replaced"
    assert desk.open_link(second, acting(BUYER), NOW) == desk.open_link(sellers, acting(SELLER), NOW)


@pytest.mark.rule("HS-31")
def test_a_scanned_code_leads_its_signer_to_sign_and_nobody_else(desk: SignLinkDesk) -> None:
    by_message = token_of(invited(desk))
    made = desk.hand_off(
        "buyer-1", person_key(SECRET, acting(BUYER).subject.number), situation(ready("huangshi")), TEXT
    )
    token = made.url.rpartition("/")[2]

    assert desk.open_link(token, acting(BUYER), NOW) == LinkOpened("2026112100001", "buyer-1")
    assert code_of(lambda: desk.open_link(token, acting(SELLER), NOW)) == "sign_link.another_person"
    assert made.expires_at == NOW + SCAN_LIFE
    assert code_of(lambda: desk.open_link(token, acting(BUYER), NOW + SCAN_LIFE)) == "sign_link.expired"
    # The one that came by message opens as before; a fresh code ends the former code.
    assert desk.open_link(by_message, acting(BUYER), NOW).party is None
    desk.hand_off("buyer-1", person_key(SECRET, acting(BUYER).subject.number), situation(ready("huangshi")), TEXT)
    assert code_of(lambda: desk.open_link(token, acting(BUYER), NOW)) == "sign_link.replaced"
    assert token not in repr(made)


def test_neither_payload_nor_database_shows_token_or_telephone(desk: SignLinkDesk, database: Database) -> None:
    payload = desk.invite(party(BUYER, "buyer-1"), situation(ready("huangshi")), TEXT)
    token = token_of(read(payload))
    with database.reading() as connection:
        kept = str(connection.execute(select(sign_links)).mappings().one())

    for secret in (token, BUYER.phone, BUYER.identified.id_number):
        assert secret not in str(payload)
        assert secret not in kept


def test_who_comes_from_elsewhere_is_written_to_in_english(desk: SignLinkDesk) -> None:
    foreigner = replace(party(BUYER, "buyer-1").identified, region=Region.OTHER)
    case = ready("huangshi", party(SELLER, "seller-1"), replace(party(BUYER, "buyer-1"), identified=foreigner))
    message = read(desk.invite(case.people.party("buyer-1"), situation(case), TEXT))

    assert message.template.startswith("[")
    assert invited(desk).template.startswith("【")


def test_nobody_is_invited_without_a_telephone(desk: SignLinkDesk) -> None:
    silent = replace(party(BUYER, "buyer-1"), contact=None)
    case = ready("huangshi", party(SELLER, "seller-1"), silent)
    with pytest.raises(Exception, match=r"signing\.no_phone"):
        desk.invite(silent, situation(case), TEXT)
