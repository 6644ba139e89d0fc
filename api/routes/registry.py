"""The land registry: the feed of filed contracts, and their files. Acts are ``api.routes.acts``'."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from api.callers import Api, OnlyMachine, guarded, require_scope
from api.documented import binary, both, problems
from api.errors import case_unknown
from api.feed_reading import LONGEST_WAIT_SECONDS, Piece, lines_after
from api.ranges import file_response
from api.rates import Rate
from api.views.base import At, View

__all__ = ["router"]

router = APIRouter(tags=["registry"], dependencies=[guarded(Rate.MACHINE)])

FEED: Final = "feed:read"
CONTRACTS: Final = "contracts:read"


class FeedLineView(View):
    """One line of the feed."""

    city: str
    """City."""
    case_no: str
    """Number of the case: acts are sent to `/v1/cases/{case_no}/…`."""
    kind: str
    """`filed`, `amended`, `revoked`, or `restored`: a revocation was void, the filing is in force as it was."""
    at: At
    """When."""
    sha256: str | None
    """Digest of the contract's file; none where there is nothing to fetch."""
    data: Mapping[str, Any]
    """Filing number and the like; nothing personal."""


class FeedView(View):
    """A piece of the feed."""

    items: tuple[FeedLineView, ...]
    """In the order in which they became final."""
    cursor: str
    """Keep it once the items are kept, and come back with it: nothing is skipped, nothing comes twice."""
    more: bool
    """There may be more already: ask again at once."""


@router.get(
    "/registry/feed",
    summary="备案推送流",
    description=both(
        "备案合同的顺序流：凭 `cursor` 续读，不漏不重；`wait` 为长轮询秒数（最多 30）。需要 `feed:read`。",
        "Filed, amended, revoked and restored contracts of the cities granted, in order. Come back with `cursor`;"
        " `wait` holds the request open until there is something, 30 seconds at most. Needs `feed:read`.",
    ),
    responses=problems("auth.scope", "cursor.refused"),
)
async def feed(
    api: Api,
    machine: OnlyMachine,
    after: Annotated[str | None, Query(max_length=512, description="`cursor` of the last piece; the beginning")] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="At most so many.")] = 100,
    wait: Annotated[int, Query(ge=0, le=LONGEST_WAIT_SECONDS, description="Seconds to wait for something.")] = 0,
) -> FeedView:
    """A piece of the feed."""
    require_scope(machine, FEED)
    position = api.cursors.read_number(after, "feed", machine.client_id)
    lines = await lines_after(api, Piece(machine.cities, position, limit, "registry"), wait)
    reached = lines[-1].position if lines else position
    return FeedView(
        items=tuple(FeedLineView.model_validate(line) for line in lines),
        cursor=api.cursors.sign(reached, "feed", machine.client_id),
        more=len(lines) == limit,
    )


@router.get(
    "/registry/contracts/{filing_number}.pdf",
    response_class=Response,
    summary="下载备案合同",
    description=both(
        "备案合同文件及其摘要；`sha256` 指定推送流所列的某一版本。需要 `contracts:read`。",
        "A filed contract with its digest (`Repr-Digest`, RFC 9530); `sha256` for the very file a line of the feed"
        " names. Needs `contracts:read`.",
    ),
    responses={
        **binary("application/pdf", "The file", Repr_Digest="Digest of the whole file", ETag="Its SHA-256"),
        206: {"description": "The range asked for"},
        304: {"description": "Not changed"},
        **problems("auth.scope", "case.unknown", "request.range", "storage.unavailable"),
    },
)
def filed_contract(
    request: Request,
    api: Api,
    machine: OnlyMachine,
    filing_number: Annotated[str, Path(max_length=64, pattern=r"^[^\x00-\x20/\x7f]+$", description="备案编号.")],
    sha256: Annotated[str | None, Query(pattern="^[0-9a-f]{64}$", description="Which file of the case.")] = None,
) -> Response:
    """A filed contract."""
    require_scope(machine, CONTRACTS)
    found = api.services.cases.reader.by_filing_number(filing_number)
    case = None if found is None or found.case.head.city not in machine.cities else found.case
    if case is None or case.filing.sealed is None:
        raise case_unknown()
    files = {case.filing.sealed.sha256, *(past.sha256 for past in case.filing.past.sealed)}
    wanted = sha256 or case.filing.sealed.sha256
    if wanted not in files:
        raise case_unknown()
    content = api.services.cases.files.contract(case.case_no, wanted)
    return file_response(request, content, wanted, "application/pdf", f"{case.case_no}.pdf")
