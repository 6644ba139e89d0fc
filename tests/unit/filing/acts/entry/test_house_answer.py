"""Own titles, the office that settles the use, and a register that is down."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from filing.guards import GUARDS
from filing.outside import OutsideService, OutsideUnavailable, UseCategory
from filing.outside.house import Restriction as Registered
from filing.profile import Guard, HouseUse, Restriction
from tests.builders.cases import UNIT_NO, drafting, registered, situation, standing
from tests.builders.desks import code_of
from tests.builders.entry import lookup_of, until_drafting, until_opened
from tests.builders.house_entry import DOWN, ready_to_look
from tests.builders.keyring import NOW
from tests.builders.refusals import guards_of


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
