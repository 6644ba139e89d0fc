"""The property check: keys, locks, owners, states, same-day queries, offices, and a register that is down."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from filing.errors import GuardsRefuse, InputRefused
from filing.guards import GUARDS
from filing.outside import HouseOnCertificate, OutsideService, OutsideUnavailable, UseCategory
from filing.outside.house import Restriction as Registered
from filing.profile import Guard, HouseUse, Restriction
from filing.profile.house import PropertyState
from identity.numbers import IdType, Region
from identity.representation import Attestation
from identity.staff import StaffRole
from identity.trust_level import CheckMethod, Login, LoginCapacity
from tests.builders.cases import (
    AGENT,
    CERTIFICATE,
    COMPANY,
    FOREIGNER,
    SALES,
    SELLER,
    STRANGER,
    UNIT_NO,
    WIFE,
    acting,
    drafting,
    owner,
    registered,
    situation,
    staff,
    standing,
)
from tests.builders.desks import code_of
from tests.builders.entry import contact, lookup_of, person, until_drafting, until_opened
from tests.builders.keyring import NOW

S = PropertyState
DOWN = OutsideUnavailable(OutsideService.LAND_REGISTER, "slow")


def ready_to_look(desks, city, *houses, someone=SELLER):
    desks.knows(*(houses or (registered(city),)))
    desks.land.check_codes = {CERTIFICATE[city]: "A1B2"}
    return until_opened(desks, city, someone)


def guards_of(attempt) -> set[str]:
    with pytest.raises(GuardsRefuse) as refused:
        attempt()
    return {finding.code for finding in refused.value.findings}


def inputs_of(attempt) -> set[str]:
    with pytest.raises(InputRefused) as refused:
        attempt()
    return {finding.code for finding in refused.value.findings}


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


@pytest.mark.rule("H-34")
@pytest.mark.rule("ZS-19")
@pytest.mark.parametrize(
    ("city", "left_out"),
    [("huangshi", "owner_name"), ("huangshi", "owner_id_number"), ("zhongshan", "check_code"), ("shenzhen", "region")],
)
def test_every_key_of_the_lookup_is_given(desks, city, left_out):
    seller = ready_to_look(desks, city)
    given = {name: value for name, value in lookup_of(city).items() if name != left_out}
    assert inputs_of(lambda: desks.do("check-property", seller, **given)) == {"lookup.keys"}


def test_keys_of_another_citys_lookup_are_not_taken(desks):
    seller = ready_to_look(desks, "wuhan")
    said = {**lookup_of("wuhan"), "check_code": "A1B2"}
    assert inputs_of(lambda: desks.do("check-property", seller, **said)) == {"lookup.keys"}


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


class TestLocks:
    @pytest.mark.rule("ZS-20")
    @pytest.mark.rule("SZ-35")
    @pytest.mark.rule("SZ-36")
    @pytest.mark.parametrize("city", ["zhongshan", "shenzhen", "wuhan"])
    @pytest.mark.parametrize(
        ("field", "code"), [("owner_name", "lookup.name_locked"), ("owner_id_number", "eligibility.number_locked")]
    )
    def test_name_and_number_come_from_the_login(self, desks, city, field, code):
        seller = ready_to_look(desks, city)
        other = {"owner_name": WIFE.name, "owner_id_number": WIFE.number}[field]
        assert inputs_of(lambda: desks.do("check-property", seller, **lookup_of(city), **{field: other})) == {code}

    @pytest.mark.rule("WH-18")
    @pytest.mark.rule("ZS-20")
    @pytest.mark.parametrize("city", ["zhongshan", "shenzhen", "wuhan"])
    def test_somebody_elses_house_is_not_found(self, desks, city):
        seller = ready_to_look(desks, city, registered(city, owner(WIFE)))
        said = desks.do("check-property", seller, **lookup_of(city), confirmed=True)
        assert said.answer["state"] == "not_found"

    @pytest.mark.rule("HS-07")
    def test_a_house_found_by_its_owners_data_is_not_sold_by_another(self, desks):
        stranger = ready_to_look(desks, "huangshi", someone=STRANGER)
        said = {**lookup_of("huangshi", SELLER), "confirmed": True}
        assert guards_of(lambda: desks.do("check-property", stranger, **said)) == {"house.not_owner"}
        assert desks.case.people.parties == ()

    @pytest.mark.rule("HS-12")
    @pytest.mark.rule("HS-07")
    def test_any_one_owner_finds_a_house_held_together(self, desks):
        seller = ready_to_look(desks, "huangshi", registered("huangshi", owner(WIFE), owner(SELLER)))
        desks.do("check-property", seller, **lookup_of("huangshi", WIFE), confirmed=True)
        assert [party.identified.name for party in desks.case.people.parties] == [WIFE.name, SELLER.name]

    @pytest.mark.rule("ZS-08")
    @pytest.mark.rule("SZ-35")
    def test_a_title_in_another_name_under_the_same_number_is_refused(self, desks):
        house = registered("huangshi", owner(SELLER, name="周明遠"))
        seller = ready_to_look(desks, "huangshi", house)
        said = {**lookup_of("huangshi"), "owner_name": "周明遠", "confirmed": True}
        assert inputs_of(lambda: desks.do("check-property", seller, **said)) == {"owner.name_differs"}


class TestFirstGeneration:
    OLD = SELLER.number[:6] + SELLER.number[8:17]

    def house(self, city="zhongshan"):
        return registered(city, owner(SELLER, id_type=IdType.RESIDENT_ID_15, id_number=self.OLD))

    @pytest.mark.rule("ZS-23")
    def test_it_is_tried_only_after_a_lookup_that_failed(self, desks):
        seller = ready_to_look(desks, "zhongshan", self.house())
        tick = {**lookup_of("zhongshan"), "first_generation": True, "confirmed": True}
        assert inputs_of(lambda: desks.do("check-property", seller, **tick)) == {"lookup.first_generation_early"}
        assert desks.do("check-property", seller, **lookup_of("zhongshan")).answer["first_generation"] is True
        desks.do("check-property", seller, **tick)
        identified = desks.case.people.party("seller-1").identified
        assert identified.id_number == SELLER.number
        assert identified.title_id_number == self.OLD
        assert identified.id_type is IdType.RESIDENT_ID

    @pytest.mark.rule("ZS-23")
    def test_other_cities_do_not_ask_for_it(self, desks):
        seller = ready_to_look(desks, "huangshi", self.house("huangshi"))
        desks.do("check-property", seller, **lookup_of("huangshi"))
        tick = {**lookup_of("huangshi"), "first_generation": True}
        assert inputs_of(lambda: desks.do("check-property", seller, **tick)) == {"lookup.first_generation"}

    def test_a_co_owner_with_an_old_number_is_known_by_the_number_it_became(self, desks):
        wife = WIFE.number[:6] + WIFE.number[8:17]
        house = registered("huangshi", owner(SELLER), owner(WIFE, id_type=IdType.RESIDENT_ID_15, id_number=wife))
        until_drafting(desks, "huangshi", house)
        identified = desks.case.people.party("seller-2").identified
        assert (identified.id_number, identified.title_id_number) == (WIFE.number, wife)


class TestOverseas:
    @pytest.mark.rule("ZS-21")
    @pytest.mark.rule("ZS-22")
    def test_name_and_unit_number_find_a_house_in_zhongshan(self, desks):
        seller = ready_to_look(desks, "zhongshan", registered("zhongshan", owner(FOREIGNER)), someone=FOREIGNER)
        desks.do("check-property", seller, unit_number=UNIT_NO, confirmed=True)
        assert desks.state == "drafting"

    @pytest.mark.rule("ZS-21")
    @pytest.mark.rule("H-13")
    def test_it_is_recommended_to_them_and_open_to_everybody(self, desks):
        seller = ready_to_look(desks, "zhongshan")
        desks.do("check-property", seller, unit_number=UNIT_NO, confirmed=True)
        assert desks.state == "drafting"

    @pytest.mark.rule("SZ-37")
    @pytest.mark.rule("SZ-38")
    def test_an_overseas_owner_puts_the_number_of_the_title(self, desks):
        house = registered("shenzhen", owner(FOREIGNER, id_number="B98X76T54"))
        seller = ready_to_look(desks, "shenzhen", house, someone=FOREIGNER)
        said = {**lookup_of("shenzhen", FOREIGNER), "confirmed": True}
        assert desks.do("check-property", seller, **said).answer["state"] == "not_found"
        desks.do("check-property", seller, **said, owner_id_number="B98X76T54")
        identified = desks.case.people.party("seller-1").identified
        assert (identified.id_number, identified.title_id_number) == (FOREIGNER.number, "B98X76T54")
        assert desks.case.people.party("seller-1").identified.region is Region.OTHER

    @pytest.mark.rule("SZ-36")
    @pytest.mark.rule("SZ-37")
    def test_a_mainland_owner_may_not(self, desks):
        seller = ready_to_look(desks, "shenzhen")
        said = {**lookup_of("shenzhen"), "owner_id_number": WIFE.number}
        assert inputs_of(lambda: desks.do("check-property", seller, **said)) == {"eligibility.number_locked"}

    @pytest.mark.rule("SZ-37")
    def test_nor_may_anybody_where_the_city_has_no_such_exception(self, desks):
        seller = ready_to_look(desks, "wuhan", registered("wuhan", owner(FOREIGNER)), someone=FOREIGNER)
        said = {**lookup_of("wuhan"), "owner_id_number": "B98X76T54"}
        assert inputs_of(lambda: desks.do("check-property", seller, **said)) == {"eligibility.number_locked"}


class TestCertificateNumbers:
    @pytest.mark.rule("HS-09")
    @pytest.mark.rule("HS-10")
    @pytest.mark.rule("HS-11")
    @pytest.mark.rule("H-33")
    @pytest.mark.parametrize(
        ("printed", "typed"),
        [
            ("鄂(2022)黄石市不动产权第0000001号", "鄂（2022）黄石市不动产权第0000001号"),
            ("房权证字第00私00000", "00私00000"),
            ("黄房权证2022字第0000001号", "0000001"),
        ],
    )
    def test_huangshi_takes_three_forms_whole_or_in_part(self, desks, printed, typed):
        house = registered("huangshi")
        house = replace(house, title=replace(house.title, certificate_number=printed))
        seller = ready_to_look(desks, "huangshi", house)
        desks.do("check-property", seller, **{**lookup_of("huangshi"), "certificate_number": typed}, confirmed=True)
        assert desks.case.house.checked.record.certificate_number == printed

    @pytest.mark.rule("SZ-31")
    @pytest.mark.rule("SZ-32")
    @pytest.mark.rule("H-26")
    @pytest.mark.parametrize(
        ("printed", "typed"),
        [
            ("深房地字第1234567号", "深房地字第 1234567 号"),
            ("粤(2021)深圳市不动产权第0123456号", "粤2021深圳市不动产权第0123456号"),
        ],
    )
    def test_shenzhen_takes_two_forms_with_or_without_brackets(self, desks, printed, typed):
        house = registered("shenzhen")
        house = replace(house, title=replace(house.title, certificate_number=printed))
        seller = ready_to_look(desks, "shenzhen", house)
        desks.do("check-property", seller, **{**lookup_of("shenzhen"), "certificate_number": typed}, confirmed=True)
        assert desks.state == "drafting"

    @pytest.mark.rule("WH-32")
    @pytest.mark.rule("ZS-19")
    @pytest.mark.parametrize(
        ("city", "typed"),
        [
            ("wuhan", CERTIFICATE["huangshi"]),
            ("zhongshan", CERTIFICATE["shenzhen"]),
            ("shenzhen", CERTIFICATE["wuhan"]),
            ("huangshi", "1"),
        ],
    )
    def test_another_citys_form_is_refused_before_the_register_is_asked(self, desks, city, typed):
        seller = ready_to_look(desks, city)
        desks.land.down = DOWN
        said = {**lookup_of(city), "certificate_number": typed}
        assert inputs_of(lambda: desks.do("check-property", seller, **said)) == {"certificate.format"}


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


class TestOwnTitles:
    def queried(self, desks, *houses):
        desks.knows(*(houses or (registered("wuhan"),)))
        seller = until_opened(desks, "wuhan")
        number = desks.do("ask-own-titles", seller).answer["query_no"]
        return seller, number

    @pytest.mark.rule("WH-05")
    @pytest.mark.rule("WH-06")
    @pytest.mark.rule("WH-07")
    def test_the_query_takes_a_minute_or_two_and_names_number_and_time(self, desks):
        seller, number = self.queried(desks)
        assert desks.case.house.query_no == number
        assert desks.case.house.query_asked_at == NOW
        assert desks.do("check-property", seller, query_no=number).answer["state"] == "pending"
        desks.later(minutes=2)
        assert desks.do("check-property", seller, query_no=number).answer["state"] == "shown"

    @pytest.mark.rule("WH-17")
    @pytest.mark.rule("WH-19")
    @pytest.mark.rule("WH-20")
    def test_the_list_has_its_columns_and_one_house_is_chosen(self, desks):
        second = registered("wuhan", register_ref="REG-2")
        title = replace(
            second.title, certificate_number="鄂(2022)武汉市江岸不动产权第0054321号", unit_number=UNIT_NO[:-1] + "9"
        )
        seller, number = self.queried(desks, registered("wuhan"), replace(second, title=title))
        desks.later(minutes=2)
        shown = desks.do("check-property", seller, query_no=number).answer
        assert len(shown["titles"]) == 2
        assert set(shown["titles"][0]) == {
            "business_type", "result_type", "certificate_number", "floor_area", "registered_at", "status"
        }  # fmt: skip
        # two houses and none chosen: still only shown
        assert desks.do("check-property", seller, query_no=number, confirmed=True).answer["state"] == "shown"
        chosen = {"query_no": number, "certificate_number": title.certificate_number, "confirmed": True}
        desks.do("check-property", seller, **chosen)
        assert desks.case.house.checked.record.certificate_number == title.certificate_number

    @pytest.mark.rule("WH-05")
    def test_yesterdays_query_does_not_count(self, desks):
        seller, number = self.queried(desks)
        desks.later(hours=9)  # 01:00 of the next Beijing day
        look = lambda: desks.do("check-property", seller, query_no=number, confirmed=True)  # noqa: E731
        assert guards_of(look) == {"house.query_stale"}

    @pytest.mark.rule("WH-05")
    @pytest.mark.parametrize(
        ("asked_hours_ago", "read_hours_ago", "fresh"), [(1, 0, True), (24, 0, False), (1, 24, False)]
    )
    def test_both_query_and_answer_are_of_the_day(self, asked_hours_ago, read_hours_ago, fresh):
        case = drafting("wuhan")
        checked = replace(case.house.checked, query_no="CX-1", checked_at=NOW - timedelta(hours=read_hours_ago))
        asked_at = NOW - timedelta(hours=asked_hours_ago)
        house = replace(case.house, checked=checked, query_no="CX-1", query_asked_at=asked_at)
        found = GUARDS[Guard.PROPERTY_QUERY_FRESH](situation(replace(case, house=house)))
        assert [finding.code for finding in found] == ([] if fresh else ["house.query_stale"])

    @pytest.mark.rule("WH-05")
    def test_a_query_of_another_case_is_not_used(self, desks):
        seller, _ = self.queried(desks)
        assert code_of(lambda: desks.do("check-property", seller, query_no="CX-999999")) == "titles.other_query"

    def test_other_cities_do_not_have_it(self, desks):
        seller = ready_to_look(desks, "zhongshan")
        assert code_of(lambda: desks.do("ask-own-titles", seller)) == "act.not_in_city"


class TestAssessment:
    def unclear(self, desks, **standing_changes):
        house = registered("shenzhen", standing=standing(**standing_changes))
        return until_drafting(desks, "shenzhen", house)

    @pytest.mark.rule("SZ-28")
    @pytest.mark.rule("H-25")
    @pytest.mark.parametrize(
        "unsettled", [{"use": UseCategory.UNCLEAR}, {"restriction": Registered.UNKNOWN}], ids=["use", "restriction"]
    )
    def test_the_office_is_asked_and_has_one_working_day(self, desks, unsettled):
        self.unclear(desks, **unsettled)
        assessment = desks.case.house.assessment
        # NOW is Saturday 21 November 2026: the next working day is Monday
        assert assessment.due_on == date(2026, 11, 23)
        assert assessment.reference == "use-000001"
        assert [task.kind for task in desks.tasks] == ["settle-assessment"]

    @pytest.mark.rule("SZ-28")
    def test_the_text_waits_for_it(self, desks):
        seller = self.unclear(desks, use=UseCategory.UNCLEAR, restriction=Registered.UNKNOWN)
        found = guards_of(lambda: desks.do("generate-text", seller))
        assert {"house.use_unclear", "house.restriction_unknown"} <= found

    @pytest.mark.rule("SZ-28")
    def test_the_answer_settles_it_and_the_entrant_is_told(self, desks):
        seller = self.unclear(desks, use=UseCategory.UNCLEAR)
        assert desks.do("settle-assessment", None).answer["state"] == "pending"
        desks.use_office.decide("use-000001", use_category=UseCategory.RESIDENTIAL, restriction=Registered.RESTRICTED)
        assert desks.do("settle-assessment", seller).answer == {
            "state": "decided",
            "use": "residential",
            "restriction": "restricted",
        }
        assessment = desks.case.house.assessment
        assert (assessment.use, assessment.restriction) == (HouseUse.RESIDENTIAL, Restriction.RESTRICTED)
        told = [task.payload for task in desks.tasks if task.kind == "notify"]
        assert [(each["to"], each["message"]) for each in told] == [("entrant", "assessment_decided")]
        assert code_of(lambda: desks.do("settle-assessment", None)) == "assessment.none"

    @pytest.mark.rule("SZ-28")
    def test_late_is_said(self, desks):
        self.unclear(desks, use=UseCategory.UNCLEAR)
        desks.later(days=3)
        assert desks.do("settle-assessment", None).answer == {
            "state": "pending",
            "due_on": "2026-11-23",
            "overdue": True,
        }

    def test_an_office_that_is_down_is_asked_later(self, desks):
        desks.use_office.down = OutsideUnavailable(OutsideService.USE_CATEGORY, "unreachable")
        self.unclear(desks, use=UseCategory.UNCLEAR)
        assert desks.case.house.assessment.reference is None
        desks.use_office.down = None
        desks.do("settle-assessment", None)
        assert desks.case.house.assessment.reference == "use-000001"

    def test_a_clear_house_asks_nobody(self, desks):
        until_drafting(desks, "shenzhen")
        assert desks.case.house.assessment is None
        assert desks.use_office.questions == {}


class TestRegisterDown:
    def test_the_case_waits_and_says_so(self, desks):
        seller = ready_to_look(desks, "huangshi")
        desks.land.down = DOWN
        waiting = desks.do("check-property", seller, **lookup_of("huangshi"), confirmed=True)
        assert waiting.answer["waiting_for"] == "land_register"
        assert (desks.case.house.waiting_for, desks.state) == ("land_register", "opened")
        assert [(task.kind, task.not_before) for task in desks.tasks] == [
            ("retry-register", NOW + timedelta(minutes=1))
        ]

    def test_a_job_finds_it_back_and_the_seller_goes_on(self, desks):
        seller = ready_to_look(desks, "huangshi")
        desks.land.down = DOWN
        desks.do("check-property", seller, **lookup_of("huangshi"), confirmed=True)
        assert code_of(lambda: desks.do("retry-register", None)) == "outside.unavailable"
        desks.land.down = None
        desks.do("retry-register", None)
        assert desks.case.house.waiting_for is None
        desks.do("check-property", seller, **lookup_of("huangshi"), confirmed=True)
        assert desks.state == "drafting"

    def test_asking_again_oneself_is_enough(self, desks):
        seller = ready_to_look(desks, "wuhan")
        desks.land.down = DOWN
        assert desks.do("ask-own-titles", seller).answer["state"] == "waiting"
        desks.land.down = None
        desks.do("ask-own-titles", seller)
        assert desks.case.house.waiting_for is None


class TestOrganisationsAndAgents:
    @pytest.mark.rule("HS-13")
    @pytest.mark.rule("SZ-17")
    @pytest.mark.rule("SZ-24")
    @pytest.mark.rule("H-28")
    def test_a_handler_checks_the_organisations_house_and_acts_for_it(self, desks):
        desks.knows(registered("huangshi", owner(COMPANY)))
        handler = acting(AGENT, "huangshi", handles=COMPANY)
        desks.open("huangshi", handler)
        self.prove(desks, handler)
        desks.do("check-property", handler, **lookup_of("huangshi", COMPANY), confirmed=True)
        (record,) = desks.case.people.representations
        assert (record.party, record.representative.name, record.basis.value) == ("seller-1", AGENT.name, "handler")
        assert record.phone == AGENT.phone

    @pytest.mark.rule("SZ-24")
    def test_with_the_personal_card_it_is_not_their_house(self, desks):
        desks.knows(registered("huangshi", owner(COMPANY)))
        handler = acting(AGENT, "huangshi")
        desks.open("huangshi", handler)
        self.prove(desks, handler)
        said = {**lookup_of("huangshi", COMPANY), "confirmed": True}
        assert guards_of(lambda: desks.do("check-property", handler, **said)) == {"house.not_owner"}

    @pytest.mark.rule("SZ-13")
    @pytest.mark.rule("SZ-14")
    @pytest.mark.rule("SZ-15")
    @pytest.mark.rule("SZ-18")
    @pytest.mark.rule("SZ-23")
    @pytest.mark.rule("SZ-33")
    @pytest.mark.rule("SZ-34")
    @pytest.mark.rule("H-14")
    def test_an_agent_bound_at_an_outlet_checks_the_house_online(self, desks):
        desks.knows(registered("shenzhen"))
        login = Login(LoginCapacity.AGENT, (CheckMethod.YSS_SCAN,))
        agent = acting(AGENT, "shenzhen", login=login)
        desks.open("shenzhen", agent)
        look = {**lookup_of("shenzhen"), "confirmed": True}
        # not bound: it is looked for in the agent's own name
        assert desks.do("check-property", agent, **look).answer["state"] == "not_found"
        desks.do("bind-agent", staff(StaffRole.WINDOW_CLERK, "shenzhen"), **self.binding())
        desks.do("check-property", agent, **look)
        assert desks.state == "drafting"
        party = desks.case.people.party("seller-1")
        assert (party.identified.name, party.on_title) == (SELLER.name, True)
        (record,) = desks.case.people.representations
        assert record.party == "seller-1"
        assert record.times.bound_at == NOW

    @pytest.mark.rule("SZ-13")
    @pytest.mark.rule("SZ-15")
    @pytest.mark.rule("SZ-34")
    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"attestation": Attestation.NONE}, "mandate.attestation"),
            ({"papers": ()}, "mandate.paper_missing"),
            ({"principal": person(COMPANY)}, "representation.basis"),
            ({"agent": person(SELLER)}, "representation.self"),
        ],
    )
    def test_a_binding_needs_notarised_mandate_application_and_a_natural_person(self, desks, change, code):
        agent = acting(AGENT, "shenzhen", login=Login(LoginCapacity.AGENT, (CheckMethod.YSS_SCAN,)))
        desks.open("shenzhen", agent)
        clerk = staff(StaffRole.WINDOW_CLERK, "shenzhen")
        assert code in inputs_of(lambda: desks.do("bind-agent", clerk, **{**self.binding(), **change}))

    def test_agents_are_not_bound_where_the_city_has_none(self, desks):
        until_drafting(desks, "wuhan")
        clerk = staff(StaffRole.WINDOW_CLERK, "wuhan")
        assert code_of(lambda: desks.do("bind-agent", clerk, **self.binding())) == "act.not_in_city"

    def binding(self):
        return {
            "principal": person(SELLER),
            "agent": person(AGENT),
            "contact": contact(AGENT),
            "scope": "出售房屋并签订合同、办理网签备案",
            "attestation": Attestation.NOTARISED,
            "papers": ("binding_application",),
        }

    def prove(self, desks, someone):
        from filing.profile.people import CheckPurpose  # noqa: PLC0415

        desks.do("read-notice", someone, notice="signing_notice", sha256=desks.notice("signing_notice"))
        desks.do("start-face-check", someone, purpose=CheckPurpose.OPEN)
        desks.do("finish-face-check", someone, purpose=CheckPurpose.OPEN)


@pytest.mark.rule("SZ-56")
@pytest.mark.rule("HS-21")
def test_owners_come_with_what_the_title_says(desks):
    half = Fraction(1, 2)
    house = registered("shenzhen", owner(SELLER, half), owner(WIFE, half, id_issue_place="湖北黄石"))
    until_drafting(desks, "shenzhen", house)
    second = desks.case.people.party("seller-2")
    assert second.identified.name == WIFE.name
    assert second.identified.issue_place == "湖北黄石"
    assert (second.shares.held, second.on_title, second.contact) == (half, True, None)
