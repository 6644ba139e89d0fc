"""Members of offices as an administrator enters them, and what an office was told, on an embedded service."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from api.ports import MemberAsked
from filing.engine.outcome import FeedItem
from identity.acting import Machine, MachineKind
from identity.errors import NotAllowed
from identity.staff import StaffRole
from notary.errors import NotaryError
from notary.members import MemberKind
from notary.offices import NotaryOffice
from qianshu.service.machines import Machines
from qianshu.service.offices import OfficeList, Offices
from qianshu.service.people_stores import open_people
from tests.builders.cases import cities, staff
from tests.builders.records import case_no, done, new_case
from tests.unit.identity.somebody import NOW
from tests.unit.qianshu.service.test_commands import data, log_in, records

if TYPE_CHECKING:
    from qianshu.service.records import Records

__all__ = ["data", "records"]

CITY = "zhongshan-notary"
ADMIN = staff(StaffRole.ADMIN, CITY)


@pytest.fixture
def offices(records: Records) -> Offices:
    people = open_people(records.database, records.key, records.secret)
    listed = OfficeList(records.database, people.accounts)
    for office_id, region in (("shiqi", "442000"), ("county", "442001"), ("far", "420200")):
        listed.add(NotaryOffice(office_id, office_id, office_id, (region,)), NOW)
    return Offices(listed, records.cases.told, cities(), lambda *_: "")


def test_an_administrator_enters_and_ends_a_notary_and_a_program(records: Records, offices: Offices) -> None:
    account_id = log_in(records)
    book = Machines(records.database, records.key)
    book.add(Machine("program", MachineKind.NOTARY, (CITY,), ("notary:read",)), NOW)
    notary = offices.add_member(ADMIN, CITY, MemberAsked("shiqi", MemberKind.ACCOUNT, account_id), NOW)
    offices.add_member(ADMIN, CITY, MemberAsked("shiqi", MemberKind.CLIENT, "program"), NOW)
    with pytest.raises(NotaryError) as taken:
        offices.add_member(ADMIN, CITY, MemberAsked("county", MemberKind.CLIENT, "program"), NOW)
    assert taken.value.code == "notary.member_taken"
    assert book.load("program").machine.office == "shiqi"

    with pytest.raises(NotaryError) as elsewhere:
        offices.end_member(ADMIN, CITY, ("county", notary.member_id), NOW)
    assert elsewhere.value.code == "notary.member_unknown"
    ended = offices.end_member(ADMIN, CITY, ("shiqi", notary.member_id), NOW)
    assert (ended.ended_at, ended.ended_by) == (NOW, ADMIN.account_id)
    assert offices.listed.members.offices_of(account_id) == ()


def test_whoever_may_not_enter_members_learns_nothing_of_accounts(records: Records, offices: Offices) -> None:
    account_id = log_in(records)
    for subject in (account_id, "nobody"):
        for grantor, office in ((replace(ADMIN, staff=()), "shiqi"), (ADMIN, "far")):
            with pytest.raises(NotAllowed):
                offices.add_member(grantor, CITY, MemberAsked(office, MemberKind.ACCOUNT, subject), NOW)
    assert offices.members("shiqi") == ()


@pytest.mark.rule("ZN-04")
def test_a_city_offers_its_own_offices_and_those_of_its_counties(offices: Offices) -> None:
    code = cities()[CITY].city.region_code
    assert {office.office_id for office in offices.in_city(code, NOW)} == {"shiqi", "county"}
    assert [office.office_id for office in offices.at_place(code, NOW)] == ["shiqi"]
    offices.listed.end("shiqi", NOW)
    assert {office.office_id for office in offices.in_city(code, NOW)} == {"county"}


def test_an_office_has_the_cases_it_was_told_of_the_newest_first(records: Records, offices: Offices) -> None:
    for number, to in ((1, "shiqi"), (2, "county"), (3, "shiqi")):
        records.cases.create(new_case(number), [done()], feed=[FeedItem("package", None, {}, to=f"office:{to}")])
    with records.cases.exclusive(case_no(1)) as unit:
        unit.commit(unit.case, [done()], feed=[FeedItem("withdrawn", None, {}, to="office:shiqi")])

    assert offices.told("shiqi", None, 9) == ((case_no(1), 4), (case_no(3), 3))
    assert offices.told("shiqi", 4, 9) == ((case_no(3), 3),)
    assert offices.told("shiqi", None, 1) == ((case_no(1), 4),)
    assert offices.told("nobody", None, 9) == ()
