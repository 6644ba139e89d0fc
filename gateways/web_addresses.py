"""Addresses a service gives us to send a browser to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import httpx

from gateways.answers import wrong

if TYPE_CHECKING:
    from identity.outside import OutsideService

__all__ = ["checked_web_address"]

_LONGEST: Final = 2000


def checked_web_address(service: OutsideService, url: str) -> str:
    """``url`` if it is http or https with a host and no user information: never ``javascript:`` or a bare path."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise wrong(service, "address") from error
    usable = parsed.scheme in ("http", "https") and parsed.host and not parsed.userinfo
    if not usable or len(url) > _LONGEST or not url.isprintable():
        raise wrong(service, "address")
    return url
