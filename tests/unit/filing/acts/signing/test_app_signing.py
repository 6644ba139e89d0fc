"""Signing by hand on one's own phone, in Huangshi and Shenzhen: order, person, text, confirmation."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pikepdf
import pytest

from documents.papers import paper_digest
from filing.case.papers import Qualification, UndertakingFile
from filing.case.people import PartyRole, RepresentationRecord
from filing.case.text import Confirmation
from filing.lifecycle import State
from filing.papers import read_paper
from filing.profile import Actor, QualificationState
from filing.profile.signing import SignMethod, SignStep
from identity.outside import FaceOutcome, OutsideAnswerWrong
from identity.representation import Basis, Kinship
from identity.staff import StaffRole
from identity.trust_level import CheckMethod, Login, LoginCapacity
from tests.builders.cases import (
    BUYER,
    CHILD,
    SELLER,
    STRANGER,
    WIFE,
    acting,
    party,
    situation,
    staff,
)
from tests.builders.desks import Desks, code_of, strokes_document

Ready = Callable[..., Desks]


def confirmed(desks: Desks) -> Desks:
    """Everybody has confirmed the text."""
    given = tuple(Confirmation(each.key, desks.text, desks.now, "acc") for each in desks.case.people.parties)
    desks.case = replace(desks.case, text=replace(desks.case.text, confirmations=given))
    return desks


def prepared(desks: Desks) -> Desks:
    """Qualified, and the undertaking handed in (Shenzhen)."""
    file = UndertakingFile("undertaking", "a" * 64, desks.text, SELLER.account, desks.now)
    papers = replace(
        desks.case.papers, qualification=Qualification(QualificationState.PASSED, "ZG1"), undertakings=(file,)
    )
    desks.case = replace(desks.case, papers=papers)
    return desks


@pytest.fixture
def huangshi(text_ready: Ready) -> Desks:
    desks = confirmed(text_ready("huangshi"))
    desks.do("start-signing", acting(SELLER), text_sha256=desks.text)
    return desks


@pytest.fixture
def shenzhen(text_ready: Ready) -> Desks:
    desks = prepared(text_ready("shenzhen"))
    desks.do("start-signing", acting(SELLER, "shenzhen"), text_sha256=desks.text)
    return desks


def check_face(desks: Desks, who: Any, key: str, city: str = "huangshi") -> None:
    on = {"party": key, "text_sha256": desks.text}
    desks.do("begin-signer-check", acting(who, city), **on, return_url="https://app.qianshu.example/back")
    desks.do("finish-signer-check", acting(who, city), **on)


def sign_in_huangshi(desks: Desks, who: Any, key: str) -> None:
    on = {"party": key, "text_sha256": desks.text}
    desks.do("preview-contract", acting(who), **on)
    check_face(desks, who, key)
    desks.do("sign", acting(who), **on, strokes=strokes_document())
    desks.do("confirm-signing", acting(who), **on)


def fields(pdf: bytes) -> dict[str, pikepdf.Object]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return {str(field.T): str(field.V.Reason) for field in opened.Root.AcroForm.Fields if "/V" in field}


@pytest.mark.rule("HS-31")
@pytest.mark.rule("H-31")
@pytest.mark.parametrize("who", [SELLER, BUYER])
def test_either_side_starts_and_everybody_gets_a_link(text_ready: Ready, who: Any) -> None:
    desks = confirmed(text_ready("huangshi"))
    desks.do("start-signing", acting(who), text_sha256=desks.text)
    assert desks.case.position.state is State.SIGNING
    assert [key for key, _ in desks.links.invited] == ["seller-1", "buyer-1"]
    assert [task.kind for task in desks.tasks] == ["sms", "sms"]


@pytest.mark.rule("HS-29")
@pytest.mark.rule("HS-30")
def test_nobody_is_called_before_all_have_confirmed(text_ready: Ready) -> None:
    desks = text_ready("huangshi")
    assert code_of(lambda: desks.do("start-signing", acting(SELLER), text_sha256=desks.text)) == "case.guards_refuse"
    assert not desks.links.invited


@pytest.mark.rule("HS-32")
@pytest.mark.rule("HS-36")
@pytest.mark.rule("H-16")
def test_everybody_signs_their_own_part_and_the_contract_is_signed(huangshi: Desks) -> None:
    sign_in_huangshi(huangshi, BUYER, "buyer-1")
    assert huangshi.case.position.state is State.SIGNING
    sign_in_huangshi(huangshi, SELLER, "seller-1")
    assert huangshi.case.position.state is State.SIGNED
    assert fields(huangshi.pdf()).keys() >= {"seller-1", "buyer-1"}
    assert [step.step for step in huangshi.case.signing.task("buyer-1").steps] == [
        SignStep.PREVIEW_CONTRACT,
        SignStep.FACE_OR_CERT_CHECK,
        SignStep.HANDWRITING,
        SignStep.CONFIRM,
    ]


@pytest.mark.rule("HS-15")
@pytest.mark.rule("HS-31")
def test_a_lost_link_is_sent_again_but_not_to_who_has_signed(huangshi: Desks) -> None:
    on = {"party": "buyer-1", "text_sha256": huangshi.text}
    huangshi.do("resend-invitation", acting(SELLER), **on)
    assert [key for key, _ in huangshi.links.invited] == ["seller-1", "buyer-1", "buyer-1"]
    sign_in_huangshi(huangshi, BUYER, "buyer-1")
    assert code_of(lambda: huangshi.do("resend-invitation", acting(SELLER), **on)) == "signing.done"


@pytest.mark.rule("HS-31")
@pytest.mark.rule("HS-32")
def test_a_code_is_made_for_the_signer_by_themselves_or_at_the_window(huangshi: Desks) -> None:
    on = {"party": "buyer-1", "text_sha256": huangshi.text}
    done = huangshi.do("hand-off-signing", acting(BUYER), **on)
    assert set(done.answer) == {"url", "expires_at", "code"}
    huangshi.do("hand-off-signing", staff(StaffRole.WINDOW_CLERK), **on)
    signer = huangshi.case.signing.task("buyer-1").signer
    assert huangshi.links.handed_off == [("buyer-1", signer)] * 2
    assert code_of(lambda: huangshi.do("hand-off-signing", acting(SELLER), **on)) == "party.not_yours"
    assert (
        code_of(lambda: huangshi.do("hand-off-signing", acting(BUYER), **on | {"text_sha256": "0" * 64}))
        == "text.other"
    )
    # It lets nobody sign, and there is nothing to hand off once somebody has.
    assert huangshi.case.signing.task("buyer-1").steps == ()
    sign_in_huangshi(huangshi, BUYER, "buyer-1")
    for who in (acting(BUYER), staff(StaffRole.WINDOW_CLERK)):
        assert code_of(lambda who=who: huangshi.do("hand-off-signing", who, **on)) == "signing.done"


@pytest.mark.rule("HS-32")
@pytest.mark.parametrize(
    ("act", "more"), [("preview-contract", {}), ("finish-signer-check", {}), ("confirm-signing", {})]
)
def test_only_the_signer_in_person_takes_a_step(huangshi: Desks, act: str, more: dict[str, Any]) -> None:
    """The other party is in the case; a stranger who was forwarded the link is nobody."""
    on = {"party": "buyer-1", "text_sha256": huangshi.text, **more}
    assert code_of(lambda: huangshi.do(act, acting(SELLER), **on)) == "party.not_yours"
    assert code_of(lambda: huangshi.do(act, acting(STRANGER), **on)) == "act.not_yours"
    assert [fact.data["code"] for fact in huangshi.refused] == ["party.not_yours", "act.not_yours"]


@pytest.mark.rule("SZ-70")
def test_steps_have_an_order(huangshi: Desks) -> None:
    on = {"party": "buyer-1", "text_sha256": huangshi.text}
    buyer = acting(BUYER)
    assert code_of(lambda: huangshi.do("sign", buyer, **on, strokes=strokes_document())) == "signing.out_of_order"
    assert code_of(lambda: huangshi.do("confirm-signing", buyer, **on)) == "signing.out_of_order"
    begin = {**on, "return_url": "https://app.qianshu.example/back"}
    assert code_of(lambda: huangshi.do("begin-signer-check", buyer, **begin)) == "signing.out_of_order"
    assert code_of(lambda: huangshi.do("preview-risk", buyer, **on, warning_sha256="0")) == "signing.not_a_step"


def test_another_text_is_not_signed(huangshi: Desks) -> None:
    on = {"party": "buyer-1", "text_sha256": "0" * 64}
    assert code_of(lambda: huangshi.do("preview-contract", acting(BUYER), **on)) == "text.other"


@pytest.mark.rule("SZ-73")
def test_nothing_is_signed_before_it_is_confirmed(huangshi: Desks) -> None:
    on = {"party": "buyer-1", "text_sha256": huangshi.text}
    huangshi.do("preview-contract", acting(BUYER), **on)
    check_face(huangshi, BUYER, "buyer-1")
    huangshi.do("sign", acting(BUYER), **on, strokes=strokes_document())
    assert "buyer-1" not in fields(huangshi.pdf())
    assert not huangshi.case.signing.signed_parties(huangshi.text)
    drawn = huangshi.case.signing.task("buyer-1").steps[-1].reference
    assert huangshi.files.types[drawn] == "application/vnd.qianshu.strokes+json"
    huangshi.do("confirm-signing", acting(BUYER), **on)
    assert "buyer-1" in fields(huangshi.pdf())


def test_checking_again_voids_what_was_drawn(huangshi: Desks) -> None:
    on = {"party": "buyer-1", "text_sha256": huangshi.text}
    huangshi.do("preview-contract", acting(BUYER), **on)
    check_face(huangshi, BUYER, "buyer-1")
    huangshi.do("sign", acting(BUYER), **on, strokes=strokes_document())
    check_face(huangshi, BUYER, "buyer-1")
    assert code_of(lambda: huangshi.do("confirm-signing", acting(BUYER), **on)) == "signing.out_of_order"


def test_a_signature_is_made_once(huangshi: Desks) -> None:
    sign_in_huangshi(huangshi, BUYER, "buyer-1")
    on = {"party": "buyer-1", "text_sha256": huangshi.text}
    assert code_of(lambda: huangshi.do("confirm-signing", acting(BUYER), **on)) == "signing.done"


def test_a_confirmation_whose_commit_was_lost_finds_its_signature(huangshi: Desks) -> None:
    on = {"party": "buyer-1", "text_sha256": huangshi.text}
    huangshi.do("preview-contract", acting(BUYER), **on)
    check_face(huangshi, BUYER, "buyer-1")
    huangshi.do("sign", acting(BUYER), **on, strokes=strokes_document())
    before = huangshi.case
    first = huangshi.do("confirm-signing", acting(BUYER), **on).answer["sha256"]
    huangshi.case = before
    assert huangshi.do("confirm-signing", acting(BUYER), **on).answer["sha256"] == first


def test_a_dot_is_not_a_signature(huangshi: Desks) -> None:
    on = {"party": "buyer-1", "text_sha256": huangshi.text}
    huangshi.do("preview-contract", acting(BUYER), **on)
    check_face(huangshi, BUYER, "buyer-1")
    dot = {**strokes_document(), "strokes": [[[300, 100, 0], [301, 100, 200]]]}
    assert code_of(lambda: huangshi.do("sign", acting(BUYER), **on, strokes=dot)) == "handwriting.dot"


# --- the check -------------------------------------------------------------------------------------------------------


@pytest.mark.rule("HS-32")
@pytest.mark.parametrize(
    ("outcome", "minutes", "code"),
    [
        (FaceOutcome.PENDING, 0, "check.pending"),
        (FaceOutcome.FAILED, 0, "check.not_passed"),
        (FaceOutcome.EXPIRED, 0, "check.not_passed"),
        (FaceOutcome.PASSED, 11, "check.not_passed"),
    ],
)
def test_only_a_fresh_pass_counts(huangshi: Desks, outcome: FaceOutcome, minutes: int, code: str) -> None:
    on = {"party": "buyer-1", "text_sha256": huangshi.text}
    huangshi.do("preview-contract", acting(BUYER), **on)
    huangshi.face.outcome, huangshi.face.at = outcome, huangshi.now - timedelta(minutes=minutes)
    assert code_of(lambda: check_face(huangshi, BUYER, "buyer-1")) == code


def test_a_result_nobody_began_is_not_asked_for(huangshi: Desks) -> None:
    on = {"party": "buyer-1", "text_sha256": huangshi.text}
    huangshi.do("preview-contract", acting(BUYER), **on)
    assert code_of(lambda: huangshi.do("finish-signer-check", acting(BUYER), **on)) == "check.not_begun"


def test_another_persons_session_is_worth_nothing(huangshi: Desks) -> None:
    for who, key in ((SELLER, "seller-1"), (BUYER, "buyer-1")):
        on = {"party": key, "text_sha256": huangshi.text}
        huangshi.do("preview-contract", acting(who), **on)
        huangshi.do("begin-signer-check", acting(who), **on, return_url="https://app.qianshu.example/back")
    people = huangshi.case.people
    swapped = tuple(replace(one, session="face-1") for one in people.begun)
    huangshi.case = replace(huangshi.case, people=replace(people, begun=swapped))
    with pytest.raises(OutsideAnswerWrong):
        huangshi.do("finish-signer-check", acting(BUYER), party="buyer-1", text_sha256=huangshi.text)


@pytest.mark.rule("HS-32")
def test_the_window_serves_whoever_shows_no_face(huangshi: Desks) -> None:
    on = {"party": "buyer-1", "text_sha256": huangshi.text}
    huangshi.do("preview-contract", acting(BUYER), **on)
    clerk = staff(StaffRole.WINDOW_CLERK)
    huangshi.do("attest-signer", clerk, **on, record="W-1")
    huangshi.do("sign", acting(BUYER), **on, strokes=strokes_document())
    check = huangshi.case.people.checks[-1]
    assert (check.method, check.reference, check.person_key) == (CheckMethod.WINDOW, "W-1", BUYER.key)
    assert check.subject_sha256 == huangshi.text


def test_a_clerk_does_not_attest_in_their_own_case(text_ready: Ready) -> None:
    desks = confirmed(text_ready("huangshi"))
    desks.do("start-signing", acting(SELLER), text_sha256=desks.text)
    on = {"party": "buyer-1", "text_sha256": desks.text, "record": "W-1"}
    clerk = staff(StaffRole.WINDOW_CLERK, someone=SELLER)
    attempt = lambda: desks.do("attest-signer", clerk, as_actor=Actor.WINDOW_STAFF, **on)  # noqa: E731
    assert code_of(attempt) == "case.guards_refuse"


# --- Shenzhen --------------------------------------------------------------------------------------------------------


def by_certificate(who: Any) -> Any:
    login = Login(LoginCapacity.OWNER, (CheckMethod.CA_CERT,))
    return acting(who, "shenzhen", login=login)


def warning(desks: Desks) -> str:
    return paper_digest(read_paper(desks.world.read_text, situation(desks.case), "risk_warning"))


@pytest.mark.rule("SZ-70")
@pytest.mark.rule("SZ-71")
@pytest.mark.rule("SZ-72")
@pytest.mark.rule("SZ-73")
@pytest.mark.rule("SZ-74")
def test_shenzhen_reads_checks_writes_gives_the_code_and_confirms(shenzhen: Desks) -> None:
    for who, key, as_logged_in in ((SELLER, "seller-1", by_certificate(SELLER)), (BUYER, "buyer-1", None)):
        on = {"party": key, "text_sha256": shenzhen.text}
        person = as_logged_in or acting(who, "shenzhen")
        shenzhen.do("preview-contract", person, **on)
        shenzhen.do("preview-risk", person, **on, warning_sha256=warning(shenzhen))
        if as_logged_in:
            shenzhen.do("check-by-certificate", person, **on)
        else:
            check_face(shenzhen, who, key, "shenzhen")
        answer = shenzhen.do("request-sign-code", person, **on).answer
        assert answer["phone"] == f"139****{who.phone[-4:]}"
        shenzhen.do("sign", person, **on, strokes=strokes_document(), code=shenzhen.codes.CODE)
        assert shenzhen.case.position.state is State.SIGNING
        shenzhen.do("confirm-signing", person, **on)
    assert shenzhen.case.position.state is State.SIGNED
    assert {request.words["price"] for request in shenzhen.codes.sent} == {"1,286,500.00 元"}
    assert {receipt.subject for receipt in shenzhen.case.text.receipts} >= {"contract", "risk_warning"}


@pytest.mark.rule("SZ-72")
def test_handwriting_without_the_code_is_not_taken(shenzhen: Desks) -> None:
    on = {"party": "seller-1", "text_sha256": shenzhen.text}
    person = by_certificate(SELLER)
    assert code_of(lambda: shenzhen.do("request-sign-code", person, **on)) == "signing.out_of_order"
    shenzhen.do("preview-contract", person, **on)
    shenzhen.do("preview-risk", person, **on, warning_sha256=warning(shenzhen))
    shenzhen.do("check-by-certificate", person, **on)
    assert code_of(lambda: shenzhen.do("sign", person, **on, strokes=strokes_document())) == "signing.code_missing"
    wrong = {**on, "strokes": strokes_document(), "code": "000000"}
    assert code_of(lambda: shenzhen.do("sign", person, **wrong)) == "code.wrong"


def test_a_warning_that_has_changed_is_read_again(shenzhen: Desks) -> None:
    on = {"party": "seller-1", "text_sha256": shenzhen.text}
    person = acting(SELLER, "shenzhen")
    shenzhen.do("preview-contract", person, **on)
    assert code_of(lambda: shenzhen.do("preview-risk", person, **on, warning_sha256="0" * 64)) == "notice.other"


@pytest.mark.rule("SZ-71")
def test_a_session_without_the_certificate_does_not_check(shenzhen: Desks) -> None:
    on = {"party": "seller-1", "text_sha256": shenzhen.text}
    person = acting(SELLER, "shenzhen")
    shenzhen.do("preview-contract", person, **on)
    shenzhen.do("preview-risk", person, **on, warning_sha256=warning(shenzhen))
    assert code_of(lambda: shenzhen.do("check-by-certificate", person, **on)) == "check.no_certificate"


@pytest.mark.rule("SZ-68")
@pytest.mark.rule("SZ-65")
def test_signing_waits_for_qualification_and_undertaking(text_ready: Ready) -> None:
    desks = text_ready("shenzhen")
    assert (
        code_of(lambda: desks.do("start-signing", acting(SELLER, "shenzhen"), text_sha256=desks.text))
        == "case.guards_refuse"
    )
    assert (
        code_of(lambda: desks.do("start-signing", acting(BUYER, "shenzhen"), text_sha256=desks.text))
        == "profile.not_this_actor"
    )


# --- who signs -------------------------------------------------------------------------------------------------------


@pytest.mark.rule("H-08")
def test_the_guardian_signs_for_a_child(text_ready: Ready) -> None:
    child = party(CHILD, "buyer-1")
    guardian = RepresentationRecord("buyer-1", WIFE.identified, Basis.GUARDIAN, WIFE.contact, kinship=Kinship.MOTHER)
    parties = (party(SELLER, "seller-1"), child)
    desks = text_ready("huangshi", *parties)
    desks.case = replace(desks.case, people=replace(desks.case.people, representations=(guardian,)))
    confirmed(desks)
    desks.fix()
    confirmed(desks)
    desks.do("start-signing", acting(SELLER), text_sha256=desks.text)
    assert desks.case.signing.task("buyer-1").signer == WIFE.key
    sign_in_huangshi(desks, WIFE, "buyer-1")
    assert fields(desks.pdf())["buyer-1"] == f"作为买受人{CHILD.name}的监护人签署本合同"


@pytest.mark.rule("HS-30")
def test_a_co_owner_who_transfers_nothing_signs_too(text_ready: Ready) -> None:
    desks = text_ready(
        "huangshi",
        party(SELLER, "seller-1"),
        party(WIFE, "co-owner-1", role=PartyRole.CO_OWNER),
        party(BUYER, "buyer-1"),
    )
    confirmed(desks).do("start-signing", acting(SELLER), text_sha256=desks.text)
    for who, key in ((SELLER, "seller-1"), (BUYER, "buyer-1")):
        sign_in_huangshi(desks, who, key)
    assert desks.case.position.state is State.SIGNING
    sign_in_huangshi(desks, WIFE, "co-owner-1")
    assert desks.case.position.state is State.SIGNED
    assert desks.case.signing.method is SignMethod.APP
