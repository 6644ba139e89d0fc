"""The certificate comes back: verified, kept, confirmed; corrected or revoked later, and judged."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from errors import QianshuError
from filing.acts.cancelling.review import CancelDecision
from filing.acts.spec import Upload
from filing.case.notary import ChangeKind, NotaryState
from filing.errors import GuardsRefuse
from filing.lifecycle import State
from identity.staff import StaffRole
from notary.acts.inputs import ChangeOutcome
from notary.errors import CertificateRefused
from storage.errors import PropertyTaken
from tests.builders.cases import STRANGER, acting, staff
from tests.builders.notary_world import OFFICE_ID
from tests.builders.said_notary import NUMBER, bundle_for, decision_for
from tests.unit.notary.acts.conftest import CITY, OTHER


def returned(content: bytes) -> Upload:
    return Upload(content, "返回.zip")


def findings(refused: pytest.ExceptionInfo[CertificateRefused]) -> set[str]:
    return {finding.code for finding in refused.value.findings}


# --- issued ----------------------------------------------------------------------------------------------------------


@pytest.mark.rule("ZN-19")
@pytest.mark.rule("ZN-20")
@pytest.mark.rule("ZN-21")
def test_the_certificate_and_every_part_are_kept(at):
    accepted = at("cancelling-issued")
    certificate = accepted.exchange.certificate
    assert accepted.matter.state is NotaryState.ISSUED
    assert (certificate.number, certificate.verified_at) == (NUMBER, accepted.town.now)
    assert certificate.names_sha256 == accepted.matter.agreement.head_sha256
    names = [name for name, _ in certificate.parts]
    assert {"certificate.pdf", "contract.pdf", "seller_licence.jpg", "buyer-1_id_back.jpg"} <= set(names)
    for _, sha256 in (("whole", certificate.bundle_sha256), *certificate.parts):
        assert hashlib.sha256(accepted.town.files.get(accepted.case_no, sha256)).hexdigest() == sha256
    assert accepted.told("notary_issued") == {"seller-1", "buyer-1", "buyer-2", "entrant"}


@pytest.mark.rule("H-36")
@pytest.mark.rule("ZN-19")
def test_the_certificate_alone_cancels_nothing(at):
    issued = at("cancelling-issued")
    assert issued.state is State.CANCELLING
    issued.reviewer("decide-cancel", decision=CancelDecision.PASS)
    assert issued.state is State.VOID
    assert not issued.case.filing.in_force
    assert issued.lines("registry")[-1].kind == "revoked"
    assert issued.lines("registry")[-1].data["filing_number"] == issued.case.filing.number
    assert issued.lines(f"office:{OFFICE_ID}")[-1].kind == "confirmed"
    assert issued.told("cancelled_by_other_side") == {"buyer-1", "buyer-2"}
    assert issued.town.waiting("archive")


@pytest.mark.rule("H-36")
def test_nothing_is_confirmed_without_a_certificate(at):
    for name in ("cancelling-submitted", "cancelling-accepted"):
        waiting = at(name)
        with pytest.raises(GuardsRefuse) as refused:
            waiting.reviewer("decide-cancel", decision=CancelDecision.PASS)
        assert "cancel.notary_not_issued" in {finding.code for finding in refused.value.findings}


def test_nothing_is_certified_that_was_not_accepted(at):
    for name in ("cancelling-called", "cancelling-submitted", "cancelling-supplement"):
        waiting = at(name)
        assert waiting.refused("notary-issue", waiting.cast.notary) == "notary.not_now"


@pytest.mark.rule("ZN-20")
def test_an_incomplete_bundle_is_refused_with_what_is_missing(at):
    accepted = at("cancelling-accepted")
    bundle = bundle_for(accepted.town, accepted.case, seller_licence__jpg=None, legal_rep_id_back__png=None)
    with pytest.raises(CertificateRefused) as refused:
        accepted.office("notary-issue", upload=returned(bundle))
    assert len(refused.value.findings) == 2
    assert accepted.matter.state is NotaryState.ACCEPTED
    assert accepted.exchange.certificate is None


def test_a_certificate_of_another_case_is_refused(at):
    accepted = at("cancelling-accepted")
    bundle = bundle_for(accepted.town, accepted.case, named="2026112199999")
    with pytest.raises(CertificateRefused) as refused:
        accepted.office("notary-issue", upload=returned(bundle))
    assert findings(refused) == {"certificate.contract_missing", "certificate.attachment_differs"}


def test_a_certificate_about_an_earlier_agreement_is_refused(at):
    accepted = at("cancelling-accepted")
    agreement = replace(accepted.matter.agreement, head_sha256=accepted.matter.agreement.text_sha256)
    notary = replace(accepted.case.notary, current=replace(accepted.matter, agreement=agreement))
    bundle = bundle_for(accepted.town, replace(accepted.case, notary=notary))
    with pytest.raises(CertificateRefused):
        accepted.office("notary-issue", upload=returned(bundle))


def test_what_is_said_stands_in_the_file(at):
    accepted = at("cancelling-accepted")
    office, other = accepted.cast.notary, "（2026）粤中石岐第009999号"
    assert accepted.refused("notary-issue", office, number=other) == "certificate.said_otherwise"
    yesterday = accepted.town.now.date() - timedelta(days=1)
    assert accepted.refused("notary-issue", office, issued_on=yesterday) == "certificate.said_otherwise"


def test_a_certificate_the_bureau_does_not_trust_any_more_is_refused(at):
    accepted = at("cancelling-accepted")
    listed = accepted.town.offices.load(OFFICE_ID)
    since = accepted.town.now - timedelta(hours=1)
    withdrawn = tuple(replace(own, withdrawn_at=since) for own in listed.certificates)
    accepted.town.offices.book[OFFICE_ID] = replace(listed, certificates=withdrawn)
    with pytest.raises(CertificateRefused):
        accepted.office("notary-issue")


def test_an_office_that_left_the_list_finishes_what_it_began(at):
    accepted = at("cancelling-accepted")
    listed = accepted.town.offices.load(OFFICE_ID)
    accepted.town.offices.book[OFFICE_ID] = replace(listed, ended_at=accepted.town.now - timedelta(hours=1))
    accepted.office("notary-issue")
    assert accepted.matter.state is NotaryState.ISSUED


@pytest.mark.rule("H-40")
def test_the_same_certificate_twice_has_one_answer_and_changes_nothing(at):
    for name in ("cancelling-issued", "void"):
        issued = at(name)
        before = issued.matter
        sent = issued.town.files.get(issued.case_no, before.exchange.certificate.bundle_sha256)
        again = issued.office("notary-issue", upload=returned(sent), issued_on=before.exchange.certificate.issued_on)
        assert again.answer == {"number": NUMBER, "sha256": before.exchange.certificate.sha256}
        assert issued.matter == before


def test_another_certificate_is_refused(at):
    issued = at("cancelling-issued")
    issued.town.now += timedelta(hours=1)
    bundle = bundle_for(issued.town, issued.case)
    assert issued.refused("notary-issue", issued.cast.notary, upload=returned(bundle)) == "certificate.another"


def test_another_office_returns_nothing(at):
    accepted = at("cancelling-accepted")
    bundle = bundle_for(accepted.town, accepted.case)
    assert accepted.refused("notary-issue", OTHER, upload=returned(bundle)) == "act.not_yours"
    assert at("void").refused("notary-change-certificate", OTHER) == "act.not_yours"


# --- corrected or revoked --------------------------------------------------------------------------------------------


def change(case, kind: ChangeKind, **said) -> str:
    upload = Upload(decision_for(case.town, kind), "决定.pdf")
    return case.office("notary-change-certificate", kind=kind, upload=upload, **said).answer["sha256"]


@pytest.mark.rule("H-36")
def test_a_revoked_certificate_restores_what_was_cancelled_by_a_persons_decision(at):
    case = at("void")
    number = case.case.filing.number
    sha256 = change(case, ChangeKind.REVOKED)
    assert case.state is State.VOID, "the office's decision alone moves nothing"
    assert case.told("notary_changed") == {"seller-1", "buyer-1", "buyer-2", "entrant"}
    case.reviewer("decide-certificate-change", sha256=sha256, outcome=ChangeOutcome.RESTORED, reason="自始无效。")
    assert case.state is State.FILED
    assert case.case.filing.in_force
    assert case.case.filing.number == number
    assert number not in case.case.filing.past.numbers
    assert case.case.cancelling.hidden_at is None
    assert case.lines("registry")[-1].kind == "restored"
    assert case.lines(f"office:{OFFICE_ID}")[-1].kind == "restored"
    assert case.told("filing_restored") == {"seller-1", "buyer-1", "buyer-2", "entrant"}
    (judged,) = case.exchange.certificate.changes
    assert (judged.outcome, judged.reason, judged.outcome_at) == ("restored", "自始无效。", case.town.now)


@pytest.mark.rule("H-48")
def test_nothing_is_restored_while_another_case_holds_the_house(at):
    case = at("void")
    sha256 = change(case, ChangeKind.REVOKED)
    case.town.open(CITY, case.cast.seller, "import-filed", **_import(case))
    with pytest.raises(PropertyTaken):
        case.reviewer("decide-certificate-change", sha256=sha256)
    assert case.state is State.VOID
    assert case.exchange.certificate.changes[0].outcome is None, "it can be decided once the other case has ended"


def _import(case) -> dict:
    from tests.builders.said import said_by  # noqa: PLC0415 - one test's

    said = said_by(case.town, case.case, "import-filed", case.cast.seller)
    return {**said, "filing_number": "ZS2026000999"}


@pytest.mark.rule("H-36")
def test_a_correction_changes_no_consequence(at):
    case = at("void")
    sha256 = change(case, ChangeKind.CORRECTED)
    reviewer = case.cast.reviewer
    refused = case.refused(
        "decide-certificate-change", reviewer, sha256=sha256, outcome=ChangeOutcome.RESTORED, reason="x"
    )
    assert refused == "certificate.only_corrected"
    case.reviewer("decide-certificate-change", sha256=sha256, outcome=ChangeOutcome.STANDS, reason="仅更正笔误。")
    assert case.state is State.VOID
    assert (
        case.refused("decide-certificate-change", reviewer, sha256=sha256, outcome=ChangeOutcome.STANDS)
        == "certificate.change_unknown"
    ), "judged once"


@pytest.mark.rule("H-36")
def test_a_revocation_may_stand_without_consequence(at):
    case = at("void")
    sha256 = change(case, ChangeKind.REVOKED)
    case.reviewer("decide-certificate-change", sha256=sha256, outcome=ChangeOutcome.STANDS, reason="另有生效判决。")
    assert case.state is State.VOID
    with pytest.raises(QianshuError) as again:
        change(case, ChangeKind.CORRECTED)
    assert again.value.code == "certificate.revoked", "there is nothing left to correct"


@pytest.mark.rule("H-36")
def test_revoked_before_anybody_confirmed_the_filing_stands(at):
    case = at("cancelling-issued")
    sha256 = change(case, ChangeKind.REVOKED)
    with pytest.raises(GuardsRefuse) as refused:
        case.reviewer("decide-cancel", decision=CancelDecision.PASS)
    assert "cancel.certificate_revoked" in {finding.code for finding in refused.value.findings}
    reviewer = case.cast.reviewer
    stands = case.refused("decide-certificate-change", reviewer, sha256=sha256, outcome=ChangeOutcome.STANDS)
    assert stands == "certificate.must_restore"
    case.reviewer("decide-certificate-change", sha256=sha256)
    assert case.state is State.FILED
    assert case.case.filing.in_force
    assert case.case.notary.current is None
    assert case.case.notary.past[0].exchange.certificate.changes[0].outcome == "restored"


@pytest.mark.rule("H-36")
def test_a_correction_is_judged_before_the_cancellation_is_confirmed(at):
    case = at("cancelling-issued")
    sha256 = change(case, ChangeKind.CORRECTED)
    with pytest.raises(GuardsRefuse) as refused:
        case.reviewer("decide-cancel", decision=CancelDecision.PASS)
    assert {finding.code for finding in refused.value.findings} == {"cancel.certificate_changed"}
    case.reviewer("decide-certificate-change", sha256=sha256, outcome=ChangeOutcome.STANDS, reason="仅更正笔误。")
    case.reviewer("decide-cancel", decision=CancelDecision.PASS)
    assert case.state is State.VOID


def test_the_same_decision_twice_is_one_change(at):
    case = at("void")
    assert change(case, ChangeKind.REVOKED) == change(case, ChangeKind.REVOKED)
    assert len(case.exchange.certificate.changes) == 1


def test_a_decision_says_what_it_is_said_to_say(at):
    case = at("void")
    upload = Upload(decision_for(case.town, ChangeKind.CORRECTED), "决定.pdf")
    with pytest.raises(CertificateRefused):
        case.office("notary-change-certificate", kind=ChangeKind.REVOKED, upload=upload)
    other_day = case.town.now.date() - timedelta(days=1)
    assert (
        case.refused("notary-change-certificate", case.cast.notary, decided_on=other_day)
        == "certificate.said_otherwise"
    )


def test_nothing_is_changed_before_there_is_a_certificate(at):
    accepted = at("cancelling-accepted")
    assert accepted.refused("notary-change-certificate", accepted.cast.notary) == "certificate.none"


def test_whoever_judges_is_a_reviewer_free_for_it(at):
    case = at("void")
    sha256 = change(case, ChangeKind.REVOKED)
    clerk = case.cast.clerk
    assert case.refused("decide-certificate-change", clerk, sha256=sha256) == "act.not_yours"
    party = replace(acting(STRANGER, CITY), subject=case.cast.buyer.subject)
    as_staff = replace(party, staff=staff(StaffRole.REVIEWER, CITY, STRANGER).staff)
    assert case.refused("decide-certificate-change", as_staff, sha256=sha256) == "case.guards_refuse"
    assert case.refused("decide-certificate-change", case.cast.reviewer, sha256=sha256, reason=" ") == (
        "notary.reason_missing"
    )
