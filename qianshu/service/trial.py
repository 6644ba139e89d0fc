"""Who is needed to try a service out: staff from the sandbox, the land registry and a notary office as programs.

For the sandbox only: in a city roles are granted by an administrator (``qianshu staff``) and programs are registered by
an operator (``qianshu machines``).
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from api.ports import MemberAsked
from filing.profile import Actor
from identity.acting import Machine, MachineKind
from identity.staff import StaffGrant, StaffRole
from notary.matter import has_contracts
from notary.members import MemberKind
from qianshu.demo.city.cast import STAFF
from qianshu.demo.city.client import Client

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from notary.offices import NotaryOffice
    from qianshu.service.offices import OfficeList
    from qianshu.service.run import Running

__all__ = [
    "CONTRACT_NOTARY",
    "DESKS",
    "NOTARY_PERSON",
    "OFFICE_CLIENT",
    "OFFICE_SCOPES",
    "REGISTRY",
    "REGISTRY_SCOPES",
    "admit_staff",
    "list_office",
    "register_contract_office",
    "register_office",
    "register_registry",
]

REGISTRY = "land-registry"
"""Client of the registry that tries things out."""

REGISTRY_SCOPES = ("feed:read", "contracts:read", "cases:act", "webhooks:manage")

OFFICE_CLIENT = "notary-office"
"""Client of the notary office that tries things out."""

OFFICE_SCOPES = ("notary:read", "cases:act", "webhooks:manage")

DESKS = {
    **STAFF,
    "window_clerk": "staff-window",
    "registrar": "registrar",
    "operator": "staff-operator",
    "admin": "staff-admin",
    "auditor": "staff-auditor",
}
"""Role to person: everybody a newcomer may want to be at a desk."""

NOTARY_PERSON = "notary"
"""Who of the sandbox's people works at its desk."""

CONTRACT_NOTARY = "notary-shenzhen"
"""Who works at the office that certifies contracts (SZ-80)."""


def list_office(listed: OfficeList, office: NotaryOffice, now: datetime) -> None:
    """An office with its certificates; one that was listed before has new ones since."""
    if listed.offices.load(office.office_id) is None:
        listed.add(office, now)
        return
    for certificate in office.certificates:
        listed.add_certificate(office.office_id, certificate, now)


def admit_staff(running: Running, people: Mapping[str, str] = STAFF) -> None:
    """Give the sandbox's staff (person by role) their roles in every city served; they must have logged in once, which
    is done here.
    """
    service = running.service
    if running.sandbox_url is None:
        raise LookupError("staff of a city are admitted by its administrator")
    for role, person in people.items():
        account_id = Client(running.url, running.sandbox_url, person).me["account_id"]
        held = {grant.city for grant in service.people.staff.of_account(account_id)}
        for city in set(service.cities.profiles) - held:
            grant = StaffGrant(uuid.uuid4().hex, account_id, StaffRole(role), city, "bootstrap", service.clock())
            service.people.staff.save(grant)


def register_registry(running: Running) -> str:
    """The registry as a program of every city served; its secret, which is not shown again."""
    service = running.service
    machine = Machine(REGISTRY, MachineKind.REGISTRY, tuple(service.cities.profiles), REGISTRY_SCOPES)
    if service.machines.load(REGISTRY) is None:
        return service.machines.add(machine, service.clock())
    return service.machines.renew_secret(REGISTRY)


def register_office(running: Running) -> str | None:
    """A notary office with its program and a notary at its desk; the program's secret, which is not shown again.

    ``None`` where no city served has anything before a notary. The office's keys are new with each start, and with them
    the certificates on its list.
    """
    service, now = running.service, running.service.clock()
    cities = tuple(name for name, profile in service.cities.profiles.items() if profile.cancelling.notary)
    if running.sandbox_url is None or running.office is None or not cities:
        return None
    office, listed = running.office.record, service.offices
    _with_notary(running, office, NOTARY_PERSON)
    if service.machines.load(OFFICE_CLIENT) is not None:
        return service.machines.renew_secret(OFFICE_CLIENT)
    secret = service.machines.add(Machine(OFFICE_CLIENT, MachineKind.NOTARY, cities, OFFICE_SCOPES), now)
    listed.enter(MemberAsked(office.office_id, MemberKind.CLIENT, OFFICE_CLIENT), now)
    return secret


def register_contract_office(running: Running) -> bool:
    """An office with a notary at its desk where contracts are certified before they are filed (SZ-80); whether a city
    served has that.
    """
    profiles = running.service.cities.profiles.values()
    wanted = any(has_contracts(profile, Actor.NOTARY) for profile in profiles)
    if running.sandbox_url is None or running.contract_office is None or not wanted:
        return False
    _with_notary(running, running.contract_office.record, CONTRACT_NOTARY)
    return True


def _with_notary(running: Running, office: NotaryOffice, person: str) -> None:
    """The office on the list, somebody of the sandbox's people at its desk."""
    if running.sandbox_url is None:
        raise LookupError("asked before")
    listed, now = running.service.offices, running.service.clock()
    list_office(listed, office, now)
    account_id = Client(running.url, running.sandbox_url, person).me["account_id"]
    if office.office_id not in listed.members.offices_of(account_id):
        listed.enter(MemberAsked(office.office_id, MemberKind.ACCOUNT, account_id), now)
