"""Our own contract, signed by our own code: it passes after each signature, and each attack on it is seen."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest

from signing.validation import TrustAnchors, VerificationReport, load_trust_anchors, verify_pdf
from tests.builders.attacks.updates import append_update
from tests.builders.signed_by_pyhanko import stream
from tests.conformance.stages import SIGNED_STAGES, Contract, make_contract


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    return make_contract(tmp_path_factory.mktemp("contract"))


def examine(data: bytes, trust: TrustAnchors) -> VerificationReport:
    return verify_pdf(io.BytesIO(data), trust=trust, now=datetime.now(UTC) + timedelta(seconds=5))


def anchors(contract: Contract, stage: str) -> TrustAnchors:
    return load_trust_anchors([contract.root_pem], () if stage == "sealed" else contract.crls)


@pytest.mark.parametrize("stage", SIGNED_STAGES)
def test_contract_passes_after_each_signature(contract: Contract, stage: str) -> None:
    report = examine(contract[stage].read_bytes(), anchors(contract, stage))
    assert (report.verdict.value, report.integrity.value) == ("passed", "intact")
    assert {item.code for item in report.findings} <= {"field.unsigned"}
    level = "B-LTA" if stage == "sealed" else "B-T"
    assert {item.level.value for item in report.signatures if item.kind.value != "document_timestamp"} == {level}


def _page(pdf: pikepdf.Pdf, index: int = 0) -> tuple[int, bytes]:
    page = pdf.pages[index].obj
    return int(page.objgen[0]), bytes(page.unparse(resolved=True))


def _new_content(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as opened:
        contents = opened.pages[0].obj.Contents
        number = int((contents[0] if isinstance(contents, pikepdf.Array) else contents).objgen[0])
    return append_update(data, {number: stream(b"0 g 100 300 300 200 re f")})


def _annotation(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as opened:
        fresh, (number, page) = int(opened.trailer.Size), _page(opened)
    note = b"<< /Type /Annot /Subtype /Square /Rect [60 400 500 760] /IC [1 1 1] /F 4 /AP << /N %d 0 R >> >>" % (
        fresh + 1
    )
    look = stream(b"1 g 0 0 440 360 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 440 360]")
    listed = page.replace(b"/Annots [", b"/Annots [ %d 0 R" % fresh)
    assert listed != page
    return append_update(data, {number: listed, fresh: note, fresh + 1: look})


def _swapped_font(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as opened:
        fonts = opened.pages[0].obj.Resources.Font
        numbers = [int(font.objgen[0]) for font in fonts.values()]
    return append_update(data, dict.fromkeys(numbers, b"<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>"))


def _other_data(data: bytes) -> bytes:
    """contract.json replaced: the pages stay as they are, the data a machine reads do not."""
    with pikepdf.open(io.BytesIO(data)) as opened:
        for item in opened.objects:
            if isinstance(item, pikepdf.Stream) and str(item.get("/Type")) == "/EmbeddedFile":
                return append_update(data, {int(item.objgen[0]): stream(b"{}", b"/Type /EmbeddedFile")})
    raise AssertionError("no embedded file")


def _flipped(data: bytes) -> bytes:
    at = len(data) // 3
    return data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]


@pytest.mark.parametrize(
    ("attack", "code"),
    [
        (_new_content, "rendering.changed"),
        (_annotation, "annotation.over_content"),
        (_swapped_font, "change.page_content"),
        (_other_data, "change.other"),
        (_flipped, "signature.hash_mismatch"),
        (lambda data: data + b"7 0 obj\n(more)\nendobj\n", "bytes_after_last_signature"),
        (lambda data: data[:-300], "bytes_after_last_signature"),
    ],
    ids=["content", "annotation", "font", "data", "flip", "appended", "cut"],
)
def test_attack_on_the_sealed_contract_is_seen(contract: Contract, attack: Callable[[bytes], bytes], code: str) -> None:
    report = examine(attack(contract["sealed"].read_bytes()), anchors(contract, "sealed"))
    assert (report.verdict.value, report.integrity.value) == ("failed", "altered")
    assert code in {item.code for item in report.findings}


def test_nothing_but_the_root_is_needed_for_the_sealed_contract(contract: Contract, tmp_path: Path) -> None:
    copy = tmp_path / "contract.pdf"
    copy.write_bytes(contract["sealed"].read_bytes())
    trust = load_trust_anchors([contract.root_pem])
    report = verify_pdf(copy, trust=trust, now=datetime.now(UTC) + timedelta(seconds=5))
    assert report.verdict.value == "passed"
