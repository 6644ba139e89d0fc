"""Logging in at the sandbox's identity platform over HTTP, on both databases."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from errors import QianshuError
from identity.accounts import CityAccountKind, OldAccount, OldAccountKind, hash_password
from identity.codes import SealedMessage, unseal_message
from identity.errors import AccountError
from identity.staff import StaffRole
from identity.subjects import PartyKind
from identity.trust_level import CheckMethod
from tests.builders.sandbox import NOW, SandboxServer, sandbox_person
from tests.integration.people_wiring.town import KEY, Town


def code_of(attempt) -> str:
    with pytest.raises(QianshuError) as caught:
        attempt()
    return caught.value.code


def sent_code(town: Town) -> str:
    """The code of the one message that waits, as its receiver reads it."""
    (task,) = town.work()
    assert task.kind == "sms"
    message = unseal_message(KEY, SealedMessage.from_payload(task.payload))
    return message.values["code"]


def test_the_first_login_makes_the_account_and_the_next_finds_it(town: Town) -> None:
    first, person = town.come("chen-jianguo")
    again, same = town.come("chen-jianguo")

    assert first.account_id == again.account_id
    assert person.subject == same.subject == sandbox_person("chen-jianguo")
    assert person.real_name is not None
    assert person.real_name.level == 4
    assert person.login.methods == first.methods
    assert person.staff == ()


@pytest.mark.rule("SZ-02")
def test_whom_somebody_handles_comes_from_the_platform_with_the_login(town: Town) -> None:
    _, bound = town.come("handler-bound")
    of_bound = {one.organisation.name: one.in_force(NOW) for one in bound.memberships}
    assert of_bound == {"深圳云帆智造有限公司": True, "深圳江海实业有限公司": False, "深圳慈航助学基金会": True}
    for hint in ("handler-awaiting", "handler-unbound", "handler-expired"):
        _, person = town.come(hint)
        assert [one.in_force(NOW) for one in person.memberships] == [False], hint


@pytest.mark.rule("SZ-02")
def test_an_appointment_the_platform_names_no_more_has_ended(
    town: Town, sandbox_server: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.come("handler-level-3")
    everybody, company = sandbox_server.world.people, sandbox_server.world.people["org-yunfan"]
    alone = msgspec.structs.replace(company, handlers=())
    monkeypatch.setattr(sandbox_server.world, "people", {**everybody, company.id: alone})
    _, person = town.come("handler-level-3")

    assert [one.in_force(NOW) for one in person.memberships] == [False]


def test_a_legal_person_logs_in_as_itself(town: Town) -> None:
    _, person = town.come("org-yunfan")
    assert person.subject.kind is PartyKind.ENTERPRISE


def test_a_closed_account_acts_no_more(town: Town) -> None:
    facts, person = town.come("chen-jianguo")
    account = town.stores.accounts.load(person.account_id)
    assert account is not None
    town.stores.accounts.save(replace(account, closed_at=NOW))

    assert town.login.acting(facts, NOW) is None
    assert code_of(lambda: town.come("chen-jianguo")) == "account.closed"


def test_a_role_given_counts_in_the_session_that_is_open(town: Town) -> None:
    facts, person = town.come("staff-reviewer")
    town.staff("staff-reviewer", StaffRole.REVIEWER, "huangshi")
    acting = town.login.acting(facts, NOW)

    assert acting is not None
    assert not person.has_role(StaffRole.REVIEWER, "huangshi")
    assert acting.has_role(StaffRole.REVIEWER, "huangshi")
    assert not acting.has_role(StaffRole.REVIEWER, "wuhan")


@pytest.mark.rule("SZ-22")
def test_the_code_goes_to_the_registered_telephone_and_makes_sms_one_of_the_methods(town: Town) -> None:
    facts, person = town.come("chen-jianguo")
    answer = town.login.send_code(facts, NOW)
    after = town.login.give_code(facts, sent_code(town), NOW)

    assert answer["phone"] == "138****0001"
    assert town.woken == ["woken"]
    assert CheckMethod.SMS in after.methods
    assert after.code_phone == person.phone
    assert code_of(lambda: town.login.give_code(facts, "000000", NOW)) == "code.none"


def test_a_code_is_not_sent_again_at_once_and_another_account_cannot_use_it(town: Town) -> None:
    facts, _ = town.come("chen-jianguo")
    other, _ = town.come("li-xiulan")
    town.login.send_code(facts, NOW)
    code = sent_code(town)

    assert code_of(lambda: town.login.send_code(facts, NOW + timedelta(seconds=60))) == "code.too_soon"
    assert code_of(lambda: town.login.give_code(other, code, NOW)) == "code.none"
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    assert code_of(lambda: town.login.give_code(facts, wrong, NOW)) == "code.wrong"


def test_the_row_that_waits_shows_neither_code_nor_telephone(town: Town) -> None:
    facts, _ = town.come("chen-jianguo")
    town.login.send_code(facts, NOW)
    (task,) = town.work()

    assert not re.search(r"13800000001", str(task.payload))
    assert set(task.payload) == {"code_id", "sealed"}


@pytest.mark.rule("ZS-14")
@pytest.mark.rule("ZS-16")
def test_a_newcomer_is_linked_at_once_and_stays_linked(town: Town) -> None:
    facts, _ = town.come("he-zhiqiang")
    before = {link.city: link.linked for link in town.login.links(facts.account_id)}
    linked = town.login.link(facts.account_id, "zhongshan", None, NOW)
    again = town.login.link(facts.account_id, "zhongshan", None, NOW)

    assert not any(before.values())
    assert linked == again
    assert (linked.linked, linked.kind) == (True, "individual")


@pytest.mark.rule("ZS-13")
@pytest.mark.rule("ZS-17")
def test_whoever_had_an_account_must_link_it_by_number_and_password(town: Town) -> None:
    facts, person = town.come("he-zhiqiang")
    town.stores.accounts.save_old_account(
        OldAccount(
            "old-1", "zhongshan", person.subject, OldAccountKind.INDIVIDUAL, hash_password("three words here"), "hezq"
        )
    )
    assert code_of(lambda: town.login.link(facts.account_id, "zhongshan", None, NOW)) == "link.old_account"
    number = person.subject.number.normalised
    wrong = (number, "three words there")
    assert code_of(lambda: town.login.link(facts.account_id, "zhongshan", wrong, NOW)) == "link.refused"

    linked = town.login.link(facts.account_id, "zhongshan", (number, "three words here"), NOW)
    assert linked.kind == CityAccountKind.LINKED.value
    assert not linked.old_account


@pytest.mark.rule("ZS-15")
def test_an_agencys_right_is_asked_for_and_opened_by_an_officer(town: Town) -> None:
    facts, person = town.come("wu-guodong")
    asked = town.login.ask_agency(facts.account_id, "zhongshan", NOW)
    operator = town.staff("staff-operator", StaffRole.OPERATOR, "zhongshan")
    opened = town.handlers.confirm_agency(operator, "zhongshan", facts.account_id, NOW)

    assert (asked.linked, asked.agency_asked) == (False, True)
    assert (opened.linked, opened.kind, opened.agency_asked) == (True, "agency", False)
    assert code_of(lambda: town.handlers.confirm_agency(person, "zhongshan", facts.account_id, NOW)) == (
        "agency.not_officer"
    )
    assert code_of(lambda: town.handlers.confirm_agency(operator, "wuhan", facts.account_id, NOW)) == (
        "authority.unknown"
    )


def test_an_unknown_account_is_refused(town: Town) -> None:
    with pytest.raises(AccountError):
        town.login.links("nobody")
