"""Banks that supervise the money: one online with a jump and a way back (ZS-36), one at a branch (ZS-37)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from urllib.parse import urlencode

import msgspec
from starlette.responses import RedirectResponse
from starlette.routing import Route

from sandbox.answers import answer, base_url, escaped, is_lying, page, read, refuse, return_allowed
from sandbox.world import Record, World, new_ref

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

__all__ = ["bank_control", "bank_service"]

WAYS = {"CCB": "online_redirect", "RCB": "branch"}
BRANCHES = ["石岐支行，孙文东路 1 号", "东区支行，中山三路 2 号"]


class Holder(msgspec.Struct, forbid_unknown_fields=True):
    """A seller or a buyer."""

    name: str
    id_type: str
    id_number: str


class Supervision(msgspec.Struct, forbid_unknown_fields=True):
    """What is to be supervised."""

    city: str
    bank: str
    case_number: str
    amount: str
    sellers: list[Holder]
    buyers: list[Holder]
    return_url: str


class Outcome(msgspec.Struct, forbid_unknown_fields=True):
    """What came of it."""

    state: Literal["opened", "declined"]


def bank_service(world: World) -> Sequence[BaseRoute]:
    """``POST /supervisions``, ``GET /supervisions/{ref}``, and the page."""

    async def supervise(request: Request) -> Response:
        asked = await read(request, Supervision)
        if asked.bank not in WAYS:
            raise refuse(422, "bank_unknown")
        if not return_allowed(world, asked.return_url):
            raise refuse(422, "return_url")
        record = world.record_of("bank", asked) or _new(world, asked)
        return answer(_said(world, request, record), 201)

    async def state(request: Request) -> Response:
        return answer(_said(world, request, _record(world, request)))

    async def show(request: Request) -> Response:
        asked = _record(world, request)["asked"]
        buttons = (
            '<form method="post"><button name="state" value="opened">开立监管账户 open</button>'
            '<button name="state" value="declined">不办理 decline</button></form>'
        )
        return page(
            "龙存管 supervised money", f"<p>{escaped(asked['case_number'])}: {escaped(asked['amount'])} 元</p>{buttons}"
        )

    async def press(request: Request) -> Response:
        record = _record(world, request)
        form = await request.form()
        _decide(world, record, str(form.get("state")))
        back = record["asked"]["return_url"]
        return RedirectResponse(f"{back}{'&' if '?' in back else '?'}{urlencode({'supervision': record['ref']})}", 303)

    return [
        Route("/supervisions", supervise, methods=["POST"]),
        Route("/supervisions/{ref}", state),
        Route("/page/{ref}", show),
        Route("/page/{ref}", press, methods=["POST"]),
    ]


def bank_control(world: World) -> Sequence[BaseRoute]:
    """``POST /bank/{ref}``: what the parties do at the bank, for scripts."""

    async def decide(request: Request) -> Response:
        record = _record(world, request)
        outcome = await read(request, Outcome)
        _decide(world, record, outcome.state)
        return answer({"ref": record["ref"], "state": record["state"]})

    return [Route("/bank/{ref}", decide, methods=["POST"])]


def _new(world: World, asked: Supervision) -> Record:
    ref = new_ref("bank")
    record = {
        "ref": ref,
        "asked": msgspec.to_builtins(asked),
        "state": "awaiting_parties",
        "account_number": None,
        "opened_at": None,
    }
    world.happened.supervisions[ref] = record
    world.remember("bank", asked, record)
    return record


def _record(world: World, request: Request) -> Record:
    record = world.happened.supervisions.get(request.path_params["ref"])
    if record is None:
        raise refuse(404, "reference_unknown")
    return record


def _decide(world: World, record: Record, state: str) -> None:
    if state not in ("opened", "declined"):
        raise refuse(422, "state")
    if record["state"] != "awaiting_parties":
        raise refuse(409, f"state_{record['state']}")
    record["state"] = state
    if state == "opened":
        record |= {"account_number": f"4400{new_ref('')[1:13]}", "opened_at": world.now()}


def _said(world: World, request: Request, record: Record) -> Record:
    asked = record["asked"]
    online = WAYS[asked["bank"]] == "online_redirect"
    awaiting = record["state"] == "awaiting_parties"
    return {
        "ref": record["ref"],
        "case_number": asked["case_number"],
        "amount": "1.00" if is_lying(request) else asked["amount"],
        "bank": asked["bank"],
        "way": WAYS[asked["bank"]],
        "state": record["state"],
        "url": f"{base_url(request, world)}/bank/page/{record['ref']}" if online and awaiting else None,
        "branches": [] if online else BRANCHES,
        "account_number": record["account_number"],
        "opened_at": record["opened_at"],
    }
