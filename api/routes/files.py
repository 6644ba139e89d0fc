# ruff: noqa: FAST003 - case_no is read by SeenCase
"""Files of a case: the contract, its pages, the evidence report, papers handed in, and papers to be made."""

import hashlib
from enum import IntEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from api.callers import Api, Now, guarded
from api.documented import OF_CASE, binary, both, problems
from api.errors import ApiError, NotFound, case_unknown
from api.etags import none_match
from api.ranges import file_response
from api.rates import Rate
from api.routes.cases import SeenCase
from api.state import ApiState
from api.views.base import View
from api.views.case import may_open
from api.visibility import Seen
from documents.papers import paper_digest, paper_text, parse_template, render_paper
from filing.lifecycle import PERMITS
from filing.papers import paper_values

__all__ = ["router"]

router = APIRouter(tags=["files"], dependencies=[guarded(Rate.READ)])

PDF = "application/pdf"

Digest = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="SHA-256, hex.")]
Name = Annotated[str, Path(pattern="^[a-z][a-z0-9_]{0,63}$", description="As the city's profile calls it.")]


def _inside(seen: SeenCase) -> Seen:
    """Files that are between the parties and the bureau: no package of a notary office holds them."""
    if seen.office_only:
        raise case_unknown()
    return seen


SeenInside = Annotated[Seen, Depends(_inside)]
"""The case of the path, of whoever is more to it than its notary office."""


class PageWidth(IntEnum):
    """How wide a picture of a page may be."""

    SCREEN = 1240
    """A4 at 150 dots an inch: sharp on a phone held close."""
    LARGE = 1860
    """At 225."""
    LARGEST = 2480
    """At 300: for a page that is looked at in parts."""


class SheetView(View):
    """One page as it is displayed."""

    width_points: float
    """Width in 1/72 inch."""
    height_points: float
    """Height in 1/72 inch."""


class FieldView(View):
    """A signature field on its page; lengths are parts of the page's width or height, from the top left corner."""

    name: str
    """Whose: key of the party, or `filing-stamp`."""
    page: int
    """1 is the first."""
    left: float
    """Of the width."""
    top: float
    """Of the height."""
    width: float
    """Of the width."""
    height: float
    """Of the height."""
    is_signed: bool
    """Whether it holds a signature."""


class PagesView(View):
    """The pages of the newest revision."""

    sha256: str
    """Digest of the revision."""
    pages: tuple[SheetView, ...]
    """In order."""
    fields: tuple[FieldView, ...]
    """In order of their pages."""


class PaperView(View):
    """The words of a notice or form, as they are now."""

    name: str
    """As the city's profile calls it."""
    title: str
    """Its title."""
    text: str
    """Its words, a block to a paragraph."""
    sha256: str
    """Digest of the words: what the act `read-notice` names."""


@router.get(
    "/cases/{case_no}/contract.pdf",
    response_class=Response,
    summary="下载合同",
    description=both(
        "合同文件：已签章文件，或者签署中的最新版本，或者已生成的文本；`revision` 指定其一。支持区间下载。",
        "The contract: the sealed file, else the newest revision, else the fixed text; `revision=text` "
        "for the text that parties read.",
    ),
    responses={
        **binary(PDF, "The file", Repr_Digest="Digest of the whole file (RFC 9530)", ETag="Its SHA-256"),
        206: {"description": "The range asked for"},
        304: {"description": "Not changed"},
        **problems(*OF_CASE, "contract.no_text", "request.range", "storage.unavailable"),
    },
)
def contract(
    request: Request,
    api: Api,
    seen: SeenCase,
    revision: Annotated[str, Query(pattern="^(newest|text)$", description="`newest` or `text`")] = "newest",
) -> Response:
    """The contract's file."""
    sha256 = _text_sha256(seen) if revision == "text" else _newest_sha256(seen)
    content = api.services.cases.files.contract(seen.case.case_no, sha256)
    return file_response(request, content, sha256, PDF, f"{seen.case.case_no}.pdf")


@router.get(
    "/cases/{case_no}/pages",
    summary="合同页面与签名位置",
    description=both(
        "合同最新版本各页的大小，以及各签名域在页面上的位置、是否已签。",
        "Sizes of the pages of the newest revision, where its signature fields are, and which are signed.",
    ),
    responses=problems(*OF_CASE, "contract.no_text", "storage.unavailable"),
)
def pages(api: Api, seen: SeenCase) -> PagesView:
    """What there is to be read and signed."""
    sha256 = _newest_sha256(seen)
    sizes, fields = api.services.cases.files.sheets(seen.case.case_no, sha256)
    return PagesView.model_validate({"sha256": sha256, "pages": sizes, "fields": fields})


@router.get(
    "/cases/{case_no}/pages/{number}.png",
    response_class=Response,
    summary="合同页面图像",
    description=both(
        "合同最新版本某一页的图像；`width` 为像素宽度，供不同清晰度的屏幕和放大后使用。",
        "A page of the newest revision as a picture; 1 is the first. `width` in pixels, for dense screens and zooming.",
    ),
    responses={
        **binary("image/png", "The page"),
        304: {"description": "Not changed"},
        **problems(*OF_CASE, "contract.no_text", "page.out_of_range"),
    },
)
def page(
    request: Request,
    api: Api,
    seen: SeenCase,
    number: Annotated[int, Path(ge=1, le=2000)],
    width: Annotated[PageWidth, Query(description="Pixels")] = PageWidth.SCREEN,
) -> Response:
    """A page as a picture. Its tag names what it is a picture of: it need not be drawn to be found unchanged."""
    sha256 = _newest_sha256(seen)
    tag = _sha256(f"{sha256}/{number}/{width}".encode())
    if none_match(request.headers.get("if-none-match"), f'"{tag}"'):
        return Response(status_code=304, headers={"etag": f'"{tag}"', "cache-control": "private, no-cache"})
    content = api.services.cases.files.page(seen.case.case_no, sha256, number, width)
    response = file_response(request, content, _sha256(content), "image/png", f"{number}.png")
    response.headers["etag"] = f'"{tag}"'
    return response


@router.get(
    "/cases/{case_no}/evidence-report.pdf",
    response_class=Response,
    summary="签署证据报告",
    description=both(
        "签署证据报告：每一签名的验证结论及签署过程，盖服务印章。",
        "The sealed evidence report on the newest revision.",
    ),
    responses={**binary(PDF, "The report"), **problems(*OF_CASE, "contract.no_text", "storage.unavailable")},
)
def evidence_report(request: Request, api: Api, seen: SeenInside) -> Response:
    """The evidence report."""
    content = api.services.cases.files.evidence_report(seen.case.case_no, _newest_sha256(seen))
    return file_response(request, content, _sha256(content), PDF, f"{seen.case.case_no}-evidence.pdf")


@router.get(
    "/cases/{case_no}/materials/{sha256}",
    response_class=Response,
    summary="下载材料",
    description=both(
        "下载已提交的材料、承诺书、涉外合同公证书或者注销材料，以及打印签署用的合同文本；对方的身份材料不可见。",
        "A paper handed in: your own side's, or any as staff; and the print copy that `download-text` named.",
    ),
    responses={**binary("application/octet-stream", "The paper"), **problems(*OF_CASE, "material.unknown")},
)
def material(request: Request, api: Api, seen: SeenInside, sha256: Digest) -> Response:
    """A paper that was handed in."""
    media_type = _papers_open_to(seen).get(sha256)
    if media_type is None:
        raise NotFound("material.unknown", zh="没有该材料，或者您无权查看", en="no such paper, or none of yours")
    content = api.services.cases.files.material(seen.case.case_no, sha256)
    return file_response(request, content, sha256, media_type, sha256[:12])


@router.get(
    "/cases/{case_no}/papers/{name}.pdf",
    response_class=Response,
    summary="下载待签署的文书",
    description=both(
        "下载承诺书、申请表、授权书等文书的 PDF，签署后上传。",
        "An undertaking, form or authorisation as PDF, to be signed and uploaded.",
    ),
    responses={**binary(PDF, "The paper"), **problems(*OF_CASE, "paper.unknown", "paper.value_missing")},
)
def paper_pdf(request: Request, api: Api, seen: SeenInside, name: Name, now: Now) -> Response:
    """A paper to be signed."""
    template = parse_template(_template(api, seen.case.head.city, name))
    content = render_paper(template, paper_values(seen.profile, seen.case, now), made_at=now).pdf
    return file_response(request, content, _sha256(content), PDF, f"{name}.pdf")


@router.get(
    "/cases/{case_no}/papers/{name}",
    summary="查看须知、承诺书等文书",
    description=both(
        "按本案填写的须知、承诺书、申请表等文书的文字及其摘要；阅读回执以该摘要为准。",
        "The words of a notice, undertaking or form filled in for this case, with the digest that a "
        "receipt of reading names.",
    ),
    responses=problems(*OF_CASE, "paper.unknown", "paper.value_missing"),
)
def paper(api: Api, seen: SeenInside, name: Name, now: Now) -> PaperView:
    """A paper's words."""
    template = parse_template(_template(api, seen.case.head.city, name))
    text = paper_text(template, paper_values(seen.profile, seen.case, now))
    return PaperView(name=name, title=text.split("\n")[0], text=text, sha256=paper_digest(text))


def _template(api: ApiState, city: str, name: str) -> str:
    try:
        return api.services.cities.read_text(city, name)
    except (LookupError, OSError) as cause:
        raise NotFound("paper.unknown", zh="没有该文书", en="this city has no such paper") from cause


def _newest_sha256(seen: Seen) -> str:
    case = seen.case
    _require_shown(seen)
    if case.filing.sealed is not None:
        return case.filing.sealed.sha256
    return case.signing.head_sha256 or _text_sha256(seen)


def _text_sha256(seen: Seen) -> str:
    _require_shown(seen)
    if seen.case.text.fixed is None:
        raise ApiError("contract.no_text", zh="合同文本尚未生成", en="there is no fixed text yet")
    return seen.case.text.fixed.sha256


def _require_shown(seen: Seen) -> None:
    position = seen.case.position
    dead = position is None or not PERMITS[position.state].in_force
    if dead and not seen.in_full:
        raise ApiError("contract.no_text", zh="合同已失效，不再展示", en="this contract is no longer shown")


def _papers_open_to(seen: Seen) -> dict[str, str]:
    """Media type by digest of every paper that this reader may open."""
    papers, cancelling = seen.case.papers, seen.case.cancelling
    found = {file.sha256: file.media_type for file in papers.materials if may_open(seen, file.party)}
    found |= {file.sha256: PDF for file in papers.undertakings}
    found |= {file.sha256: PDF for file in papers.licences_allowed if may_open(seen, file.party)}
    asked = [ended.request for ended in cancelling.past] + ([cancelling.current] if cancelling.current else [])
    for request in asked:
        found |= {one.sha256: PDF for one in request.file.papers if one.party is None or may_open(seen, one.party)}
        found |= {one.sha256: PDF for one in request.file.mandates if may_open(seen, one.party)}
    found |= {file.sha256: file.media_type for file in seen.case.signing.extra_papers}
    if seen.case.signing.wet is not None:
        found[seen.case.signing.wet.sha256] = PDF
    if seen.case.text.printed_sha256 is not None:
        found[seen.case.text.printed_sha256] = PDF
    return found


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
