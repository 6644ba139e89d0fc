"""Files on the wire: digest (RFC 9530), entity tag, and one range (RFC 9110 § 14)."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from api.errors import BadRequest
from api.etags import none_match

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from starlette.requests import Request

    from notary.ports import KeptFiles

__all__ = ["Streamed", "file_response", "streamed_response"]

PIECE_BYTES: Final = 64 << 10
"""Read and sent at once: a chunk of a sealed stream, and what a socket takes without waiting."""

_RANGE = re.compile(r"bytes=([0-9]{0,12})-([0-9]{0,12})")


@dataclass(frozen=True, slots=True)
class Streamed:
    """A file of a case that is sent as a stream."""

    case_no: str
    """Of which case."""

    sha256: str
    """Which, hex; the caller has been found allowed."""

    media_type: str
    """What it is called on the wire."""

    name: str
    """What it is saved as."""


def file_response(request: Request, content: bytes, sha256: str, media_type: str, name: str) -> Response:
    """``content``, of which ``sha256`` (hex) is the digest, or the range asked for.

    ``Repr-Digest`` is of the whole file also with a range (RFC 9530 § 3). Several ranges at once are not served: the
    whole file is, as RFC 9110 § 14.2 allows.
    """
    headers = _headers(sha256, name)
    if none_match(request.headers.get("if-none-match"), headers["etag"]):
        return Response(status_code=304, headers=headers)
    part = _part(request, len(content), headers["etag"])
    if part is None:
        return Response(content, headers=headers, media_type=media_type)
    first, last = part
    headers["content-range"] = f"bytes {first}-{last}/{len(content)}"
    return Response(content[first : last + 1], 206, headers, media_type)


def streamed_response(request: Request, files: KeptFiles, file: Streamed, **more: str) -> Response:
    """As :func:`file_response`, of a file that is read while it is sent; ``more`` are further headers.

    Memory does not grow with the file. What is altered at rest ends the connection where it is found (chunks prove
    themselves), so that a receiver is short of ``Content-Length`` and has no file.
    """
    facts = files.facts(file.case_no, file.sha256)
    headers = _headers(file.sha256, file.name) | more
    if none_match(request.headers.get("if-none-match"), headers["etag"]):
        return Response(status_code=304, headers=headers)
    part = _part(request, facts.size_bytes, headers["etag"])
    first, last = (0, facts.size_bytes - 1) if part is None else part
    headers["content-length"] = str(last - first + 1)
    if part is not None:
        headers["content-range"] = f"bytes {first}-{last}/{facts.size_bytes}"
    content = _pieces(files, file, first, last - first + 1)
    return StreamingResponse(content, 200 if part is None else 206, headers, file.media_type)


def _pieces(files: KeptFiles, file: Streamed, first: int, length: int) -> Iterator[bytes]:
    """Blocking: Starlette reads it in a worker thread, a piece at a time."""
    with files.open(file.case_no, file.sha256) as stream:
        _skip(stream, first)
        while length > 0:
            piece = stream.read(min(PIECE_BYTES, length))
            if not piece:
                return
            length -= len(piece)
            yield piece


def _skip(stream: BinaryIO, count: int) -> None:
    if stream.seekable():
        stream.seek(count)
        return
    # Plain objects are proved at their end and do not seek: contracts and papers, megabytes at most.
    while count > 0 and (passed := stream.read(min(PIECE_BYTES, count))):
        count -= len(passed)


def _headers(sha256: str, name: str) -> dict[str, str]:
    digest = base64.b64encode(bytes.fromhex(sha256)).decode()
    return {
        "etag": f'"{sha256}"',
        "repr-digest": f"sha-256=:{digest}:",
        "digest": f"sha-256={digest}",  # RFC 3230, for clients that know no other
        "accept-ranges": "bytes",
        "cache-control": "private, no-cache",
        "content-disposition": _inline(name),
        "content-security-policy": "sandbox; default-src 'none'",
        "vary": "Authorization",
    }


def _part(request: Request, size: int, etag: str) -> tuple[int, int] | None:
    """First and last byte asked for; ``None`` for the whole. Raises ``request.range`` outside the file."""
    asked = request.headers.get("range")
    condition = request.headers.get("if-range")
    found = None if asked is None or condition not in (None, etag) else _RANGE.fullmatch(asked.strip())
    if found is None or (not found[1] and not found[2]):
        return None
    if not found[1]:
        wanted = int(found[2])
        first, last = max(0, size - wanted), size - 1
        satisfiable = wanted > 0 and size > 0
    else:
        first, last = int(found[1]), min(int(found[2]) if found[2] else size - 1, size - 1)
        if found[2] and int(found[2]) < first:
            return None  # § 14.1.1: an invalid range is ignored
        satisfiable = first < size
    if not satisfiable:
        raise BadRequest("request.range", zh="请求的区间超出文件", en="the range is outside the file")
    return first, last


def _inline(name: str) -> str:
    """RFC 6266 § 4.3: case numbers hold Chinese, header fields do not."""
    plain = name.encode("ascii", "ignore").decode().replace('"', "") or "file"
    return f"inline; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
