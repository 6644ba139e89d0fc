"""Who asks is who is connected, unless a proxy that the settings name says otherwise."""

from __future__ import annotations

import urllib.request
from typing import Any

import pytest

from qianshu.service.sandboxed import serve_in_thread


async def _who_asks(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        for moment in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{moment}.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": scope["client"][0].encode()})


@pytest.mark.parametrize(
    ("proxies", "who"), [((), "127.0.0.1"), (("10.0.0.1",), "127.0.0.1"), (("127.0.0.1",), "198.51.100.7")]
)
def test_only_a_named_proxy_says_who_asks(proxies: tuple[str, ...], who: str) -> None:
    with serve_in_thread(_who_asks, proxies=proxies) as url:
        request = urllib.request.Request(url, headers={"X-Forwarded-For": "198.51.100.7"})
        with urllib.request.urlopen(request) as answer:
            assert answer.read().decode() == who
