"""One suite for every port, run on the fake and on the real adapter with the sandbox behind it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from filing.outside import (
    ELicence,
    ELicenceKind,
    FiledContract,
    HouseQuery,
    LicenceAuthorisation,
    OutsideAnswerWrong,
    OutsideRefused,
    OwnTitleState,
    QualificationApplication,
    QualificationState,
    Restriction,
    SupervisionRequest,
    SupervisionState,
    SupervisionWay,
    UseCategory,
    UseCategoryQuestion,
    UseCategoryState,
)
from identity.numbers import IdType
from identity.outside import FaceOutcome, LoginCallback, LoginRefused
from identity.trust_level import CheckMethod
from tests.builders.sandbox import (
    NOW,
    RETURN_URL,
    Clock,
    SandboxServer,
    browse_login,
    connected,
    log_in,
    sandbox_house,
    sandbox_houses,
    sandbox_person,
)
from tests.fakes import outside as fakes

CITIES = ("huangshi", "zhongshan", "shenzhen", "wuhan")
PDF = b"%PDF-1.7 a filed contract"


@dataclass
class World:
    """The ports, and how their other side is moved."""

    ports: Any
    clock: Clock
    press_face: Callable[[str, str], object]
    messages_to: Callable[[str], list[str]]
    decide_qualification: Callable[[str, str], object]
    decide_use: Callable[[str], object]
    decide_bank: Callable[[str, str], object]


@dataclass
class Fakes:
    sms: fakes.FakeSms
    face: fakes.FakeFaceCheck
    land_register: fakes.FakeLandRegister
    qualification: fakes.FakeQualificationOffice
    use_category: fakes.FakeUseCategoryOffice
    e_licences: fakes.FakeELicences
    bank: fakes.FakeSupervisionBank
    recipients: fakes.FakeContractRecipients


def fake_world() -> World:
    clock = Clock()
    houses = tuple(house for city in CITIES for house in sandbox_houses(city))
    content = b"picture"
    licence = ELicence(ELicenceKind.IDENTITY, "IDENTITY-1", "某市公安局", date(2020, 1, 2), "image/png", content)
    ports = Fakes(
        fakes.FakeSms(clock),
        fakes.FakeFaceCheck(clock),
        fakes.FakeLandRegister(clock, houses=houses, check_codes={"粤(2020)中山市不动产权第0123002号": "730034"}),
        fakes.FakeQualificationOffice(clock),
        fakes.FakeUseCategoryOffice(clock),
        fakes.FakeELicences(clock, licences={sandbox_person("xu-zixuan").number.normalised: (licence,)}),
        fakes.FakeSupervisionBank(clock),
        fakes.FakeContractRecipients(clock),
    )
    return World(
        ports,
        clock,
        ports.face.press,
        lambda phone: [message.text for message in ports.sms.sent if message.phone == phone],
        ports.qualification.decide,
        lambda ref: ports.use_category.decide(
            ref, use_category=UseCategory.RESIDENTIAL, restriction=Restriction.RESTRICTED
        ),
        ports.bank.decide,
    )


def real_world(server: SandboxServer) -> World:
    ports = connected(server)

    def messages_to(phone: str) -> list[str]:
        return [line["text"] for line in server.get(f"sandbox/sms?phone={phone}")["messages"]]

    return World(
        ports,
        server.clock,
        lambda ref, outcome: server.post(f"sandbox/face/{ref}", {"outcome": outcome}),
        messages_to,
        lambda code, state: server.post(f"sandbox/qualification/{code}", {"state": state}),
        lambda ref: server.post(
            f"sandbox/use-category/{ref}", {"use_category": "residential", "restriction": "restricted"}
        ),
        lambda ref, state: server.post(f"sandbox/bank/{ref}", {"state": state}),
    )


@pytest.fixture(params=["fake", "http"])
def world(request: pytest.FixtureRequest) -> World:
    if request.param == "fake":
        return fake_world()
    return real_world(request.getfixturevalue("sandbox_server"))


# Messages


def test_a_message_is_taken_over_once_per_request_id(world: World) -> None:
    first = world.ports.sms.send("13800000001", "验证码{code}", {"code": "482913"}, request_id="otp-1")
    again = world.ports.sms.send("13800000001", "验证码{code}", {"code": "482913"}, request_id="otp-1")
    assert first == again
    assert first.at == NOW
    assert world.messages_to("13800000001") == ["验证码482913"]


def test_a_request_id_cannot_carry_another_message(world: World) -> None:
    world.ports.sms.send("13800000001", "验证码{code}", {"code": "482913"}, request_id="otp-1")
    with pytest.raises(OutsideRefused) as caught:
        world.ports.sms.send("13800000002", "验证码{code}", {"code": "482913"}, request_id="otp-1")
    assert caught.value.reason == "conflict"
    assert world.messages_to("13800000002") == []


# Faces


@pytest.mark.rule("HS-05")
@pytest.mark.rule("HS-24")
@pytest.mark.parametrize("outcome", ["passed", "failed"])
def test_a_face_check_is_pending_until_the_person_has_done_it(world: World, outcome: str) -> None:
    person = sandbox_person("chen-jianguo")
    session = world.ports.face.start(person, "open", RETURN_URL)
    assert session.expires_at > NOW
    pending = world.ports.face.result(session.ref, person, "open")
    assert (pending.outcome, pending.provider_ref, pending.at) == (FaceOutcome.PENDING, None, None)
    world.press_face(session.ref, outcome)
    done = world.ports.face.result(session.ref, person, "open")
    assert (done.outcome, done.at) == (FaceOutcome(outcome), NOW)
    assert done.provider_ref


def test_a_pass_counts_for_nobody_else_and_for_nothing_else(world: World) -> None:
    person = sandbox_person("chen-jianguo")
    session = world.ports.face.start(person, "open", RETURN_URL)
    world.press_face(session.ref, "passed")
    with pytest.raises(OutsideAnswerWrong) as other_person:
        world.ports.face.result(session.ref, sandbox_person("li-xiulan"), "open")
    with pytest.raises(OutsideAnswerWrong) as other_purpose:
        world.ports.face.result(session.ref, person, "sign")
    assert (other_person.value.reason, other_purpose.value.reason) == ("other_person", "other_purpose")


def test_a_face_session_nobody_started_is_unknown(world: World) -> None:
    with pytest.raises(OutsideRefused) as caught:
        world.ports.face.result("face-none", sandbox_person("chen-jianguo"), "open")
    assert caught.value.reason == "unknown"


# The land register


def find(world: World, city: str, **keys: Any) -> list[str]:
    return [house.title.certificate_number for house in world.ports.land_register.find(HouseQuery(city, **keys))]


@pytest.mark.parametrize("city", CITIES)
def test_every_house_is_found_by_certificate_and_owner_as_it_is_registered(world: World, city: str) -> None:
    for house in sandbox_houses(city):
        owner = house.owners[-1]
        query = HouseQuery(
            city,
            certificate_number=house.title.certificate_number,
            owner_name=owner.name,
            owner_id_number=owner.id_number,
        )
        (found,) = world.ports.land_register.find(query)
        assert replace(found, register_ref="", read_at=NOW) == replace(house, register_ref="", read_at=NOW)


@pytest.mark.rule("ZS-19")
def test_zhongshan_needs_the_right_check_code(world: World) -> None:
    house = sandbox_house("zs-sole")
    number = house.title.certificate_number
    assert find(world, "zhongshan", certificate_number=number, check_code="730034") == [number]
    assert find(world, "zhongshan", certificate_number=number, check_code="730035") == []


@pytest.mark.rule("ZS-21")
@pytest.mark.rule("ZS-22")
def test_an_overseas_owner_is_found_by_name_and_unit_number(world: World) -> None:
    house = sandbox_house("zs-hongkong")
    keys = {"unit_number": house.title.unit_number, "owner_name": "陈家明"}
    assert find(world, "zhongshan", **keys) == [house.title.certificate_number]
    assert find(world, "zhongshan", **{**keys, "owner_name": "何志强"}) == []


@pytest.mark.rule("ZS-23")
def test_a_first_generation_title_is_found_by_fifteen_digits_only(world: World) -> None:
    number = sandbox_person("gu-deming").number.normalised
    keys = {"certificate_number": "粤房地证字第C1234567号", "owner_name": "顾德明"}
    assert find(world, "zhongshan", **keys, owner_id_number=number) == []
    assert find(world, "zhongshan", **keys, owner_id_number=number[:6] + number[8:17]) == [keys["certificate_number"]]


@pytest.mark.rule("HS-06")
@pytest.mark.rule("HS-09")
@pytest.mark.rule("HS-10")
@pytest.mark.rule("HS-11")
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("鄂(2022)黄石市不动产权第0012002号", "鄂(2022)黄石市不动产权第0012002号"),
        ("03私01234", "房权证字第03私01234"),
        ("0004567", "黄房权证2010字第0004567号"),
    ],
)
def test_huangshi_certificates_are_found_by_what_is_typed(world: World, typed: str, found: str) -> None:
    owner = sandbox_person("chen-jianguo")
    keys = {"owner_name": owner.name, "owner_id_number": owner.number.normalised}
    assert find(world, "huangshi", certificate_number=typed, **keys) == [found]


@pytest.mark.rule("HS-12")
@pytest.mark.parametrize("person", ["chen-jianguo", "li-xiulan"])
def test_any_one_co_owner_finds_the_house(world: World, person: str) -> None:
    house, owner = sandbox_house("hs-joint"), sandbox_person(person)
    keys = {"owner_name": owner.name, "owner_id_number": owner.number.normalised}
    assert find(world, "huangshi", certificate_number=house.title.certificate_number, **keys) == [
        house.title.certificate_number
    ]


def test_name_and_number_must_be_of_one_owner(world: World) -> None:
    house = sandbox_house("hs-joint")
    keys = {"owner_name": "陈建国", "owner_id_number": sandbox_person("li-xiulan").number.normalised}
    assert find(world, "huangshi", certificate_number=house.title.certificate_number, **keys) == []


@pytest.mark.rule("HS-13")
def test_an_enterprise_owner_is_found_by_its_credit_code(world: World) -> None:
    house = sandbox_house("hs-enterprise")
    (owner,) = house.owners
    assert owner.id_type is IdType.USCC
    keys = {"owner_name": owner.name, "owner_id_number": owner.id_number}
    assert find(world, "huangshi", certificate_number=house.title.certificate_number, **keys) == [
        house.title.certificate_number
    ]


@pytest.mark.rule("HS-14")
def test_no_house_is_an_empty_answer_not_an_error(world: World) -> None:
    assert find(world, "huangshi", certificate_number="鄂(2022)黄石市不动产权第0099999号", owner_name="陈建国") == []


@pytest.mark.rule("SZ-29")
@pytest.mark.rule("SZ-30")
def test_shenzhen_asks_by_region_and_certificate_type(world: World) -> None:
    house = sandbox_house("sz-shenshan")
    number = house.title.certificate_number
    keys = {"certificate_number": number, "certificate_type": "real_estate"}
    assert find(world, "shenzhen", **keys, region="深汕合作区") == [number]
    assert find(world, "shenzhen", **keys, region="深圳市") == []
    assert find(world, "shenzhen", certificate_number=number, certificate_type="house") == []


def test_a_house_of_another_city_is_not_found(world: World) -> None:
    assert find(world, "wuhan", certificate_number=sandbox_house("hs-sole").title.certificate_number) == []


@pytest.mark.rule("WH-05")
@pytest.mark.rule("WH-06")
@pytest.mark.rule("WH-07")
@pytest.mark.rule("WH-19")
def test_own_titles_are_ready_after_a_minute_or_two(world: World) -> None:
    person = sandbox_person("yang-fan")
    asked = world.ports.land_register.ask_own_titles("wuhan", person)
    assert (asked.state, asked.name, asked.asked_at, asked.titles) == (OwnTitleState.PENDING, "杨帆", NOW, ())
    world.clock.pass_by(seconds=60)
    assert world.ports.land_register.own_titles("wuhan", asked.number, person).state is OwnTitleState.PENDING
    world.clock.pass_by(seconds=60)
    ready = world.ports.land_register.own_titles("wuhan", asked.number, person)
    assert (ready.state, ready.number, ready.asked_at) == (OwnTitleState.READY, asked.number, NOW)
    owned = {house.title.certificate_number for house in sandbox_houses("wuhan") if house.owners[0].name == "杨帆"}
    assert {line.house.title.certificate_number for line in ready.titles} == owned
    assert all(line.floor_area == line.house.building.floor_area for line in ready.titles)


@pytest.mark.rule("WH-18")
def test_own_titles_of_somebody_else_are_not_handed_out(world: World) -> None:
    asked = world.ports.land_register.ask_own_titles("wuhan", sandbox_person("yang-fan"))
    world.clock.pass_by(seconds=120)
    with pytest.raises(OutsideAnswerWrong) as caught:
        world.ports.land_register.own_titles("wuhan", asked.number, sandbox_person("deng-yu"))
    assert caught.value.reason == "other_person"


def test_somebody_without_a_house_has_an_empty_list(world: World) -> None:
    asked = world.ports.land_register.ask_own_titles("wuhan", sandbox_person("deng-yu"))
    world.clock.pass_by(seconds=120)
    ready = world.ports.land_register.own_titles("wuhan", asked.number, sandbox_person("deng-yu"))
    assert (ready.state, ready.titles) == (OwnTitleState.READY, ())


# Qualification


def application(buyer: str = "gao-yuan", case: str = "2026112000001") -> QualificationApplication:
    number = sandbox_house("sz-sole").title.certificate_number
    return QualificationApplication("shenzhen", case, sandbox_person(buyer), number)


@pytest.mark.rule("SZ-64")
def test_one_code_per_case_and_buyer_from_the_application_on(world: World) -> None:
    office = world.ports.qualification
    first = office.apply(application())
    assert (first.state, first.case_number) == (QualificationState.APPLIED, "2026112000001")
    assert office.apply(application()) == first
    assert office.apply(application(case="2026112000002")).code != first.code


@pytest.mark.rule("SZ-61")
@pytest.mark.rule("SZ-63")
@pytest.mark.parametrize("state", ["passed", "refused"])
def test_a_decision_is_seen(world: World, state: str) -> None:
    office = world.ports.qualification
    code = office.apply(application()).code
    world.decide_qualification(code, state)
    decided = office.state(code, application())
    assert (decided.state, decided.decided_at) == (QualificationState(state), NOW)


@pytest.mark.rule("SZ-64")
def test_a_voided_code_is_voided_twice_and_a_new_one_can_be_had(world: World) -> None:
    office = world.ports.qualification
    code = office.apply(application()).code
    assert office.void(code, application()).state is QualificationState.VOIDED
    assert office.void(code, application()).state is QualificationState.VOIDED
    assert office.apply(application()).code != code


def test_a_code_is_used_at_filing_and_released_when_the_filing_is_revoked(world: World) -> None:
    office = world.ports.qualification
    code = office.apply(application()).code
    with pytest.raises(OutsideRefused):
        office.use(code, application())
    world.decide_qualification(code, "passed")
    assert office.use(code, application()).state is QualificationState.USED
    assert office.use(code, application()).state is QualificationState.USED
    with pytest.raises(OutsideRefused) as caught:
        office.void(code, application())
    assert caught.value.reason == "conflict"
    assert office.release(code, application()).state is QualificationState.PASSED


def test_a_code_of_another_case_or_buyer_is_not_believed(world: World) -> None:
    office = world.ports.qualification
    code = office.apply(application()).code
    with pytest.raises(OutsideAnswerWrong) as other_case:
        office.state(code, application(case="2026112000009"))
    with pytest.raises(OutsideAnswerWrong) as other_buyer:
        office.state(code, application(buyer="sun-bo"))
    assert (other_case.value.reason, other_buyer.value.reason) == ("other_case", "other_person")


# Use category

QUESTION = UseCategoryQuestion(
    "shenzhen", "2026112000001", "粤(2021)深圳市不动产权第0199999号", "广东省深圳市福田区莲花路99号", "商务公寓"
)


@pytest.mark.rule("SZ-28")
def test_an_unclear_use_is_pending_until_decided(world: World) -> None:
    office = world.ports.use_category
    asked = office.ask(QUESTION)
    assert (asked.state, asked.asked_at, asked.use_category) == (UseCategoryState.PENDING, NOW, None)
    assert office.ask(QUESTION) == asked
    world.decide_use(asked.ref)
    decided = office.answer(asked.ref, QUESTION)
    assert (decided.state, decided.decided_at) == (UseCategoryState.DECIDED, NOW)
    assert (decided.use_category, decided.restriction) == (UseCategory.RESIDENTIAL, Restriction.RESTRICTED)


def test_a_decision_on_another_house_is_not_believed(world: World) -> None:
    asked = world.ports.use_category.ask(QUESTION)
    with pytest.raises(OutsideAnswerWrong) as caught:
        world.ports.use_category.answer(asked.ref, replace(QUESTION, certificate_number="深房地字第3000123号"))
    assert caught.value.reason == "other_house"


# E-licences


def leave(*kinds: ELicenceKind) -> LicenceAuthorisation:
    return LicenceAuthorisation(hashlib.sha256(b"signed leave").hexdigest(), NOW, "2026112000001", kinds)


@pytest.mark.rule("SZ-77")
def test_licences_are_fetched_with_leave_and_only_of_the_kinds_it_names(world: World) -> None:
    (licence,) = world.ports.e_licences.fetch(sandbox_person("xu-zixuan"), leave(ELicenceKind.IDENTITY))
    assert licence.kind is ELicenceKind.IDENTITY
    assert licence.content
    assert world.ports.e_licences.fetch(sandbox_person("xu-zixuan"), leave(ELicenceKind.BUSINESS_LICENCE)) == ()


@pytest.mark.rule("SZ-99")
def test_no_licence_is_an_empty_answer(world: World) -> None:
    assert world.ports.e_licences.fetch(sandbox_person("zhao-xiaomei"), leave(ELicenceKind.IDENTITY)) == ()


def test_without_leave_nothing_is_fetched(world: World) -> None:
    with pytest.raises(OutsideRefused) as caught:
        world.ports.e_licences.fetch(
            sandbox_person("xu-zixuan"), replace(leave(ELicenceKind.IDENTITY), document_sha256="")
        )
    assert caught.value.reason == "credential"


# Banks


def supervision(bank: str) -> SupervisionRequest:
    sellers, buyers = (sandbox_person("he-zhiqiang"),), (sandbox_person("huang-jiahao"),)
    return SupervisionRequest("zhongshan", bank, "2026112000001", Decimal("2850000.00"), sellers, buyers, RETURN_URL)


@pytest.mark.rule("ZS-35")
@pytest.mark.rule("ZS-36")
def test_the_online_bank_is_jumped_to_and_asked_afterwards(world: World) -> None:
    bank, request = world.ports.bank, supervision("CCB")
    opened = bank.open(request)
    assert (opened.way, opened.state) == (SupervisionWay.ONLINE_REDIRECT, SupervisionState.AWAITING_PARTIES)
    assert opened.url
    assert bank.open(request) == opened
    world.decide_bank(opened.ref, "opened")
    done = bank.state(opened.ref, request)
    assert (done.state, done.opened_at, done.url) == (SupervisionState.OPENED, NOW, None)
    assert done.account_number


@pytest.mark.rule("ZS-37")
def test_the_rural_bank_names_branches_and_no_address(world: World) -> None:
    account = world.ports.bank.open(supervision("RCB"))
    assert (account.way, account.url) == (SupervisionWay.BRANCH, None)
    assert account.branches


def test_a_supervision_of_another_case_is_not_believed(world: World) -> None:
    opened = world.ports.bank.open(supervision("CCB"))
    with pytest.raises(OutsideAnswerWrong) as caught:
        world.ports.bank.state(opened.ref, replace(supervision("CCB"), case_number="2026112000002"))
    assert caught.value.reason == "other_case"


# Recipients


def filed(pdf: bytes = PDF) -> FiledContract:
    digest = hashlib.sha256(pdf).hexdigest()
    return FiledContract("huangshi", "2026112000001", "黄房备2026112000001", NOW, pdf, digest, {"price": "1.00"})


@pytest.mark.rule("HS-34")
@pytest.mark.rule("WH-09")
@pytest.mark.parametrize("recipient", ["registry", "tax", "housing_fund", "banks"])
def test_a_filed_contract_is_received_once(world: World, recipient: str) -> None:
    receipt = world.ports.recipients.push(recipient, filed())
    assert (receipt.recipient, receipt.received_at, receipt.pdf_sha256) == (recipient, NOW, filed().pdf_sha256)
    assert world.ports.recipients.push(recipient, filed()) == receipt


def test_another_file_under_the_same_filing_is_refused(world: World) -> None:
    world.ports.recipients.push("registry", filed())
    with pytest.raises(OutsideRefused) as caught:
        world.ports.recipients.push("registry", filed(b"%PDF-1.7 another"))
    assert caught.value.reason == "conflict"


def test_nothing_is_pushed_to_whom_nobody_named(world: World) -> None:
    with pytest.raises(OutsideRefused) as caught:
        world.ports.recipients.push("newspaper", filed())
    assert caught.value.reason == "not_configured"


# Logging in: the fake has no people of its own, so it is held to the refusals


def test_the_fake_provider_refuses_what_the_real_one_refuses(sandbox_server: SandboxServer) -> None:
    real = connected(sandbox_server)
    fake = fakes.FakeIdentityProvider(sandbox_server.clock, accounts={"wang-lei": log_in(real, "wang-lei")})
    for provider in (fake, real.identity):
        start = provider.begin(RETURN_URL, hint="wang-lei")
        callback = browse_login(start.url) if provider is real.identity else fake_callback(start.state)
        assert provider.finish(start, callback).identity.name == "王磊"
        for change, reason in (({"state": "x"}, "state"), ({"code": "x"}, "code"), ({"error": "x"}, "denied")):
            with pytest.raises(LoginRefused) as caught:
                provider.finish(start, replace(callback, **change))
            assert caught.value.reason == reason


def fake_callback(state: str) -> Any:
    return LoginCallback(state, "wang-lei")


def test_methods_of_a_login_are_what_was_done(sandbox_server: SandboxServer) -> None:
    claims = log_in(connected(sandbox_server), "feng-guilan:password+sms")
    assert claims.methods == (CheckMethod.PASSWORD, CheckMethod.SMS)
