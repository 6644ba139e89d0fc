"""Face checks: a page with two buttons, and a way for scripts to press them."""

from __future__ import annotations

from datetime import timedelta
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

__all__ = ["face_control", "face_service"]

DOCUMENTS = ("resident_id", "hmt_residence", "foreign_pr")
"""Kinds of document with a picture to compare with; others cannot be face-checked (ZN-12)."""

VALID_FOR = timedelta(minutes=15)


class FaceRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Whose face, and what for."""

    name: str
    id_type: str
    id_number: str
    purpose: str
    return_url: str


class Outcome(msgspec.Struct, forbid_unknown_fields=True):
    """What a script says the camera saw."""

    outcome: Literal["passed", "failed"]


def face_service(world: World) -> Sequence[BaseRoute]:
    """``POST /sessions``, ``GET /sessions/{ref}``, and the page."""

    async def start(request: Request) -> Response:
        asked = await read(request, FaceRequest)
        if asked.id_type not in DOCUMENTS:
            raise refuse(422, "document_unsupported")
        if not return_allowed(world, asked.return_url):
            raise refuse(422, "return_url")
        ref = new_ref("face")
        expires_at = world.now() + VALID_FOR
        world.happened.faces[ref] = {
            "ref": ref,
            **msgspec.to_builtins(asked),
            "outcome": "pending",
            "comparison_ref": None,
            "decided_at": None,
            "expires_at": expires_at,
        }
        url = f"{base_url(request, world)}/face/page/{ref}"
        return answer({"ref": ref, "url": url, "expires_at": expires_at}, 201)

    async def result(request: Request) -> Response:
        record = dict(_session(world, request))
        del record["return_url"]
        if is_lying(request):
            another = world.people["staff-operator"]
            record |= {"name": another.name, "id_number": another.id_number, "outcome": "passed"}
            record |= {"comparison_ref": new_ref("cmp"), "decided_at": world.now()}
        return answer(record)

    async def show(request: Request) -> Response:
        record = _session(world, request)
        buttons = (
            '<form method="post"><button name="outcome" value="passed">通过 pass</button>'
            '<button name="outcome" value="failed">不通过 fail</button></form>'
        )
        return page("人脸核身 face check", f"<p>{escaped(record['name'])} — {escaped(record['purpose'])}</p>{buttons}")

    async def press(request: Request) -> Response:
        record = _session(world, request)
        form = await request.form()
        decide(world, record, str(form.get("outcome")))
        joint = "&" if "?" in record["return_url"] else "?"
        return RedirectResponse(f"{record['return_url']}{joint}{urlencode({'face': record['ref']})}", 303)

    return [
        Route("/sessions", start, methods=["POST"]),
        Route("/sessions/{ref}", result),
        Route("/page/{ref}", show),
        Route("/page/{ref}", press, methods=["POST"]),
    ]


def face_control(world: World) -> Sequence[BaseRoute]:
    """``POST /face/{ref}`` for scripts."""

    async def press(request: Request) -> Response:
        record = _session(world, request)
        outcome = await read(request, Outcome)
        decide(world, record, outcome.outcome)
        return answer({"ref": record["ref"], "outcome": record["outcome"]})

    return [Route("/face/{ref}", press, methods=["POST"])]


def _session(world: World, request: Request) -> Record:
    record = world.happened.faces.get(request.path_params["ref"])
    if record is None:
        raise refuse(404, "session_unknown")
    if record["outcome"] == "pending" and world.now() >= record["expires_at"]:
        record["outcome"] = "expired"
    return record


def decide(world: World, record: Record, outcome: str) -> None:
    """The first decision stands."""
    if outcome not in ("passed", "failed"):
        raise refuse(422, "outcome")
    if record["outcome"] != "pending":
        raise refuse(409, "session_over")
    record |= {"outcome": outcome, "comparison_ref": new_ref("cmp"), "decided_at": world.now()}
