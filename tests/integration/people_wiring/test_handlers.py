"""Handlers, agents and roles over both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from api.ports import AgentAsked, HandlerAsked, Somebody
from identity.codes import SealedMessage, unseal_message
from identity.representation import Attestation
from identity.staff import StaffRole
from notary.certificates import mandate_judge
from notary.errors import CertificateRefused
from qianshu.demo_data.notary_papers import MandateNotarised, mandate_paper
from qianshu.service.people_handlers import HandlerDesk
from tests.builders.notary_office import DAY, TODAY
from tests.builders.notary_office import NOW as NOTARY_NOW
from tests.builders.notary_office import office as notary_office
from tests.builders.notary_world import Offices
from tests.builders.sandbox import NOW, sandbox_person
from tests.integration.people_wiring.test_login import code_of
from tests.integration.people_wiring.town import KEY, Town, profiles

YEAR = timedelta(days=365)


def somebody(hint: str) -> Somebody:
    person = sandbox_person(hint)
    return Somebody(person.name, person.number.type.value, person.number.normalised)


def appointment(hint: str) -> HandlerAsked:
    return HandlerAsked(somebody(hint), NOW, NOW + YEAR)


def last_code(town: Town) -> str:
    task = town.work()[-1]
    return unseal_message(KEY, SealedMessage.from_payload(task.payload)).values["code"]


@pytest.mark.rule("SZ-09")
@pytest.mark.rule("SZ-10")
@pytest.mark.rule("SZ-11")
def test_a_handler_is_appointed_agrees_by_code_acts_and_is_unbound(town: Town) -> None:
    _, company = town.come("org-yunfan")
    facts, handler = town.come("xu-zixuan")
    made = town.handlers.appoint(company, "shenzhen", appointment("xu-zixuan"), NOW)
    again = town.handlers.appoint(company, "shenzhen", appointment("xu-zixuan"), NOW)
    assert made == again
    assert made.state == "awaiting_consent"
    assert made.handler_name == "徐*"

    town.handlers.ask_consent(handler, made.binding_id, NOW)
    agreed = town.handlers.consent(handler, made.binding_id, last_code(town), NOW)
    acting = town.login.acting(facts, NOW)
    assert agreed.state == "bound"
    assert acting is not None
    assert [one.in_force(NOW) for one in acting.memberships] == [True]
    assert [one.binding_id for one in town.handlers.handlers_of(handler)] == [made.binding_id]

    ended = town.handlers.unbind(company, made.binding_id, NOW)
    after = town.login.acting(facts, NOW)
    assert ended.state == "unbound"
    assert after is not None
    assert [one.in_force(NOW) for one in after.memberships] == [False]


@pytest.mark.rule("SZ-11")
def test_what_was_unbound_here_does_not_come_back_with_the_next_login(town: Town) -> None:
    _, handler = town.come("handler-bound")
    _, company = town.come("org-yunfan")
    (binding,) = [one for one in town.handlers.handlers_of(company) if one.handler_name == "沈*"]
    town.handlers.unbind(company, binding.binding_id, NOW)
    _, again = town.come("handler-bound")

    of_company = [one for one in again.memberships if one.membership_id == binding.binding_id]
    assert handler.account_id == again.account_id
    assert [one.in_force(NOW) for one in of_company] == [False]


@pytest.mark.rule("SZ-09")
def test_whoever_agreed_here_stays_bound_at_the_next_login(town: Town) -> None:
    _, handler = town.come("handler-awaiting")
    (waiting,) = town.handlers.handlers_of(handler)
    town.handlers.ask_consent(handler, waiting.binding_id, NOW)
    town.handlers.consent(handler, waiting.binding_id, last_code(town), NOW)
    _, again = town.come("handler-awaiting")

    assert [one.in_force(NOW) for one in again.memberships] == [True]


@pytest.mark.rule("SZ-08")
def test_a_company_of_level_three_appoints_nobody(town: Town) -> None:
    _, company = town.come("org-jianghai")
    attempt = code_of(lambda: town.handlers.appoint(company, "shenzhen", appointment("xu-zixuan"), NOW))
    assert attempt == "organisation.level"


def test_a_stranger_neither_agrees_nor_unbinds_nor_learns_that_there_is_a_binding(town: Town) -> None:
    _, company = town.come("org-yunfan")
    _, stranger = town.come("chen-jianguo")
    made = town.handlers.appoint(company, "shenzhen", appointment("xu-zixuan"), NOW)

    for binding_id in (made.binding_id, "no-such-binding"):
        assert code_of(lambda: town.handlers.ask_consent(stranger, binding_id, NOW)) == "authority.unknown"  # noqa: B023 - called here
        assert code_of(lambda: town.handlers.unbind(stranger, binding_id, NOW)) == "authority.unknown"  # noqa: B023 - called here


def test_a_period_that_ends_before_it_begins_is_refused(town: Town) -> None:
    _, company = town.come("org-yunfan")
    asked = replace(appointment("xu-zixuan"), ends_at=NOW - YEAR)
    assert code_of(lambda: town.handlers.appoint(company, "shenzhen", asked, NOW)) == "handler.period"


def mandate(**changes: object) -> AgentAsked:
    return replace(
        AgentAsked(
            somebody("xu-zixuan"),
            somebody("lin-haitao"),
            "粤（2019）深圳市不动产权第0123456号",
            "（2026）深证字第1号",
            "办理房屋产权校验",
            ("check_property",),
            "notarised",
            ("notarised_mandate", "binding_application", "identity"),
        ),
        **changes,
    )


@pytest.mark.rule("SZ-13")
@pytest.mark.rule("SZ-14")
def test_a_clerk_binds_an_agent_to_a_house_once_and_ends_it(town: Town) -> None:
    clerk = town.staff("staff-window", StaffRole.WINDOW_CLERK, "shenzhen")
    facts, _ = town.come("xu-zixuan")
    bound = town.handlers.bind_agent(clerk, "shenzhen", mandate(), NOW)
    again = town.handlers.bind_agent(clerk, "shenzhen", mandate(), NOW)

    assert bound == again
    assert bound.agent_account_id == facts.account_id
    ended = town.handlers.unbind_agent(clerk, "shenzhen", bound.binding_id, NOW)
    assert ended.ended_at == NOW
    missing = mandate(papers=())
    assert code_of(lambda: town.handlers.bind_agent(clerk, "shenzhen", missing, NOW)) == "mandate.paper_missing"
    assert code_of(lambda: town.handlers.unbind_agent(clerk, "wuhan", bound.binding_id, NOW)) == "authority.unknown"


def test_only_a_clerk_binds_and_a_wrong_number_is_refused(town: Town) -> None:
    _, nobody = town.come("chen-jianguo")
    clerk = town.staff("staff-window", StaffRole.WINDOW_CLERK, "shenzhen")
    refused = code_of(lambda: town.handlers.bind_agent(nobody, "shenzhen", mandate(), NOW))
    wrong = replace(somebody("xu-zixuan"), id_number="440303199206190530")

    assert refused == "agent.not_clerk"
    assert code_of(lambda: town.handlers.bind_agent(clerk, "shenzhen", mandate(agent=wrong), NOW)) == "number.checksum"


def test_an_administrator_gives_and_takes_roles_and_nobody_else(town: Town) -> None:
    admin = town.staff("staff-operator", StaffRole.ADMIN, "huangshi")
    _, clerk = town.come("staff-window")
    wanted = (clerk.account_id, StaffRole.WINDOW_CLERK)
    given = town.roles.grant(admin, "huangshi", wanted, NOW)
    again = town.roles.grant(admin, "huangshi", wanted, NOW)

    assert given == again
    assert given in town.roles.in_city("huangshi")
    assert code_of(lambda: town.roles.grant(clerk, "huangshi", wanted, NOW)) == "staff.grant_self"
    assert code_of(lambda: town.roles.grant(admin, "wuhan", wanted, NOW)) == "staff.not_grantor"
    assert code_of(lambda: town.roles.revoke(admin, "wuhan", given.grant_id, NOW)) == "authority.unknown"
    nobody = ("nobody", StaffRole.REVIEWER)
    assert code_of(lambda: town.roles.grant(admin, "huangshi", nobody, NOW)) == "account.unknown"

    ended = town.roles.revoke(admin, "huangshi", given.grant_id, NOW)
    assert ended.revoked_by == admin.account_id
    assert town.roles.revoke(admin, "huangshi", given.grant_id, NOW) == ended
    assert town.roles.grant(admin, "huangshi", wanted, NOW).grant_id != given.grant_id


def test_an_auditor_holds_no_other_role_even_from_the_command_line(town: Town) -> None:
    auditor = town.staff("registrar", StaffRole.AUDITOR, "huangshi")
    assert auditor.has_role(StaffRole.AUDITOR, "huangshi")
    assert code_of(lambda: town.staff("registrar", StaffRole.REVIEWER, "huangshi")) == "staff.auditor_acts"


@pytest.mark.rule("SZ-13")
@pytest.mark.rule("SZ-15")
def test_an_electronic_mandate_counts_for_what_the_notary_certified(town: Town) -> None:
    """Number and words are the certificate's, whatever was typed; it names this very house, and the form comes too."""
    clerk = town.staff("staff-window", StaffRole.WINDOW_CLERK, "shenzhen")
    house = mandate().certificate_number
    certified = MandateNotarised(
        number="（2026）粤中石岐第002001号",
        dated=TODAY - DAY,
        principal=(mandate().principal.name, mandate().principal.id_number),
        agent=(mandate().agent.name, mandate().agent.id_number),
        matters=(f"办理不动产权证书号为{house}的房屋产权校验及买卖合同签订",),
        period=None,
    )
    judge = mandate_judge(Offices(), ())
    desk = HandlerDesk(town.stores, None, profiles(), judge)  # type: ignore[arg-type]
    asked = mandate(attestation="none", scope="", mandate_number="", papers=("binding_application",))
    pdf = notary_office().signed(mandate_paper(certified), NOTARY_NOW)
    bound = desk.bind_agent(clerk, "shenzhen", replace(asked, mandate_pdf=pdf), NOTARY_NOW)
    kept = town.stores.authorities.agent(bound.binding_id)
    assert kept is not None
    assert (kept.mandate_number, kept.mandate.attestation) == (certified.number, Attestation.NOTARISED)
    assert house in kept.mandate.scope.replace("(", "（").replace(")", "）")
    other = notary_office().signed(mandate_paper(replace(certified, matters=("办理房屋买卖",))), NOTARY_NOW)
    with pytest.raises(CertificateRefused) as refused:
        desk.bind_agent(clerk, "shenzhen", replace(asked, mandate_pdf=other), NOTARY_NOW)
    assert [finding.code for finding in refused.value.findings] == ["mandate.matter"]
    without = replace(asked, papers=(), mandate_pdf=pdf)
    assert code_of(lambda: desk.bind_agent(clerk, "shenzhen", without, NOTARY_NOW)) == "mandate.paper_missing"
    assert code_of(lambda: town.handlers.bind_agent(clerk, "shenzhen", without, NOTARY_NOW)) == "mandate.no_offices"
