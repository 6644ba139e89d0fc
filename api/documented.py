"""How operations document their errors: statuses from the table of ``api.problems``, codes by name, one schema."""

from collections.abc import Iterable
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from api.problems import PROBLEM_TYPE, TITLES, status_of

__all__ = ["ALWAYS", "OF_CASE", "FindingView", "ProblemView", "binary", "both", "problems"]

ALWAYS: Final = ("auth.required", "auth.token", "rate.limited", "request.malformed", "input.refused")
"""What every operation with a caller may answer."""

OF_CASE: Final = ("case.unknown",)
"""What every operation on a case may answer."""


EXAMPLE: Final[dict[str, Any]] = {
    "type": "https://qianshu.example/docs/api/errors#code.wrong",
    "title": "内容不符合要求",
    "status": 422,
    "detail": "验证码不正确，还可以尝试4次",
    "instance": "/v1/cases/2026112100001/verify-side-code",
    "code": "code.wrong",
    "zh": "验证码不正确，还可以尝试4次",
    "en": "the code is wrong; tries left: 4",
    "request_id": "5f0c2a1e7d6b4c3f9a8b7c6d5e4f3a2b",
    "facts": {"tries_left": 4},
}


class FindingView(BaseModel):
    """One reason among several."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    code: str
    """Stable, dotted."""
    zh: str
    """In Chinese."""
    en: str
    """In English."""
    facts: dict[str, Any] = Field(default_factory=dict)
    """Where, which, how many."""


class ProblemView(BaseModel):
    """A problem (RFC 9457), in Chinese and English."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="allow", json_schema_extra={"example": EXAMPLE})

    type: str
    """A URI that names the code."""
    title: str
    """What kind of refusal it is, in the language asked for (`Accept-Language`)."""
    status: int
    """The HTTP status."""
    detail: str
    """What is wrong, in the language asked for."""
    instance: str
    """The path that was asked."""
    code: str
    """Stable, dotted; programs match on it."""
    zh: str
    """What is wrong, in Chinese."""
    en: str
    """What is wrong, in English."""
    request_id: str
    """Number of the request, to be quoted to the operator."""
    findings: list[FindingView] | None = None
    """Every reason, where there are several."""
    facts: dict[str, Any] | None = None
    """Machine-readable: `tries_left`, `retry_at`, `state` …"""


def problems(*codes: str, base: Iterable[str] = ALWAYS) -> dict[int | str, dict[str, Any]]:
    """``responses`` of an operation that may answer with these codes, and with ``base``."""
    by_status: dict[int, list[str]] = {}
    for code in dict.fromkeys((*base, *codes)):
        status = status_of(code)
        if status is None:
            raise LookupError(f"{code}: no status in api.problems")
        by_status.setdefault(status, []).append(code)
    by_status.setdefault(500, []).append("internal")
    return {status: _response(status, by_status[status]) for status in sorted(by_status)}


def both(zh: str, en: str) -> str:
    """A description in both languages."""
    return f"{zh}\n\n{en}"


def binary(media_types: str | tuple[str, ...], description: str, **headers: str) -> dict[int | str, dict[str, Any]]:
    """``responses`` of an operation that answers a file, of one kind or of several."""
    said = {
        name.replace("_", "-"): {"description": text, "schema": {"type": "string"}} for name, text in headers.items()
    }
    kinds = (media_types,) if isinstance(media_types, str) else media_types
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}
    return {200: {"description": description, "content": content, "headers": said}}


def _response(status: int, codes: list[str]) -> dict[str, Any]:
    zh, en = TITLES[status]
    schema = {"$ref": "#/components/schemas/ProblemView"}
    # The token endpoint speaks as RFC 6749 § 5.2 says; what lies before it, as everything else.
    kinds = [PROBLEM_TYPE, *(["application/json"] if codes[0].startswith("oauth.") else [])]
    listed = ", ".join(f"`{code}`" for code in codes)
    headers = {"Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}} if status in (429, 503) else {}
    return {
        "description": f"{zh} · {en}: {listed}",
        "content": {kind: {"schema": schema} for kind in kinds},
        **({"headers": headers} if headers else {}),
    }
