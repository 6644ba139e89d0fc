"""The text is made once, fixed by its digest, opened again at a price, and confirmed by everybody who must."""

from __future__ import annotations

from dataclasses import replace

import pytest

from filing.case.papers import UndertakingFile
from filing.case.signing import SideCode, SigningTask
from filing.case.text import Confirmation, ReadReceipt
from filing.contract import certify_text, fix_text
from filing.contract.acts import read_acts
from filing.errors import GuardsRefuse, NotYours
from filing.guards import GUARDS
from filing.lifecycle import CasePosition, State
from filing.profile import Actor, Guard
from filing.profile.entry import CoOwnership
from filing.profile.signing import Circumstance, SignMethod
from filing.terms import build_terms
from identity.subjects import Side
from tests.builders.cases import (
    BUYER,
    BUYER_2,
    CHILD,
    COMPANY,
    FOREIGNER,
    SALES,
    SELLER,
    STRANGER,
    WIFE,
    acting,
    drafting,
    party,
    profile,
    registered,
    situation,
)
from tests.builders.desks import code_of
from tests.builders.entry import (
    buyer_joins,
    buyers_form,
    hand_in_papers,
    owner_pair,
    sellers_form,
    until_drafting,
    until_entered,
)

MAKER = {"huangshi": 1, "shenzhen": 0, "wuhan": 0, "zhongshan": 0}


def made(desks, city):
    people = until_entered(desks, city)
    desks.do("generate-text", people[MAKER[city]])
    return people


class TestMaking:
    @pytest.mark.rule("HS-28")
    @pytest.mark.rule("SZ-66")
    @pytest.mark.parametrize("city", SALES)
    def test_only_whoever_the_city_says_makes_the_text(self, desks, city):
        people = until_entered(desks, city)
        other = people[1 - MAKER[city]]
        assert code_of(lambda: desks.do("generate-text", other)) == "profile.not_this_actor"
        assert desks.state == "drafting"

    @pytest.mark.rule("ZS-25")
    def test_nothing_is_made_while_anything_is_missing(self, desks):
        seller = until_drafting(desks, "wuhan")
        with pytest.raises(GuardsRefuse) as refused:
            desks.do("generate-text", seller)
        codes = {finding.code for finding in refused.value.findings}
        assert {"field.missing", "co_ownership.missing", "co_owners.unsaid"} <= codes
        contract = desks.contract(desks.case.case_no, 1)
        assert read_acts(contract.journal.entries()).head_sha256 is None

    @pytest.mark.rule("SZ-44")
    @pytest.mark.rule("SZ-45")
    @pytest.mark.rule("SZ-46")
    @pytest.mark.rule("SZ-47")
    @pytest.mark.rule("SZ-48")
    @pytest.mark.rule("SZ-49")
    @pytest.mark.parametrize(
        ("parties", "bars"),
        [
            ((party(SELLER, "seller-1"), party(BUYER, "buyer-1")), set()),
            ((party(SELLER, "seller-1"), party(BUYER, "buyer-1", usable_online=False)), {"no_app", "no_person_check"}),
            ((party(SELLER, "seller-1"), party(FOREIGNER, "buyer-1")), {"overseas"}),
            ((party(SELLER, "seller-1"), party(CHILD, "buyer-1")), {"not_full_capacity"}),
            ((party(SELLER, "seller-1"), party(COMPANY, "buyer-1")), {"organisation"}),
        ],
        ids=["app", "no app", "overseas", "minor", "organisation"],
    )
    def test_the_method_is_decided_by_rule(self, parties, bars):
        from filing.effects import EFFECTS  # noqa: PLC0415
        from filing.engine.outcome import Outcome  # noqa: PLC0415
        from filing.profile import Effect  # noqa: PLC0415
        from tests.builders.cases import ready  # noqa: PLC0415

        case = ready("shenzhen", *parties)
        outcome = EFFECTS[Effect.FIX_TEXT](situation(case, Actor.SELLER, acting(SELLER, "shenzhen")), Outcome(case))
        signing = outcome.case.signing
        assert {bar.circumstance for bar in signing.bars} == {Circumstance(bar) for bar in bars}
        assert signing.method is (SignMethod.WET if bars else SignMethod.APP)

    def test_a_text_lost_by_a_kill_is_passed_over_when_the_terms_have_changed(self, desks):
        seller, _ = until_entered(desks, "wuhan")
        lost = desks.contract(desks.case.case_no, 1)
        fix_text(lost, build_terms(desks.case, profile("wuhan")))
        money = {**desks.case.text.clauses["money"], "payee": None}
        money = {name: value for name, value in money.items() if value is not None}
        instalments = [{**one, "channel": "supervised"} for one in money["instalments"]]
        supervision = {**money["supervision"], "amount": money["price"]}
        desks.do(
            "save-clauses", seller, clauses={"money": {**money, "instalments": instalments, "supervision": supervision}}
        )
        desks.do("generate-text", seller)
        assert desks.case.text.version == 2
        contract = desks.contract(desks.case.case_no, 2)
        assert read_acts(contract.journal.entries()).head_sha256 == desks.text

    def test_a_text_lost_by_a_kill_is_taken_up_when_the_terms_are_the_same(self, desks):
        seller, _ = until_entered(desks, "wuhan")
        lost = desks.contract(desks.case.case_no, 1)
        fix_text(lost, build_terms(desks.case, profile("wuhan")))
        certified = certify_text(lost, desks.service.desk)
        desks.do("generate-text", seller)
        assert (desks.case.text.version, desks.text) == (1, certified.sha256)


class TestReopening:
    def signed_in(self, desks, city, state=State.SIGNING):
        seller, buyer = made(desks, city)
        text = replace(
            desks.case.text,
            receipts=(*desks.case.text.receipts, ReadReceipt("acc", "contract", desks.text, desks.now, "buyer-1")),
            confirmations=(Confirmation("buyer-1", desks.text, desks.now, "acc"),),
            downloaded_at=desks.now,
        )
        tasks = (SigningTask("seller-1", SELLER.key, desks.text, signed_at=desks.now),)
        codes = (SideCode(Side.SELLER, "seller-1", desks.text, desks.now, "ref"),)
        undertaking = UndertakingFile("undertaking", "0" * 64, desks.text, "acc", desks.now)
        desks.case = replace(
            desks.case,
            position=CasePosition(state),
            text=text,
            signing=replace(desks.case.signing, tasks=tasks, side_codes=codes),
            papers=replace(desks.case.papers, undertakings=(undertaking,)),
        )
        return seller, buyer

    @pytest.mark.rule("SZ-84")
    @pytest.mark.rule("H-22")
    @pytest.mark.parametrize("state", [State.TEXT_READY, State.SIGNING, State.SIGNED, State.IN_REVIEW])
    def test_the_seller_may_edit_until_filed_and_pays_with_everything_done(self, desks, state):
        seller, _ = self.signed_in(desks, "shenzhen", state)
        old, clauses, materials = desks.text, desks.case.text.clauses, desks.case.papers.materials
        answer = desks.do("reopen-text", seller).answer
        case = desks.case
        assert answer["voided_signatures"] == ["seller-1"]
        assert desks.state == "drafting"
        assert case.text.fixed is None
        assert (case.text.confirmations, case.papers.undertakings, case.text.downloaded_at) == ((), (), None)
        assert (case.signing.tasks, case.signing.side_codes, case.signing.method) == ((), (), None)
        assert all(receipt.sha256 != old for receipt in case.text.receipts)
        assert (case.text.clauses, case.papers.materials, case.text.version) == (clauses, materials, 1)
        assert "text_reopened" in {task.payload.get("message") for task in desks.tasks}

    @pytest.mark.rule("SZ-84")
    def test_what_was_filed_is_not_opened_again(self, desks):
        seller, _ = self.signed_in(desks, "shenzhen", State.FILED)
        assert code_of(lambda: desks.do("reopen-text", seller)) == "act.not_now"

    @pytest.mark.rule("SZ-85")
    @pytest.mark.rule("HS-28")
    def test_the_buyer_opens_it_again_only_where_the_buyer_made_it(self, desks):
        _, buyer = made(desks, "huangshi")
        desks.do("reopen-text", buyer)
        assert desks.state == "drafting"
        _, buyer = self.signed_in(desks, "shenzhen")
        assert code_of(lambda: desks.do("reopen-text", buyer)) == "profile.not_this_actor"

    @pytest.mark.rule("WH-35")
    @pytest.mark.rule("WH-26")
    def test_the_next_text_is_a_new_version_and_the_old_stays_in_the_archive(self, desks):
        seller, _ = made(desks, "wuhan")
        first = desks.text
        desks.do("reopen-text", seller)
        desks.do("generate-text", seller)
        assert desks.case.text.version == 2
        assert desks.text != first
        contract = desks.contract(desks.case.case_no, 1)
        assert contract.archive.contains(first)

    @pytest.mark.rule("SZ-94")
    @pytest.mark.rule("H-23")
    def test_after_a_revoked_filing_the_case_knows_it_is_refiling(self, desks):
        from filing.effects import EFFECTS  # noqa: PLC0415
        from filing.engine.outcome import Outcome  # noqa: PLC0415
        from filing.profile import Effect  # noqa: PLC0415

        made(desks, "shenzhen")
        case = replace(desks.case, filing=replace(desks.case.filing, revoked_at=desks.now))
        voided = EFFECTS[Effect.VOID_ACTS_ON_TEXT](situation(case), Outcome(case)).case
        assert voided.text.refiling
        fresh = EFFECTS[Effect.VOID_ACTS_ON_TEXT](situation(desks.case), Outcome(desks.case)).case
        assert not fresh.text.refiling


class TestConfirming:
    def couples(self, desks):
        """Two sellers and two buyers in Huangshi, the text made."""
        seller = until_drafting(desks, "huangshi", registered("huangshi", *owner_pair()))
        desks.do("set-sellers", seller, **sellers_form(("seller-1", SELLER), ("seller-2", WIFE), has_co_owners=True))
        from tests.builders.cases import clauses  # noqa: PLC0415

        desks.do("save-clauses", seller, clauses=clauses())
        buyer = acting(BUYER)
        buyer_joins(desks, buyer)
        desks.do("set-buyers", buyer, **buyers_form(BUYER, BUYER_2, co_ownership=CoOwnership.JOINT))
        hand_in_papers(desks)
        desks.do("generate-text", buyer)
        return seller, buyer

    def missing(self, desks) -> list[str]:
        found = GUARDS[Guard.CONFIRMATIONS_COMPLETE](situation(desks.case, Actor.SELLER, acting(SELLER)))
        return [dict(finding.facts)["party"] for finding in found]

    @pytest.mark.rule("HS-29")
    @pytest.mark.rule("HS-30")
    def test_every_buyer_and_every_co_owner_confirms_before_signing_starts(self, desks):
        seller, buyer = self.couples(desks)
        wife, second = acting(WIFE), acting(BUYER_2)
        assert self.missing(desks) == ["seller-1", "seller-2", "buyer-1", "buyer-2"]
        for someone in (seller, wife, buyer):
            desks.do("confirm-text", someone, text_sha256=desks.text)
        assert self.missing(desks) == ["buyer-2"]
        assert code_of(lambda: desks.do("start-signing", seller, text_sha256=desks.text)) == "case.guards_refuse"
        desks.do("confirm-text", second, text_sha256=desks.text)
        assert self.missing(desks) == []
        desks.do("start-signing", seller, text_sha256=desks.text)
        assert desks.state == "signing"

    @pytest.mark.rule("HS-29")
    def test_a_sole_seller_is_not_asked_again(self, desks):
        _, buyer = made(desks, "huangshi")
        assert self.missing(desks) == ["buyer-1"]
        desks.do("confirm-text", buyer, text_sha256=desks.text)
        assert self.missing(desks) == []

    @pytest.mark.rule("HS-30")
    def test_everybody_confirms_for_themselves_this_very_text(self, desks):
        seller, buyer = self.couples(desks)
        assert code_of(lambda: desks.do("confirm-text", seller, text_sha256=desks.text, party="seller-2")) == (
            "party.not_yours"
        )
        assert code_of(lambda: desks.do("confirm-text", buyer, text_sha256="0" * 64)) == "text.other"
        with pytest.raises(NotYours):
            desks.do("confirm-text", acting(STRANGER), text_sha256=desks.text)
        desks.do("confirm-text", buyer, text_sha256=desks.text)
        desks.do("confirm-text", buyer, text_sha256=desks.text)
        assert [(one.party, one.by) for one in desks.case.text.confirmations] == [("buyer-1", BUYER.account)]

    @pytest.mark.rule("HS-29")
    def test_a_confirmation_of_the_old_text_does_not_count_for_the_new(self, desks):
        seller, buyer = made(desks, "huangshi")
        desks.do("confirm-text", buyer, text_sha256=desks.text)
        desks.do("reopen-text", seller)
        desks.do("generate-text", buyer)
        assert self.missing(desks) == ["buyer-1"]

    @pytest.mark.parametrize("city", ["shenzhen", "wuhan", "zhongshan"])
    def test_elsewhere_nobody_confirms(self, desks, city):
        _, buyer = made(desks, city)
        assert code_of(lambda: desks.do("confirm-text", buyer, text_sha256=desks.text)) == "act.not_in_city"


def test_the_terms_name_documents_as_the_model_text_does():
    terms = build_terms(drafting("wuhan", party(SELLER, "seller-1"), party(FOREIGNER, "buyer-1")), profile("wuhan"))
    (buyer,) = terms.buyers
    assert (buyer.identity.document.value, buyer.personal.nationality) == ("passport", FOREIGNER.nationality)
