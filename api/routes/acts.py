"""Acts on cases: one operation for each row of ``notary.every_act.EVERY_ACT`` that a person or a program may do."""

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Body, Depends, File, Form, Header, Query, UploadFile
from pydantic import BaseModel, Field, Json, create_model
from starlette.responses import Response

from api.callers import AnyCaller, Api, account_of, guarded, require_scope
from api.documented import OF_CASE, problems
from api.errors import BadRequest, NotFound, case_unknown
from api.etags import etag_of, version_in
from api.inputs import input_model, read_input
from api.once import Once, Repeatable, kept_answer
from api.ports import Found, Keep, KeptAnswer, RequestKey
from api.rates import Rate
from api.routes.parameters import CaseNo, CityName
from api.state import ApiState
from api.views.case import ActedView, acted_view
from api.visibility import Seen, seen_by, sees
from errors import QianshuError
from filing.acts.perform import Asked, Performed
from filing.acts.spec import ActSpec, FileInput, Upload
from filing.errors import NotYours
from filing.profile import Actor, FlowProfile
from identity.acting import ActingPerson, Machine
from notary.every_act import EVERY_ACT

__all__ = ["ACT_SCOPE", "router_of_acts", "served_acts"]

ACT_SCOPE = "cases:act"
"""What a program needs to act on cases."""

FORM_SLACK_BYTES = 512 * 1024
"""What a form may hold besides its file."""

JSON_BYTES = 1024 * 1024
"""Largest JSON body: strokes of a signature have some hundred thousand bytes."""

OF_ACTS = (
    *OF_CASE,
    "act.not_yours",
    "act.not_now",
    "case.changed",
    "case.busy",
    "case.guards_refuse",
    "case.not_possible_in_state",
    "idempotency.mismatch",
    "idempotency.in_progress",
    "csrf.refused",
    "auth.scope",
    "outside.unavailable",
    "outside.answer_wrong",
    "request.return_url",
)
"""What every act may answer."""

AsActor = Annotated[
    Actor | None,
    Query(alias="as", description="The capacity you act in, where you have several; else the first that may."),
]
PAPER = Annotated[UploadFile, File(description="PDF, JPEG or PNG.")]

IfMatch = Annotated[
    str | None,
    Header(description='The `ETag` of the case as you know it, `"v7"`: refused with 412 if it has changed since.'),
]


@dataclass(frozen=True, slots=True)
class Wish:
    """What besides the input."""

    as_actor: Actor | None
    """In which capacity."""

    if_match: str | None
    """On which version."""


def _wish(as_: AsActor = None, if_match: IfMatch = None) -> Wish:
    return Wish(as_, if_match)


@dataclass(frozen=True, slots=True)
class Doing:
    """One act that somebody wants to do, with all that the request brought."""

    api: ApiState
    """Services."""

    caller: ActingPerson | Machine
    """Who."""

    once: Once
    """Whether it may come twice."""

    act: ActSpec[Any, Any]
    """What."""

    wish: Wish
    """As whom, and on which version."""

    def asked(self, said: object) -> Asked:
        """As the core is asked."""
        reason = getattr(said, "reason", None)
        if_version = version_in(self.wish.if_match)
        return Asked(self.act, said, self.caller, reason, if_version, self.wish.as_actor)

    def on_case(self, case_no: str, said: object) -> Response:
        """Do it to a case."""
        asked = self.asked(said)

        def do(key: RequestKey | None) -> Response:
            try:
                _require_own(self.api.services.settings.base_url, getattr(said, "return_url", ""))
                performed = self.api.services.cases.acts.perform(case_no, asked, self._keep(key, 200))
            except QianshuError as refusal:
                raise self._told(case_no, refusal) from refusal
            return self._done(performed, 200)

        return self.once.run(said, do)

    def in_city(self, city: str, said: object) -> Response:
        """Begin a case."""
        asked = self.asked(said)

        def do(key: RequestKey | None) -> Response:
            return self._done(self.api.services.cases.acts.open(city, asked, self._keep(key, 201)), 201)

        return self.once.run({"city": city, "said": said}, do)

    def _keep(self, key: RequestKey | None, status: int) -> Keep | None:
        if key is None:
            return None

        def render(performed: Performed) -> KeptAnswer:
            return kept_answer(self._answer(performed, status))

        return Keep(key, render)

    def _done(self, performed: Performed, status: int) -> Response:
        self.api.metrics.act(self.act.name, performed.case.head.city)
        return self._answer(performed, status)

    def _answer(self, performed: Performed, status: int) -> Response:
        view = acted_view(self._seen(performed), dict(performed.answer), account_of(self.caller))
        headers = {"etag": etag_of(performed.version)}
        if status == 201:
            headers["location"] = f"/v1/cases/{quote(performed.case.case_no)}"
        body = view.model_dump_json(by_alias=True).encode()
        return Response(body, status, headers, "application/json")

    def _seen(self, performed: Performed) -> Seen:
        profile = self.api.services.cities.profiles[performed.case.head.city]
        found = (performed.case, performed.version)
        return seen_by(profile, found, self.caller, self.once.now) or Seen(
            *found, profile, frozenset(), (), self.once.now, in_full=False
        )

    def _told(self, case_no: str, refusal: QianshuError) -> QianshuError:
        """The refusal, if the caller may know of the case; else that it is unknown, whatever the refusal was.

        A newcomer who knows what only the seller's buyer knows is told more; whoever does not is a stranger.
        """
        if self.act.newcomer is not None and not isinstance(refusal, NotYours) and refusal.code != "case.changed":
            return case_unknown() if refusal.code in _UNKNOWN else refusal
        if refusal.code in _UNKNOWN:
            return case_unknown()
        known = sees(self.api.services, self._found(case_no), self.caller, self.once.now)
        return refusal if known is not None else case_unknown()

    def _found(self, case_no: str) -> Found | None:
        return self.api.services.cases.reader.load(case_no)


def _require_own(base_url: str, return_url: str) -> None:
    """A provider's page that leads to anybody's site would lend them its name, and ours (OWASP, open redirect)."""
    try:
        own, asked = urlsplit(base_url), urlsplit(return_url)
        elsewhere = return_url and (asked.scheme, asked.netloc) != (own.scheme, own.netloc)
    except ValueError:
        elsewhere = True
    if elsewhere:
        raise BadRequest("request.return_url", zh="返回地址须为本站地址", en="the way back must be on this site")


_UNKNOWN = frozenset({"case.unknown", "case.missing"})


def served_acts() -> tuple[ActSpec[Any, Any], ...]:
    """Acts that somebody other than the service itself may do, in the order in which a case meets them."""
    return tuple(act for act in EVERY_ACT.values() if act.by - {Actor.SYSTEM})


def router_of_acts(upload_bytes: int) -> APIRouter:
    """Every act as an operation."""
    router = APIRouter(tags=["acts"], dependencies=[guarded(Rate.ACT)])
    for act in served_acts():
        if None in act.states:
            _add(router, act, _opening(act), _path_of_opening(act), _size(act, upload_bytes))
        else:
            size = _size(act, upload_bytes)
            endpoint = _uploading(act) if act.file is FileInput.ONE else _acting(act)
            _add(router, act, endpoint, f"/cases/{{case_no}}/{act.name}", size)
    return router


def _size(act: ActSpec[Any, Any], upload_bytes: int) -> int:
    return upload_bytes + FORM_SLACK_BYTES if act.file is FileInput.ONE else JSON_BYTES


def _path_of_opening(act: ActSpec[Any, Any]) -> str:
    return "/cases" if act.name == "open" else f"/cities/{{city}}/{act.name}"


def _add(
    router: APIRouter, act: ActSpec[Any, Any], endpoint: Callable[..., Response], path: str, size: int = JSON_BYTES
) -> None:
    opening = None in act.states
    router.add_api_route(
        path,
        endpoint,
        methods=["POST"],
        operation_id=act.name.replace("-", "_"),
        summary=act.doc.zh.split("。")[0],
        description=_description(act),
        status_code=201 if opening else 200,
        response_model=ActedView,
        responses=problems(*OF_ACTS, *_files(act), *act.doc.errors),
        max_body_size=size,
        form_limits={"max_files": 1, "max_fields": 4, "max_part_size": FORM_SLACK_BYTES},
    )


def _files(act: ActSpec[Any, Any]) -> tuple[str, ...]:
    return ("request.too_large", "upload.unknown_type") if act.file is FileInput.ONE else ()


def _description(act: ActSpec[Any, Any]) -> str:
    actors = ", ".join(f"`{actor.value}`" for actor in Actor if actor in act.by - {Actor.SYSTEM})
    states = ", ".join(sorted(f"`{state.value}`" for state in act.states if state is not None)) or "none yet"
    rules = f"\n\nRules: {', '.join(act.rules)}." if act.rules else ""
    program = f" Programs need the scope `{ACT_SCOPE}`." if act.by & {Actor.REGISTRY, Actor.NOTARY} else ""
    return f"{act.doc.zh}\n\n{act.doc.en}\n\nBy: {actors}. In: {states}.{program}{rules}"


def _doing_of(act: ActSpec[Any, Any]) -> Any:  # noqa: ANN401 - an alias FastAPI reads
    def doing(api: Api, caller: AnyCaller, once: Repeatable, wish: Annotated[Wish, Depends(_wish)]) -> Doing:
        if isinstance(caller, Machine):
            require_scope(caller, ACT_SCOPE)
        return Doing(api, caller, once, act, wish)

    return Annotated[Doing, Depends(doing)]


def _acting(act: ActSpec[Any, Any]) -> Callable[..., Response]:
    model = input_model(act.input)

    def endpoint(doing: Doing, case_no: str, said: BaseModel) -> Response:
        return doing.on_case(case_no, read_input(act.input, said))

    return _signed(endpoint, _default(model), doing=_doing_of(act), case_no=CaseNo, said=_body(act, model))


def _uploading(act: ActSpec[Any, Any]) -> Callable[..., Response]:
    model = input_model(act.input)

    def endpoint(doing: Doing, case_no: str, file: UploadFile, said: BaseModel) -> Response:
        upload = Upload(file.file.read(), file.filename or "")
        return doing.on_case(case_no, read_input(act.input, said, upload))

    form = _form(act, model)
    return _signed(endpoint, inspect.Parameter.empty, doing=_doing_of(act), case_no=CaseNo, file=PAPER, said=form)


def _form(act: ActSpec[Any, Any], model: type[BaseModel]) -> Any:  # noqa: ANN401 - an alias FastAPI reads
    example = json.dumps(_example(act), ensure_ascii=False)
    form = Annotated[Json[model], Form(alias="input", description="The input as JSON.", examples=[example])]  # type: ignore[valid-type]
    return form  # noqa: RET504 - only an assignment may make such an alias


def _opening_with_file(act: ActSpec[Any, Any]) -> Callable[..., Response]:
    model = input_model(act.input)

    def endpoint(doing: Doing, city: str, file: UploadFile, said: BaseModel) -> Response:
        _require_city(doing.api.services.cities.profiles, city)
        upload = Upload(file.file.read(), file.filename or "")
        return doing.in_city(city, read_input(act.input, said, upload))

    form = _form(act, model)
    return _signed(endpoint, inspect.Parameter.empty, doing=_doing_of(act), city=CityName, file=PAPER, said=form)


def _opening(act: ActSpec[Any, Any]) -> Callable[..., Response]:
    if act.file is FileInput.ONE:
        return _opening_with_file(act)
    model = input_model(act.input)
    if act.name != "open":

        def elsewhere(doing: Doing, city: str, said: BaseModel) -> Response:
            _require_city(doing.api.services.cities.profiles, city)
            return doing.in_city(city, read_input(act.input, said))

        return _signed(elsewhere, _default(model), doing=_doing_of(act), city=CityName, said=_body(act, model))
    named = create_model(
        "OpenCase",
        __base__=model,
        city=(str, Field(description="Name of the city, as in `/v1/cities`.", max_length=64)),
    )

    def endpoint(doing: Doing, said: BaseModel) -> Response:
        city = str(getattr(said, "city", ""))
        _require_city(doing.api.services.cities.profiles, city)
        return doing.in_city(city, _without_city(act, said))

    example = {"city": "huangshi", **act.doc.example}
    body = Annotated[named, Body(examples=[example])]  # type: ignore[valid-type]  # made of the act
    return _signed(endpoint, inspect.Parameter.empty, doing=_doing_of(act), said=body)


def _without_city(act: ActSpec[Any, Any], said: BaseModel) -> Any:  # noqa: ANN401 - the act's own type
    model = input_model(act.input)
    read = model.model_construct(**{name: getattr(said, name) for name in model.model_fields})
    return read_input(act.input, read)


def _require_city(profiles: Mapping[str, FlowProfile], city: str) -> None:
    if city not in profiles:
        raise NotFound("request.not_found", zh="没有该城市", en="no such city is served here")


def _body(act: ActSpec[Any, Any], model: type[BaseModel]) -> Any:  # noqa: ANN401
    return Annotated[model, Body(examples=[_example(act)])]


def _example(act: ActSpec[Any, Any]) -> dict[str, Any]:
    return dict(act.doc.example)


def _default(model: type[BaseModel]) -> Any:  # noqa: ANN401
    """What is read from no body at all: an act that needs nothing said may be sent without."""
    if any(field.is_required() for field in model.model_fields.values()):
        return inspect.Parameter.empty
    return model()


def _signed(endpoint: Callable[..., Response], said: Any, /, **annotations: Any) -> Callable[..., Response]:  # noqa: ANN401
    """``endpoint`` with these annotations, which FastAPI reads: they are made of the act, not written down. ``said``
    is the default of the last of them.
    """
    parameters = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=kind,
            default=said if name == "said" else inspect.Parameter.empty,
        )
        for name, kind in annotations.items()
    ]
    endpoint.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # read by inspect.signature
    endpoint.__annotations__ = dict(annotations)
    return endpoint
