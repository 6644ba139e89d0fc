"""Signing by hand: print the text, sign on paper, hand the scan in; it must be this very text (SZ-42, SZ-79, WH-39).

The scan is read by a child process page by page: every page of this text once, none of another. Pages that do not look
as they were printed are named, for whoever reviews to look at: software does not decide what a stroke of a pen means.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from documents.scans import check_scan_guarded
from documents.uploads import take_in
from filing.acts.signing.bound import fixed_text, require_text
from filing.acts.signing.inputs import ExtraPaper, OfText, ScanPage, SignedScan
from filing.acts.spec import ActDoc, ActSpec, FileInput
from filing.acts.world import NotarialQuestion
from filing.case.notary import OPEN_STATES
from filing.case.signing import ExtraPaperFile, WetCopy
from filing.contract import fix_scan, print_text
from filing.engine.outcome import Outcome
from filing.errors import FilingError, GuardsRefuse, InputRefused, NotYours
from filing.guards.duties import objections_to_duty
from filing.guards.review import filing_ruling
from filing.guards.signing import extra_papers_wanted, notarised_papers
from filing.lifecycle import State
from filing.profile import Actor, Answer
from filing.profile.cancelling import NotaryPurpose
from filing.profile.signing import SignMethod
from identity.findings import Finding, refusals
from identity.staff import StaffRole

if TYPE_CHECKING:
    from documents.scans import CheckedScan
    from filing.acts.world import World
    from filing.case.signing import NotarialProof
    from filing.engine.situation import Situation

__all__ = [
    "ADD_SCAN_PAGE",
    "DOWNLOAD_TEXT",
    "DROP_SCAN_PAGES",
    "HAND_IN_SCAN_PAGES",
    "UPLOAD_EXTRA_PAPER",
    "UPLOAD_SIGNED_SCAN",
]

PDF: Final = "application/pdf"

MOST_PAGES: Final = 300
"""Photographs of one scan: a contract with every annex has some 200 pages."""

_TEXT: Final = "9f2c" * 16

_AFTER_SIGNING: Final = frozenset({State.SIGNED, State.FILED, State.REGISTERING})

_SCANNING: Final[frozenset[State | None]] = frozenset({State.SIGNING, State.SIGNED})

_HANDS_IN: Final = frozenset({Actor.SELLER, Actor.BUYER, Actor.WINDOW_STAFF})


@dataclass(frozen=True, slots=True)
class Printed:
    """The print copy, kept."""

    sha256: str
    """Its digest."""

    page_count: int
    """Pages."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A scan that is this very text."""

    sha256: str
    """The scan, sealed."""

    checked: CheckedScan
    """What was found."""

    head_sha256: str | None
    """The contract file made of it; ``None`` where everybody has signed the file itself."""


@dataclass(frozen=True, slots=True)
class ExtraTaken:
    """A paper taken in."""

    sha256: str
    """Its digest."""

    media_type: str
    """Of the file."""

    proof: NotarialProof | None
    """What is known of it, where it is a notary's."""


# --- the print -------------------------------------------------------------------------------------------------------


def _check_download(situation: Situation, asked: OfText) -> None:
    require_text(situation.case, asked.text_sha256)
    if not _may_print(situation):
        raise FilingError(
            "text.not_for_print",
            zh="本合同采用线上签署，无需下载打印签署",
            en="this contract is signed online: there is nothing to print and sign",
        )


def _may_print(situation: Situation) -> bool:
    """By hand (SZ-79); after the net-sign where prints are signed (WH-11, WH-38); without filing (SZ-67)."""
    case = situation.case
    state = None if case.position is None else case.position.state
    if case.signing.method is SignMethod.WET:
        return True
    if situation.sale.signing.printed_after and state in _AFTER_SIGNING:
        return True
    return filing_ruling(situation).answer is Answer.NO


def _gather_download(situation: Situation, _: OfText, world: World) -> Printed:
    case, fixed = situation.case, fixed_text(situation.case)
    printed = print_text(world.contract(case.case_no, fixed.version), fixed.version)
    return Printed(world.evidence.put(case.case_no, printed.print_copy, PDF), printed.first.page_count)


def _decide_download(situation: Situation, asked: OfText, printed: Printed) -> Outcome:
    """The print can be fetched from now on. The first download for signing by hand is remembered: from then on both
    must agree to cancel (SZ-91).
    """
    outcome = Outcome(situation.case).noting("text.downloaded", text_sha256=asked.text_sha256, sha256=printed.sha256)
    text = replace(situation.case.text, printed_sha256=printed.sha256)
    if situation.case.signing.method is SignMethod.WET and text.downloaded_at is None:
        text = replace(text, downloaded_at=situation.now)
    return outcome.with_case(text=text).answering(sha256=printed.sha256, media_type=PDF, page_count=printed.page_count)


# --- the scan --------------------------------------------------------------------------------------------------------


def _check_scan(situation: Situation, asked: OfText | ScanPage | SignedScan) -> None:
    require_text(situation.case, asked.text_sha256)
    _require_hand(situation, "upload-signed-scan")
    _require_at_home(situation)


def _require_at_home(situation: Situation) -> None:
    """What a notary office is looking at does not change under its eyes (SZ-80)."""
    matter = situation.case.notary.current
    if matter is not None and matter.purpose is NotaryPurpose.CONTRACT and matter.state in OPEN_STATES:
        raise FilingError(
            "scan.before_notary",
            zh="合同正在办理公证，请先撤回公证申请",
            en="the contract is before a notary office: take it back first",
            office=None if matter.office is None else matter.office.office_id,
        )


def _require_hand(situation: Situation, act: str) -> None:
    """Signed by hand: whoever entered the contract, or the window. A print signed afterwards: any party (H-47)."""
    case, actor = situation.case, situation.who.actor
    state = None if case.position is None else case.position.state
    by_hand = case.signing.method is SignMethod.WET
    if not by_hand and not (situation.sale.signing.printed_after and state in _AFTER_SIGNING):
        raise FilingError(
            "scan.not_asked_for", zh="本合同采用线上签署，无需上传扫描件", en="this contract is not signed by hand"
        )
    if by_hand and actor not in (situation.profile.people.entrant, Actor.WINDOW_STAFF):
        raise NotYours("scan.not_yours", zh="扫描件由合同录入人或窗口上传", en="the entrant or the window hands it in")
    if actor is Actor.WINDOW_STAFF:
        found = refusals(objections_to_duty(situation, StaffRole.WINDOW_CLERK))
        if found:
            raise GuardsRefuse(act, found)


def _gather_scan(situation: Situation, asked: SignedScan, world: World) -> Taken:
    return _take(situation, [asked.upload.content], world)


def _take(situation: Situation, contents: list[bytes], world: World) -> Taken:
    """Raises :class:`InputRefused` with every page that is wrong, ``UploadError``."""
    case, fixed = situation.case, fixed_text(situation.case)
    contract = world.contract(case.case_no, fixed.version)
    checked = check_scan_guarded(contents, print_text(contract, fixed.version))
    if checked.report.problems or checked.laid_out is None:
        raise InputRefused(
            tuple(
                Finding(each.code, each.zh, each.en, facts=(("page", str(each.at)),))
                for each in checked.report.problems
            )
        )
    sha256 = world.evidence.put(case.case_no, checked.clean, PDF)
    if case.signing.method is not SignMethod.WET:
        return Taken(sha256, checked, None)
    return Taken(sha256, checked, fix_scan(contract, world.desk, checked.laid_out).sha256)


def _decide_scan(situation: Situation, asked: SignedScan | OfText, taken: Taken) -> Outcome:
    signing, report = situation.case.signing, taken.checked.report
    wet = WetCopy(taken.sha256, asked.text_sha256, len(report.pages), situation.now, report.look_at_pages)
    head = taken.head_sha256 or signing.head_sha256
    look = [
        {"page": page.number, "why": list(page.look), "at_mm": [_whole_mm(place) for place in page.places]}
        for page in report.pages
        if page.look
    ]
    return (
        Outcome(situation.case)
        .with_case(signing=replace(signing, wet=wet, head_sha256=head, scan_pages=()))
        .noting("scan.handed_in", sha256=taken.sha256, text_sha256=asked.text_sha256, look_at=list(wet.look_at_pages))
        .answering(sha256=taken.sha256, page_count=wet.page_count, look_at=look)
    )


def _whole_mm(place: object) -> list[int]:
    return [round(getattr(place, "left_mm", 0)), round(getattr(place, "top_mm", 0))]


def _check_page(situation: Situation, asked: ScanPage) -> None:
    _check_scan(situation, asked)
    if len(situation.case.signing.scan_pages) >= MOST_PAGES:
        raise FilingError("scan.too_many_pages", zh="扫描页数已达上限", en="there are too many pages", limit=MOST_PAGES)


def _gather_page(situation: Situation, asked: ScanPage, world: World) -> str:
    taken = take_in([asked.upload.content])
    return world.evidence.put(situation.case.case_no, taken.content, taken.media_type)


def _decide_page(situation: Situation, _: ScanPage, sha256: str) -> Outcome:
    signing = situation.case.signing
    pages = (*signing.scan_pages, sha256)
    return (
        Outcome(situation.case)
        .with_case(signing=replace(signing, scan_pages=pages))
        .noting("scan.page_added", sha256=sha256)
        .answering(pages=len(pages))
    )


def _check_pages(situation: Situation, asked: OfText) -> None:
    _check_scan(situation, asked)
    if not situation.case.signing.scan_pages:
        raise FilingError("scan.no_pages", zh="尚未上传任何扫描页", en="no page has been added")


def _gather_pages(situation: Situation, _: OfText, world: World) -> Taken:
    case = situation.case
    return _take(situation, [world.evidence.get(case.case_no, sha256) for sha256 in case.signing.scan_pages], world)


def _decide_drop(situation: Situation, _: OfText, __: None) -> Outcome:
    signing = situation.case.signing
    dropped = Outcome(situation.case).with_case(signing=replace(signing, scan_pages=()))
    return dropped.noting("scan.pages_dropped", pages=len(signing.scan_pages))


# --- extra papers ----------------------------------------------------------------------------------------------------


def _check_extra(situation: Situation, asked: ExtraPaper) -> None:
    require_text(situation.case, asked.text_sha256)
    _require_hand(situation, "upload-extra-paper")
    if asked.paper in notarised_papers(situation):
        _require_at_home(situation)
    wanted = extra_papers_wanted(situation)
    if asked.paper not in wanted:
        raise FilingError(
            "extra_paper.not_wanted", zh="本案不需要该项材料", en="no such paper is wanted here", wanted=list(wanted)
        )


def _gather_extra(situation: Situation, asked: ExtraPaper, world: World) -> ExtraTaken:
    """A notary's certificate that is signed is verified or refused; a scan of one is for the reviewer (SZ-80)."""
    case = situation.case
    taken = take_in([asked.upload.content])
    proof = None
    if asked.paper in notarised_papers(situation):
        names = tuple(party.identified.name for party in case.people.parties)
        question = NotarialQuestion(situation.profile.city.region_code, case.case_no, asked.text_sha256, names)
        proof = world.judge_notarial(taken.content, question, situation.now)
    sha256 = world.evidence.put(case.case_no, taken.content, taken.media_type)
    return ExtraTaken(sha256, taken.media_type, proof)


def _decide_extra(situation: Situation, asked: ExtraPaper, taken: ExtraTaken) -> Outcome:
    signing, proof = situation.case.signing, taken.proof
    others = tuple(each for each in signing.extra_papers if each.paper != asked.paper)
    added = (situation.who.account_id, situation.now)
    file = ExtraPaperFile(asked.paper, taken.sha256, asked.text_sha256, *added, proof, taken.media_type)
    handed_in = Outcome(situation.case).with_case(signing=replace(signing, extra_papers=(*others, file)))
    noted = {"paper": asked.paper, "sha256": taken.sha256}
    if proof is None:
        return handed_in.noting("extra_paper.handed_in", **noted).answering(sha256=taken.sha256)
    said = {"standing": proof.standing.value, "number": proof.number, "office": proof.office}
    return handed_in.noting("extra_paper.handed_in", **noted, **said).answering(sha256=taken.sha256, **said)


_SCAN_ERRORS: Final = (
    *(
        "text.other",
        "scan.not_asked_for",
        "scan.not_yours",
        "scan.before_notary",
        "scan.no_code",
        "scan.two_pages",
        "scan.other_contract",
    ),
    *("scan.other_text", "scan.page_missing", "scan.page_twice", "input.refused"),
)

DOWNLOAD_TEXT: Final = ActSpec(
    name="download-text",
    by=_HANDS_IN,
    states=frozenset({State.TEXT_READY, State.SIGNING, State.SIGNED, State.FILED, State.REGISTERING}),
    input=OfText,
    check=_check_download,
    gather=_gather_download,
    decide=_decide_download,
    fits=lambda profile, _: profile.sale is not None,
    doc=ActDoc(
        zh="下载合同文本用于打印签署：每页印有页码标识，签署后的扫描件据此核对。",
        en="The text for printing, with codes on every page by which the signed scan is checked.",
        example={"text_sha256": _TEXT},
        errors=("text.other", "text.not_for_print"),
    ),
    rules=("SZ-42", "SZ-43", "SZ-67", "SZ-79", "SZ-91", "WH-11", "WH-38", "WH-39"),
)
"""The answer names the file; it is fetched by its digest."""

UPLOAD_SIGNED_SCAN: Final = ActSpec(
    name="upload-signed-scan",
    by=_HANDS_IN,
    states=_SCANNING,
    input=SignedScan,
    check=_check_scan,
    gather=_gather_scan,
    decide=_decide_scan,
    file=FileInput.ONE,
    doc=ActDoc(
        zh="上传签署后的合同扫描件（一个文件）：核对为当前文本、页码齐全；与打印件不一致的页列出供审核人员查看。",
        en="Hand in the contract signed by hand, in one file: every page of this very text. Pages that do not look as "
        "printed are listed for the reviewer.",
        example={"text_sha256": _TEXT},
        errors=_SCAN_ERRORS,
    ),
    rules=("SZ-42", "SZ-43", "SZ-79", "WH-39", "H-47"),
)
"""One PDF."""

ADD_SCAN_PAGE: Final = ActSpec(
    name="add-scan-page",
    by=_HANDS_IN,
    states=_SCANNING,
    input=ScanPage,
    check=_check_page,
    gather=_gather_page,
    decide=_decide_page,
    file=FileInput.ONE,
    doc=ActDoc(
        zh="逐页上传签署后的合同照片；全部上传后提交核对。",
        en="Add a photographed page of the signed contract; hand them in when all are there.",
        example={"text_sha256": _TEXT},
        errors=("text.other", "scan.not_asked_for", "scan.not_yours", "scan.before_notary", "scan.too_many_pages"),
    ),
    rules=("SZ-79", "H-47"),
)
"""For whoever has a telephone and no scanner."""

HAND_IN_SCAN_PAGES: Final = ActSpec(
    name="hand-in-scan-pages",
    by=_HANDS_IN,
    states=_SCANNING,
    input=OfText,
    check=_check_pages,
    gather=_gather_pages,
    decide=_decide_scan,
    doc=ActDoc(
        zh="提交逐页上传的合同照片进行核对。",
        en="Hand the photographed pages in together; they are checked as one scan.",
        example={"text_sha256": _TEXT},
        errors=(*_SCAN_ERRORS, "scan.no_pages"),
    ),
    rules=("SZ-79", "H-47"),
)
"""Any order; they are put right."""

DROP_SCAN_PAGES: Final = ActSpec(
    name="drop-scan-pages",
    by=_HANDS_IN,
    states=_SCANNING,
    input=OfText,
    check=_check_pages,
    decide=_decide_drop,
    doc=ActDoc(
        zh="清空已逐页上传的合同照片，重新上传。",
        en="Begin the photographs anew.",
        example={"text_sha256": _TEXT},
        errors=("text.other", "scan.not_asked_for", "scan.not_yours", "scan.before_notary", "scan.no_pages"),
    ),
    rules=("SZ-79",),
)
"""After a page that was photographed twice."""

UPLOAD_EXTRA_PAPER: Final = ActSpec(
    name="upload-extra-paper",
    by=_HANDS_IN,
    states=_SCANNING,
    input=ExtraPaper,
    check=_check_extra,
    gather=_gather_extra,
    decide=_decide_extra,
    file=FileInput.ONE,
    doc=ActDoc(
        zh="上传线下签署须另行提交的材料，如境外人士的涉外合同公证书。",
        en="Hand in a paper that goes with signing by hand, such as the foreign-related notarisation (SZ-80).",
        example={"paper": "notarised_contract", "text_sha256": _TEXT},
        errors=(
            *("text.other", "extra_paper.not_wanted", "scan.not_asked_for", "scan.not_yours", "scan.before_notary"),
            "certificate.refused",
        ),
    ),
    rules=("SZ-80",),
)
"""Named by the city."""
