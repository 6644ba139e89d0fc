"""Files on the wire: digest (RFC 9530), entity tag, and one range (RFC 9110 § 14)."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import Response

from api.errors import BadRequest
from api.etags import none_match

if TYPE_CHECKING:
    from starlette.requests import Request

__all__ = ["file_response"]

_RANGE = re.compile(r"bytes=([0-9]{0,12})-([0-9]{0,12})")


def file_response(request: Request, content: bytes, sha256: str, media_type: str, name: str) -> Response:
    """``content``, of which ``sha256`` (hex) is the digest, or the range asked for.

    ``Repr-Digest`` is of the whole file also with a range (RFC 9530 § 3). Several ranges at once are not served: the
    whole file is, as RFC 9110 § 14.2 allows.
    """
    digest = base64.b64encode(bytes.fromhex(sha256)).decode()
    headers = {
        "etag": f'"{sha256}"',
        "repr-digest": f"sha-256=:{digest}:",
        "digest": f"sha-256={digest}",  # RFC 3230, for clients that know no other
        "accept-ranges": "bytes",
        "cache-control": "private, no-cache",
        "content-disposition": _inline(name),
        "content-security-policy": "sandbox; default-src 'none'",
        "vary": "Authorization",
    }
    if none_match(request.headers.get("if-none-match"), headers["etag"]):
        return Response(status_code=304, headers=headers)
    part = _part(request, len(content), headers["etag"])
    if part is None:
        return Response(content, headers=headers, media_type=media_type)
    first, last = part
    headers["content-range"] = f"bytes {first}-{last}/{len(content)}"
    return Response(content[first : last + 1], 206, headers, media_type)


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
