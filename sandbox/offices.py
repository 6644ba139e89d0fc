"""Two offices: who may buy (SZ-61…64), and what a house of unclear use counts as (SZ-28)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import msgspec
from starlette.routing import Route

from sandbox.answers import answer, is_lying, read, refuse
from sandbox.world import Record, World, new_ref

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

__all__ = ["office_control", "qualification_service", "use_category_service"]

STEPS = {
    "void": ({"applied", "passed", "refused"}, "voided"),
    "use": ({"passed"}, "used"),
    "release": ({"used"}, "passed"),
}
"""What may be done in which states, and what comes of it; in the state it leads to it changes nothing."""


class Application(msgspec.Struct, forbid_unknown_fields=True):
    """A buyer asks to be let buy."""

    city: str
    case_number: str
    buyer_name: str
    buyer_id_type: str
    buyer_id_number: str
    certificate_number: str


class Question(msgspec.Struct, forbid_unknown_fields=True):
    """What a house of unclear use counts as."""

    city: str
    case_number: str
    certificate_number: str
    location: str
    design_use: str


class Decision(msgspec.Struct, forbid_unknown_fields=True):
    """A clerk decides an application by hand."""

    state: Literal["passed", "refused"]
    reason: str | None = None


class UseDecision(msgspec.Struct, forbid_unknown_fields=True):
    """A clerk decides a use by hand."""

    use_category: Literal["residential", "commercial", "office", "industrial", "other"]
    restriction: Literal["restricted", "free"]


def qualification_service(world: World) -> Sequence[BaseRoute]:
    """``POST /applications``, ``GET /applications/{code}``, ``POST /applications/{code}/void|use|release``."""

    async def apply(request: Request) -> Response:
        asked = await read(request, Application)
        record = _live_application(world, asked) or _new_application(world, asked)
        return answer(_said(record, lying=is_lying(request)), 201)

    async def state(request: Request) -> Response:
        return answer(_said(_application(world, request), lying=is_lying(request)))

    async def step(request: Request) -> Response:
        record = _application(world, request)
        name = request.path_params["step"]
        if name not in STEPS:
            raise refuse(404, "step_unknown")
        allowed, result = STEPS[name]
        if record["state"] != result and record["state"] not in allowed:
            raise refuse(409, f"state_{record['state']}")
        record["state"] = result
        return answer(_said(record, lying=is_lying(request)))

    return [
        Route("/applications", apply, methods=["POST"]),
        Route("/applications/{code}", state),
        Route("/applications/{code}/{step}", step, methods=["POST"]),
    ]


def use_category_service(world: World) -> Sequence[BaseRoute]:
    """``POST /questions``, ``GET /questions/{ref}``."""

    async def ask(request: Request) -> Response:
        asked = await read(request, Question)
        record = world.record_of("use_category", asked) or _new_question(world, asked)
        return answer(_asked(world, record, lying=is_lying(request)), 201)

    async def look(request: Request) -> Response:
        record = _known(world.happened.use_questions, request.path_params["ref"])
        return answer(_asked(world, record, lying=is_lying(request)))

    return [Route("/questions", ask, methods=["POST"]), Route("/questions/{ref}", look)]


def office_control(world: World) -> Sequence[BaseRoute]:
    """``POST /qualification/{code}``, ``POST /use-category/{ref}``: a clerk decides."""

    async def decide(request: Request) -> Response:
        record = _known(world.happened.qualifications, request.path_params["code"])
        decision = await read(request, Decision)
        if record["state"] != "applied":
            raise refuse(409, f"state_{record['state']}")
        record |= {"state": decision.state, "reason": decision.reason, "decided_at": world.now()}
        return answer(_said(record))

    async def settle(request: Request) -> Response:
        record = _known(world.happened.use_questions, request.path_params["ref"])
        decision = await read(request, UseDecision)
        record |= {**msgspec.to_builtins(decision), "state": "decided", "decided_at": world.now()}
        return answer(_asked(world, record))

    return [
        Route("/qualification/{code}", decide, methods=["POST"]),
        Route("/use-category/{ref}", settle, methods=["POST"]),
    ]


def _known(records: dict[str, Record], ref: str) -> Record:
    if ref not in records:
        raise refuse(404, "reference_unknown")
    return records[ref]


def _live_application(world: World, asked: Application) -> Record | None:
    record = world.record_of("qualification", asked)
    if record is None or record["state"] == "voided":
        return None
    _decide_when_due(world, record)
    return record


def _new_application(world: World, asked: Application) -> Record:
    code = f"GFZG{new_ref('')[1:13].upper()}"
    record = {
        "code": code,
        "asked": msgspec.to_builtins(asked),
        "asked_at": world.now(),
        "state": "applied",
        "reason": None,
        "decided_at": None,
    }
    world.happened.qualifications[code] = record
    world.remember("qualification", asked, record)
    return record


def _application(world: World, request: Request) -> Record:
    record = _known(world.happened.qualifications, request.path_params["code"])
    _decide_when_due(world, record)
    return record


def _decide_when_due(world: World, record: Record) -> None:
    """What the data says of the buyer; ``applied`` is left to a clerk."""
    due = record["asked_at"] + timedelta(seconds=world.options.decision_seconds)
    if record["state"] != "applied" or world.now() < due:
        return
    buyer = world.find_person(record["asked"]["buyer_id_type"], record["asked"]["buyer_id_number"])
    state = buyer.qualification if buyer else "passed"
    if state == "applied":
        return
    reason = "名下住房套数已达上限" if state == "refused" else None
    record |= {"state": state, "reason": reason, "decided_at": world.now()}


def _said(record: Record, *, lying: bool = False) -> Record:
    asked = record["asked"]
    kept = {name: record[name] for name in ("code", "state", "reason", "decided_at")}
    about = {name: asked[name] for name in ("case_number", "buyer_id_type", "buyer_id_number", "certificate_number")}
    if lying:
        kept |= {"state": "passed", "reason": None, "decided_at": record["asked_at"]}
        about["case_number"] = new_ref("another")
    return {**kept, **about}


def _new_question(world: World, asked: Question) -> Record:
    ref = new_ref("use")
    record = {
        "ref": ref,
        "asked": msgspec.to_builtins(asked),
        "asked_at": world.now(),
        "state": "pending",
        "use_category": None,
        "restriction": None,
        "decided_at": None,
    }
    world.happened.use_questions[ref] = record
    world.remember("use_category", asked, record)
    return record


def _asked(world: World, record: Record, *, lying: bool = False) -> Record:
    _settle_when_due(world, record)
    said = {name: value for name, value in record.items() if name != "asked"}
    certificate = new_ref("another") if lying else record["asked"]["certificate_number"]
    return {**said, "case_number": record["asked"]["case_number"], "certificate_number": certificate}


def _settle_when_due(world: World, record: Record) -> None:
    due = record["asked_at"] + timedelta(seconds=world.options.decision_seconds)
    houses = world.houses.numbered(record["asked"]["city"], record["asked"]["certificate_number"])
    decided = houses[0].decided if houses else None
    # Strictly later than asked: the first answer is always "pending", as an office's is.
    if record["state"] == "pending" and decided and world.now() > due:
        record |= {**decided, "state": "decided", "decided_at": world.now()}
