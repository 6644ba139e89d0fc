"""Each outside service down, slow, lying, talking garbage, refusing us: one clear error, nothing believed."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from filing.outside import (
    ELicenceKind,
    FiledContract,
    HouseQuery,
    LicenceAuthorisation,
    OutsideAnswerWrong,
    OutsideError,
    OutsideRefused,
    OutsideUnavailable,
    QualificationApplication,
    SupervisionRequest,
    UseCategoryQuestion,
)
from tests.builders.sandbox import (
    NOW,
    RETURN_URL,
    Connected,
    SandboxServer,
    connected,
    log_in,
    sandbox_house,
    sandbox_person,
)

Ask = Callable[[Connected], object]

PHONE = "13800000001"
SECRETS = (PHONE, "482913", "420202197803120510", "陈建国", "sandbox-credential", "sandbox-client-secret")


def send(world: Connected) -> object:
    return world.sms.send(PHONE, "验证码{code}", {"code": "482913"}, request_id="1")


def face(world: Connected) -> object:
    person = sandbox_person("chen-jianguo")
    return world.face.result(world.face.start(person, "open", RETURN_URL).ref, person, "open")


def find(world: Connected) -> object:
    house, owner = sandbox_house("hs-sole"), sandbox_person("chen-jianguo")
    query = HouseQuery(
        "huangshi",
        certificate_number=house.title.certificate_number,
        owner_name=owner.name,
        owner_id_number=owner.number.normalised,
    )
    return world.land_register.find(query)


def own_titles(world: Connected) -> object:
    return world.land_register.ask_own_titles("huangshi", sandbox_person("chen-jianguo"))


def qualify(world: Connected) -> object:
    number = sandbox_house("sz-sole").title.certificate_number
    return world.qualification.apply(QualificationApplication("shenzhen", "1", sandbox_person("xu-zixuan"), number))


def use_category(world: Connected) -> object:
    return world.use_category.ask(UseCategoryQuestion("shenzhen", "1", "深房地字第3000123号", "莲花路", "商务公寓"))


def licences(world: Connected) -> object:
    leave = LicenceAuthorisation("0" * 64, NOW, "1", (ELicenceKind.IDENTITY,))
    return world.e_licences.fetch(sandbox_person("chen-jianguo"), leave)


def supervise(world: Connected) -> object:
    parties = (sandbox_person("he-zhiqiang"),), (sandbox_person("huang-jiahao"),)
    return world.bank.open(SupervisionRequest("zhongshan", "CCB", "1", Decimal("2850000.00"), *parties, RETURN_URL))


def push(world: Connected) -> object:
    pdf = b"%PDF"
    digest = hashlib.sha256(pdf).hexdigest()
    return world.recipients.push("registry", FiledContract("huangshi", "1", "2", NOW, pdf, digest, {"name": "陈建国"}))


def login(world: Connected) -> object:
    return log_in(world, "chen-jianguo")


SERVICES: dict[str, tuple[str, Ask, str]] = {
    "sms": ("sms", send, "other_reference"),
    "face": ("face", face, "other_person"),
    "house": ("land_register", find, "other_house"),
    "own titles": ("land_register", own_titles, "other_person"),
    "qualification": ("qualification", qualify, "other_case"),
    "use category": ("use_category", use_category, "other_house"),
    "licences": ("e_licences", licences, "other_person"),
    "bank": ("bank", supervise, "other_amount"),
    "recipients": ("recipients", push, "digest"),
    "login": ("identity_provider", login, "issuer"),
}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_in_order_answers_at_the_first_try(sandbox_server: SandboxServer, name: str) -> None:
    _, ask, _ = SERVICES[name]
    assert ask(connected(sandbox_server))
    assert {call.outcome for call in sandbox_server.calls} == {"answered"}
    assert sandbox_server.slept == []


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_that_is_down_is_asked_three_times_and_named(sandbox_server: SandboxServer, name: str) -> None:
    service, ask, _ = SERVICES[name]
    sandbox_server.fault(service, "down")
    with pytest.raises(OutsideUnavailable) as caught:
        ask(connected(sandbox_server))
    error = caught.value
    assert (error.code, error.reason) == ("outside.unavailable", "busy")
    assert (error.fields["service"], error.fields["retryable"]) == (service, True)
    assert error.zh.endswith("暂时无法使用，请稍后再试")
    assert error.en.startswith("outside.unavailable: ") or error.en.startswith("waiting for")
    assert len(sandbox_server.calls) == 3
    assert sandbox_server.slept == [0.2, 0.4]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_that_comes_back_is_answered_without_a_word(sandbox_server: SandboxServer, name: str) -> None:
    service, ask, _ = SERVICES[name]
    sandbox_server.fault(service, "down", times=2)
    assert ask(connected(sandbox_server))
    assert [call.outcome for call in sandbox_server.calls[:3]] == [
        "outside.unavailable:busy",
        "outside.unavailable:busy",
        "answered",
    ]


@pytest.mark.parametrize("name", SERVICES)
def test_a_slow_service_is_given_up_in_time(sandbox_server: SandboxServer, name: str) -> None:
    service, ask, _ = SERVICES[name]
    sandbox_server.fault(service, "slow", seconds=2.0)
    with pytest.raises(OutsideUnavailable) as caught:
        ask(connected(sandbox_server, timeout_seconds=0.05, tries=1))
    assert caught.value.reason == "slow"


@pytest.mark.parametrize("name", SERVICES)
def test_an_answer_to_another_question_is_not_believed(sandbox_server: SandboxServer, name: str) -> None:
    service, ask, reason = SERVICES[name]
    sandbox_server.fault(service, "wrong")
    with pytest.raises(OutsideAnswerWrong) as caught:
        ask(connected(sandbox_server))
    assert caught.value.reason == reason
    assert len(sandbox_server.calls) <= 2  # a lie is not asked for again


@pytest.mark.parametrize("name", SERVICES)
def test_garbage_is_not_believed_and_not_asked_for_again(sandbox_server: SandboxServer, name: str) -> None:
    service, ask, _ = SERVICES[name]
    sandbox_server.fault(service, "garbage")
    with pytest.raises(OutsideAnswerWrong) as caught:
        ask(connected(sandbox_server))
    assert caught.value.reason == "garbage"
    assert len(sandbox_server.calls) == 1


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "login"])
def test_a_wrong_credential_is_the_operators_to_mend(sandbox_server: SandboxServer, name: str) -> None:
    _, ask, _ = SERVICES[name]
    with pytest.raises(OutsideRefused) as caught:
        ask(connected(sandbox_server, credential="another"))
    assert (caught.value.reason, caught.value.fields["retryable"]) == ("credential", False)
    assert len(sandbox_server.calls) == 1


def test_a_wrong_client_secret_is_the_operators_to_mend(sandbox_server: SandboxServer) -> None:
    with pytest.raises(OutsideRefused) as caught:
        login(connected(sandbox_server, credential="another"))
    assert caught.value.reason == "credential"


TOKEN_FAULTS: dict[str, tuple[str, str, type[OutsideError], str]] = {
    "lying token": ("token", "wrong", OutsideAnswerWrong, "nonce"),
    "lying userinfo": ("userinfo", "wrong", OutsideAnswerWrong, "subject"),
    "userinfo down": ("userinfo", "down", OutsideUnavailable, "busy"),
    "keys garbage": ("jwks", "garbage", OutsideAnswerWrong, "garbage"),
    "token garbage": ("token", "garbage", OutsideAnswerWrong, "garbage"),
}


@pytest.mark.parametrize("name", TOKEN_FAULTS)
def test_every_part_of_a_login_can_fail(sandbox_server: SandboxServer, name: str) -> None:
    path, kind, error, reason = TOKEN_FAULTS[name]
    sandbox_server.fault("identity_provider", kind, path=path)
    with pytest.raises(error) as caught:
        login(connected(sandbox_server))
    assert caught.value.reason == reason


def test_a_code_is_redeemed_once_even_if_the_provider_is_down(sandbox_server: SandboxServer) -> None:
    sandbox_server.fault("identity_provider", "down", path="token")
    with pytest.raises(OutsideUnavailable):
        login(connected(sandbox_server))
    assert [call.operation for call in sandbox_server.calls].count("token") == 1


def test_a_message_repeated_after_a_lost_answer_is_sent_once(sandbox_server: SandboxServer) -> None:
    """The provider took it over, but its answer came too late: the repeat gets the same receipt."""
    sandbox_server.fault("sms", "slow", seconds=0.3, times=1)
    receipt = connected(sandbox_server, timeout_seconds=0.1).sms
    assert receipt.send(PHONE, "验证码{code}", {"code": "482913"}, request_id="1").provider_ref
    assert [call.outcome for call in sandbox_server.calls] == ["outside.unavailable:slow", "answered"]
    sent = sandbox_server.get("sandbox/sms")["messages"]
    assert len(sent) == 1


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize("kind", ["none", "down", "wrong", "garbage"])
def test_no_log_and_no_error_holds_personal_data_or_a_credential(
    sandbox_server: SandboxServer, caplog: pytest.LogCaptureFixture, name: str, kind: str
) -> None:
    service, ask, _ = SERVICES[name]
    if kind != "none":
        sandbox_server.fault(service, kind)
    with caplog.at_level(logging.DEBUG):
        try:
            ask(connected(sandbox_server))
        except OutsideError as error:
            caplog.messages.append(f"{error} {error.to_dict()}")
    ours = [record for record in caplog.records if record.name.startswith(("qianshu", "gateways", "httpcore"))]
    assert any(record.name == "qianshu.gateways" for record in ours)
    told = "\n".join([*(str(vars(record)) for record in ours), *caplog.messages])
    assert not [secret for secret in SECRETS if secret in told]


def test_a_refusal_names_the_services_own_code_and_nothing_else(sandbox_server: SandboxServer) -> None:
    with pytest.raises(OutsideRefused) as caught:
        connected(sandbox_server).sms.send("19900000000", "x", {}, request_id="1")
    fields: dict[str, Any] = caught.value.fields
    assert fields == {
        "service": "sms",
        "reason": "refused",
        "retryable": False,
        "http_status": "422",
        "said": "number_blocked",
    }
