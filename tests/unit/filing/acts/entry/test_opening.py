"""Who may begin a case, what it is called, and until when a draft lives."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from filing.errors import FilingError, GuardsRefuse, NotYours
from filing.profile import Actor
from filing.profile.people import PersonGroup
from identity.staff import StaffRole
from identity.trust_level import Card, CheckMethod, Login, LoginCapacity
from tests.builders.cases import AGENT, COMPANY, FOREIGNER, SALES, SELLER, acting, profile, staff
from tests.builders.desks import code_of
from tests.builders.entry import until_entered
from tests.builders.keyring import NOW

LOGIN_RULES = {
    "zhongshan": {
        PersonGroup.MAINLAND: {CheckMethod.YSS_SCAN},
        PersonGroup.OVERSEAS: {CheckMethod.PASSWORD},
        PersonGroup.ORGANISATION: {CheckMethod.PASSWORD},
    },
    "shenzhen": {
        PersonGroup.MAINLAND: {CheckMethod.YSS_SCAN},
        PersonGroup.OVERSEAS: {CheckMethod.YSS_SCAN},
        PersonGroup.ORGANISATION: {CheckMethod.PASSWORD},
    },
    "huangshi": {PersonGroup.MAINLAND: {CheckMethod.WECHAT_REALNAME}},
    "wuhan": {PersonGroup.MAINLAND: {CheckMethod.WECHAT_REALNAME}},
}

PEOPLE = {PersonGroup.MAINLAND: SELLER, PersonGroup.OVERSEAS: FOREIGNER, PersonGroup.ORGANISATION: COMPANY}


@pytest.mark.rule("ZS-01")
@pytest.mark.rule("HS-03")
@pytest.mark.rule("SZ-66")
@pytest.mark.rule("WH-02")
@pytest.mark.parametrize("city", SALES)
def test_the_seller_opens_the_case_and_is_its_entrant(desks, city):
    desks.open(city, acting(SELLER, city))
    assert desks.state == "opened"
    assert desks.case.head.entrant == SELLER.account
    assert desks.case.head.city == city
    assert desks.case.head.profile_version == profile(city).city.version
    assert profile(city).people.entrant is Actor.SELLER


@pytest.mark.rule("ZS-05")
@pytest.mark.rule("ZS-06")
@pytest.mark.rule("ZS-07")
@pytest.mark.rule("ZS-09")
@pytest.mark.rule("SZ-16")
@pytest.mark.rule("SZ-17")
@pytest.mark.rule("HS-02")
@pytest.mark.parametrize(
    ("city", "group", "methods"),
    [(city, group, methods) for city, ways in LOGIN_RULES.items() for group, methods in ways.items()],
)
def test_everybody_logs_in_by_their_citys_ways(desks, city, group, methods):
    someone = PEOPLE[group]
    login = Login(LoginCapacity.OWNER, tuple(methods))
    assert desks.open(city, acting(someone, city, login=login)).case.position is not None
    wrong = replace(login, methods=(CheckMethod.SMS,))
    with pytest.raises(GuardsRefuse) as refused:
        desks.open(city, acting(someone, city, login=wrong))
    assert [finding.code for finding in refused.value.findings] == ["login.way"]


@pytest.mark.rule("ZS-07")
@pytest.mark.rule("H-13")
def test_what_is_recommended_is_not_forced(desks):
    scanned = Login(LoginCapacity.OWNER, (CheckMethod.YSS_SCAN,))
    assert desks.open("zhongshan", acting(FOREIGNER, "zhongshan", login=scanned)).case.head.city == "zhongshan"


@pytest.mark.rule("SZ-24")
def test_an_organisations_handler_logs_in_as_the_organisation(desks):
    password = (CheckMethod.PASSWORD,)
    by_card = Login(LoginCapacity.HANDLER, password, Card.ORGANISATION)
    assert desks.open("zhongshan", acting(AGENT, "zhongshan", handles=COMPANY, login=by_card)).case.position
    personal = Login(LoginCapacity.HANDLER, password, Card.PERSONAL)
    assert code_of(lambda: desks.open("zhongshan", acting(AGENT, "zhongshan", handles=COMPANY, login=personal))) == (
        "case.guards_refuse"
    )


@pytest.mark.rule("WH-03")
def test_no_organisation_opens_a_case_where_only_persons_sell(desks):
    login = Login(LoginCapacity.OWNER, (CheckMethod.WECHAT_REALNAME,))
    assert code_of(lambda: desks.open("wuhan", acting(COMPANY, "wuhan", login=login))) == "case.guards_refuse"


@pytest.mark.rule("ZS-28")
@pytest.mark.rule("H-03")
def test_a_draft_lives_a_day_from_its_creation_whatever_is_edited(desks):
    until_entered(desks, "zhongshan")
    assert desks.case.head.expires_at == NOW + timedelta(hours=24)


@pytest.mark.parametrize("city", ["huangshi", "shenzhen", "wuhan"])
def test_other_cities_throw_no_draft_away(desks, city):
    desks.open(city, acting(SELLER, city))
    assert desks.case.head.expires_at is None


def test_each_case_gets_a_number_of_its_own(desks):
    numbers = {desks.open(city, acting(SELLER, city)).case.case_no for city in SALES}
    assert len(numbers) == len(SALES)
    assert len({number.removeprefix("武房") for number in numbers}) == len(SALES)


def test_a_refused_opening_takes_no_number(desks):
    with pytest.raises(GuardsRefuse):
        desks.open("huangshi", acting(SELLER, "huangshi", login=Login(LoginCapacity.OWNER, ())))
    assert desks.open("huangshi", acting(SELLER, "huangshi")).case.case_no.endswith("00001")


@pytest.mark.rule("ZN-01")
@pytest.mark.parametrize(("city", "act"), [("huangshi", "import-filed"), ("zhongshan-notary", "open")])
def test_a_city_begins_its_cases_in_one_way_only(desks, city, act):
    with pytest.raises(FilingError):
        desks.open(city, acting(SELLER, city), act, **({} if act == "open" else _import()))


def _import() -> dict[str, object]:
    names = ("upload", "filing_number", "filed_at", "house", "purchasers", "developer_contact", "developer_head")
    return dict.fromkeys(names, None)


def test_an_act_on_a_case_begins_none(desks):
    with pytest.raises(NotYours):
        desks.open("huangshi", acting(SELLER), "generate-text")


def test_a_clerk_who_opens_a_case_is_its_entrant_and_no_clerk_in_it(desks):
    desks.open("huangshi", staff(StaffRole.WINDOW_CLERK))
    (moved,) = [fact.data for fact in desks.facts if fact.event == "case.moved"]
    assert moved["capacity"] == "seller"
