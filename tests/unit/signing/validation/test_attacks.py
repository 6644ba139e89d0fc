"""Every attack on signed PDFs that is known to us must be seen for what it is."""

from __future__ import annotations

import io

import pytest

from signing.validation import TrustAnchors, VerificationReport, verify_pdf
from tests.builders.attacks.attack import Attack
from tests.builders.attacks.every import ATTACKS, attack_named
from tests.builders.signed_by_pyhanko import SIGNED_AT, shared_notary
from tests.builders.validation_pki import DAY

NOW = SIGNED_AT + 2 * DAY


def examine(data: bytes) -> VerificationReport:
    pki = shared_notary().pki
    trust = TrustAnchors((pki.root.der,), revocation=pki.crls(SIGNED_AT + DAY))
    return verify_pdf(io.BytesIO(data), trust=trust, now=NOW)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack_is_reported_as_what_it_is(attack: Attack) -> None:
    report = examine(attack.build())
    assert (report.verdict.value, report.integrity.value) == (attack.verdict, attack.integrity)
    assert set(attack.codes) <= {finding.code for finding in report.findings}
    assert "examiner.error" not in {finding.code for finding in report.findings}


def test_wrapped_signature_still_hashes_right_and_is_refused_for_its_gap() -> None:
    # The attack is only worth the name if the digest holds: poppler calls this file's signature valid.
    report = examine(attack_named("wrapping_by_a_second_byte_range").build())
    codes = {finding.code for finding in report.findings}
    assert "byte_range.gap" in codes
    assert "signature.hash_mismatch" not in codes


def test_bad_first_signature_does_not_stop_the_others_from_being_reported() -> None:
    report = examine(attack_named("bad_signature_under_a_good_archive").build())
    outcome = {
        item.field: item.outcome.verdict.value for item in report.signatures if item.field in {"seller", "buyer"}
    }
    assert outcome == {"seller": "failed", "buyer": "passed"}
    assert report.verdict.value == "failed"


def test_every_signature_is_listed_even_if_only_one_is_broken() -> None:
    report = examine(attack_named("flipped_byte_in_the_sellers_revision").build())
    intact = {item.field: item.intact for item in report.signatures}
    assert intact["service"] is True
    assert intact["seller"] is False
    assert len(intact) == 5


def test_sub_indication_of_an_altered_text_is_hash_failure() -> None:
    report = examine(attack_named("flipped_byte_in_the_text").build())
    assert {item.outcome.sub_indication for item in report.signatures} == {"HASH_FAILURE"}
    assert {item.outcome.indication for item in report.signatures} == {"TOTAL-FAILED"}


def test_page_of_a_change_is_named() -> None:
    report = examine(attack_named("saving_new_page_content").build())
    pages = {finding.page for finding in report.findings if finding.code == "rendering.changed"}
    assert pages == {1}


def test_changes_are_listed_under_the_signatures_they_follow() -> None:
    report = examine(attack_named("saving_new_page_content").build())
    first, last = report.signatures[0], report.signatures[-1]
    assert any(change.suspicious and change.revision == 8 for change in last.changes)
    assert len(first.changes) > len(last.changes)


def test_signature_with_something_wrong_about_it_covers_nothing() -> None:
    report = examine(attack_named("bytes_hidden_after_the_signature_data").build())
    assert [item.covers.whole_file for item in report.signatures] == [False]
    assert [item.intact for item in report.signatures] == [False]
    assert [item.level.value for item in report.signatures] == ["none"]
