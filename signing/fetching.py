"""A process that fetches nothing: without the HTTP client that pyHanko brings along.

pyHanko asks time-stamp authorities through aiohttp and imports it whatever it is asked to do. Whoever only verifies
needs none, and must not have one: nothing in a file may make the verifier ask somebody. It would be a quarter of what
a child takes to start, too.
"""

from __future__ import annotations

import sys
from types import ModuleType

__all__ = ["have_no_http_client"]

_CLIENT = "aiohttp"


class _NoClient:
    """In the place of every class of the client."""

    def __init__(self, *_: object, **__: object) -> None:
        raise RuntimeError("this process fetches nothing")


class _Without(ModuleType):
    def __getattr__(self, name: str) -> type[_NoClient]:
        if name.startswith("__"):
            raise AttributeError(name)
        return _NoClient


def have_no_http_client() -> None:
    """Before pyHanko is imported, in a process of its own: there is no other client and never will be."""
    sys.modules[_CLIENT] = _Without(_CLIENT)
