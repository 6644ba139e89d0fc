"""The applicant answers what the office wants and no step of a purchaser gives: papers, words (H-40, SZ-80)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from documents.uploads import take_in
from filing.acts.review.submit import require_free_for
from filing.acts.spec import ActDoc, ActSpec, FileInput
from filing.case.notary import MatterPaper
from filing.engine.outcome import Outcome
from filing.profile import Actor
from identity.staff import StaffRole
from notary.acts.inputs import PaperAdded, SupplementAnswered
from notary.errors import NotaryError
from notary.handing_in import developer_owes, handed_in
from notary.matter import MATTER_STATES, brings_matters, matter_of, require_reason, with_exchange, with_matter

if TYPE_CHECKING:
    from filing.acts.world import World
    from filing.engine.situation import Situation

__all__ = ["ADD_NOTARY_PAPER", "ANSWER_SUPPLEMENT"]

_APPLICANTS: Final = frozenset({Actor.DEVELOPER, Actor.SELLER, Actor.BUYER, Actor.WINDOW_STAFF})
"""Whoever brought the matter: the developer, or the parties of a contract."""

ADDED: Final = "supplement"
"""How papers that were added are named: ``supplement-1`` …"""

TITLE_LIMIT: Final = 60
"""Characters of a title."""

MOST_PAPERS: Final = 30
"""Papers added to one matter."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A paper that was taken in."""

    sha256: str
    """Where it lies."""

    page_count: int
    """Its pages."""


def _check_owing(situation: Situation, _: object) -> None:
    if not developer_owes(matter_of(situation)):
        raise NotaryError(
            "supplement.none", zh="公证处没有要求申请人补充材料", en="the office wants nothing of the applicant"
        )
    if situation.who.actor is Actor.WINDOW_STAFF:
        require_free_for(situation, StaffRole.WINDOW_CLERK, "answer-supplement")


def _check_paper(situation: Situation, said: PaperAdded) -> None:
    _check_owing(situation, said)
    if len(require_reason(said.title)) > TITLE_LIMIT:
        raise NotaryError("supplement.title", zh="名称过长", en="the title is too long", limit=TITLE_LIMIT)
    if len(_added(situation)) >= MOST_PAPERS:
        raise NotaryError("supplement.too_many", zh="补充材料过多", en="too many papers were added")


def _added(situation: Situation) -> tuple[MatterPaper, ...]:
    papers = matter_of(situation).papers
    return tuple(paper for paper in papers if paper.paper.startswith(f"{ADDED}-"))


def _gather_paper(situation: Situation, said: PaperAdded, world: World) -> Kept:
    taken = take_in([said.upload.content])
    kept = world.evidence.put(situation.case.case_no, taken.content, taken.media_type)
    return Kept(kept, taken.page_count)


def _add(situation: Situation, said: PaperAdded, kept: Kept) -> Outcome:
    matter, name = matter_of(situation), f"{ADDED}-{len(_added(situation)) + 1}"
    paper = MatterPaper(name, kept.sha256, kept.page_count)
    more = replace(matter, papers=(*matter.papers, paper))
    noted = with_matter(Outcome(situation.case), more).noting(
        "notary.paper_added", matter=matter.number, paper=name, title=said.title.strip(), sha256=kept.sha256
    )
    return noted.answering(paper=name, sha256=kept.sha256)


def _check_answer(situation: Situation, said: SupplementAnswered) -> None:
    _check_owing(situation, said)
    require_reason(said.words)


def _answer(situation: Situation, said: SupplementAnswered, _: None) -> Outcome:
    matter = matter_of(situation)
    *others, wanted = matter.exchange.supplements
    answered = with_exchange(matter, supplements=(*others, replace(wanted, answer=said.words.strip())))
    noted = with_matter(Outcome(situation.case), answered).noting("notary.supplement_answered", matter=matter.number)
    return handed_in(situation, noted)


ADD_NOTARY_PAPER: Final = ActSpec(
    name="add-notary-paper",
    by=_APPLICANTS,
    states=MATTER_STATES,
    input=PaperAdded,
    check=_check_paper,
    gather=_gather_paper,
    decide=_add,
    file=FileInput.ONE,
    fits=brings_matters,
    doc=ActDoc(
        zh="上传公证处要求补充的材料；全部上传后提交补充答复。",
        en="Upload a paper the office asked for; when all are there, answer.",
        example={"title": "营业执照副本"},
        errors=("notary.none", "supplement.none", "supplement.title", "supplement.too_many", "upload.refused"),
    ),
    rules=("H-40", "SZ-80"),
)
"""A paper."""

ANSWER_SUPPLEMENT: Final = ActSpec(
    name="answer-supplement",
    by=_APPLICANTS,
    states=MATTER_STATES,
    input=SupplementAnswered,
    check=_check_answer,
    decide=_answer,
    fits=brings_matters,
    doc=ActDoc(
        zh="答复公证处的补充要求；买受人也已重新提交的，公证事项继续办理，期限恢复计算。",
        en="Answer what the office asked of the developer. Once the purchasers are done too, the matter goes on and the"
        " term with it.",
        example={"words": "已补充营业执照副本。"},
        errors=("notary.none", "supplement.none", "notary.reason_missing"),
    ),
    rules=("H-40", "SZ-80"),
)
"""Words."""
