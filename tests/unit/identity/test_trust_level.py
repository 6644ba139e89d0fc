"""Trust levels and ways in, with Shenzhen's policy as data."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from identity.errors import RuleTableError
from identity.findings import Weight, refusals
from identity.trust_level import (
    Card,
    CheckMethod,
    Login,
    LoginCapacity,
    RealName,
    Route,
    TrustPolicy,
    check_organisation_account,
    check_property_visit,
    check_real_name,
)

M = CheckMethod
OWNER, AGENT, HANDLER = LoginCapacity
PHONE = "13800001234"
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)

ONLINE = (M.YSS_SCAN, M.YSS_FACE, M.BANK_CERT, M.CA_CERT)
SCAN_WITH_FACE = (M.YSS_SCAN, M.YSS_FACE)
PASSWORD_AND_CODE = (M.PASSWORD, M.SMS)

SHENZHEN = TrustPolicy(
    min_level=4,
    counted=(*ONLINE, M.WINDOW),
    routes=(
        Route(OWNER, ONLINE, (SCAN_WITH_FACE,)),
        Route(OWNER, (M.WINDOW,), (PASSWORD_AND_CODE,)),
        Route(AGENT, (*ONLINE, M.WINDOW), ((M.YSS_SCAN,), (M.CA_CERT,))),
        Route(HANDLER, ONLINE, (SCAN_WITH_FACE,)),
        Route(HANDLER, (M.WINDOW,), (PASSWORD_AND_CODE,)),
    ),
)

VERIFIED_ONLINE = RealName(4, M.YSS_SCAN, NOW, PHONE)
VERIFIED_AT_WINDOW = RealName(4, M.WINDOW, NOW, PHONE)
BY_SCAN = Login(OWNER, SCAN_WITH_FACE)
BY_PASSWORD = Login(OWNER, PASSWORD_AND_CODE, code_phone=PHONE)


def codes(real_name: RealName | None, login: Login = BY_SCAN) -> list[str]:
    return [finding.code for finding in check_property_visit(real_name, login, SHENZHEN)]


@pytest.mark.rule("SZ-03")
@pytest.mark.parametrize(("level", "found"), [(5, []), (4, []), (3, ["real_name.level"]), (0, ["real_name.level"])])
def test_level_four_is_needed(level: int, found: list[str]) -> None:
    assert codes(replace(VERIFIED_ONLINE, level=level)) == found


@pytest.mark.rule("SZ-03")
@pytest.mark.parametrize(
    ("method", "counts"),
    [
        (M.YSS_SCAN, True),
        (M.BANK_CERT, True),
        (M.CA_CERT, True),
        (M.PASSWORD, False),
        (M.SMS, False),
        (M.DOCUMENT_INPUT, False),
    ],
)
def test_the_level_counts_only_if_reached_in_a_strong_way(method: CheckMethod, counts: bool) -> None:
    findings = check_real_name(replace(VERIFIED_ONLINE, method=method), SHENZHEN)
    assert [finding.code for finding in findings] == ([] if counts else ["real_name.method"])


@pytest.mark.rule("SZ-12")
def test_the_real_name_is_mandatory() -> None:
    assert codes(None) == ["real_name.missing"]


@pytest.mark.rule("SZ-08")
@pytest.mark.parametrize(
    ("level", "found"),
    [(4, []), (3, ["organisation.level"]), (None, ["organisation.level"]), (0, ["organisation.level"])],
)
def test_an_organisation_adds_a_handler_from_level_four(level: int | None, found: list[str]) -> None:
    assert [finding.code for finding in check_organisation_account(level, SHENZHEN)] == found


@pytest.mark.rule("SZ-20")
@pytest.mark.parametrize(
    ("methods", "found"),
    [
        (SCAN_WITH_FACE, []),
        ((M.YSS_SCAN,), ["login.method"]),
        ((M.PASSWORD,), ["login.method"]),
        ((), ["login.method"]),
    ],
)
def test_an_owner_logs_in_by_face_scan(methods: tuple[CheckMethod, ...], found: list[str]) -> None:
    assert codes(VERIFIED_ONLINE, Login(OWNER, methods)) == found


@pytest.mark.rule("SZ-21")
def test_who_was_verified_at_a_window_logs_in_by_password_and_code() -> None:
    assert codes(VERIFIED_AT_WINDOW, BY_PASSWORD) == []
    assert codes(VERIFIED_AT_WINDOW, replace(BY_PASSWORD, methods=(M.PASSWORD,))) == ["login.method"]


@pytest.mark.rule("SZ-22")
@pytest.mark.parametrize("code_phone", [None, "13900005678"])
def test_the_code_goes_to_the_registered_phone(code_phone: str | None) -> None:
    assert codes(VERIFIED_AT_WINDOW, replace(BY_PASSWORD, code_phone=code_phone)) == ["login.code_phone"]


@pytest.mark.rule("SZ-22")
def test_an_account_without_a_phone_confirms_nothing_by_code() -> None:
    real_name = replace(VERIFIED_AT_WINDOW, phone=None)
    assert codes(real_name, replace(BY_PASSWORD, code_phone=None)) == ["login.code_phone"]


@pytest.mark.rule("SZ-39")
@pytest.mark.parametrize(
    ("real_name", "login", "found"),
    [
        (VERIFIED_ONLINE, BY_SCAN, []),
        (VERIFIED_ONLINE, BY_PASSWORD, ["login.method"]),
        (VERIFIED_AT_WINDOW, BY_PASSWORD, []),
        (VERIFIED_AT_WINDOW, BY_SCAN, ["login.method"]),
    ],
)
def test_the_way_in_follows_the_way_of_verifying(real_name: RealName, login: Login, found: list[str]) -> None:
    assert codes(real_name, login) == found


@pytest.mark.rule("SZ-23")
@pytest.mark.parametrize(
    ("methods", "found"),
    [
        ((M.YSS_SCAN,), []),
        ((M.CA_CERT,), []),
        (PASSWORD_AND_CODE, ["login.method"]),
        ((M.BANK_CERT,), ["login.method"]),
    ],
)
@pytest.mark.parametrize("real_name", [VERIFIED_ONLINE, VERIFIED_AT_WINDOW])
def test_an_agent_logs_in_by_scan_or_certificate(
    real_name: RealName, methods: tuple[CheckMethod, ...], found: list[str]
) -> None:
    assert codes(real_name, Login(AGENT, methods, code_phone=PHONE)) == found


@pytest.mark.rule("SZ-24")
@pytest.mark.parametrize(
    ("level", "card", "refused"),
    [
        (4, Card.ORGANISATION, []),
        (4, Card.PERSONAL, ["login.card"]),
        (3, Card.ORGANISATION, ["real_name.level"]),
    ],
)
def test_a_handler_has_level_four_and_chooses_the_organisation(level: int, card: Card, refused: list[str]) -> None:
    login = Login(HANDLER, SCAN_WITH_FACE, card)
    findings = check_property_visit(replace(VERIFIED_ONLINE, level=level), login, SHENZHEN)
    assert [finding.code for finding in refusals(findings)] == refused


@pytest.mark.rule("SZ-24")
def test_an_owner_does_not_choose_the_organisation() -> None:
    assert codes(VERIFIED_ONLINE, replace(BY_SCAN, card=Card.ORGANISATION)) == ["login.card"]


@pytest.mark.rule("SZ-25")
@pytest.mark.parametrize(("capacity", "told"), [(HANDLER, True), (OWNER, False), (AGENT, False)])
def test_who_fails_as_a_handler_is_told_of_another(capacity: LoginCapacity, told: bool) -> None:
    login = Login(capacity, SCAN_WITH_FACE, Card.ORGANISATION)
    findings = check_property_visit(None, login, SHENZHEN)
    asks = [finding.code for finding in findings if finding.weight is Weight.ASKS]
    assert asks == (["real_name.replace_handler"] if told else [])


def test_a_capacity_without_a_route_does_not_enter() -> None:
    policy = replace(SHENZHEN, routes=SHENZHEN.routes[:2])
    findings = check_property_visit(VERIFIED_ONLINE, Login(AGENT, (M.YSS_SCAN,)), policy)
    assert [finding.code for finding in findings] == ["login.capacity"]


@pytest.mark.parametrize(
    "routes",
    [
        (Route(OWNER, (M.WINDOW,), ((M.FACE,), (M.YSS_FACE, M.SMS))),),
        (Route(OWNER, (M.YSS_FACE,), ((M.PASSWORD,),)),),
        (*SHENZHEN.routes[:4], Route(HANDLER, (M.FACE,), ((M.PASSWORD,),))),
        # The way without a face begins with a check that does not count here, so it is no way at all.
        (Route(OWNER, (M.FACE,), ((M.PASSWORD,),)), Route(OWNER, (M.VIDEO,), ((M.PASSWORD,),))),
    ],
)
def test_a_policy_with_the_face_as_the_only_way_is_refused(routes: tuple[Route, ...]) -> None:
    with pytest.raises(RuleTableError) as caught:
        TrustPolicy(4, (M.WINDOW, M.FACE), routes)
    assert caught.value.code == "rule_table.face_only"
