"""The contract of an overseas party goes to an office before it is filed, and its certificate is the paper (SZ-80)."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from filing.acts.spec import Upload
from filing.case.notary import ChangeKind, NotaryState
from filing.case.signing import NotarialStanding
from filing.errors import GuardsRefuse
from filing.lifecycle import State
from identity.staff import StaffRole
from notary.acts.inputs import ChangeOutcome, Wanted
from notary.errors import CertificateRefused
from notary.movers import NotaryMover, next_movers
from notary.package import plan_package
from tests.builders.cases import FOREIGNER, OFFICIAL, SELLER, STRANGER, acting, profile, staff
from tests.builders.notary_world import OFFICE_ID, OTHER_OFFICE_ID
from tests.builders.said_notary import NUMBER, contract_bundle_for, decision_for
from tests.builders.walk import Cast, cast_of
from tests.builders.walked import walked_abroad, walked_on
from tests.unit.notary.acts.conftest import Cancelling

pytestmark = pytest.mark.rule("SZ-80")

CITY = "shenzhen"
SCHEMA = json.loads((Path(__file__).parents[4] / "docs/schemas/notary-package.schema.json").read_text("utf-8"))
PASSPORTS = Wanted("请补充买受人护照复印件。")
FROM_ABROAD = acting(FOREIGNER, CITY)


@dataclass
class Notarised(Cancelling):
    """A sale to somebody from abroad, on its way to the notary."""

    @property
    def cast(self) -> Cast:
        return cast_of(CITY)

    def seller(self, act, **said):
        return self.do(act, self.cast.seller, **said)

    @property
    def paper(self):
        (paper,) = self.case.signing.extra_papers
        return paper

    @property
    def told_office(self):
        return [item.kind for item in self.lines(f"office:{OFFICE_ID}")]


@pytest.fixture
def at():
    """A fork of the town at a point of the way."""

    def fork(name: str) -> Notarised:
        snapshot = walked_abroad().seen[name]
        return Notarised(snapshot.town.fork(), snapshot.case_no)

    return fork


def scanned(case: Notarised) -> dict:
    return {"text_sha256": case.case.text.fixed.sha256, "upload": Upload(b"%PDF-", "扫描.pdf")}


# --- the way ---------------------------------------------------------------------------------------------------------


def test_signed_sent_certified_and_filed_without_anybody_handing_a_paper_in(at):
    case = at("signing-office")
    case.seller("send-to-notary")
    assert (case.matter.state, case.matter.office.office_id) == (NotaryState.PREPARED, OFFICE_ID)
    case.town.work_off()
    assert case.matter.state is NotaryState.PUSHED
    assert case.office("notary-receive").answer["codes"] == []
    assert case.matter.state is NotaryState.SUBMITTED, "nobody is called: the office may accept"
    case.office("notary-accept")
    assert case.exchange.decision.due_on is not None
    assert case.state is State.SIGNING
    case.office("notary-issue")
    assert case.matter.state is NotaryState.ISSUED
    assert case.state is State.SIGNED, "the paper was all that was missing"
    for _ in range(2):
        case.seller("upload-material")
    case.seller("submit-filing")
    case.reviewer("claim-review")
    case.reviewer("approve-review")
    case.do("seal-filing", case.cast.sealer)
    assert case.state is State.FILED


def test_the_certificate_is_the_paper_and_needs_no_confirmation(at):
    signed = at("signed")
    text, certificate = signed.case.text.fixed.sha256, signed.exchange.certificate
    assert (signed.paper.paper, signed.paper.sha256) == ("notarised_contract", certificate.sha256)
    assert (signed.paper.text_sha256, certificate.names_sha256) == (text, text)
    proof = signed.paper.notarial
    assert (proof.standing, proof.number) == (NotarialStanding.VERIFIED, NUMBER)
    assert (proof.office, proof.issued_on) == (signed.matter.office.name, certificate.issued_on)
    assert signed.town.files.get(signed.case_no, signed.paper.sha256).startswith(b"%PDF-")
    assert [name for name, _ in certificate.parts] == ["certificate.pdf", "contract.pdf"]
    assert next_movers(signed.matter) == frozenset()


def test_the_office_gets_the_contract_as_it_was_signed(at):
    pushed = at("signing-pushed")
    plan = plan_package(profile(CITY), pushed.case, pushed.matter, 1, b"{}\n")
    named = {file.name: file.sha256 for file in plan.files}
    assert set(named) == {"package.json", "contract/contract.pdf", "papers/signed_scan.pdf", "journal/journal.jsonl"}
    assert named["contract/contract.pdf"] == pushed.case.signing.head_sha256 != pushed.case.text.fixed.sha256
    assert named["papers/signed_scan.pdf"] == pushed.case.signing.wet.sha256
    assert plan.complete
    about = json.loads(plan.files[0].content)
    assert list(Draft202012Validator(SCHEMA).iter_errors(about)) == []
    assert (about["matter"]["purpose"], about["applicants"], about["agreement"]) == ("contract", [], None)
    assert next(file.title for file in plan.files if "scan" in file.name) == "签署后的合同扫描件"


def test_received_again_is_answered_again(at):
    received = at("signing-received")
    before = received.matter
    received.office("notary-receive")
    assert received.matter == before
    accepted = at("signing-accepted")
    assert accepted.refused("notary-receive", accepted.cast.notary) == "notary.not_now"


# --- who sends, what, where ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [FROM_ABROAD, acting(SELLER, CITY), cast_of(CITY).agent, cast_of(CITY).clerk], ids=str)
def test_either_side_an_agent_or_the_window_sends_it(at, who):
    case = at("signing-office")
    case.do("send-to-notary", who)
    assert case.matter.state is NotaryState.PREPARED


def test_nobody_else_does(at):
    case = at("signing-office")
    for other in (acting(STRANGER, CITY), case.cast.reviewer, case.cast.notary):
        assert case.refused("send-to-notary", other) in {"act.not_yours", "case.unknown"}


def test_a_clerk_with_another_duty_on_the_case_does_not(at):
    case = at("in_review-claimed")
    case.reviewer("return-materials")
    with pytest.raises(GuardsRefuse):
        case.do("send-to-notary", staff(StaffRole.WINDOW_CLERK, CITY, OFFICIAL))


def test_it_is_signed_first(at):
    unscanned = at("signing-unscanned")
    assert unscanned.refused("send-to-notary", unscanned.cast.seller) == "notary.not_signed"


@pytest.mark.parametrize("office_id", [OTHER_OFFICE_ID, "nobody"])
def test_only_an_office_at_the_place_is_sent_it(at, office_id):
    case = at("signing-office")
    assert case.refused("send-to-notary", case.cast.seller, office_id=office_id) == "notary.office_not_here"


def test_an_office_that_left_the_list_is_sent_nothing(at):
    case = at("signing-office")
    listed = case.town.offices.book[OFFICE_ID]
    case.town.offices.book[OFFICE_ID] = replace(listed, ended_at=case.town.now - timedelta(hours=1))
    assert case.refused("send-to-notary", case.cast.seller) == "notary.office_not_here"


def test_once_is_enough(at):
    for name, code in (("signing-sent", "notary.already_sent"), ("signed", "notary.paper_there")):
        case = at(name)
        assert case.refused("send-to-notary", case.cast.seller) == code


def test_a_contract_among_residents_needs_no_notary():
    snapshot = walked_on("shenzhen-wet").seen["signing-scanned"]
    case = Notarised(snapshot.town.fork(), snapshot.case_no)
    assert case.refused("send-to-notary", case.cast.seller) == "notary.not_needed"


def test_what_the_office_looks_at_stays_as_it_is(at):
    for name in ("signing-sent", "signing-received", "signing-accepted"):
        case = at(name)
        seller, paper = case.cast.seller, {"paper": "notarised_contract", **scanned(case)}
        assert case.refused("upload-signed-scan", seller, **scanned(case)) == "scan.before_notary"
        assert case.refused("add-scan-page", seller, **scanned(case)) == "scan.before_notary"
        assert case.refused("upload-extra-paper", seller, **paper) == "scan.before_notary"


# --- back, refused, more ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["signing-sent", "signing-pushed", "signing-received"])
def test_taken_back_until_accepted_and_sent_again(at, name):
    case = at(name)
    case.do("withdraw-from-notary", FROM_ABROAD, reason="改选公证处。")
    (old,) = case.case.notary.past
    assert (case.case.notary.current, old.state, case.state) == (None, NotaryState.WITHDRAWN, State.SIGNING)
    assert case.told_office[-1:] == ["withdrawn"]
    assert all(package.superseded_at is not None for package in old.exchange.packages)
    assert case.refused("notary-accept", case.cast.notary) in {"act.not_yours", "notary.none"}
    case.seller("send-to-notary")
    case.town.work_off()
    assert (case.matter.number, [package.number for package in case.exchange.packages]) == (2, [2])


def test_not_taken_back_once_accepted(at):
    accepted = at("signing-accepted")
    assert accepted.refused("withdraw-from-notary", accepted.cast.seller, reason="x") == "notary.not_now"


@pytest.mark.parametrize(("act", "state"), [("notary-refuse", "refused"), ("notary-let-go", "withdrawn")])
def test_refused_or_let_go_only_the_matter_ends(at, act, state):
    case = at("signing-accepted")
    case.office(act)
    (old,) = case.case.notary.past
    assert (case.case.notary.current, old.state.value, case.state) == (None, state, State.SIGNING)
    case.seller("send-to-notary")
    assert case.matter.number == 2


def test_what_the_office_wants_the_parties_give(at):
    case = at("signing-accepted")
    case.office("notary-supplement", items=(PASSPORTS,))
    assert case.exchange.decision.due_on is None, "the term waits"
    assert next_movers(case.matter) == {NotaryMover.DEVELOPER}
    case.do("add-notary-paper", FROM_ABROAD, title="护照")
    case.seller("answer-supplement", words="已补充。")
    assert case.matter.state is NotaryState.ACCEPTED
    assert case.exchange.decision.due_on is not None
    case.town.work_off()
    assert [(each.number, each.superseded_at is None) for each in case.exchange.packages] == [(1, False), (2, True)]
    plan = plan_package(profile(CITY), case.case, case.matter, 2, b"")
    assert "papers/supplement-1.pdf" in {file.name for file in plan.files}
    case.office("notary-issue")
    assert case.state is State.SIGNED


# --- what comes back -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [{"named": "2026112199999"}, {"contract__pdf": b"%PDF-1.7\n%%EOF"}, {"contract__pdf": None}],
    ids=["another case", "another contract", "no contract"],
)
def test_a_certificate_that_is_not_of_this_contract_is_no_paper(at, wrong):
    case = at("signing-accepted")
    bundle = contract_bundle_for(case.town, case.case, **wrong)
    with pytest.raises(CertificateRefused):
        case.office("notary-issue", upload=Upload(bundle, "返回.zip"))
    assert (case.case.signing.extra_papers, case.state) == ((), State.SIGNING)


def test_a_certificate_about_another_text_is_no_paper(at):
    case = at("signing-accepted")
    other = replace(case.case.text.fixed, sha256="5f" * 32)
    bundle = contract_bundle_for(case.town, replace(case.case, text=replace(case.case.text, fixed=other)))
    with pytest.raises(CertificateRefused) as refused:
        case.office("notary-issue", upload=Upload(bundle, "返回.zip"))
    assert "certificate.digest_other" in {finding.code for finding in refused.value.findings}


def test_nothing_is_certified_that_was_not_accepted(at):
    received = at("signing-received")
    assert received.refused("notary-issue", received.cast.notary) == "notary.not_now"


def test_the_same_certificate_twice_has_one_answer(at):
    signed = at("signed")
    before, sent = signed.case, signed.exchange.certificate
    bundle = signed.town.files.get(signed.case_no, sent.bundle_sha256)
    again = signed.office("notary-issue", upload=Upload(bundle, "返回.zip"), issued_on=sent.issued_on)
    assert again.answer["sha256"] == sent.sha256
    assert signed.case == before


# --- the text changes, the sale ends, the certificate falls ----------------------------------------------------------


@pytest.mark.parametrize(("name", "told"), [("signing-accepted", ["package", "withdrawn"]), ("signed", ["package"])])
def test_a_text_opened_again_leaves_the_notary(at, name, told):
    case = at(name)
    case.seller("reopen-text")
    assert case.case.notary.current is None
    assert case.told_office == told
    assert case.case.signing.extra_papers == ()
    assert case.refused("notary-issue", case.cast.notary) in {"act.not_yours", "act.not_now"}


def test_a_sale_that_ends_leaves_the_notary(at):
    case = at("signing-accepted")
    case.seller("request-cancel")
    case.do("consent-cancel", FROM_ABROAD)
    assert case.state is State.VOID
    assert case.case.notary.current is None
    assert case.told_office == ["package", "withdrawn"]


def revoked(case: Notarised) -> str:
    upload = Upload(decision_for(case.town, ChangeKind.REVOKED), "决定.pdf")
    return case.office("notary-change-certificate", kind=ChangeKind.REVOKED, upload=upload).answer["sha256"]


def test_what_is_not_filed_waits_for_another_certificate_when_one_is_revoked(at):
    case = at("signed")
    revoked(case)
    assert (case.state, case.case.signing.extra_papers) == (State.SIGNED, ())
    case.seller("send-to-notary")
    assert case.matter.number == 2


def test_nothing_is_filed_on_a_certificate_that_was_revoked_in_review(at):
    case = at("in_review-claimed")
    revoked(case)
    with pytest.raises(GuardsRefuse) as refused:
        case.reviewer("approve-review")
    assert "notarised.unverified" in {finding.code for finding in refused.value.findings}


def test_what_is_filed_a_person_judges(at):
    case = at("in_review-claimed")
    case.reviewer("approve-review")
    case.do("seal-filing", case.cast.sealer)
    sha256 = revoked(case)
    assert (case.state, case.paper.notarial.standing) == (State.FILED, NotarialStanding.VERIFIED)
    said = {"sha256": sha256, "reason": "已通知双方重新办理公证。"}
    judge = case.cast.reviewer
    refused = case.refused("decide-certificate-change", judge, outcome=ChangeOutcome.RESTORED, **said)
    assert refused == "certificate.nothing_cancelled"
    case.reviewer("decide-certificate-change", outcome=ChangeOutcome.STANDS, **said)
    assert case.exchange.certificate.changes[0].outcome == "stands"


# --- other cities ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["notary-claim", "notary-submit", "push-to-notary", "reissue-notary-codes"])
def test_what_belongs_to_cancellations_is_not_here(at, act):
    case = at("signing-received")
    for who in (FROM_ABROAD, case.cast.seller, case.cast.notary):
        assert case.refused(act, who) in {"act.not_in_city", "act.not_yours", "act.not_now"}


def test_where_agreements_are_notarised_purchasers_take_nothing_back():
    snapshot = walked_on("zhongshan-notary").seen["cancelling-called"]
    case = Cancelling(snapshot.town.fork(), snapshot.case_no)
    assert case.refused("withdraw-from-notary", case.cast.buyer, reason="x") == "act.not_in_city"
    assert case.refused("send-to-notary", case.cast.buyer) in {"act.not_now", "act.not_in_city"}
