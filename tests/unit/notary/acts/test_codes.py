"""Codes purchasers scan: one each, for a while, from the office that has the very package."""

from __future__ import annotations

from datetime import timedelta

import pytest

from filing.case.notary import NotaryState
from notary.scan_codes import draw_token, token_digest, whose_token
from tests.builders.notary_world import CODE_ADDRESS
from tests.unit.notary.acts.conftest import OTHER

pytestmark = pytest.mark.rule("ZN-06")


@pytest.mark.rule("H-40")
def test_each_purchaser_gets_a_code_for_a_while(at):
    pushed = at("cancelling-pushed")
    told = pushed.office("notary-receive").answer["codes"]
    assert pushed.matter.state is NotaryState.QR_RETURNED
    assert pushed.exchange.decision.received_at == pushed.town.now
    assert [each["party"] for each in told] == ["buyer-1", "buyer-2"]
    for each in told:
        task = pushed.task(each["party"])
        token = each["url"].removeprefix(CODE_ADDRESS)
        assert task.qr.token_sha256 == token_digest(token)
        assert whose_token(token) == (pushed.case_no, each["party"])
        assert task.qr.expires_at == pushed.town.now + timedelta(hours=72)
        assert each["expires_at"] == task.qr.expires_at.isoformat()


@pytest.mark.rule("ZN-18")
def test_each_purchaser_is_called_by_a_sealed_message(at):
    called = at("cancelling-called")
    rows = [row for row in called.town.book.tasks.values() if row.kind == "sms"]
    assert len(rows) == 2
    assert all("sealed" in row.payload for row in rows)


def test_the_journal_holds_digests_of_codes_alone(at):
    called = at("cancelling-called")
    (entry,) = called.entries("notary.received")
    assert entry.data["codes"] == {task.party: task.qr.token_sha256 for task in called.matter.tasks}


def test_said_again_the_same_codes_are_told(at):
    called = at("cancelling-called")
    before = called.matter
    first = called.office("notary-receive").answer
    assert called.office("notary-receive").answer == first
    assert called.matter == before
    assert [each["url"].removeprefix(CODE_ADDRESS) for each in first["codes"]] == [
        task.qr.sealed[::-1] for task in before.tasks
    ]


def test_only_the_package_that_counts_is_received(at):
    pushed = at("cancelling-pushed")
    assert pushed.refused("notary-receive", pushed.cast.notary, package_sha256="0" * 64) == "package.other"
    ordered = at("cancelling-ordered")
    assert ordered.refused("notary-receive", ordered.cast.notary) == "notary.not_now"


def test_another_office_is_told_nothing(at):
    for name in ("cancelling", "cancelling-pushed", "cancelling-called"):
        assert at(name).refused("notary-receive", OTHER) == "act.not_yours"
    called = at("cancelling-called")
    assert called.refused("reissue-notary-codes", OTHER, party="buyer-1") == "act.not_yours"


@pytest.mark.rule("H-40")
@pytest.mark.parametrize("who", ["seller", "notary"])
def test_a_lost_code_is_made_again_and_the_old_one_is_worthless(at, who):
    called = at("cancelling-called")
    before, other = called.task().qr, called.task("buyer-2").qr
    called.town.now += timedelta(hours=80)
    caller = getattr(called.cast, who)
    (told,) = called.do("reissue-notary-codes", caller, party="buyer-1").answer["codes"]
    assert told["party"] == "buyer-1"
    assert called.task().qr.token_sha256 not in {before.token_sha256, None}
    assert called.task().qr.expires_at == called.town.now + timedelta(hours=72)
    assert called.task("buyer-2").qr == other
    purchaser = called.cast.buyer
    old = before.sealed[::-1]
    assert called.refused("notary-claim", purchaser, party="buyer-1", token=old) == "notary.not_your_code"
    called.do("notary-claim", purchaser)


def test_no_code_for_whoever_is_done_or_is_no_purchaser(at):
    submitted = at("cancelling-verifying")
    developer = submitted.cast.seller
    assert submitted.refused("reissue-notary-codes", developer, party="buyer-2") == "notary.submitted"
    assert submitted.refused("reissue-notary-codes", developer, party="seller-1") == "notary.no_task"
    accepted = at("cancelling-accepted")
    assert accepted.refused("reissue-notary-codes", developer, party="buyer-1") == "notary.not_now"


def test_a_token_says_whose_it_is_and_is_never_the_same():
    tokens = {draw_token("2026112100001", "buyer-1") for _ in range(20)}
    assert len(tokens) == 20
    assert {whose_token(token) for token in tokens} == {("2026112100001", "buyer-1")}
    assert all(len(token.rsplit(".", 1)[1]) == 43 for token in tokens), "256 bits in base64url"
    for wrong in ("", "abc", "a.b", "..", "a..c"):
        assert whose_token(wrong) is None
