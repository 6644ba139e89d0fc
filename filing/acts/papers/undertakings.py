"""Undertakings: made from the city's template, signed on paper by every party, handed in as PDF (SZ-65, SZ-79)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from documents.uploads import MediaType, take_in
from filing.acts.papers.inputs import UndertakingNamed, UndertakingUpload
from filing.acts.signing.bound import fixed_text, require_text
from filing.acts.spec import ActDoc, ActSpec, FileInput
from filing.case.papers import UndertakingFile
from filing.engine.outcome import Outcome
from filing.errors import FilingError, NotYours
from filing.lifecycle import State
from filing.papers import make_paper
from filing.profile import Actor

if TYPE_CHECKING:
    from filing.acts.world import World
    from filing.engine.situation import Situation
    from filing.profile.entry import Undertaking

__all__ = ["DOWNLOAD_UNDERTAKING", "UPLOAD_UNDERTAKING"]

PDF: Final = "application/pdf"

_TEXT: Final = "9f2c" * 16


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that lies sealed in the archive."""

    sha256: str
    """Its digest."""

    page_count: int
    """Pages."""


def _rule(situation: Situation, template: str) -> Undertaking:
    for undertaking in situation.sale.preparation.undertakings:
        if undertaking.template == template:
            return undertaking
    raise FilingError(
        "undertaking.unknown", zh="本市没有该承诺书", en="this city has no such undertaking", template=template
    )


def _check_download(situation: Situation, asked: UndertakingNamed) -> None:
    _rule(situation, asked.template)
    fixed_text(situation.case)


def _gather_download(situation: Situation, asked: UndertakingNamed, world: World) -> Kept:
    """Dated by the text, so that equal texts give equal papers however often they are asked for."""
    made_at = fixed_text(situation.case).fixed_at
    paper = make_paper(world.read_text, situation, asked.template, made_at)
    return Kept(world.evidence.put(situation.case.case_no, paper.pdf, PDF), paper.page_count)


def _decide_download(situation: Situation, asked: UndertakingNamed, kept: Kept) -> Outcome:
    return (
        Outcome(situation.case)
        .noting("undertaking.made", template=asked.template, sha256=kept.sha256)
        .answering(sha256=kept.sha256, media_type=PDF, page_count=kept.page_count)
    )


def _check_upload(situation: Situation, asked: UndertakingUpload) -> None:
    require_text(situation.case, asked.text_sha256)
    rule = _rule(situation, asked.template)
    if situation.who.actor is not rule.uploaded_by:
        raise NotYours(
            "undertaking.not_yours",
            zh="承诺书由合同录入人上传",
            en="whoever entered the contract uploads the undertaking",
            by=rule.uploaded_by.value,
        )


def _gather_upload(situation: Situation, asked: UndertakingUpload, world: World) -> Kept:
    taken = take_in([asked.upload.content])
    if taken.came_as != (MediaType.PDF,):
        raise FilingError("undertaking.not_pdf", zh="承诺书须为PDF格式", en="an undertaking is handed in as PDF")
    return Kept(world.evidence.put(situation.case.case_no, taken.content, taken.media_type), taken.page_count)


def _decide_upload(situation: Situation, asked: UndertakingUpload, kept: Kept) -> Outcome:
    papers = situation.case.papers
    file = UndertakingFile(asked.template, kept.sha256, asked.text_sha256, situation.who.account_id, situation.now)
    others = tuple(
        each for each in papers.undertakings if (each.template, each.text_sha256) != (asked.template, asked.text_sha256)
    )
    return (
        Outcome(situation.case)
        .with_case(papers=replace(papers, undertakings=(*others, file)))
        .noting("undertaking.handed_in", template=asked.template, sha256=kept.sha256, text_sha256=asked.text_sha256)
        .answering(sha256=kept.sha256, page_count=kept.page_count)
    )


DOWNLOAD_UNDERTAKING: Final = ActSpec(
    name="download-undertaking",
    by=frozenset({Actor.SELLER, Actor.BUYER, Actor.WINDOW_STAFF}),
    states=frozenset({State.TEXT_READY, State.SIGNING, State.SIGNED}),
    input=UndertakingNamed,
    check=_check_download,
    gather=_gather_download,
    decide=_decide_download,
    doc=ActDoc(
        zh="下载承诺书：按本市模板生成，供当事人签署。",
        en="Make the undertaking from the city's template, to be printed and signed.",
        example={"template": "undertaking"},
        errors=("undertaking.unknown", "text.not_fixed", "paper.value_missing"),
    ),
    rules=("SZ-65", "SZ-66", "SZ-79"),
)
"""The answer names the file; it is fetched by its digest."""

UPLOAD_UNDERTAKING: Final = ActSpec(
    name="upload-undertaking",
    by=frozenset({Actor.SELLER, Actor.BUYER, Actor.WINDOW_STAFF}),
    states=frozenset({State.TEXT_READY, State.SIGNING}),
    input=UndertakingUpload,
    check=_check_upload,
    gather=_gather_upload,
    decide=_decide_upload,
    file=FileInput.ONE,
    doc=ActDoc(
        zh="上传经签署的承诺书（PDF格式）；承诺书与当前合同文本对应，文本更改后须重新签署。",
        en="Hand in the undertaking every party signed, as PDF. It goes with this text; another text needs another.",
        example={"text_sha256": _TEXT, "template": "undertaking"},
        errors=("text.other", "undertaking.unknown", "undertaking.not_yours", "undertaking.not_pdf"),
    ),
    rules=("SZ-65", "SZ-66", "SZ-79"),
)
"""By the contract entrant."""
