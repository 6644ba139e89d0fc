"""Subscribers told over real HTTP, from the feed of both databases, by the work of the outbox."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from standardwebhooks import Webhook

from api.ports import WebhookSubscription
from filing.engine.outcome import FeedItem
from gateways.webhooks import HttpWebhooks, public_or_loopback
from identity.acting import Machine, MachineKind
from jobs.perform import Performed, drain, perform
from jobs.workshop import Workshop
from notary.members import BOOTSTRAP, MemberKind, OfficeMember
from notary.offices import NotaryOffice
from qianshu.service.machines import Machines, Webhooks
from qianshu.service.telling import GIVE_UP_AFTER, Telling, telling_handlers
from signing.envelope import EvidenceKey
from storage.machines import SqlClients, SqlSubscriptions
from storage.notary import SqlMembers, SqlOffices
from storage.records import CaseRecords
from storage.records.database import Database
from storage.records.outbox import Outbox
from tests.builders.records import done, means_of, new_case
from tests.builders.tsa_server import Handler, serving

KEY = EvidenceKey(b"k" * 32)
SECRET = "whsec_" + "c2VjcmV0IG9mIDMyIGJ5dGVzIGZvciBhIHRlc3QgISE="


@dataclass
class Clock:
    at: datetime

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Subscriber:
    """Answers what it is told to, and verifies what it gets as the library does."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    taken: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def behave(self, handler: Handler, body: bytes) -> None:
        status = self.statuses.pop(0) if self.statuses else 204
        headers = {name.lower(): value for name, value in handler.headers.items()}
        event = Webhook(SECRET).verify(body, headers)
        if status == 204:
            self.taken.append((headers["webhook-id"], event))
        handler.reply(b"", status, content_type="text/plain")

    @property
    def positions(self) -> list[object]:
        return [event["data"]["position"] for _, event in self.taken]


@pytest.fixture
def subscriber() -> Iterator[Subscriber]:
    one = Subscriber()
    with serving(one.behave) as server:
        one.url = server.url
        yield one


@dataclass
class Office:
    """Records, telling, and the work of the outbox."""

    cases: CaseRecords
    machines: Machines
    webhooks: Webhooks
    outbox: Outbox
    workshop: Workshop
    clock: Clock
    offices: SqlOffices
    members: SqlMembers
    telling: Telling
    asked: int = 0

    def file(self, number: int, city: str = "huangshi") -> None:
        """A contract is filed: a line of the feed."""
        self.cases.create(
            new_case(number, city), [done(at=self.clock())], feed=[FeedItem("filed", "ab" * 32, {"number": "42"})]
        )

    def push(self, number: int, office: str) -> None:
        """A package for an office: a line of its feed."""
        item = FeedItem("package", "cd" * 32, {"matter": 1, "number": 1}, to=f"office:{office}")
        self.cases.create(new_case(number, "huangshi"), [done(at=self.clock())], feed=[item])

    def tick(self) -> None:
        """The clock asks, and everything due is done."""
        self.asked += 1
        self.outbox.add("tell-webhooks", f"tick-{self.asked}", self.clock())
        drain(self.workshop)

    def log(self) -> list[tuple[int, int, int | None, str | None]]:
        found = self.webhooks.deliveries("s1", None, 100)
        return [(one.position, one.attempt, one.status, one.error_code) for one in reversed(found)]


@pytest.fixture
def office(database: Database, subscriber: Subscriber) -> Iterator[Office]:
    # The library refuses what is not of the last minutes: the clock is the real one's, moved.
    clock = Clock(datetime.now(UTC))
    cases, outbox = CaseRecords(means_of(database)), Outbox(database)
    machines, webhooks = Machines(database, KEY), Webhooks(database, KEY)
    post = HttpWebhooks(public_or_loopback, timeout_seconds=2)
    records = SimpleNamespace(cases=cases, outbox=outbox)
    members = SqlMembers(database)
    telling = Telling(
        SqlSubscriptions(database, KEY), SqlClients(database), records, post, clock, members.office_of_client
    )
    machines.add(Machine("registry", MachineKind.REGISTRY, ("huangshi", "wuhan"), ("webhooks:manage",)), clock())
    webhooks.add(WebhookSubscription("s1", "registry", subscriber.url, ("huangshi",), clock(), SECRET))
    workshop = Workshop(outbox, telling_handlers(telling), clock, lambda: 1.0)
    yield Office(cases, machines, webhooks, outbox, workshop, clock, SqlOffices(database), members, telling)
    post.close()


def test_each_line_of_its_cities_is_told_once_in_order_signed(office: Office, subscriber: Subscriber) -> None:
    for number, city in ((1, "huangshi"), (2, "wuhan"), (3, "huangshi")):
        office.file(number, city)
    office.tick()
    office.tick()

    assert subscriber.positions == [1, 3]
    message_id, event = subscriber.taken[0]
    assert message_id == "msg_s1_1"
    assert event["type"] == "contract.filed"
    assert event["data"]["sha256"] == "ab" * 32
    assert office.log() == [(1, 1, 204, None), (3, 1, 204, None)]
    office.file(4)
    office.tick()
    assert subscriber.positions == [1, 3, 4]


def test_what_is_not_taken_is_sent_again_later_and_nothing_overtakes_it(office: Office, subscriber: Subscriber) -> None:
    subscriber.statuses = [204, 503]
    for number in (1, 2, 3):
        office.file(number)
    office.tick()
    assert subscriber.positions == [1]
    office.tick()  # asked again at once: the same task is waiting for its delay
    assert len(office.log()) == 2

    office.clock.at += timedelta(seconds=6)
    office.tick()
    assert subscriber.positions == [1, 2, 3]
    assert [message_id for message_id, _ in subscriber.taken] == ["msg_s1_1", "msg_s1_2", "msg_s1_3"]
    assert office.log()[1:3] == [(2, 1, 503, "webhook.status"), (2, 2, 204, None)]


def test_a_redirect_is_a_failure(office: Office, subscriber: Subscriber) -> None:
    subscriber.statuses = [307]
    office.file(1)
    office.tick()
    assert office.log() == [(1, 1, 307, "webhook.status")]
    assert subscriber.taken == []


def test_whoever_says_gone_is_told_no_more(office: Office, subscriber: Subscriber) -> None:
    subscriber.statuses = [410]
    office.file(1)
    office.tick()
    office.file(2)
    office.tick()

    assert subscriber.taken == []
    assert office.webhooks.load("s1").ended_at == office.clock()


def test_a_client_that_has_ended_is_told_no_more(office: Office, subscriber: Subscriber) -> None:
    office.file(1)
    office.machines.end("registry", office.clock())
    office.tick()
    assert subscriber.taken == []


def test_a_subscriber_that_stays_down_is_given_up_and_shown_until_an_operator_tries_again(
    office: Office, subscriber: Subscriber, caplog: pytest.LogCaptureFixture
) -> None:
    office.webhooks.end("s1", office.clock())
    nobody = WebhookSubscription("s2", "registry", "http://127.0.0.1:1/hook", ("huangshi",), office.clock(), SECRET)
    office.webhooks.add(nobody)
    office.file(1)
    ends_at = office.clock() + GIVE_UP_AFTER + timedelta(days=2)
    while office.clock() < ends_at:
        office.tick()
        office.clock.at += timedelta(hours=1)

    attempts = office.webhooks.deliveries("s2", None, 1000)
    failed = office.outbox.failed()
    assert max(one.at for one in attempts) < ends_at - timedelta(days=1)
    assert {one.error_code for one in attempts} == {"outside.unavailable"}
    assert 3 <= len(failed) <= 4
    assert {task.kind for task in failed} == {"tell-webhook"}

    office.outbox.requeue(failed[0].task_id, office.clock())
    assert perform(failed[0].task_id, office.workshop) is Performed.FAILED
    assert len(office.webhooks.deliveries("s2", None, 1000)) == len(attempts) + 1


def test_what_is_sent_holds_nobody_s_name(office: Office, subscriber: Subscriber) -> None:
    office.file(1)
    office.tick()
    ((_, event),) = subscriber.taken
    assert set(event["data"]) == {"position", "city", "case_no", "kind", "at", "sha256", "data"}
    assert "name" not in json.dumps(event)


@pytest.mark.rule("ZN-05")
def test_an_offices_program_is_told_its_own_lines_and_the_registry_none_of_them(
    office: Office, subscriber: Subscriber
) -> None:
    member, now = entered(office, subscriber), office.clock()
    office.file(1)
    office.push(2, "shiqi")
    office.push(3, "other")
    office.tick()

    told = {message_id: (event["type"], event["data"]["position"]) for message_id, event in subscriber.taken}
    assert told == {"msg_s1_1": ("contract.filed", 1), "msg_s2_2": ("notary.package", 2)}

    office.members.end(replace(member, ended_at=now, ended_by=BOOTSTRAP))
    office.push(4, "shiqi")
    office.tick()
    assert len(subscriber.taken) == 2


@dataclass
class DownForADay(Subscriber):
    """Looks at no time: the library knows only the real one."""

    def behave(self, handler: Handler, body: bytes) -> None:
        status = self.statuses.pop(0) if self.statuses else 204
        if status == 204:
            self.taken.append((handler.headers["webhook-id"], json.loads(body)))
        handler.reply(b"", status, content_type="text/plain")


@pytest.mark.rule("ZN-05")
def test_an_office_that_was_down_for_a_day_is_told_everything_in_order(office: Office) -> None:
    down = DownForADay(statuses=[503] * 1000)
    with serving(down.behave) as server:
        down.url = server.url
        entered(office, down)
        for number in range(1, 4):
            office.push(number, "shiqi")
        back_at = office.clock() + timedelta(days=1)
        while office.clock() < back_at:
            office.tick()
            office.clock.at += timedelta(hours=1)
        assert down.taken == []
        down.statuses = []
        while not down.taken:
            assert office.clock() < back_at + timedelta(days=1)
            office.tick()
            office.clock.at += timedelta(hours=1)
    assert down.positions == [1, 2, 3]
    waited = office.cases.feed_after(["huangshi"], 0, 10, "office:shiqi")
    assert [line.position for line in waited] == [1, 2, 3]


@pytest.mark.rule("ZN-05")
def test_what_a_webhook_lost_the_cursor_still_has(office: Office, subscriber: Subscriber) -> None:
    """Taken with a 204 and forgotten there: it is not told again, and nothing is gone."""
    entered(office, subscriber)
    office.push(1, "shiqi")
    office.tick()
    subscriber.taken.clear()
    office.push(2, "shiqi")
    office.tick()
    assert subscriber.positions == [2]
    lines = office.cases.feed_after(["huangshi"], 0, 10, "office:shiqi")
    assert [(line.position, line.kind) for line in lines] == [(1, "package"), (2, "package")]


def entered(office: Office, subscriber: Subscriber) -> OfficeMember:
    """Two notary offices, and the program of the first, which wants to be told."""
    now = office.clock()
    for name in ("shiqi", "other"):
        office.offices.add(NotaryOffice(name, name, name, ("420200",), made_at=now), BOOTSTRAP, now)
    machine = Machine("shiqi-program", MachineKind.NOTARY, ("huangshi",), ("webhooks:manage",))
    office.machines.add(machine, now)
    member = OfficeMember("m1", "shiqi", MemberKind.CLIENT, "shiqi-program", BOOTSTRAP, now)
    assert office.members.add(member)
    office.webhooks.add(WebhookSubscription("s2", "shiqi-program", subscriber.url, ("huangshi",), now, SECRET))
    return member


def test_an_operator_has_one_line_sent_again_under_its_old_name(office: Office, subscriber: Subscriber) -> None:
    for number in (1, 2):
        office.file(number)
    office.tick()
    office.telling.again("s1", 1, office.clock())
    office.telling.again("s1", 7, office.clock() + timedelta(seconds=1))
    office.clock.at += timedelta(seconds=2)
    drain(office.workshop)
    assert [message_id for message_id, _ in subscriber.taken] == ["msg_s1_1", "msg_s1_2", "msg_s1_1"]
    assert office.log()[-2:] == [(1, 2, 204, None), (2, 1, 204, None)]


def test_a_line_sent_again_in_vain_does_not_say_that_telling_fails(office: Office, subscriber: Subscriber) -> None:
    office.file(1)
    office.tick()
    subscriber.statuses = [500]
    office.telling.again("s1", 1, office.clock())
    drain(office.workshop)
    assert office.telling.subscriptions.load("s1").failing_since_at is None
    office.file(2)
    office.tick()
    assert subscriber.positions[-1] == 2


def test_an_operator_has_what_waits_told_before_its_delay_is_over(office: Office, subscriber: Subscriber) -> None:
    subscriber.statuses = [503]
    office.file(1)
    office.tick()
    assert subscriber.positions == []
    office.telling.again("s1", None, office.clock())
    drain(office.workshop)
    assert subscriber.positions == [1]
