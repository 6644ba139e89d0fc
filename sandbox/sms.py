"""Short messages: taken over once per request id, and readable by anybody: codes too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
from starlette.routing import Route

from sandbox.answers import answer, escaped, is_lying, page, read, refuse
from sandbox.world import Record, World, new_ref

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

__all__ = ["BLOCKED_PHONE", "sms_outbox", "sms_service"]

BLOCKED_PHONE = "19900000000"
"""The provider refuses this number."""

PLACEHOLDER = re.compile(r"\{(\w+)\}")


class Message(msgspec.Struct, forbid_unknown_fields=True):
    """A message to send."""

    request_id: str
    phone: str
    template: str
    values: dict[str, str]


def sms_service(world: World) -> Sequence[BaseRoute]:
    """``POST /messages``."""

    async def send(request: Request) -> Response:
        message = await read(request, Message)
        if message.phone == BLOCKED_PHONE:
            raise refuse(422, "number_blocked")
        missing = set(PLACEHOLDER.findall(message.template)) - set(message.values)
        if missing:
            raise refuse(422, "value_missing")
        return _taken(world, message, lying=is_lying(request))

    return [Route("/messages", send, methods=["POST"])]


def _taken(world: World, message: Message, *, lying: bool) -> Response:
    sent = world.happened.messages
    before = sent.get(message.request_id)
    same = msgspec.to_builtins(message)
    if before and before["message"] != same:
        raise refuse(409, "request_id_used")
    if not before:
        text = PLACEHOLDER.sub(lambda found: message.values[found[1]], message.template)
        before = {"message_ref": new_ref("sms"), "accepted_at": world.now(), "text": text, "message": same}
        sent[message.request_id] = before
    request_id = new_ref("another") if lying else message.request_id
    return answer(
        {"message_ref": before["message_ref"], "request_id": request_id, "accepted_at": before["accepted_at"]}, 201
    )


def sms_outbox(world: World) -> Sequence[BaseRoute]:
    """``GET /sms?phone=`` as JSON, ``GET /sms.html`` as a page; newest first."""

    def listed(request: Request) -> list[Record]:
        phone = request.query_params.get("phone")
        sent = world.happened.messages.values()
        lines = [
            {
                "message_ref": record["message_ref"],
                "at": record["accepted_at"],
                "text": record["text"],
                **record["message"],
            }
            for record in sent
            if phone in (None, record["message"]["phone"])
        ]
        return lines[::-1][:1000]

    async def as_json(request: Request) -> Response:
        return answer({"messages": listed(request)})

    async def as_page(request: Request) -> Response:
        rows = "".join(
            f"<tr><td>{escaped(line['at'])}</td><td>{escaped(line['phone'])}</td><td>{escaped(line['text'])}</td></tr>"
            for line in listed(request)
        )
        return page("短信发件箱 messages", f"<table><tr><th>时间<th>手机<th>内容</tr>{rows}</table>")

    return [Route("/sms", as_json), Route("/sms.html", as_page)]
