# ruff: noqa: FAST003, PLR0913, PLR0917 - case_no is read by SeenCase; parameters are what an operation is asked with
"""Notary offices: packages by cursor, matters, and codes to scan. Acts are ``api.routes.acts``'; files
``api.routes.notary_files``'.
"""

import io
from typing import Annotated, Any, Final

import segno
from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from api.callers import AnyCaller, Api, Now, account_of, guarded
from api.documented import OF_CASE, binary, both, problems
from api.errors import Forbidden, NotFound, case_unknown
from api.feed_reading import LONGEST_WAIT_SECONDS, Piece, lines_after
from api.offices import cities_of, office_asked
from api.ports import FeedLine
from api.rates import Rate
from api.routes.authority import require_city
from api.routes.cases import Cursor, Limit, SeenCase
from api.views.base import At, View
from api.views.notary import NotaryMatterView, NotaryView, matters_seen, notary_view
from api.visibility import Seen, sees
from filing.profile import Actor
from notary.matter import place_of
from notary.offices import NotaryOffice

__all__ = ["router"]

router = APIRouter(tags=["notary"], dependencies=[guarded(Rate.READ)])

PARTY: Final = "^[a-z][a-z0-9-]{0,63}$"
QR_SCALE: Final = 8
"""Pixels a module: sharp on a desk's screen and on paper."""


class OfficeView(View):
    """A notary office."""

    office_id: str
    """Identifier: what `push-to-notary` names."""
    name: str
    """公证处."""
    code: str
    """机构代码, part of its certificates' numbers."""
    region_codes: tuple[str, ...]
    """GB/T 2260 codes of the places where it may act."""


class OfficesView(View):
    """Offices that may act there (公证法 art. 25)."""

    offices: tuple[OfficeView, ...]
    """By name."""


class PackageLineView(View):
    """One line of an office's feed."""

    case_no: str
    """Number of the case: acts are sent to `/v1/cases/{case_no}/…`."""
    city: str
    """City."""
    matter: int | None
    """Number of the matter in the case."""
    kind: str
    """`package`: pull it; `withdrawn`: nothing is before you any more; `confirmed`: the filing was cancelled on your
    certificate; `restored`: it is in force again; `overdue`: your term is over. Others may come: ignore what you do not
    know.
    """
    at: At
    """When."""
    number: int | None
    """Number of the package."""
    complete: bool | None
    """Whether it holds what the applicants handed in."""
    sha256: str | None
    """Digest of the container, which the download must have."""
    size_bytes: int | None
    """How large it is."""
    data: dict[str, Any] = Field(description="Whatever else was said.")


class PackagesView(View):
    """A piece of an office's feed."""

    items: tuple[PackageLineView, ...]
    """In the order in which they became final."""
    cursor: str
    """Keep it once the items are kept, and come back with it: nothing is skipped, nothing comes twice."""
    more: bool
    """There may be more already: ask again at once."""


class OfficeMatterView(View):
    """A matter of an office, with its case."""

    case_no: str
    """Number of the case."""
    city: str
    """City."""
    current: NotaryMatterView | None
    """The matter that is before you."""
    past: tuple[NotaryMatterView, ...]
    """Of before."""


class OfficeMattersView(View):
    """A page of an office's matters."""

    matters: tuple[OfficeMatterView, ...]
    """The newest news first."""
    next_cursor: str | None
    """For the next page; none on the last."""


OfficeAsked = Annotated[
    str | None,
    Query(
        alias="office",
        pattern="^[A-Za-z0-9_-]{1,128}$",
        description="Which of your offices, where you work for several; a program has one.",
    ),
]


@router.get(
    "/notary/offices",
    summary="公证机构名录",
    description=both(
        "可受理该城市不动产公证事项的公证机构；给出 `case_no` 时，仅列该不动产所在地的公证机构（公证法第二十五条）。",
        "Offices that may act in a city; with `case_no` only those at the place of that case's house (Notarization Law,"
        " art. 25).",
    ),
    responses=problems(*OF_CASE, "request.not_found"),
)
def notary_offices(
    api: Api,
    caller: AnyCaller,
    now: Now,
    city: Annotated[str, Query(pattern="^[a-z][a-z0-9-]{0,63}$", description="Name of the city.")],
    case_no: Annotated[str | None, Query(max_length=64, description="A case of yours, for its place.")] = None,
) -> OfficesView:
    """Offices to choose from."""
    require_city(api, city)
    profile, desk = api.services.cities.profiles[city], api.services.notary.desk
    if case_no is None:
        found = desk.in_city(profile.city.region_code, now)
    else:
        seen = sees(api.services, api.services.cases.reader.load(case_no), caller, now)
        if seen is None or seen.case.head.city != city:
            raise case_unknown()
        found = desk.at_place(place_of(profile, seen.case), now)
    return OfficesView(offices=tuple(_office(office) for office in found))


def _office(office: NotaryOffice) -> OfficeView:
    return OfficeView.model_validate(office)


@router.get(
    "/notary/packages",
    summary="公证材料包推送流",
    description=both(
        "本公证机构的顺序流：凭 `cursor` 续读，不漏不重；`wait` 为长轮询秒数（最多 30）。机构系统需要 `notary:read`。",
        "What is for your office, in order: packages, withdrawals, confirmations. Come back with `cursor`; `wait` holds"
        " the request open until there is something, 30 seconds at most. Programs need `notary:read`.",
    ),
    responses=problems("auth.scope", "auth.office", "notary.which_office", "cursor.refused"),
)
async def notary_packages(
    api: Api,
    caller: AnyCaller,
    office: OfficeAsked = None,
    after: Annotated[str | None, Query(max_length=512, description="`cursor` of the last piece; the beginning")] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="At most so many.")] = 100,
    wait: Annotated[int, Query(ge=0, le=LONGEST_WAIT_SECONDS, description="Seconds to wait for something.")] = 0,
) -> PackagesView:
    """A piece of the feed."""
    mine = office_asked(caller, office)
    purpose, owner = f"packages:{mine}", account_of(caller)
    position = api.cursors.read_number(after, purpose, owner)
    wanted = Piece(cities_of(api, caller), position, limit, f"office:{mine}")
    lines = await lines_after(api, wanted, wait)
    reached = lines[-1].position if lines else position
    return PackagesView(
        items=tuple(_line(line) for line in lines),
        cursor=api.cursors.sign(reached, purpose, owner),
        more=len(lines) == limit,
    )


def _line(line: FeedLine) -> PackageLineView:
    said = dict(line.data)
    said.pop("case_no", None)
    named = {name: said.pop(name, None) for name in ("matter", "number", "complete", "size_bytes")}
    own = {"case_no": line.case_no, "city": line.city, "kind": line.kind, "at": line.at, "sha256": line.sha256}
    return PackageLineView.model_validate({**own, **named, "data": said})


@router.get(
    "/notary/matters",
    summary="本机构公证事项",
    description=both(
        "本公证机构的公证事项，最近有消息的在前；已撤回或者已拒绝的不再列出。",
        "Matters of your office, the newest news first. One that was taken back, or that you refused, is not among"
        " them any more.",
    ),
    responses=problems("auth.scope", "auth.office", "notary.which_office", "cursor.refused"),
)
def notary_matters(
    api: Api, caller: AnyCaller, now: Now, office: OfficeAsked = None, cursor: Cursor = None, limit: Limit = 20
) -> OfficeMattersView:
    """A page of matters."""
    mine = office_asked(caller, office)
    purpose, owner = f"matters:{mine}", account_of(caller)
    before = api.cursors.read_number(cursor, purpose, owner) or None
    told = list(api.services.notary.desk.told(mine, before, limit + 1))
    found = api.services.cases.reader.load_many([case_no for case_no, _ in told[:limit]])
    seen = [sees(api.services, found.get(case_no), caller, now) for case_no, _ in told[:limit]]
    further = None if len(told) <= limit else api.cursors.sign(told[limit - 1][1], purpose, owner)
    return OfficeMattersView(
        matters=tuple(_matters(each) for each in seen if each is not None and mine in each.offices), next_cursor=further
    )


@router.get(
    "/notary/matters/{case_no}",
    summary="公证事项",
    description=both(
        "公证事项的进度：买受人办理步骤、期限、补充要求、材料包与公证书。公证机构仅见本机构的事项。",
        "Where the matter is: steps of the purchasers, term, what more was asked for, packages, certificate. An office"
        " sees its own; parties, developer and bureau see those of their case.",
    ),
    responses=problems(*OF_CASE, "notary.none"),
)
def notary_matter(seen: SeenCase) -> OfficeMatterView:
    """The matters of a case."""
    return _matters(seen)


def _matters(seen: Seen) -> OfficeMatterView:
    view: NotaryView | None = notary_view(seen)
    if view is None:
        raise NotFound("notary.none", zh="没有公证事项", en="no matter is, or was, before a notary")
    case = seen.case
    return OfficeMatterView(case_no=case.case_no, city=case.head.city, current=view.current, past=view.past)


@router.get(
    "/cases/{case_no}/notary/codes/{party}.png",
    response_class=Response,
    summary="公证二维码",
    description=both(
        "买受人扫码办理的二维码图像，由开发企业或公证机构出示；已使用、已过期或者被替代的不再提供。",
        "The picture that a purchaser scans, for developer and office to show. Not one that was used, has expired or"
        " was replaced: have it made again with `reissue-notary-codes`.",
    ),
    responses={
        **binary("image/png", "The code"),
        **problems(*OF_CASE, "auth.role", "notary.none", "notary.code_none", "notary.code_gone"),
    },
)
def notary_code(
    api: Api, seen: SeenCase, party: Annotated[str, Path(pattern=PARTY, description="Key of the purchaser.")]
) -> Response:
    """A code as a picture."""
    _require_live_code(seen, party)
    address = api.services.notary.desk.code_address(seen.case, party, seen.now)
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="png", scale=QR_SCALE, border=4)
    # Whoever has the picture has the code: it is kept nowhere.
    return Response(picture.getvalue(), headers={"cache-control": "no-store"}, media_type="image/png")


def _require_live_code(seen: Seen, party: str) -> None:
    if not seen.actors & {Actor.DEVELOPER, Actor.NOTARY}:
        raise Forbidden(
            "auth.role", zh="二维码由开发企业或公证机构出示", en="codes are shown by the developer and the office"
        )
    current = seen.case.notary.current
    if current is None or not matters_seen(seen, (current,)):
        raise NotFound("notary.none", zh="没有在办的公证事项", en="no matter is before a notary")
    task = current.task(party)
    if task is None or task.qr is None:
        raise NotFound("notary.code_none", zh="该买受人没有二维码", en="there is no code of this purchaser")
    if task.qr.used_at is not None or seen.now >= task.qr.expires_at:
        raise NotFound(
            "notary.code_gone",
            zh="二维码已使用或者已过期，请重新生成",
            en="this code was used or has expired: make another",
        )
