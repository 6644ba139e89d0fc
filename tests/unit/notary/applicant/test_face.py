"""The two faces of a mainland applicant: each its own, fresh, and good for nothing else (ZN-09, ZN-11)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from filing.profile.people import CheckPurpose
from identity.outside import OutsideAnswerWrong, OutsideService, OutsideUnavailable
from tests.builders.applicants import applicants
from tests.builders.cases import BUYER, BUYER_2, FOREIGNER
from tests.builders.desks import code_of

pytestmark = [pytest.mark.rule("ZN-09"), pytest.mark.rule("ZN-11")]


@pytest.fixture
def office():
    return applicants(BUYER, BUYER_2)


@pytest.fixture
def phone(office):
    phone = office.phone(BUYER, "buyer-1")
    phone.claim()
    return phone


def begin(phone):
    return phone.do("notary-face-begin", return_url="https://app.example/back").answer


def test_a_face_is_asked_of_the_provider_and_fetched_from_there(office, phone):
    answer = begin(phone)
    assert answer["url"].startswith("https://app.example/back#")
    assert answer["other_ways"] == ["office"]
    (ref,) = office.face.sessions
    assert code_of(lambda: phone.do("notary-face-finish")) == "check.pending"
    office.face.press(ref, "passed")
    phone.do("notary-face-finish")
    step = office.task().steps[-1]
    assert (step.step.value, step.method, step.reference) == ("face", "face", office.face.sessions[ref][2].provider_ref)
    check = office.case.people.checks[-1]
    assert (check.person_key, check.purpose) == (BUYER.key, CheckPurpose.NOTARY)
    assert check.subject_sha256 == office.matter.agreement.text_sha256
    assert not office.case.people.begun


def test_each_is_for_its_place_in_this_matter_and_no_other(office, phone):
    phone.show_face()
    phone.walk("face")
    phone.show_face()
    purposes = [purpose for _, purpose, _ in office.face.sessions.values()]
    case_no = office.case.case_no
    assert purposes == [f"notary:{case_no}:1:buyer-1:1", f"notary:{case_no}:1:buyer-1:2"]
    assert len({step.reference for step in office.task().steps if step.step.value == "face"}) == 2


def test_nothing_is_finished_that_was_not_begun(office, phone):
    assert code_of(lambda: phone.do("notary-face-finish")) == "check.not_begun"
    phone.show_face()
    phone.walk("face")
    assert code_of(lambda: phone.do("notary-face-finish")) == "check.not_begun"


@pytest.mark.parametrize("outcome", ["failed", "expired"])
def test_another_face_is_refused_and_may_try_again(office, phone, outcome):
    assert code_of(lambda: phone.show_face(outcome)) == "check.not_passed"
    assert office.steps() == ["select_self"]
    phone.show_face()
    assert office.steps() == ["select_self", "face"]


def test_a_pass_of_long_ago_says_nothing(office, phone):
    begin(phone)
    for ref in office.face.sessions:
        office.face.press(ref, "passed")
    office.later(minutes=10, seconds=1)
    assert code_of(lambda: phone.do("notary-face-finish")) == "check.not_passed"


def test_the_first_session_is_not_the_second(office, phone):
    """Its number put into the case as if it were of the second: the provider says what it was for."""
    phone.show_face()
    (first,) = office.face.sessions
    phone.walk("face")
    begin(phone)
    begun = office.case.people.begun[-1]
    people = replace(office.case.people, begun=(replace(begun, session=first),))
    office.case = replace(office.case, people=people)
    with pytest.raises(OutsideAnswerWrong) as refused:
        phone.do("notary-face-finish")
    assert refused.value.reason == "other_purpose"


def test_one_comparison_serves_once(office, phone):
    """A provider that answers two sessions with one comparison is not believed the second time."""
    phone.show_face()
    reference = office.task().steps[-1].reference
    phone.walk("face")
    begin(phone)
    ref = list(office.face.sessions)[-1]
    office.face.press(ref, "passed")
    of, purpose, result = office.face.sessions[ref]
    office.face.sessions[ref] = of, purpose, replace(result, provider_ref=reference)
    assert code_of(lambda: phone.do("notary-face-finish")) == "notary.face_used"


def test_begun_again_the_older_session_is_worthless(office, phone):
    begin(phone)
    begin(phone)
    first, second = office.face.sessions
    office.face.press(first, "passed")
    assert code_of(lambda: phone.do("notary-face-finish")) == "check.pending"
    office.face.press(second, "passed")
    phone.do("notary-face-finish")


def test_two_faces_at_one_moment(office, phone):
    other = office.phone(BUYER_2, "buyer-2")
    other.claim()
    begin(phone)
    begin(other)
    for ref in office.face.sessions:
        office.face.press(ref, "passed")
    other.do("notary-face-finish")
    phone.do("notary-face-finish")
    assert office.steps("buyer-1") == office.steps("buyer-2") == ["select_self", "face"]


@pytest.mark.rule("ZN-12")
def test_no_face_of_anybody_from_abroad():
    office = applicants(FOREIGNER)
    phone = office.phone(FOREIGNER, "buyer-1")
    phone.claim()
    assert code_of(lambda: begin(phone)) == "notary.not_a_step"


def test_a_provider_that_is_down_loses_nothing(office, phone):
    office.face.down = OutsideUnavailable(OutsideService.FACE, "slow")
    before = office.case
    assert code_of(lambda: begin(phone)) == "outside.unavailable"
    office.face.down = None
    assert office.case == before
    phone.show_face()


def test_nothing_of_the_person_is_journalled(office, phone):
    phone.show_face()
    said = repr([fact.data for fact in (*office.facts, *office.refused)])
    for word in (BUYER.name, BUYER.number, BUYER.phone):
        assert word not in said
