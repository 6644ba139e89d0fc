"""Bodies that receive filed contracts: registry, tax, housing fund, banks; what they got can be read."""

import binascii
import hashlib
from base64 import b64decode
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sandbox.answers import answer, is_lying, read, refuse
from sandbox.world import Record, World, new_ref

__all__ = ["recipient_inbox", "recipient_service"]

RECIPIENTS = ("registry", "tax", "housing_fund", "banks")


class Delivery(msgspec.Struct, forbid_unknown_fields=True):
    """A filed contract."""

    city: str
    case_number: str
    filing_number: str
    filed_at: datetime
    pdf_base64: str
    pdf_sha256: str
    facts: dict[str, Any]


def recipient_service(world: World) -> Sequence[BaseRoute]:
    """``POST /{recipient}/contracts``."""

    async def receive(request: Request) -> Response:
        recipient = request.path_params["recipient"]
        if recipient not in RECIPIENTS:
            raise refuse(404, "recipient_unknown")
        delivery = await read(request, Delivery)
        pdf = _decoded(delivery.pdf_base64)
        if hashlib.sha256(pdf).hexdigest() != delivery.pdf_sha256:
            raise refuse(422, "digest")
        record = _kept(world, recipient, delivery, pdf)
        digest = hashlib.sha256(b"another").hexdigest() if is_lying(request) else record["pdf_sha256"]
        names = ("recipient", "ref", "received_at", "case_number", "filing_number")
        return answer({**{name: record[name] for name in names}, "pdf_sha256": digest}, 201)

    return [Route("/{recipient}/contracts", receive, methods=["POST"])]


def recipient_inbox(world: World) -> Sequence[BaseRoute]:
    """``GET /recipients/{recipient}`` lists, ``GET /recipients/{recipient}/{ref}.pdf`` gives the file."""

    async def listed(request: Request) -> Response:
        recipient = request.path_params["recipient"]
        records = [record for record in world.happened.deliveries.values() if record["recipient"] == recipient]
        return answer(
            {"contracts": [{name: value for name, value in record.items() if name != "pdf"} for record in records]}
        )

    async def file(request: Request) -> Response:
        for record in world.happened.deliveries.values():
            if record["ref"] == request.path_params["ref"]:
                return Response(record["pdf"], media_type="application/pdf")
        raise refuse(404, "reference_unknown")

    return [Route("/recipients/{recipient}", listed), Route("/recipients/{recipient}/{ref}.pdf", file)]


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except binascii.Error as error:
        raise refuse(422, "base64") from error


def _kept(world: World, recipient: str, delivery: Delivery, pdf: bytes) -> Record:
    key = f"{recipient}/{delivery.city}/{delivery.case_number}/{delivery.filing_number}"
    before = world.happened.deliveries.get(key)
    if before is None:
        said = msgspec.structs.asdict(delivery)
        del said["pdf_base64"]
        before = {"recipient": recipient, "ref": new_ref("in"), "received_at": world.now(), **said, "pdf": pdf}
        world.happened.deliveries[key] = before
    elif before["pdf_sha256"] != delivery.pdf_sha256:
        raise refuse(409, "another_file")
    return before
