"""A signing desk for each city: the authority that files in a city has a seal of its own.

A bureau that serves its own city keeps its keys where the settings say. A service of several cities keeps each
authority's keys beside them, by the name of the city; the key of evidence is one for all.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qianshu.bootstrap import CITY_FOLDERS, ensure_keys, evidence_key, open_desk
from signing.keys import read_passphrase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from filing.contract import SigningDesk
    from filing.profile import FlowProfile
    from qianshu.bootstrap import WatchSource
    from qianshu.settings import Settings

__all__ = ["ensure_desks", "open_desks"]


def ensure_desks(settings: Settings, cities: Mapping[str, FlowProfile], now: datetime) -> None:
    """Make the keys that are not there yet: for the embedded service."""
    for name in cities:
        ensure_keys(_settings_of(settings, cities, name), now)


def open_desks(
    settings: Settings,
    cities: Mapping[str, FlowProfile],
    clock: Callable[[], datetime],
    watched: WatchSource = lambda source: source,
) -> dict[str, SigningDesk]:
    """Every city's desk, by name; ``watched`` as in ``open_desk``. Raises what that raises."""
    shared = evidence_key(settings, read_passphrase(settings.passphrase_path))
    return {name: open_desk(_settings_of(settings, cities, name), clock, shared, watched) for name in cities}


def _settings_of(settings: Settings, cities: Mapping[str, FlowProfile], name: str) -> Settings:
    if len(cities) == 1:
        return settings
    folder = settings.data_folder / CITY_FOLDERS / name
    authority = cities[name].city.authority
    return replace(settings, data_folder=folder, passphrase_file=settings.passphrase_path, authority_name=authority)
