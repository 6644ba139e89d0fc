"""Undertakings: made, signed on paper, handed in as PDF for this very text (SZ-65, SZ-66)."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pikepdf
import pytest
from PIL import Image

from filing.acts.spec import Upload
from filing.guards import GUARDS
from filing.profile import Guard
from tests.builders.cases import BUYER, SELLER, acting, situation
from tests.builders.desks import Desks, code_of

Ready = Callable[..., Desks]


@pytest.fixture
def shenzhen(text_ready: Ready) -> Desks:
    return text_ready("shenzhen")


def downloaded(desks: Desks) -> Upload:
    answer = desks.do("download-undertaking", acting(SELLER, "shenzhen")).answer
    return Upload(desks.files.get(desks.case.case_no, answer["sha256"]), "承诺书.pdf")


def missing(desks: Desks) -> list[str]:
    return [finding.code for finding in GUARDS[Guard.UNDERTAKINGS_COMPLETE](situation(desks.case))]


@pytest.mark.rule("SZ-65")
@pytest.mark.rule("SZ-66")
def test_the_seller_downloads_and_hands_in_what_all_have_signed(shenzhen: Desks) -> None:
    assert missing(shenzhen) == ["undertaking.missing"]
    paper = downloaded(shenzhen)
    shenzhen.do("upload-undertaking", acting(SELLER, "shenzhen"), text_sha256=shenzhen.text, upload=paper)
    assert missing(shenzhen) == []
    assert shenzhen.case.papers.undertakings[0].text_sha256 == shenzhen.text


def test_the_paper_names_both_sides_and_is_the_same_each_time(shenzhen: Desks) -> None:
    first, second = downloaded(shenzhen), downloaded(shenzhen)
    assert first.content == second.content
    with pikepdf.open(io.BytesIO(first.content)) as pdf:
        assert str(pdf.docinfo.get("/Title", "")) == "承诺书"


@pytest.mark.rule("SZ-65")
def test_an_undertaking_is_a_pdf(shenzhen: Desks) -> None:
    out = io.BytesIO()
    Image.new("L", (400, 560), 255).save(out, "PNG")
    said = {"text_sha256": shenzhen.text, "upload": Upload(out.getvalue(), "承诺书.pdf")}
    attempt = lambda: shenzhen.do("upload-undertaking", acting(SELLER, "shenzhen"), **said)  # noqa: E731
    assert code_of(attempt) == "undertaking.not_pdf"


@pytest.mark.rule("SZ-65")
def test_the_buyer_does_not_hand_it_in(shenzhen: Desks) -> None:
    said = {"text_sha256": shenzhen.text, "upload": downloaded(shenzhen)}
    attempt = lambda: shenzhen.do("upload-undertaking", acting(BUYER, "shenzhen"), **said)  # noqa: E731
    assert code_of(attempt) == "undertaking.not_yours"


@pytest.mark.rule("SZ-65")
def test_another_text_needs_another_undertaking(shenzhen: Desks) -> None:
    paper, old = downloaded(shenzhen), shenzhen.text
    shenzhen.do("upload-undertaking", acting(SELLER, "shenzhen"), text_sha256=old, upload=paper)
    shenzhen.case = replace(
        shenzhen.case,
        text=replace(shenzhen.case.text, clauses={**shenzhen.case.text.clauses, "other_agreements": ["补充。"]}),
    )
    shenzhen.fix()
    assert shenzhen.text != old
    assert missing(shenzhen) == ["undertaking.missing"]
    attempt = lambda: shenzhen.do(  # noqa: E731
        "upload-undertaking", acting(SELLER, "shenzhen"), text_sha256=old, upload=paper
    )
    assert code_of(attempt) == "text.other"


def test_a_city_without_undertakings_makes_none(text_ready: Ready) -> None:
    desks = text_ready("huangshi")
    assert code_of(lambda: desks.do("download-undertaking", acting(SELLER))) == "undertaking.unknown"
