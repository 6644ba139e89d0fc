"""Evidence report and dossier of a case whose journal is in the records: everything it has, listed and sealed.

The manifest names the head of the case's journal and holds a copy of it, so that it stands without the database. The
digest of the copy is journalled before the copy is stored: no object is without an owner.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from filing.contract import SEAL, ActStatus, ContractCase, read_acts, settled_acts
from filing.later import ClosedDossier
from notary.agreement import FIRST_VERSION
from qianshu.bootstrap import House, retained_until
from qianshu.evidence import issue_evidence_report
from qianshu.manifest import LISTING, item_of
from signing.pades import sign_detached
from storage.dossier import Dossier, Item, Role, seal_dossier
from storage.records.entries import to_chain
from storage.records.unit import TEXT_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from filing.case import Case
    from filing.contract import SigningDesk
    from qianshu.service.records import Records
    from qianshu.settings import Settings
    from storage.journal import Entry
    from storage.records import Unit

__all__ = ["Dossiers"]

EVIDENCE = re.compile(r"evidence-([0-9a-f]{64})\.json")
"""Names of the shelf's records of files (``storage.evidence``)."""

OF_THE_DOSSIER = frozenset({LISTING, "dossier.closed"})
"""Entries that say nothing new of the case."""


class Dossiers:
    """``filing.later.DossierDesk``. Called under the case's lock."""

    def __init__(
        self,
        settings: Settings,
        records: Records,
        desks: Mapping[str, SigningDesk],
        clock: Callable[[], datetime],
    ) -> None:
        """``desks`` by city."""
        self._settings = settings
        self._records = records
        self._desks = desks
        self._clock = clock

    def close(self, case: Case, contract: ContractCase | None) -> ClosedDossier:
        """Report on the sealed contract, if there is one, and seal the list of everything."""
        unit, desk = self._records.cases.held(case.case_no), self._desks[case.head.city]
        house = House(self._settings, desk, self._records.archive, self._clock)
        report = None
        if contract is not None and settled_acts(contract).done(SEAL) is not None:
            report = issue_evidence_report(house, contract)
        self._report_on_agreements(unit, house)

        def seal(manifest: bytes) -> bytes:
            return sign_detached(manifest, desk.keys.service_seal, desk.timestamper, self._clock())

        until = retained_until(case.head.opened_at, self._records.retention_years)
        items = tuple({item.sha256: item for item in self._items(unit, case)}.values())
        dossier = Dossier(case.case_no, items, self._announced(unit), until)
        # First what the manifest speaks of: whoever walks the archive meanwhile finds no journal that is too short.
        self._records.export.case(case.case_no, self._clock())
        sealed = seal_dossier(self._records.archive, dossier, seal, self._clock())
        return ClosedDossier(None if report is None else report.sha256, sealed.manifest.number)

    def _report_on_agreements(self, unit: Unit, house: House) -> None:
        """An agreement that ended the contract is evidenced as the contract is, once all have signed it."""
        until = retained_until(unit.case.head.opened_at, self._records.retention_years)
        for version in _versions(unit):
            objects = self._records.archive.objects
            file = ContractCase(unit.case.case_no, unit.journal(version), objects, self._clock, until)
            if version >= FIRST_VERSION and settled_acts(file).done(SEAL) is not None:
                issue_evidence_report(house, file, "agreement.pdf", f"-A{version - FIRST_VERSION + 1}")

    def _items(self, unit: Unit, case: Case) -> Iterator[Item]:
        for version in _versions(unit):
            acts = read_acts(unit.journal(version).entries()).by_name.values()
            done = (act for act in acts if act.status is ActStatus.DONE)
            yield from (_renamed(item_of(act), version, case.text.version) for act in done)
        for name in self._records.archive.shelf.names(case.case_no):
            kept = EVIDENCE.fullmatch(name)
            if kept is not None:
                envelope = self._records.evidence.envelope_of(case.case_no, kept[1])
                yield Item(Role.EVIDENCE, f"evidence-{kept[1][:16]}.qse", envelope)

    def _announced(self, unit: Unit) -> tuple[Entry, ...]:
        """The entries a manifest is drawn up for; one drawn up before stands while nothing has happened since."""
        entries = tuple(to_chain(entry) for entry in unit.entries())
        announced = next((entry for entry in reversed(entries) if entry.event == LISTING), None)
        if announced is not None:
            covered = int(str(announced.data["seq"]))
            if all(entry.event in OF_THE_DOSSIER for entry in entries[covered:]):
                return entries[:covered]
        copy = b"".join(entry.to_line() for entry in entries)
        facts = {"seq": len(entries), "journal_sha256": hashlib.sha256(copy).hexdigest()}
        unit.journal(0).append(LISTING, facts, self._clock())
        return entries


def _versions(unit: Unit) -> list[int]:
    """Every text acts were done on: the contract's, agreements', and those a killed process made for nothing."""
    named = {entry.data.get(TEXT_VERSION) for entry in unit.entries()}
    return sorted(version for version in named if isinstance(version, int) and version)


def _renamed(item: Item, version: int, newest: int) -> Item:
    """Names are unique in a dossier: acts on another text than the newest say which."""
    if version == newest:
        return item
    if version >= FIRST_VERSION:
        name = item.name.removeprefix("contract-").replace("contract.pdf", "sealed.pdf")
        role = Role.SIGNED_REVISION if item.role is Role.CONTRACT_FINAL else item.role
        return Item(role, f"agreement-{version - FIRST_VERSION + 1}-{name}", item.sha256)
    return Item(item.role, f"text-{version}-{item.name}", item.sha256)
