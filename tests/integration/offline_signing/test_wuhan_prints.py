"""Wuhan: net-signed by code, then printed and signed by hand for the registry (WH-11, WH-38, WH-39, H-47)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from filing.acts.spec import Upload
from filing.errors import InputRefused
from filing.lifecycle import State
from identity.subjects import Side
from tests.builders.cases import BUYER, SELLER, acting
from tests.builders.desks import Desks, code_of
from tests.builders.scanner import scan_of, scanned_file


@pytest.mark.rule("WH-11")
@pytest.mark.rule("WH-38")
@pytest.mark.rule("WH-39")
@pytest.mark.rule("H-47")
def test_either_party_prints_after_the_net_sign_and_may_bring_the_scan_back(text_ready: Callable[..., Desks]) -> None:
    desks = text_ready("wuhan")
    seller, on = acting(SELLER, "wuhan"), {"text_sha256": desks.text}
    assert code_of(lambda: desks.do("download-text", seller, **on)) == "text.not_for_print"
    desks.do("start-signing", seller, **on)
    desks.do("preview-contract", seller, party="seller-1", **on)
    for side in Side:
        desks.do("request-side-code", seller, side=side, **on)
        desks.do("verify-side-code", seller, side=side, code=desks.codes.CODE, **on)
    assert desks.case.position.state is State.SIGNED

    answer = desks.do("download-text", acting(BUYER, "wuhan"), **on).answer
    assert desks.case.text.downloaded_at is None  # that is about signing by hand instead (SZ-91)
    pdf = desks.files.get(desks.case.case_no, answer["sha256"])
    head = desks.case.signing.head_sha256

    torn = Upload(scanned_file(scan_of(pdf, pages=range(1))), "扫描.pdf")
    with pytest.raises(InputRefused) as caught:
        desks.do("upload-signed-scan", acting(BUYER, "wuhan"), **on, upload=torn)
    assert {finding.code for finding in caught.value.findings} == {"scan.page_missing"}

    whole = Upload(scanned_file(scan_of(pdf)), "扫描.pdf")
    desks.do("upload-signed-scan", acting(BUYER, "wuhan"), **on, upload=whole)
    assert desks.case.signing.wet.page_count == answer["page_count"]
    # The file everybody signed stays the contract; the paper goes to the registry.
    assert (desks.case.signing.head_sha256, desks.case.position.state) == (head, State.SIGNED)
