"""The people and organisations of the sandbox, from ``data/people.yaml``."""

from datetime import datetime
from importlib.resources import files

import msgspec

__all__ = ["Appointment", "People", "Person", "RealNameCheck", "load_people"]


class RealNameCheck(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How surely the platform knows somebody."""

    level: int
    method: str
    verified_at: datetime


class Appointment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An organisation made somebody its handler."""

    person: str
    state: str
    starts_at: datetime
    ends_at: datetime
    consented_at: datetime | None = None
    ended_at: datetime | None = None


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A person or an organisation."""

    id: str
    note: str
    name: str
    id_type: str
    id_number: str
    region: str
    phone: str
    login: tuple[str, ...]
    kind: str = "person"
    real_name: RealNameCheck | None = None
    licences: tuple[str, ...] = ("identity",)
    qualification: str = "passed"
    blacklisted: bool = False
    handlers: tuple[Appointment, ...] = ()


People = dict[str, Person]


def load_people() -> People:
    """Everybody, by id."""
    text = files("sandbox").joinpath("data/people.yaml").read_bytes()
    people = msgspec.yaml.decode(text, type=list[Person])
    return {person.id: person for person in people}
