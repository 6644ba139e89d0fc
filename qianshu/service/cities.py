"""The cities a service serves: profiles, calendar, papers and messages, read once from their folders."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from filing.profile import load_calendar, load_cities
from qianshu.service_settings import refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filing.calendar import HolidayCalendar
    from filing.profile import FlowProfile
    from qianshu.service_settings import ServiceSettings

__all__ = ["CITIES", "Cities", "open_cities"]

CITIES = Path(__file__).resolve().parents[2] / "cities"
"""The folders that come with the program."""


@dataclass(frozen=True, slots=True)
class Cities:
    """Everything read from the cities' folders."""

    folder: Path
    """Where they are."""

    profiles: Mapping[str, FlowProfile]
    """By name."""

    calendar: HolidayCalendar
    """Working days."""

    _texts: dict[Path, str] = field(default_factory=dict, repr=False)
    """Templates already read."""

    def read_text(self, city: str, name: str) -> str:
        """A template of a city. Raises ``LookupError`` for one that no profile names."""
        if city not in self.profiles or not name.replace("_", "").isalnum():
            raise LookupError(f"{city}/{name}")
        path = self.folder / city / "templates" / f"{name}.yaml"
        if path not in self._texts:
            self._texts[path] = path.read_text(encoding="utf-8")
        return self._texts[path]


def open_cities(settings: ServiceSettings) -> Cities:
    """Read and check every city served. Raises ``ProfileInvalid``, ``SettingsError``."""
    folder = settings.cities_folder or CITIES
    profiles = _all(folder)
    unknown = sorted(set(settings.cities) - set(profiles))
    if unknown:
        names = ", ".join(unknown)
        raise refused("service.cities", f"没有这些城市：{names}", f"no such cities: {names}")
    served = settings.cities or tuple(profiles)
    return Cities(folder, {name: profiles[name] for name in served}, load_calendar(folder))


@cache
def _all(folder: Path) -> Mapping[str, FlowProfile]:
    return load_cities(folder)
