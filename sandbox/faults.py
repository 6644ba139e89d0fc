"""Faults on request: a service that is down, slow, lying or talking garbage."""

from __future__ import annotations

from typing import Literal

import msgspec

__all__ = ["Fault", "Faults"]


class Fault(msgspec.Struct, forbid_unknown_fields=True):
    """What goes wrong with one service."""

    service: str
    kind: Literal["down", "slow", "wrong", "garbage"]
    seconds: float = 1.0
    """How late the answer comes, if slow; the work is done at once."""
    times: int | None = None
    """For how many requests; none is until it is taken back."""
    path: str = ""
    """Only for requests whose path contains this."""


class Faults:
    """Faults in force."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._faults.append(fault)

    def clear(self) -> None:
        self._faults.clear()

    def listed(self) -> list[Fault]:
        return list(self._faults)

    def next_for(self, service: str, path: str) -> Fault | None:
        """The oldest fault that hits this request; it counts as used."""
        for fault in self._faults:
            if fault.service == service and fault.path in path:
                self._use(fault)
                return fault
        return None

    def _use(self, fault: Fault) -> None:
        if fault.times is None:
            return
        fault.times -= 1
        if fault.times <= 0:
            self._faults.remove(fault)
