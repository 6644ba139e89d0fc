"""Drafts are kept as far as they are written; what is registered is not written twice; forms come in order."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from filing.case.house import HouseMortgage
from filing.errors import InputRefused
from filing.guards import GUARDS
from filing.profile import Actor, Guard
from filing.terms import build_terms, find_problems
from tests.builders.cases import SALES, SELLER, acting, clauses, drafting, forms, profile, registered, situation
from tests.builders.entry import buyers_form, sellers_form, until_drafting, until_entered
from tests.builders.refusals import inputs_of


def guard(name: Guard, case) -> set[str]:
    city = case.head.city
    return {finding.code for finding in GUARDS[name](situation(case, Actor.SELLER, acting(SELLER, city)))}


class TestClauses:
    @pytest.mark.rule("ZS-25")
    @pytest.mark.rule("WH-35")
    def test_what_is_half_written_is_kept_and_what_is_missing_is_said(self, desks):
        seller = until_drafting(desks, "wuhan")
        half = {"price": "1286500.00"}
        answer = desks.do("save-clauses", seller, clauses={"money": half}).answer
        assert desks.case.text.clauses == {"money": half}
        problems = {problem["path"]: problem for problem in answer["problems"]}
        assert {"money.method", "money.instalments", "buyers", "performance"} <= set(problems)
        assert problems["sellers.0.contact.address"]["party"] == "seller-1"
        assert "field.missing" in guard(Guard.FIELDS_FILLED, desks.case)

    def test_sections_are_replaced_one_by_one_and_taken_out_by_null(self, desks):
        seller = until_drafting(desks, "wuhan")
        desks.do("save-clauses", seller, clauses=clauses())
        desks.do("save-clauses", seller, clauses={"other_agreements": ["另行约定。"]})
        assert desks.case.text.clauses["money"] == clauses()["money"]
        desks.do("save-clauses", seller, clauses={"other_agreements": None})
        assert "other_agreements" not in desks.case.text.clauses

    def test_characters_that_cannot_be_printed_are_refused_where_they_are_written(self, desks):
        seller = until_drafting(desks, "wuhan")
        with pytest.raises(InputRefused) as refused:
            desks.do("save-clauses", seller, clauses={"other_agreements": ["家具一并转让。", "钥匙😀两把。"]})
        (finding,) = refused.value.findings
        assert (finding.code, dict(finding.facts)) == ("field.not_shown", {"path": "other_agreements.1"})

    @pytest.mark.rule("WH-27")
    @pytest.mark.rule("SZ-56")
    @pytest.mark.parametrize("section", ["buyers", "sellers", "co_owners", "filing", "surprise"])
    def test_people_and_filing_are_not_clauses(self, desks, section):
        seller = until_drafting(desks, "wuhan")
        assert inputs_of(lambda: desks.do("save-clauses", seller, clauses={section: []})) == {"field.locked"}

    @pytest.mark.rule("WH-27")
    @pytest.mark.rule("SZ-56")
    @pytest.mark.rule("ZS-24")
    @pytest.mark.parametrize("city", SALES)
    @pytest.mark.parametrize(
        ("house", "locked"),
        [
            ({"location": "别处1号"}, True),
            ({"building": {"floor_area": "200.00"}}, True),
            ({"title": {"number": "鄂(2022)武汉市东西湖不动产权第9999999号"}}, True),
            ({"rights": {"ownership": "joint"}}, True),
            ({"building": {"floor_area": "118.64", "layout": "三室两厅"}}, False),
            ({"rights": {"lease": {"tenant": "独孤若水", "ends_on": "2027-06-30", "tenant_waived": True}}}, False),
        ],
    )
    def test_what_is_registered_cannot_be_typed_otherwise(self, desks, city, house, locked):
        seller = until_drafting(desks, city)
        save = lambda: desks.do("save-clauses", seller, clauses={"house": house})  # noqa: E731
        if locked:
            assert inputs_of(save) == {"field.locked"}
        else:
            save()
            assert guard(Guard.LOCKED_FIELDS_UNTOUCHED, desks.case) == set()

    @pytest.mark.rule("WH-29")
    @pytest.mark.rule("WH-30")
    @pytest.mark.rule("WH-31")
    def test_the_seller_fills_in_what_the_register_does_not_tell(self, desks):
        house = registered("wuhan")
        house = replace(house, land=replace(house.land, area=None))
        seller = until_drafting(desks, "wuhan", house)
        desks.do("set-sellers", seller, **sellers_form())
        desks.do("set-buyers", seller, **buyers_form())
        added = {"land": {"area": "9.87"}, "title": {"land_certificate_no": "武国用（2009）第000123号"}}
        desks.do("save-clauses", seller, clauses={**clauses(), "house": added})
        terms = build_terms(desks.case, profile("wuhan"))
        assert terms.house.land.area == Decimal("9.87")
        assert terms.house.title.land_certificate_no == "武国用（2009）第000123号"
        assert terms.house.title.house_code == desks.case.house.code
        desks.do("save-clauses", seller, clauses={"house": {"land": {"area": "9.87"}}})
        assert build_terms(desks.case, profile("wuhan")).house.title.land_certificate_no is None

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            ({"money": {"price": 1286500.5}}, "clauses.float"),
            ({"money": {"price": float("nan")}}, "clauses.not_json"),
            ({"money": {"price": {1, 2}}}, "clauses.not_json"),
            ({"annexes": [{"title": "附件", "content": "长" * 100_000}]}, "clauses.too_large"),
        ],
    )
    def test_what_is_no_plain_data_is_refused(self, desks, data, code):
        seller = until_drafting(desks, "wuhan")
        assert inputs_of(lambda: desks.do("save-clauses", seller, clauses=data)) == {code}

    @pytest.mark.rule("SZ-26")
    def test_a_mortgage_is_the_registers_and_its_settlement_the_parties(self):
        case = drafting("shenzhen")
        rights = replace(
            case.house.checked.record.rights,
            mortgages=(HouseMortgage("示例银行", Decimal(356000)), HouseMortgage("示例信托", Decimal(1000))),
        )
        record = replace(case.house.checked.record, rights=rights)
        mortgaged = replace(case, house=replace(case.house, checked=replace(case.house.checked, record=record)))
        assert {problem.path for problem in find_problems(mortgaged, profile("shenzhen"))} == {
            "house.rights.mortgage.settlement"
        }
        settled = {"rights": {"mortgage": {"settlement": "release_first", "release_by": "2026-12-20"}}}
        text = replace(mortgaged.text, clauses={**mortgaged.text.clauses, "house": settled})
        mortgage = build_terms(replace(mortgaged, text=text), profile("shenzhen")).house.rights.mortgage
        assert (mortgage.mortgagee, mortgage.secured_amount) == ("示例银行、示例信托", Decimal("357000.00"))

    @pytest.mark.rule("ZS-27")
    def test_how_the_buyers_hold_is_said_once(self):
        case = drafting("zhongshan")
        text = {**case.text.clauses, "performance": {**case.text.clauses["performance"]}}
        text["performance"]["transfer"] = {"buyers_hold": "joint", "within_days": 30}
        said = replace(case, text=replace(case.text, clauses=text))
        assert build_terms(said, profile("zhongshan")).performance.transfer.buyers_hold.value == "sole"


class TestForms:
    @pytest.mark.rule("ZS-34")
    def test_forms_are_filled_in_their_order(self, desks):
        seller = until_drafting(desks, "zhongshan")
        later = {"form": "fund_supervision", "answers": {"chosen": False}}
        assert inputs_of(lambda: desks.do("save-form", seller, **later)) == {"form.order"}
        desks.do("save-form", seller, form="applicant", answers=forms("zhongshan")["applicant"])
        desks.do("save-form", seller, **later)
        assert set(desks.case.text.forms) == {"applicant", "fund_supervision"}

    @pytest.mark.rule("ZS-34")
    @pytest.mark.rule("H-12")
    def test_the_rating_is_optional_the_applicant_is_not(self, desks):
        until_entered(desks, "zhongshan")
        case = desks.case
        without = {name: answers for name, answers in case.text.forms.items() if name != "service_rating"}
        assert guard(Guard.FORMS_COMPLETE, replace(case, text=replace(case.text, forms=without))) == set()
        nothing = replace(case, text=replace(case.text, forms={}))
        assert guard(Guard.FORMS_COMPLETE, nothing) == {"form.missing"}

    @pytest.mark.rule("ZS-35")
    @pytest.mark.rule("ZS-36")
    @pytest.mark.rule("ZS-37")
    @pytest.mark.parametrize(
        ("answers", "code"),
        [
            ({"chosen": True, "bank": "CCB"}, None),
            ({"chosen": True, "bank": "RCB"}, None),
            ({"chosen": False}, None),
            ({"chosen": True}, "form.bank"),
            ({"chosen": True, "bank": "ICBC"}, "form.bank"),
            ({}, "form.supervision"),
            ({"chosen": "yes"}, "form.supervision"),
        ],
    )
    def test_supervision_is_a_choice_between_the_citys_banks(self, desks, answers, code):
        seller = until_drafting(desks, "zhongshan")
        desks.do("save-form", seller, form="applicant", answers=forms("zhongshan")["applicant"])
        save = lambda: desks.do("save-form", seller, form="fund_supervision", answers=answers)  # noqa: E731
        if code is None:
            save()
        else:
            assert inputs_of(save) == {code}

    @pytest.mark.parametrize(
        ("form", "answers", "code"),
        [
            ("marriage", {}, "form.unknown"),
            ("applicant", {str(place): 1 for place in range(40)}, "form.too_large"),
            ("applicant", {"name": "长" * 501}, "form.too_large"),
        ],
    )
    def test_a_form_is_the_citys_and_short(self, desks, form, answers, code):
        seller = until_drafting(desks, "zhongshan")
        assert inputs_of(lambda: desks.do("save-form", seller, form=form, answers=answers)) == {code}
