# ruff: noqa: FAST003 - case_no is read by SeenCase
"""Files of a notary matter: packages for the office, what applicants gave, papers, and what the office returned.

Everything is sent as it is read: a package with two recordings in it takes no more memory than a page.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from api.callers import AnyCaller, Api, Caller, guarded
from api.documented import OF_CASE, binary, both, problems
from api.errors import ApiError, NotFound, case_unknown
from api.offices import cities_of, offices_of
from api.ranges import Streamed, file_response, streamed_response
from api.rates import Rate
from api.routes.cases import SeenCase
from api.routes.files import Digest
from api.routes.parameters import CaseNo
from api.state import ApiState
from api.views.base import At, View
from api.views.notary import matters_seen, may_print
from api.visibility import Seen
from documents.pages import render_page
from filing.case import Case
from filing.case.notary import ApplicantTask, Certificate, NotaryMatter, NotaryState, PackageVersion

__all__ = ["built_package", "router"]

router = APIRouter(tags=["notary"], dependencies=[guarded(Rate.READ)])

ASICE: Final = "application/vnd.etsi.asic-e+zip"
PDF: Final = "application/pdf"
ZIP: Final = "application/zip"
VIDEOS: Final = ("video/mp4", "video/quicktime", "video/webm")
TYPES: Final = {"pdf": PDF, "jpg": "image/jpeg", "png": "image/png"}
PAGE_WIDTH_PX: Final = 1240
"""A4 at 150 dots an inch: sharp on a phone held close."""
OUT: Final = frozenset({NotaryState.REFUSED, NotaryState.WITHDRAWN})

RANGES: Final[dict[int | str, dict[str, Any]]] = {
    206: {"description": "The range asked for"},
    304: {"description": "Not changed"},
}

PartName = Annotated[
    str, Path(pattern=r"^[a-z][a-z0-9_-]{0,79}\.(pdf|jpg|png|zip)$", description="As in `certificate.parts`.")
]


class ScriptView(View):
    """What was to be read aloud in a recording."""

    party: str
    """Key of the purchaser."""
    attempt: str
    """Of which attempt."""
    text: str
    """The words on the screen, with the sentence drawn for this attempt."""
    duration_ms: int
    """How long the recording is."""
    taken_at: At
    """When it was taken in."""


# --- packages ---------------------------------------------------------------------------------------------------------


@router.get(
    "/notary/packages/{case_no}/{number}.asice",
    response_class=Response,
    summary="下载公证材料包",
    description=both(
        "ASiC-E 材料包及其摘要，支持区间下载。已被替代的版本仍可下载，并以 `Link: rel=successor-version` 指明新版本；"
        "已撤回的不再提供。机构系统需要 `notary:read`。",
        "The ASiC-E container with its digest, ranges too. A version that was superseded can still be had: the header"
        " `Qianshu-Superseded-At` says since when, `Link` with `rel=successor-version` (RFC 5829) leads to the one that"
        " counts. A package of a matter that was taken back is refused. Programs need `notary:read`.",
    ),
    responses={
        **binary(ASICE, "The container", Repr_Digest="Digest of the whole file (RFC 9530)", ETag="Its SHA-256"),
        **RANGES,
        **problems(
            *OF_CASE,
            "auth.scope",
            "auth.office",
            "package.unknown",
            "package.withdrawn",
            "package.not_built",
            "request.range",
            "storage.unavailable",
        ),
    },
)
def notary_package(
    request: Request,
    api: Api,
    caller: AnyCaller,
    case_no: CaseNo,
    number: Annotated[int, Path(ge=1, le=10_000, description="Number of the package.")],
) -> Response:
    """A package."""
    matter, package, sha256 = built_package(api, caller, case_no, number)
    file = Streamed(case_no, sha256, ASICE, f"{case_no}-{number}.asice")
    return streamed_response(request, api.services.notary.files, file, **_standing(case_no, matter, package))


def built_package(api: ApiState, caller: Caller, case_no: str, number: int) -> tuple[NotaryMatter, PackageVersion, str]:
    """A package before an office of the caller, and its digest. Raises ``case.unknown``, ``package.unknown``,
    ``package.withdrawn``, ``package.not_built``.
    """
    matter, package = _package(_case_of_office(api, case_no, caller), number, offices_of(caller))
    if matter.state in OUT:
        raise ApiError("package.withdrawn", zh="公证事项已撤回或终止", en="the matter was taken back, or has ended")
    if package.sha256 is None:
        raise ApiError("package.not_built", zh="材料包正在生成", en="this package is still being built")
    return matter, package, package.sha256


def _case_of_office(api: ApiState, case_no: str, caller: Caller) -> Case:
    """A case that is, or was, before an office of the caller. Raises ``case.unknown``."""
    mine, found = offices_of(caller), api.services.cases.reader.load(case_no)
    case = None if found is None else found.case
    granted = case is not None and case.head.city in cities_of(api, caller)
    if case is None or not granted or not any(_is_of(matter, mine) for matter in _matters(case)):
        raise case_unknown()
    return case


def _matters(case: Case) -> tuple[NotaryMatter, ...]:
    return (*case.notary.past, *(() if case.notary.current is None else (case.notary.current,)))


def _is_of(matter: NotaryMatter, offices: tuple[str, ...]) -> bool:
    return matter.office is not None and matter.office.office_id in offices


def _package(case: Case, number: int, mine: tuple[str, ...]) -> tuple[NotaryMatter, PackageVersion]:
    for matter in _matters(case):
        for package in matter.exchange.packages:
            if package.number == number and _is_of(matter, mine):
                return matter, package
    raise NotFound("package.unknown", zh="没有该材料包", en="no such package of yours")


def _standing(case_no: str, matter: NotaryMatter, package: PackageVersion) -> dict[str, str]:
    """Whether it counts, and where the one is that does."""
    if package.superseded_at is None:
        return {}
    told = {"qianshu-superseded-at": package.superseded_at.isoformat()}
    counts = [each for each in matter.exchange.packages if each.superseded_at is None and each.sha256 is not None]
    if counts:
        place = f"/v1/notary/packages/{quote(case_no)}/{counts[-1].number}.asice"
        told["link"] = f'<{place}>; rel="successor-version"'
    return told


# --- what applicants gave, and papers ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Given:
    """A file of a matter."""

    sha256: str
    """Which."""

    media_type: str
    """What it is."""


@router.get(
    "/notary/matters/{case_no}/videos/{sha256}",
    response_class=Response,
    summary="播放视频认证",
    description=both(
        "买受人的视频认证，支持区间播放；应朗读的文字见 `…/script`。",
        "A purchaser's recording, with ranges, so that it plays from anywhere; the words to be read are beside it.",
    ),
    responses={
        **binary(VIDEOS, "The recording", Repr_Digest="Digest of the whole file", ETag="Its SHA-256"),
        **RANGES,
        **problems(*OF_CASE, "notary.file_unknown", "request.range", "storage.unavailable"),
    },
)
def matter_video(request: Request, api: Api, seen: SeenCase, sha256: Digest) -> Response:
    """A recording."""
    return _sent(request, api, seen, _videos(seen), sha256)


@router.get(
    "/notary/matters/{case_no}/videos/{sha256}/script",
    summary="视频认证应朗读的文字",
    description=both("该视频应朗读的文字。", "What was to be read aloud in this recording."),
    responses=problems(*OF_CASE, "notary.file_unknown"),
)
def matter_script(seen: SeenCase, sha256: Digest) -> ScriptView:
    """The words of a recording."""
    for task in _tasks(seen):
        for video in task.videos:
            if video.sha256 == sha256:
                return ScriptView(
                    party=task.party,
                    attempt=video.attempt,
                    text=video.text,
                    duration_ms=video.duration_ms,
                    taken_at=video.taken_at,
                )
    raise _file_unknown()


@router.get(
    "/notary/matters/{case_no}/photos/{sha256}",
    response_class=Response,
    summary="查看身份照片与签名",
    description=both(
        "买受人提交的照片或签名图像；本人、公证机构与工作人员可见。",
        "A picture a purchaser gave: for themselves, the office and staff.",
    ),
    responses={
        **binary("image/jpeg", "The picture", ETag="Its SHA-256"),
        **RANGES,
        **problems(*OF_CASE, "notary.file_unknown", "storage.unavailable"),
    },
)
def matter_photo(request: Request, api: Api, seen: SeenCase, sha256: Digest) -> Response:
    """A picture."""
    return _sent(request, api, seen, _pictures(seen), sha256)


@router.get(
    "/notary/matters/{case_no}/papers/{sha256}.pdf",
    response_class=Response,
    summary="公证事项的文书",
    description=both(
        "为公证事项生成的文书、终止协议及补充材料。",
        "A paper of the matter: generated ones, the termination agreement, what was added.",
    ),
    responses={
        **binary(PDF, "The paper", Repr_Digest="Digest of the whole file", ETag="Its SHA-256"),
        **RANGES,
        **problems(*OF_CASE, "notary.file_unknown", "request.range", "storage.unavailable"),
    },
)
def matter_paper(request: Request, api: Api, seen: SeenCase, sha256: Digest) -> Response:
    """A paper."""
    return _sent(request, api, seen, _papers(seen), sha256)


@router.get(
    "/notary/matters/{case_no}/papers/{sha256}/pages/{number}.png",
    response_class=Response,
    summary="公证事项文书的页面图像",
    description=both("文书某一页的图像，供手机逐页阅读。", "A page of a paper as a picture; 1 is the first."),
    responses={
        **binary("image/png", "The page"),
        **problems(*OF_CASE, "notary.file_unknown", "page.out_of_range", "storage.unavailable"),
    },
)
def matter_paper_page(
    request: Request, api: Api, seen: SeenCase, sha256: Digest, number: Annotated[int, Path(ge=1, le=2000)]
) -> Response:
    """A page as a picture."""
    if all(one.sha256 != sha256 for one in _papers(seen)):
        raise _file_unknown()
    with api.services.notary.files.open(seen.case.case_no, sha256) as paper:
        picture = render_page(paper.read(), number - 1, width_px=PAGE_WIDTH_PX)
    return file_response(request, picture, hashlib.sha256(picture).hexdigest(), "image/png", f"{number}.png")


def _seen_matters(seen: Seen) -> tuple[NotaryMatter, ...]:
    return matters_seen(seen, _matters(seen.case))


def _tasks(seen: Seen) -> Iterator[ApplicantTask]:
    """Tasks whose files this caller may open: their own, or as office or staff everybody's."""
    for matter in _seen_matters(seen):
        yield from (task for task in matter.tasks if seen.in_full or task.party in seen.parties)


def _videos(seen: Seen) -> Iterator[Given]:
    return (Given(video.sha256, video.media_type) for task in _tasks(seen) for video in task.videos)


def _pictures(seen: Seen) -> Iterator[Given]:
    return (Given(file.sha256, file.media_type) for task in _tasks(seen) for file in task.files)


def _papers(seen: Seen) -> Iterator[Given]:
    for matter in _seen_matters(seen):
        yield from (Given(paper.sha256, PDF) for paper in matter.papers)
        if matter.agreement is not None:
            made = matter.agreement
            yield from (Given(sha256, PDF) for sha256 in (made.text_sha256, made.head_sha256))
            yield from (Given(each.sha256, PDF) for each in made.signed)
        if matter.exchange.certificate is not None:
            yield from (Given(change.sha256, PDF) for change in matter.exchange.certificate.changes)


def _sent(request: Request, api: ApiState, seen: Seen, offered: Iterator[Given], sha256: str) -> Response:
    given = next((one for one in offered if one.sha256 == sha256), None)
    if given is None:
        raise _file_unknown()
    file = Streamed(seen.case.case_no, sha256, given.media_type, sha256[:12])
    return streamed_response(request, api.services.notary.files, file)


def _file_unknown() -> NotFound:
    return NotFound("notary.file_unknown", zh="没有该文件，或者您无权查看", en="no such file, or none of yours")


# --- what the office returned -----------------------------------------------------------------------------------------


@router.get(
    "/notary/matters/{case_no}/certificate.pdf",
    response_class=Response,
    summary="下载公证书",
    description=both(
        "公证书，可打印与下载；当事人、开发企业、公证机构与审核人员可见。",
        "The certificate, to print and to keep: for parties, developer, office and bureau.",
    ),
    responses={
        **binary(PDF, "The certificate", Repr_Digest="Digest of the whole file", ETag="Its SHA-256"),
        **RANGES,
        **problems(*OF_CASE, "notary.no_certificate", "request.range", "storage.unavailable"),
    },
)
def matter_certificate(request: Request, api: Api, seen: SeenCase) -> Response:
    """The certificate."""
    made = _returned(seen)
    file = Streamed(seen.case.case_no, made.sha256, PDF, f"{seen.case.case_no}-notary.pdf")
    return streamed_response(request, api.services.notary.files, file)


@router.get(
    "/notary/matters/{case_no}/returned/{name}",
    response_class=Response,
    summary="下载公证处返回的材料",
    description=both(
        "公证处返回材料包中的一份；`bundle.zip` 为整包，仅公证机构与审核人员可下载。各方仅能打开共同的和本方的材料。",
        "A part of the package that came back; `bundle.zip` is all of it, for office and bureau. Parties open what is"
        " everybody's, and their own.",
    ),
    responses={
        **binary("application/octet-stream", "The part", Repr_Digest="Digest of the whole file", ETag="Its SHA-256"),
        **RANGES,
        **problems(*OF_CASE, "notary.no_certificate", "notary.file_unknown", "request.range", "storage.unavailable"),
    },
)
def matter_returned(request: Request, api: Api, seen: SeenCase, name: PartName) -> Response:
    """A part of what came back."""
    made = _returned(seen)
    parts = {part: sha256 for part, sha256 in made.parts if may_print(seen, part)}
    if seen.in_full:
        parts["bundle.zip"] = made.bundle_sha256
    if name not in parts:
        raise _file_unknown()
    media_type = TYPES.get(name.rpartition(".")[2], ZIP)
    file = Streamed(seen.case.case_no, parts[name], media_type, f"{seen.case.case_no}-{name}")
    return streamed_response(request, api.services.notary.files, file)


def _returned(seen: Seen) -> Certificate:
    """The certificate that counts, else the newest there was."""
    found = [matter.exchange.certificate for matter in reversed(_seen_matters(seen))]
    made = next((certificate for certificate in found if certificate is not None), None)
    if made is None:
        raise NotFound("notary.no_certificate", zh="公证书尚未返回", en="no certificate has come back")
    return made
