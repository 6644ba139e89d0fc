"""The only place that knows HTTP statuses of errors: a table from codes to statuses, and problems after RFC 9457.

A problem says the same in Chinese and English (``zh``, ``en``); ``title`` and ``detail`` are in the language asked for.
What is not in the table is our own mistake: 500 with a request number and nothing else.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import Response

from api.errors import OAuthRefused, TooMany, Unauthenticated
from errors import QianshuError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PROBLEM_TYPE", "STATUSES", "Problem", "language_of", "problem_of", "problem_response", "status_of"]

PROBLEM_TYPE: Final = "application/problem+json"

DOCS: Final = "https://qianshu.example/docs/api/errors"
"""Where ``type`` leads; the anchor is the code. A name, not an address that must answer (RFC 9457 § 3.1.1)."""

STATUSES: Final[Mapping[str, int]] = MappingProxyType(
    {
        # who asks
        "auth": 401,
        "auth.scope": 403,
        "auth.role": 403,
        "auth.office": 403,
        "csrf": 403,
        "oauth": 400,
        "oauth.invalid_client": 401,
        "account": 409,
        "account.unknown": 404,
        "account.closed": 403,
        "link": 409,
        "link.locked": 429,
        "staff": 403,
        "authority": 409,
        "authority.unknown": 404,
        "agency": 403,
        "agent": 409,
        "agent.not_clerk": 403,
        "handler": 409,
        "organisation": 409,
        "login": 403,
        "real_name": 403,
        "challenge": 422,
        # what is asked
        "request": 422,
        "request.malformed": 400,
        "request.not_found": 404,
        "request.method": 405,
        "request.media_type": 415,
        "request.not_acceptable": 406,
        "request.too_large": 413,
        "request.range": 416,
        "request.host": 400,
        "idempotency.mismatch": 422,
        "idempotency.in_progress": 409,
        "idempotency.malformed": 400,
        "rate": 429,
        "cursor": 400,
        "records.cursor": 400,
        "etag": 400,
        "input": 422,
        "number": 422,
        "certificate": 422,
        "unit_number": 422,
        "business_number": 422,
        "upload": 422,
        "upload.too_large": 413,
        # Resumable uploads; where tus 1.0.0 names a status, it is that.
        "upload.unknown": 404,
        "upload.expired": 410,
        "upload.version": 412,
        "upload.offset": 409,
        "upload.checksum": 460,
        "upload.checksum_algorithm": 400,
        "upload.header": 400,
        "upload.metadata": 400,
        "upload.too_long": 413,
        "upload.too_many": 429,
        "upload.locked": 423,
        "upload.cut": 408,
        "upload.whole": 409,
        "upload.unfinished": 409,
        "upload.no_task": 409,
        "upload.attempt": 409,
        "upload.altered": 409,
        "video": 422,
        "video.no_tool": 503,
        "handwriting": 422,
        "terms": 422,
        "contract": 422,
        "contract.no_text": 409,
        "field": 422,
        "form": 422,
        "share": 422,
        "co_ownership": 422,
        "co_owners": 422,
        "phone": 422,
        "eligibility": 422,
        "sides": 422,
        "reason": 422,
        "paper": 422,
        "glyph": 422,
        "font": 422,
        "code": 422,
        "code.too_soon": 429,
        "code.too_many": 429,
        "code.locked": 429,
        # the case
        "case.unknown": 404,
        "case.missing": 404,
        "case.changed": 412,
        "case": 409,
        "case.unreadable": 500,
        "act": 409,
        "renewal": 409,
        "renewal.unknown": 404,
        "act.not_yours": 403,
        "act.not_in_city": 403,
        "party": 403,
        "party.unknown": 404,
        "profile.not_this_actor": 403,
        "profile.not_in_this_city": 409,
        "sign_link": 403,
        "sign_link.unknown": 404,
        "sign_link.expired": 410,
        "sign_link.replaced": 410,
        "sign_link.used": 410,
        "face": 409,
        "face.unknown": 404,
        "check": 409,
        "review": 409,
        "review.not_claimed": 403,
        "registry": 409,
        "signing": 409,
        "signing.not_the_signer": 403,
        "sign": 409,
        "house": 409,
        "owner": 409,
        "property": 409,
        "notice": 409,
        "qualification": 409,
        "undertaking": 409,
        "material": 409,
        "mandate": 409,
        "guardian": 409,
        "representation": 409,
        "capacity": 409,
        "consent": 409,
        "extra_paper": 409,
        "scan": 422,
        "text": 409,
        "filing": 409,
        "amendment": 409,
        "cancel": 409,
        "expiry": 409,
        "supervision": 409,
        "licence": 409,
        "person": 409,
        "window": 409,
        "material.unknown": 404,
        # others, and the machine room
        "page": 404,
        "city": 404,
        "evidence_report": 404,
        "handler.period": 422,
        "storage.object_missing": 404,
        "storage.unavailable": 503,
        "storage.full": 503,
        "outside": 502,
        "outside.refused": 409,
        "outside.refused.credential": 502,
        "outside.unavailable": 503,
        "outside.login_refused": 400,
        "time": 503,
        "webhook": 422,
        "webhook.unknown": 404,
        "webhook.too_many": 409,
        "operations.check_open": 409,
        "join": 409,
        "join.not_found": 404,
        "filing.unknown": 404,
        "notice.unknown": 404,
        "paper.unknown": 404,
        "paper.needs_case": 404,
        "captcha": 409,
        "cancel.numbers_wrong": 422,
        "assessment": 409,
        "attendance": 422,
        "buyers": 409,
        "confirmation": 409,
        "document": 422,
        "import": 409,
        "import.altered": 422,
        "import.not_pdf": 422,
        "lookup": 422,
        "titles": 409,
        "calendar.unknown": 503,
        # before a notary
        "notary": 409,
        "notary.none": 404,
        "notary.no_task": 404,
        "notary.reason_missing": 422,
        "notary.which_office": 400,
        "notary.office_unknown": 404,
        "notary.member_unknown": 404,
        "notary.not_grantor": 403,
        "notary.not_lister": 403,
        "notary.office_elsewhere": 403,
        "notary.office_taken": 409,
        "notary.certificate_taken": 409,
        "notary.certificate_unknown": 404,
        "notary.certificate_unreadable": 422,
        "notary.member_self": 403,
        "notary.file_unknown": 404,
        "notary.no_certificate": 404,
        "notary.code_none": 404,
        "notary.code_gone": 410,
        "notary.not_your_code": 403,
        "notary.not_the_applicant": 403,
        "notary.not_your_upload": 403,
        "notary.code_used": 410,
        "notary.code_expired": 410,
        "notary.no_such_page": 422,
        "notary.same_photo": 422,
        "notary.too_many_tries": 429,
        "photo": 422,
        "package": 409,
        "package.unknown": 404,
        "package.withdrawn": 410,
        "supplement": 409,
        "bundle": 422,
        "notarised": 409,
        "agreement": 409,
    }
)
"""Code, or the beginning of one up to a dot; the longest that fits decides. A ``reason`` counts as its end."""

RETRY_SECONDS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "case.busy": 2,
        "idempotency.in_progress": 2,
        "outside.unavailable": 30,
        "storage.unavailable": 10,
        "storage.full": 60,
        "upload.locked": 2,
        "time": 30,
    }
)
"""When it is worth trying again; the same request may succeed."""

TITLES: Final[Mapping[int, tuple[str, str]]] = MappingProxyType(
    {
        400: ("请求有误", "Bad request"),
        401: ("请先登录", "Not logged in"),
        403: ("没有权限", "Not allowed"),
        404: ("未找到", "Not found"),
        405: ("不支持该方法", "Method not allowed"),
        406: ("无法提供所需格式", "Not acceptable"),
        408: ("请求超时", "Request timeout"),
        409: ("目前不能办理", "Not possible now"),
        410: ("已失效", "No longer there"),
        412: ("内容已变更", "Changed meanwhile"),
        413: ("内容过大", "Too large"),
        415: ("不支持的内容格式", "Unsupported media type"),
        416: ("无法提供该区间", "Range not satisfiable"),
        422: ("内容不符合要求", "Not taken as entered"),
        423: ("正在由他人使用", "Locked"),
        429: ("请求过于频繁", "Too often"),
        460: ("校验和不一致", "Checksum mismatch"),
        500: ("服务内部错误", "Internal error"),
        502: ("外部服务异常", "A service outside answered wrongly"),
        503: ("暂时无法办理", "Unavailable for now"),
    }
)

# Facts of an error that a caller may read. Anything else stays in the house: a fact may name what is not theirs.
PUBLIC_FACTS: Final = frozenset(
    {
        "act",
        "state",
        "event",
        "resume_state",
        "version",
        "tries_left",
        "retry_at",
        "resend_at",
        "retry_after_seconds",
        "service",
        "reason",
        "retryable",
        "id_type",
        "party",
        "field",
        "fields",
        "page",
        "pages",
        "max_bytes",
        "limit",
        "offset",
        "code_point",
        "code_points",
        "slot",
        "step",
        "template",
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as answered."""

    status: int
    """HTTP status."""

    body: Mapping[str, Any]
    """Members of RFC 9457 and ours."""

    headers: Mapping[str, str]
    """``Retry-After`` and the like."""

    media_type: str = PROBLEM_TYPE
    """Of the body."""

    def to_bytes(self) -> bytes:
        """The body."""
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":")).encode()


def status_of(code: str) -> int | None:
    """The status of a code; ``None`` for one that nobody outside may see."""
    parts = code.split(".")
    for length in range(len(parts), 0, -1):
        status = STATUSES.get(".".join(parts[:length]))
        if status is not None:
            return status
    return None


def problem_of(error: Exception, *, instance: str, request_id: str, language: str) -> Problem:
    """What is told of an error, to whoever made this request."""
    status = status_of(_with_reason(error)) if isinstance(error, QianshuError) else None
    if status is None or not isinstance(error, QianshuError):
        return _internal(instance, request_id, language)
    body = _body(status, (error.code, error.zh, error.en), language)
    body |= {"instance": instance, "request_id": request_id, **_facts(error)}
    if isinstance(error, OAuthRefused):
        body |= {"error": error.error, "error_description": error.en}  # RFC 6749 § 5.2
    # A token endpoint's errors are JSON of their own kind there.
    media_type = "application/json" if isinstance(error, OAuthRefused) else PROBLEM_TYPE
    return Problem(status, body, _headers(error, status), media_type)


def problem_response(problem: Problem) -> Response:
    """The answer on the wire."""
    headers = {"cache-control": "no-store", **problem.headers}
    return Response(problem.to_bytes(), problem.status, headers, problem.media_type)


def language_of(accept_language: str | None) -> str:
    """``zh`` or ``en`` (RFC 9110 § 12.5.4): whichever is weighted more, Chinese where nothing is said."""
    best = ("zh", 0.0)
    for item in (accept_language or "").split(",")[:20]:
        tag, _, parameters = item.strip().partition(";")
        language = tag.strip().lower().partition("-")[0]
        weight = _weight(parameters)
        if language in {"zh", "en"} and weight > best[1]:
            best = (language, weight)
    return best[0]


def _with_reason(error: QianshuError) -> str:
    reason = error.fields.get("reason")
    return f"{error.code}.{reason}" if isinstance(reason, str) else error.code


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0


def _body(status: int, said: tuple[str, str, str], language: str) -> dict[str, Any]:
    code, zh, en = said
    titles = TITLES[status]
    return {
        "type": f"{DOCS}#{code}",
        "title": titles[0] if language == "zh" else titles[1],
        "status": status,
        "detail": zh if language == "zh" else en,
        "code": code,
        "zh": zh,
        "en": en,
    }


def _internal(instance: str, request_id: str, language: str) -> Problem:
    said = (
        "internal",
        "服务内部错误，请凭请求编号联系运营人员",
        "our mistake: quote the request number to the operator",
    )
    body = _body(500, said, language) | {"instance": instance, "request_id": request_id}
    return Problem(500, body, {})


def _facts(error: QianshuError) -> dict[str, Any]:
    findings = error.fields.get("findings")
    facts = {name: _plain(value) for name, value in error.fields.items() if name in PUBLIC_FACTS}
    found = {"findings": findings} if isinstance(findings, list | tuple) else {}
    return found | ({"facts": facts} if facts else {})


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    return str(value)


def _headers(error: QianshuError, status: int) -> dict[str, str]:
    headers: dict[str, str] = {}
    if isinstance(error, Unauthenticated):
        headers["www-authenticate"] = error.challenge
    elif status == 401:
        headers["www-authenticate"] = 'Basic realm="qianshu"'
    seconds = error.fields.get("retry_after_seconds") if isinstance(error, TooMany) else _retry_seconds(error.code)
    if isinstance(seconds, int):
        headers["retry-after"] = str(seconds)
    return headers


def _retry_seconds(code: str) -> int | None:
    return RETRY_SECONDS.get(code, RETRY_SECONDS.get(code.partition(".")[0]))
