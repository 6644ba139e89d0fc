"""The office accepts, wants more, refuses, lets go; its term runs and pauses."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from errors import QianshuError
from filing.case.notary import NotaryState
from filing.lifecycle import State
from filing.profile.cancelling import NotaryStep
from notary.acts.inputs import GROUNDS, RefusalGround, Wanted
from notary.movers import NotaryMover, next_movers
from tests.builders.cases import FOREIGNER, acting
from tests.builders.notary_world import OFFICE_ID
from tests.unit.notary.acts.conftest import CITY, OTHER

PHOTOS = Wanted("身份证照片反光。", "buyer-1", NotaryStep.UPLOAD_ID_PHOTOS)
LICENCE = Wanted("请补充营业执照。")

TELLING = ("cancelling-pushed", "cancelling-called", "cancelling-verifying", "cancelling-submitted")


# --- accept ----------------------------------------------------------------------------------------------------------


@pytest.mark.rule("ZN-18")
def test_accepted_the_term_runs_and_everybody_is_told(at):
    submitted = at("cancelling-submitted")
    answer = submitted.office("notary-accept", acceptance_number=" 受字第1号 ").answer
    decision = submitted.exchange.decision
    assert submitted.matter.state is NotaryState.ACCEPTED
    assert (decision.accepted_at, decision.acceptance_number) == (submitted.town.now, "受字第1号")
    assert decision.due_on == date(2026, 12, 11)
    assert answer["due_on"] == "2026-12-11"
    assert submitted.told("notary_accepted") == {"seller-1", "buyer-1", "buyer-2"}


@pytest.mark.rule("ZN-17")
@pytest.mark.rule("H-40")
def test_nothing_is_accepted_before_everybody_has_handed_in(at):
    for name in ("cancelling-pushed", "cancelling-called", "cancelling-verifying"):
        waiting = at(name)
        assert waiting.refused("notary-accept", waiting.cast.notary) == "notary.not_now"
    submitted = at("cancelling-submitted")
    assert submitted.refused("notary-accept", submitted.cast.notary, acceptance_number=" ") == "notary.reason_missing"


@pytest.mark.rule("ZN-17")
def test_with_the_last_purchaser_a_complete_package_is_ordered(at):
    submitted = at("cancelling-submitted")
    assert submitted.matter.state is NotaryState.SUBMITTED
    assert [(each.number, each.complete) for each in submitted.exchange.packages] == [(1, False), (2, True)]
    assert submitted.told("notary_submitted") == {"entrant"}
    assert {each.party for each in submitted.matter.agreement.signed} == {"seller-1", "buyer-1", "buyer-2"}


@pytest.mark.parametrize("act", ["notary-accept", "notary-supplement", "notary-refuse", "notary-issue"])
def test_another_office_learns_nothing(at, act):
    assert at("cancelling-submitted").refused(act, OTHER) == "act.not_yours"


# --- more is wanted --------------------------------------------------------------------------------------------------


@pytest.mark.rule("ZN-18")
@pytest.mark.rule("H-40")
def test_a_named_step_and_all_after_it_is_done_again_by_that_purchaser_alone(at):
    submitted = at("cancelling-submitted")
    other = submitted.task("buyer-2")
    submitted.office("notary-supplement", items=(PHOTOS,))
    assert submitted.matter.state is NotaryState.SUPPLEMENT
    assert [each.step for each in submitted.task().steps] == [
        NotaryStep.SELECT_SELF,
        NotaryStep.FACE,
        NotaryStep.READ_ALL,
    ]
    assert submitted.task().submitted_at is None
    assert submitted.task().applicant == at("cancelling-submitted").task().applicant, "nobody scans again"
    assert submitted.task("buyer-2") == other
    assert next_movers(submitted.matter) == {NotaryMover.PURCHASERS}
    assert submitted.told("notary_supplement") == {"buyer-1", "entrant"}


def test_a_step_that_is_named_for_all_is_done_again_by_all_who_have_it(at):
    submitted = at("cancelling-submitted")
    submitted.office("notary-supplement", items=(Wanted("视频听不清。", step=NotaryStep.VIDEO),))
    assert submitted.task("buyer-2").submitted_at is None
    assert submitted.task("buyer-1").submitted_at is not None, "whoever shows their face makes no video"


def test_reading_again_is_reading_every_page_again(at):
    submitted = at("cancelling-submitted")
    submitted.office("notary-supplement", items=(Wanted("请重新阅读。", "buyer-1", NotaryStep.READ_ALL),))
    assert submitted.task().pages == ()


@pytest.mark.parametrize(
    "item",
    [
        Wanted("x", "buyer-9"),
        Wanted("x", "seller-1", NotaryStep.FACE),
        Wanted("x", "buyer-1", NotaryStep.VIDEO),
        Wanted("x", "buyer-2", NotaryStep.FACE),
        Wanted("x", None, NotaryStep.SELECT_SELF),
    ],
    ids=str,
)
def test_what_nobody_can_do_again_is_not_asked_for(at, item):
    submitted = at("cancelling-submitted")
    assert submitted.refused("notary-supplement", submitted.cast.notary, items=(item,)) == "supplement.step"


def test_a_supplement_says_what_is_wanted(at):
    submitted = at("cancelling-submitted")
    office = submitted.cast.notary
    assert submitted.refused("notary-supplement", office, items=()) == "supplement.items"
    assert submitted.refused("notary-supplement", office, items=(Wanted(" "),)) == "notary.reason_missing"
    called = at("cancelling-called")
    assert called.refused("notary-supplement", office, items=(LICENCE,)) == "notary.not_now"


@pytest.mark.rule("H-40")
def test_what_names_no_step_the_developer_answers_with_papers_and_words(at):
    wanted = at("cancelling-submitted")
    wanted.office("notary-supplement", items=(LICENCE,))
    assert next_movers(wanted.matter) == {NotaryMover.DEVELOPER}
    assert all(task.submitted_at is not None for task in wanted.matter.tasks)
    wanted.developer("add-notary-paper", title="营业执照副本")
    assert wanted.matter.papers[-1].paper == "supplement-1"
    assert wanted.matter.state is NotaryState.SUPPLEMENT, "papers alone answer nothing"
    wanted.developer("answer-supplement", words="已补充营业执照副本。")
    (supplement,) = wanted.exchange.supplements
    assert (supplement.answer, supplement.answered_at) == ("已补充营业执照副本。", wanted.town.now)
    assert wanted.matter.state is NotaryState.SUBMITTED
    assert wanted.refused("answer-supplement", wanted.cast.seller) == "supplement.none"
    assert wanted.refused("add-notary-paper", wanted.cast.seller) == "supplement.none"


@pytest.mark.rule("H-40")
@pytest.mark.parametrize("first", ["developer", "purchaser"])
def test_a_supplement_is_answered_when_everybody_has(at, first):
    wanted = at("cancelling-submitted")
    wanted.office("notary-supplement", items=(PHOTOS, LICENCE))
    steps = {"developer": lambda: wanted.developer("answer-supplement"), "purchaser": lambda: _photos_again(wanted)}
    for name in (first, *(steps.keys() - {first})):
        assert wanted.matter.state is NotaryState.SUPPLEMENT
        steps[name]()
    assert wanted.matter.state is NotaryState.SUBMITTED
    assert [package.number for package in wanted.exchange.packages if package.complete] == [2, 3]
    assert wanted.exchange.supplements[0].answered_at == wanted.town.now


def _photos_again(wanted) -> None:
    buyer = wanted.cast.buyer
    for act in ("notary-upload-photo", "notary-upload-photo", "notary-give-signature", "notary-face-begin"):
        wanted.do(act, buyer)
    wanted.town.looked_at()
    wanted.do("notary-face-finish", buyer)
    wanted.do("notary-submit", buyer)


@pytest.mark.rule("ZN-18")
def test_the_term_pauses_and_goes_on_with_what_was_left(at):
    accepted = at("cancelling-accepted")
    accepted.town.now += timedelta(days=2)
    accepted.office("notary-supplement", items=(LICENCE,))
    assert accepted.exchange.decision.due_on is None
    accepted.town.now += timedelta(days=7)
    accepted.developer("answer-supplement")
    assert accepted.matter.state is NotaryState.ACCEPTED
    assert accepted.exchange.decision.due_on == date(2026, 12, 18)
    due = [row.payload["due_on"] for row in accepted.town.book.tasks.values() if row.kind == "tell-notary-overdue"]
    assert due == ["2026-12-11", "2026-12-18"]


# --- refuse, let go --------------------------------------------------------------------------------------------------


@pytest.mark.rule("H-40")
@pytest.mark.rule("ZN-18")
@pytest.mark.parametrize("ground", RefusalGround)
def test_the_office_refuses_on_one_of_nine_grounds(at, ground):
    submitted = at("cancelling-submitted")
    submitted.office("notary-refuse", ground=ground, reason="查明的事实与申请不符。")
    assert submitted.state is State.FILED
    assert submitted.case.filing.in_force
    (refused,) = submitted.case.notary.past
    assert refused.state is NotaryState.REFUSED
    assert refused.exchange.decision.refused_ground == ground.value
    assert submitted.case.notary.current is None
    assert submitted.case.cancelling.past[-1].reason == f"{GROUNDS[ground][0]}：查明的事实与申请不符。"
    assert submitted.told("notary_refused") == {"seller-1", "buyer-1", "buyer-2"}
    assert submitted.told("cancel_dropped") == set(), "one message is enough"


def test_there_are_nine_grounds_in_two_languages():
    assert len(RefusalGround) == 9
    assert set(GROUNDS) == set(RefusalGround)
    assert all(zh and en for zh, en in GROUNDS.values())


@pytest.mark.parametrize("name", [*TELLING, "cancelling-accepted", "cancelling-supplement"])
def test_the_office_may_refuse_as_soon_as_it_has_the_papers(at, name):
    case = at(name)
    assert case.refused("notary-refuse", case.cast.notary, reason="  ") == "notary.reason_missing"
    case.office("notary-refuse")
    assert case.state is State.FILED


def test_a_refused_matter_opens_nothing_any_more(at):
    called = at("cancelling-called")
    token = called.task().qr.sealed[::-1]
    called.office("notary-refuse")
    with pytest.raises(QianshuError) as refused:
        called.do("notary-claim", called.cast.buyer, party="buyer-1", token=token)
    assert refused.value.code == "act.not_now"


@pytest.mark.rule("H-40")
def test_refused_it_can_be_asked_for_again(at):
    called = at("cancelling-called")
    called.office("notary-refuse")
    called.developer("request-cancel")
    assert (called.matter.number, called.matter.state) == (2, NotaryState.PREPARED)
    called.developer("push-to-notary")


@pytest.mark.rule("ZN-07")
@pytest.mark.rule("H-41")
def test_after_acceptance_the_office_lets_the_matter_go(at):
    accepted = at("cancelling-accepted")
    accepted.office("notary-let-go", reason="双方同意继续履行合同。")
    assert accepted.state is State.FILED
    (gone,) = accepted.case.notary.past
    assert (gone.state, gone.exchange.decision.reason) == (NotaryState.WITHDRAWN, "双方同意继续履行合同。")
    assert accepted.told("notary_withdrawn") == {"seller-1", "buyer-1", "buyer-2"}


@pytest.mark.rule("H-41")
def test_before_acceptance_there_is_nothing_to_let_go(at):
    submitted = at("cancelling-submitted")
    assert submitted.refused("notary-let-go", submitted.cast.notary) == "notary.not_now"
    submitted.office("notary-supplement", items=(LICENCE,))
    assert submitted.refused("notary-let-go", submitted.cast.notary) == "notary.not_accepted"
    wanted = at("cancelling-supplement")
    wanted.office("notary-let-go")
    assert wanted.state is State.FILED


def test_the_office_hears_of_packages_only(at):
    """Whoever acts needs no telling of their own acts."""
    accepted = at("cancelling-accepted")
    assert [item.kind for item in accepted.lines(f"office:{OFFICE_ID}")] == ["package", "package"]
    line = accepted.lines(f"office:{OFFICE_ID}")[-1]
    assert line.data == {
        "case_no": accepted.case_no,
        "matter": 1,
        "number": 2,
        "complete": True,
        "size_bytes": line.data["size_bytes"],
    }


def test_a_purchaser_of_elsewhere_is_called_for_their_own_part_alone(at):
    wanted = at("cancelling-supplement")
    foreigner = acting(FOREIGNER, CITY)
    assert wanted.refused("notary-upload-photo", foreigner) == "notary.submitted"
