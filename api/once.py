"""Requests that may come twice (``Idempotency-Key``): one effect, and the same answer each time.

The key names a request of one caller. Kept with it: the digest of what was asked, and the answer. An act's answer is
kept in the commit of the act itself; a refusal is kept too, unless trying again may succeed (busy, unavailable, too
often). See draft-ietf-httpapi-idempotency-key-header-07.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from starlette.responses import Response

from api.callers import AnyCaller, Api, Now, account_of
from api.errors import BadRequest
from api.failures import problem_for
from api.ports import KeptAnswer, RequestBook, RequestKey
from errors import QianshuError

__all__ = ["Once", "Repeatable", "digest_of"]

KEPT_HEADERS: Final = ("content-type", "etag", "location")

NOT_KEPT: Final = frozenset({409, 412, 429, 500, 502, 503})
"""Statuses of refusals after which the same request may be tried again under the same name."""

_KEY: Final = re.compile(r"[\x21-\x7e]{1,128}")


@dataclass(frozen=True, slots=True)
class Once:
    """One request that may have a name."""

    book: RequestBook
    """Requests by name."""

    key: str | None
    """Its name; ``None`` where the sender gave none."""

    principal: str
    """Whose."""

    request: Request
    """The request, for the problem that is kept of a refusal."""

    now: datetime
    """When."""

    def run(self, asked: object, do: Callable[[RequestKey | None], Response]) -> Response:
        """The answer there was, or what ``do`` answers, kept. ``do`` is told the key, for what it commits itself; an
        answer it has kept so is left alone. ``asked`` is what was asked: a value of the core.
        """
        if self.key is None:
            return do(None)
        key = RequestKey(self.key, self.principal, digest_of(self.request, asked))
        kept = self.book.begin(key, self.now)
        if kept is not None:
            return _again(kept)
        try:
            answer = do(key)
        except QianshuError as refusal:
            self._keep_refusal(key, refusal)
            raise
        except BaseException:
            # Whatever was committed has its answer already, and keeps it.
            self.book.drop(key)
            raise
        return answer

    def make(self, asked: BaseModel, do: Callable[[], BaseModel]) -> Response:
        """What ``do`` makes, answered with 201 and kept after it: unlike an act's, not in one commit with it. After a
        crash between the two the request counts as not made.
        """

        def answer(key: RequestKey | None) -> Response:
            made = Response(do().model_dump_json(by_alias=True), 201, media_type="application/json")
            if key is not None:
                self.book.keep(key, kept_answer(made), self.now)
            return made

        return self.run(asked.model_dump(mode="json"), answer)

    def _keep_refusal(self, key: RequestKey, refusal: QianshuError) -> None:
        problem = problem_for(self.request, refusal)
        if problem.status in NOT_KEPT:
            self.book.drop(key)
            return
        headers = {"content-type": problem.media_type}
        self.book.keep(key, KeptAnswer(problem.status, headers, problem.to_bytes()), self.now)


def kept_answer(answer: Response) -> KeptAnswer:
    """What of an answer is answered again."""
    headers = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
    return KeptAnswer(answer.status_code, headers, bytes(answer.body))


def digest_of(request: Request, asked: object) -> str:
    """Digest of what is asked: method, path, query and what was read of the body. Boundaries of a form, white space and
    the order of members do not make another request.
    """
    said: Mapping[str, Any] = {
        "method": request.method,
        "path": request.url.path,
        "query": sorted(request.query_params.multi_items()),
        "asked": asked,
    }
    text = json.dumps(said, sort_keys=True, ensure_ascii=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    """What JSON does not know by itself, so that equal inputs are equal and others are not."""
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        return {one.name: getattr(value, one.name) for one in fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    return sorted(map(str, value)) if isinstance(value, frozenset | set) else str(value)


def _again(kept: KeptAnswer) -> Response:
    return Response(kept.body, kept.status, {**kept.headers, "idempotency-replayed": "true"})


def _once(
    request: Request,
    api: Api,
    caller: AnyCaller,
    now: Now,
    idempotency_key: Annotated[
        str | None,
        Header(
            description="A name for this request, drawn by the client (a UUID). The same name with the same request"
            " gets the same answer and has one effect; with another request it is refused (`idempotency.mismatch`).",
            examples=["8e03978e-40d5-43e8-bc93-6894a57f9324"],
        ),
    ] = None,
) -> Once:
    if idempotency_key is not None and not _KEY.fullmatch(idempotency_key):
        raise BadRequest(
            "idempotency.malformed",
            zh="Idempotency-Key 应为 1 至 128 个可见字符",
            en="an Idempotency-Key has 1 to 128 visible ASCII characters",
        )
    return Once(api.services.cases.requests, idempotency_key, account_of(caller), request, now)


Repeatable = Annotated[Once, Depends(_once)]
"""The request as one that may come twice."""
