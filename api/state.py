"""What every request finds: made when the application starts, by :func:`opened`."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from api.cursors import Cursors
from api.feed_watch import FeedWatch
from api.metrics import Metrics
from api.rates import Rates
from api.sessions import SessionBook
from api.tokens import TokenIssuer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from api.services import ApiServices

__all__ = ["ApiState", "StateMapping", "opened"]


@dataclass(frozen=True, slots=True)
class ApiState:
    """Services, and what is made of them."""

    services: ApiServices
    """What was handed in."""

    sessions: SessionBook
    """Sessions."""

    tokens: TokenIssuer
    """Tokens of programs."""

    cursors: Cursors
    """Cursors."""

    rates: Rates
    """How often."""

    watch: FeedWatch
    """Waiting for the feed."""

    metrics: Metrics
    """Counters."""


class StateMapping(TypedDict):
    """What the lifespan hands to requests."""

    api: ApiState


@asynccontextmanager
async def opened(services: ApiServices) -> AsyncIterator[ApiState]:
    """Everything a process needs to answer, until left."""
    settings, metrics = services.settings, Metrics()
    async with FeedWatch(services.cases.feed.newest, metrics).running() as watch:
        yield ApiState(
            services,
            SessionBook(services.people.sessions, settings),
            TokenIssuer(settings.signing_secret, settings.base_url, settings.token_life),
            Cursors(settings.signing_secret),
            Rates(services.limits, settings.limits_scale),
            watch,
            metrics,
        )
