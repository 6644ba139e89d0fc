"""Offices, their certificates and their members, on both databases: entered, ended, never deleted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from notary.members import BOOTSTRAP, MemberKind, OfficeMember
from notary.offices import NotaryOffice, OfficeCertificate
from storage.notary import SqlMembers, SqlOffices
from storage.records.database import Database

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
SHIQI = NotaryOffice("shiqi", "广东省中山市石岐公证处", "粤中石岐", ("442000",), made_at=NOW)
NANSHAN = NotaryOffice("nanshan", "广东省深圳市南山公证处", "深南", ("440305", "440306"), made_at=NOW)
CERTIFICATE = OfficeCertificate(b"certificate", (b"issuer", b"root"), NOW)


@pytest.fixture
def offices(database: Database) -> SqlOffices:
    book = SqlOffices(database)
    assert book.add(SHIQI, BOOTSTRAP, NOW)
    assert book.add(NANSHAN, BOOTSTRAP, NOW)
    return book


@pytest.fixture
def members(database: Database, offices: SqlOffices) -> SqlMembers:
    assert len(offices.every()) == 2
    return SqlMembers(database)


def member(subject: str = "notary-1", office: str = "shiqi", kind: MemberKind = MemberKind.ACCOUNT) -> OfficeMember:
    return OfficeMember(f"{office}-{subject}", office, kind, subject, "admin-1", NOW)


def test_an_office_is_kept_as_entered_and_its_code_is_given_once(offices: SqlOffices) -> None:
    assert offices.load("shiqi") == SHIQI
    assert offices.load("nobody") is None
    assert not offices.add(replace(SHIQI, name="another"), BOOTSTRAP, NOW)
    assert not offices.add(replace(SHIQI, office_id="another"), BOOTSTRAP, NOW)
    assert offices.load("shiqi") == SHIQI


@pytest.mark.rule("ZN-04")
@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("442000", ["shiqi"]),
        ("442001", ["shiqi"]),
        ("440305", ["nanshan"]),
        ("440306", ["nanshan"]),
        ("440300", []),
        ("110101", []),
    ],
)
def test_only_offices_at_the_place_are_offered(offices: SqlOffices, place: str, found: list[str]) -> None:
    """公证法 art. 25."""
    assert [office.office_id for office in offices.at_place(place, LATER)] == found


def test_an_office_that_was_ended_is_offered_no_more_and_kept(offices: SqlOffices) -> None:
    assert offices.end("shiqi", "admin-1", LATER)
    assert not offices.end("shiqi", "admin-2", LATER)

    assert offices.at_place("442000", LATER) == ()
    assert [one.office_id for one in offices.at_place("442000", NOW)] == ["shiqi"]
    assert offices.at_place("442000", NOW - timedelta(seconds=1)) == ()
    assert offices.load("shiqi") == replace(SHIQI, ended_at=LATER)
    assert offices.add(replace(SHIQI, office_id="successor"), BOOTSTRAP, LATER)


def test_a_certificate_is_one_offices_and_never_trusted_again(offices: SqlOffices) -> None:
    assert offices.add_certificate("shiqi", CERTIFICATE, BOOTSTRAP, NOW)
    assert not offices.add_certificate("nanshan", CERTIFICATE, BOOTSTRAP, NOW)
    assert offices.load("shiqi").certificates == (CERTIFICATE,)

    sha256 = offices.digest_of(CERTIFICATE.der)
    assert not offices.withdraw_certificate("nanshan", sha256, "admin-1", LATER)
    assert offices.withdraw_certificate("shiqi", sha256, "admin-1", LATER)
    assert not offices.withdraw_certificate("shiqi", sha256, "admin-1", LATER)
    assert offices.load("shiqi").certificates == (replace(CERTIFICATE, withdrawn_at=LATER),)
    assert not offices.add_certificate("shiqi", CERTIFICATE, BOOTSTRAP, LATER)
    assert offices.load("nanshan").certificates == ()


def test_the_newer_of_two_certificates_comes_after(offices: SqlOffices) -> None:
    newer = OfficeCertificate(b"newer", (), LATER)
    offices.add_certificate("shiqi", newer, BOOTSTRAP, LATER)
    offices.add_certificate("shiqi", CERTIFICATE, BOOTSTRAP, LATER)

    assert [one.certificates for one in offices.every()] == [(CERTIFICATE, newer), ()]


def test_a_person_may_work_for_two_offices_and_a_program_for_one(members: SqlMembers) -> None:
    assert members.add(member())
    assert members.add(member(office="nanshan"))
    assert members.offices_of("notary-1") == ("nanshan", "shiqi")

    assert members.add(member("program-1", kind=MemberKind.CLIENT))
    assert not members.add(member("program-1", "nanshan", MemberKind.CLIENT))
    assert members.office_of_client("program-1") == "shiqi"


def test_an_account_is_no_client_of_that_name(members: SqlMembers) -> None:
    members.add(member("same-name"))

    assert members.office_of_client("same-name") is None
    members.add(replace(member("same-name", "nanshan", MemberKind.CLIENT)))
    assert members.offices_of("same-name") == ("shiqi",)
    assert members.office_of_client("same-name") == "nanshan"


def test_a_membership_ends_once_and_may_begin_again(members: SqlMembers) -> None:
    members.add(member())
    assert not members.add(replace(member(), member_id="again"))

    members.end(replace(member(), ended_at=LATER, ended_by="admin-1"))
    members.end(replace(member(), ended_at=LATER + timedelta(days=1), ended_by="admin-2"))

    assert members.offices_of("notary-1") == ()
    assert members.load("shiqi-notary-1") == replace(member(), ended_at=LATER, ended_by="admin-1")
    assert members.add(replace(member(), member_id="again", granted_at=LATER))
    assert [one.member_id for one in members.of_office("shiqi")] == ["shiqi-notary-1", "again"]


def test_the_database_itself_lets_nobody_enter_themselves(members: SqlMembers) -> None:
    with pytest.raises(Exception, match="not_by_oneself"):
        members.add(replace(member(), granted_by="notary-1"))


def test_of_many_who_enter_a_program_at_two_offices_one_does(members: SqlMembers) -> None:
    def enter(number: int) -> bool:
        office = ("shiqi", "nanshan")[number % 2]
        return members.add(replace(member("program-1", office, MemberKind.CLIENT), member_id=str(number)))

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(enter, range(8))).count(True) == 1
