"""Staff: who reviews does not hold the seal alone; nobody grants to themselves; auditors only look."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from identity.errors import NotAllowed
from identity.findings import Weight
from identity.numbers import IdType
from identity.staff import (
    EXCLUSIVE,
    DutyDone,
    StaffRole,
    check_own_case,
    granted,
    grants_at,
    revoked,
    separation,
)
from tests.unit.identity.somebody import BUYER, NOW, SELLER, grant, person

ADMIN = ("admin-1", (grant("admin-1", StaffRole.ADMIN),))


@pytest.mark.parametrize(("done", "wanted"), sorted(permutations(StaffRole, 2), key=str))
def test_one_person_never_does_two_exclusive_duties_in_one_case(done: StaffRole, wanted: StaffRole) -> None:
    findings = separation("officer-1", wanted, [DutyDone("officer-1", done)])

    assert bool(findings) is (frozenset({done, wanted}) in EXCLUSIVE)
    assert separation("officer-2", wanted, [DutyDone("officer-1", done)]) == ()


@pytest.mark.rule("SZ-78", "HS-34")
def test_who_reviewed_does_not_put_the_seal_on() -> None:
    done = [DutyDone("officer-1", StaffRole.REVIEWER), DutyDone("officer-2", StaffRole.OPERATOR)]

    (finding,) = separation("officer-1", StaffRole.SEALING_OFFICER, done)

    assert finding.code == "staff.separation"
    assert finding.weight is Weight.REFUSES
    assert separation("officer-1", StaffRole.REVIEWER, done) == ()


def test_staff_do_not_work_on_their_own_case() -> None:
    (own,) = check_own_case(SELLER, [BUYER, SELLER])
    (namesake,) = check_own_case(SELLER, [BUYER, person("张三", "E12345678", IdType.PASSPORT)])

    assert own.code == "staff.own_case"
    assert namesake.weight is Weight.ASKS
    assert check_own_case(SELLER, [BUYER]) == ()


def test_nobody_grants_to_themselves() -> None:
    with pytest.raises(NotAllowed) as caught:
        granted(ADMIN, [], grant("admin-1", StaffRole.REVIEWER))
    assert caught.value.code == "staff.grant_self"


@pytest.mark.parametrize(
    "grantor",
    [
        ("clerk-1", (grant("clerk-1", StaffRole.WINDOW_CLERK),)),
        ("admin-2", (grant("admin-2", StaffRole.ADMIN, "wuhan"),)),
        ("nobody", ()),
    ],
)
def test_only_an_administrator_of_the_city_grants_and_takes(grantor) -> None:
    wanted = grant("officer-1", StaffRole.REVIEWER)
    for act in (lambda: granted(grantor, [], wanted), lambda: revoked(grantor, wanted, NOW)):
        with pytest.raises(NotAllowed) as caught:
            act()
        assert [one["code"] for one in caught.value.fields["findings"]] == ["staff.not_grantor"]


def test_an_auditor_holds_nothing_else_in_the_city() -> None:
    held = [grant("officer-1", StaffRole.AUDITOR)]

    with pytest.raises(NotAllowed):
        granted(ADMIN, held, grant("officer-1", StaffRole.REVIEWER))
    elsewhere = grant("officer-1", StaffRole.REVIEWER, "wuhan")
    admin = ("admin-1", (grant("admin-1", StaffRole.ADMIN, "wuhan"),))
    assert granted(admin, held, elsewhere) == elsewhere


def test_what_is_held_is_not_granted_twice_and_ends_once() -> None:
    first = grant("officer-1", StaffRole.REVIEWER)

    assert granted(ADMIN, [first], replace(first, grant_id="again")) is first
    ended = revoked(ADMIN, first, NOW + timedelta(days=1))
    assert (ended.revoked_by, ended.revoked_at) == ("admin-1", NOW + timedelta(days=1))
    assert revoked(ADMIN, ended, NOW + timedelta(days=2)) is ended


def test_a_role_is_in_force_from_its_grant_to_its_end() -> None:
    one = replace(grant("officer-1", StaffRole.REVIEWER), revoked_at=NOW + timedelta(days=1), revoked_by="admin-1")

    assert grants_at([one], NOW - timedelta(seconds=1)) == ()
    assert grants_at([one], NOW) == (one,)
    assert grants_at([one], NOW + timedelta(days=1)) == ()
