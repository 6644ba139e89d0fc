# ruff: noqa: FAST003 - case_no is read by SeenCase
"""Reading cases: my matters, one case, its journal, and finding the case to join."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Header, Query
from pydantic import Field
from starlette.responses import Response

from api.callers import AnyCaller, Api, Now, OnlyPerson, account_of, guarded
from api.documented import OF_CASE, both, problems
from api.errors import NotFound
from api.etags import etag_of, none_match
from api.inputs import ReadInput
from api.ports import JournalLine, Listed, PageAsked
from api.rates import Rate
from api.routes.parameters import CaseNo
from api.services import ApiServices
from api.views.base import At, View
from api.views.case import CaseView, case_view
from api.visibility import Seen, load_seen, sees
from filing.acts.outlook import CityActs, Viewer, acts_open_to
from filing.lifecycle import State
from filing.profile import Actor, state_label
from identity.acting import ActingPerson
from identity.subjects import Side
from notary.every_act import EVERY_ACT

__all__ = ["Cursor", "Limit", "ListedView", "MatterView", "SeenCase", "matter_view", "router"]

router = APIRouter(tags=["cases"], dependencies=[guarded(Rate.READ)])

Cursor = Annotated[
    str | None,
    Query(max_length=512, description="`next_cursor` of the page before; good for this list and caller only."),
]
Limit = Annotated[int, Query(ge=1, le=100, description="At most so many.")]


def _seen(api: Api, case_no: CaseNo, caller: AnyCaller, now: Now) -> Seen:
    return load_seen(api.services, case_no, caller, now)


SeenCase = Annotated[Seen, Depends(_seen)]
"""The case of the path, as the caller may see it."""


class ListedView(View):
    """A line of a list."""

    case_no: str
    """Number."""
    city: str
    """City."""
    state: State
    """Where it is."""
    state_label: str | None
    """The city's own word for it."""
    version: int
    """As in the `ETag`."""
    opened_at: At
    """When it was opened."""
    updated_at: At
    """The newest change."""
    expires_at: At | None
    """When a draft is thrown away."""
    filing_number: str | None
    """备案编号."""
    signing_method: str | None
    """How it is signed, once decided."""


class OpenActView(View):
    """An act you may try."""

    name: str
    """Last part of its address: `POST /v1/cases/{case_no}/{name}`."""
    actor: Actor
    """In which capacity."""
    in_the_way: tuple[dict[str, Any], ...]
    """What must hold first and does not: `code`, `zh`, `en`, `facts`. Empty: nothing is known to stand in the way."""


class OpenActsView(View):
    """What you may try now."""

    acts: tuple[OpenActView, ...]
    """In the order in which a case meets them."""


class MatterView(ListedView):
    """A line of my matters (WH-37: house code, owner, location)."""

    house_code: str | None = None
    """房源编码."""
    location: str | None = None
    """坐落."""
    sellers: tuple[str, ...] = ()
    """Names of the sellers."""
    buyers: tuple[str, ...] = ()
    """Names of the buyers."""


class MyMatterView(MatterView):
    """A line of my matters, with its case where `whole` was asked for."""

    whole: CaseView | None = None
    """The case, as its own address shows it."""
    acts: tuple[OpenActView, ...] = ()
    """What you may try in it."""


@dataclass(frozen=True, slots=True)
class MattersAsked:
    """Which of my matters."""

    cursor: Cursor = None
    limit: Limit = 20
    whole: Annotated[bool, Query(description="With each case as its own address shows it, and its open acts.")] = False


class MattersView(View):
    """A page of my matters."""

    cases: tuple[MyMatterView, ...]
    """The newest change first."""
    next_cursor: str | None
    """For the next page; none on the last."""


class JournalLineView(View):
    """One entry of the journal."""

    seq: int
    """1 for the first."""
    at: At
    """When."""
    event: str
    """What happened: `case.moved`, `notice.read`, `act.refused` …"""
    by: str
    """`you`, `system`, or an opaque account."""
    data: Mapping[str, Any]
    """Facts: digests, codes, keys of parties; nothing personal."""
    sha256: str
    """Digest of the entry, which goes into the next: the journal is a chain."""


class JournalView(View):
    """A page of the journal."""

    entries: tuple[JournalLineView, ...]
    """Oldest first."""
    next_after: int | None
    """Ask again with `after` set to it; none at the end."""


class FindToJoin(ReadInput):
    """What a buyer must know to find the case (HS-25)."""

    city: str = Field(max_length=64, description="Name of the city.", examples=["huangshi"])
    keys: dict[str, Annotated[str, Field(max_length=200)]] = Field(
        max_length=8,
        description="By name, every key in the city's `buyers.join_keys`.",
        examples=[{"seller_name": "周明远", "seller_id_number": "420200198812120039", "case_number": "2026112100001"}],
    )


class OpenLink(ReadInput):
    """A sign link that came by message."""

    token: str = Field(min_length=1, max_length=200, description="What follows `/s/` in the link.")


class FoundToJoin(View):
    """The case that was found."""

    case_no: str
    """Its number, for the act `join`."""


class LinkLeadsTo(FoundToJoin):
    """Where a sign link leads."""

    party: str | None
    """For whom to go on signing, where the link was scanned from a screen (`hand-off-signing`)."""


@router.get(
    "/cases",
    summary="我的业务",
    description=both(
        "我的业务：本人及所选机构卡片的案件，按最近变更排序。",
        "My matters: cases that concern you, or the organisation whose card you chose, the newest change first.",
    ),
    responses=problems("cursor.refused"),
)
def my_matters(
    api: Api,
    person: OnlyPerson,
    now: Now,
    asked: Annotated[MattersAsked, Depends()],
) -> MattersView:
    """A page of my matters."""
    place = api.cursors.read_text(asked.cursor, "matters", person.account_id)
    page = api.services.cases.reader.concerning(person, PageAsked(asked.limit, place), now)
    next_cursor = None
    if page.next_cursor is not None:
        next_cursor = api.cursors.sign(page.next_cursor, "matters", person.account_id)
    found = api.services.cases.reader.load_many([row.case_no for row in page.rows])
    seen = {number: sees(api.services, case, person, now) for number, case in found.items()}
    shown = tuple(
        MyMatterView(
            **dict(matter_view(api.services, row, seen.get(row.case_no))),
            **(_whole(api.services, seen.get(row.case_no), person, now) if asked.whole else {}),
        )
        for row in page.rows
    )
    return MattersView(cases=shown, next_cursor=next_cursor)


@router.get(
    "/cases/{case_no}",
    summary="查看案件",
    description=both(
        "查看案件。他人的证件号码和电话以掩码显示；案件不存在与无权查看的回答相同。",
        "A case as you may see it: numbers of others are masked. A case that is not yours is as unknown "
        "as one that is not there.",
    ),
    response_model=CaseView,
    responses={304: {"description": "Not changed since `If-None-Match`"}, **problems(*OF_CASE, "etag.malformed")},
)
def view_case(seen: SeenCase, caller: AnyCaller, if_none_match: Annotated[str | None, Header()] = None) -> Response:
    """The case."""
    headers = {"etag": etag_of(seen.version), "cache-control": "private, no-cache", "vary": "Authorization"}
    if none_match(if_none_match, headers["etag"]):
        return Response(status_code=304, headers=headers)
    body = case_view(seen, account_of(caller)).model_dump_json(by_alias=True)
    return Response(body, headers=headers, media_type="application/json")


@router.get(
    "/cases/{case_no}/acts",
    summary="可办理事项",
    description=both(
        "您现在可以办理的事项，以及尚缺的条件；只看案件本身，不询问外部系统，也不改变任何内容。",
        "What you may try now, and what stands in the way as far as the case itself tells. Changes nothing.",
    ),
    responses=problems(*OF_CASE),
)
def open_to_you(api: Api, seen: SeenCase, caller: AnyCaller, now: Now) -> OpenActsView:
    """What the caller may try."""
    return OpenActsView(acts=_open_acts(api.services, seen, caller, now))


@router.get(
    "/cases/{case_no}/journal",
    summary="案件日志",
    description=both(
        "案件日志：何时、何人、办理了何事，以哈希链相连，只增不改。",
        "The journal: what was done, when, by whom, chained by digests, never changed.",
    ),
    responses=problems(*OF_CASE),
)
def case_journal(
    api: Api, seen: SeenCase, caller: AnyCaller, after: Annotated[int, Query(ge=0, le=2**31)] = 0, limit: Limit = 50
) -> JournalView:
    """A page of the journal."""
    lines = api.services.cases.reader.journal(seen.case.case_no, after, limit + 1)
    you = account_of(caller)
    shown = tuple(_line(line, you, seen) for line in lines[:limit])
    return JournalView(entries=shown, next_after=shown[-1].seq if len(lines) > limit else None)


@router.post(
    "/cases/find-to-join",
    tags=["cases"],
    summary="买方查询合同",
    description=both(
        "买方输入出卖人姓名、证件号码、业务编号查询要加入的合同（HS-25）。不符时不说明哪一项不符，并限制次数。",
        "A buyer finds the case to join by what only somebody who deals with the seller knows. Whatever "
        "does not fit, the answer is the same; tries are limited.",
    ),
    dependencies=[guarded(Rate.JOIN)],
    responses=problems("join.not_found", "csrf.refused"),
)
def find_to_join(api: Api, person: OnlyPerson, now: Now, said: FindToJoin) -> FoundToJoin:  # noqa: ARG001 - only whoever is logged in
    """The case that fits."""
    case_no = api.services.cases.reader.find_to_join(said.city, said.keys, now)
    if case_no is None:
        raise NotFound(
            "join.not_found", zh="没有符合所填信息的合同，请核对", en="no contract fits what was entered: check it"
        )
    return FoundToJoin(case_no=case_no)


@router.post(
    "/cases/open-link",
    tags=["cases"],
    summary="打开签署链接",
    description=both(
        "签署链接（/s/…，短信发送或者扫码）中的令牌对应的合同，仅限链接所发给的本人；转发给他人无效（HS-31）。",
        "The case of a sign link (`/s/…`, sent by message or scanned), for the person it was made for; to anybody"
        " else it is worthless (HS-31).",
    ),
    dependencies=[guarded(Rate.JOIN)],
    responses=problems(
        "sign_link.another_person", "sign_link.expired", "sign_link.replaced", "sign_link.used", "csrf.refused"
    ),
)
def open_link(api: Api, person: OnlyPerson, now: Now, said: OpenLink) -> LinkLeadsTo:
    """The case the link leads to."""
    opened = api.services.cases.reader.open_link(said.token, person, now)
    return LinkLeadsTo(case_no=opened.case_no, party=opened.party)


def _open_acts(services: ApiServices, seen: Seen, caller: AnyCaller, now: datetime) -> tuple[OpenActView, ...]:
    key = services.cases.reader.key_of(caller) if isinstance(caller, ActingPerson) else None
    viewer = Viewer(seen.actors, seen.parties, caller, key)
    city = CityActs(seen.profile, EVERY_ACT.values(), services.cities.calendar)
    found = acts_open_to(city, seen.case, viewer, now)
    return tuple(OpenActView.model_validate(msgspec.to_builtins(act)) for act in found)


def _whole(services: ApiServices, seen: Seen | None, person: ActingPerson, now: datetime) -> dict[str, Any]:
    if seen is None or seen.case.position is None:
        return {}
    return {"whole": case_view(seen, account_of(person)), "acts": _open_acts(services, seen, person, now)}


def _listed(services: ApiServices, row: Listed) -> dict[str, Any]:
    profile = services.cities.profiles.get(row.city)
    label = None if profile is None else state_label(profile, row.state)
    members = set(ListedView.model_fields) - {"state_label"}
    return {**{name: getattr(row, name) for name in members}, "state_label": label}


def matter_view(services: ApiServices, row: Listed, seen: Seen | None) -> MatterView:
    """A row as shown to whoever may see its case; to others its head alone."""
    listed = _listed(services, row)
    position = None if seen is None else seen.case.position
    if seen is None or position is None:
        return MatterView.model_validate(listed)
    house, people = seen.case.house, seen.case.people
    more = {
        "house_code": house.code,
        "location": None if house.checked is None else house.checked.record.location,
        "sellers": tuple(party.identified.name for party in people.of_side(Side.SELLER)),
        "buyers": tuple(party.identified.name for party in people.of_side(Side.BUYER)),
    }
    return MatterView.model_validate({**listed, **more})


def _line(line: JournalLine, you: str, seen: Seen) -> JournalLineView:
    by = "you" if line.actor == you else line.actor
    # Parties are told that staff acted, not which of them; staff and auditors see the account.
    if by not in ("you", "system") and not seen.in_full:
        by = "another"
    return JournalLineView(seq=line.seq, at=line.at, event=line.event, by=by, data=dict(line.data), sha256=line.sha256)
