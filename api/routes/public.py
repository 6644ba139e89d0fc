"""For anybody: verify a file, look a filing up by the code in its QR, and whom to trust. Nothing is kept."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Path, UploadFile
from starlette.responses import Response

from api.callers import Api, Now, guarded
from api.documented import binary, both, problems
from api.errors import NotFound
from api.rates import Rate
from api.views.base import View
from documents.changed_page import changed_page
from documents.scans.stamp_code import read_stamp_codes
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


class StampCodesView(View):
    """What was read from a photo."""

    codes: tuple[str, ...]
    """What every QR code in it says, as `/v1/filings/{code}` takes it; empty if none was found."""


MAX_PHOTO_BYTES = 12 << 20
"""A photo of a telephone; the pages make it smaller."""


def router_of_public(upload_bytes: int) -> APIRouter:
    """Public operations; files of at most so many bytes."""
    router = APIRouter(tags=["public"], dependencies=[guarded(Rate.PUBLIC)])
    _add_looking(router, upload_bytes)
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
            "凭合同二维码中的编号或者备案编号查询备案情况；姓名、坐落以掩码显示。",
            "By the code in the QR of a contract, or its filing number: whether the filing stands, masked.",
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


def _add_looking(router: APIRouter, upload_bytes: int) -> None:
    router.add_api_route(
        "/verify/page",
        page_of_file,
        methods=["POST"],
        response_class=Response,
        summary="待验证文件的页面图像",
        description=both(
            "所上传文件某一页的图像；给出 `signed_end`（报告中的 `covers.end_offset`）时，框出与签署时不同之处。"
            "文件不保存。",
            "A page of the uploaded file as a picture. With `signed_end` (`covers.end_offset` of a signature in the"
            " report) whatever looks different from what was signed is outlined, later signatures included. Nothing is"
            " kept.",
        ),
        responses={
            **binary("image/png", "The page"),
            **problems("request.too_large", "input.refused", base=("rate.limited",)),
        },
        max_body_size=upload_bytes + 64 * 1024,
        form_limits={"max_files": 1, "max_fields": 3},
    )
    router.add_api_route(
        "/verify/codes",
        codes_of_photo,
        methods=["POST"],
        summary="识别照片中的备案二维码",
        description=both(
            "读取照片（JPEG 或 PNG）中的二维码，供不能自行识别的浏览器使用；照片不保存。",
            "Reads the QR codes in a photo (JPEG or PNG), for browsers that cannot. Nothing is kept.",
        ),
        responses=problems("request.too_large", "input.refused", base=("rate.limited",)),
        max_body_size=MAX_PHOTO_BYTES + 64 * 1024,
        form_limits={"max_files": 1, "max_fields": 1},
    )


def verify(api: Api, now: Now, file: Annotated[UploadFile, File(description="The PDF.")]) -> dict[str, Any]:
    """The report on a file."""
    with _on_disk(file) as path:
        return dict(api.services.public.verify(path, now))


def page_of_file(
    file: Annotated[UploadFile, File(description="The PDF.")],
    page: Annotated[int, Form(ge=1, le=2000, description="1 is the first.")],
    signed_end: Annotated[int | None, Form(ge=1, description="Bytes that were signed.")] = None,
) -> Response:
    """A page of the file, what changed outlined."""
    with _on_disk(file) as path:
        picture = changed_page(path, page, signed_end)
    return Response(picture, headers={"cache-control": "no-store"}, media_type="image/png")


def codes_of_photo(photo: Annotated[UploadFile, File(description="A JPEG or PNG.")]) -> StampCodesView:
    """What the codes in the photo say; of an address, what follows its last slash."""
    return StampCodesView(codes=tuple(code.rpartition("/")[2] for code in read_stamp_codes(photo.file.read())))


@contextmanager
def _on_disk(file: UploadFile) -> Iterator[FilePath]:
    """Because the confined process that looks at it takes a path."""
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        path = FilePath(folder) / "file.pdf"
        with path.open("wb") as copy:
            while piece := file.file.read(1 << 20):
                copy.write(piece)
        yield path


def filing(
    api: Api,
    code: Annotated[
        str, Path(max_length=64, pattern=r"^[^\x00-\x20/\x7f]+$", description="From the QR, or the filing number.")
    ],
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
