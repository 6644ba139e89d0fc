"""Cities: the profile as a client needs it to build its forms, and the words of its papers. Open to everybody."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Header, Path
from starlette.responses import Response

from api.callers import Api, guarded
from api.documented import both, problems
from api.errors import NotFound
from api.etags import none_match
from api.inputs import input_model
from api.rates import Rate
from api.routes.acts import served_acts
from api.routes.authority import require_city
from api.routes.files import PaperView
from api.routes.parameters import CityName
from api.views.base import View
from documents.errors import DocumentError
from documents.papers import paper_digest, paper_text, parse_template
from filing.lifecycle import State
from filing.profile import Actor, FlowProfile, city_transitions, reached_states, state_label

__all__ = ["router"]

router = APIRouter(tags=["cities"], dependencies=[guarded(Rate.PUBLIC)])

SHOWN: Final = ("people", "filing", "cancelling", "sale", "templates")
"""Sections of the profile that clients read."""


class CityLine(View):
    """A city that is served."""

    name: str
    """Its name here."""
    title: str
    """As people call the system."""
    region_code: str
    """GB/T 2260 code."""
    authority: str
    """Who files."""
    kind: str
    """`stock_sale` or `new_sale_cancellation`."""
    version: int
    """Number of the profile."""


class CitiesView(View):
    """Every city served."""

    cities: tuple[CityLine, ...]
    """By name."""


class StateLine(View):
    """A state that cases of the city reach."""

    state: State
    """Which."""
    label: str | None
    """The city's own word."""


class EventLine(View):
    """An arrow of the city's lifecycle."""

    event: str
    """What happens."""
    source: State | None
    """Where it happens; none is a case that does not exist yet."""
    target: str
    """Where it leads; `resume` is back to where the case was."""
    by: tuple[Actor, ...]
    """Who may fire it."""
    guards: tuple[str, ...]
    """What must hold."""


class ActLine(View):
    """An act, as a form."""

    name: str
    """Last part of its address."""
    by: tuple[Actor, ...]
    """Who may ever do it."""
    states: tuple[State, ...]
    """Where it may be tried."""
    file: bool
    """Whether a file comes with it."""
    input: dict[str, Any]
    """JSON Schema of its input."""


class CityView(CityLine):
    """A city as a client needs it."""

    profile: dict[str, Any]
    """Sections of the profile, in the form of `docs/schemas/profile.schema.json`: documents accepted, notices, material
    slots, forms, signing steps, cancel table …"""
    states: tuple[StateLine, ...]
    """States its cases reach."""
    lifecycle: tuple[EventLine, ...]
    """Its arrows."""
    acts: tuple[ActLine, ...]
    """Acts that can be done in it, with their forms."""


@router.get(
    "/cities",
    summary="城市列表",
    description=both("本服务办理的城市。", "Every city that is served here."),
    responses=problems(base=("rate.limited",)),
)
def cities(api: Api) -> CitiesView:
    """Every city."""
    return CitiesView(cities=tuple(_line(profile) for _, profile in sorted(api.services.cities.profiles.items())))


@router.get(
    "/cities/{city}",
    summary="城市规则",
    description=both(
        "城市的办理规则：证件类型、须知、材料、表单、签署步骤、注销规则及各事项的表单。",
        "A city's rules as a client needs them to build its forms: documents, notices, materials, steps, acts.",
    ),
    response_model=CityView,
    responses={304: {"description": "Not changed"}, **problems("request.not_found", base=("rate.limited",))},
)
def city(
    api: Api,
    city: CityName,
    if_none_match: Annotated[str | None, Header()] = None,
    accept_encoding: Annotated[str, Header(include_in_schema=False)] = "",
) -> Response:
    """A city's rules. Small where the client takes it so: a telephone waits for them before it can show a case."""
    require_city(api, city)
    told = _told(api.services.cities.profiles[city])
    zipped = "gzip" in accept_encoding
    etag = told.zipped_etag if zipped else told.etag
    headers = {"etag": etag, "cache-control": "public, max-age=60", "vary": "Accept-Encoding"}
    if none_match(if_none_match, etag):
        return Response(status_code=304, headers=headers)
    if zipped:
        headers["content-encoding"] = "gzip"
    return Response(told.zipped if zipped else told.body, headers=headers, media_type="application/json")


@router.get(
    "/cities/{city}/papers/{name}",
    summary="城市须知",
    description=both(
        "案件建立或者加入之前须阅读的须知文字及其摘要。",
        "The words of a notice that is read before there is a case, or before joining one.",
    ),
    responses=problems("request.not_found", "paper.unknown", "paper.needs_case", base=("rate.limited",)),
)
def city_paper(api: Api, city: CityName, name: Annotated[str, Path(pattern="^[a-z][a-z0-9_]{0,63}$")]) -> PaperView:
    """A notice's words."""
    require_city(api, city)
    profile = api.services.cities.profiles[city]
    try:
        template = parse_template(api.services.cities.read_text(city, name))
    except (LookupError, OSError) as cause:
        raise NotFound("paper.unknown", zh="没有该文书", en="this city has no such paper") from cause
    try:
        text = paper_text(template, {"authority": profile.city.authority, "city_title": profile.city.title})
    except DocumentError as cause:
        raise NotFound(
            "paper.needs_case", zh="该文书须在案件中查看", en="this paper is of a case: ask there"
        ) from cause
    return PaperView(name=name, title=text.split("\n")[0], text=text, sha256=paper_digest(text))


@dataclass(frozen=True, slots=True)
class _Told:
    """A city's rules as they are sent; public, so that compressing them tells nobody anything (RFC 9110 § 8.4)."""

    profile: FlowProfile
    """Whose."""

    body: bytes
    """JSON."""

    zipped: bytes
    """The same, gzip."""

    etag: str
    """Of the JSON."""

    zipped_etag: str
    """Of the gzip: another representation has another strong tag (RFC 9110 § 8.8.3.3)."""


_TOLD: Final[dict[str, _Told]] = {}
"""By name of the city: rules stand as long as the process, and take a while to write out."""


def _told(profile: FlowProfile) -> _Told:
    known = _TOLD.get(profile.city.name)
    if known is None or known.profile is not profile:
        body = _city(profile).model_dump_json(by_alias=True).encode()
        digest = hashlib.sha256(body).hexdigest()[:32]
        known = _Told(profile, body, gzip.compress(body, mtime=0), f'"{digest}"', f'"{digest}-gzip"')
        _TOLD[profile.city.name] = known
    return known


def _line(profile: FlowProfile) -> CityLine:
    return CityLine.model_validate(_of_city(profile))


def _of_city(profile: FlowProfile) -> dict[str, Any]:
    city = profile.city
    return {
        **{name: getattr(city, name) for name in ("name", "title", "region_code", "authority", "version")},
        "kind": profile.kind.value,
    }


def _city(profile: FlowProfile) -> CityView:
    reached = reached_states(profile)
    labels = [StateLine(state=state, label=state_label(profile, state)) for state in State if state in reached]
    shown = {name: _plain(getattr(profile, name)) for name in SHOWN}
    return CityView.model_validate(
        {
            **_of_city(profile),
            "profile": shown,
            "states": tuple(labels),
            "lifecycle": tuple(_events(profile)),
            "acts": tuple(_acts(profile, reached)),
        }
    )


def _events(profile: FlowProfile) -> list[EventLine]:
    return [
        EventLine(
            event=arrow.event.value,
            source=arrow.source,
            target=getattr(arrow.target, "value", "resume") if isinstance(arrow.target, State) else "resume",
            by=tuple(actor for actor in Actor if actor in arrow.by),
            guards=tuple(sorted(guard.value for guard in arrow.guards)),
        )
        for arrow in city_transitions(profile)
    ]


def _acts(profile: FlowProfile, reached: frozenset[State]) -> list[ActLine]:
    events = {arrow.event for arrow in city_transitions(profile)}
    return [
        ActLine(
            name=act.name,
            by=tuple(actor for actor in Actor if actor in act.by - {Actor.SYSTEM}),
            states=tuple(state for state in State if state in act.states & reached),
            file=act.file.value != "none",
            input=dict(_form(act.input)),
        )
        for act in served_acts()
        if (act.states & reached or None in act.states) and (act.event is None or act.event in events)
    ]


def _form(kind: type) -> Mapping[str, Any]:
    """Made once: every city shows the same forms, and making them is most of the work of showing one."""
    if kind not in _FORMS:
        _FORMS[kind] = input_model(kind).model_json_schema()
    return _FORMS[kind]


_FORMS: Final[dict[type, dict[str, Any]]] = {}


def _plain(section: object) -> object:
    def encode(value: object) -> object:
        return dict(value) if isinstance(value, Mapping) else str(value)

    return msgspec.to_builtins(section, enc_hook=encode, str_keys=True)
