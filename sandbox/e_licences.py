"""Electronic licences: pictures drawn on request, with the holder's authorisation (SZ-77)."""

import hashlib
import io
from base64 import b64encode
from collections.abc import Sequence
from datetime import date, datetime

import msgspec
from PIL import Image, ImageDraw
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sandbox.answers import answer, is_lying, read, refuse
from sandbox.people import Person
from sandbox.world import Record, World

__all__ = ["e_licence_service"]

ISSUERS = {
    "identity": "某市公安局",
    "marriage": "某区民政局",
    "household": "某派出所",
    "business_licence": "某市市场监督管理局",
}


class Authorisation(msgspec.Struct, forbid_unknown_fields=True):
    """The holder's leave."""

    document_sha256: str
    authorised_at: datetime
    case_number: str


class Fetch(msgspec.Struct, forbid_unknown_fields=True):
    """Whose licences, of which kinds."""

    name: str
    id_type: str
    id_number: str
    kinds: list[str]
    authorisation: Authorisation


def e_licence_service(world: World) -> Sequence[BaseRoute]:
    """``POST /fetch``."""

    async def fetch(request: Request) -> Response:
        asked = await read(request, Fetch)
        if len(asked.authorisation.document_sha256) != 64:
            raise refuse(403, "authorisation_missing")
        holder = world.find_person(asked.id_type, asked.id_number)
        if holder is None or holder.name != asked.name:
            return answer({"licences": []})
        if is_lying(request):
            holder = world.people["staff-operator"]
        return answer({"licences": [_licence(holder, kind) for kind in asked.kinds if kind in holder.licences]})

    return [Route("/fetch", fetch, methods=["POST"])]


def _licence(holder: Person, kind: str) -> Record:
    content = _picture(holder, kind)
    return {
        "kind": kind,
        "number": f"{kind.upper()}-{holder.id_number[-6:]}",
        "issuer": ISSUERS[kind],
        "issued_on": date(2020, 1, 2),
        "expires_on": date(2040, 1, 2) if kind == "identity" else None,
        "media_type": "image/png",
        "content_base64": b64encode(content).decode(),
        "sha256": hashlib.sha256(content).hexdigest(),
        "holder": {"name": holder.name, "id_type": holder.id_type, "id_number": holder.id_number},
    }


def _picture(holder: Person, kind: str) -> bytes:
    """A card of the size of an ID card at 150 dpi, without personal data on it."""
    card = Image.new("RGB", (506, 319), "#eef4fa")
    draw = ImageDraw.Draw(card)
    draw.rectangle((8, 8, 497, 310), outline="#3a6ea5", width=3)
    draw.text((30, 40), f"SPECIMEN {kind}", fill="#3a6ea5", font_size=28)
    draw.text((30, 100), holder.id, fill="#222222", font_size=22)
    draw.text((30, 260), "sandbox, everything invented", fill="#888888", font_size=16)
    buffer = io.BytesIO()
    card.save(buffer, "PNG", dpi=(150, 150))
    return buffer.getvalue()
