"""From exceptions to answers: the handlers FastAPI calls. Statuses are ``api.problems``'."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, cast

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.errors import ApiError, NotFound
from api.logs import logger, where_it_broke
from api.problems import Problem, language_of, problem_of, problem_response
from errors import QianshuError
from filing.errors import InputRefused
from identity.findings import Finding

__all__ = ["add_handlers", "input_problem", "problem_for", "step_seconds"]

Handler = Callable[[Request, Exception], Response | Awaitable[Response]]

STEP_SECONDS: Final = 0.1
"""An answer that a case is unknown comes at a multiple of this: how long we looked tells nothing."""

MOST_FINDINGS: Final = 50

SENTENCES: Final = {
    "missing": ("缺少必填内容", "required, and missing"),
    "extra_forbidden": ("包含未定义的内容", "not a member of this input"),
    "json_invalid": ("不是有效的 JSON", "this is no JSON"),
    "string_too_long": ("内容过长", "too long"),
    "string_too_short": ("内容过短", "too short"),
    "enum": ("不是可选的值", "not one of the values offered"),
    "literal_error": ("不是可选的值", "not one of the values offered"),
}
OTHERWISE: Final = ("格式不符合要求", "not of the form that is documented")


def add_handlers(app: FastAPI) -> None:
    """Every error becomes a problem."""
    app.add_exception_handler(QianshuError, cast("Handler", _refused))
    app.add_exception_handler(RequestValidationError, cast("Handler", _invalid))
    app.add_exception_handler(HTTPException, cast("Handler", _by_framework))
    app.add_exception_handler(Exception, cast("Handler", _broken))


def problem_for(request: Request, error: Exception) -> Problem:
    """The problem of an error, for this request."""
    return problem_of(
        error,
        instance=request.url.path,
        request_id=request.state.request_id,
        language=language_of(request.headers.get("accept-language")),
    )


def input_problem(errors: list[dict[str, Any]]) -> InputRefused:
    """What pydantic found, in the house's words: where and of what kind, never what was entered."""
    return InputRefused(tuple(_finding(error) for error in errors[:MOST_FINDINGS]))


def step_seconds(elapsed: float) -> float:
    """How long to wait so that an answer comes at the next step."""
    return STEP_SECONDS - elapsed % STEP_SECONDS


async def _refused(request: Request, error: QianshuError) -> Response:
    problem = problem_for(request, error)
    if isinstance(error, NotFound) and error.code == "case.unknown":
        await asyncio.sleep(step_seconds(time.perf_counter() - request.state.began))
    if problem.status == 500:
        logger.error("http.failed", request_id=request.state.request_id, code=error.code, where=where_it_broke(error))
    return _answered(request, problem)


def _invalid(request: Request, error: RequestValidationError) -> Response:
    return _answered(request, problem_for(request, input_problem(list(error.errors()))))


def _by_framework(request: Request, error: HTTPException) -> Response:
    problem = problem_for(request, _ours(error.status_code))
    headers = {**(error.headers or {}), **problem.headers}
    return _answered(request, Problem(problem.status, problem.body, headers))


def _broken(request: Request, error: Exception) -> Response:
    # The net at the edge logs it: Starlette raises it again after this answer.
    return _answered(request, problem_for(request, error))


def _answered(request: Request, problem: Problem) -> Response:
    code = str(problem.body["code"])
    request.scope["state"].setdefault("said", {})["code"] = code
    request.state.api.metrics.refusal(code)
    return problem_response(problem)


def _ours(status: int) -> ApiError:
    code, zh, en = _FRAMEWORK.get(status, ("request.malformed", "请求无法识别", "the request cannot be read"))
    return ApiError(code, zh=zh, en=en)


_FRAMEWORK: Final = {
    404: ("request.not_found", "没有该地址", "there is nothing at this address"),
    405: ("request.method", "该地址不支持此方法", "this address does not take the method"),
    406: ("request.not_acceptable", "无法提供所需格式", "not available in what was asked for"),
    413: ("request.too_large", "请求内容超过限制", "the request is larger than allowed"),
    415: ("request.media_type", "不支持的内容格式", "this media type is not taken"),
    416: ("request.range", "请求的区间超出文件", "the range is outside the file"),
}


def _finding(error: dict[str, Any]) -> Finding:
    kind = str(error.get("type", ""))
    zh, en = SENTENCES.get(kind, OTHERWISE)
    # The last part of an unknown member's place is the sender's own word: leave it out.
    place = error.get("loc", ())[: -1 if kind == "extra_forbidden" else None]
    pointer = "/".join(str(part) for part in place if isinstance(part, int | str))
    return Finding("input.form", zh, en, facts=(("at", pointer), ("kind", kind)))
