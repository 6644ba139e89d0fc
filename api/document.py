"""The OpenAPI document: tags, servers, what is common to all operations. Generated, published, diffed in CI."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.documented import FindingView, ProblemView, problems
from api.problems import status_of
from api.services import ApiSettings

__all__ = ["describe"]

DESCRIPTION: Final = """\
Online signing, filing and cancelling of contracts for second-hand houses. 存量房买卖合同网签、备案与注销。

* **Who**: people come with a session (`/v1/login`), programs with a token (`/v1/oauth/token`).
* **Acts**: every change of a case is an act, `POST /v1/cases/{case_no}/{act}`. `you.acts` of a case lists those open
  to you. The answer is the case as it is now, with its `ETag`.
* **Safe to repeat**: send `Idempotency-Key` with unsafe requests, and `If-Match` where it matters that nothing has
  changed since you looked.
* **Problems** are `application/problem+json` (RFC 9457) with a stable `code` and the same sentence in Chinese and
  English.
* **Lists** have opaque cursors. **Times** are ISO 8601 with an offset. **Digests** are SHA-256 in hex.
"""

TAGS: Final = (
    ("login", "登录与会话 · Logging in, the session, the card"),
    ("accounts", "用户关联、经办人 · Accounts in a city, handlers"),
    ("cities", "城市规则 · What each city asks, as data"),
    ("cases", "案件 · Reading cases"),
    ("acts", "办理事项 · Everything that can be done to a case"),
    ("files", "文件 · Contract, pages, papers"),
    ("desk", "工作台 · Queues and statistics of staff"),
    ("staff", "岗位 · Roles of staff"),
    ("registry", "不动产登记 · The registry's feed and files"),
    ("notary", "公证 · Packages for notary offices, matters, what comes back"),
    ("webhooks", "推送订阅 · Being told instead of asking"),
    ("machines", "机构系统 · Tokens for programs"),
    ("public", "公众 · Verification and look-up by anybody"),
    ("operations", "运维 · Health, metrics, failed work"),
)


def describe(app: FastAPI, settings: ApiSettings) -> None:
    """Let the application answer the whole document."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, settings)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI's documented way


def _document(app: FastAPI, settings: ApiSettings) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=DESCRIPTION,
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in TAGS],
        servers=[{"url": settings.base_url.rstrip("/")}],
    )
    schemas = document["components"]["schemas"]
    for model in (ProblemView, FindingView):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schema.pop("$defs", None)
        schemas[model.__name__] = schema
    for path, operations in document["paths"].items():
        for operation in operations.values():
            _problem_for_validation(operation)
            _problems_of_form(path, operation)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    document["components"]["securitySchemes"]["clientBasic"] = {
        "type": "http",
        "scheme": "basic",
        "description": "Name and secret of a program (RFC 6749 § 2.3.1), at the token endpoint only.",
    }
    document["paths"]["/v1/oauth/token"]["post"]["security"] = [{"clientBasic": []}]
    return document


def _problems_of_form(path: str, operation: dict[str, Any]) -> None:
    """What follows from the form of an operation: a body may be unreadable or too large, a city unknown."""
    codes = ["request.malformed", "request.too_large"] if "requestBody" in operation else []
    codes += ["request.not_found"] if "{city}" in path else []
    answers = operation["responses"]
    for status, answer in problems(*codes, base=()).items():
        known = answers.setdefault(str(status), answer)
        for code in codes if known is not answer else ():
            if status_of(code) == status and f"`{code}`" not in known["description"]:
                known["description"] += f", `{code}`"


def _problem_for_validation(operation: dict[str, Any]) -> None:
    """FastAPI documents its own form of 422 wherever we did not: ours is a problem everywhere."""
    answer = operation.get("responses", {}).get("422")
    if answer is not None and "application/json" in answer.get("content", {}):
        answer["description"] = "内容不符合要求 · Not taken as entered: `input.refused`"
        answer["content"] = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemView"}}}
