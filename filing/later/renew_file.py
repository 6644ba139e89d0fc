"""Renew a sealed file of a case, whatever became of the case: its bytes are evidence for as long as they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filing.contract import read_object, settled_acts
from filing.contract.renew_seal import renew_act_name, renew_seal
from filing.effects.filing import archive_task
from filing.errors import FilingError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filing.acts.perform import House
    from filing.case import Case
    from filing.contract import ContractCase
    from filing.engine.outcome import Task
    from filing.later.later import Later

__all__ = ["renew_file"]


def renew_file(later: Later, case_no: str, sha256: str) -> tuple[bytes, Task]:
    """The renewed file, kept beside the one it renews, and the work that lists it in the dossier. Harmless twice.

    Raises ``FilingError`` (``renewal.unknown``, ``renewal.not_newest``), ``SignatureStateError`` (``renew.*``),
    ``TimeStampError``.
    """
    house = later.house_of(case_no)
    with house.cases.exclusive(case_no) as unit:
        contract = _holding(house, unit.case, sha256)
        made = renew_seal(contract, house.world.desk, sha256)
        return read_object(contract, made.sha256), archive_task(unit.case, f"renewed@{made.sha256}")


def _holding(house: House, case: Case, sha256: str) -> ContractCase:
    """The contract whose newest file it is, or was until it was renewed."""
    for contract in _sealed(house, case):
        acts = settled_acts(contract)
        if acts.head_sha256 == sha256 or acts.done(renew_act_name(sha256)) is not None:
            return contract
    raise FilingError("renewal.unknown", zh="案件中没有该封存文件", en="the case has no such sealed file")


def _sealed(house: House, case: Case) -> Iterator[ContractCase]:
    """Every text that was ever sealed."""
    now, past = case.filing.sealed, case.filing.past.sealed
    for version in dict.fromkeys(one.text_version for one in (*(() if now is None else (now,)), *past)):
        yield house.world.contract(case.case_no, version)
