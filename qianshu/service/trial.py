"""Who is needed to try a service out: staff from the sandbox, and the land registry as a program.

For the sandbox only: in a city roles are granted by an administrator (``qianshu staff``) and programs are registered by
an operator (``qianshu machines``).
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from identity.acting import Machine, MachineKind
from identity.staff import StaffGrant, StaffRole
from qianshu.demo.city.cast import STAFF
from qianshu.demo.city.client import Client

if TYPE_CHECKING:
    from qianshu.service.run import Running

__all__ = ["REGISTRY", "REGISTRY_SCOPES", "admit_staff", "register_registry"]

REGISTRY = "land-registry"
"""Client of the registry that tries things out."""

REGISTRY_SCOPES = ("feed:read", "contracts:read", "cases:act", "webhooks:manage")


def admit_staff(running: Running) -> None:
    """Give the sandbox's staff their roles in every city served; they must have logged in once, which is done here."""
    service = running.service
    if running.sandbox_url is None:
        raise LookupError("staff of a city are admitted by its administrator")
    for role, person in STAFF.items():
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
