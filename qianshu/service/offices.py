"""Notary offices: the list and who works for them, as administrators and the command line look after them, and what
offices were told (``api.ports.OfficeDesk``).

``OfficeList(database, accounts)`` is the list, kept from the command line and by administrators alike;
``Offices(listed, told, profiles, address_of)`` what the ways in ask:
``told`` is ``CaseRecords.told``, ``address_of`` says what is in the picture of a code.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from identity.acting import MachineKind
from notary.errors import NotaryError
from notary.members import BOOTSTRAP, Grantor, MemberKind, OfficeMember, entered, listed, removed
from notary.offices import acts_in_city
from storage.machines import SqlClients
from storage.notary import SqlMembers, SqlOffices
from storage.operations import SqlOperatorActs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from api.ports import MemberAsked
    from filing.case import Case
    from filing.profile import FlowProfile
    from identity.acting import ActingPerson
    from identity.ports import Accounts
    from notary.offices import NotaryOffice, OfficeCertificate
    from storage.records import Database

__all__ = ["OfficeList", "Offices"]


class OfficeList:
    """Offices, certificates, members. Who answers for an entry is named; ``bootstrap`` stands for the command line."""

    def __init__(self, database: Database, accounts: Accounts) -> None:
        self.offices = SqlOffices(database)
        self.members = SqlMembers(database)
        self.acts = SqlOperatorActs(database)
        self._clients = SqlClients(database)
        self._accounts = accounts

    def add(self, office: NotaryOffice, now: datetime, by: str = BOOTSTRAP) -> None:
        """Enter an office with its certificates."""
        if not self.offices.add(office, by, now):
            raise NotaryError(
                "notary.office_taken",
                zh="公证机构标识或者代码已被使用",
                en="the identifier or the code of the office is taken",
            )
        for certificate in office.certificates:
            self.add_certificate(office.office_id, certificate, now, by)

    def end(self, office_id: str, now: datetime, by: str = BOOTSTRAP) -> None:
        """Take it off the list; matters before it go on."""
        if not self.offices.end(office_id, by, now):
            raise office_unknown()

    def add_certificate(
        self, office_id: str, certificate: OfficeCertificate, now: datetime, by: str = BOOTSTRAP
    ) -> None:
        """Trust a certificate for this office."""
        require_office(self.offices, office_id)
        if not self.offices.add_certificate(office_id, certificate, by, now):
            raise NotaryError(
                "notary.certificate_taken",
                zh="该证书已登记过，或者已停用",
                en="this certificate was entered before, here or for another office",
            )

    def withdraw_certificate(self, office_id: str, sha256: str, now: datetime, by: str = BOOTSTRAP) -> None:
        """Trust it no more."""
        if not self.offices.withdraw_certificate(office_id, sha256, by, now):
            raise NotaryError(
                "notary.certificate_unknown", zh="没有在用的该证书", en="the office has no such certificate in force"
            )

    def enter(self, asked: MemberAsked, now: datetime) -> OfficeMember:
        """A member, by whoever runs the service."""
        require_office(self.offices, asked.office_id)
        return self.save_member(self.wanted(asked, BOOTSTRAP, now))

    def remove(self, office_id: str, subject: str, now: datetime) -> None:
        """End every membership of somebody at an office, by whoever runs the service."""
        mine = [one for one in self.members.of_office(office_id) if one.subject == subject and one.ended_at is None]
        if not mine:
            raise member_unknown()
        for one in mine:
            self.members.end(ended_by(one, BOOTSTRAP, now))

    def wanted(self, asked: MemberAsked, by: str, now: datetime) -> OfficeMember:
        """The membership that is asked for, of somebody there is. Raises ``notary.member_unknown``."""
        if asked.kind is MemberKind.ACCOUNT:
            account = self._accounts.load(asked.subject)
            known = account is not None and account.closed_at is None
        else:
            client = self._clients.load(asked.subject)
            known = client is not None and client.ended_at is None and client.machine.kind is MachineKind.NOTARY
        if not known:
            raise member_unknown()
        return OfficeMember(uuid.uuid4().hex, asked.office_id, asked.kind, asked.subject, by, now)

    def save_member(self, member: OfficeMember) -> OfficeMember:
        """Keep it. Raises ``notary.member_taken``."""
        if not self.members.add(member):
            raise NotaryError(
                "notary.member_taken",
                zh="已是该公证机构的成员，或者该系统属于其他公证机构",
                en="a member already, or a program of another office",
            )
        return member


@dataclass(frozen=True, slots=True)
class Offices:
    """``api.ports.OfficeDesk``."""

    listed: OfficeList
    """The list."""

    tell: Callable[[str, int | None, int], Sequence[tuple[str, int]]]
    """Cases a recipient was told of (``CaseRecords.told``)."""

    profiles: Mapping[str, FlowProfile]
    """Cities by name."""

    address_of: Callable[[Case, str, datetime], str]
    """What is in the picture of a purchaser's code."""

    def load(self, office_id: str) -> NotaryOffice | None:
        """By identifier."""
        return self.listed.offices.load(office_id)

    def in_city(self, region_code: str, now: datetime) -> Sequence[NotaryOffice]:
        """Offices in force that may act in a city, or in a county of it."""
        begun = (office for office in self.listed.offices.every() if office.ended_at is None or office.ended_at > now)
        return tuple(office for office in begun if acts_in_city(office, region_code))

    def at_place(self, region_code: str, now: datetime) -> Sequence[NotaryOffice]:
        """Offices in force that may act at a place."""
        return self.listed.offices.at_place(region_code, now)

    def members(self, office_id: str) -> Sequence[OfficeMember]:
        """Everybody of an office."""
        return self.listed.members.of_office(office_id)

    def add_member(self, grantor: ActingPerson, city: str, asked: MemberAsked, now: datetime) -> OfficeMember:
        """Enter a member, for an administrator of a city where the office acts."""
        office = require_office(self.listed.offices, asked.office_id)
        # Whether they may is asked before whether there is anybody of that name.
        bare = OfficeMember("", asked.office_id, asked.kind, asked.subject, grantor.account_id, now)
        entered(self._grantor(grantor, city), office, bare)
        return self.listed.save_member(self.listed.wanted(asked, grantor.account_id, now))

    def end_member(self, grantor: ActingPerson, city: str, member: tuple[str, str], now: datetime) -> OfficeMember:
        """End a membership."""
        office_id, member_id = member
        office, found = require_office(self.listed.offices, office_id), self.listed.members.load(member_id)
        if found is None or found.office_id != office_id:
            raise member_unknown()
        ended = removed(self._grantor(grantor, city), office, found, now)
        self.listed.members.end(ended)
        return ended

    def enter_office(self, grantor: ActingPerson, city: str, office: NotaryOffice, now: datetime) -> None:
        """Put an office on the list."""
        listed(self._grantor(grantor, city), office)
        self.listed.acts.note(
            "notary.office_added", grantor.account_id, now, {"office_id": office.office_id, "city": city}
        )
        self.listed.add(office, now, grantor.account_id)

    def end_office(self, grantor: ActingPerson, city: str, office_id: str, now: datetime) -> None:
        """Take it off."""
        self._changing(grantor, city, office_id, now, "notary.office_ended")
        self.listed.end(office_id, now, grantor.account_id)

    def trust(
        self, grantor: ActingPerson, city: str, office_id: str, certificate: OfficeCertificate, now: datetime
    ) -> None:
        """Trust a certificate for an office."""
        sha256 = hashlib.sha256(certificate.der).hexdigest()
        self._changing(grantor, city, office_id, now, "notary.certificate_added", sha256=sha256)
        self.listed.add_certificate(office_id, certificate, now, grantor.account_id)

    def distrust(self, grantor: ActingPerson, city: str, office_id: str, sha256: str, now: datetime) -> None:
        """Trust it no more."""
        self._changing(grantor, city, office_id, now, "notary.certificate_withdrawn", sha256=sha256)
        self.listed.withdraw_certificate(office_id, sha256, now, grantor.account_id)

    def _changing(
        self, grantor: ActingPerson, city: str, office_id: str, now: datetime, event: str, **data: str
    ) -> None:
        """Whether they may, and written down before it is done."""
        listed(self._grantor(grantor, city), require_office(self.listed.offices, office_id))
        self.listed.acts.note(event, grantor.account_id, now, {"office_id": office_id, "city": city, **data})

    def told(self, office_id: str, before: int | None, limit: int) -> Sequence[tuple[str, int]]:
        """Cases the office was told of."""
        return self.tell(f"office:{office_id}", before, limit)

    def code_address(self, case: Case, party: str, now: datetime) -> str:
        """What is in the picture."""
        return self.address_of(case, party, now)

    def _grantor(self, person: ActingPerson, city: str) -> Grantor:
        return Grantor(person.account_id, person.staff, city, self.profiles[city].city.region_code)


def require_office(offices: SqlOffices, office_id: str) -> NotaryOffice:
    """The office. Raises :class:`NotaryError` (``notary.office_unknown``)."""
    office = offices.load(office_id)
    if office is None:
        raise office_unknown()
    return office


def ended_by(member: OfficeMember, account_id: str, now: datetime) -> OfficeMember:
    """``member``, ended."""
    return replace(member, ended_at=now, ended_by=account_id)


def office_unknown() -> NotaryError:
    """There is none, or it has ended."""
    return NotaryError("notary.office_unknown", zh="没有该公证机构", en="no such notary office")


def member_unknown() -> NotaryError:
    """No such account, program or membership."""
    return NotaryError(
        "notary.member_unknown",
        zh="没有该账号、公证机构系统或者成员",
        en="no such account, program of a notary office, or membership",
    )
