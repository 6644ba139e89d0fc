"""Everything people need, wired as the service wires it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from api.ports import SessionFacts
from filing.messages import MessageBook, load_messages
from filing.profile import FlowProfile, load_cities
from identity.acting import ActingPerson
from identity.codes import CodeDesk
from identity.keys import LookupSecret
from identity.staff import StaffRole
from qianshu.service.cities import CITIES
from qianshu.service.people import Login
from qianshu.service.people_handlers import HandlerDesk
from qianshu.service.people_roles import Roles, grant_at_command_line
from qianshu.service.people_stores import CodePost, PeopleStores, open_people
from signing.envelope import EvidenceKey
from storage.people import SqlCodes
from storage.records.database import Database
from storage.records.outbox import Outbox, OutboxTask
from tests.builders.sandbox import NOW, RETURN_URL, Connected, browse_login

SECRET = LookupSecret(b"t" * 32)
KEY = EvidenceKey(b"k" * 32)


@cache
def profiles() -> dict[str, FlowProfile]:
    return dict(load_cities(CITIES))


@cache
def books() -> dict[str, MessageBook]:
    return dict(load_messages(CITIES))


@dataclass
class Town:
    stores: PeopleStores
    login: Login
    handlers: HandlerDesk
    roles: Roles
    outbox: Outbox
    world: Connected
    woken: list[str] = field(default_factory=list)

    def come(self, hint: str) -> tuple[SessionFacts, ActingPerson]:
        """A whole login by browser."""
        start = self.login.begin(RETURN_URL, hint)
        facts = self.login.finish(start, browse_login(start.url), NOW)
        person = self.login.acting(facts, NOW)
        assert person is not None
        return facts, person

    def staff(self, hint: str, role: StaffRole, city: str) -> ActingPerson:
        """Somebody with a role, made at the command line."""
        facts, person = self.come(hint)
        grant_at_command_line(self.stores.accounts, self.stores.staff, (person.account_id, role), city, NOW)
        again = self.login.acting(facts, NOW)
        assert again is not None
        return again

    def work(self) -> tuple[OutboxTask, ...]:
        """What waits in the outbox, claimed."""
        return self.outbox.claim_many(100, NOW, 60)


def town_of(database: Database, world: Connected) -> Town:
    codes, outbox, woken = SqlCodes(database), Outbox(database), []
    stores = open_people(database, KEY, SECRET)
    book = books()["shenzhen"]
    post = CodePost(codes, CodeDesk(SECRET, KEY, codes), book.code_text, outbox, lambda: woken.append("woken"))
    return Town(
        stores,
        Login(world.identity, stores, post, tuple(profiles())),
        HandlerDesk(stores, post, profiles()),
        Roles(stores.accounts, stores.staff),
        outbox,
        world,
        woken,
    )
