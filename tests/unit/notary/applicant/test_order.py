"""The steps of each group in the profile's order, on whatever telephone, redone where that is sense (ZN-09…14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from filing.case import case_from_json, case_to_json
from filing.case.notary import FileKind, NotaryState
from filing.profile.cancelling import NotaryStep
from notary.applicant.order import reopened
from notary.errors import NotaryError
from tests.builders.applicants import READ, applicants, card
from tests.builders.cases import BUYER, BUYER_2, FOREIGNER, profile
from tests.builders.desks import code_of
from tests.builders.termination import CITY

MAINLAND = ["select_self", "face", "read_all", "upload_id_photos", "upload_signature_image", "face"]
OVERSEAS = [
    *("select_self", "enter_id_document", "read_all", "upload_id_photos", "upload_id_in_hand"),
    *("upload_signature_image", "video", "enter_id_document"),
]
GROUPS = [(BUYER, MAINLAND), (FOREIGNER, OVERSEAS)]

TRIES = {
    "face": lambda phone: phone.do("notary-face-begin", return_url="https://app.example/back"),
    "enter_id_document": lambda phone: phone.enter_id(),
    "read_all": lambda phone: phone.agree(),
    "upload_id_photos": lambda phone: phone.take("id_front", b"never looked at"),
    "upload_id_in_hand": lambda phone: phone.take("id_in_hand", b"never looked at"),
    "upload_signature_image": lambda phone: phone.sign(),
    "video": lambda phone: phone.pose(),
    "submit": lambda phone: phone.submit(),
}


@pytest.mark.rule("ZN-09")
@pytest.mark.rule("ZN-11")
@pytest.mark.rule("ZN-12")
@pytest.mark.rule("ZN-13")
@pytest.mark.rule("ZN-14")
@pytest.mark.parametrize(("who", "order"), GROUPS, ids=["mainland", "overseas"])
def test_the_steps_of_a_group(who, order):
    office = applicants(who)
    phone = office.phone(who, "buyer-1")
    assert [place.step.value for place in office.view().places] == order
    phone.walk()
    assert office.steps() == order
    assert office.view().ready
    assert office.view().next_step is None


@pytest.mark.parametrize("done", range(8))
@pytest.mark.parametrize(("who", "order"), GROUPS, ids=["mainland", "overseas"])
def test_nothing_is_done_before_its_turn(who, order, done):
    """Before a step everything behind it is refused; what is of the other group is no step at all."""
    office = applicants(who)
    phone = office.phone(who, "buyer-1")
    for step in order[:done]:
        phone.step(NotaryStep(step))
    before = office.case
    if not done:
        assert {code_of(lambda step=step: TRIES[step](phone)) for step in TRIES} == {"notary.not_claimed"}
        return
    behind = set(order[done + 1 :]) - set(order[: done + 1])
    for step in (behind | {"submit"}) if done < len(order) else ():
        assert code_of(lambda step=step: TRIES[step](phone)) == "notary.out_of_order", step
    for step in set(TRIES) - set(order) - {"submit"}:
        assert code_of(lambda step=step: TRIES[step](phone)) == "notary.not_a_step", step
    assert office.case == before


@pytest.mark.rule("ZN-13")
@pytest.mark.parametrize(("who", "step"), [(BUYER, "face"), (FOREIGNER, "enter_id_document")])
def test_the_second_verification_is_not_done_early(who, step):
    office = applicants(who)
    phone = office.phone(who, "buyer-1")
    phone.walk("upload_id_photos")
    assert code_of(lambda: TRIES[step](phone)) == "notary.out_of_order"


def test_where_one_stopped_another_telephone_goes_on():
    """Everything is in the case: between two steps nothing is anywhere else."""
    office = applicants(FOREIGNER)
    for step in OVERSEAS:
        office.case = case_from_json(case_to_json(office.case))
        office.phone(FOREIGNER, "buyer-1").step(NotaryStep(step))
    assert office.view().ready


def test_two_purchasers_do_not_disturb_each_other():
    office = applicants(BUYER, FOREIGNER)
    one, other = office.phone(BUYER, "buyer-1"), office.phone(FOREIGNER, "buyer-2")
    for number in range(8):
        for phone, order in ((one, MAINLAND), (other, OVERSEAS)):
            before = office.task("buyer-2" if phone is one else "buyer-1")
            if number < len(order):
                phone.step(NotaryStep(order[number]))
            assert office.task(before.party) == before
    assert (office.steps("buyer-1"), office.steps("buyer-2")) == (MAINLAND, OVERSEAS)


def test_nobody_does_anothers_step():
    office = applicants(BUYER, BUYER_2)
    office.phone(BUYER, "buyer-1").walk("upload_id_photos")
    thief = office.phone(BUYER_2, "buyer-1")
    for attempt in TRIES.values():
        assert code_of(lambda attempt=attempt: attempt(thief)) == "party.not_yours"


# --- again -----------------------------------------------------------------------------------------------------------


def test_a_photo_taken_again_leaves_the_rest():
    office = applicants(BUYER)
    phone = office.phone(BUYER, "buyer-1")
    phone.walk("face")
    phone.show_face()
    phone.walk("face")
    steps = office.task().steps
    phone.take("id_front", card("id_in_hand"))
    assert office.steps() == [each.step.value for each in steps]
    assert [new == old for new, old in zip(office.task().steps, steps, strict=True)] == [True, True, True, True, True]
    assert len([each for each in office.task().files if each.kind is FileKind.ID_FRONT]) == 2


def test_what_is_changed_after_the_second_verification_is_verified_again():
    office = applicants(BUYER)
    phone = office.phone(BUYER, "buyer-1")
    phone.walk()
    first = office.task().steps[1]
    phone.sign()
    assert office.steps() == MAINLAND[:-1]
    assert office.task().steps[1] == first, "the first one stands"
    assert office.view().next_step is NotaryStep.FACE
    assert code_of(phone.submit) == "notary.out_of_order"
    phone.walk()
    assert office.view().ready


@pytest.mark.rule("ZN-13")
def test_the_second_verification_is_of_the_moment_of_handing_in():
    office = applicants(BUYER)
    phone = office.phone(BUYER, "buyer-1")
    phone.walk()
    office.later(minutes=30)
    assert office.view().ready
    office.later(seconds=1)
    assert not office.view().ready
    assert office.view().next_step is NotaryStep.FACE
    assert code_of(phone.submit) == "notary.out_of_order"
    phone.show_face()
    assert office.view().ready
    assert office.steps() == MAINLAND, "it took the place of the old one"


def test_other_papers_are_read_anew():
    office = applicants(BUYER)
    phone = office.phone(BUYER, "buyer-1")
    phone.walk()
    papers = office.matter.papers
    office.change(papers=(replace(papers[0], sha256="e" * 64), *papers[1:]))
    assert office.view().next_step is NotaryStep.READ_ALL
    assert [(left.paper, left.pages) for left in office.view().unread] == [(READ[0], (1, 2, 3))]
    assert code_of(phone.agree) == "notary.unread"
    phone.walk()
    assert office.view().ready
    assert office.steps() == MAINLAND


# --- the office wants more -------------------------------------------------------------------------------------------


def again(office, *steps):
    task = office.task()
    made = reopened(profile(CITY), office.matter, replace(task, submitted_at=office.now), steps, office.now)
    office.change(tasks=(made, *office.matter.tasks[1:]), state=NotaryState.SUPPLEMENT)


@pytest.mark.rule("H-40")
@pytest.mark.parametrize(
    "step", [NotaryStep.UPLOAD_ID_PHOTOS, NotaryStep.UPLOAD_SIGNATURE_IMAGE, NotaryStep.READ_ALL, NotaryStep.FACE]
)
def test_a_step_that_is_wanted_again_is_done_with_the_second_verification(step):
    office = applicants(BUYER)
    phone = office.phone(BUYER, "buyer-1")
    phone.walk()
    office.later(days=3)
    again(office, step)
    task = office.task()
    assert task.submitted_at is None
    assert office.view().next_step is step
    missing = [place.step for place in office.view().places if place.done is None]
    assert missing == list(dict.fromkeys((step, NotaryStep.FACE))) or missing == [step, NotaryStep.FACE]
    phone.walk()
    assert office.steps() == MAINLAND


@pytest.mark.rule("H-40")
def test_a_video_wanted_again_needs_a_new_sentence():
    office = applicants(FOREIGNER)
    phone = office.phone(FOREIGNER, "buyer-1")
    phone.walk()
    text = office.task().videos[0].text
    phone.pose()
    assert office.view().script is not None
    again(office, NotaryStep.VIDEO)
    assert office.view().script is None
    assert office.view().next_step is NotaryStep.VIDEO
    phone.film(b"another video")
    phone.walk()
    assert [video.text == text for video in office.task().videos] == [True, False]
    assert office.steps() == OVERSEAS


@pytest.mark.rule("H-40")
def test_papers_wanted_to_be_read_again_are_read_page_by_page():
    office = applicants(BUYER)
    office.phone(BUYER, "buyer-1").walk()
    again(office, NotaryStep.READ_ALL)
    assert code_of(office.phone(BUYER, "buyer-1").agree) == "notary.unread"


def test_only_whoever_did_it_answers_the_office():
    office = applicants(BUYER, BUYER_2)
    office.phone(BUYER, "buyer-1").walk()
    again(office, NotaryStep.UPLOAD_ID_PHOTOS)
    assert code_of(lambda: office.phone(BUYER_2, "buyer-1").take("id_front")) == "party.not_yours"


# --- the view --------------------------------------------------------------------------------------------------------


def test_the_view_says_what_is_left():
    office = applicants(FOREIGNER)
    phone = office.phone(FOREIGNER, "buyer-1")
    assert not office.view().claimed
    phone.walk("read_all")
    left = office.view()
    assert left.claimed
    assert {each.paper: each.pages for each in left.unread} == {
        "termination_agreement": (1, 2, 3),
        "notary_application": (1, 2),
        "notary_notice": (1,),
        "acceptance_record": (1,),
    }
    phone.walk("upload_id_photos")
    phone.take("id_back")
    assert office.view().photos_missing == (FileKind.ID_FRONT, FileKind.ID_IN_HAND)
    assert office.view().next_step is NotaryStep.UPLOAD_ID_PHOTOS
    phone.walk("video")
    posed = phone.pose()
    assert office.view().script.text == posed["text"]
    office.now = office.view().script.expires_at
    assert office.view().script is None
    office.now -= timedelta(seconds=1)
    assert office.view().script is not None


def test_a_task_does_not_grow_without_end():
    office = applicants(BUYER)
    phone = office.phone(BUYER, "buyer-1")
    phone.walk("upload_id_photos")
    phone.take("id_front")
    office.change_task("buyer-1", files=office.task().files * 60)
    assert code_of(lambda: phone.take("id_back")) == "notary.too_many_tries"
    with pytest.raises(NotaryError):
        phone.sign()
