"""For anybody: verify a file, look a filing up by the code in its QR, and whom to trust. Nothing is kept."""

import tempfile
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, File, Path, UploadFile
from starlette.responses import Response

from api.callers import Api, Now, guarded
from api.documented import both, problems
from api.errors import NotFound
from api.rates import Rate
from api.views.base import View
from filing.lifecycle import State
from identity.numbers.masks import mask_name

__all__ = ["router_of_public"]


class PartyLine(View):
    """A party of a filed contract."""

    side: str
    """`seller` or `buyer`."""
    name: str
    """A person's is masked; an organisation's is public."""


class FilingPublicView(View):
    """What the code in the QR of a contract tells: enough to compare with the paper."""

    filing_number: str
    """备案编号."""
    city: str
    """City."""
    state: State
    """Where the case is now."""
    in_force: bool
    """Whether the filing stands."""
    filed_on: str
    """Day of filing."""
    location: str
    """坐落, masked."""
    parties: tuple[PartyLine, ...]
    """Masked."""
    sha256: str | None
    """Digest of the sealed file: compare it with the one at hand, or verify that at `/v1/verify`."""


def router_of_public(upload_bytes: int) -> APIRouter:
    """Public operations; files of at most so many bytes."""
    router = APIRouter(tags=["public"], dependencies=[guarded(Rate.PUBLIC)])
    router.add_api_route(
        "/verify",
        verify,
        methods=["POST"],
        summary="验证合同文件",
        description=both(
            "上传 PDF，逐一验证其签名、时间戳、完整性与变更；不需登录，文件不保存。",
            "Examines a PDF: every signature, time-stamp and change, with findings and a three-valued verdict. No"
            " login; nothing is kept. The report has the form of `docs/schemas/verification.schema.json`.",
        ),
        responses=problems("request.too_large", "input.refused", base=("rate.limited",)),
        max_body_size=upload_bytes + 64 * 1024,
        form_limits={"max_files": 1, "max_fields": 2},
    )
    router.add_api_route(
        "/filings/{code}",
        filing,
        methods=["GET"],
        summary="备案查询",
        description=both(
            "凭合同二维码中的编号查询备案情况；姓名、坐落以掩码显示。",
            "By the code in the QR of a contract: whether the filing stands, masked.",
        ),
        responses=problems("filing.unknown", base=("rate.limited",)),
    )
    router.add_api_route(
        "/trust",
        trust,
        methods=["GET"],
        response_class=Response,
        summary="信任根",
        description=both("验证本服务签名所需的根证书（PEM）。", "Roots by which our signatures are judged, as PEM."),
        responses={
            200: {"content": {"application/x-pem-file": {"schema": {"type": "string"}}}, "description": "Certificates"},
            **problems(base=("rate.limited",)),
        },
    )
    return router


def verify(api: Api, now: Now, file: Annotated[UploadFile, File(description="The PDF.")]) -> dict[str, Any]:
    """The report on a file."""
    # On the disk, because the confined process that looks at it takes a path.
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        path = FilePath(folder) / "file.pdf"
        with path.open("wb") as copy:
            while piece := file.file.read(1 << 20):
                copy.write(piece)
        return dict(api.services.public.verify(path, now))


def filing(
    api: Api, code: Annotated[str, Path(max_length=64, pattern=r"^[^\x00-\x20/\x7f]+$", description="From the QR.")]
) -> FilingPublicView:
    """What the code tells."""
    found = api.services.public.filing(code)
    if found is None:
        raise NotFound("filing.unknown", zh="没有该备案", en="no such filing")
    parties = (
        PartyLine(side=side, name=mask_name(name) if is_person else name) for side, name, is_person in found.parties
    )
    return FilingPublicView(
        filing_number=found.filing_number,
        city=found.city,
        state=found.state,
        in_force=found.in_force,
        filed_on=found.filed_on.isoformat(),
        location=_masked_place(found.location),
        parties=tuple(parties),
        sha256=found.sha256,
    )


def trust(api: Api) -> Response:
    """Roots, as PEM."""
    headers = {"cache-control": "public, max-age=300"}
    return Response(api.services.public.trust_anchors(), headers=headers, media_type="application/x-pem-file")


def _masked_place(location: str) -> str:
    """Street and house stay readable, the flat does not: the last third is hidden, four characters at least."""
    hidden = max(4, len(location) // 3)
    return location[: max(0, len(location) - hidden)] + "***"
