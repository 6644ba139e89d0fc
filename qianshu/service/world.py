"""The world of each city: what its acts may ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from filing.acts.perform import House
from filing.contract import ContractCase
from notary.certificates import mandate_judge, notarial_judge
from notary.world import NotaryWorld
from qianshu.bootstrap import retained_until

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from filing.acts.perform import CaseBook
    from filing.acts.world import CodeDesk, LinkDesk, Outside
    from filing.contract import SigningDesk
    from filing.ports import JournalEntry
    from filing.profile import FlowProfile
    from notary.ports import OfficeBook, Recordings, ScanCodes, VideoProbe
    from qianshu.service.cities import Cities
    from qianshu.service.records import Records
    from storage.records import UnitJournal

__all__ = ["Desks", "Exchange", "open_houses"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """What notary acts ask, the same in every city."""

    offices: OfficeBook
    """The list of offices."""

    recordings: Recordings
    """Videos."""

    video: VideoProbe
    """A look into a video."""

    scan_codes: ScanCodes
    """Codes that purchasers scan."""


@dataclass(frozen=True, slots=True)
class Desks:
    """What acts use besides records."""

    signing: Mapping[str, SigningDesk]
    """By city."""

    codes: Mapping[str, CodeDesk]
    """By city, whose words the messages are in."""

    outside: Outside
    """Services of others."""

    links: LinkDesk
    """Sign links."""

    exchange: Exchange
    """What acts before a notary ask besides."""

    clock: Callable[[], datetime]
    """Present time, aware."""


def open_houses(cities: Cities, records: Records, desks: Desks, book: CaseBook) -> dict[str, House]:
    """A house for each city, by name."""
    contract = _contracts(records, desks.clock)

    def house_key_of(profile: FlowProfile, number: str) -> str:
        return records.secret.key("house", profile.city.region_code, number)

    def world(city: str) -> NotaryWorld:
        return NotaryWorld(
            outside=desks.outside,
            desk=desks.signing[city],
            contract=contract,
            evidence=records.evidence,
            codes=desks.codes[city],
            links=desks.links,
            numbers=records.numbers,
            key_of=records.key_of,
            house_key_of=house_key_of,
            read_text=cities.read_text,
            offices=desks.exchange.offices,
            recordings=desks.exchange.recordings,
            video=desks.exchange.video,
            scan_codes=desks.exchange.scan_codes,
            judge_notarial=notarial_judge(desks.exchange.offices, desks.signing[city].keys.trust_anchors),
            judge_mandate=mandate_judge(desks.exchange.offices, desks.signing[city].keys.trust_anchors),
        )

    return {name: House(book, world(name), cities.profiles, cities.calendar, desks.clock) for name in cities.profiles}


def _contracts(records: Records, clock: Callable[[], datetime]) -> Callable[[str, int], ContractCase]:
    def contract(case_no: str, version: int) -> ContractCase:
        journal = _Journal(records, case_no, version)
        until = retained_until(clock(), records.retention_years)
        return ContractCase(case_no, journal, records.archive.objects, clock, until)

    return contract


@dataclass(frozen=True, slots=True)
class _Journal:
    """The journal of the acts on one text: asked for only under the case's lock. Reading files needs no lock."""

    records: Records
    case_no: str
    version: int

    def append(self, event: str, data: Mapping[str, object], now: datetime) -> object:
        return self._held().append(event, data, now)

    def entries(self) -> Sequence[JournalEntry]:
        return self._held().entries()

    def exclusive(self) -> AbstractContextManager[object]:
        return self._held().exclusive()

    def _held(self) -> UnitJournal:
        return self.records.cases.held(self.case_no).journal(self.version)
