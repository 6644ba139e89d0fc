"""The code: good once, for one purchaser, in their own hands or their agent's (ZN-06, ZN-08, H-40, H-42)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from filing.case.notary import NotaryState
from filing.errors import GuardsRefuse, NotYours
from filing.profile.people import PersonGroup
from identity.representation import Attestation, Basis, RepresentationRule
from identity.subjects import PartyKind
from notary.errors import NotaryError, NotYourTask
from tests.builders.applicants import applicants, code_for, token_of
from tests.builders.cases import (
    AGENT,
    BUYER,
    BUYER_2,
    CHILD,
    COMPANY,
    FATHER,
    FOREIGNER,
    NOW,
    OFFICIAL,
    STRANGER,
    cities,
    resident,
)
from tests.builders.desks import code_of
from tests.builders.termination import CITY, mandate

pytestmark = pytest.mark.rule("ZN-08")


@pytest.mark.rule("ZN-06")
def test_the_purchaser_scans_and_begins():
    office = applicants(BUYER, FOREIGNER)
    answer = office.phone(BUYER, "buyer-1").claim().answer
    task = office.task()
    assert answer == {"group": "mainland"}
    assert (task.applicant, task.qr.used_at) == (BUYER.key, NOW)
    assert office.steps() == ["select_self"]
    assert office.matter.state is NotaryState.VERIFYING
    assert office.task("buyer-2").applicant is None
    fact = office.facts[-1]
    assert (fact.event, fact.data["by"]) == ("notary.claimed", "principal")


@pytest.mark.rule("H-40")
@pytest.mark.parametrize(
    ("who", "party", "token", "error"),
    [
        (STRANGER, "buyer-1", token_of("buyer-1"), NotYours),
        (BUYER_2, "buyer-1", token_of("buyer-1"), NotYourTask),
        (BUYER_2, "buyer-2", token_of("buyer-1"), NotYourTask),
        (BUYER, "buyer-1", token_of("buyer-2"), NotYourTask),
        (BUYER, "buyer-1", "", NotYourTask),
        (BUYER, "buyer-9", token_of("buyer-9"), NotYourTask),
        (BUYER, "seller-1", token_of("seller-1"), NotYourTask),
    ],
    ids=["stranger", "wife-of-his", "his-as-hers", "hers-as-his", "nothing", "nobody", "seller"],
)
def test_a_forwarded_code_is_refused_journalled_and_still_good(who, party, token, error):
    office = applicants(BUYER, BUYER_2)
    before = office.case
    with pytest.raises(error) as refused:
        office.phone(who, party).do("notary-claim", token=token)
    assert office.case == before
    fact = office.refused[-1]
    assert fact.data == {"act": "notary-claim", "code": refused.value.code}
    assert refused.value.code in {"act.not_yours", "notary.not_your_code"}
    office.phone(BUYER, "buyer-1").claim()


def test_staff_and_developer_are_no_applicants():
    office = applicants(BUYER)
    for who in (OFFICIAL, AGENT):
        with pytest.raises(NotYours):
            office.phone(who, "buyer-1").claim()
    with pytest.raises(NotYours):
        office.phone(AGENT, "buyer-1", handles=COMPANY).claim()


@pytest.mark.rule("ZN-06")
def test_a_code_is_good_once():
    office = applicants(BUYER)
    office.phone(BUYER, "buyer-1").claim()
    with pytest.raises(NotaryError) as refused:
        office.phone(BUYER, "buyer-1").claim()
    assert refused.value.code == "notary.code_used"


@pytest.mark.rule("H-40")
@pytest.mark.parametrize(("minutes", "refused"), [(-1, None), (0, "notary.code_expired"), (60, "notary.code_expired")])
def test_a_code_is_over_when_it_says(minutes, refused):
    office = applicants(BUYER)
    office.now = office.task().qr.expires_at + timedelta(minutes=minutes)
    claim = office.phone(BUYER, "buyer-1").claim
    assert (code_of(claim) if refused else claim() and None) == refused


@pytest.mark.rule("H-40")
def test_after_a_new_code_the_old_one_is_worthless():
    office = applicants(BUYER)
    phone = office.phone(BUYER, "buyer-1")
    office.change_task("buyer-1", qr=code_for("buyer-1", 2))
    assert code_of(phone.claim) == "notary.not_your_code"
    phone.claim(issue=2)
    assert office.task().applicant == BUYER.key


def test_the_same_person_goes_on_after_a_new_code():
    office = applicants(BUYER)
    phone = office.phone(BUYER, "buyer-1")
    phone.walk("upload_id_photos")
    done = office.task().steps
    office.change_task("buyer-1", qr=code_for("buyer-1", 2))
    phone.claim(issue=2)
    assert office.task().steps == done


def test_no_code_where_none_was_returned():
    office = applicants(BUYER)
    office.change_task("buyer-1", qr=None)
    assert code_of(office.phone(BUYER, "buyer-1").claim) == "notary.not_your_code"


@pytest.mark.parametrize("state", sorted(set(NotaryState) - {"qr_returned", "verifying", "supplement"}))
def test_only_while_applicants_are_waited_for(state):
    office = applicants(BUYER)
    office.change(state=state)
    assert code_of(office.phone(BUYER, "buyer-1").claim) == "notary.not_now"


def test_nothing_where_nothing_is_before_a_notary():
    office = applicants(BUYER)
    office.case = replace(office.case, notary=replace(office.case.notary, current=None))
    assert code_of(office.phone(BUYER, "buyer-1").claim) == "notary.none"


def test_nothing_after_it_was_handed_in():
    office = applicants(BUYER)
    office.change_task("buyer-1", submitted_at=NOW, qr=code_for("buyer-1", 2))
    assert code_of(lambda: office.phone(BUYER, "buyer-1").claim(issue=2)) == "notary.submitted"


def test_in_a_supplement_the_matter_stays_where_it_is():
    office = applicants(BUYER, BUYER_2)
    office.change(state=NotaryState.SUPPLEMENT)
    office.phone(BUYER, "buyer-1").claim()
    assert office.matter.state is NotaryState.SUPPLEMENT


# --- agents ----------------------------------------------------------------------------------------------------------


@pytest.mark.rule("ZN-03")
@pytest.mark.rule("H-42")
def test_an_agent_with_a_mandate_does_it_and_counts_as_who_they_are():
    """The purchaser is from abroad and the agent is not: it is the agent whose face is looked at."""
    office = applicants(FOREIGNER, mandates=(mandate("buyer-1"),))
    phone = office.phone(STRANGER, "buyer-1")
    phone.claim()
    task = office.task()
    assert (task.applicant, task.group) == (STRANGER.key, PersonGroup.MAINLAND)
    assert office.facts[-1].data["by"] == "agent_poa"
    phone.show_face()
    assert [subject.number.normalised for subject, _, _ in office.face.sessions.values()] == [STRANGER.number]


@pytest.mark.rule("H-42")
def test_whoever_has_scanned_does_it_alone():
    office = applicants(BUYER, mandates=(mandate("buyer-1"),))
    office.phone(STRANGER, "buyer-1").claim()
    with pytest.raises(NotYourTask) as refused:
        office.phone(BUYER, "buyer-1").show_face()
    assert refused.value.code == "notary.not_the_applicant"


@pytest.mark.rule("H-42")
def test_the_purchaser_may_do_it_in_person_though_there_is_an_agent():
    office = applicants(BUYER, mandates=(mandate("buyer-1"),))
    office.phone(BUYER, "buyer-1").claim()
    assert office.task().applicant == BUYER.key


def test_with_a_new_code_another_begins_anew():
    office = applicants(BUYER, mandates=(mandate("buyer-1"),))
    office.phone(STRANGER, "buyer-1").walk("upload_signature_image")
    office.change_task("buyer-1", qr=code_for("buyer-1", 2))
    office.phone(BUYER, "buyer-1").claim(issue=2)
    task = office.task()
    assert task.applicant == BUYER.key
    assert office.steps() == ["select_self"]
    assert (task.pages, task.files, task.videos) == ((), (), ())
    assert code_of(office.phone(STRANGER, "buyer-1").show_face) == "notary.not_the_applicant"


@pytest.mark.rule("H-42")
def test_a_mandate_that_is_over_makes_nobody_an_applicant():
    over = mandate("buyer-1")
    over = replace(over, times=replace(over.times, ended_at=NOW - timedelta(minutes=1)))
    office = applicants(BUYER, mandates=(over,))
    with pytest.raises(NotYours):
        office.phone(STRANGER, "buyer-1").claim()


@pytest.mark.rule("H-42")
def test_a_mandate_that_ends_meanwhile_ends_the_applicants_part():
    office = applicants(BUYER, mandates=(mandate("buyer-1"),))
    phone = office.phone(STRANGER, "buyer-1")
    phone.walk("upload_id_photos")
    records = office.case.people.representations
    ended = tuple(
        replace(one, times=replace(one.times, ended_at=NOW)) if one.party == "buyer-1" else one for one in records
    )
    office.case = replace(office.case, people=replace(office.case.people, representations=ended))
    office.later(minutes=1)
    with pytest.raises(NotYours):
        phone.take("id_front")


@pytest.mark.rule("H-42")
def test_a_mandate_is_notarised_where_the_city_asks_it(monkeypatch):
    rule = RepresentationRule(
        Basis.AGENT_POA, (PartyKind.PERSON,), ("cancel_filing",), attestations=(Attestation.NOTARISED,)
    )
    city = cities()[CITY]
    people = replace(city.people, representation=(rule, *city.people.representation))
    monkeypatch.setitem(cities(), CITY, replace(city, people=people))
    plain = replace(mandate("buyer-1"), attestation=Attestation.NONE)
    office = applicants(BUYER, mandates=(plain,))
    with pytest.raises(GuardsRefuse) as refused:
        office.phone(STRANGER, "buyer-1").claim()
    assert [each.code for each in refused.value.findings] == ["mandate.attestation"]
    office = applicants(BUYER, mandates=(mandate("buyer-1"),))
    office.phone(STRANGER, "buyer-1").claim()


def test_a_child_is_represented_by_a_guardian():
    guardian = replace(mandate("buyer-1", FATHER), basis=Basis.GUARDIAN)
    office = applicants(CHILD, mandates=(guardian,))
    with pytest.raises(GuardsRefuse) as refused:
        office.phone(CHILD, "buyer-1").claim()
    assert refused.value.findings[0].code == "notary.guardian_acts"
    office.phone(FATHER, "buyer-1").claim()
    assert office.facts[-1].data["by"] == "guardian"


def test_an_agent_of_two_purchasers_has_two_tasks():
    office = applicants(BUYER, BUYER_2, mandates=(mandate("buyer-1"), mandate("buyer-2")))
    one, other = office.phone(STRANGER, "buyer-1"), office.phone(STRANGER, "buyer-2")
    one.claim()
    other.claim()
    one.do("notary-face-begin", return_url="https://app.example/back")
    other.do("notary-face-begin", return_url="https://app.example/back")
    for ref in office.face.sessions:
        office.face.press(ref, "passed")
    one.do("notary-face-finish")
    other.do("notary-face-finish")
    references = {office.task(party).steps[-1].reference for party in ("buyer-1", "buyer-2")}
    assert len(references) == 2


def test_somebody_of_an_equal_name_is_somebody_else():
    namesake = resident(BUYER.name, 6, "13900000077", "19930708")
    office = applicants(BUYER)
    with pytest.raises(NotYours):
        office.phone(namesake, "buyer-1").claim()
