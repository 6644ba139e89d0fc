"""Handlers of a legal person: level, period, consent by code, end (SZ-02, SZ-04, SZ-08…11, SZ-25)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from identity.accounts import Appointment, appoint_handler, consent_subject, end_binding, handler_consents
from identity.codes import CodeProof, CodePurpose
from identity.errors import AccountError, NotAllowed
from identity.numbers import IdType
from identity.representation import Period
from identity.subjects import PartyKind
from identity.trust_level import CheckMethod, LoginCapacity, Route, TrustPolicy
from tests.unit.identity.somebody import BUYER, NOW, SELLER, acting, company, person

HOUR = timedelta(hours=1)
POLICY = TrustPolicy(
    4, (CheckMethod.YSS_SCAN,), (Route(LoginCapacity.OWNER, (CheckMethod.YSS_SCAN,), ((CheckMethod.YSS_SCAN,),)),)
)
WANTED = Appointment(SELLER, Period(NOW, NOW + timedelta(days=90)))
ORGANISATION = acting(company(), "company-account")
HANDLER = acting(SELLER, "handler-account")


def appointed():
    return appoint_handler(ORGANISATION, WANTED, POLICY, NOW)


def proof(binding, **changes) -> CodeProof:
    return replace(
        CodeProof("code-1", CodePurpose.BIND_HANDLER, f"handler:{binding.binding_id}", "13800138000", NOW), **changes
    )


@pytest.mark.rule("SZ-02", "SZ-10")
def test_a_legal_person_appoints_a_handler_for_a_period() -> None:
    binding = appointed()

    assert (binding.organisation, binding.handler, binding.period) == (company(), SELLER, WANTED.period)
    assert (binding.consented_at, binding.organisation_level) == (None, 4)


@pytest.mark.rule("SZ-04", "SZ-08")
@pytest.mark.parametrize(
    ("by", "wanted", "code"),
    [
        (acting(company(), level=3), WANTED, "organisation.level"),
        (acting(company(), level=None), WANTED, "organisation.level"),
        (acting(BUYER), WANTED, "organisation.not_one"),
        (
            acting(replace(person(), kind=PartyKind.OTHER_ORG)),
            WANTED,
            "organisation.id_type",
        ),
        (ORGANISATION, Appointment(company(), WANTED.period), "handler.not_a_person"),
        (ORGANISATION, Appointment(SELLER, Period(NOW - HOUR, NOW)), "handler.period_over"),
    ],
)
def test_who_may_not_appoint_whom(by, wanted: Appointment, code: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        appoint_handler(by, wanted, POLICY, NOW)
    assert [one["code"] for one in caught.value.fields["findings"]] == [code]


def test_no_level_is_asked_for_where_the_city_grades_nobody() -> None:
    assert appoint_handler(acting(company(), level=None), WANTED, None, NOW).organisation_level is None


@pytest.mark.rule("SZ-09")
def test_the_handler_agrees_with_the_code_to_their_own_phone() -> None:
    binding = appointed()
    assert consent_subject(binding, HANDLER).phone == "13800138000"

    agreed = handler_consents(binding, HANDLER, proof(binding), NOW + HOUR)
    assert (agreed.consented_at, agreed.consent_reference) == (NOW + HOUR, "code-1")
    assert handler_consents(agreed, HANDLER, proof(binding), NOW + 2 * HOUR) is agreed


@pytest.mark.rule("SZ-09")
@pytest.mark.parametrize(
    "changes",
    [{"purpose": CodePurpose.LOGIN}, {"recipient": "handler:another"}, {"phone": "13900139000"}],
)
def test_another_code_is_no_consent(changes) -> None:
    binding = appointed()
    with pytest.raises(ValueError, match="another code"):
        handler_consents(binding, HANDLER, proof(binding, **changes), NOW)


@pytest.mark.rule("SZ-09")
def test_nobody_agrees_for_the_handler() -> None:
    for other in (acting(BUYER, "buyer-account"), ORGANISATION, acting(person("张三", "E12345678", IdType.PASSPORT))):
        with pytest.raises(AccountError, match=r"authority\.unknown"):
            consent_subject(appointed(), other)


def test_a_handler_without_a_registered_phone_cannot_agree() -> None:
    with pytest.raises(AccountError, match=r"account\.no_phone"):
        consent_subject(appointed(), replace(HANDLER, phone=None))


def test_nobody_agrees_to_what_has_ended_or_run_out() -> None:
    binding = appointed()
    for dead, now in ((end_binding(binding, ORGANISATION, NOW), NOW), (binding, NOW + timedelta(days=90))):
        with pytest.raises(AccountError, match=r"authority\.ended"):
            handler_consents(dead, HANDLER, proof(binding), now)


@pytest.mark.rule("SZ-11")
def test_either_ends_it_once_and_nobody_else_does() -> None:
    binding = appointed()
    for by in (ORGANISATION, HANDLER):
        assert end_binding(binding, by, NOW).ended_at == NOW
    ended = end_binding(binding, ORGANISATION, NOW)
    assert end_binding(ended, HANDLER, NOW + HOUR) is ended
    with pytest.raises(AccountError, match=r"authority\.unknown"):
        end_binding(binding, acting(BUYER, "buyer-account"), NOW)


@pytest.mark.rule("SZ-25")
def test_another_handler_is_appointed_beside_one_who_cannot_be_verified() -> None:
    first, second = appointed(), appoint_handler(ORGANISATION, replace(WANTED, handler=BUYER), POLICY, NOW)
    assert first.binding_id != second.binding_id
    assert second.handler == BUYER
