"""Cases driven by their people through acts, in every city, to every state a case can reach there.

A *way* is a city and how the contract is signed there. :func:`walked` walks all of them once and keeps, for each
state, the town as it stood when the case came there first; whoever wants to go on from there forks it.
"""

from __future__ import annotations

import atexit
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from tests.builders.house import cheap_guessing, lay_keys, opened
from tests.builders.quick_uploads import quick_uploads
from tests.builders.town import Town
from tests.builders.walk import Walk
from tests.builders.ways.huangshi import huangshi
from tests.builders.ways.shenzhen import shenzhen, shenzhen_unfiled
from tests.builders.ways.shenzhen_wet import begun_by_agent, from_abroad, shenzhen_wet
from tests.builders.ways.wuhan import wuhan
from tests.builders.ways.zhongshan import zhongshan
from tests.builders.ways.zhongshan_notary import zhongshan_notary

if TYPE_CHECKING:
    from collections.abc import Callable

    from filing.contract import SigningDesk

BY_CERTIFICATE: Final = frozenset({"confirm-notarised-paper", "hand-in-mandate"})
"""Acts that a notary's certificate comes with, outside any matter: ``tests/unit/filing/acts`` and
``tests/unit/notary/certificates`` do them.
"""

WAYS: Final[dict[str, tuple[str, Callable[[Walk], None]]]] = {
    "huangshi": ("huangshi", huangshi),
    "shenzhen": ("shenzhen", shenzhen),
    "shenzhen-wet": ("shenzhen", shenzhen_wet),
    "shenzhen-unfiled": ("shenzhen", shenzhen_unfiled),
    "wuhan": ("wuhan", wuhan),
    "zhongshan": ("zhongshan", zhongshan),
    "zhongshan-notary": ("zhongshan-notary", zhongshan_notary),
}
"""By name: the city, and how a case goes there."""


@cache
def _desk() -> SigningDesk:
    folder = TemporaryDirectory(prefix="walk-")
    # Certificates are issued, and logged there, as long as anybody goes on from a snapshot.
    atexit.register(folder.cleanup)
    with cheap_guessing():
        return opened(lay_keys(Path(folder.name))).desk


@cache
def walked_on(way: str) -> Walk:
    """One way walked, with real keys: what was seen and done on it. Once for all tests of a process."""
    city, go = WAYS[way]
    walk = Walk(way, city, Town(_desk()))
    with quick_uploads():
        go(walk)
    return walk


@cache
def walked_abroad() -> Walk:
    """A sale of Shenzhen to a buyer from abroad, from the first act to the review."""
    walk = Walk("shenzhen-abroad", "shenzhen", Town(_desk()))
    with quick_uploads():
        begun_by_agent(walk)
        from_abroad(walk)
    return walk


def walked() -> dict[str, Walk]:
    """Every way walked."""
    return {way: walked_on(way) for way in WAYS}
