"""The body of a request taken in as it comes: in pieces, from a connection that may fall silent or break."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool

from api.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from api.ports.uploads import ReceivingUpload, UploadDesk
    from api.tus import Checksum

__all__ = ["take_body", "upload_receiving"]

PIECE_BYTES: Final = 1 << 20
"""So much is put away at once: threads are not free."""

IDLE_SECONDS: Final = 30.0
"""How long a sender may be silent before what came is put away and the connection let go."""

LOOK_UP_SECONDS: Final = 1.0
"""How often a receiver that hears nothing looks whether somebody else waits."""


@asynccontextmanager
async def upload_receiving(desk: UploadDesk, upload_id: str, offset: int) -> AsyncIterator[ReceivingUpload]:
    """``desk.receiving``, entered and left in a thread: it waits for locks and for the disk.

    Not Starlette's wrapper: a request that is cancelled must still leave, or the lock stays with this process.
    """
    block = desk.receiving(upload_id, offset)
    receiving = await run_in_threadpool(block.__enter__)
    try:
        yield receiving
    finally:
        # The block keeps what came whether or not there was an error, and swallows none.
        await asyncio.shield(run_in_threadpool(block.__exit__, None, None, None))


async def take_body(request: Request, receiving: ReceivingUpload, checksum: Checksum | None) -> None:
    """Put away the whole body; what came of it is kept unless there is a checksum.

    Raises ``upload.cut`` if it did not come whole, ``upload.locked`` if somebody else waits, ``upload.checksum``.
    """
    intake = _Intake(receiving, checksum)
    if checksum is not None:
        await run_in_threadpool(receiving.distrust)
    try:
        await _take(request, intake)
    finally:
        await intake.idle()
    if checksum is not None:
        checksum.require(intake.digest())
        await run_in_threadpool(receiving.trust)


async def _take(request: Request, intake: _Intake) -> None:
    more, heard_at = True, time.monotonic()
    while more:
        message = await _next(request)
        if message is None:
            silent = time.monotonic() - heard_at > IDLE_SECONDS
            if silent or await intake.is_wanted():
                await intake.put_away()
                raise _cut() if silent else _locked()
            continue
        heard_at = time.monotonic()
        if message["type"] == "http.disconnect":
            await intake.put_away()
            raise _cut()
        more = bool(message.get("more_body", False))
        intake.hold(message.get("body", b""))
        if intake.held_bytes >= PIECE_BYTES and await intake.hand_over():
            await intake.put_away()
            raise _locked()
    await intake.put_away()


class _Intake:
    """Pieces on their way to the disk: while one is put away, the next comes in."""

    def __init__(self, receiving: ReceivingUpload, checksum: Checksum | None) -> None:
        self._receiving = receiving
        self._hash = None if checksum is None else checksum.begin()
        self._pieces: list[bytes] = []
        self._under_way: asyncio.Future[bool] | None = None
        self.held_bytes = 0

    def hold(self, body: bytes) -> None:
        self._pieces.append(body)
        self.held_bytes += len(body)

    async def hand_over(self) -> bool:
        """Begin to put away what is held, the piece before it being put away; whether somebody waits for us to stop."""
        wanted = await self._put_away()
        piece, self._pieces, self.held_bytes = b"".join(self._pieces), [], 0
        if piece:
            self._under_way = asyncio.ensure_future(run_in_threadpool(self._put, piece))
        return wanted

    async def put_away(self) -> None:
        """Put away everything."""
        await self.hand_over()
        await self._put_away()

    async def idle(self) -> None:
        """Until no thread touches the upload any more, however this request ends."""
        if self._under_way is not None:
            await asyncio.wait([self._under_way])

    async def _put_away(self) -> bool:
        if self._under_way is None:
            return False
        wanted = await asyncio.shield(self._under_way)
        self._under_way = None
        return wanted

    async def is_wanted(self) -> bool:
        return await run_in_threadpool(self._receiving.is_wanted)

    def digest(self) -> bytes:
        return b"" if self._hash is None else bytes(self._hash.digest())

    def _put(self, piece: bytes) -> bool:
        self._receiving.take(piece)
        if self._hash is not None:
            self._hash.update(piece)
        return self._receiving.is_wanted()


async def _next(request: Request):  # type: ignore[no-untyped-def]  # noqa: ANN202 - ASGI's message has no narrower type
    """The next message; ``None`` if there was none for a while."""
    try:
        async with asyncio.timeout(LOOK_UP_SECONDS):
            return await request.receive()
    except TimeoutError:
        return None


def _locked() -> ApiError:
    return ApiError("upload.locked", zh="该文件正在由另一连接上传", en="another connection goes on with this upload")


def _cut() -> ApiError:
    return ApiError(
        "upload.cut",
        zh="连接中断，已接收的内容已保存",
        en="the connection broke; what came is safe: ask for the offset",
    )
