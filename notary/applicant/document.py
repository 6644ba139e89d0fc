"""Applicants from outside the mainland type their own document in, twice (ZN-12, ZN-13, H-37).

It must be a document the city takes of them, its number must be one, and it must be the one they are known by in the
case. The number is not kept: the step holds its keyed digest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from filing.acts.spec import ActDoc, ActSpec
from filing.calendar import beijing_day
from filing.case.notary import StepTaken
from filing.errors import InputRefused
from filing.lifecycle import State
from filing.profile import Actor
from filing.profile.cancelling import NotaryStep
from identity.eligibility import Claim, check_id_type
from identity.findings import Finding
from identity.numbers import IdType, PersonMatch, check_number, folded, same_person_number
from identity.subjects import Side
from notary.applicant.bound import COMMON, done_at_place, my_task, replaced_task, require_place
from notary.applicant.inputs import DocumentEntered
from notary.applicant.who import applicant_person
from notary.matter import has_cancelling

if TYPE_CHECKING:
    from filing.acts.world import World
    from filing.engine.outcome import Outcome
    from filing.engine.situation import Situation
    from identity.numbers import IdentityNumber
    from notary.applicant.order import Place

__all__ = ["ENTER_ID"]

STEP: Final = NotaryStep.ENTER_ID_DOCUMENT


def _check(situation: Situation, asked: DocumentEntered) -> None:
    mine = my_task(situation, asked.party)
    require_place(mine, STEP)
    _require_taken_here(situation, asked)
    _require_same_person(situation, asked, _number(situation, asked))


def _number(situation: Situation, asked: DocumentEntered) -> IdentityNumber:
    """Raises ``NumberError``: what is wrong with the number by itself."""
    return check_number(asked.id_type, asked.id_number, beijing_day(situation.now))


def _require_taken_here(situation: Situation, asked: DocumentEntered) -> None:
    person = applicant_person(situation)
    claim = Claim(Side.BUYER, person.subject.kind, person.region, asked.id_type)
    found = check_id_type(situation.profile.people.id_types, claim)
    if found:
        raise InputRefused(found)


def _require_same_person(situation: Situation, asked: DocumentEntered, number: IdentityNumber) -> None:
    """The document is that of the applicant as the case and their login know them, and the name is theirs.

    A renewed passport has another number and proves nothing by itself: then the contract's data are corrected first.
    """
    subject = applicant_person(situation).subject
    found = []
    if same_person_number(number, subject.number) is not PersonMatch.SAME:
        found.append(
            Finding(
                "notary.other_document",
                "证件与合同登记的申请人证件不一致；换领新证的，请先更正申请信息后重新推送",
                "this is not the document the applicant is known by; if it was renewed, have the data corrected first",
            )
        )
    if asked.name is not None and folded(asked.name) != folded(subject.name):
        found.append(
            Finding("notary.other_name", "姓名与合同登记的申请人不一致", "the name is not that of the applicant")
        )
    if found:
        raise InputRefused(tuple(found))


def _gather(situation: Situation, asked: DocumentEntered, world: World) -> str:
    return world.key_of(asked.id_type, _number(situation, asked).normalised)


def _decide(situation: Situation, asked: DocumentEntered, key: str) -> Outcome:
    mine = my_task(situation, asked.party)
    place = require_place(mine, STEP)
    first = next(each for each in mine.places if each.step is STEP)
    taken = StepTaken(STEP, situation.now, asked.id_type.value, key)
    if place.number != first.number:
        _require_as_before(first, taken)
    which = "first" if place.number == first.number else "second"
    return replaced_task(situation, done_at_place(mine, place, taken)).noting(
        "notary.document_entered", party=asked.party, id_type=asked.id_type.value, which=which
    )


def _require_as_before(first: Place, taken: StepTaken) -> None:
    if first.done is None or (first.done.method, first.done.reference) != (taken.method, taken.reference):
        finding = Finding(
            "notary.document_differs",
            "两次输入的证件不一致",
            "the document entered now is not the one entered first",
        )
        raise InputRefused((finding,))


ENTER_ID: Final = ActSpec(
    name="notary-enter-id",
    by=frozenset({Actor.BUYER}),
    states=frozenset({State.CANCELLING}),
    input=DocumentEntered,
    check=_check,
    gather=_gather,
    decide=_decide,
    fits=has_cancelling,
    doc=ActDoc(
        zh="输入本人证件：非中国大陆居民输入护照、港澳居民来往内地通行证等证件，共两次，第二次在提交资料时。",
        en="Type one's own document in, for applicants from outside the mainland: first, and again before handing in.",
        example={"party": "buyer-2", "id_type": IdType.PASSPORT.value, "id_number": "C01X00T47"},
        errors=(*COMMON, "number.format", "number.checksum", "input.refused"),
    ),
    rules=("ZN-12", "ZN-13", "H-37", "H-42"),
)
"""Instead of a face."""
