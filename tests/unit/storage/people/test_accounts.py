"""Accounts and authorities on both databases: sealed, found by key, linked once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from identity.accounts import (
    Account,
    AgencyRight,
    Agent,
    AgentBinding,
    CityAccountKind,
    Credentials,
    HandlerBinding,
    LinkDesk,
    OldAccount,
    OldAccountKind,
    account_from_login,
    confirm_agency,
    linking_step,
    open_city_account,
    subject_from_login,
    take_over_old_account,
)
from identity.accounts.passwords import hash_password
from identity.errors import AccountError, NotAllowed
from identity.numbers import IdType
from identity.representation import Attestation, Mandate, Period
from identity.staff import StaffRole
from identity.subjects import Subject
from signing.envelope import EvidenceKey
from storage.people import SqlAccounts, SqlAuthorities, SqlStaff, SqlTries
from storage.people.tables import accounts as account_table
from storage.people.tables import agent_bindings, old_accounts
from storage.records.database import Database
from tests.unit.identity.somebody import (
    BUYER,
    NOW,
    SECRET,
    SELLER,
    SELLER_NUMBER,
    SELLER_OLD_NUMBER,
    TODAY,
    acting,
    claims,
    company,
    grant,
    person,
)

CITY = "zhongshan"
PASSWORD = "old password"
PASSWORD_HASH = hash_password(PASSWORD)
RIGHT = Credentials(SELLER_NUMBER, PASSWORD)
WRONG = Credentials(SELLER_NUMBER, "guess")


@pytest.fixture
def store(database: Database, key: EvidenceKey) -> SqlAccounts:
    return SqlAccounts(database, key, SECRET)


@pytest.fixture
def authorities(database: Database, key: EvidenceKey) -> SqlAuthorities:
    return SqlAuthorities(database, key, SECRET)


@pytest.fixture
def desk(database: Database, store: SqlAccounts) -> LinkDesk:
    # The real hash is compared in test_passwords; here its tenth of a second each would only be waited for.
    return LinkDesk(SECRET, store, SqlTries(database), fits=lambda hashed, typed: (hashed, typed) == ("h", PASSWORD))


def made(store: SqlAccounts, subject: Subject = SELLER, login: str = "sub-1") -> Account:
    told = claims(subject, subject=login)
    return store.save_first(account_from_login(SECRET, None, told, subject_from_login(told, TODAY), NOW))


def old_account(subject: Subject = SELLER, kind: OldAccountKind = OldAccountKind.INDIVIDUAL) -> OldAccount:
    return OldAccount(f"old-{kind}", CITY, subject, kind, "h", "zhangsan")


@pytest.mark.rule("ZS-05", "SZ-01")
def test_an_account_is_found_by_its_login_and_comes_back_whole(store: SqlAccounts) -> None:
    account = made(store)

    assert store.load(account.account_id) == account
    assert store.by_login("https://id.example.cn", "sub-1") == account
    assert store.by_login("https://id.example.cn", "sub-2") is None
    assert store.by_person(SELLER.number) == (account,)


def test_a_renewed_login_changes_the_account_and_makes_no_second(store: SqlAccounts) -> None:
    account = made(store)
    store.save(replace(account, phone="13900139000", seen_at=NOW + timedelta(days=1)))

    assert store.load(account.account_id).phone == "13900139000"
    assert len(store.by_person(SELLER.number)) == 1


def test_two_first_logins_at_once_are_one_account(store: SqlAccounts) -> None:
    with ThreadPoolExecutor(8) as threads:
        identifiers = set(threads.map(lambda _: made(store).account_id, range(16)))
    assert len(identifiers) == 1


def test_nothing_of_a_person_is_readable(store: SqlAccounts, database: Database) -> None:
    made(store)
    with database.reading() as connection:
        kept = bytes(str(tuple(connection.execute(select(account_table)).one())), "utf-8")
    for secret in ("张三", SELLER_NUMBER, "13800138000", "sub-1", "id.example.cn"):
        assert secret.encode() not in kept


def test_a_sealed_account_put_under_another_does_not_open(store: SqlAccounts, database: Database) -> None:
    one, other = made(store), made(store, BUYER, "sub-2")
    c = account_table.c
    with database.writing() as connection:
        body = connection.execute(select(c.body).where(c.account_id == one.account_id)).scalar_one()
        connection.execute(account_table.update().where(c.account_id == other.account_id).values(body=body))
    with pytest.raises(Exception, match=r"evidence\.not_opened"):
        store.load(other.account_id)


@pytest.mark.rule("ZS-11", "ZS-14", "ZS-16")
def test_who_never_had_an_account_gets_one_by_themselves_and_once(desk: LinkDesk, store: SqlAccounts) -> None:
    account = made(store)
    assert linking_step(desk, account, CITY, None).linked is None

    opened = open_city_account(desk, account, CITY, NOW)
    assert (opened.kind, opened.old_account_id) == (CityAccountKind.INDIVIDUAL, None)
    assert open_city_account(desk, account, CITY, NOW + timedelta(days=1)) == opened
    assert linking_step(desk, account, CITY, None).linked == opened
    assert store.city_accounts(account.account_id) == (opened,)


@pytest.mark.rule("ZS-12")
def test_the_linking_page_shows_whose_account_it_is(desk: LinkDesk, store: SqlAccounts) -> None:
    shown = linking_step(desk, made(store), CITY, None).shown
    assert (shown.account_name, shown.user_name, shown.phone) == ("sub-1", "张三", "138****8000")


@pytest.mark.rule("ZS-13", "ZS-17")
def test_an_old_account_is_taken_over_with_its_business(desk: LinkDesk, store: SqlAccounts) -> None:
    account = made(store)
    store.save_old_account(old_account())
    assert linking_step(desk, account, CITY, None).old_account
    with pytest.raises(AccountError, match=r"link\.old_account"):
        open_city_account(desk, account, CITY, NOW)

    linked = take_over_old_account(desk, account, CITY, RIGHT, NOW)
    assert linked.city_account.kind is CityAccountKind.LINKED
    assert linked.city_account.old_account_id == linked.old.old_account_id == "old-individual"
    step = linking_step(desk, account, CITY, None)
    assert (step.linked, step.old_account) == (linked.city_account, False)


@pytest.mark.rule("ZS-17", "ZS-23")
def test_the_certificate_number_may_be_of_the_first_generation(desk: LinkDesk, store: SqlAccounts) -> None:
    account = made(store)
    store.save_old_account(old_account(person(number=SELLER_OLD_NUMBER, id_type=IdType.RESIDENT_ID_15)))
    typed = Credentials(SELLER_OLD_NUMBER, PASSWORD)
    assert take_over_old_account(desk, account, CITY, typed, NOW).old.account_name == "zhangsan"


def test_a_wrong_password_and_no_account_are_one_answer(desk: LinkDesk, store: SqlAccounts) -> None:
    account = made(store)
    with pytest.raises(AccountError) as nobody:
        take_over_old_account(desk, account, CITY, RIGHT, NOW)
    store.save_old_account(old_account())
    with pytest.raises(AccountError) as wrong:
        take_over_old_account(desk, account, CITY, WRONG, NOW)
    assert nobody.value.to_dict() == wrong.value.to_dict()
    assert SELLER_NUMBER not in str(wrong.value.to_dict())


@pytest.mark.rule("ZS-17")
def test_wrong_passwords_lock_the_old_account_for_every_account_that_tries(desk: LinkDesk, store: SqlAccounts) -> None:
    store.save_old_account(old_account())
    for number in range(5):
        with pytest.raises(AccountError, match=r"link\.refused"):
            take_over_old_account(desk, made(store, BUYER, f"other-{number}"), CITY, WRONG, NOW)
    with pytest.raises(AccountError, match=r"link\.locked") as caught:
        take_over_old_account(desk, made(store), CITY, RIGHT, NOW)
    assert "窗口" in caught.value.zh
    assert take_over_old_account(desk, made(store), CITY, RIGHT, NOW + timedelta(hours=1))


def test_one_account_does_not_try_number_after_number(desk: LinkDesk, store: SqlAccounts) -> None:
    account = made(store)
    numbers = [f"E1234567{n}" for n in range(5)]
    for number in numbers:
        with pytest.raises(AccountError, match=r"link\.refused"):
            take_over_old_account(desk, account, CITY, Credentials(number, "guess"), NOW)
    with pytest.raises(AccountError, match=r"link\.locked"):
        take_over_old_account(desk, account, CITY, Credentials("E99999999", "guess"), NOW)


def test_nobody_takes_another_persons_account_even_with_its_password(desk: LinkDesk, store: SqlAccounts) -> None:
    store.save_old_account(old_account())
    with pytest.raises(AccountError, match=r"link\.other_person"):
        take_over_old_account(desk, made(store, BUYER), CITY, RIGHT, NOW)


def test_an_old_account_is_taken_once(desk: LinkDesk, store: SqlAccounts) -> None:
    store.save_old_account(old_account())
    first, second = made(store), made(store, login="sub-2")
    take_over_old_account(desk, first, CITY, RIGHT, NOW)

    with pytest.raises(AccountError, match=r"link\.taken"):
        take_over_old_account(desk, second, CITY, RIGHT, NOW)
    assert take_over_old_account(desk, first, CITY, RIGHT, NOW)


@pytest.mark.rule("ZS-02", "ZS-15")
def test_an_agencys_right_is_asked_for_and_opened_by_the_authority(
    desk: LinkDesk, store: SqlAccounts, authorities: SqlAuthorities
) -> None:
    account = made(store, company())
    asked = AgencyRight(account.account_id, CITY, NOW)
    authorities.save_agency_right(asked)
    assert authorities.agency_right(account.account_id, CITY) == asked
    assert not asked.in_force(NOW)
    assert linking_step(desk, account, CITY, asked).agency_asked

    authorities.save_agency_right(confirm_agency(asked, acting(roles=(StaffRole.OPERATOR,), city=CITY), NOW))
    right = authorities.agency_right(account.account_id, CITY)
    assert (right.confirmed_by, right.in_force(NOW)) == ("account-1", True)
    assert not replace(right, ended_at=NOW).in_force(NOW)


@pytest.mark.rule("ZS-15")
@pytest.mark.parametrize(
    ("officer", "code"),
    [
        (acting(roles=(StaffRole.REVIEWER,), city=CITY), "agency.not_officer"),
        (acting(roles=(StaffRole.OPERATOR,), city="wuhan"), "agency.not_officer"),
        (acting(account_id="agency-1", roles=(StaffRole.OPERATOR,), city=CITY), "agency.self"),
    ],
)
def test_nobody_else_opens_an_agencys_right(officer, code: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        confirm_agency(AgencyRight("agency-1", CITY, NOW), officer, NOW)
    assert caught.value.code == code


def test_bindings_come_back_whole_and_are_found_from_both_ends(authorities: SqlAuthorities) -> None:
    binding = HandlerBinding("b-1", company(), 4, SELLER, Period(NOW, None), NOW)
    authorities.save_handler(binding)
    ended = replace(binding, consented_at=NOW, consent_reference="code-1", ended_at=NOW + timedelta(days=1))
    authorities.save_handler(ended)

    assert authorities.handler("b-1") == ended
    assert authorities.handlers_of(company().number) == (ended,)
    assert authorities.handled_by(SELLER.number) == (ended,)
    assert authorities.handled_by(BUYER.number) == ()


def test_an_agents_binding_names_nobody_in_the_database(authorities: SqlAuthorities, database: Database) -> None:
    mandate = Mandate("代为出售", ("sign",), Attestation.NOTARISED, ("binding_application",))
    certificate = "粤(2021)深圳市不动产权第0123456号"
    binding = AgentBinding(
        "b-1",
        "shenzhen",
        Agent(BUYER, "a-2"),
        SELLER,
        certificate,
        mandate,
        "公证字1号",
        bound_by="clerk",
        bound_at=NOW,
    )
    authorities.save_agent(binding)

    assert authorities.agent("b-1") == binding
    assert authorities.agents_of_house("shenzhen", certificate) == (binding,)
    assert authorities.agents_of_house("wuhan", certificate) == ()
    assert authorities.bindings_of_agent(BUYER.number) == (binding,)
    with database.reading() as connection:
        kept = str(tuple(connection.execute(select(agent_bindings)).one()))
    assert "0123456" not in kept


def test_a_role_is_held_once_and_ends_without_vanishing(database: Database) -> None:
    staff = SqlStaff(database)
    first = grant("officer-1", StaffRole.REVIEWER)
    staff.save(first)
    with pytest.raises(Exception, match=r"uq_staff_grants_held|staff_grants\.account_id"):
        staff.save(replace(first, grant_id="again"))
    ended = replace(first, revoked_at=NOW + timedelta(days=1), revoked_by="admin-1")
    staff.save(ended)
    staff.save(replace(ended, revoked_at=None, revoked_by=None))  # what has ended stays ended
    again = replace(first, grant_id="again", granted_at=NOW + timedelta(days=2))
    staff.save(again)

    assert staff.load(first.grant_id) == ended
    assert staff.of_account("officer-1") == staff.in_city("shenzhen") == (ended, again)


def test_the_database_itself_refuses_a_role_granted_to_oneself(database: Database) -> None:
    with pytest.raises(Exception, match="not_by_oneself"):
        SqlStaff(database).save(replace(grant("admin-1", StaffRole.REVIEWER), granted_by="admin-1"))


def test_old_passwords_are_sealed_too(store: SqlAccounts, database: Database) -> None:
    store.save_old_account(replace(old_account(), password_hash=PASSWORD_HASH))
    with database.reading() as connection:
        kept = str(tuple(connection.execute(select(old_accounts)).one()))
    assert "argon2" not in kept
