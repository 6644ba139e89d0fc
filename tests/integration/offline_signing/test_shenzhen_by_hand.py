"""A sale of Shenzhen with a buyer from abroad, signed by hand from the print to the sealed file."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from filing.acts.spec import Upload
from filing.case.papers import UndertakingFile
from filing.contract import FilingDecision, print_text, seal_contract, stamp_filing
from filing.errors import InputRefused
from filing.lifecycle import State
from filing.profile.signing import SignMethod
from identity.staff import StaffRole
from signing.validation import TrustAnchors, verify_pdf
from tests.builders.cases import FOREIGNER, SELLER, acting, party, staff
from tests.builders.desks import Desks, code_of
from tests.builders.scanner import Scanner, jpeg, scan_of, scanned_file

Ready = Callable[..., Desks]


def by_hand(text_ready: Ready) -> Desks:
    """Signing has begun, the text is downloaded."""
    desks = text_ready("shenzhen", party(SELLER, "seller-1"), party(FOREIGNER, "buyer-1"))
    assert desks.case.signing.method is SignMethod.WET
    file = UndertakingFile("undertaking", "a" * 64, desks.text, SELLER.account, desks.now)
    desks.case = replace(desks.case, papers=replace(desks.case.papers, undertakings=(file,)))
    desks.do("start-signing", acting(SELLER, "shenzhen"), text_sha256=desks.text)
    assert not desks.links.invited
    desks.do("download-text", acting(SELLER, "shenzhen"), text_sha256=desks.text)
    return desks


def print_of(desks: Desks) -> tuple[bytes, dict]:
    printed = print_text(desks.contract(desks.case.case_no, desks.case.text.version), desks.case.text.version)
    boxes = {index: [tuple(box) for box in each if index is not None] for index, each in printed.apart.items()}
    return printed.print_copy, boxes


@pytest.mark.rule("SZ-42")
@pytest.mark.rule("SZ-79")
@pytest.mark.rule("SZ-80")
def test_printed_signed_scanned_certified_stamped_and_sealed(text_ready: Ready) -> None:
    desks = by_hand(text_ready)
    seller = acting(SELLER, "shenzhen")
    assert desks.case.text.downloaded_at == desks.now
    pdf, boxes = print_of(desks)
    on = {"text_sha256": desks.text}
    for image in reversed(scan_of(pdf, Scanner(), boxes)):  # photographs, page by page, in any order
        desks.do("add-scan-page", seller, **on, upload=Upload(jpeg(image), "photo.jpg"))
    answer = desks.do("hand-in-scan-pages", seller, **on).answer
    assert (answer["look_at"], desks.case.signing.scan_pages) == ([], ())
    assert desks.case.position.state is State.SIGNING  # the notarisation of a foreign party is still missing
    desks.do("upload-extra-paper", seller, paper="notarised_contract", **on, upload=Upload(pdf, "公证书.pdf"))
    assert desks.case.position.state is State.SIGNED

    with pikepdf.open(io.BytesIO(desks.pdf())) as contract:
        fields = {str(field.T) for field in contract.Root.AcroForm.Fields}
        assert fields == {"service-certification", "filing-stamp"}
        assert [str(each.AFRelationship) for each in contract.Root.AF] == ["/Source"]
        with pikepdf.open(io.BytesIO(bytes(contract.attachments["text.pdf"].get_file().read_bytes()))) as text:
            assert len(text.pages) == len(contract.pages)

    contract_case = desks.contract(desks.case.case_no, 1)
    decision = FilingDecision("深圳市住房公积金管理中心", "深房备1", "https://verify.test/1", "4403000012345")
    stamp_filing(contract_case, desks.service.desk, decision)
    sealed = seal_contract(contract_case, desks.service.desk)
    with contract_case.archive.open(str(sealed.sha256)) as stream:
        sealed_pdf = stream.read()
    anchors = tuple(root.public_bytes(Encoding.DER) for root in desks.service.desk.keys.trust_anchors)
    report = verify_pdf(io.BytesIO(sealed_pdf), trust=TrustAnchors(anchors), now=desks.now)
    assert {signature.outcome.verdict.value for signature in report.signatures} == {"passed"}


@pytest.mark.rule("SZ-79")
def test_a_scan_of_an_older_text_is_refused_with_every_page_named(text_ready: Ready) -> None:
    desks = by_hand(text_ready)
    old, _ = print_of(desks)
    desks.case = replace(
        desks.case,
        text=replace(desks.case.text, clauses={**desks.case.text.clauses, "other_agreements": ["家具随房转让。"]}),
    )
    desks.fix()
    file = replace(desks.case.papers.undertakings[0], text_sha256=desks.text)
    desks.case = replace(desks.case, papers=replace(desks.case.papers, undertakings=(file,)))
    desks.do("start-signing", acting(SELLER, "shenzhen"), text_sha256=desks.text)
    scan = Upload(scanned_file(scan_of(old, pages=range(2))), "扫描.pdf")
    with pytest.raises(InputRefused) as caught:
        desks.do("upload-signed-scan", acting(SELLER, "shenzhen"), text_sha256=desks.text, upload=scan)
    assert {finding.code for finding in caught.value.findings} == {"scan.other_text", "scan.page_missing"}
    assert desks.case.signing.wet is None
    assert not desks.files.kept or desks.case.signing.head_sha256 == desks.text


@pytest.mark.rule("SZ-79")
@pytest.mark.rule("SZ-80")
def test_who_hands_in_and_what(text_ready: Ready) -> None:
    desks = by_hand(text_ready)
    some = {"text_sha256": desks.text, "upload": Upload(b"%PDF-1.7", "a.pdf")}
    buyer, seller = acting(FOREIGNER, "shenzhen"), acting(SELLER, "shenzhen")
    assert code_of(lambda: desks.do("upload-signed-scan", buyer, **some)) == "scan.not_yours"
    assert code_of(lambda: desks.do("upload-extra-paper", seller, paper="wish", **some)) == "extra_paper.not_wanted"
    assert code_of(lambda: desks.do("hand-in-scan-pages", seller, text_sha256=desks.text)) == "scan.no_pages"
    own = staff(StaffRole.WINDOW_CLERK, "shenzhen", SELLER)
    assert code_of(lambda: desks.do("upload-signed-scan", own, **some)) in {"case.guards_refuse", "upload.malformed"}


@pytest.mark.rule("SZ-91")
def test_a_text_signed_online_is_not_printed_for_signing(text_ready: Ready) -> None:
    desks = text_ready("shenzhen")
    attempt = lambda: desks.do("download-text", acting(SELLER, "shenzhen"), text_sha256=desks.text)  # noqa: E731
    assert code_of(attempt) == "text.not_for_print"
    assert desks.case.text.downloaded_at is None
