"""How a sandbox is set up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.papers import PaperMaker

__all__ = ["BEARER", "CLIENT_ID", "CLIENT_SECRET", "SandboxOptions"]

# No secrets: they guard nothing but play data, and are printed in docs/outside-world.md.
BEARER = "sandbox-credential"
CLIENT_ID = "qianshu"
CLIENT_SECRET = "sandbox-client-secret"  # noqa: S105


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """Settings of one sandbox."""

    clock: Callable[[], datetime] = _utc_now
    """Now, aware."""

    public_url: str | None = None
    """How browsers reach it, if not by the address the service calls (containers); also the issuer."""

    bearer: str = BEARER
    """Credential that every service but the identity provider asks for."""

    client_id: str = CLIENT_ID
    """OpenID Connect client."""

    client_secret: str = CLIENT_SECRET
    """Its secret."""

    redirect_prefixes: tuple[str, ...] = ("http://127.0.0.1", "http://localhost", "http://[::1]", "https://127.0.0.1")
    """Where logins, face checks and the bank may send a browser back to: these hosts, at any port and path."""

    title_query_seconds: float = 90.0
    """How long a query for one's own titles takes (WH-06: a minute or two)."""

    decision_seconds: float = 0.0
    """How long an office takes to decide what it decides by itself."""

    papers: PaperMaker | None = None
    """Who makes what people bring along from outside; without, there is none to be had."""
