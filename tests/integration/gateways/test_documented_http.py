"""The HTTP that ``docs/outside-world.md`` prints is the HTTP that is spoken."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from gateways.login_claims import UserInfo, login_claims
from sandbox.app import create_app
from sandbox.options import BEARER
from tests.builders.sandbox import SandboxServer

DOCUMENT = Path(__file__).parents[3] / "docs" / "outside-world.md"
BLOCK = re.compile(
    r"```http\n(?P<method>GET|POST) (?P<path>\S+)\n(?P<body>.*?)```\n\n```json\n(?P<answer>.*?)```", re.DOTALL
)


def exchanges() -> Iterator[tuple[str, str, Any, Any]]:
    for found in BLOCK.finditer(DOCUMENT.read_text(encoding="utf-8")):
        body = json.loads(found["body"]) if found["body"].strip() else None
        yield found["method"], found["path"], body, json.loads(found["answer"])


def shape(value: Any) -> Any:
    """Keys and kinds, without what differs from day to day."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return type(value).__name__


def test_every_exchange_is_as_documented(sandbox_server: SandboxServer) -> None:
    known: dict[str, str] = {}
    count = 0
    with httpx.Client(base_url=sandbox_server.url, headers={"Authorization": f"Bearer {BEARER}"}) as client:
        for method, path, body, documented in exchanges():
            sandbox_server.clock.pass_by(seconds=1)
            answer = client.request(method, path.format_map(known), json=body)
            assert answer.status_code in (200, 201), (path, answer.text)
            assert shape(answer.json()) == shape(documented), path
            known |= {name: answer.json()[name] for name in ("ref", "code", "number") if name in answer.json()}
            count += 1
    assert count == 15


def test_every_service_is_documented() -> None:
    mounted = {route.path for route in create_app().routes} - {"/", "/sandbox"}
    documented = {"/" + path.split("/")[1] for _, path, _, _ in exchanges()} | {"/identity"}
    assert mounted == documented


def test_the_documented_account_is_read() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    account = json.loads(re.search(r"```json\n(\{\n  \"sub\".*?)```", text, re.DOTALL)[1])  # type: ignore[index]
    info = msgspec.convert(account, UserInfo)
    token = {"iss": "x", "sub": account["sub"], "acr": "4", "amr": ["yss_scan"], "auth_time": 0}
    assert login_claims(token, info, datetime(2026, 11, 20, tzinfo=UTC).date()).handler_of[0].level == 4


@pytest.mark.parametrize("path", sorted({path for _, path, _, _ in exchanges() if "{" not in path}))
def test_an_unknown_key_of_a_request_is_refused(sandbox_server: SandboxServer, path: str) -> None:
    (body,) = (body for _, one, body, _ in exchanges() if one == path)
    headers = {"Authorization": f"Bearer {BEARER}"}
    answer = httpx.post(f"{sandbox_server.url}{path}", json={**body, "extra": 1}, headers=headers)
    assert (answer.status_code, answer.json()) == (422, {"code": "invalid_request"})
