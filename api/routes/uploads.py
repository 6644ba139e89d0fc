"""Resumable uploads: tus 1.0.0 (2016-03-25) with creation, creation-with-upload, expiration, termination, checksum.

https://tus.io/protocols/resumable-upload, cited by its headings. Who may upload is decided when an upload is created:
whoever stands for a purchaser with an open task before a notary, for the script they were posed. From then on it is its
owner's. What has come in is safe whenever a request ends, however it ends; how far that is, ``HEAD`` says.

Not served: ``Upload-Defer-Length`` (a recording has a length when it is sent) and concatenation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Path, Request
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from api.callers import Api, OnlyPerson, guarded
from api.documented import OF_CASE, both, problems
from api.errors import ApiError, NotFound
from api.ports.uploads import UploadAnnounced, UploadDesk
from api.rates import Rate
from api.receiving import take_body, upload_receiving
from api.state import ApiState
from api.tus import (
    ABOUT_US,
    BODY_TYPE,
    VERSION,
    headers_of,
    metadata_of,
    read_checksum,
    read_metadata,
    read_number,
    require_version,
)
from api.visibility import Seen, load_seen
from filing.case.notary import OPEN_STATES
from filing.engine.roles import require_party
from identity.acting import ActingPerson

__all__ = ["router_of_uploads"]

OF_UPLOADS: Final = (
    "upload.version",
    "upload.header",
    "upload.unknown",
    "upload.expired",
    "upload.locked",
    "csrf.refused",
)
OF_RECEIVING: Final = (
    "upload.offset",
    "upload.too_long",
    "upload.cut",
    "upload.checksum",
    "upload.checksum_algorithm",
    "request.media_type",
    "storage.full",
)

UploadId = Annotated[str, Path(pattern=r"^[0-9a-f]{1,10}-[0-9a-f]{32}$", description="Identifier of the upload.")]


class _TusRoute(APIRoute):
    """``Tus-Resumable`` "MUST be included in every request and response" but those of ``OPTIONS``; refusals too."""

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Tus-Resumable"] = VERSION
                if message["status"] == 412:
                    headers["Tus-Version"] = VERSION
            await send(message)

        await super().handle(scope, receive, marked)


@dataclass(frozen=True, slots=True)
class _Sent:
    """What a request says of the bytes in it."""

    content_type: str | None
    """Must be tus's own."""

    size_bytes: int | None
    """Of the body, where it is known."""

    offset: str | None
    """Where they begin."""

    checksum: str | None
    """What they come to."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be uploaded."""

    length: str | None
    """How much."""

    metadata: str | None
    """For what."""


Resumable = Annotated[str | None, Header(alias="Tus-Resumable", description="`1.0.0`", max_length=64)]


def _sent(
    request: Request,
    content_type: Annotated[str | None, Header(max_length=256, description=f"`{BODY_TYPE}`")] = None,
    upload_offset: Annotated[str | None, Header(max_length=32, description="Where the bytes begin.")] = None,
    upload_checksum: Annotated[
        str | None, Header(max_length=256, description="`sha1` or `sha256`, a space, Base64: of this body.")
    ] = None,
) -> _Sent:
    length = request.headers.get("content-length", "")
    return _Sent(content_type, int(length) if length.isdecimal() else None, upload_offset, upload_checksum)


def _wanted(
    upload_length: Annotated[str | None, Header(max_length=32, description="Size of the file.")] = None,
    upload_metadata: Annotated[
        str | None, Header(description="`case_no`, `party`, `attempt`, `filename`: each value in Base64.")
    ] = None,
) -> _Wanted:
    return _Wanted(upload_length, upload_metadata)


def _versioned(tus_resumable: Resumable = None) -> None:
    require_version(tus_resumable)


Sent = Annotated[_Sent, Depends(_sent)]
Wanted = Annotated[_Wanted, Depends(_wanted)]


def router_of_uploads(max_bytes: int) -> APIRouter:
    """The protocol, for files of up to ``max_bytes``."""
    router = APIRouter(prefix="/uploads", tags=["uploads"], route_class=_TusRoute)
    guards = [guarded(Rate.UPLOAD), Depends(_versioned)]

    def about_us() -> Response:
        return Response(status_code=204, headers={**ABOUT_US, "Tus-Max-Size": str(max_bytes)})

    def add(path: str, method: str, endpoint: Callable[..., Any], codes: tuple[str, ...], **more: Any) -> None:  # noqa: ANN401 - FastAPI's own options
        zh, en = _DOCS[endpoint.__name__]
        router.add_api_route(
            path,
            endpoint,
            methods=[method],
            operation_id=f"upload_{endpoint.__name__}",
            summary=zh.split("。")[0],
            description=both(zh, en),
            response_class=Response,
            responses=problems(*codes, *OF_UPLOADS),
            max_body_size=max_bytes,
            dependencies=guards,
            **more,
        )

    router.add_api_route("", about_us, methods=["OPTIONS"], status_code=204, response_class=Response, summary="tus")
    creating = (*OF_RECEIVING, *OF_CASE, "upload.metadata", "upload.too_large", "upload.too_many", "upload.no_task")
    add("", "POST", create, (*creating, "upload.attempt", "party.not_yours"), status_code=201)
    add("/{upload_id}", "HEAD", status, ())
    add("/{upload_id}", "PATCH", send, OF_RECEIVING, status_code=204)
    add("/{upload_id}", "DELETE", end, (), status_code=204)
    add("/{upload_id}", "POST", override, OF_RECEIVING, status_code=204)
    return router


async def create(request: Request, api: Api, person: OnlyPerson, sent: Sent, wanted: Wanted) -> Response:
    """Creation; with bytes in it, Creation With Upload."""
    upload = await run_in_threadpool(_begin, api, person, wanted)
    offset = 0
    if sent.content_type == BODY_TYPE:
        offset = await _receive(request, api, upload, sent)
    elif sent.size_bytes:
        raise _body_type_wrong()
    return Response(
        status_code=201, headers={"Location": f"/v1/uploads/{upload.upload_id}", **headers_of(upload, offset)}
    )


def status(api: Api, person: OnlyPerson, upload_id: UploadId) -> Response:
    """Core Protocol, HEAD: where an interrupted upload goes on."""
    upload = _mine(api, person, upload_id)
    headers = headers_of(upload, _desk(api).offset(upload_id))
    headers |= {"Upload-Length": str(upload.size_bytes), "Upload-Metadata": metadata_of(upload.metadata)}
    return Response(headers={**headers, "Cache-Control": "no-store"})


async def send(request: Request, api: Api, person: OnlyPerson, upload_id: UploadId, sent: Sent) -> Response:
    """Core Protocol, PATCH."""
    if sent.content_type != BODY_TYPE:
        raise _body_type_wrong()
    upload = await run_in_threadpool(_mine, api, person, upload_id)
    offset = await _receive(request, api, upload, sent)
    return Response(status_code=204, headers=headers_of(upload, offset))


def end(api: Api, person: OnlyPerson, upload_id: UploadId) -> Response:
    """Termination."""
    _mine(api, person, upload_id)
    _desk(api).discard(upload_id)
    return Response(status_code=204)


async def override(
    request: Request,
    api: Api,
    person: OnlyPerson,
    upload_id: UploadId,
    sent: Sent,
) -> Response:
    """Core Protocol, X-HTTP-Method-Override: for clients and proxies that know no PATCH or DELETE."""
    method = request.headers.get("x-http-method-override", "").upper()
    if method == "DELETE":
        return await run_in_threadpool(end, api, person, upload_id)
    if method != "PATCH":
        raise ApiError("request.method", zh="该地址不支持此方法", en="this address does not take the method")
    return await send(request, api, person, upload_id, sent)


_DOCS: Final = {
    "create": (
        "登记一次录像上传。tus 1.0 协议（creation、creation-with-upload）；仅限有待办公证事项的当事人。",
        "Announce the upload of a recording: tus 1.0. For whoever stands for a purchaser with an open notary task.",
    ),
    "status": ("查询上传进度。", "How far an upload is: where to go on."),
    "send": ("续传。已接收的内容不会因连接中断而丢失。", "Send more. What has come in outlives a broken connection."),
    "end": ("放弃一次上传。", "Throw an upload away."),
    "override": ("以 POST 代替 PATCH 或者 DELETE。", "PATCH or DELETE where only POST gets through."),
}


def _begin(api: ApiState, person: ActingPerson, wanted: _Wanted) -> UploadAnnounced:
    metadata = read_metadata(wanted.metadata)
    size_bytes = read_number(wanted.length, "Upload-Length")
    if size_bytes > api.services.settings.recording_bytes:
        raise ApiError("upload.too_large", zh="文件超过大小上限", en="the file is larger than what is taken")
    now = api.services.clock()
    seen = load_seen(api.services, metadata.get("case_no", ""), person, now)
    _require_task(seen, metadata.get("party", ""), metadata.get("attempt", ""), now)
    return _desk(api).begin(seen.case.case_no, person.account_id, metadata, size_bytes)


def _require_task(seen: Seen, party: str, attempt: str, now: datetime) -> None:
    """A recording is for the sentence just posed to a purchaser the caller stands for (ZN-14, ZN-15)."""
    require_party(seen.parties, party)
    matter = seen.case.notary.current
    task = None if matter is None or matter.state not in OPEN_STATES else matter.task(party)
    if task is None or task.submitted_at is not None:
        raise ApiError("upload.no_task", zh="没有待录像的公证事项", en="no notary's task waits for a recording")
    if task.script is None or task.script.attempt != attempt or task.script.expires_at <= now:
        raise ApiError(
            "upload.attempt", zh="朗读文本已失效，请重新获取", en="this script is not the one posed: get it anew"
        )


async def _receive(request: Request, api: ApiState, upload: UploadAnnounced, sent: _Sent) -> int:
    """Take the body in; where the upload stands then, everything before it safe."""
    creating = sent.offset is None and request.method == "POST"
    offset = 0 if creating else read_number(sent.offset, "Upload-Offset")
    checksum = read_checksum(sent.checksum)
    if sent.size_bytes is not None and offset + sent.size_bytes > upload.size_bytes:
        raise ApiError("upload.too_long", zh="上传的内容超过声明的大小", en="more than was announced")
    async with upload_receiving(_desk(api), upload.upload_id, offset) as receiving:
        await take_body(request, receiving, checksum)
    return receiving.offset


def _mine(api: ApiState, person: ActingPerson, upload_id: str) -> UploadAnnounced:
    upload = _desk(api).find(upload_id)
    if upload.owner != person.account_id:
        raise NotFound("upload.unknown", zh="没有该上传任务", en="there is no such upload, or none of yours")
    return upload


def _desk(api: ApiState) -> UploadDesk:
    return api.services.cases.uploads


def _body_type_wrong() -> ApiError:
    return ApiError("request.media_type", zh=f"应为 {BODY_TYPE}", en=f"send {BODY_TYPE}")
