"""Read the papers page by page, then agree to go on (ZN-10; 公证法 art. 27: the office must have told them).

A receipt names the very PDF: where other papers were made, it says nothing any more.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from filing.acts.spec import ActDoc, ActSpec
from filing.case.notary import PageRead, StepTaken
from filing.engine.outcome import Outcome
from filing.lifecycle import State
from filing.profile import Actor
from filing.profile.cancelling import NotaryStep
from notary.applicant.bound import COMMON, done_at_place, my_task, replaced_task, require_place
from notary.applicant.inputs import PageShown, PapersAgreed
from notary.applicant.order import papers_digest, papers_to_read, unread
from notary.errors import NotaryError
from notary.matter import has_cancelling

if TYPE_CHECKING:
    from filing.case.notary import MatterPaper
    from filing.engine.situation import Situation
    from notary.applicant.bound import Mine

__all__ = ["AGREE", "READ_PAGE"]

_PAPER: Final = "9f2c" * 16


def _reader(situation: Situation, party: str) -> Mine:
    mine = my_task(situation, party)
    require_place(mine, NotaryStep.READ_ALL)
    return mine


# --- a page ----------------------------------------------------------------------------------------------------------


def _check_page(situation: Situation, asked: PageShown) -> None:
    paper = _paper(_reader(situation, asked.party), asked)
    if not 1 <= asked.page <= paper.page_count:
        raise NotaryError(
            "notary.no_such_page",
            zh=f"该文件共{paper.page_count}页",
            en=f"this paper has {paper.page_count} pages",
            paper=paper.paper,
            pages=paper.page_count,
        )


def _paper(mine: Mine, asked: PageShown) -> MatterPaper:
    for paper in papers_to_read(mine.procedure, mine.matter):
        if (paper.paper, paper.sha256) == (asked.paper, asked.sha256):
            return paper
    raise _changed()


def _changed() -> NotaryError:
    return NotaryError(
        "notary.papers_changed",
        zh="文件已经更新，请重新阅读",
        en="these are not the papers as they stand: read them again",
    )


def _decide_page(situation: Situation, asked: PageShown, _: None) -> Outcome:
    mine = _reader(situation, asked.party)
    paper, pages = _paper(mine, asked), mine.task.pages
    if any((each.sha256, each.page) == (paper.sha256, asked.page) for each in pages):
        return Outcome(situation.case)
    receipt = PageRead(paper.paper, paper.sha256, asked.page, situation.now)
    return replaced_task(situation, replace(mine.task, pages=(*pages, receipt))).noting(
        "notary.page_read", party=asked.party, paper=paper.paper, sha256=paper.sha256, page=asked.page
    )


# --- all of them -----------------------------------------------------------------------------------------------------


def _check_agree(situation: Situation, asked: PapersAgreed) -> None:
    mine = _reader(situation, asked.party)
    papers = papers_to_read(mine.procedure, mine.matter)
    if not papers or dict(asked.digests) != {paper.paper: paper.sha256 for paper in papers}:
        raise _changed()
    left = unread(mine.procedure, mine.matter, mine.task)
    if left:
        raise NotaryError(
            "notary.unread",
            zh="请逐页阅读全部文件后再勾选同意继续",
            en="every page of every paper must be read first",
            unread={each.paper: list(each.pages) for each in left},
        )


def _decide_agree(situation: Situation, asked: PapersAgreed, _: None) -> Outcome:
    mine = _reader(situation, asked.party)
    place = require_place(mine, NotaryStep.READ_ALL)
    if place.done is not None:
        return Outcome(situation.case)
    digest = papers_digest(papers_to_read(mine.procedure, mine.matter))
    done = done_at_place(mine, place, StepTaken(NotaryStep.READ_ALL, situation.now, "read", digest))
    return replaced_task(situation, done).noting(
        "notary.agreed", party=asked.party, papers=dict(sorted(asked.digests.items()))
    )


READ_PAGE: Final = ActSpec(
    name="notary-read-page",
    by=frozenset({Actor.BUYER}),
    states=frozenset({State.CANCELLING}),
    input=PageShown,
    check=_check_page,
    decide=_decide_page,
    fits=has_cancelling,
    doc=ActDoc(
        zh="阅读回执：申请人已翻阅某份文件的某一页。",
        en="A receipt for one page of one paper that was open before the applicant.",
        example={"party": "buyer-1", "paper": "notary_notice", "sha256": _PAPER, "page": 1},
        errors=(*COMMON, "notary.papers_changed", "notary.no_such_page"),
    ),
    rules=("ZN-10",),
)
"""One page."""

AGREE: Final = ActSpec(
    name="notary-agree",
    by=frozenset({Actor.BUYER}),
    states=frozenset({State.CANCELLING}),
    input=PapersAgreed,
    check=_check_agree,
    decide=_decide_agree,
    fits=has_cancelling,
    doc=ActDoc(
        zh="同意继续：四份文件逐页阅读完毕后勾选。",
        en="Agree to go on, once every page of every paper has been read.",
        example={
            "party": "buyer-1",
            "digests": {
                "termination_agreement": _PAPER,
                "notary_application": "1b7d" * 16,
                "notary_notice": "a04e" * 16,
                "acceptance_record": "63c5" * 16,
            },
        },
        errors=(*COMMON, "notary.papers_changed", "notary.unread"),
    ),
    rules=("ZN-10",),
)
"""同意继续."""
