"""The steps of one contract: their order, what each refuses, what each leaves in journal and archive."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from filing.contract import (
    certify_text,
    fix_text,
    open_strokes,
    read_acts,
    read_object,
    seal_contract,
    sign_contract,
    stamp_filing,
)
from filing.errors import ActRefused
from qianshu.evidence import issue_evidence_report
from signing.errors import HandwritingError, TimeStampError
from signing.ink import Handwriting, parse_handwriting
from signing.pades import PdfBase
from tests.builders.house import decision, demo_signings, demo_terms, no_time, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from filing.contract import ContractCase
    from qianshu.bootstrap import House

SIGNINGS = demo_signings()
SELLER = SIGNINGS["seller-1"]
BUYER = SIGNINGS["buyer-1"]


def entries_of(case: ContractCase) -> list[str]:
    return [f"{entry.event} {entry.data['act']}" for entry in case.journal.entries()]


def refusal(act: Callable[[], object]) -> ActRefused:
    with pytest.raises(ActRefused) as caught:
        act()
    return caught.value


def signed_fields(case: ContractCase) -> set[str]:
    head = read_object(case, read_acts(case.journal.entries()).head_sha256)
    with PdfBase(io.BytesIO(head)) as base:
        return {name for name, field in base.signature_fields().items() if field.signed}


def redrawn(handwriting: Handwriting) -> Handwriting:
    """The same name written a little further to the right."""
    strokes = tuple(tuple(sample._replace(x=sample.x + 1.5) for sample in stroke) for stroke in handwriting.strokes)
    return parse_handwriting(replace(handwriting, strokes=strokes).canonical_bytes())


EARLY: dict[str, tuple[Callable[[ContractCase, House], object], str]] = {
    "certify before there is a text": (lambda case, house: certify_text(case, house.desk), "text"),
    "sign before it is certified": (lambda case, house: sign_contract(case, house.desk, SELLER), "certify"),
    "stamp before there is a text": (lambda case, house: stamp_filing(case, house.desk, decision()), "text"),
    "seal before the stamp": (lambda case, house: seal_contract(case, house.desk), "stamp"),
    "report before the seal": (lambda case, house: issue_evidence_report(house, case), "seal"),
}


@pytest.mark.parametrize("name", EARLY)
def test_refuses_a_step_before_its_time_and_journals_nothing(house: House, name: str) -> None:
    act, missing = EARLY[name]
    case = house.case("2026112100002")
    refused = refusal(lambda: act(case, house))
    assert (refused.code, refused.fields["missing"]) == ("act.too_early", missing)
    assert entries_of(case) == []


def test_refuses_the_stamp_until_every_party_has_signed(house: House, case: ContractCase) -> None:
    for field in ("seller-1", "seller-2", "buyer-1"):
        before = entries_of(case)
        refused = refusal(lambda: stamp_filing(case, house.desk, decision()))
        assert (refused.code, refused.fields["missing"]) == ("act.too_early", f"sign:{field}")
        assert entries_of(case) == before
        sign_contract(case, house.desk, SIGNINGS[field])
    assert stamp_filing(case, house.desk, decision()).facts["filing_number"] == "黄房备2026112100001"


@pytest.mark.parametrize("field", ["seller-3", "filing-stamp", "service-certification", ""])
def test_refuses_a_party_any_field_but_a_partys(house: House, case: ContractCase, field: str) -> None:
    before = entries_of(case)
    refused = refusal(lambda: sign_contract(case, house.desk, replace(SELLER, field_name=field)))
    assert (refused.code, refused.fields["field"]) == ("field.missing", field)
    assert entries_of(case) == before


def test_refuses_what_is_no_handwriting_and_journals_nothing(house: House, case: ContractCase) -> None:
    before = entries_of(case)
    blank = replace(SELLER, handwriting=replace(SELLER.handwriting, strokes=()))
    with pytest.raises(HandwritingError, match=r"handwriting\.blank"):
        sign_contract(case, house.desk, blank)
    assert entries_of(case) == before


def test_parties_sign_in_any_order_and_every_signature_stays(house: House, case: ContractCase) -> None:
    for field in ("buyer-1", "seller-2", "seller-1"):
        sign_contract(case, house.desk, SIGNINGS[field])
    assert signed_fields(case) == {"service-certification", "buyer-1", "seller-2", "seller-1"}


def test_a_second_call_returns_the_first_signature_and_keeps_no_second_drawing(
    house: House, case: ContractCase
) -> None:
    first = sign_contract(case, house.desk, SELLER)
    before = entries_of(case)
    again = replace(SELLER, handwriting=redrawn(SELLER.handwriting))
    assert sign_contract(case, house.desk, again) == first
    assert entries_of(case) == before


def test_refuses_somebody_else_in_a_field_that_is_signed(house: House, case: ContractCase) -> None:
    sign_contract(case, house.desk, SELLER)
    refused = refusal(lambda: sign_contract(case, house.desk, replace(BUYER, field_name="seller-1")))
    assert (refused.code, refused.fields["act"]) == ("act.done_otherwise", "sign:seller-1")


def test_refuses_other_terms_once_the_text_is_fixed(house: House, case: ContractCase) -> None:
    terms = demo_terms()
    assert fix_text(case, terms).name == "text"
    refused = refusal(lambda: fix_text(case, replace(terms, buyers=terms.sellers)))
    assert (refused.code, refused.fields["differs"]) == ("act.done_otherwise", "terms_sha256")


def test_refuses_a_second_filing_number(house: House, case: ContractCase) -> None:
    for signing in SIGNINGS.values():
        sign_contract(case, house.desk, signing)
    stamp_filing(case, house.desk, decision())
    assert refusal(lambda: stamp_filing(case, house.desk, decision("黄房备2"))).code == "act.done_otherwise"


def test_strokes_are_kept_encrypted_and_belong_to_their_signature(house: House, case: ContractCase) -> None:
    signed = sign_contract(case, house.desk, SELLER)
    (kept,) = (act for name, act in read_acts(case.journal.entries()).by_name.items() if name.startswith("strokes:"))
    assert signed.facts["strokes_sha256"] == kept.sha256
    envelope = read_object(case, kept.sha256)
    plain = SELLER.handwriting.canonical_bytes()
    assert envelope.startswith(b"QSE1")
    assert not any(plain[at : at + 12] in envelope for at in range(0, len(plain) - 12, 6))
    assert open_strokes(case, house.desk, kept) == plain


def test_an_envelope_opens_in_its_own_case_only(house: House, case: ContractCase) -> None:
    sign_contract(case, house.desk, SELLER)
    (kept,) = (act for name, act in read_acts(case.journal.entries()).by_name.items() if name.startswith("strokes:"))
    with pytest.raises(Exception, match=r"evidence\.not_opened"):
        open_strokes(replace(case, case_no="2026112100002"), house.desk, kept)


def test_who_has_to_draw_again_leaves_both_drawings_and_signs_with_the_second(house: House, case: ContractCase) -> None:
    dead = opened(house.settings, timestamper=no_time)
    with pytest.raises(TimeStampError):
        sign_contract(dead.case(case.case_no), dead.desk, SELLER)
    assert signed_fields(case) == {"service-certification"}
    again = replace(SELLER, handwriting=redrawn(SELLER.handwriting))
    signed = sign_contract(case, house.desk, again)
    acts = read_acts(case.journal.entries()).by_name
    first, second = (act for name, act in acts.items() if name.startswith("strokes:seller-1:"))
    assert open_strokes(case, house.desk, first) == SELLER.handwriting.canonical_bytes()
    assert open_strokes(case, house.desk, second) == again.handwriting.canonical_bytes()
    assert signed.facts["strokes_sha256"] == second.sha256


def test_every_step_again_changes_nothing(house: House, case: ContractCase) -> None:
    def all_steps() -> list[object]:
        return [
            fix_text(case, demo_terms()),
            certify_text(case, house.desk),
            *(sign_contract(case, house.desk, signing) for signing in SIGNINGS.values()),
            stamp_filing(case, house.desk, decision()),
            seal_contract(case, house.desk),
            issue_evidence_report(house, case),
        ]

    first = all_steps()
    before = case.journal.entries()
    assert all_steps() == first
    assert case.journal.entries() == before
