"""The whole service opened from its settings, once per process.

1. cities, keys, records; 2. people and what speaks to them; 3. a house for each city; 4. work for later, and how it is
announced; 5. everything the ways in stand on.
"""

from __future__ import annotations

import random
from functools import cached_property, partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.serialization import Encoding

from api.services import (
    ApiServices,
    ApiSettings,
    CaseServices,
    CityServices,
    MachineServices,
    NotaryServices,
    OperationsServices,
    PeopleServices,
)
from filing.acts.entry import JoinWanted, find_to_join
from filing.engine.situation import SYSTEM_ACCOUNT, Situation, Who
from filing.later.renew_file import renew_file
from filing.messages import load_messages
from filing.profile import Actor
from gateways.endpoint import Endpoint, Surroundings
from gateways.oidc import HttpIdentityProvider, OidcClient
from gateways.webhooks import HttpWebhooks, public_or_loopback
from identity.codes import CodeDesk
from jobs.app import create_app as create_jobs
from jobs.relay import Relay
from jobs.workshop import BrokerSettings, Workshop
from notary.certificates import mandate_judge
from notary.later import NotaryLater
from notary.world import notary_world
from qianshu.pages import built_pages
from qianshu.service.book import ActsDesk, Book
from qianshu.service.cities import open_cities
from qianshu.service.codes import Codes
from qianshu.service.desks import open_desks
from qianshu.service.files import CaseFiles
from qianshu.service.later import PERIODICS, MoreOfLater, handlers_of, journal_lines, later_of, notary_handlers
from qianshu.service.links import SignLinkDesk
from qianshu.service.machines import Machines, Webhooks
from qianshu.service.notary_desks import PackageLook, ScanCodeDesk, SealedPackages, VideoLook
from qianshu.service.offices import OfficeList, Offices
from qianshu.service.operations import Operations
from qianshu.service.operator_desk import OperatorDesk
from qianshu.service.operator_outside import OutsideBoard, authorities_of
from qianshu.service.operator_subscribers import Subscribers
from qianshu.service.operator_work import OperatorBench, operator_handlers
from qianshu.service.outside import closable, open_outside
from qianshu.service.outside_ledger import Ledger
from qianshu.service.people import Login
from qianshu.service.people_handlers import HandlerDesk
from qianshu.service.people_roles import Roles
from qianshu.service.people_stores import CodePost, PeopleStores, open_people
from qianshu.service.public import Public
from qianshu.service.reading import Feed, Reader
from qianshu.service.recordings import FORGET_UPLOADS, RecordingStores, StagedUploads, forget_uploads, open_recordings
from qianshu.service.records import Records, open_records
from qianshu.service.renewing import RENEW_FILE, RenewalBench
from qianshu.service.requests import Requests
from qianshu.service.secrets import signing_secret
from qianshu.service.telling import Telling, telling_handlers
from qianshu.service.world import Desks, Exchange, open_houses
from qianshu.service_settings import LOOPBACK
from signing.keys import read_passphrase
from signing.validation import TrustAnchors
from storage.errors import ObjectMissing
from storage.machines import SqlClients, SqlDeliveries, SqlSubscriptions
from storage.notary import SqlMembers, SqlOffices
from storage.objects.reading import read_verified
from storage.operations import SqlArchiveChecks, SqlOperatorActs, SqlOutsideCalls, SqlRenewals
from storage.people import DatabaseLimits, SqlCodes, SqlSessions, SqlSignLinks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from filing.acts.perform import House
    from filing.acts.world import MandateJudge, Outside
    from filing.case import Case
    from filing.contract import SigningDesk
    from filing.later import Later
    from filing.messages import MessageBook
    from jobs.app import JobsApp
    from qianshu.service.cities import Cities
    from qianshu.service_settings import BrokerAddress
    from qianshu.settings import Settings

__all__ = ["Service", "broker_settings"]

MAX_REPORT_BYTES = 32 << 20
"""A report on a contract of two hundred signatures stays far below."""


class Service:
    """Everything, opened as it is asked for first; settings and cities at once, so that a mistake stops the start."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime], limits_scale: float = 1.0) -> None:
        """``limits_scale`` multiplies the rate limits: more where all people of a trial come from one machine. Raises
        ``SettingsError``, ``ProfileInvalid``, ``KeyStoreError``, ``RecordsError``.
        """
        self.settings = settings
        self.limits_scale = limits_scale
        self.clock = clock
        self.cities: Cities = open_cities(settings.service)
        self.books: Mapping[str, MessageBook] = load_messages(self.cities.folder)
        self.records: Records = open_records(settings, clock)
        self.ledger = Ledger(SqlOutsideCalls(self.records.database), clock)
        self.desks: Mapping[str, SigningDesk] = open_desks(settings, self.cities.profiles, clock, self.ledger.watched)

    def close(self) -> None:
        """Let go of every connection."""
        # Only what was asked for has been opened.
        for adapter in (
            *closable(self.__dict__.get("outside")),
            self.__dict__.get("provider"),
            self.__dict__.get("hooks"),
        ):
            if adapter is not None:
                adapter.close()
        self.records.database.close()

    def wake(self) -> None:
        """There may be work: tell the broker. Never raises for its sake."""
        self.relay.wake(self.clock())

    # work for later

    @cached_property
    def jobs(self) -> JobsApp:
        """What carries work."""
        return create_jobs(broker_settings(self.settings.service.broker), lambda: self.workshop, PERIODICS)

    @cached_property
    def relay(self) -> Relay:
        """What announces work."""
        return Relay(self.jobs, self.records.outbox)

    @cached_property
    def workshop(self) -> Workshop:
        """What does work."""
        more = MoreOfLater(self.desks, self.clock, self._phone_of, self.outside.sms)
        later = later_of(self.settings, self.cities, self.records, self.acts, more)
        packages = SealedPackages(self.recordings.streams, self.desks, self.clock)
        exchange = NotaryLater(later, packages, partial(journal_lines, self.records))
        handlers = {**handlers_of(later, self.records), **notary_handlers(exchange), **telling_handlers(self.telling)}
        handlers[FORGET_UPLOADS.kind] = forget_uploads(self.recordings, self.clock)
        handlers |= operator_handlers(self._bench())
        handlers[RENEW_FILE] = self._renewal_bench(later).renew
        return Workshop(self.records.outbox, handlers, self.clock, random.random)

    @cached_property
    def telling(self) -> Telling:
        """Tells subscribers."""
        return Telling(
            SqlSubscriptions(self.records.database, self.records.key),
            SqlClients(self.records.database),
            self.records,
            self.hooks,
            self.clock,
            SqlMembers(self.records.database).office_of_client,
        )

    def _bench(self) -> OperatorBench:
        """Work that operators' desks have done."""
        database = self.records.database
        return OperatorBench(
            self.records.archive,
            SqlArchiveChecks(database),
            SqlRenewals(database),
            lambda: tuple(desk.keys for desk in self.desks.values()),
            self.clock,
            broker_settings(self.settings.service.broker).lease_seconds,
        )

    def _renewal_bench(self, later: Later) -> RenewalBench:
        """Renewing files."""
        database, outbox = self.records.database, self.records.outbox
        return RenewalBench(
            partial(renew_file, later), outbox, SqlOperatorActs(database), SqlRenewals(database), self.clock
        )

    def _operator_desk(self) -> OperatorDesk:
        database = self.records.database
        told = Subscribers(
            SqlDeliveries(database),
            SqlSubscriptions(database, self.records.key),
            SqlMembers(database).office_of_client,
            self.telling.again,
        )
        board = OutsideBoard(SqlOutsideCalls(database), self.settings)
        return OperatorDesk(self.records, told, board, partial(authorities_of, self.desks), self.wake)

    @cached_property
    def hooks(self) -> HttpWebhooks:
        """What tells subscribers: never an address inside our own net, but where the service itself is a trial."""
        on_loopback = urlsplit(self.settings.service.web.base_url).hostname in LOOPBACK
        return HttpWebhooks(public_or_loopback) if on_loopback else HttpWebhooks()

    # cases

    @cached_property
    def outside(self) -> Outside:
        """Adapters of the outside world."""
        return open_outside(self.settings.service.outside, self._surroundings)

    @property
    def _surroundings(self) -> Surroundings:
        """What gateways have around them."""
        return Surroundings(clock=self.clock, observe=self.ledger.observe)

    @cached_property
    def codes(self) -> SqlCodes:
        """One-time codes."""
        return SqlCodes(self.records.database)

    @cached_property
    def houses(self) -> Mapping[str, House]:
        """A house for each city."""
        secret, sealer = self.records.secret, self.records.key
        codes = {city: Codes(self.codes, secret, sealer, self.books[city].code_text) for city in self.cities.profiles}
        desks = Desks(self.desks, codes, self.outside, self.links, self._exchange(), self.clock)
        return open_houses(self.cities, self.records, desks, self._book)

    def _judge_mandate(self) -> MandateJudge:
        """Mandates as electronic certificates; times of any city's own authority are believed."""
        roots = {root for desk in self.desks.values() for root in desk.keys.trust_anchors}
        return mandate_judge(SqlOffices(self.records.database), roots)

    def _exchange(self) -> Exchange:
        """What acts before a notary ask."""
        scan_codes = ScanCodeDesk(self.records.key, self.books, self.settings.service.web.base_url)
        return Exchange(SqlOffices(self.records.database), self.recordings.recordings, VideoLook(), scan_codes)

    @cached_property
    def links(self) -> SignLinkDesk:
        """Sign links."""
        store = SqlSignLinks(self.records.database)
        return SignLinkDesk(
            store, self.records.secret, self.records.key, self.books, self.settings.service.web.base_url
        )

    @cached_property
    def acts(self) -> ActsDesk:
        """Acts of every city."""
        return ActsDesk(self.houses, self._book)

    @cached_property
    def _book(self) -> Book:
        return Book(self.records.cases, self.wake)

    @cached_property
    def recordings(self) -> RecordingStores:
        """Large files of cases: uploads, streams."""
        return open_recordings(self.settings, self.records, self.clock)

    # people and programs

    @cached_property
    def people(self) -> PeopleStores:
        """Accounts, authorities, roles."""
        return open_people(self.records.database, self.records.key, self.records.secret)

    @cached_property
    def provider(self) -> HttpIdentityProvider:
        """The identity platform."""
        address = self.settings.service.outside.identity_provider
        if address is None:
            raise LookupError("the sandbox takes the place of services that are not set")
        secret = read_passphrase(address.client_secret_file).decode()
        endpoint = Endpoint(address.issuer, secret, timeout_seconds=address.timeout_seconds)
        return HttpIdentityProvider(endpoint, OidcClient(address.issuer, address.client_id), self._surroundings)

    @cached_property
    def post(self) -> CodePost:
        """Codes that belong to no case, in the words of the first city."""
        desk = CodeDesk(self.records.secret, self.records.key, self.codes)
        book = next(iter(self.books.values()))
        return CodePost(self.codes, desk, book.code_text, self.records.outbox, self.wake)

    @cached_property
    def roles(self) -> Roles:
        """Roles of staff."""
        return Roles(self.people.accounts, self.people.staff)

    @cached_property
    def machines(self) -> Machines:
        """Programs."""
        return Machines(self.records.database, self.records.key)

    @cached_property
    def offices(self) -> OfficeList:
        """Notary offices."""
        return OfficeList(self.records.database, self.people.accounts)

    @cached_property
    def api(self) -> ApiServices:
        """What the ways in stand on."""
        web = self.settings.service.web
        return ApiServices(
            settings=ApiSettings(
                base_url=web.base_url,
                signing_secret=signing_secret(self.records.secret),
                public_metrics=web.metrics == "open",
                limits_scale=self.limits_scale,
                recording_bytes=self.settings.service.uploads.max_size_bytes,
                pages=built_pages(),
            ),
            clock=self.clock,
            cases=self._cases(),
            people=self._people(),
            machines=MachineServices(self.machines, Webhooks(self.records.database, self.records.key)),
            notary=NotaryServices(
                Offices(self.offices, self.records.cases.told, self.cities.profiles, self._code_address),
                self.recordings.streams,
                PackageLook(self.recordings.streams, self._trust()),
            ),
            cities=CityServices(self.cities.profiles, self.cities.read_text, self.cities.calendar),
            public=Public(self.records.cases, self._trust(), tuple(self.desks.values())),
            operations=OperationsServices(Operations(self.records, self.jobs, self.wake), self._operator_desk()),
            limits=DatabaseLimits(self.records.database, self.clock),
        )

    def _cases(self) -> CaseServices:
        return CaseServices(
            acts=self.acts,
            reader=Reader(self.records.cases, self.records.secret, self._find_to_join, self.links.open_link),
            files=CaseFiles(self.records.archive.objects, self.records.evidence, self._report),
            feed=Feed(self.records.cases),
            requests=Requests(self.records.answers),
            uploads=StagedUploads(self.recordings.staging),
        )

    def _people(self) -> PeopleServices:
        return PeopleServices(
            login=Login(self.provider, self.people, self.post, tuple(self.cities.profiles)),
            sessions=SqlSessions(self.records.database, self.records.key),
            authority=HandlerDesk(self.people, self.post, self.cities.profiles, self._judge_mandate()),
            staff=self.roles,
        )

    def _find_to_join(self, city: str, keys: Mapping[str, str], _: datetime) -> str | None:
        wanted = JoinWanted(keys.get("seller_name", ""), keys.get("seller_id_number", ""))
        house = self.houses.get(city)
        return None if house is None else find_to_join(house, city, keys.get("case_number", ""), wanted)

    def _report(self, case_no: str, sha256: str) -> bytes:  # noqa: ARG002 - there is one report on a text
        """The evidence report the dossier was closed with."""
        found = self.records.cases.find(case_no)
        made = None if found is None or found.case.filing.sealed is None else found.case.filing.sealed.evidence_sha256
        if made is None:
            raise ObjectMissing("evidence_report.missing", zh="证据报告尚未生成", en="there is no evidence report yet")
        return read_verified(self.records.archive.objects, made, MAX_REPORT_BYTES)

    def _trust(self) -> TrustAnchors:
        roots = {root.public_bytes(Encoding.DER) for desk in self.desks.values() for root in desk.keys.trust_anchors}
        return TrustAnchors(tuple(sorted(roots)))

    def _code_address(self, case: Case, party: str, now: datetime) -> str:
        """What is in the picture of a purchaser's code (ZN-06)."""
        house, matter = self.houses[case.head.city], case.notary.current
        task = None if matter is None else matter.task(party)
        if task is None or task.qr is None:
            raise LookupError("whoever asks for the picture of a code has looked whether there is one")
        profile = self.cities.profiles[case.head.city]
        situation = Situation(profile, case, Who(Actor.SYSTEM, SYSTEM_ACCOUNT), now, self.cities.calendar)
        return notary_world(house.world).scan_codes.address(situation, task.qr)

    def _phone_of(self, account_id: str) -> str | None:
        account = self.people.accounts.load(account_id)
        return None if account is None else account.phone


def broker_settings(address: BrokerAddress) -> BrokerSettings:
    """Where work is announced: the address in its file, or inside this process."""
    if address.url_file is None:
        return BrokerSettings()
    url = read_passphrase(address.url_file).decode()
    return BrokerSettings(url, queue=address.queue, processes=address.processes, lease_seconds=address.lease_seconds)
