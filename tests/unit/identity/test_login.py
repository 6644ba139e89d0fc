"""From a login to whoever acts: level, method and time kept; cards; appointments of the platform."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from identity.accounts import (
    CardChoice,
    Holdings,
    account_from_login,
    acting_person,
    choose_card,
    memberships,
    platform_bindings,
    subject_from_login,
)
from identity.errors import AccountError, NotAllowed
from identity.keys import person_key
from identity.numbers import IdType
from identity.outside import HandledOrganisation, HandlerState
from identity.representation import Period
from identity.staff import StaffRole
from identity.subjects import PartyKind
from identity.trust_level import Card, CheckMethod, Login, LoginCapacity
from tests.unit.identity.somebody import (
    BUYER,
    COMPANY_CODE,
    NOW,
    SECRET,
    SELLER,
    SELLER_OLD_NUMBER,
    TODAY,
    acting,
    claims,
    company,
    grant,
    membership,
    person,
    real_name,
)

HOUR = timedelta(hours=1)
RUNNING = Period(NOW - HOUR, NOW + HOUR)
COMPANY = HandledOrganisation(
    "山海置业有限公司", COMPANY_CODE, PartyKind.ENTERPRISE, HandlerState.BOUND, 4, RUNNING, NOW
)


def login(known=None, told=None, now=NOW):
    told = told or claims()
    return account_from_login(SECRET, known, told, subject_from_login(told, TODAY), now)


@pytest.mark.rule("ZS-05", "SZ-01", "SZ-03", "SZ-12")
def test_the_first_login_makes_an_account_with_the_platforms_facts() -> None:
    account = login()

    assert (account.subject, account.phone) == (SELLER, "13800138000")
    assert account.real_name == real_name()
    assert account.made_at == account.seen_at == NOW


@pytest.mark.rule("SZ-03", "SZ-12")
@pytest.mark.parametrize("newer", [real_name(2, CheckMethod.WECHAT_REALNAME), None])
def test_every_login_brings_the_real_name_check_up_to_date_downwards_too(newer) -> None:
    account = login()
    later = login(account, claims(real_name=newer), NOW + HOUR)

    assert later.real_name == newer
    assert (later.account_id, later.made_at, later.seen_at) == (account.account_id, NOW, NOW + HOUR)


def test_an_account_never_becomes_another_persons() -> None:
    with pytest.raises(AccountError, match=r"account\.person_changed"):
        login(login(), claims(BUYER))


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (person(number=SELLER_OLD_NUMBER, id_type=IdType.RESIDENT_ID_15), SELLER, True),
        (person("John", "E12345678", IdType.PASSPORT), person("JOHN", "E87654321", IdType.PASSPORT), True),
        (person("John", "E12345678", IdType.PASSPORT), person("Jane", "E87654321", IdType.PASSPORT), False),
    ],
)
def test_a_renewed_document_is_the_same_person_under_the_same_name_only(before, after, same: bool) -> None:
    account = login(told=claims(before))
    if same:
        assert login(account, claims(after)).subject == after
    else:
        with pytest.raises(AccountError, match=r"account\.person_changed"):
            login(account, claims(after))


def test_a_closed_account_lets_nobody_in() -> None:
    closed = replace(login(), closed_at=NOW)

    with pytest.raises(AccountError, match=r"account\.closed"):
        login(closed)
    assert acting_person(closed, Login(LoginCapacity.OWNER, ()), Holdings(), NOW) is None


def test_who_acts_has_the_roles_that_are_in_force() -> None:
    ended = replace(grant("a", StaffRole.ADMIN), revoked_at=NOW, revoked_by="admin-1")
    held = grant("a", StaffRole.REVIEWER)

    found = acting_person(login(), Login(LoginCapacity.OWNER, ()), Holdings(grants=(ended, held)), NOW)
    assert found.staff == (held,)
    assert found.birth_date == SELLER.number.birth_date


@pytest.mark.rule("SZ-02", "SZ-09", "SZ-10", "SZ-11")
@pytest.mark.parametrize(
    ("handled", "in_force"),
    [
        (COMPANY, True),
        (replace(COMPANY, state=HandlerState.AWAITING_CONSENT), False),
        (replace(COMPANY, state=HandlerState.UNBOUND), False),
        (replace(COMPANY, period=Period(NOW - HOUR, NOW)), False),
        (replace(COMPANY, period=None), False),
    ],
)
def test_an_appointment_of_the_platform_acts_only_bound_and_in_its_period(handled, in_force: bool) -> None:
    bindings = platform_bindings(SECRET, claims(handler_of=(handled,)), SELLER, NOW)
    again = platform_bindings(SECRET, claims(handler_of=(handled,)), SELLER, NOW + HOUR)

    assert [one.in_force(NOW) for one in memberships(SECRET, bindings)] in ([in_force], [])
    assert any(one.in_force(NOW) for one in memberships(SECRET, bindings)) is in_force
    assert [one.binding_id for one in bindings] == [one.binding_id for one in again]


@pytest.mark.rule("SZ-17", "SZ-24")
def test_the_organisations_card_is_for_its_handler() -> None:
    (held,) = memberships(SECRET, platform_bindings(SECRET, claims(handler_of=(COMPANY,)), SELLER, NOW))
    handler = replace(acting(), memberships=(held,))
    key = person_key(SECRET, company().number)

    chosen = choose_card(handler, CardChoice(Card.ORGANISATION, LoginCapacity.HANDLER, key), NOW)
    assert (chosen.card, chosen.capacity) == (Card.ORGANISATION, LoginCapacity.HANDLER)
    back = choose_card(replace(handler, login=chosen), CardChoice(Card.PERSONAL, LoginCapacity.OWNER), NOW)
    assert back == handler.login


@pytest.mark.rule("SZ-24")
@pytest.mark.parametrize("organisation", [None, "another-key", "company-key"])
def test_nobody_takes_the_card_of_an_organisation_they_do_not_handle_now(organisation) -> None:
    handler = replace(acting(), memberships=(membership(RUNNING, ended_at=NOW),))
    with pytest.raises(NotAllowed, match=r"login\.not_handler"):
        choose_card(handler, CardChoice(Card.ORGANISATION, LoginCapacity.HANDLER, organisation), NOW)
