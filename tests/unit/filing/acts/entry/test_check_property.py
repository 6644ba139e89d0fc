"""The property check: a house is found, shown, taken, and may be sold."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from filing.outside import HouseOnCertificate, UseCategory
from filing.outside.house import Restriction as Registered
from filing.profile.house import PropertyState
from identity.trust_level import CheckMethod, Login, LoginCapacity
from tests.builders.cases import CERTIFICATE, SALES, SELLER, UNIT_NO, WIFE, acting, owner, registered, standing
from tests.builders.entry import lookup_of, until_drafting
from tests.builders.house_entry import DOWN, ready_to_look
from tests.builders.refusals import guards_of

S = PropertyState


@pytest.mark.rule("ZS-19")
@pytest.mark.rule("SZ-29")
@pytest.mark.rule("SZ-30")
@pytest.mark.rule("HS-06")
@pytest.mark.rule("WH-18")
@pytest.mark.parametrize("city", SALES)
def test_each_city_finds_a_house_by_its_own_keys(desks, city):
    seller = until_drafting(desks, city)
    checked = desks.case.house.checked
    assert checked is not None
    assert checked.record.certificate_number == CERTIFICATE[city]
    assert checked.owners == ("seller-1",)
    assert desks.case.house.key == f"house:{UNIT_NO}"
    assert desks.case.people.party("seller-1").identified.name == seller.subject.name


@pytest.mark.rule("ZS-24")
@pytest.mark.rule("WH-17")
def test_the_house_is_shown_first_and_taken_when_confirmed(desks):
    seller = ready_to_look(desks, "zhongshan")
    shown = desks.do("check-property", seller, **lookup_of("zhongshan"))
    assert shown.answer["state"] == "shown"
    assert shown.answer["houses"][0]["certificate_number"] == CERTIFICATE["zhongshan"]
    assert SELLER.name not in json.dumps(shown.answer, ensure_ascii=False)
    assert (desks.state, desks.case.house.checked, desks.case.house.key) == ("opened", None, None)
    desks.do("check-property", seller, **lookup_of("zhongshan"), confirmed=True)
    assert desks.state == "drafting"


@pytest.mark.rule("H-48")
def test_a_taken_house_is_locked_and_the_answer_sealed(desks):
    until_drafting(desks, "huangshi")
    assert [fact.data["key"] for fact in desks.facts if fact.event == "house.locked"] == [f"house:{UNIT_NO}"]
    sealed = desks.case.house.checked.evidence_sha256
    answer = json.loads(desks.files.get(desks.case.case_no, sealed))
    assert answer["register_ref"] == "REG-1"
    assert answer["owners"][0]["id_number"] == SELLER.number


@pytest.mark.rule("HS-14")
@pytest.mark.rule("ZS-23")
def test_a_house_that_is_not_found_is_no_error_and_is_remembered(desks):
    seller = ready_to_look(desks, "huangshi", registered("huangshi", owner(WIFE)))
    answer = desks.do("check-property", seller, **lookup_of("huangshi"), confirmed=True).answer
    assert answer["state"] == "not_found"
    assert "不动产登记中心" in answer["zh"]
    assert desks.case.house.not_found_at == desks.now
    assert desks.state == "opened"


class TestStates:
    @pytest.mark.rule("SZ-26")
    @pytest.mark.rule("WH-04")
    @pytest.mark.rule("H-02")
    @pytest.mark.parametrize(
        ("city", "states", "taken"),
        [
            ("shenzhen", (S.VALID,), True),
            ("shenzhen", (S.VALID, S.MORTGAGED), True),
            ("shenzhen", (S.VALID, S.SEIZED), False),
            ("shenzhen", (S.MORTGAGED, S.OBJECTION), False),
            ("wuhan", (S.VALID, S.MORTGAGED), False),
            ("wuhan", (S.VALID, S.SEIZED), False),
            ("wuhan", (S.VALID,), True),
            ("huangshi", (S.VALID, S.MORTGAGED), False),
            ("huangshi", (S.CANCELLED,), False),
            ("zhongshan", (S.VALID, S.OTHER), False),
            ("zhongshan", (S.VALID, S.MORTGAGED), False),
        ],
    )
    def test_a_house_is_sold_only_in_the_states_a_city_allows(self, desks, city, states, taken):
        from filing.outside import RegisteredMortgage  # noqa: PLC0415

        mortgages = (RegisteredMortgage("示例银行", 100),) if S.MORTGAGED in states else ()
        house = registered(city, standing=replace(standing(*states), mortgages=mortgages))
        seller = ready_to_look(desks, city, house)
        look = lambda: desks.do("check-property", seller, **lookup_of(city), confirmed=True)  # noqa: E731
        if taken:
            look()
            assert desks.case.house.checked.states == frozenset(states)
        else:
            assert guards_of(look) == {"house.state"}
            assert desks.state == "opened"

    @pytest.mark.rule("SZ-19")
    def test_a_blacklisted_owner_cannot_sell(self, desks):
        seller = ready_to_look(desks, "shenzhen", registered("shenzhen", owner(SELLER, blacklisted=True)))
        look = lambda: desks.do("check-property", seller, **lookup_of("shenzhen"), confirmed=True)  # noqa: E731
        assert guards_of(look) == {"house.blacklisted"}

    @pytest.mark.rule("SZ-27")
    @pytest.mark.parametrize(
        ("uses", "taken"),
        [
            ((UseCategory.RESIDENTIAL, UseCategory.RESIDENTIAL), True),
            ((UseCategory.RESIDENTIAL, UseCategory.COMMERCIAL), False),
        ],
    )
    def test_houses_of_different_use_on_one_certificate_are_split_first(self, desks, uses, taken):
        house = registered("shenzhen")
        several = tuple(HouseOnCertificate(f"{place}室", "住宅", use) for place, use in enumerate(uses))
        seller = ready_to_look(desks, "shenzhen", replace(house, title=replace(house.title, houses=several)))
        look = lambda: desks.do("check-property", seller, **lookup_of("shenzhen"), confirmed=True)  # noqa: E731
        if taken:
            look()
        else:
            assert guards_of(look) == {"house.mixed_uses"}

    @pytest.mark.rule("WH-21")
    @pytest.mark.rule("WH-25")
    def test_an_unknown_restriction_leads_to_an_appointment(self, desks):
        house = registered("wuhan", standing=standing(restriction=Registered.UNKNOWN))
        seller = ready_to_look(desks, "wuhan", house)
        look = lambda: desks.do("check-property", seller, **lookup_of("wuhan"), confirmed=True)  # noqa: E731
        assert guards_of(look) == {"house.offline_appointment"}

    @pytest.mark.rule("WH-21")
    @pytest.mark.parametrize("restriction", [Registered.RESTRICTED, Registered.FREE])
    def test_a_known_one_does_not(self, desks, restriction):
        until_drafting(desks, "wuhan", registered("wuhan", standing=standing(restriction=restriction)))
        assert desks.case.house.checked.restriction.value == restriction.value


class TestTrust:
    @pytest.mark.rule("SZ-03")
    @pytest.mark.rule("SZ-18")
    @pytest.mark.rule("SZ-20")
    @pytest.mark.rule("SZ-39")
    @pytest.mark.parametrize(
        ("level", "method", "login", "code"),
        [
            (3, CheckMethod.YSS_SCAN, (CheckMethod.YSS_SCAN, CheckMethod.YSS_FACE), "real_name.level"),
            (4, CheckMethod.PASSWORD, (CheckMethod.YSS_SCAN, CheckMethod.YSS_FACE), "real_name.method"),
            (4, CheckMethod.YSS_SCAN, (CheckMethod.YSS_SCAN,), "login.method"),
            (4, CheckMethod.WINDOW, (CheckMethod.YSS_SCAN, CheckMethod.YSS_FACE), "login.method"),
        ],
    )
    def test_the_register_is_asked_only_for_people_who_are_known_well_enough(self, desks, level, method, login, code):
        desks.knows(registered("shenzhen"))
        known = acting(SELLER, "shenzhen", level=level, method=method, login=Login(LoginCapacity.OWNER, login))
        desks.open("shenzhen", known)
        desks.land.down = DOWN
        look = lambda: desks.do("check-property", known, **lookup_of("shenzhen"), confirmed=True)  # noqa: E731
        assert code in guards_of(look)
        assert desks.case.house.waiting_for is None

    @pytest.mark.rule("SZ-21")
    @pytest.mark.rule("SZ-22")
    def test_checked_at_the_window_means_password_and_code_to_the_registered_phone(self, desks):
        desks.knows(registered("shenzhen"))
        done = (CheckMethod.PASSWORD, CheckMethod.SMS)
        login = Login(LoginCapacity.OWNER, done, code_phone=SELLER.phone)
        known = acting(SELLER, "shenzhen", method=CheckMethod.WINDOW, login=login)
        desks.open("shenzhen", known)
        other = acting(SELLER, "shenzhen", method=CheckMethod.WINDOW, login=replace(login, code_phone="13911111111"))
        look = {**lookup_of("shenzhen"), "confirmed": True}
        assert guards_of(lambda: desks.do("check-property", other, **look)) == {"login.code_phone"}
        desks.do("check-property", known, **look)
        assert desks.state == "drafting"
